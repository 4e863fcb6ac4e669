"""Working days and the law on deadlines in three countries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st
from workalendar.europe import Denmark, Norway, Sweden

from pipeline.calendars import FIRST_YEAR, LAST_YEAR, Calendar, Country, Duration, OutsideCalendar, Unit, parse_duration

COUNTRIES: Final[tuple[Country, ...]] = ("NO", "SE", "DK")
CALENDARS: Final = {country: Calendar(country) for country in COUNTRIES}
OFFICE: Final = Calendar("NO", closed=("12-24", "12-31", "2026-05-15"))
DAY: Final = timedelta(days=1)

days = st.dates(date(FIRST_YEAR + 1, 1, 1), date(LAST_YEAR - 1, 12, 31))
countries = st.sampled_from(COUNTRIES)


# ------------------------------------------------------------------ public holidays, against a second library


def eves_and_prayer_day(country: Country, day: date) -> bool:
    """Where the other library differs, and ours is right.

    It counts the eves of Sweden and Denmark, which are no public holidays by law (though a deadline does not end on them),
    and the Danish Store Bededag, the fourth Friday after Easter, in the years since 2024 in which it is an ordinary day.
    """
    match country:
        case "SE":
            midsummer_eve = day.month == 6 and 19 <= day.day <= 25 and day.weekday() == 4
            return midsummer_eve or (day.month, day.day) in {(12, 24), (12, 31)}
        case "DK":
            prayer_day = day.year >= 2024 and day == easter(day.year) + timedelta(days=26)
            return prayer_day or (day.month, day.day) == (12, 24)
        case "NO":
            return False


@pytest.mark.parametrize(("country", "other"), [("NO", Norway()), ("SE", Sweden()), ("DK", Denmark())])
@pytest.mark.parametrize("year", range(2020, 2036))
def test_public_holidays_are_those_of_another_library(country: Country, other: Norway, year: int) -> None:
    theirs = {day for day, _ in other.holidays(year) if not eves_and_prayer_day(country, day)}
    every_day = (date(year, 1, 1) + DAY * n for n in range(366))
    ours = {day for day in every_day if day.year == year and CALENDARS[country].holiday(day)}

    assert {day for day in ours ^ theirs if day.weekday() != 6} == set()


@pytest.mark.parametrize(
    ("country", "day", "name"),
    [
        ("NO", date(2026, 4, 2), "Skjærtorsdag"),
        ("NO", date(2027, 5, 17), "Grunnlovsdag"),
        ("SE", date(2026, 6, 6), "Nationaldagen"),
        ("DK", date(2026, 5, 14), "Kristi himmelfartsdag"),
        ("NO", date(2026, 4, 1), ""),
    ],
)
def test_a_holiday_has_its_name_in_the_countrys_language(country: Country, day: date, name: str) -> None:
    assert name in CALENDARS[country].holiday(day)
    assert bool(name) == bool(CALENDARS[country].holiday(day))


# ------------------------------------------------------------------ where the countries differ


@pytest.mark.parametrize(
    ("day", "open_in"),
    [
        (date(2026, 1, 5), "NO SE DK"),  # trettondagsafton: an eve that does not count (RÅ 2004 not 40)
        (date(2026, 1, 6), "NO DK"),
        (date(2026, 4, 1), "NO SE DK"),  # the day before Maundy Thursday
        (date(2026, 4, 2), "SE"),
        (date(2026, 4, 3), ""),
        (date(2026, 4, 6), ""),
        (date(2026, 5, 1), "DK"),
        (date(2026, 5, 14), ""),
        (date(2026, 5, 15), "NO SE"),  # the Friday after Ascension
        (date(2023, 5, 5), "NO SE"),  # Store Bededag, for the last time
        (date(2024, 4, 26), "NO SE DK"),
        (date(2026, 5, 25), "SE"),  # Whit Monday
        (date(2027, 5, 17), "SE"),  # Constitution Day and Whit Monday at once
        (date(2022, 5, 17), "SE DK"),
        (date(2026, 6, 5), "NO SE"),  # Grundlovsdag
        (date(2025, 6, 6), "NO DK"),
        (date(2026, 6, 19), "NO DK"),  # midsommarafton
        (date(2025, 12, 24), "NO"),
        (date(2025, 12, 25), ""),
        (date(2025, 12, 26), ""),
        (date(2025, 12, 31), "NO"),
        (date(2026, 1, 1), ""),
        (date(2026, 11, 21), ""),  # a Saturday
        (date(2026, 11, 22), ""),
    ],
)
def test_a_citizens_deadline_may_end_on_the_day(day: date, open_in: str) -> None:
    assert [country for country in COUNTRIES if CALENDARS[country].is_business_day(day)] == open_in.split()


@pytest.mark.parametrize(
    ("country", "raw", "due", "act_by"),
    [
        ("NO", date(2025, 1, 10), date(2025, 1, 10), date(2025, 1, 10)),
        ("NO", date(2025, 12, 24), date(2025, 12, 24), date(2025, 12, 24)),
        ("NO", date(2026, 4, 2), date(2026, 4, 7), date(2026, 4, 1)),
        ("NO", date(2026, 2, 28), date(2026, 3, 2), date(2026, 2, 27)),
        ("NO", date(2027, 5, 17), date(2027, 5, 18), date(2027, 5, 14)),
        ("NO", date(2026, 5, 14), date(2026, 5, 15), date(2026, 5, 13)),
        ("NO", date(2026, 12, 25), date(2026, 12, 28), date(2026, 12, 24)),
        ("SE", date(2026, 6, 19), date(2026, 6, 22), date(2026, 6, 19)),
        ("SE", date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 5)),
        ("DK", date(2026, 5, 15), date(2026, 5, 18), date(2026, 5, 15)),
        ("DK", date(2026, 12, 24), date(2026, 12, 28), date(2026, 12, 24)),
    ],
)
def test_next_business_day_and_last_working_day(country: Country, raw: date, due: date, act_by: date) -> None:
    assert CALENDARS[country].next_business_day(raw) == due
    assert CALENDARS[country].last_working_day(raw) == act_by


# ------------------------------------------------------------------ closed days


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 12, 24), False),
        (date(2029, 12, 24), False),
        (date(2025, 12, 31), False),
        (date(2026, 5, 15), False),
        (date(2027, 5, 14), True),
        (date(2026, 12, 23), True),
        (date(2026, 5, 16), False),
    ],
)
def test_the_offices_closed_days_are_no_working_days(day: date, works: bool) -> None:
    assert OFFICE.is_working_day(day) is works


def test_a_citizens_deadline_may_end_while_the_office_is_closed() -> None:
    assert OFFICE.is_business_day(date(2025, 12, 24))
    assert OFFICE.next_business_day(date(2026, 5, 15)) == date(2026, 5, 15)


def test_a_day_closed_every_leap_day_is_closed_in_leap_years() -> None:
    assert not Calendar("NO", closed=("02-29",)).is_working_day(date(2028, 2, 29))


@pytest.mark.parametrize("day", [date(FIRST_YEAR - 1, 12, 31), date(LAST_YEAR + 1, 1, 1), date.min, date.max])
def test_a_year_whose_holidays_are_not_known_is_no_guess(day: date) -> None:
    for ask in (
        OFFICE.holiday,
        OFFICE.is_business_day,
        OFFICE.is_working_day,
        OFFICE.next_business_day,
        OFFICE.last_working_day,
    ):
        with pytest.raises(OutsideCalendar):
            ask(day)


def test_counting_does_not_go_on_beyond_the_last_year() -> None:
    with pytest.raises(OutsideCalendar):
        OFFICE.add_working_days(date(LAST_YEAR, 12, 31), 1)
    with pytest.raises(OutsideCalendar):
        OFFICE.last_working_day(date(FIRST_YEAR, 1, 1))


# ------------------------------------------------------------------ laws


@given(countries, days)
def test_the_next_business_day_is_one_and_nothing_lies_between(country: Country, day: date) -> None:
    calendar = CALENDARS[country]
    due = calendar.next_business_day(day)

    assert due >= day
    assert calendar.is_business_day(due)
    assert not any(calendar.is_business_day(day + DAY * n) for n in range((due - day).days))
    assert (due - day).days <= 7


@given(days)
def test_the_last_working_day_is_one_and_nothing_lies_between(day: date) -> None:
    last = OFFICE.last_working_day(day)

    assert last <= day
    assert OFFICE.is_working_day(last)
    assert not any(OFFICE.is_working_day(day - DAY * n) for n in range((day - last).days))


@given(days, st.integers(1, 40))
def test_so_many_working_days_later_there_have_been_so_many(day: date, count: int) -> None:
    later = OFFICE.add_working_days(day, count)

    assert OFFICE.is_working_day(later)
    assert OFFICE.working_days_between(day, later) == count
    assert OFFICE.working_days_between(later, day) == -count


@given(days, st.integers(1, 20), st.integers(1, 20))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    assert OFFICE.add_working_days(OFFICE.add_working_days(day, first), second) == OFFICE.add_working_days(day, first + second)


@given(days, st.integers(1, 40))
def test_from_a_working_day_there_and_back_is_the_same_day(day: date, count: int) -> None:
    start = OFFICE.last_working_day(day)

    assert OFFICE.add_working_days(OFFICE.add_working_days(start, count), -count) == start


@given(days)
def test_no_working_days_later_is_the_same_day_weekend_or_not(day: date) -> None:
    assert OFFICE.add_working_days(day, 0) == day
    assert OFFICE.working_days_between(day, day) == 0


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # Friday to Monday
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # the start day is not counted, a Saturday either
        (date(2026, 3, 31), 2, date(2026, 4, 7)),  # over Easter
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # Christmas Eve closed
        (date(2026, 5, 13), 1, date(2026, 5, 18)),  # Ascension, and the day that is closed once
        (date(2026, 4, 7), -2, date(2026, 3, 31)),
        (date(2026, 11, 22), -1, date(2026, 11, 20)),
    ],
)
def test_working_days_are_counted_over_weekends_holidays_and_closed_days(start: date, count: int, end: date) -> None:
    assert OFFICE.add_working_days(start, count) == end


# ------------------------------------------------------------------ periods


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2024, 12, 20), "3 weeks", date(2025, 1, 10)),
        (date(2026, 1, 31), "1 month", date(2026, 2, 28)),
        (date(2024, 1, 31), "1 month", date(2024, 2, 29)),
        (date(2026, 2, 28), "1 month", date(2026, 3, 28)),
        (date(2026, 8, 31), "3 months", date(2026, 11, 30)),
        (date(2026, 10, 31), "12 months", date(2027, 10, 31)),
        (date(2024, 2, 29), "1 year", date(2025, 2, 28)),
        (date(2024, 2, 29), "4 years", date(2028, 2, 29)),
        (date(2026, 11, 30), "3 months", date(2027, 2, 28)),
        (date(2026, 12, 30), "2 days", date(2027, 1, 1)),
        (date(2026, 3, 28), "1 day", date(2026, 3, 29)),  # summer time begins: days have no hours here
        (date(2026, 12, 23), "1 working day", date(2026, 12, 28)),
        (date(2026, 11, 22), "0 days", date(2026, 11, 22)),
    ],
)
def test_a_period_ends_on_the_same_weekday_or_number_or_the_months_last_day(start: date, period: str, end: date) -> None:
    duration = parse_duration(period, OFFICE)

    assert duration is not None
    assert start + duration == end
    assert duration + start == end


@pytest.mark.parametrize(
    ("anchor", "every", "occurrences"),
    [
        (date(2024, 2, 29), "1 year", [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]),
        (date(2026, 1, 31), "1 month", [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]),
        (date(2026, 8, 31), "3 months", [date(2026, 11, 30), date(2027, 2, 28), date(2027, 5, 31), date(2027, 8, 31)]),
    ],
)
def test_occurrences_are_counted_from_the_anchor_and_do_not_drift(anchor: date, every: str, occurrences: list[date]) -> None:
    duration = parse_duration(every)

    assert duration is not None
    assert [anchor + duration * n for n in range(1, len(occurrences) + 1)] == occurrences


@given(days, st.integers(0, 500), st.sampled_from(["days", "weeks"]))
def test_days_and_weeks_there_and_back_are_the_same_day(day: date, count: int, unit: Unit) -> None:
    duration = Duration(count, unit)

    assert day + duration - duration == day


@given(days, st.integers(1, 60))
def test_months_end_on_the_same_number_or_the_months_last_day(day: date, count: int) -> None:
    end = day + Duration(count, "months")

    assert (end.year - day.year) * 12 + end.month - day.month == count
    assert end.day == day.day or (end.day < day.day and (end + DAY).day == 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "weeks",
        "three weeks",
        "3 wekes",
        "3  weeks",
        " 3 weeks",
        "-3 weeks",
        "3.5 weeks",
        "3 Weeks",
        "3 weeks ago",
        "3 business days",
    ],
)
def test_what_is_no_period_is_none(text: str) -> None:
    assert parse_duration(text) is None


@pytest.mark.parametrize(
    ("text", "count", "unit"), [("1 day", 1, "days"), ("10 working days", 10, "working days"), ("2 months", 2, "months")]
)
def test_a_period_is_read(text: str, count: int, unit: Unit) -> None:
    assert parse_duration(text) == Duration(count, unit)


@pytest.mark.parametrize(
    "period", [Duration(10**6, "months"), Duration(10**10, "days"), Duration(9000, "years"), Duration(10**9, "weeks")]
)
def test_a_period_that_leads_beyond_every_calendar_is_told(period: Duration) -> None:
    with pytest.raises(OutsideCalendar):
        _ = date(2026, 11, 23) + period


def test_working_days_cannot_be_counted_without_a_calendar() -> None:
    with pytest.raises(TypeError):
        _ = date(2026, 11, 23) + Duration(3, "working days")


@pytest.mark.parametrize("other", [3, "3", 1.5, Duration(1, "days")])
def test_a_period_is_added_to_dates_alone(other: object) -> None:
    with pytest.raises(TypeError):
        _ = Duration(3, "weeks") + other  # type: ignore[operator]  # the mistake that is tested


@given(start=st.dates(date(1999, 1, 1), date(2031, 12, 31)), end=st.dates(date(1999, 1, 1), date(2031, 12, 31)))
def test_working_days_between_are_those_that_one_meets_on_the_way(start: date, end: date) -> None:
    first, last = sorted((start, end))
    met = sum(OFFICE.is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
    assert OFFICE.working_days_between(start, end) == (met if start <= end else -met)
