"""The course of things: what has changed since the last working day, how old what is late is, and what is coming."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Final

from pipeline.calendars import Calendar
from pipeline.deadlines.model import Deadline, Status
from pipeline.lists.words import plain, record_key
from pipeline.register.model import Ref, Register

Identity = tuple[str, Ref, int]
"""What makes a deadline the same from run to run: rule, record, occurrence."""

LATE: Final = frozenset({Status.UNKNOWN, Status.OVERDUE})
"""What a manager wants to see gone."""

BANDS: Final = ((0, 5), (6, 10), (11, 20), (21, 60), (61, None))
"""Ages of overdue deadlines in working days: up to a week, two weeks, a month, a quarter, more."""

WEEKS: Final = 8
"""How many weeks ahead the load is shown, the current one among them."""

RUNS: Final = 60
"""How many runs the trend shows."""

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_MONDAY: Final = 0
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Night:
    """An earlier run that came to its end: its day, and its figures by name."""

    day: date
    figures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Before:
    """The run that today is compared with: the last one up to the last working day.

    Attributes:
        night: its day and figures.
        standings: where each open deadline stood at its end.
    """

    night: Night
    standings: Mapping[Identity, Status]


@dataclass(frozen=True, slots=True)
class Cured:
    """A deadline that was unknown or overdue and is not any more; `now` is None where it is gone from the register."""

    record: str
    title: str
    was: Status
    now: Status | None


@dataclass(frozen=True, slots=True)
class Since:
    """What has become of the unknown and overdue deadlines since a day.

    Attributes:
        day: of the run that is compared with.
        figures: that run's, by name.
        new: how many are unknown or overdue now and were not.
        still: how many were and are.
        cured: those that were and are not.
    """

    day: date
    figures: Mapping[str, int]
    new: int
    still: int
    cured: tuple[Cured, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """How many overdue deadlines are `first` to `last` working days old; `last` is None for all that are older."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Week:
    """What is to be done in a week.

    Attributes:
        monday: its first day.
        count: the open deadlines whose day to act lies in it, today or later.
        working_days: how many of its days are left and worked.
        off: the weekdays on which the office does not work, with the name of the holiday, empty where it is closed.
    """

    monday: date
    count: int
    working_days: int
    off: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """How many deadlines were unknown and overdue at the end of a run."""

    day: date
    unknown: int
    overdue: int


def since(before: Before | None, deadlines: Sequence[Deadline], register: Register) -> Since | None:
    """The story since the run that is compared with; None where there was none."""
    if before is None:
        return None
    now = {identity(deadline): deadline.status for deadline in deadlines}
    late = {each for each, status in now.items() if status in LATE}
    was = {each: status for each, status in before.standings.items() if status in LATE}
    cured = [each for each in was if each not in late]
    titles = {name: plain(rule.title) for name, rule in register.profile.deadlines.items()}
    return Since(
        day=before.night.day,
        figures=before.night.figures,
        new=len(late - was.keys()),
        still=len(late & was.keys()),
        cured=tuple(
            Cured(record_key(each[1], register), titles.get(each[0], plain(each[0])), was[each], now.get(each))
            for each in sorted(cured, key=lambda each: (each[1].key, each[1].sheet, each[0], each[2]))
        ),
    )


def identity(deadline: Deadline) -> Identity:
    """What makes it the same from run to run."""
    return deadline.rule, deadline.record, deadline.occurrence


def bands(ages: Iterable[int]) -> tuple[Band, ...]:
    """How many overdue deadlines there are of each age."""
    counted = Counter(ages)
    return tuple(
        Band(first, last, sum(n for age, n in counted.items() if first <= age and (last is None or age <= last)))
        for first, last in BANDS
    )


def median_age(ages: Sequence[int]) -> float | None:
    """The age that half of the overdue deadlines have reached; None where there are none."""
    return median(ages) if ages else None


def next_working_monday(today: date, calendar: Calendar) -> date:
    """The next Monday on which the office works: until then nobody else may look at the list."""
    monday = today + timedelta(days=7 - today.weekday())
    while not calendar.is_working_day(monday):
        monday += _WEEK
    return monday


def weeks(deadlines: Iterable[Deadline], today: date, calendar: Calendar) -> tuple[Week, ...]:
    """The load of the coming weeks: what is overdue by now is not in it."""
    nearest = [d.act_by or d.due for d in deadlines if d.status in {Status.DUE_SOON, Status.UPCOMING}]
    load = Counter(_monday(max(day, today)) for day in nearest if day is not None)
    return tuple(_week(_monday(today) + n * _WEEK, load, today, calendar) for n in range(WEEKS))


def _week(monday: date, load: Mapping[date, int], today: date, calendar: Calendar) -> Week:
    weekdays = [monday + n * _DAY for n in range(_SATURDAY)]
    off = [day for day in weekdays if not calendar.is_working_day(day)]
    left = sum(day >= today and day not in off for day in weekdays)
    return Week(monday, load.get(monday, 0), left, tuple((day, calendar.holiday(day)) for day in off))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday() - _MONDAY)


def trend(nights: Sequence[Night], today: Point) -> tuple[Point, ...]:
    """The last run of each day and today's, the oldest first."""
    by_day = {night.day: night for night in nights if night.day < today.day}
    earlier = [
        Point(day, by_day[day].figures.get("unknown", 0), by_day[day].figures.get("overdue", 0)) for day in sorted(by_day)
    ]
    return (*earlier[-(RUNS - 1) :], today)


def compared_with(nights: Sequence[Night], today: date, calendar: Calendar) -> Night | None:
    """The last run up to the last working day before today, else the last one before today."""
    earlier = [night for night in nights if night.day < today]
    last_working_day = calendar.last_working_day(today - _DAY)
    return next((night for night in reversed(earlier) if night.day <= last_working_day), earlier[-1] if earlier else None)
