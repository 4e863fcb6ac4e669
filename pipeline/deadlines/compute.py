"""Due dates: the profile's rules on the register's rows, on a day, and what a rule or template may ask of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.responsible import Responsible, display_name, responsible
from pipeline.deadlines.rule import ReadyRule, work_out
from pipeline.profile.expressions import EMPTY, CellError
from pipeline.register.model import FaultyCell, Ref, Row, View

DEADLINES: Final = "deadlines"
"""The name by which a rule asks for a row's deadlines: ``deadlines.answer.due``."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All deadlines of a register on a day.

    Attributes:
        items: in the order of the profile's rules and the workbook's rows.
        owners: the display names of those who own them and of those whom they stand in for, by `Deadline.owner`.
    """

    items: tuple[Deadline, ...]
    owners: Mapping[str, str]


_Worked = tuple[ReadyRule, Callable[[Deadline], None], bool]
"""A rule, where its deadlines are kept, and whether other rules ask for them."""


def compute(view: View) -> Deadlines:
    """Every deadline of every row, also those that are not needed: nothing falls off."""
    rules = view.register.profile.deadlines.values()
    found: dict[str, list[Deadline]] = {rule.name: [] for rule in rules}
    acting: dict[Ref, Responsible] = {}
    owners: dict[str, str] = {}
    asked = _asked_of_others(view)
    for sheet in dict.fromkeys(rule.on for rule in rules):
        by_owner: defaultdict[str | None, list[_Worked]] = defaultdict(list)
        for rule in rules:
            if rule.on == sheet:
                by_owner[rule.owner].append((ReadyRule(rule, view.rules), found[rule.name].append, rule.name in asked))
        for row in view.rows(sheet):
            for owner, owned in by_owner.items():
                who = responsible(owner, row, acting)
                _name(who, owners)
                for ready, keep, is_asked in owned:
                    deadline = ready.on(row, who)
                    keep(deadline)
                    if is_asked:
                        row.lookup(DEADLINES).known[ready.name] = deadline
    return Deadlines(tuple(chain.from_iterable(found.values())), owners)


def _name(who: Responsible, owners: dict[str, str]) -> None:
    """Put down the display names of those who act and of those whom they stand in for."""
    for each in who.rows:
        if each.ref.key not in owners:
            owners[each.ref.key] = display_name(each)
    if who.owner:
        owners.setdefault(who.owner, who.owner)


def _asked_of_others(view: View) -> frozenset[str]:
    """The deadlines that rules and columns ask for, ``deadlines.answer.due``: worked out once, they need not be again."""
    profile = view.register.profile
    of_rules = (each for rule in profile.deadlines.values() for each in (rule.when, rule.due, rule.from_, rule.done))
    of_columns = (column.value for sheet in profile.sheets.values() for column in sheet.columns.values())
    asking = (source for source in (*of_rules, *of_columns) if source and DEADLINES in source)
    paths = (path for source in asking for path in view.rules.paths(source))
    return frozenset(path[1] for path in paths if path[0] == DEADLINES and len(path) > 1)


def deadlines_of(row: Row) -> _DeadlinesOf:
    """What the name ``deadlines`` is on a row; a `View` offers it among its related names."""
    return _DeadlinesOf(row)


class _DeadlinesOf:
    """The name ``deadlines`` on a row."""

    __slots__ = ("_row", "known")

    def __init__(self, row: Row) -> None:
        self._row = row
        self.known: dict[str, Deadline] = {}

    def lookup(self, name: str) -> _Facts:
        deadline = self.known.get(name)
        if deadline is None:
            deadline = self.known[name] = work_out(self._row.view.register.profile.deadlines[name], self._row)
        if deadline.status is Status.UNKNOWN and deadline.cause is not None:
            raise CellError(FaultyCell(deadline.cause))
        return _Facts(deadline)


class _Facts:
    """One deadline as a rule sees it."""

    __slots__ = ("_deadline",)

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline

    def lookup(self, name: str) -> Any:
        value = str(self._deadline.status) if name == "status" else getattr(self._deadline, name)
        return EMPTY if value is None else value
