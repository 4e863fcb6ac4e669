"""What a cell holds beside what is read: the three outcomes of every type."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.findings import Severity
from pipeline.profile.model import Column
from pipeline.register.cells import Conventions, Doubtful, clean, reader_of, several
from pipeline.register.problems import Problem
from pipeline.texts.messages import FINDINGS

TODAY = date(2026, 11, 23)
APRIL = date(2026, 4, 3)
CHOICES = ("innvilget", "delvis innvilget", "avslag")


def read(type_: str, raw: Any, *, many: bool = False, date1904: bool = False, country: Any = "NO") -> Any:
    """The value, the code of the error, or value and code of the warning."""
    column = Column.model_validate({"name": "c", "heading": "C", "type": type_, "choices": CHOICES, "many": many})
    reader = reader_of(column, Conventions(country, TODAY, date1904))
    reading = (several(reader) if many else reader)(raw)
    if isinstance(reading, Problem):
        assert reading.severity is Severity.ERROR
        return reading.code
    if isinstance(reading, Doubtful):
        assert reading.problem.severity is Severity.WARNING
        return reading.value, reading.problem.code
    return reading


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (APRIL, APRIL),
        (datetime(2026, 4, 3, 23, 59, 59), APRIL),  # noqa: DTZ001 -- Excel knows no time zones
        ("03.04.2026", APRIL),
        ("3.4.2026", APRIL),
        ("3. 4. 2026", APRIL),
        (" 3.4.2026\u00a0", APRIL),
        ("2026-04-03", APRIL),
        ("2026-04-03 00:00:00", APRIL),
        ("2026-04-03T12:30:00Z", APRIL),
        ("2026-04-02T22:30Z", APRIL),  # a point in time is the day that it is in the office
        ("2026-04-02T21:59:59.999Z", date(2026, 4, 2)),
        ("2026-04-03T00:30+02:00", APRIL),
        ("2026-04-02 18:30-0400", APRIL),
        ("2026-06-30T22:30Z", date(2026, 7, 1)),
        ("2026-01-31T22:59Z", date(2026, 1, 31)),  # winter time
        ("2026-01-31T23:00Z", date(2026, 2, 1)),
        ("2026-10-24T22:30Z", date(2026, 10, 25)),  # the night on which summer time ends
        ("2026-06-30T22:30", date(2026, 6, 30)),  # no zone: the day as it stands
        ("03-04-2026", APRIL),
        ("3/4-2026", APRIL),
        ("13/04/2026", date(2026, 4, 13)),
        ("04/04/2026", date(2026, 4, 4)),
        ("29.02.2024", date(2024, 2, 29)),
        ("03/04/2026", "date-ambiguous"),
        ("3/4/26", "date-ambiguous"),
        ("30.02.2026", "date-impossible"),
        ("29.02.2025", "date-impossible"),
        ("31.04.2026", "date-impossible"),
        ("2026-13-01", "date-impossible"),
        ("00.00.2026", "date-impossible"),
        ("03.04.1026", "date-implausible"),
        ("03.04.2206", "date-implausible"),
        (date(1905, 7, 18), "date-implausible"),
        (datetime(1900, 1, 7, 12), "date-implausible"),  # noqa: DTZ001
        ("03.04.26", (APRIL, "date-short-year")),
        ("3.4.58", (date(1958, 4, 3), "date-short-year")),
        ("04/13/2026", (date(2026, 4, 13), "date-month-first")),
        ("3. april 2026", (APRIL, "date-in-words")),
        ("3 Apr. 2026", (APRIL, "date-in-words")),
        ("1. mai 2026", (date(2026, 5, 1), "date-in-words")),
        (46115.0, (APRIL, "date-serial")),
        (46115.75, (APRIL, "date-serial")),
        (2026.0, "date-incomplete"),
        (20260403.0, "date-run-together"),
        (-5.0, "date-unreadable"),
        (1e300, "date-unreadable"),
        (time(0, 0), "date-unreadable"),
        (timedelta(days=1, hours=12), "date-unreadable"),
        (True, "date-unreadable"),
        ("20260403", "date-run-together"),
        ("030426", "date-run-together"),
        ("uke 14", "date-week"),
        ("3. 4.", "date-incomplete"),
        ("-", "date-unreadable"),
        ("?", "date-unreadable"),
        ("03.04.2026 eller 05.04.2026", "date-unreadable"),
    ],
)
def test_dates(raw: Any, value: Any) -> None:
    assert read("date", raw) == value


def test_a_number_without_a_date_format_counts_from_1904_in_an_old_mac_workbook() -> None:
    assert read("date", 46115.0 - 1462, date1904=True) == (APRIL, "date-serial")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Ola", "Ola"),
        ("  Ola \u00a0", "Ola"),
        ("Ola\u200bNordmann\ufeff", "OlaNordmann"),
        ("A\u030asa", "Åsa"),
        ("linje 1\r\nlinje 2", "linje 1\nlinje 2"),
        ("a\x07b", "ab"),
        (2026.0, "2026"),
        (-3.0, "-3"),
        (7.5, "7,5"),
        (17912099997.0, "17912099997"),
        (1.2345678901234567e17, "digits-lost"),
        (date(2026, 5, 1), "not-text"),
        (time(1, 30), "not-text"),
        (True, "not-text"),
    ],
)
def test_texts(raw: Any, value: Any) -> None:
    assert read("text", raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (3.0, 3),
        (7.5, 7.5),
        (0.1 + 0.2, 0.3),
        ("7,5", 7.5),
        ("7.5", 7.5),
        ("1 234,50", 1234.5),
        ("1\u00a0234", 1234),
        ("1.234,50", 1234.5),
        ("-2", -2),
        ("−2", -2),
        ("1.500", "number-ambiguous"),
        ("12.345.678", "number-ambiguous"),
        ("7,5 timer", "number-unreadable"),
        ("kr 100", "number-unreadable"),
        ("syv", "number-unreadable"),
        ("1e5", "number-unreadable"),
        ("٣", "number-unreadable"),
        (date(2026, 5, 7), "number-unreadable"),
        (time(7, 30), "number-unreadable"),
        (True, "number-unreadable"),
    ],
)
def test_numbers(raw: Any, value: Any) -> None:
    assert read("number", raw) == value


def test_a_whole_number_is_an_integer_so_that_letters_print_it_without_decimals() -> None:
    assert type(read("number", 3.0)) is int
    assert type(read("number", "3,0")) is int


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (time(13, 30), time(13, 30)),
        ("13:30", time(13, 30)),
        ("13.30", time(13, 30)),
        ("kl. 9.05", time(9, 5)),
        ("13:30:00", time(13, 30)),
        ("25:00", "time-unreadable"),
        ("12:60", "time-unreadable"),
        (13.3, "time-unreadable"),
        (date(2026, 4, 3), "time-unreadable"),
        ("formiddag", "time-unreadable"),
    ],
)
def test_times(raw: Any, value: Any) -> None:
    assert read("time", raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("innvilget", "innvilget"),
        ("INNVILGET ", "innvilget"),
        ("delvis  innvilget", "delvis innvilget"),
        ("Delvis\u00a0Innvilget", "delvis innvilget"),
        ("invilget", "unknown-choice-near"),
        ("Innvilgt", "unknown-choice-near"),
        ("ja", "unknown-choice"),
        (1.0, "unknown-choice"),
        (date(2026, 4, 3), "not-text"),
    ],
)
def test_choices(raw: Any, value: Any) -> None:
    assert read("choice", raw) == value


@pytest.mark.parametrize(("secrecy", "guess"), [("open", "avslag"), ("helse", None)])
def test_an_unknown_choice_names_all_choices_and_the_nearest_where_that_is_no_secret(secrecy: str, guess: str | None) -> None:
    table = {"name": "c", "heading": "C", "type": "choice", "choices": CHOICES, "class": secrecy}
    reading = reader_of(Column.model_validate(table), Conventions("NO", TODAY))("avlsag")
    assert isinstance(reading, Problem)
    facts = dict(reading.facts)
    assert (facts["choices"], facts.get("guess")) == (" · ".join(CHOICES), guess)


@pytest.mark.parametrize("raw", ["ja", "Ja", "JA ", "x", "X", "j", "yes", "true", "SANN", "✓", 1.0, True])
def test_yes(raw: Any) -> None:
    assert read("yesno", raw) is True


@pytest.mark.parametrize("raw", ["nei", "Nej", "n", "no", "FALSE", "usann", "falsk", 0.0, False])
def test_no(raw: Any) -> None:
    assert read("yesno", raw) is False


@pytest.mark.parametrize("raw", ["kanskje", "ja?", "ja/nei", 2.0, "-", date(2026, 4, 3)])
def test_neither_yes_nor_no(raw: Any) -> None:
    assert read("yesno", raw) == "yesno-unreadable"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("støtte; trening", ("støtte", "trening")),
        ("støtte\ntrening", ("støtte", "trening")),
        ("støtte;;\n trening ;", ("støtte", "trening")),
        ("støtte", ("støtte",)),
        (7.0, ("7",)),
    ],
)
def test_several_texts_in_a_cell(raw: Any, value: Any) -> None:
    assert read("text", raw, many=True) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Avslag; INNVILGET", ("avslag", "innvilget")),
        ("avslag, innvilget", "unknown-choice-of-several"),
        ("avslag; noe annet", "unknown-choice-of-several"),
    ],
)
def test_several_choices_in_a_cell(raw: Any, value: Any) -> None:
    assert read("choice", raw, many=True) == value


def test_several_dates_in_a_cell_keep_the_warning_of_one() -> None:
    assert read("date", "03.04.2026; 3.4.26", many=True) == ((APRIL, APRIL), "date-short-year")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("038485 00134", "03848500134"),
        (3848500134.0, ("03848500134", "nin-zero-lost")),
        (3848500143.0, "nin-digit-missing"),
        (57912050183.0, "57912050183"),
        (date(2026, 4, 3), "not-text"),
    ],
)
def test_national_ids_with_a_lost_nought_put_back_only_where_the_number_then_is_right(raw: Any, value: Any) -> None:
    assert read("nin", raw) == value


anything = st.one_of(
    st.text(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("type_", ["text", "number", "date", "time", "choice", "yesno", "nin"])
@given(raw=anything)
def test_no_cell_makes_a_reader_fail_and_every_problem_has_its_sentences(type_: str, many: bool, raw: Any) -> None:
    outcome = read(type_, raw, many=many)
    if isinstance(outcome, str) and type_ in {"number", "date", "time", "yesno"}:
        assert outcome in FINDINGS


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("raw", "country", "shown"),
    [
        (APRIL, "NO", "03.04.2026"),
        (APRIL, "DK", "03.04.2026"),
        (APRIL, "SE", "2026-04-03"),
        (datetime(2026, 4, 3, 14, 5), "NO", "03.04.2026 14:05"),  # noqa: DTZ001
        (time(14, 5), "NO", "14:05"),
        (2026.0, "NO", "2026"),
        (7.5, "NO", "7,5"),
        (True, "NO", "TRUE"),
        ("x", "NO", "x"),
    ],
)
def test_a_cell_is_shown_as_staff_see_it(raw: Any, country: Any, shown: str) -> None:
    assert Conventions(country, TODAY).shown(raw) == shown
