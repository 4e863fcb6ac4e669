"""Why a date is what it is: the steps of a deadline, computed again from the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from jinja2 import nodes

from pipeline.calendars import Calendar, Duration, OutsideCalendar, parse_duration
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY, CellError, Rows, RuleError, dotted, parse
from pipeline.profile.model import ALWAYS, OPEN, Column, DeadlineRule, Profile, Sheet, conditional
from pipeline.register.model import FaultyCell, Row
from pipeline.texts import message


class DayOff(NamedTuple):
    """A day off; `name` is the holiday's, empty for other days."""

    day: date
    name: str


Scalar = str | float | date | Duration | DayOff
Fact = Scalar | tuple[Scalar, ...]
"""Several facts stand with commas between."""
Facts = tuple[tuple[str, Fact], ...]


class Step(NamedTuple):
    """One step: a sentence of the catalogues and what it names."""

    sentence: str
    facts: Facts = ()


def steps(rule: DeadlineRule, row: Row, deadline: Deadline | None = None) -> tuple[Step, ...]:
    """The steps from the trigger to the date on which the office acts, and the sources of the rule.

    Args:
        rule: the deadline's.
        row: whose deadline it is.
        deadline: as it was worked out, where it is at hand.
    """
    return tuple(_steps(rule, row, deadline or work_out(rule, row)))


def trigger(rule: DeadlineRule, row: Row) -> date | None:
    """The day that starts the clock, the first date that the rule counts from; None where there is none that can be read."""
    source = rule.due or rule.from_
    for path in row.view.rules.paths(source) if source else ():
        _, value = _followed(path, row)
        if isinstance(value, date):
            return value
    return None


def trigger_cell(rule: DeadlineRule, row: Row) -> tuple[Place, str]:
    """Where the day stands that starts the clock, and its heading; the row itself where the rule reads no date of a cell."""
    source = rule.due or rule.from_
    for path in row.view.rules.paths(source) if source else ():
        owner, value = _followed(path, row)
        if isinstance(value, date) and isinstance(owner, Row) and path[-1] in owner.record.columns:
            column = row.view.register.profile.sheets[owner.record.sheet].columns[path[-1]]
            return owner.record.cell(column.name), column.heading
    return row.record.place, ""


def _steps(rule: DeadlineRule, row: Row, deadline: Deadline) -> Iterator[Step]:
    yield from _read(rule.due or rule.from_ or "", row)
    if deadline.raw is not None:
        yield from _counted(rule, deadline, row.view.rules.calendar)
    match deadline.status:
        case Status.UNKNOWN:
            yield _untold(rule, row, deadline)
        case Status.NOT_STARTED:
            yield _step(message("What starts it has not happened yet."))
        case Status.NOT_NEEDED:
            yield _unneeded(rule, row)
    if deadline.done is not None:
        yield _step(message("It was done on {day}."), day=deadline.done)
    if deadline.missed:
        yield _step(message("Skipped, and so missed: {days}."), days=deadline.missed)
    yield from _sources(rule, row, deadline.raw or row.view.today)


def _untold(rule: DeadlineRule, row: Row, deadline: Deadline) -> Step:
    """What nobody can tell of an unknown deadline: its date, else whether the rule applies, else whether it was met."""
    place = str(deadline.cause.place if deadline.cause else row.record.place)
    if deadline.raw is None:
        return _step(message("The date cannot be told: {place}."), place=place)
    if _holds(rule.when, row) is None:
        return _step(message("{place} cannot be read, so nobody can tell whether it is needed."), place=place)
    return _step(message("{place} cannot be read, so nobody can tell whether it was met."), place=place)


def _unneeded(rule: DeadlineRule, row: Row) -> Step:
    """Why a deadline is not needed, in the sheet's words where the rule asks for no more than whether a cell is filled in."""
    if _holds(rule.when, row):
        return _step(message("It is not needed: the first time would come after the end."))
    environment = row.view.rules.environment
    for condition in _conditions(parse(environment, rule.when)):
        negated = isinstance(condition, nodes.Not)
        path = dotted(condition.node if isinstance(condition, nodes.Not) else condition)
        owner, value = _followed(path, row) if path else (None, None)
        asked = _asked(path, row)
        if asked is not None and negated and value:
            return _step(message("It is not needed as long as «{title}» remains to be done."), title=asked.title)
        if value is not None and not isinstance(value, FaultyCell) and bool(value) is negated:
            return _step(_UNNEEDED[negated, isinstance(value, bool)], heading=_heading(path, owner))
    return _step(message("It is not needed: «{when}» does not hold."), when=rule.when)


_UNNEEDED: Final[Mapping[tuple[bool, bool], str]] = {
    (False, False): message("It is not needed: «{heading}» is empty."),
    (False, True): message("It is not needed: «{heading}» is no."),
    (True, False): message("It is not needed: «{heading}» is filled in."),
    (True, True): message("It is not needed: «{heading}» is yes."),
}
"""Why not, by whether the rule says ``not`` and whether the value is a yes or no."""


def _conditions(expression: nodes.Expr) -> Iterator[nodes.Expr]:
    """What must hold at the same time."""
    if isinstance(expression, nodes.And):
        yield from _conditions(expression.left)
        yield from _conditions(expression.right)
    else:
        yield expression


def _holds(when: str, row: Row) -> bool | None:
    """Whether a condition holds; None where nobody can tell."""
    try:
        return bool(row.view.evaluate(when, row))
    except (CellError, RuleError, OutsideCalendar):
        return None


def _read(source: str, row: Row) -> Iterator[Step]:
    """The cells and terms that the rule counts from."""
    for path in row.view.rules.paths(source) if source else ():
        owner, value = _followed(path, row)
        asked = _asked(path, row)
        if asked is not None and isinstance(value, date):
            yield _step(message("«{title}» is due on {day}."), title=asked.title, day=value)
        elif isinstance(value, date) and owner is not None:
            yield _dated(path, owner, value)
        elif isinstance(value, Rows):
            yield from _listed(path, row)
        elif isinstance(value, Duration):
            yield _step(message("Period: {name} is {period}."), name=".".join(path), period=value)
        elif value is EMPTY:
            yield _step(message("{name} is empty."), name=_heading(path, owner))
        elif isinstance(value, FaultyCell):
            yield _step(message("{place} cannot be read."), place=str(value))


def _asked(path: tuple[str, ...], row: Row) -> DeadlineRule | None:
    """The other deadline of the row whose day a rule counts from or waits for, ``deadlines.answer.due``."""
    match path:
        case ("deadlines", name, "due" | "act_by"):
            return row.view.register.profile.deadlines[name]
    return None


def _dated(path: tuple[str, ...], owner: Row, day: date) -> Step:
    """The day that a cell or a computed column says, unless lists may not show it."""
    name, record = path[-1], owner.record
    column = _column(path, owner)
    heading = _heading(path, owner) if column is None else column.heading
    if column is not None and column.class_ != OPEN:
        return _step(message("{heading} ({place}) is not shown here."), heading=heading, place=str(record.cell(name)))
    places = ", ".join(_places(column, owner)) if column is not None else ""
    if places:
        return _step(message("{heading} ({place}) is {day}."), heading=heading, place=places, day=day)
    return _step(message("{name} is {day}."), name=heading, day=day)


def _listed(path: tuple[str, ...], row: Row) -> Iterator[Step]:
    """The numbers and dates that several rows give the rule, each with its cells."""
    sheets = row.view.register.profile.sheets
    _, owners = _followed(path[:-1], row)
    rows = [owner for owner in owners if isinstance(owner, Row)] if isinstance(owners, Rows) else []
    for owner in rows:
        _, value = _followed(path[-1:], owner)
        sheet = sheets.get(owner.record.sheet)
        if sheet is not None and isinstance(value, int | float | date) and not isinstance(value, bool):
            yield _step(
                message("{sheet}, {heading}: {value} ({places})."),
                sheet=sheet.title,
                heading=_heading(path[-1:], owner),
                value=value if sheet.columns[path[-1]].class_ == OPEN else HIDDEN,
                places=(*_described(sheet, owner), *_places(sheet.columns[path[-1]], owner)),
            )


def _described(sheet: Sheet, row: Row) -> Iterator[str | float | date]:
    """What the row says in its open cells: of a pause, from when to when and why."""
    for column in sheet.stored_columns:
        value = row.record.values[column.name]
        if column.class_ == OPEN and isinstance(value, str | int | float | date) and not isinstance(value, bool):
            yield value


def _places(column: Column, row: Row) -> Iterator[str]:
    """The cell of a column; of a computed one, the filled cells of its row that it is computed from."""
    record = row.record
    read = _columns_read(column, row)
    return (str(record.cell(name)) for name in record.columns if name in read and record.values[name] is not EMPTY)


def _columns_read(column: Column, row: Row) -> frozenset[str]:
    """The stored columns of the row's sheet that a column is, or is computed from over others."""
    if column.value is None:
        return frozenset({column.name})
    columns = row.view.register.profile.sheets[row.record.sheet].columns
    named = (path[0] for path in row.view.rules.paths(column.value))
    return frozenset().union(*(_columns_read(columns[name], row) for name in named if name in columns))


def _heading(path: tuple[str, ...], owner: Row | None) -> str:
    """What staff call the last name of a path: its column's heading, else the path as the profile has it."""
    column = _column(path, owner) if owner is not None else None
    return column.heading if column is not None else LETTER_DATES.get(path[-1], ".".join(path))


def _column(path: tuple[str, ...], owner: Row) -> Column | None:
    sheet = owner.view.register.profile.sheets.get(owner.ref.sheet)
    return sheet.columns.get(path[-1]) if sheet is not None else None


HIDDEN: Final = message("(not shown)")
"""Stands for a value of a class that lists may not show."""

LETTER_DATES = {
    "produced": message("The day the letter was made"),
    "sent": message("The day the letter was sent"),
    "arrived": message("The day the letter arrived"),
}
"""What the ledger's own dates are called."""


def _followed(path: tuple[str, ...], row: Row) -> tuple[Row | None, Any]:
    """The row that the last name of a path is asked of, and its value; a `FaultyCell` where it cannot be read."""
    owner: Any = None
    value: Any = row
    for name in path:
        owner = value
        try:
            value = row.view.rules.environment.getattr(value, name)
        except CellError as error:
            return (owner if isinstance(owner, Row) else None), error.cell
        except (RuleError, OutsideCalendar, KeyError):
            return None, None
    return (owner if isinstance(owner, Row) else None), value


def _counted(rule: DeadlineRule, deadline: Deadline, calendar: Calendar) -> Iterator[Step]:
    raw, due = deadline.raw, deadline.due
    if raw is None or due is None:
        return
    if rule.every is not None:
        yield _step(
            message("It comes every {every}; this is number {number}: {day}."),
            every=_period(rule.every, calendar),
            number=str(deadline.occurrence),
            day=raw,
        )
    else:
        yield _step(message("«{rule}» gives {day}."), rule=rule.due or "", day=raw)
    if deadline.act_by is None:
        if due != raw:
            yield _step(
                message("A citizen's right is never shortened: over {days} to {day}."),
                days=_days_off(calendar, raw, due),
                day=due,
            )
    elif deadline.act_by != raw:
        days = _days_off(calendar, deadline.act_by + timedelta(days=1), raw + timedelta(days=1))
        yield _step(message("The office acts on the last working day before {days}: {day}."), days=days, day=deadline.act_by)
    if deadline.remind_from is not None and rule.remind is not None:
        yield _step(
            message("It is due soon from {day}, {lead} before."), day=deadline.remind_from, lead=_period(rule.remind, calendar)
        )


def _period(text: str, calendar: Calendar) -> Duration | str:
    return parse_duration(text, calendar) or text


@lru_cache(maxsize=10_000)
def _days_off(calendar: Calendar, start: date, end: date) -> tuple[DayOff, ...]:
    """The days off from `start` up to but without `end`."""
    days = (start + timedelta(days=n) for n in range((end - start).days))
    return tuple(DayOff(day, calendar.holiday(day)) for day in days)


def _sources(rule: DeadlineRule, row: Row, day: date) -> Iterator[Step]:
    profile: Profile = row.view.register.profile
    for subject, condition in map(conditional, rule.basis):
        try:
            if condition != ALWAYS and not row.view.evaluate(condition, row):
                continue
        except (CellError, RuleError, OutsideCalendar):
            continue
        version = profile.reference(subject, day)
        if version is None:
            yield _step(message("Source: none for «{subject}» is valid on {day}."), subject=subject, day=day)
        elif version.checked is None:
            yield _step(message("Source: {text} (nobody has checked the reference)."), text=version.text)
        else:
            checked = version.checked
            yield _step(message("Source: {text} (checked by {by} on {day})."), text=version.text, by=checked.by, day=checked.on)


def _step(sentence: str, **facts: Fact) -> Step:
    return Step(sentence, tuple(facts.items()))
