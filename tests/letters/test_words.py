from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError

from pipeline.calendars import Country, Duration
from pipeline.letters.fields import Printer, Unprintable, Voice, shown
from pipeline.letters.template import TemplateEnvironment
from pipeline.letters.words import spoken, words
from pipeline.profile.expressions import EMPTY, Rows, RuleError
from pipeline.texts import texts_in
from tests.letters.made_up import case, filled, person, profile, templates, text_of, view, word

DAY = date(2026, 11, 23)
LETTER = date(2026, 11, 10)
COUNTRIES: dict[str, Country] = {"nb": "NO", "nn": "NO", "en": "NO", "sv": "SE", "da": "DK"}


def voice(language: str, country: Country | None = None) -> Voice:
    """How a letter in a language speaks."""
    texts = texts_in(language)
    return Voice(texts, texts, country or COUNTRIES[language], LETTER)


def said(name: str, value: Any, language: str, *arguments: Any, country: Country | None = None) -> str:
    """What the filter of this English name makes of a value."""
    made = spoken(words(texts_in("en"))[name], value, voice(language, country), *arguments)
    return shown(made, texts_in(language)).replace("\u00a0", " ").replace("\u2011", "-")


@pytest.mark.parametrize(
    ("name", "value", "arguments", "expected"),
    [
        ("date", DAY, (), {"nb": "23. november 2026", "sv": "23 november 2026", "da": "23. november 2026"}),
        ("short_date", DAY, (), {"nb": "23.11.2026", "sv": "2026-11-23", "da": "23.11.2026", "en": "2026-11-23"}),
        ("weekday", DAY, (), {"nb": "mandag", "sv": "måndag", "da": "mandag", "en": "Monday"}),
        ("date_with_weekday", DAY, (), {"nb": "mandag 23. november 2026", "sv": "måndag 23 november 2026"}),
        ("month_and_year", DAY, (), {"nb": "november 2026", "sv": "november 2026", "en": "November 2026"}),
        ("age", date(2008, 11, 11), (), {"nb": "17"}),
        ("age", date(2008, 11, 10), (), {"nb": "18"}),
        ("number", 1250.5, (), {"nb": "1 250,5", "sv": "1 250,5", "da": "1.250,5", "en": "1,250.5"}),
        ("number", 7, (2,), {"nb": "7,00", "en": "7.00"}),
        ("number", 7.6, (0,), {"nb": "8"}),
        ("number", -0.0, (), {"nb": "0"}),
        ("amount", 1250, (), {"nb": "1 250 kr", "sv": "1 250 kr", "da": "1.250 kr.", "en": "kr 1,250"}),
        ("amount", 1250.5, (), {"nb": "1 250,50 kr"}),
        ("amount", Decimal("0.1"), (), {"nb": "0,10 kr"}),
        ("enumeration", ["mandag", "tirsdag", "onsdag"], (), {"nb": "mandag, tirsdag og onsdag"}),
        ("enumeration", ["mandag", "tirsdag", "onsdag"], ("eller",), {"nb": "mandag, tirsdag eller onsdag"}),
        ("enumeration", ["mandag", EMPTY, " ", "tirsdag"], (), {"nb": "mandag og tirsdag"}),
        ("enumeration", "mandag", ("eller",), {"nb": "mandag"}),
        ("enumeration", [DAY], (), {"nb": "23. november 2026"}),
        ("phone", "22 12 34 56", (), {"nb": "22 12 34 56"}),
        ("phone", "+4722123456", (), {"nb": "22 12 34 56", "sv": "+47 22 12 34 56"}),
        ("phone", "0701234567", (), {"sv": "070-123 45 67"}),
        ("phone", "32123456", (), {"da": "32 12 34 56"}),
        ("phone", "00000000", (), {"nb": "00 00 00 00"}),
        ("phone", "05300", (), {"nb": "05300"}),
        ("phone", "spør Kari", (), {"nb": "spør Kari"}),
        ("phone", 22123456, (), {"nb": "22 12 34 56"}),
        ("national_id", "03848500134", (), {"nb": "038485 00134"}),
        ("national_id", "0384850013", (), {"nb": "0384850013"}),
        ("national_id", "20170101-2384", (), {"sv": "20170101-2384"}),
        ("national_id", "170101+2384", (), {"sv": "170101+2384"}),
        ("national_id", "201701012384", (), {"sv": "20170101-2384"}),
        ("national_id", "0101701234", (), {"da": "010170-1234"}),
        ("capital", "åse og Per", (), {"nb": "Åse og Per", "sv": "Åse og Per", "da": "Åse og Per"}),
        ("capital", "3 uker", (), {"nb": "3 uker"}),
        ("genitive", "Kari", (), {"nb": "Karis", "nn": "Karis", "sv": "Karis", "da": "Karis", "en": "Kari’s"}),
        ("genitive", "Jonas", (), {"nb": "Jonas’", "sv": "Jonas", "da": "Jonas’", "en": "Jonas’s"}),
        ("genitive", "Max", (), {"nb": "Max’", "sv": "Max", "da": "Max’"}),
        ("genitive", "LIZ", (), {"nb": "LIZ’", "sv": "LIZ", "da": "LIZ’"}),
        ("genitive", "Avdeling 4", (), {"nb": "Avdeling 4’s"}),
        ("genitive", "Åse ", (), {"nb": "Åses"}),
        ("yes_no", True, (), {"nb": "ja", "en": "yes"}),
        ("yes_no", False, ("har", "har ikke"), {"nb": "har ikke"}),
        ("short_date", Rows([DAY, EMPTY, DAY]), (), {"nb": "23.11.2026 og 23.11.2026"}),
    ],
)
def test_a_filter_says_it_as_the_language_does(
    name: str, value: Any, arguments: tuple[Any, ...], expected: dict[str, str]
) -> None:
    assert {language: said(name, value, language, *arguments) for language in expected} == expected


@pytest.mark.parametrize("name", words(texts_in("en")))
@pytest.mark.parametrize("value", [EMPTY, None, "", "  ", "\u200b", float("nan"), float("inf"), pd.NaT, Rows(), Rows([EMPTY])])
def test_nothing_stays_nothing(name: str, value: Any) -> None:
    assert said(name, value, "nb") == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("short_date", "snart", "«snart» er ikke en dato."),
        ("weekday", 7, "«7» er ikke en dato."),
        ("age", date(2027, 1, 1), "«1. januar 2027» er etter brevets dato, så det finnes ingen alder."),
        ("amount", "mye", "«mye» er ikke et tall."),
        ("amount", True, "«ja» er ikke et tall."),
        ("yes_no", "ja", "«ja» er verken ja eller nei."),
    ],
)
def test_what_a_filter_is_not_made_for_is_refused_in_a_sentence(name: str, value: Any, sentence: str) -> None:
    with pytest.raises(Unprintable) as refused:
        said(name, value, "nb")
    assert texts_in("nb")(refused.value.sentence, **refused.value.facts).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize("language", ["nb", "sv", "da", "en"])
def test_the_filters_are_named_in_the_office_s_language_and_meet_no_filter_of_rules(language: str) -> None:
    own = words(texts_in(language))
    assert len(own) == len(words(texts_in("en")))
    assert all(name.isidentifier() and name.islower() for name in own)
    plain = TemplateEnvironment(view(profile()).rules.calendar, texts_in("nb" if language != "nb" else "sv"))
    builtin = set(plain.filters) - set(words(texts_in("nb" if language != "nb" else "sv")))
    assert not builtin & set(own)


def test_a_letter_speaks_the_recipient_s_language_and_its_author_the_office_s() -> None:
    kari = person("P-1", name="Kari", street="Gate 1", tongue="nn")
    registered = view(profile({"dated": "received"}, language="nb"), kari, case(person="P-1", received=LETTER, hours=2.5))
    body = "{{ case.received | dato_med_ukedag }}, {{ case.hours | beløp }}, {{ case.person.name | genitiv }}"
    found = templates(notice__docx=word("x"), notice__nn__docx=word(body))
    (letter,), _ = filled(registered, found)
    assert text_of(letter.content) == "tysdag 10. november 2026, 2,50 kr, Karis"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("{{ case.received | upper }}", "NOVEMBER 10, 2026"),
        ("{{ [case.received] | map('upper') | join('/') }}", "NOVEMBER 10, 2026"),
        ("{{ [case.received] | map('short_date') | join('/') }}", "2026-11-10"),
        ("{{ [case.received, case.received] | join(' and ') }}", "November 10, 2026 and November 10, 2026"),
        ("{{ case.person.cases | join(', ', attribute='received') }}", "November 10, 2026"),
        ("{{ case.person.cases | join(', ', 'number') }}", "C-1"),
        ("{{ '%s, %s' | format(case.received, case.hours) }}", "November 10, 2026, 7.5"),
        ("{{ '%s' % case.received }}", "November 10, 2026"),
        ("{{ 'on ' ~ case.received }}", "on November 10, 2026"),
        ("{{ case.received | string }}", "November 10, 2026"),
        ("{{ case.received | replace('November', 'the month') }}", "the month 10, 2026"),
        ("{{ case.received - date_before }}", "9 days"),
        ("{{ case.person }}", "P-1"),
    ],
)
def test_a_date_reads_as_a_date_whatever_stands_round_it(field: str, text: str) -> None:
    routine = profile({"dated": "received"})
    field = field.replace("date_before", "case.decided")
    registered = view(
        routine,
        person("P-1", name="Kari", street="Gate 1"),
        case(person="P-1", received=LETTER, hours=7.5, decided=LETTER - timedelta(days=9)),
    )
    (letter,), _ = filled(registered, templates(notice__docx=word(field)))
    assert text_of(letter.content) == text


# ------------------------------------------------------------------ never None, NaT, nan or a raw timestamp

VALUES = st.one_of(
    st.sampled_from([None, EMPTY, pd.NaT, float("nan"), float("inf"), -float("inf"), "", " ", "\u200f", True, False, Rows()]),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=True),
    st.decimals(allow_nan=True, min_value=-1000, max_value=1000),
    st.dates(),
    st.datetimes(),
    st.datetimes(datetime(1980, 1, 1), datetime(2090, 1, 1)).map(pd.Timestamp),  # noqa: DTZ001 -- as libraries give dates
    st.times(),
    st.timedeltas(timedelta(-1000), timedelta(1000)),
    st.sampled_from([Duration(1, "weeks"), Duration(3, "months")]),
    st.sampled_from(["Kari", "22 12 34 56", "03848500134", "a & b < c", "{{ 7*7 }}"]),
)
MACHINE = re.compile(
    r"None|NaT|\bnan\b|\binf\b|Infinity|\bEMPTY\b|\bTrue\b|\bFalse\b|object at|datetime|Timestamp"
    r"|\d{4}-\d\d-\d\d[ T]\d|\d\d:\d\d:\d\d"
)
JINJA = (
    *("upper", "lower", "title", "capitalize", "trim", "string", "e", "escape", "default('x')", "first", "last", "list"),
    *("join(', ')", "replace('a', 'b')", "truncate(9)", "wordwrap(5)", "indent(2)", "center(9)", "striptags", "urlencode"),
    *("int", "float", "round", "abs", "sort", "unique", "reverse", "length", "wordcount", "sum", "min", "max", "batch(2)"),
    *("slice(2)", "map('upper')", "map('string')", "select", "reject", "format('x')"),
)
ENVIRONMENT = TemplateEnvironment(view(profile()).rules.calendar, texts_in("en"))


@settings(max_examples=600)
@given(
    value=st.one_of(VALUES, st.lists(VALUES, max_size=3).map(Rows)),
    chain=st.lists(st.sampled_from([*words(texts_in("en")), *JINJA]), max_size=2),
    language=st.sampled_from(["nb", "nn", "sv", "da", "en"]),
    form=st.sampled_from(["{{ VALUE }}", "{{ 'a ' ~ (VALUE) }}", "{{ '%s' % (VALUE) }}", "{{ [VALUE, VALUE] }}"]),
)
def test_what_machines_call_a_value_never_prints(value: Any, chain: list[str], language: str, form: str) -> None:
    source = form.replace("VALUE", " | ".join(["value", *chain]))
    printer = Printer(voice(language), ENVIRONMENT.budget)
    ENVIRONMENT.budget.renew()
    try:
        text = ENVIRONMENT.from_string(source).render({"value": value, **printer.names})
    except (Unprintable, RuleError, TemplateError, TypeError, ValueError, ArithmeticError, AttributeError, KeyError):
        return  # refused: the letter is withheld
    assert not MACHINE.search(text), (source, value, text)
