"""Which numbers of a table are not shown outside the office, so that none of them tells about a few people.

A number below the smallest is hidden; then as many others as it takes for nobody to work a hidden one out from the totals.
A table is groups by offices, with a total for each. Each line (the groups of an office with their total, the offices of a
group with theirs) is a sum: from a line with one hidden number it could be worked out, and from hidden numbers that are
together below the smallest one knows that each of them is. In a picture in which lines are points and each hidden number joins
the two lines that it stands in, a number can be worked out exactly where it is the only way between two parts: a bridge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

Place = tuple[int, int]
"""Row and column of a number in a table; the totals are the last of each, where there are totals."""
Line = tuple[Place, ...]
"""The places of a sum: the last is the total of the others."""
Rank = tuple[bool, bool, int, Place]

_OPEN_END: Final = "no sum"


def hidden(table: Sequence[Sequence[int]], smallest: int, *, parts: Sequence[Sequence[int]] | None = None) -> frozenset[Place]:
    """The places of a table that are not shown.

    Args:
        table: of how many each number tells. Where it has more than one row, the last is the total of the others,
            and where it has more than one column, the last is.
        smallest: the least number that is shown; nought is shown always.
        parts: for shares, how many of those have what is asked: a share is as telling as the smaller of its two parts.
    """
    rows, columns = len(table), len(table[0]) if table else 0
    found = {
        (row, column)
        for row in range(rows)
        for column in range(columns)
        if _tells(table[row][column], parts[row][column] if parts else 0, smallest)
    }
    lines = tuple(_lines(rows, columns))
    while True:
        further = next(chain(_too_few(lines, found, table, smallest), _bridges(lines, found, table)), None)
        if further is None:
            return frozenset(found)
        found.add(further)


def _tells(size: int, part: int, smallest: int) -> bool:
    return any(0 < number < smallest for number in (size, part, size - part))


def _lines(rows: int, columns: int) -> Iterator[Line]:
    if rows > 1:
        yield from (tuple((row, column) for row in range(rows)) for column in range(columns))
    if columns > 1:
        yield from (tuple((row, column) for column in range(columns)) for row in range(rows))


def _too_few(lines: Sequence[Line], found: set[Place], table: Sequence[Sequence[int]], smallest: int) -> Iterator[Place]:
    """A number to be hidden beside those of a line that are together too small to hide behind each other."""
    for line in lines:
        *inner, total = line
        inside = [place for place in inner if place in found]
        hides_total = total in found
        alone = len(inside) + hides_total == 1
        too_small = bool(inside) and not hides_total and sum(table[row][column] for row, column in inside) < smallest
        if alone or too_small:
            yield from _cheapest(line, found, table)


def _bridges(lines: Sequence[Line], found: set[Place], table: Sequence[Sequence[int]]) -> Iterator[Place]:
    """A number to be hidden beside one that can be worked out through several lines."""
    ends = _ends(lines, found)
    for place in sorted(found):
        others = [ends[other] for other in found if other != place]
        if ends[place] and not _joined(ends[place], others):
            for line in lines:
                if place in line:
                    yield from _cheapest(line, found, table)


def _ends(lines: Sequence[Line], found: set[Place]) -> Mapping[Place, tuple[object, ...]]:
    """The lines that each hidden number stands in; what is in one sum alone has an open end."""
    ends: dict[Place, tuple[object, ...]] = {}
    for place in found:
        of_place: list[object] = [line for line in lines if place in line]
        ends[place] = tuple([*of_place, _OPEN_END][:2]) if of_place else ()
    return ends


def _joined(ends: tuple[object, ...], others: Sequence[tuple[object, ...]]) -> bool:
    """Whether others lead from one end to the other."""
    reached, grown = {ends[0]}, True
    while grown:
        grown = False
        for pair in others:
            if pair and len(reached & set(pair)) == 1:
                reached |= set(pair)
                grown = True
    return ends[1] in reached


def _cheapest(line: Line, found: set[Place], table: Sequence[Sequence[int]]) -> Iterator[Place]:
    """What is lost least in a line: the smallest number not hidden yet, a total or a nought where nothing else is left."""

    def rank(place: Place) -> Rank:
        size = table[place[0]][place[1]]
        return place == line[-1], size == 0, size, place

    left = sorted((place for place in line if place not in found), key=rank)
    yield from left[:1]
