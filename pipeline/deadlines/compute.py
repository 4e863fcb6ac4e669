"""Due dates: the profile's rules on the register's rows, on a day.

The order of operations is always the same: does the rule apply, trigger, period, then the convention of whose deadline it is
(``docs/design.md``, «Dates, exactly»).
A date that cannot be told because a cell cannot be read is *unknown*; one whose trigger has not happened is *not started*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from pipeline.calendars import Calendar, Duration, OutsideCalendar, parse_duration
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding
from pipeline.profile.expressions import EMPTY, CellError, RuleError
from pipeline.profile.model import DeadlineRule
from pipeline.register.model import FaultyCell, Ref, Row, View

DEADLINES: Final = "deadlines"
"""The name by which a rule asks for a row's deadlines: ``deadlines.answer.due``."""


_FAULTS: Final = (CellError, RuleError, OutsideCalendar)
"""What a rule raises where a cell cannot be read or its values do not fit."""

_SEVERAL: Final = (tuple, list)
"""Types of a value that is several; `Rows` is a tuple."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All deadlines of a register on a day.

    Attributes:
        items: in the order of the profile's rules and the workbook's rows.
        owners: the display names of those who own them and of those whom they stand in for, by `Deadline.owner`.
    """

    items: tuple[Deadline, ...]
    owners: Mapping[str, str]


class Responsible(NamedTuple):
    """Who has to act on a row.

    Attributes:
        owner: the key or text; empty where nobody is named or the cell cannot be read.
        stands_in_for: the key of the one who is away, where the owner is their substitute; else empty.
        rows: of both, where the register has them.
    """

    owner: str = ""
    stands_in_for: str = ""
    rows: tuple[Row, ...] = ()


def compute(view: View) -> Deadlines:
    """Every deadline of every row, also those that are not needed: nothing falls off."""
    profile = view.register.profile
    owners: dict[str, str] = {}
    found: dict[str, list[Deadline]] = {name: [] for name in profile.deadlines}
    known: dict[Ref, Responsible] = {}
    asked = _asked_of_others(view)
    for sheet in dict.fromkeys(rule.on for rule in profile.deadlines.values()):
        rules = [(rule, found[rule.name]) for rule in profile.deadlines.values() if rule.on == sheet]
        for row in view.rows(sheet):
            of_row: dict[str | None, Responsible] = {}
            for rule, of_rule in rules:
                who = of_row.get(rule.owner)
                if who is None:
                    who = of_row[rule.owner] = responsible(rule.owner, row, known)
                    for each in who.rows:
                        if each.ref.key not in owners:
                            owners[each.ref.key] = display_name(each)
                    if who.owner:
                        owners.setdefault(who.owner, who.owner)
                deadline = _worked_out(rule, row, who)
                of_rule.append(deadline)
                if rule.name in asked:
                    row.lookup(DEADLINES).known[rule.name] = deadline
    return Deadlines(tuple(chain.from_iterable(found.values())), owners)


def _asked_of_others(view: View) -> frozenset[str]:
    """The deadlines that other deadlines ask for, ``deadlines.answer.due``: worked out once, they need not be again."""
    sources = (
        each for rule in view.register.profile.deadlines.values() for each in (rule.when, rule.due, rule.from_, rule.done)
    )
    paths = (path for source in sources if source for path in view.rules.paths(source))
    return frozenset(path[1] for path in paths if path[0] == DEADLINES and len(path) > 1)


def work_out(rule: DeadlineRule, row: Row) -> Deadline:
    """One rule on one row, as it stands on the row's day."""
    return _worked_out(rule, row, responsible(rule.owner, row, {}))


def _worked_out(rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    rules = row.view.rules
    try:
        applies = rules[rule.when](row)
    except _FAULTS as error:
        return _unknown(rule, row, error, _dated_if_readable(rule, row, who))
    try:
        if applies:
            return _occurring(rule, row, who) if rule.every else _counted(rule, row, who)
        return _not_needed(rule, row, who)
    except _FAULTS as error:
        return _unknown(rule, row, error, _undated(Status.UNKNOWN, rule, row, who))


def deadlines_of(row: Row) -> _DeadlinesOf:
    """What the name ``deadlines`` is on a row; a `View` offers it among its related names."""
    return _DeadlinesOf(row)


# ------------------------------------------------------------------ one rule


def _undated(status: Status, rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    return Deadline(rule.name, row.ref, status, owner=who.owner, stands_in_for=who.stands_in_for)


def _counted(rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    """Trigger plus period, and whether it was met."""
    raw = _date(rule.due, row)
    if raw is EMPTY:
        return _undated(Status.NOT_STARTED, rule, row, who)
    dates = _placed(rule, raw, row)
    try:
        done = _done(rule, row)
    except _FAULTS as error:
        known = Deadline(rule.name, row.ref, Status.UNKNOWN, 1, raw, *dates, None, who.owner, who.stands_in_for)
        return _unknown(rule, row, error, known)
    if done:
        return _met(rule, row, who, raw, done)
    status = _standing(rule, dates, row.view.today)
    return Deadline(rule.name, row.ref, status, 1, raw, *dates, None, who.owner, who.stands_in_for)


def _not_needed(rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    """A deadline that does not apply, with its dates where those can be told, unless it was met while it did."""
    if rule.every:
        return _undated(Status.NOT_NEEDED, rule, row, who)
    try:
        raw = _date(rule.due, row)
        if raw is EMPTY:
            return _undated(Status.NOT_NEEDED, rule, row, who)
        dates = _placed(rule, raw, row)
    except _FAULTS:
        return _undated(Status.NOT_NEEDED, rule, row, who)
    try:
        done = _done(rule, row)
    except _FAULTS:
        done = ()
    if done:
        return _met(rule, row, who, raw, done)
    return Deadline(rule.name, row.ref, Status.NOT_NEEDED, 1, raw, *dates, None, who.owner, who.stands_in_for)


def _met(rule: DeadlineRule, row: Row, who: Responsible, raw: date, done: tuple[Any, ...]) -> Deadline:
    """A deadline that was met, in time where no more than a yes is recorded."""
    dates = _placed(rule, raw, row)
    when_done = min((day for day in done if isinstance(day, date)), default=None)
    status = Status.DONE_LATE if when_done is not None and when_done > dates[0] else Status.DONE
    return Deadline(rule.name, row.ref, status, 1, raw, *dates, when_done, who.owner, who.stands_in_for)


def _occurring(rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    """The open occurrence; where what is done cannot be read, nobody can tell which one that is."""
    anchor = _date(rule.from_, row)
    if anchor is EMPTY:
        return _undated(Status.NOT_STARTED, rule, row, who)
    every = parse_duration(rule.every or "", row.view.rules.calendar)
    if every is None:
        raise RuleError(f"«{rule.every}» is no period")
    done = _done(rule, row)
    held = [day for day in done if isinstance(day, date)]
    met = {nearest_occurrence(anchor, every, day) for day in held}
    closed = max(met, default=0)
    several = isinstance(_value(rule.done, row), _SEVERAL)
    missed = tuple(anchor + every * n for n in range(1, closed) if n not in met) if several else ()
    until = _date(rule.until, row)
    occurrence = closed + 1
    raw = anchor + every * occurrence
    if (until is not EMPTY and raw > until) or len(held) < len(done):
        status = Status.DONE if closed or len(held) < len(done) else Status.NOT_NEEDED
        last = max(held, default=None)
        return _undated(status, rule, row, who)._replace(occurrence=max(closed, 1), done=last, missed=missed)
    dates = _placed(rule, raw, row)
    status = _standing(rule, dates, row.view.today)
    return Deadline(rule.name, row.ref, status, occurrence, raw, *dates, None, who.owner, who.stands_in_for, None, missed)


def _dated_if_readable(rule: DeadlineRule, row: Row, who: Responsible) -> Deadline:
    """The deadline as if the rule applied; without its dates where they cannot be read."""
    try:
        return _occurring(rule, row, who) if rule.every else _counted(rule, row, who)
    except _FAULTS:
        return _undated(Status.UNKNOWN, rule, row, who)


def _unknown(rule: DeadlineRule, row: Row, error: Exception, dated: Deadline) -> Deadline:
    """A deadline of which nobody can tell where it stands, with its dates where those can be told."""
    match error:
        case CellError(cell=FaultyCell(finding=finding)):
            cause = finding
        case OutsideCalendar():
            cause = _failure("outside-calendar", rule, row, str(error))
        case _:
            cause = _failure("rule-failed", rule, row, str(error))
    return dated._replace(status=Status.UNKNOWN, done=None, cause=cause)


def nearest_occurrence(anchor: date, every: Duration, day: date) -> int:
    """The number of the occurrence that a date counts for; 0 is the anchor itself, which closes nothing.

    An evaluation held soon after the decision therefore does not stand in for the first year's.
    """
    number = 0
    while anchor + every * (number + 1) <= day:
        number += 1
    before, after = anchor + every * number, anchor + every * (number + 1)
    return number if day - before < after - day else number + 1


def _placed(rule: DeadlineRule, raw: date, row: Row) -> tuple[date, date | None, date | None]:
    """Due, act by, and from when it is due soon."""
    return _dates(rule.whose, rule.remind or "", raw, row.view.rules.calendar)


@lru_cache(maxsize=100_000)
def _dates(whose: str, remind: str, raw: date, calendar: Calendar) -> tuple[date, date | None, date | None]:
    due, act_by = convention(whose, raw, calendar)
    lead = parse_duration(remind, calendar)
    return due, act_by, None if lead is None else (act_by or due) - lead


def convention(whose: str, raw: date, calendar: Calendar) -> tuple[date, date | None]:
    """The due day and the office's act-by day of a raw date (``docs/design.md``, «Dates, exactly»).

    A citizen's right is never shortened: it ends on the next business day, and the office waits.
    An office's duty, and a date of age or validity, stand where they fall; the office acts on the last working day before.
    """
    if whose == "citizen":
        return calendar.next_business_day(raw), None
    return raw, calendar.last_working_day(raw)


def _standing(rule: DeadlineRule, dates: tuple[date, date | None, date | None], today: date) -> Status:
    due, _, remind_from = dates
    if today > due:
        return Status.OVER if rule.whose == "citizen" else Status.OVERDUE
    if remind_from is not None and today >= remind_from:
        return Status.DUE_SOON
    return Status.UPCOMING


def _value(source: str | None, row: Row) -> Any:
    """What an expression gives; an expression that the rule does not have gives nothing."""
    return EMPTY if source is None else row.view.rules[source](row)


def _date(source: str | None, row: Row) -> Any:
    """A date, or empty."""
    value = _value(source, row)
    if value is EMPTY or isinstance(value, date):
        return value
    raise RuleError(f"{source}: «{value}» is no date")


def _done(rule: DeadlineRule, row: Row) -> tuple[Any, ...]:
    """What says that the deadline was met: dates up to the row's day, or a plain yes; what lies ahead has not happened."""
    value = _value(rule.done, row)
    if value is EMPTY:
        return ()
    today = row.view.today
    if isinstance(value, date):
        return () if value > today else (value,)
    values = value if isinstance(value, _SEVERAL) else (value,)
    return tuple(item for item in values if item and not (isinstance(item, date) and item > today))


def _failure(code: str, rule: DeadlineRule, row: Row, reason: str) -> Finding:
    return Finding(
        code, row.record.place, sheet=row.record.sheet, record=row.record.key, facts=(("rule", rule.title), ("reason", reason))
    )


# ------------------------------------------------------------------ whose


def responsible(source: str | None, row: Row, known: dict[Ref, Responsible]) -> Responsible:
    """Who has to act: the owner, or while they are away whoever stands in for them.

    Args:
        source: the expression that names the owner.
        row: on which it is asked.
        known: remembers who acts for each owner, since few people own much.
    """
    owner = _owner(source, row)
    if not isinstance(owner, Row):
        return Responsible("" if owner is EMPTY else str(owner))
    who = known.get(owner.ref)
    if who is None:
        acting = _acting(owner)
        who = known[owner.ref] = (
            Responsible(owner.ref.key, rows=(owner,))
            if acting is owner
            else Responsible(acting.ref.key, owner.ref.key, (acting, owner))
        )
    return who


def _acting(owner: Row) -> Row:
    """The owner, their substitute, or the substitute's; where all of them are away in a circle, the owner."""
    sheets = owner.view.register.profile.sheets
    acting, seen = owner, [owner]
    while (substitute := sheets[acting.ref.sheet].substitute) is not None:
        other = _owner(substitute, acting)
        if not isinstance(other, Row):
            return acting
        if other in seen:
            return owner
        acting = other
        seen.append(other)
    return acting


def _owner(source: str | None, row: Row) -> Any:
    try:
        value = _value(source, row)
    except _FAULTS:
        return EMPTY
    return next((item for item in value if item is not EMPTY), EMPTY) if isinstance(value, _SEVERAL) else value


def display_name(row: Row) -> str:
    """A row's name as its sheet's recipient rule prints it, else its key."""
    recipient = row.view.register.profile.sheets[row.record.sheet].recipient
    try:
        name = row.view.evaluate(recipient.name, row) if recipient else EMPTY
    except _FAULTS:
        name = EMPTY
    return str(name) or row.record.key


# ------------------------------------------------------------------ as names of a rule


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
