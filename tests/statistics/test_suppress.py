"""Small numbers, and those that would give them away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.statistics.suppress import Place, hidden

SMALLEST = 5
MOST = 14
"""The largest number that a reader thinks possible; beyond those in the tables."""


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        pytest.param([[9], [7], [16]], set(), id="nothing is small"),
        pytest.param([[0], [7], [7]], set(), id="nought tells about nobody"),
        pytest.param([[4], [9], [7], [20]], {(0, 0), (2, 0)}, id="one small number takes the next smallest with it"),
        pytest.param([[4], [3], [9], [16]], {(0, 0), (1, 0)}, id="two that are together large enough hide each other"),
        pytest.param([[1], [1], [9], [11]], {(0, 0), (1, 0), (2, 0)}, id="of two ones that are two in all each is known"),
        pytest.param([[3]], {(0, 0)}, id="a number that stands alone"),
        pytest.param([[3], [0], [3]], {(0, 0), (2, 0)}, id="a total that is small itself"),
    ],
)
def test_a_small_number_is_hidden_with_what_would_give_it_away(table: list[list[int]], expected: set[Place]) -> None:
    assert hidden(table, SMALLEST) == expected


def test_a_share_is_as_telling_as_its_smaller_part() -> None:
    assert hidden([[40]], SMALLEST, parts=[[38]]) == {(0, 0)}
    assert hidden([[40]], SMALLEST, parts=[[20]]) == set()


def test_shares_hide_behind_each_other_only_where_the_few_are_enough_together() -> None:
    sizes, have = [[20], [20], [30], [70]], [[18], [20], [15], [53]]
    assert hidden(sizes, SMALLEST, parts=have) == {(0, 0), (1, 0), (2, 0)}, "in the first two together two have it not"


@st.composite
def tables(draw: st.DrawFn) -> list[list[int]]:
    """Up to three groups of up to three offices, with their totals."""
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    inner = [[draw(st.sampled_from((0, 1, 2, 4, 6, 9))) for _ in range(columns)] for _ in range(rows)]
    table = [[*row, sum(row)] if columns > 1 else row for row in inner]
    return [*table, [sum(column) for column in zip(*table, strict=True)]] if rows > 1 else table


@given(tables())
@settings(max_examples=60)
def test_nobody_can_work_out_a_hidden_number(table: list[list[int]]) -> None:
    places = hidden(table, SMALLEST)
    small = {(r, c) for r, row in enumerate(table) for c, number in enumerate(row) if 0 < number < SMALLEST}
    free = [place for place in _inner(table) if place in places]

    assert small <= places
    if len(free) <= 3:  # beyond that the search below takes long
        assert all(len(found) > 1 for found in _possible(table, free, places).values())


def _inner(table: Sequence[Sequence[int]]) -> list[Place]:
    rows, columns = len(table), len(table[0])
    return [(r, c) for r in range(rows - (rows > 1)) for c in range(columns - (columns > 1))]


def _possible(table: Sequence[Sequence[int]], free: Sequence[Place], places: frozenset[Place]) -> Mapping[Place, set[int]]:
    """What each hidden number can be, tried out: whatever agrees with all that is shown."""
    found: dict[Place, set[int]] = {place: set() for place in places}
    for tried in _filled(table, free):
        if all(tried[r][c] == number for r, row in enumerate(table) for c, number in enumerate(row) if (r, c) not in places):
            for r, c in places:
                found[r, c].add(tried[r][c])
    return found


def _filled(table: Sequence[Sequence[int]], free: Sequence[Place]) -> Iterator[list[list[int]]]:
    rows, columns = len(table), len(table[0])
    for numbers in product(range(MOST + 1), repeat=len(free)):
        tried = [list(row) for row in table]
        for (r, c), number in zip(free, numbers, strict=True):
            tried[r][c] = number
        if columns > 1:
            for row in tried[: rows - (rows > 1)]:
                row[-1] = sum(row[:-1])
        if rows > 1:
            tried[-1] = [sum(row[c] for row in tried[:-1]) for c in range(columns)]
        yield tried
