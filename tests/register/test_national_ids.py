"""National identity numbers, made up ones alone."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum import luhn

from pipeline.calendars import Country
from pipeline.register.national_ids import NationalIdError, read_national_id

TODAY = date(2026, 11, 23)
SWEDISH = "850403238" + luhn.calc_check_digit("850403238")
COORDINATION = "850463238" + luhn.calc_check_digit("850463238")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("03848500134", "NO", "03848500134"),
        ("038485 00134", "NO", "03848500134"),
        ("038485-00134", "NO", "03848500134"),
        ("57912050183", "NO", "57912050183"),
        ("03448500151", "NO", "03448500151"),
        ("03698500289", "NO", "03698500289"),
        (SWEDISH, "SE", SWEDISH),
        (f"19{SWEDISH}", "SE", f"19{SWEDISH}"),
        (f"19{SWEDISH[:6]}-{SWEDISH[6:]}", "SE", f"19{SWEDISH[:6]}-{SWEDISH[6:]}"),
        (COORDINATION, "SE", COORDINATION),
        ("010190-1234", "DK", "0101901234"),
        ("610190-1234", "DK", "6101901234"),
    ],
)
def test_a_number_of_any_kind_is_read(text: str, country: Country, number: str) -> None:
    assert read_national_id(text, country, TODAY) == number


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("", "NO", "nin-unreadable"),
        ("3848500134", "NO", "nin-unreadable"),
        ("038485001345", "NO", "nin-unreadable"),
        ("O3848500134", "NO", "nin-unreadable"),
        ("03848500143", "NO", "nin-check-digits"),
        ("30848500134", "NO", "nin-check-digits"),
        ("31828500360", "NO", "nin-impossible-date"),
        ("85128500192", "NO", "nin-impossible-date"),
        ("03843550036", "NO", "nin-impossible-date"),
        ("8504032380", "SE", "nin-check-digits"),
        ("85-04-03-2387", "SE", "nin-unreadable"),
        ("310290-1234", "DK", "nin-impossible-date"),
        ("010190-123", "DK", "nin-unreadable"),
    ],
)
def test_what_is_no_number_is_refused_for_its_reason(text: str, country: Country, code: str) -> None:
    with pytest.raises(NationalIdError, match=f"^{code}$"):
        read_national_id(text, country, TODAY)


def test_a_swedish_number_of_ten_digits_belongs_to_somebody_born_before_today() -> None:
    number = "301231001" + luhn.calc_check_digit("301231001")
    assert read_national_id(number, "SE", TODAY) == number
    with pytest.raises(NationalIdError, match="nin-impossible-date"):
        read_national_id(f"20{number}", "SE", TODAY)
