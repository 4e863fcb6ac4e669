"""National identity numbers of Norway, Sweden and Denmark, the temporary, coordination and made-up ones included.

python-stdnum knows the check digits and the centuries.
It refuses Norwegian test numbers (month + 80 in Skatteetaten's test population, + 65 in others), Swedish coordination numbers
and Danish replacement numbers (day + 60), which registers do hold: here they are read.
Sex is never derived from a number, since Norwegian numbers cease to tell it in 2032.

>>> read_national_id("038485 00134", "NO", date(2026, 11, 23))
'03848500134'
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from stdnum import luhn
from stdnum.dk import cpr
from stdnum.exceptions import ValidationError
from stdnum.no import fodselsnummer

from pipeline.calendars import Country

_SEPARATORS: Final = re.compile(r"[\s\-–.]")
_SWEDISH: Final = re.compile(r"(\d\d)?(\d\d)(\d\d)(\d\d)([-+]?)(\d{4})")
_MONTH_SHIFTS: Final = (80, 65, 40)
_SYNTHETIC_FROM: Final = 65
_DAY_SHIFTS: Final = {"NO": 40, "SE": 60, "DK": 60}
_LONGEST_MONTH: Final = 31


class NationalIdError(ValueError):
    """The text is no national identity number; the argument is the code of the finding."""


def read_national_id(text: str, country: Country, today: date) -> str:
    """The number as it is kept: its digits, and in Sweden the sign before the last four.

    Args:
        text: what the cell holds.
        country: whose numbers.
        today: a person is not born after this day.

    Raises:
        NationalIdError: ``nin-unreadable`` (length, signs), ``nin-check-digits`` or ``nin-impossible-date``.
    """
    match country:
        case "NO":
            number, born = _norwegian(text)
        case "SE":
            number, born = _swedish(text, today)
        case "DK":
            number, born = _danish(text)
    if born > today:
        raise NationalIdError("nin-impossible-date")
    return number


def is_synthetic(number: str, country: Country) -> bool:
    """Whether a number that was read belongs to nobody but a test population.

    Only Norwegian ones tell: month + 80 (Skatteetaten) and + 65; + 40 does not, for hospitals give such numbers to patients.
    """
    return country == "NO" and int(number[2:4]) > _SYNTHETIC_FROM


def _norwegian(text: str) -> tuple[str, date]:
    number = _digits(text, 11)
    checks = fodselsnummer.calc_check_digit1(number) + fodselsnummer.calc_check_digit2(number)
    if number[-2:] != checks:
        raise NationalIdError("nin-check-digits")
    month = int(number[2:4])
    month -= next((shift for shift in _MONTH_SHIFTS if month > shift), 0)
    return number, _born(fodselsnummer.get_birth_date, f"{_unshifted_day(number[:2], 'NO')}{month:02}{number[4:]}")


def _danish(text: str) -> tuple[str, date]:
    number = _digits(text, 10)
    return number, _born(cpr.get_birth_date, f"{_unshifted_day(number[:2], 'DK')}{number[2:]}")


def _swedish(text: str, today: date) -> tuple[str, date]:
    number = "".join(text.split())
    match = _SWEDISH.fullmatch(number)
    if match is None:
        raise NationalIdError("nin-unreadable")
    century, year, month, day, sign, rest = match.groups()
    if not luhn.is_valid(year + month + day + rest):
        raise NationalIdError("nin-check-digits")
    day = _unshifted_day(day, "SE")
    try:
        if century:
            return number, date(int(century + year), int(month), int(day))
        born = date(today.year // 100 * 100 + int(year), int(month), int(day))
        back = (born > today) + (sign == "+")
        return number, born.replace(year=born.year - 100 * back)
    except ValueError:
        raise NationalIdError("nin-impossible-date") from None


def _digits(text: str, count: int) -> str:
    number = _SEPARATORS.sub("", text)
    if len(number) != count or not (number.isascii() and number.isdigit()):
        raise NationalIdError("nin-unreadable")
    return number


def _unshifted_day(day: str, country: Country) -> str:
    shift = _DAY_SHIFTS[country]
    return f"{int(day) - shift:02}" if shift < int(day) <= shift + _LONGEST_MONTH else day


def _born(birth_date: object, number: str) -> date:
    try:
        return birth_date(number)  # type: ignore[operator, no-any-return]  # stdnum is not typed here
    except (ValidationError, ValueError):
        raise NationalIdError("nin-impossible-date") from None
