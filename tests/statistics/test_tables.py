"""What an office shares of its own figures, beside those of several offices together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.profile.model import Statistic
from pipeline.register.model import Ref
from pipeline.statistics.figures import Figure, Group, together
from pipeline.statistics.tables import Mark, Table, tabulate

RULE = Statistic(name="ended", title="Ended", on="case", when="", value="", how="count", unit="", personal=True, by={"Why": ""})
SMALLEST = 5

Cell = tuple[str, str]
"""Office and group; all together is an office without a name, the total a group without one."""
Equation = Mapping[Cell, int]
"""What is added up (and taken away) to nought."""


def figure(numbers: Mapping[str, int]) -> Figure:
    ref = Ref("case", "C-1")
    return Figure(RULE, {(name,): Group((True,) * n, (ref,) * n) for name, n in sorted(numbers.items()) if n})


offices = st.lists(
    st.dictionaries(st.sampled_from("ABCD"), st.sampled_from((1, 2, 3, 5, 6, 7, 9, 20)), min_size=1), min_size=2, max_size=4
)


@given(offices)
@settings(max_examples=80)
def test_nobody_can_work_out_a_hidden_number_from_all_that_is_shared(numbers: Sequence[Mapping[str, int]]) -> None:
    figures = {f"Sted {n}": figure(each) for n, each in enumerate(numbers)}
    [(whole, of_office)] = together({name: [each] for name, each in figures.items()})
    tables = [
        tabulate(whole, of_office, tuple(figures), SMALLEST),
        *(tabulate(each, {name: each}, (name,), SMALLEST) for name, each in figures.items()),
    ]

    known = {cell for table in tables for cell, number in _cells(table) if number is not Mark.HIDDEN}
    truly = dict(cell for cell in _cells(tabulate(whole, of_office, tuple(figures))))
    small = {cell for cell, number in truly.items() if not isinstance(number, Mark) and 0 < number < SMALLEST}
    assert not small & known
    assert not small & _worked_out(list(_sums(truly)), known)


def _cells(table: Table) -> Iterator[tuple[Cell, float | Mark]]:
    for line in (*table.lines, table.total):
        for column, number in zip(table.columns, line.numbers, strict=True):
            yield (column, line.labels[0] if line.labels else ""), number


def _sums(cells: Mapping[Cell, float | Mark]) -> Iterator[Equation]:
    columns, groups = ({cell[at] for cell in cells} for at in (0, 1))
    yield from ({(column, group): 1 if group else -1 for group in groups} for column in columns)
    yield from ({(column, group): 1 if column else -1 for column in columns} for group in groups)


def _worked_out(sums: Sequence[Equation], known: set[Cell]) -> set[Cell]:
    """What follows from the sums: Gauss and Jordan leave it alone in its row."""
    unknown = sorted({cell for each in sums for cell in each} - known)
    rows = [[Fraction(each.get(cell, 0)) for cell in unknown] for each in sums]
    done: list[list[Fraction]] = []
    for at in range(len(unknown)):
        pivot = next((row for row in rows if row[at]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        pivot = [x / pivot[at] for x in pivot]
        rows, done = ([[x - row[at] * y for x, y in zip(row, pivot, strict=True)] for row in some] for some in (rows, done))
        done.append(pivot)
    return {unknown[next(i for i, x in enumerate(row) if x)] for row in done if sum(map(bool, row)) == 1}


def test_what_is_shared_has_one_decimal_and_what_stays_inside_has_all() -> None:
    mean = RULE.model_copy(update={"how": "average", "by": {}})
    changes = Figure(mean, {(): Group((1, *[0] * 10), (Ref("case", "C-1"),) * 11)})
    inside, shared = (tabulate(changes, {"Sted": changes}, ("Sted",), smallest).total.numbers for smallest in (None, SMALLEST))
    assert inside == (1 / 11,)
    assert shared == (0.1,)
