"""What became of each deadline: the occurrences of all rules on all rows as a sheet of its own, that statistics count.

An occurrence that was skipped stands there as missed, one by one; an open one only once its day has passed.
What nobody can tell, because a cell cannot be read, stands there too, as a record without a standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from pipeline.calendars import parse_duration
from pipeline.deadlines.compute import Deadlines
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.rule import convention, nearest_occurrence
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, Rows
from pipeline.profile.model import DEADLINES, DeadlineRule
from pipeline.register.model import FaultyCell, Record, Register, Row, Value, View

_NOT_COUNTED = frozenset({Status.NOT_NEEDED, Status.NOT_STARTED, Status.OVER})


def with_deadlines(view: View, deadlines: Deadlines) -> View:
    """The view with the occurrences of its deadlines as the sheet `DEADLINES`."""
    records = [record for deadline in deadlines.items for record in _records(deadline, view)]
    register: Register = view.register.with_sheet(DEADLINES, records)
    return View(register, view.rules, view.today, view.related)


def _records(deadline: Deadline, view: View) -> Iterator[Record]:
    rule = view.register.profile.deadlines[deadline.rule]
    if deadline.status is Status.UNKNOWN:
        cause = EMPTY if deadline.cause is None else FaultyCell(deadline.cause)
        yield _record(deadline, rule, 0, deadline.due, None, cause)
    elif rule.every:
        row = view.row(deadline.record)
        if row is not None:
            for number, (due, done) in enumerate(_occurrences(rule, row, deadline.status), start=1):
                yield _record(deadline, rule, number, due, done, _standing(due, done, view.today))
    elif deadline.status not in _NOT_COUNTED:
        met = deadline.status is Status.DONE  # also where nobody wrote down the day
        standing = "kept" if met else _standing(deadline.due, deadline.done, view.today)
        yield _record(deadline, rule, 1, deadline.due, deadline.done, standing)


def _standing(due: date | None, done: date | None, today: date) -> str:
    if done is not None:
        return "late" if due is not None and done > due else "kept"
    return "missed" if due is not None and today > due else "waiting"


def _occurrences(rule: DeadlineRule, row: Row, status: Status) -> Iterator[tuple[date, date | None]]:
    """The day of each occurrence up to the first that waits, and the day on which it was met."""
    if status is Status.NOT_NEEDED:
        return
    ask = row.view.evaluate
    anchor, every = ask(rule.from_ or "", row), parse_duration(rule.every or "", row.view.rules.calendar)
    if not isinstance(anchor, date) or every is None:
        return
    until = EMPTY if rule.until is None else ask(rule.until, row)
    value = EMPTY if rule.done is None else ask(rule.done, row)
    days = value if isinstance(value, Rows | tuple | list) else (value,)
    met: dict[int, date] = {}
    for day in sorted(day for day in days if isinstance(day, date) and day <= row.view.today):
        met.setdefault(nearest_occurrence(anchor, every, day), day)
    for number in count(1):
        raw = anchor + every * number
        due = convention(rule.whose, raw, row.view.rules.calendar)[0]
        if until is not EMPTY and raw > until:
            return
        yield due, met.get(number)
        if due >= row.view.today and number >= max(met, default=0):
            return


def _record(
    deadline: Deadline, rule: DeadlineRule, number: int, due: date | None, done: date | None, standing: Value
) -> Record:
    values: dict[str, Value] = {
        "deadline": rule.name,
        "title": rule.title,
        "record": deadline.record,
        "owner": deadline.owner or EMPTY,
        "due": due or EMPTY,
        "done": done or EMPTY,
        "standing": standing,
    }
    key = f"{rule.name} · {deadline.record.sheet} · {deadline.record.key} · {number}"
    return Record(DEADLINES, key, Place("", DEADLINES), values)
