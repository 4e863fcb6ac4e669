"""Figures as tables that people read: a line for each group, a column for each office, with totals; and what is not shown.

Within the office every number stands there. Outside it, a number that tells about a few people is hidden, with as many others
as it takes (`pipeline.statistics.suppress`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pipeline.profile.model import Statistic
from pipeline.register.model import Ref
from pipeline.statistics.figures import Figure, Group, Labels, in_order
from pipeline.statistics.suppress import hidden


class Mark(StrEnum):
    """What stands where there is no number."""

    HIDDEN = ":"
    """It is not shown: it would tell about a few people."""
    NONE = "–"
    """Nothing was counted of which there could be one, or the office does not count it."""


Shown = float | Mark


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        labels: the group's names; empty for the total.
        numbers: one for each column.
        records: what the last column was counted from.
    """

    labels: Labels
    numbers: tuple[Shown, ...]
    records: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A figure as a table.

    Attributes:
        rule: what the profile says of it.
        columns: the offices; where there are several, the last is all together and has no name.
        lines: the groups.
        total: all groups together.
        uncounted: of how many records nobody can tell whether they count.
    """

    rule: Statistic
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    uncounted: tuple[Ref, ...]

    @property
    def largest(self) -> float:
        """The largest number in the last column, for a chart's scale."""
        return max((line.numbers[-1] for line in self.lines if not isinstance(line.numbers[-1], Mark)), default=0)

    @property
    def hides(self) -> bool:
        """Whether a number is not shown."""
        return any(number is Mark.HIDDEN for line in (*self.lines, self.total) for number in line.numbers)


@dataclass(frozen=True, slots=True)
class Crossed:
    """One office's table with two headings, the groups of the first down and those of the second across.

    Attributes:
        across: the groups of the second heading.
        down: each group of the first with its numbers; None where nothing was counted.
    """

    across: tuple[str, ...]
    down: tuple[tuple[str, tuple[Shown | None, ...]], ...]


LONG: Final = 12
"""So many lines are read one below the other; more are easier to read as a cross-table, where they can be one."""


def crossed(table: Table) -> Crossed | None:
    """A long table as a cross-table; None where it is short, or cannot be one."""
    if len(table.columns) != 1 or len(table.rule.by) != _BOTH or len(table.lines) <= LONG:
        return None
    numbers = {line.labels: line.numbers[0] for line in table.lines}
    across = tuple(sorted({labels[1] for labels in numbers}, key=lambda label: in_order((label,))))
    down = dict.fromkeys(labels[0] for labels in numbers)
    return Crossed(across, tuple((name, tuple(numbers.get((name, other)) for other in across)) for name in down))


_BOTH: Final = 2
_NOTHING: Final = Group()


def tabulate(whole: Figure, offices: Mapping[str, Figure], columns: Sequence[str], smallest: int | None = None) -> Table:
    """A figure as a table.

    Args:
        whole: the figure of all offices together.
        offices: that of each office that has it.
        columns: the names of all offices.
        smallest: the least number that is shown; None where all are, within the office.
    """
    rule, how = whole.rule, whole.rule.how
    figures = [offices.get(name, Figure(rule)) for name in columns] + ([whole] if len(columns) > 1 else [])
    groups = list(whole.groups) if rule.by else []
    rows = [[figure.groups.get(labels, _NOTHING) for figure in figures] for labels in groups]
    rows.append([figure.total for figure in figures])
    places = frozenset[tuple[int, int]]()
    if smallest is not None and rule.personal:
        sizes = [[group.size(how) for group in row] for row in rows]
        parts = [[group.part(how) for group in row] for row in rows] if how == "share" else None
        own = [_shared(figure, groups, smallest) for figure in figures[: len(columns)]] if len(columns) > 1 else []
        first = {(row, at) for at, shows in enumerate(own) for row, is_shown in shows.items() if not is_shown}
        seen = {(row, at) for at, shows in enumerate(own) for row, is_shown in shows.items() if is_shown}
        places = hidden(sizes, smallest, parts=parts, first=first, known=seen)
    known = [name in offices for name in columns] + [True]
    lines = [
        Line(
            labels,
            tuple(
                Mark.HIDDEN if (at, column) in places else _number(group, how, smallest) if known[column] else Mark.NONE
                for column, group in enumerate(row)
            ),
            tuple(dict.fromkeys(row[-1].records)),
        )
        for at, (labels, row) in enumerate(zip([*groups, ()], rows, strict=True))
    ]
    return Table(rule, (*columns, "") if len(columns) > 1 else tuple(columns), tuple(lines[:-1]), lines[-1], whole.uncounted)


def _shared(figure: Figure, groups: Sequence[Labels], smallest: int) -> Mapping[int, bool]:
    """Which lines an office shows where it shares the figure alone: by their place among `groups`, the total after them."""
    own = [at for at, labels in enumerate(groups) if labels in figure.groups]
    found = [*(figure.groups[groups[at]] for at in own), figure.total]
    how = figure.rule.how
    parts = [[group.part(how)] for group in found] if how == "share" else None
    places = hidden([[group.size(how)] for group in found], smallest, parts=parts)
    return {at: (place, 0) not in places for place, at in enumerate([*own, len(groups)])}


def _number(group: Group, how: str, smallest: int | None) -> Shown:
    """What a group comes to; where small numbers are hidden with the one decimal that people read.

    From a mean with all its decimals, and how many it is the mean of, one could reckon the few that it was made of.
    """
    number = group.number(how)
    if number is None:
        return Mark.NONE
    return number if smallest is None else round(number, 1)
