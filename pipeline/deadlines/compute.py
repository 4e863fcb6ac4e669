"""Due dates: the profile's rules on the register's rows, on a day.

The order of operations is always the same: does the rule apply, trigger, period, then the convention of whose deadline it is
(``docs/design.md``, «Dates, exactly»).
A date that cannot be told because a cell cannot be read is *unknown*; one whose trigger has not happened is *not started*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from pipeline.calendars import Calendar, Duration, OutsideCalendar, parse_duration
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding
from pipeline.profile.expressions import EMPTY, CellError, Rows, RuleError
from pipeline.profile.model import DeadlineRule
from pipeline.register.model import FaultyCell, Row, View

DEADLINES: Final = "deadlines"
"""The name by which a rule asks for a row's deadlines: ``deadlines.uttale.due``."""


_FAULTS: Final = (CellError, RuleError, OutsideCalendar)
"""What a rule raises where a cell cannot be read or its values do not fit."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """All deadlines of a register on a day.

    Attributes:
        items: in the order of the profile's rules and the workbook's rows.
        owners: the display names of those who own them, by `Deadline.owner`.
    """

    items: tuple[Deadline, ...]
    owners: Mapping[str, str]


def compute(view: View) -> Deadlines:
    """Every deadline of every row, also those that are not needed: nothing falls off."""
    items: list[Deadline] = []
    owners: dict[str, str] = {}
    for rule in view.register.profile.deadlines.values():
        for row in view.rows(rule.on):
            deadline = work_out(rule, row)
            items.append(deadline)
            if deadline.owner and deadline.owner not in owners:
                owners[deadline.owner] = _owner_name(rule, row)
    return Deadlines(tuple(items), owners)


def work_out(rule: DeadlineRule, row: Row) -> Deadline:
    """One rule on one row, as it stands on the row's day."""
    try:
        deadline = _recurring(rule, row) if rule.every else _single(rule, row)
    except _FAULTS as error:
        deadline = _unknown(rule, row, error)
    return replace(deadline, owner=owner_of(rule.owner, row))


def deadlines_of(row: Row) -> _DeadlinesOf:
    """What the name ``deadlines`` is on a row; a `View` offers it among its related names."""
    return _DeadlinesOf(row)


# ------------------------------------------------------------------ one rule


def _single(rule: DeadlineRule, row: Row) -> Deadline:
    try:
        applies = row.view.evaluate(rule.when, row)
    except _FAULTS as error:
        return _unknown(rule, row, error, _dated_if_readable(rule, row))
    if applies:
        return _applying(rule, row)
    kept = _dated_if_readable(rule, row)
    return kept if kept.status in {Status.DONE, Status.DONE_LATE} else replace(kept, status=Status.NOT_NEEDED, cause=None)


def _applying(rule: DeadlineRule, row: Row) -> Deadline:
    raw = _date(rule.due, row)
    if raw is EMPTY:
        return Deadline(rule.name, row.record.ref, Status.NOT_STARTED)
    deadline = _placed(rule, row, raw, 1)
    try:
        done = _done(rule, row)
    except _FAULTS as error:
        return _unknown(rule, row, error, deadline)
    if done:
        when_done = min((day for day in done if isinstance(day, date)), default=None)
        late = when_done is not None and deadline.due is not None and when_done > deadline.due
        return replace(deadline, status=Status.DONE_LATE if late else Status.DONE, done=when_done)
    return replace(deadline, status=_standing(deadline, row.view.today, rule))


def _recurring(rule: DeadlineRule, row: Row) -> Deadline:
    try:
        applies = row.view.evaluate(rule.when, row)
    except _FAULTS as error:
        return _unknown(rule, row, error, _dated_if_readable(rule, row))
    if not applies:
        return Deadline(rule.name, row.record.ref, Status.NOT_NEEDED)
    return _occurring(rule, row)


def _occurring(rule: DeadlineRule, row: Row) -> Deadline:
    """The open occurrence; where what is done cannot be read, nobody can tell which one that is."""
    view = row.view
    anchor = _date(rule.from_, row)
    if anchor is EMPTY:
        return Deadline(rule.name, row.record.ref, Status.NOT_STARTED)
    every = parse_duration(rule.every or "", view.rules.calendar)
    if every is None:
        raise RuleError(f"«{rule.every}» is no period")
    done = _done(rule, row)
    held = [day for day in done if isinstance(day, date)]
    closed = max((nearest_occurrence(anchor, every, day) for day in held), default=0)
    if len(held) < len(done):
        return Deadline(rule.name, row.record.ref, Status.DONE, occurrence=max(closed, 1), done=max(held, default=None))
    occurrence = closed + 1
    raw = anchor + every * occurrence
    until = _date(rule.until, row)
    if until is not EMPTY and raw > until:
        status = Status.DONE if closed else Status.NOT_NEEDED
        return Deadline(rule.name, row.record.ref, status, occurrence=max(closed, 1), done=max(held, default=None))
    deadline = _placed(rule, row, raw, occurrence)
    return replace(deadline, status=_standing(deadline, view.today, rule))


def _dated_if_readable(rule: DeadlineRule, row: Row) -> Deadline:
    """The deadline as if the rule applied; without its dates where they cannot be read."""
    try:
        return _occurring(rule, row) if rule.every else _applying(rule, row)
    except _FAULTS:
        return Deadline(rule.name, row.record.ref, Status.UNKNOWN)


def _unknown(rule: DeadlineRule, row: Row, error: Exception, dated: Deadline | None = None) -> Deadline:
    """A deadline of which nobody can tell where it stands, with its dates where those can be told."""
    match error:
        case CellError(cell=FaultyCell(finding=finding)):
            cause = finding
        case OutsideCalendar():
            cause = _failure("outside-calendar", rule, row, str(error))
        case _:
            cause = _failure("rule-failed", rule, row, str(error))
    return replace(dated or Deadline(rule.name, row.record.ref, Status.UNKNOWN), status=Status.UNKNOWN, done=None, cause=cause)


def nearest_occurrence(anchor: date, every: Duration, day: date) -> int:
    """The number of the occurrence that a date counts for; 0 is the anchor itself, which closes nothing.

    An evaluation held soon after the decision therefore does not stand in for the first year's.
    """
    number = 0
    while anchor + every * (number + 1) <= day:
        number += 1
    before, after = anchor + every * number, anchor + every * (number + 1)
    return number if day - before < after - day else number + 1


def _placed(rule: DeadlineRule, row: Row, raw: date, occurrence: int) -> Deadline:
    calendar = row.view.rules.calendar
    due, act_by = convention(rule.whose, raw, calendar)
    lead = parse_duration(rule.remind or "", calendar)
    remind_from = None if lead is None else (act_by or due) - lead
    return Deadline(rule.name, row.record.ref, Status.UPCOMING, occurrence, raw, due, act_by, remind_from)


def convention(whose: str, raw: date, calendar: Calendar) -> tuple[date, date | None]:
    """The due day and the office's act-by day of a raw date (``docs/design.md``, «Dates, exactly»).

    A citizen's right is never shortened: it ends on the next business day, and the office waits.
    An office's duty, and a date of age or validity, stand where they fall; the office acts on the last working day before.
    """
    if whose == "citizen":
        return calendar.next_business_day(raw), None
    return raw, calendar.last_working_day(raw)


def _standing(deadline: Deadline, today: date, rule: DeadlineRule) -> Status:
    if deadline.due is None:
        return Status.NOT_STARTED
    if today > deadline.due:
        return Status.OVER if rule.whose == "citizen" else Status.OVERDUE
    if deadline.remind_from is not None and today >= deadline.remind_from:
        return Status.DUE_SOON
    return Status.UPCOMING


def _date(source: str | None, row: Row) -> Any:
    """A date, or empty."""
    value = EMPTY if source is None else row.view.evaluate(source, row)
    if value is EMPTY or isinstance(value, date):
        return value
    raise RuleError(f"{source}: «{value}» is no date")


def _done(rule: DeadlineRule, row: Row) -> tuple[Any, ...]:
    """What says that the deadline was met: dates up to the row's day, or a plain yes; what lies ahead has not happened."""
    value = EMPTY if rule.done is None else row.view.evaluate(rule.done, row)
    values = value if isinstance(value, Rows | tuple | list) else (value,)
    return tuple(item for item in values if item and not (isinstance(item, date) and item > row.view.today))


def _failure(code: str, rule: DeadlineRule, row: Row, reason: str) -> Finding:
    return Finding(
        code, row.record.place, sheet=row.record.sheet, record=row.record.key, facts=(("rule", rule.title), ("reason", reason))
    )


# ------------------------------------------------------------------ whose


def owner_of(source: str | None, row: Row) -> str:
    """The key or text of who owns it; nothing where nobody is named or the cell cannot be read."""
    value = _owner(source, row)
    if isinstance(value, Row):
        return value.record.key
    return "" if value is EMPTY else str(value)


def _owner(source: str | None, row: Row) -> Any:
    try:
        value = EMPTY if source is None else row.view.evaluate(source, row)
    except _FAULTS:
        return EMPTY
    values = value if isinstance(value, Rows | tuple | list) else (value,)
    return next((item for item in values if item is not EMPTY), EMPTY)


def _owner_name(rule: DeadlineRule, row: Row) -> str:
    value = _owner(rule.owner, row)
    return display_name(value) if isinstance(value, Row) else str(value)


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

    __slots__ = ("_row",)

    def __init__(self, row: Row) -> None:
        self._row = row

    def lookup(self, name: str) -> _Facts:
        rule = self._row.view.register.profile.deadlines[name]
        deadline = work_out(rule, self._row)
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
