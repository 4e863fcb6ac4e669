"""Working days, and how each country's law counts deadlines.

Two questions, two answers (``docs/design.md``, «Dates, exactly»):

- a citizen's right that ends on a day off ends on the *next business day*, by the country's law on deadlines;
- an office acts on the *last working day* on or before the date, its own closed days not counting.

>>> norway = Calendar("NO", closed=("12-24",))
>>> norway.next_business_day(date(2026, 4, 2))  # Maundy Thursday: over the whole of Easter
datetime.date(2026, 4, 7)
>>> norway.last_working_day(date(2025, 12, 24))
datetime.date(2025, 12, 23)
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal, get_args

import holidays
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

Country = Literal["NO", "SE", "DK"]
Unit = Literal["days", "weeks", "months", "years", "working days"]

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2099
"""The years whose holidays are known well enough to count by; a date outside them is a finding, not a guess."""

_LANGUAGE: Final = {"NO": "no", "SE": "sv", "DK": "da"}
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_FRIDAY: Final = 4


class OutsideCalendar(ValueError):
    """A date in a year whose holidays are not known."""


class Calendar:
    """The days of one country and one office."""

    def __init__(self, country: Country, closed: tuple[str, ...] = ()) -> None:
        """Know the country's law and the office's closed days.

        Args:
            country: whose law on deadlines counts.
            closed: days the office is closed besides, as ``12-24`` (every year) or ``2026-05-15`` (once).
        """
        self.country = country
        self._every_year = frozenset(day for day in closed if len(day) == len("12-24"))
        self._once = frozenset(closed) - self._every_year
        self._holidays = holidays.country_holidays(country, language=_LANGUAGE[country])
        self._known: dict[tuple[date, bool], bool] = {}
        self._years: dict[int, list[int]] = {}

    def holiday(self, day: date) -> str:
        """The name of the public holiday in the country's language, or nothing."""
        _within(day)
        return self._holidays.get(day, "")

    def is_business_day(self, day: date) -> bool:
        """Whether a citizen's deadline may end on this day by the country's law on deadlines."""
        return self._is_open(day, office=False)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works: no weekend, no public holiday, not closed."""
        return self._is_open(day, office=True)

    def next_business_day(self, day: date) -> date:
        """The first business day on or after the day."""
        while not self.is_business_day(day):
            day += _DAY
        return day

    def last_working_day(self, day: date) -> date:
        """The last working day of the office on or before the day."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The day so many working days later, or earlier where `count` is negative; the start day is not counted."""
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative where `end` is earlier."""
        first, last = sorted((start, end))
        years = sum(self._worked(year)[-1] for year in range(first.year, last.year))
        count = years + self._worked(last.year)[_day_of_year(last)] - self._worked(first.year)[_day_of_year(first)]
        return count if start <= end else -count

    def _worked(self, year: int) -> list[int]:
        """How many working days of a year have passed at the end of each of its days, before the first at the head."""
        if year not in self._years:
            days = (date(year, 1, 1) + _DAY * n for n in range(365 + isleap(year)))
            self._years[year] = list(accumulate(map(self.is_working_day, days), initial=0))
        return self._years[year]

    def _is_open(self, day: date, *, office: bool) -> bool:
        known = self._known.get((day, office))
        if known is None:
            _within(day)
            off = day.weekday() >= _SATURDAY or day in self._holidays
            if office:
                off = off or f"{day:%m-%d}" in self._every_year or day.isoformat() in self._once
            else:
                off = off or _is_day_off_by_law(self.country, day)
            known = self._known[day, office] = not off
        return known


def _day_of_year(day: date) -> int:
    """1 for the first of January."""
    return day.timetuple().tm_yday


def _within(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutsideCalendar(day.isoformat())


def _is_day_off_by_law(country: Country, day: date) -> bool:
    """Days that are no public holidays but on which a deadline does not end.

    Norway has none: 24 and 31 December are ordinary days (domstolloven § 149, helligdagsfredloven § 2).
    Sweden: midsummer's, Christmas and New Year's Eve (lag 1930:173 § 2).
    Denmark: the Friday after Ascension, 5 June, 24 and 31 December (forældelsesloven § 27, and the complaint boards).
    """
    match country:
        case "NO":
            return False
        case "SE":
            midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == _FRIDAY
            return midsummer_eve or f"{day:%m-%d}" in {"12-24", "12-31"}
        case "DK":
            friday_after_ascension = easter(day.year) + timedelta(days=40)
            return day == friday_after_ascension or f"{day:%m-%d}" in {"06-05", "12-24", "12-31"}


@dataclass(frozen=True, slots=True)
class Duration:
    """A period of law or routine: so many days, weeks, months, years or working days.

    Added to or taken from a date.
    Weeks, months and years end on the same weekday or day number, or on the month's last day (domstolloven § 148).
    The calendar is needed for working days alone.
    """

    count: int
    unit: Unit
    calendar: Calendar | None = field(default=None, compare=False, repr=False)

    def __add__(self, day: date) -> date:
        """The day so much later."""
        # What is no date may know itself how it is added to: so Python asks it, and refuses where it does not.
        return self.after(day, 1) if isinstance(day, date) else NotImplemented

    __radd__ = __add__

    def __rsub__(self, day: date) -> date:
        """The day so much earlier."""
        return self.after(day, -1) if isinstance(day, date) else NotImplemented  # as for __add__

    def __mul__(self, times: int) -> Duration:
        """The period so many times over, always counted from its anchor: 29 February and the 31st do not drift."""
        return Duration(self.count * times, self.unit, self.calendar) if isinstance(times, int) else NotImplemented

    __rmul__ = __mul__

    def after(self, day: date, times: int) -> date:
        """The day that comes after the period so many times over: ``day + period * times``."""
        return _later(day, self.count * times, self.unit, self.calendar)


@lru_cache(maxsize=1024)
def _months(count: int) -> relativedelta:
    return relativedelta(months=count)


@lru_cache(maxsize=65_536)
def _later(day: date, count: int, unit: Unit, calendar: Calendar | None) -> date:
    try:
        match unit:
            case "working days":
                if calendar is None:
                    raise TypeError("working days are counted in a calendar")
                return calendar.add_working_days(day, count)
            case "weeks":
                return day + timedelta(weeks=count)
            case "days":
                return day + timedelta(days=count)
            case "months" | "years":
                return day + _months(count if unit == "months" else 12 * count)
    except (OverflowError, ValueError) as error:
        raise OutsideCalendar(f"{day} + {count} {unit}") from error


_DURATION = re.compile(r"(\d+) (day|week|month|year|working day)s?")


@lru_cache(maxsize=1024)
def parse_duration(text: str, calendar: Calendar | None = None) -> Duration | None:
    """The period that a profile writes as ``3 weeks`` or ``10 working days``, or None where the text is none."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    unit = f"{match[2]}s"
    return Duration(int(match[1]), next(known for known in get_args(Unit) if known == unit), calendar)
