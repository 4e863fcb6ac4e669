"""Filters that put values into the office's words: dates, amounts, lists, numbers of phones and people, the genitive.

An author types them in the office's language (``{{ case.decided | short_date }}``); what they print is in the recipient's.
What is empty stays empty, so that a blank is told as one; what a filter is not made for is refused in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import phonenumbers
from jinja2 import pass_context
from jinja2.runtime import Context

from pipeline.calendars import Country
from pipeline.letters.fields import NO_BREAK, VOICE, Unprintable, Voice, enumeration, is_nothing, shown
from pipeline.profile.expressions import EMPTY, Rows, age
from pipeline.texts import Texts, message


@dataclass(frozen=True, slots=True)
class Word:
    """A filter of the office's language.

    Attributes:
        make: what it does.
        does: what it is for, a sentence of the catalogues.
        sample: a value to show it on.
        types: the types of columns that it is for.
        with_: what may stand in brackets behind its name.
    """

    make: Callable[..., Any]
    does: str
    sample: Any
    types: frozenset[str]
    with_: tuple[Any, ...] = ()


def _date(value: Any, voice: Voice) -> str:
    return shown(_day(value, voice), voice.texts)


def _short_date(value: Any, voice: Voice) -> str:
    return voice.texts.short_date(_day(value, voice))


def _weekday(value: Any, voice: Voice) -> str:
    return voice.texts.date_in(_day(value, voice), "EEEE")


def _date_with_weekday(value: Any, voice: Voice) -> str:
    day = _day(value, voice)
    return voice.texts("{weekday} {day}", weekday=_weekday(day, voice), day=_date(day, voice))


def _month_and_year(value: Any, voice: Voice) -> str:
    return voice.texts.date_in(_day(value, voice), "LLLL y").replace(" ", NO_BREAK)


def _age(value: Any, voice: Voice) -> str:
    born = _day(value, voice)
    if born > voice.today:
        raise Unprintable(
            message("«{value}» lies after the letter's date, so there is no age."), value=shown(born, voice.office)
        )
    return str(age(born, voice.today))


def _day(value: Any, voice: Voice) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise _unfit(value, message("«{value}» is no date."), voice)


def _number(value: Any, voice: Voice, decimals: Any = None) -> str:
    number = _numeric(value, voice)
    if decimals is None:
        return voice.texts.number(number)
    if type(decimals) is not int or not 0 <= decimals <= _MOST_DECIMALS:
        raise Unprintable(message("A number has from 0 to {most} decimals."), most=str(_MOST_DECIMALS))
    return voice.texts.number(number, decimals)


_MOST_DECIMALS: Final = 6


def _amount(value: Any, voice: Voice) -> str:
    number = round(_numeric(value, voice), 2)
    figure = voice.texts.number(number, 0 if number == int(number) else 2)
    return voice.texts("kr {amount}", amount=figure).replace(" ", NO_BREAK)


def _numeric(value: Any, voice: Voice) -> Any:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    raise _unfit(value, message("«{value}» is no number."), voice)


def _enumeration(value: Any, voice: Voice, word: Any = None) -> str:
    items = value if isinstance(value, list | tuple) else (value,)
    texts = [shown(item, voice.texts) for item in items if not is_nothing(item, voice.texts)]
    if word is None or len(texts) < 2:
        return enumeration(texts, voice.texts)
    return f"{', '.join(texts[:-1])} {shown(word, voice.texts)} {texts[-1]}"


def _phone(value: Any, voice: Voice) -> str:
    """The number as people of its country group it; what is no number of a phone stays as it was typed."""
    text = shown(value, voice.texts)
    try:
        number = phonenumbers.parse(text, voice.country)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return _in_pairs(text, voice.country)
    home = phonenumbers.country_code_for_region(voice.country) == number.country_code
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form).replace(" ", NO_BREAK)


def _in_pairs(text: str, country: Country) -> str:
    """Eight digits in pairs, as in Norway and Denmark; numbers that nobody has, as in samples, are grouped too."""
    digits = "".join(text.split())
    if country == "SE" or not (digits.isascii() and digits.isdigit() and len(digits) == _PHONE_DIGITS):
        return text
    return NO_BREAK.join(digits[place : place + 2] for place in range(0, _PHONE_DIGITS, 2))


_PHONE_DIGITS: Final = 8


def _national_id(value: Any, voice: Voice) -> str:
    """The date in front apart from the rest, as each country writes it; what has other digits stays as it was typed."""
    text = shown(value, voice.texts)
    pattern, form = _GROUPS[voice.country]
    found = pattern.fullmatch("".join(text.split()))
    return found.expand(form) if found else text


_GROUPS: Final[Mapping[Country, tuple[re.Pattern[str], str]]] = {
    "NO": (re.compile(r"(\d{6})(\d{5})", re.ASCII), rf"\1{NO_BREAK}\2"),
    "DK": (re.compile(r"(\d{6})-?(\d{4})", re.ASCII), "\\1\u2011\\2"),
    "SE": (re.compile(r"(\d{8}|\d{6})-?(\d{4})", re.ASCII), "\\1\u2011\\2"),
}


def _genitive(value: Any, voice: Voice) -> str:
    """Whose: Kari’s name with an s, by the language's own rule for names that end in s, x or z.

    Språkrådet and Dansk Sprognævn put an apostrophe alone behind these, Språkrådet (Sweden) nothing; English has both.
    """
    text = shown(value, voice.texts).rstrip()
    match voice.texts.language, text[-1:].casefold() in {"s", "x", "z"}:
        case "en", _:
            return f"{text}’s"
        case "sv", True:
            return text
        case _, True:
            return f"{text}’"
    return f"{text}s" if text[-1:].isalpha() else f"{text}’s"


def _capital(value: Any, voice: Voice) -> str:
    text = shown(value, voice.texts)
    return text[:1].upper() + text[1:]


def _yes_no(value: Any, voice: Voice, yes: Any = None, no: Any = None) -> str:
    if not isinstance(value, bool):
        raise _unfit(value, message("«{value}» is neither yes nor no."), voice)
    word = yes if value else no
    return shown(value if word is None else word, voice.texts)


def _unfit(value: Any, sentence: str, voice: Voice) -> Unprintable:
    return Unprintable(sentence, value=shown(value, voice.office)[:80])


_DATES: Final = frozenset(("date",))
_NUMBERS: Final = frozenset(("number",))
_YES_OR_NO: Final = frozenset(("yesno",))
_TEXTS: Final = frozenset(("text", "choice"))
_DAY: Final = date(2026, 11, 23)


def words(texts: Texts) -> Mapping[str, Word]:
    """The filters by the names that authors of this language type."""
    return {
        texts.name("date"): Word(_date, message("The date with the month in letters, as every date is printed."), _DAY, _DATES),
        texts.name("short_date"): Word(_short_date, message("The date in figures."), _DAY, _DATES),
        texts.name("weekday"): Word(_weekday, message("The day of the week."), _DAY, _DATES),
        texts.name("date_with_weekday"): Word(_date_with_weekday, message("The day of the week and the date."), _DAY, _DATES),
        texts.name("month_and_year"): Word(_month_and_year, message("The month in letters, and the year."), _DAY, _DATES),
        texts.name("age"): Word(_age, message("Whole years from the date until the letter's date."), date(2009, 5, 17), _DATES),
        texts.name("number"): Word(
            _number, message("The number with the decimal sign; in brackets how many decimals."), 7.5, _NUMBERS, (2,)
        ),
        texts.name("amount"): Word(_amount, message("An amount in kroner."), 1250, _NUMBERS),
        texts.name("enumeration"): Word(
            _enumeration,
            message("Several values in running text; in brackets another word before the last."),
            Rows(texts.date_in(_DAY + timedelta(days=days), "EEEE") for days in range(3)),
            _TEXTS,
            (texts.name("or"),),
        ),
        texts.name("phone"): Word(_phone, message("A phone number, grouped as is usual in the country."), "00000000", _TEXTS),
        texts.name("national_id"): Word(
            _national_id, message("A national id, grouped as is usual in the country."), "03848500134", frozenset(("nin",))
        ),
        texts.name("genitive"): Word(_genitive, message("Whose: a name with its s, or its apostrophe."), "Jonas", _TEXTS),
        texts.name("capital"): Word(
            _capital, message("With a capital at the front, as a list item or a table cell begins."), "Åse", _TEXTS
        ),
        texts.name("yes_no"): Word(
            _yes_no,
            message("Yes or no; in brackets two words of your own."),
            True,  # noqa: FBT003 -- the value that is shown
            _YES_OR_NO,
            (texts.name("has"), texts.name("has not")),
        ),
    }


def refusing(texts: Texts) -> Mapping[str, frozenset[str]]:
    """The filters that are made for one kind of value and refuse others, by name, with that kind."""
    return {name: word.types for name, word in words(texts).items() if word.types in (_DATES, _NUMBERS, _YES_OR_NO)}


def spoken(word: Word, value: Any, voice: Voice, *arguments: Any) -> Any:
    """What a filter makes of a value, and of each value of a list; nothing of nothing.

    Raises:
        Unprintable: the filter is not made for such a value.
    """
    if isinstance(value, list | tuple) and word.make is not _enumeration:
        return Rows(made for item in value if (made := spoken(word, item, voice, *arguments)) is not EMPTY)
    if is_nothing(value, voice.texts):
        return EMPTY
    return word.make(value, voice, *arguments)


def filters(texts: Texts) -> Mapping[str, Callable[..., Any]]:
    """The filters as Jinja2 calls them, by the names that authors of this language type."""
    return {name: _filter(word) for name, word in words(texts).items()}


def _filter(word: Word) -> Callable[..., Any]:
    @pass_context
    def spoken_here(context: Context, value: Any, *arguments: Any) -> Any:
        return spoken(word, value, context[VOICE], *arguments)

    return spoken_here
