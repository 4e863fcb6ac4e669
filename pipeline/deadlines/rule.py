"""One rule on one row, on a day.

The order of operations is always the same: does the rule apply, trigger, period, then the convention of whose deadline it is
(``docs/design.md``, «Dates, exactly»).
A date that cannot be told because a cell cannot be read is *unknown*; one whose trigger has not happened is *not started*.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from pipeline.calendars import Calendar, Duration, OutsideCalendar, parse_duration
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.responsible import Responsible, responsible
from pipeline.findings import Finding
from pipeline.profile.expressions import EMPTY, FAULTS, CellError, Rule, RuleError, Rules
from pipeline.profile.model import ALWAYS, DeadlineRule
from pipeline.register.model import FaultyCell, Row

_DONE: Final = Status.DONE
_NOT_NEEDED: Final = Status.NOT_NEEDED
_NOT_STARTED: Final = Status.NOT_STARTED
"""Most deadlines of a register are one of these, and an enum looks its members up."""

_made: Final = tuple.__new__
"""Makes a `Deadline` of all its fields in half the time that its call takes; a register has hundreds of thousands."""

_Dates = tuple[date, date, date | None, date | None]
"""Raw, due, act by, and from when it is due soon."""


def work_out(rule: DeadlineRule, row: Row) -> Deadline:
    """One rule on one row, as it stands on the row's day."""
    return ReadyRule(rule, row.view.rules).on(row, responsible(rule.owner, row, {}))


class ReadyRule:
    """A rule made ready for the rows of a register: its expressions as functions, and the dates that it came to before.

    Its rows times the rules are the innermost loop of the night: what is the same on every row is found out here, once.

    Attributes:
        name: the rule's.
    """

    __slots__ = ("_calendar", "_dates", "_done", "_due", "_every", "_from", "_lead", "_rule", "_until", "_when", "name")

    def __init__(self, rule: DeadlineRule, rules: Rules) -> None:
        """Make the rule ready for the registers that the rules are for."""
        self.name = rule.name
        self._rule = rule
        self._when = None if rule.when == ALWAYS else rules[rule.when]
        self._due, self._from, self._until, self._done = (
            None if source is None else rules[source] for source in (rule.due, rule.from_, rule.until, rule.done)
        )
        self._calendar = rules.calendar
        self._every = parse_duration(rule.every or "", rules.calendar)
        self._lead = parse_duration(rule.remind or "", rules.calendar)
        self._dates: dict[date, _Dates] = {}

    def on(self, row: Row, who: Responsible) -> Deadline:
        """The deadline of a row, as it stands on the row's day."""
        try:
            applies = self._when is None or self._when(row)
        except FAULTS as error:
            return self._unknown(row, error, self._dated_if_readable(row, who))
        try:
            if self._rule.every is None:
                return self._once(row, who) if applies else self._not_needed(row, who)
            return self._occurring(row, who) if applies else self._undated(_NOT_NEEDED, row, who)
        except FAULTS as error:
            return self._unknown(row, error, self._undated(Status.UNKNOWN, row, who))

    def _undated(self, status: Status, row: Row, who: Responsible) -> Deadline:
        return _made(
            Deadline, (self.name, row.ref, status, 1, None, None, None, None, None, who.owner, who.stands_in_for, None, ())
        )

    def _dated(self, status: Status, row: Row, who: Responsible, dates: _Dates, done: date | None = None) -> Deadline:
        owner, stands_in_for, _ = who
        return _made(Deadline, (self.name, row.ref, status, 1, *dates, done, owner, stands_in_for, None, ()))

    def _once(self, row: Row, who: Responsible) -> Deadline:
        """Trigger plus period, and whether it was met."""
        raw = self._date(self._due, self._rule.due, row)
        if raw is EMPTY:
            return self._undated(_NOT_STARTED, row, who)
        dates = self._placed(raw)
        try:
            done = self._what_is_done(row, raw)
        except FAULTS as error:
            return self._unknown(row, error, self._dated(Status.UNKNOWN, row, who, dates))
        if done:
            return self._met(row, who, dates, done)
        return self._dated(self._standing(dates, row.view.today), row, who, dates)

    def _not_needed(self, row: Row, who: Responsible) -> Deadline:
        """A deadline that does not apply, with its dates where those can be told, unless it was met while it did."""
        try:
            raw = self._date(self._due, self._rule.due, row)
            if raw is EMPTY:
                return self._undated(_NOT_NEEDED, row, who)
            dates = self._placed(raw)
        except FAULTS:
            return self._undated(_NOT_NEEDED, row, who)
        try:
            done = self._what_is_done(row, raw)
        except FAULTS:
            done = ()
        return self._met(row, who, dates, done) if done else self._dated(_NOT_NEEDED, row, who, dates)

    def _met(self, row: Row, who: Responsible, dates: _Dates, done: tuple[Any, ...]) -> Deadline:
        """A deadline that was met, in time where no more than a yes is recorded."""
        when_done = None
        for day in done:
            if isinstance(day, date) and (when_done is None or day < when_done):
                when_done = day
        _, due, _, _ = dates
        late = when_done is not None and when_done > due
        return self._dated(Status.DONE_LATE if late else _DONE, row, who, dates, when_done)

    def _occurring(self, row: Row, who: Responsible) -> Deadline:
        """The open occurrence; where what is done cannot be read, nobody can tell which one that is."""
        anchor = self._date(self._from, self._rule.from_, row)
        if anchor is EMPTY:
            return self._undated(_NOT_STARTED, row, who)
        every = self._every
        if every is None:
            raise RuleError(f"«{self._rule.every}» is no period")
        recorded = EMPTY if self._done is None else self._done(row)
        done = _happened(recorded, row.view.today)
        held = [day for day in done if isinstance(day, date)]
        met = {nearest_occurrence(anchor, every, day) for day in held}
        closed = max(met, default=0)
        several = isinstance(recorded, list | tuple)
        missed = tuple(every.after(anchor, n) for n in range(1, closed) if n not in met) if several else ()
        until = self._date(self._until, self._rule.until, row)
        occurrence = closed + 1
        raw = every.after(anchor, occurrence)
        if (until is not EMPTY and raw > until) or len(held) < len(done):
            status = _DONE if closed or len(held) < len(done) else _NOT_NEEDED
            last = max(held, default=None)
            return self._undated(status, row, who)._replace(occurrence=max(closed, 1), done=last, missed=missed)
        dates = self._placed(raw)
        return self._dated(self._standing(dates, row.view.today), row, who, dates)._replace(
            occurrence=occurrence, missed=missed
        )

    def _dated_if_readable(self, row: Row, who: Responsible) -> Deadline:
        """The deadline as if the rule applied; without its dates where they cannot be read."""
        try:
            return self._occurring(row, who) if self._rule.every else self._once(row, who)
        except FAULTS:
            return self._undated(Status.UNKNOWN, row, who)

    def _unknown(self, row: Row, error: Exception, dated: Deadline) -> Deadline:
        """A deadline of which nobody can tell where it stands, with its dates where those can be told."""
        match error:
            case CellError(cell=FaultyCell(finding=finding)):
                cause = finding
            case OutsideCalendar():
                cause = self._failure("outside-calendar", row, str(error))
            case _:
                cause = self._failure("rule-failed", row, str(error))
        return dated._replace(status=Status.UNKNOWN, done=None, cause=cause)

    def _failure(self, code: str, row: Row, reason: str) -> Finding:
        facts = (("rule", self._rule.title), ("reason", reason))
        return Finding(code, row.record.place, sheet=row.record.sheet, record=row.record.key, facts=facts)

    def _placed(self, raw: date) -> _Dates:
        dates = self._dates.get(raw)
        if dates is None:
            due, act_by = convention(self._rule.whose, raw, self._calendar)
            remind_from = None if self._lead is None else (act_by or due) - self._lead
            dates = self._dates[raw] = raw, due, act_by, remind_from
        return dates

    def _standing(self, dates: _Dates, today: date) -> Status:
        _, due, _, remind_from = dates
        if today > due:
            return Status.OVER if self._rule.whose == "citizen" else Status.OVERDUE
        if remind_from is not None and today >= remind_from:
            return Status.DUE_SOON
        return Status.UPCOMING

    def _date(self, compute: Rule | None, source: str | None, row: Row) -> Any:
        """A date, or empty; an expression that the rule does not have gives nothing."""
        value = EMPTY if compute is None else compute(row)
        if value is EMPTY or isinstance(value, date):
            return value
        raise RuleError(f"{source}: «{value}» is no date")

    def _what_is_done(self, row: Row, raw: date) -> tuple[Any, ...]:
        """What says that the deadline was met; some are met by the day itself, which is worked out already."""
        if self._done is None:
            return ()
        return _happened(raw if self._done is self._due else self._done(row), row.view.today)


def _happened(recorded: Any, today: date) -> tuple[Any, ...]:
    """Dates up to the day, or a plain yes; what lies ahead has not happened."""
    if recorded is EMPTY:
        return ()
    if isinstance(recorded, date):
        return () if recorded > today else (recorded,)
    values = recorded if isinstance(recorded, (list, tuple)) else (recorded,)
    return tuple(item for item in values if item and not (isinstance(item, date) and item > today))


def nearest_occurrence(anchor: date, every: Duration, day: date) -> int:
    """The number of the occurrence that a date counts for; 0 is the anchor itself, which closes nothing.

    An evaluation held soon after the decision therefore does not stand in for the first year's.
    """
    number = 0
    before, after = anchor, every.after(anchor, 1)
    while after <= day:
        number += 1
        before, after = after, every.after(anchor, number + 1)
    return number if day - before < after - day else number + 1


def convention(whose: str, raw: date, calendar: Calendar) -> tuple[date, date | None]:
    """The due day and the office's act-by day of a raw date (``docs/design.md``, «Dates, exactly»).

    A citizen's right is never shortened: it ends on the next business day, and the office waits.
    An office's duty, and a date of age or validity, stand where they fall; the office acts on the last working day before.
    """
    if whose == "citizen":
        return calendar.next_business_day(raw), None
    return raw, calendar.last_working_day(raw)
