"""From what a cell holds to a typed value, by the column's type.

A reading has one of three outcomes: a value, a value with a doubt (a warning: one likely meaning, but a person ought to look),
or a `Problem` (an error: more than one meaning, or none).
What has one sensible meaning and loses nothing, such as spaces around a text or a choice in capitals, is put right silently.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.tz import tzstr

from pipeline.calendars import Country
from pipeline.findings import Severity
from pipeline.profile.model import OPEN, Column
from pipeline.register.grid import Raw
from pipeline.register.model import Ref, Scalar
from pipeline.register.national_ids import NationalIdError, read_national_id
from pipeline.register.problems import Problem

FIRST_YEAR: Final = 1910
LAST_YEAR: Final = 2099
"""The years that a date may lie in.

Before 1910 nobody in a register is born,
and a year typed alone into a date cell (2026) becomes a day of 1905, in old workbooks from a Mac of 1909.
"""

MAX_EXACT: Final = 10**15
"""Excel keeps 15 digits of a number; a longer one has lost its end."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A value that was read, and the warning that goes with it."""

    value: Scalar | tuple[Scalar, ...]
    problem: Problem


Reading = Scalar | tuple[Scalar, ...] | Doubtful | Problem
Reader = Callable[[Raw], Reading]
"""Reads one cell that is not empty."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What decides how cells are read.

    Attributes:
        country: whose dates and national ids.
        today: decides the century of a year of two digits.
        date1904: numbers without a date format count from 1904.
    """

    country: Country
    today: date
    date1904: bool = False

    def shown(self, raw: object) -> str:
        """What a cell or a value read from it shows, as near as can be told without the format."""
        if isinstance(raw, datetime) and raw.time() != time():
            return f"{self.shown(raw.date())} {raw:%H:%M}"
        match raw:
            case bool():
                return str(raw).upper()
            case float():
                return _plain_number(raw)
            case date():
                return f"{raw:%Y-%m-%d}" if self.country == "SE" else f"{raw:%d.%m.%Y}"
            case time():
                return f"{raw:%H:%M}"
            case _:
                return raw.key if isinstance(raw, Ref) else str(raw)


def reader_of(column: Column, conventions: Conventions) -> Reader:
    """The reader of a column's cells, made once; a reference is read as the text of a key."""
    readers: dict[str, Callable[[], Reader]] = {
        "text": lambda: _text,
        "ref": lambda: _text,
        "number": lambda: _number,
        "date": lambda: _DateReader(conventions),
        "time": lambda: _time,
        "choice": lambda: _choice_reader(column),
        "yesno": lambda: _yesno,
        "nin": lambda: _nin_reader(conventions),
    }
    return readers[column.type]()


_SEVERAL: Final = re.compile(r"[;\n]")


def several(reader: Reader) -> Reader:
    """A reader of cells that hold several values, separated by semicolon or line break."""

    def read(raw: Raw) -> Reading:
        parts: Iterable[Raw] = (raw,)
        if isinstance(raw, str):
            parts = [part for part in map(clean, _SEVERAL.split(clean(raw))) if part]
        values: list[Scalar] = []
        doubt: Problem | None = None
        for part in parts:
            reading = reader(part)
            if isinstance(reading, Problem):
                return reading
            if isinstance(reading, Doubtful):
                doubt, reading = reading.problem, reading.value
            values.append(reading)  # type: ignore[arg-type]  # a reader of single values gives single values
        return Doubtful(tuple(values), doubt) if doubt else tuple(values)

    return read


_CONTROLS: Final = {code: None for code in range(32) if chr(code) not in "\t\n"}
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
_PLAIN: Final = {0x00A0: " ", 0x2007: " ", 0x2009: " ", 0x202F: " ", 0x2010: "-", 0x2011: "-"}
_CLEANED: Final = {**_CONTROLS, **_INVISIBLE, **_PLAIN, 0x2028: "\n"}
_HYPHENS: Final = re.compile("[\u2010\u2011]")


def clean(text: str) -> str:
    """The text without what nobody sees: outer spaces, invisible and control characters; in one form of each letter (NFC)."""
    if text.isprintable():  # nearly always: the only blanks in it are plain spaces
        return (text if text.isascii() else unicodedata.normalize("NFC", _HYPHENS.sub("-", text))).strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CLEANED)
    return unicodedata.normalize("NFC", text).strip()


def is_blank(text: str) -> bool:
    """Whether nothing is left of the text once it is cleaned."""
    return not text or (not text[0].isalnum() and not clean(text))


def folded(text: str) -> str:
    """The text for comparing names and choices: without regard to case and number of spaces."""
    return " ".join(clean(text).casefold().split())


_LOOK_ALIKES: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТУХаеоѕіјрсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧνο",
        "ABESIJKMHOPCTYXaeosijpcyxABEZHIKMNOPTYXvo",
        strict=True,
    )
)


def look_alikes(text: str) -> str:
    """The Cyrillic and Greek letters of a text that look like Latin ones, with those they look like; nothing where none is."""
    if text.isascii():
        return ""
    found = dict.fromkeys(letter for letter in text if letter in _LOOK_ALIKES)
    return ", ".join(
        f"«{letter}» ({unicodedata.name(letter).split()[0].capitalize()}) ≠ «{_LOOK_ALIKES[letter]}»" for letter in found
    )


def _plain_number(number: float) -> str:
    """A number as people write it: no needless decimals, decimal comma."""
    return str(int(number)) if number.is_integer() else f"{number:.15g}".replace(".", ",")


_SCIENTIFIC: Final = re.compile(r"\d(?:[.,]\d+)?E[+-]\d{2,3}", re.ASCII)
"""A long number as Excel shows it in a narrow cell; where that was saved as text, the digits are gone."""


def _text(raw: Raw) -> Reading:
    if isinstance(raw, str):
        text = clean(raw)
        return Problem("digits-shortened") if "E" in text and _SCIENTIFIC.fullmatch(text) else text
    if isinstance(raw, float):
        return _plain_number(raw) if abs(raw) < MAX_EXACT else Problem("digits-lost")
    return Problem("not-text")


_DECIMAL: Final = re.compile(r"[-−]?\d+(?:[.,]\d+)?", re.ASCII)
_THOUSANDS: Final = re.compile(r"[-−]?\d{1,3}(?:\.\d{3})+,\d+", re.ASCII)
_DOT_OR_COMMA: Final = re.compile(r"[-−]?\d{1,3}(?:\.\d{3})+", re.ASCII)


def _number(raw: Raw) -> Reading:
    if isinstance(raw, str):
        text = "".join(clean(raw).split())
        if _DOT_OR_COMMA.fullmatch(text):
            return Problem("number-ambiguous")
        if _THOUSANDS.fullmatch(text):
            text = text.replace(".", "")
        if not _DECIMAL.fullmatch(text):
            return Problem("number-unreadable")
        raw = float(text.replace("−", "-").replace(",", "."))
    if not isinstance(raw, float):
        return Problem("number-unreadable")
    if not abs(raw) < MAX_EXACT:
        return Problem("digits-lost")
    return int(raw) if raw.is_integer() else float(f"{raw:.15g}")


_DAY_FIRST: Final = re.compile(r"(\d{1,2})(\. ?|-|/)(\d{1,2})(?:[.\-/] ?)(\d{4}|\d{2})\.?", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}[:.]\d\d.*)?", re.ASCII)
_ZONED: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)? ?([Zz]|[+-]\d\d(?::?\d\d)?)", re.ASCII)
"""A point in time with its zone, as a portal writes it."""
_OFFICE_TIME: Final = tzstr("CET-1CEST,M3.5.0/2,M10.5.0/3")
"""The time of all three countries."""
_IN_WORDS: Final = re.compile(r"(\d{1,2})\.? ([a-zæøåäö]{3,})\.? (\d{4})", re.ASCII)
_RUN_TOGETHER: Final = re.compile(r"\d{6}|\d{8}", re.ASCII)
_WEEK: Final = re.compile(r"(?:uke|uge|vecka|week|[uvw])\.? ?\d{1,2}(?:[ ./,-]+\d{2,4})?", re.ASCII)
_INCOMPLETE: Final = re.compile(
    r"\d{1,2}\.? ?[./-] ?\d{1,2}\.?|\d{4}|\d{1,2}[./-]\d{4}|\d{4}-\d{2}|(?:\d{1,2}\.? )?[a-zæøåäö]{3,9}\.?(?: \d{4})?", re.ASCII
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "mai maj may", "jun", "jul", "aug", "sep", "okt oct", "nov", "des dec"), start=1
    )
    for name in names.split()
}
_EPOCH: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
_YEARS_AHEAD: Final = 10
"""A year of two digits lies at most so many years ahead, else in the last century."""


class _DateReader:
    """Reads the cells of a date column: what Excel holds as a date, and what people type when it does not."""

    def __init__(self, conventions: Conventions) -> None:
        self._conventions = conventions

    def __call__(self, raw: Raw) -> Reading:
        if isinstance(raw, date):
            # The time of day is cut off, never rounded: 23:59:59 is still that day.
            day = raw.date() if isinstance(raw, datetime) else raw
            return day if FIRST_YEAR <= day.year <= LAST_YEAR else Problem("date-implausible")
        if isinstance(raw, float):
            return self._serial(raw)
        return self._text(clean(raw)) if isinstance(raw, str) else Problem("date-unreadable")

    def _serial(self, raw: float) -> Reading:
        epoch = _EPOCH_1904 if self._conventions.date1904 else _EPOCH
        try:
            day = epoch + timedelta(days=int(raw))
        except (OverflowError, ValueError):
            return _no_date(_plain_number(raw))
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return _no_date(_plain_number(raw))
        return self._doubtful(day, "date-serial")

    def _text(self, text: str) -> Reading:
        if match := _ZONED.fullmatch(text):
            local = _local_day(match[1], match[2], match[3].upper())
            if local is None:
                return Problem("date-impossible")
            return local if FIRST_YEAR <= local.year <= LAST_YEAR else Problem("date-implausible")
        if match := _YEAR_FIRST.fullmatch(text):
            return _day(int(match[1]), int(match[2]), int(match[3]))
        if match := _DAY_FIRST.fullmatch(text):
            return self._day_first(int(match[1]), int(match[3]), match[4], slashes=match[2] == "/" == text[match.end(3)])
        if match := _IN_WORDS.fullmatch(text.casefold()):
            month = _MONTHS.get(match[2][:3])
            if month is not None:
                day = _day(int(match[3]), month, int(match[1]))
                return day if isinstance(day, Problem) else self._doubtful(day, "date-in-words")
        return _no_date(text)

    def _day_first(self, first: int, second: int, year_text: str, *, slashes: bool) -> Reading:
        year = int(year_text) if len(year_text) > 2 else self._full_year(int(year_text))
        day = _day(year, second, first)
        if slashes and first != second:
            american = _day(year, first, second)
            if isinstance(day, date) and isinstance(american, date):
                both = (("first", self._conventions.shown(day)), ("second", self._conventions.shown(american)))
                return Problem("date-ambiguous", facts=both, revealing=True)
            if isinstance(american, date):
                return self._doubtful(american, "date-month-first")
        if isinstance(day, date) and len(year_text) == 2:
            return self._doubtful(day, "date-short-year")
        return day

    def _full_year(self, year: int) -> int:
        this_year = self._conventions.today.year
        century = this_year // 100 * 100
        return century + year if century + year <= this_year + _YEARS_AHEAD else century - 100 + year

    def _doubtful(self, day: date, code: str) -> Doubtful:
        facts = (("read", self._conventions.shown(day)),)
        return Doubtful(day, Problem(code, Severity.WARNING, facts, revealing=True))


def _local_day(day: str, clock: str, zone: str) -> date | None:
    """The day that it is in the office at a point in time: half past ten in the evening in Greenwich is tomorrow here."""
    offset = zone if ":" in zone or len(zone) < len("+0100") else f"{zone[:3]}:{zone[3:]}"
    try:
        return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(_OFFICE_TIME).date()
    except (ValueError, OverflowError):
        return None


def _no_date(text: str) -> Problem:
    """What is wrong with a text that is no date, as precisely as can be told."""
    text = text.casefold()
    if _WEEK.fullmatch(text):
        return Problem("date-week")
    if _RUN_TOGETHER.fullmatch(text):
        return Problem("date-run-together")
    if _INCOMPLETE.fullmatch(text) and ((text[:1].isdigit() and not text[-1:].isalpha()) or _names_a_month(text)):
        return Problem("date-incomplete")
    return Problem("date-unreadable")


def _names_a_month(text: str) -> bool:
    return any(word[:3] in _MONTHS for word in text.split())


def _day(year: int, month: int, day: int) -> date | Problem:
    try:
        found = date(year, month, day)
    except ValueError:
        return Problem("date-impossible")
    return found if FIRST_YEAR <= year <= LAST_YEAR else Problem("date-implausible")


_CLOCK: Final = re.compile(r"(?:kl\.? ?)?(\d{1,2})[:.](\d\d)(?:[:.]\d\d)?", re.ASCII)


def _time(raw: Raw) -> Reading:
    if isinstance(raw, time):
        return raw
    match = _CLOCK.fullmatch(clean(raw).casefold()) if isinstance(raw, str) else None
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return Problem("time-unreadable")
    return time(int(match[1]), int(match[2]))


def _choice_reader(column: Column) -> Reader:
    known = {folded(choice): choice for choice in column.choices}

    def read(raw: Raw) -> Reading:
        text = _text(raw)
        if not isinstance(text, str):
            return text
        found = known.get(text) or known.get(folded(text))
        if found is not None:
            return found
        choices = ("choices", " · ".join(column.choices))
        near = difflib.get_close_matches(folded(text), known, n=1)
        if column.many:
            return Problem("unknown-choice-of-several", facts=(choices,))
        # What a value resembles would give away one that lists may not show.
        if near and column.class_ == OPEN:
            return Problem("unknown-choice-near", facts=(("guess", known[near[0]]), choices))
        return Problem("unknown-choice", facts=(choices,))

    return read


_YES: Final = frozenset(("ja", "j", "yes", "y", "x", "✓", "✔", "☑", "true", "sann", "sant", "sand", "1"))
_NO: Final = frozenset(("nei", "nej", "n", "no", "☐", "false", "usann", "usant", "falsk", "0"))


def _yesno(raw: Raw) -> Reading:
    if isinstance(raw, bool):
        return raw
    text = folded(_plain_number(raw) if isinstance(raw, float) else str(raw))
    return text in _YES if text in _YES or text in _NO else Problem("yesno-unreadable")


_NIN_DIGITS: Final[Mapping[Country, int]] = {"NO": 11, "SE": 10, "DK": 10}
_PROVEN_BY_CHECK_DIGITS: Final = frozenset(("NO", "SE"))
"""Danish numbers have none since 2007."""


def _nin_reader(conventions: Conventions) -> Reader:
    country, today = conventions.country, conventions.today

    def read(raw: Raw) -> Reading:
        text = _text(raw)
        if not isinstance(text, str):
            return text
        try:
            return read_national_id(text, country, today)
        except NationalIdError as invalid:
            code = str(invalid)
        if not (text.isascii() and text.isdigit() and len(text) == _NIN_DIGITS[country] - 1):
            return Problem(code)
        # Excel drops a number's leading zero; it is put back only where the whole number then is right.
        try:
            whole = read_national_id(f"0{text}", country, today)
        except NationalIdError:
            return Problem("nin-digit-missing")
        if country not in _PROVEN_BY_CHECK_DIGITS:
            return Problem("nin-digit-missing")
        return Doubtful(whole, Problem("nin-zero-lost", Severity.WARNING))

    return read
