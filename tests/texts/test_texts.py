"""Sentences, dates and numbers, as each language writes them."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.findings import Finding, Place, sentence
from pipeline.texts import LANGUAGES, texts_in
from pipeline.texts.messages import FINDINGS

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("language", "long", "short", "number"),
    [
        ("nb", "23. november 2026", "23.11.2026", "7,5"),
        ("nn", "23. november 2026", "23.11.2026", "7,5"),
        ("sv", "23 november 2026", "2026-11-23", "7,5"),
        ("da", "23. november 2026", "23.11.2026", "7,5"),
        ("en", "November 23, 2026", "2026-11-23", "7.5"),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_writes_them(language: str, long: str, short: str, number: str) -> None:
    texts = texts_in(language)
    assert texts.date(DAY) == long
    assert texts.short_date(DAY) == short
    assert texts.number(7.5) == number


@pytest.mark.parametrize(
    ("language", "date_unreadable"),
    [
        ("nb", "«31.2.2026» er ikke en dato."),
        ("nn", "«31.2.2026» er ikkje ein dato."),
        ("sv", "«31.2.2026» är inget datum."),
        ("da", "«31.2.2026» er ikke en dato."),
        ("en", "«31.2.2026» is not a date."),
    ],
)
def test_a_finding_is_told_in_the_readers_language(language: str, date_unreadable: str) -> None:
    finding = Finding("date-unreadable", Place("register.xlsx", "Saker", 14, 4), value="31.2.2026")
    assert sentence(finding, texts_in(language)).message == date_unreadable


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_has_all_its_sentences_in_every_language(code: str, language: str) -> None:
    texts = texts_in(language)
    kind = FINDINGS[code]
    for english in (kind.message, kind.cure, kind.meaning):
        assert english
        assert texts(english) != english


def test_nynorsk_falls_back_to_bokmal_and_not_to_english() -> None:
    cure = FINDINGS["date-unreadable"].cure
    assert texts_in("nn")(cure) == texts_in("nb")(cure) != cure


def test_braces_in_a_fact_stay_text() -> None:
    assert texts_in("en")("«{value}» is not a date.", value="{record}") == "«{record}» is not a date."


@pytest.mark.parametrize(
    ("language", "recipient"), [("nb", "mottaker"), ("sv", "mottagare"), ("da", "modtager"), ("en", "recipient")]
)
def test_names_that_people_type_are_words_of_their_language(language: str, recipient: str) -> None:
    assert texts_in(language).name("recipient") == recipient


@pytest.mark.parametrize(("language", "day"), [("nb", "23.11.2026"), ("sv", "2026-11-23"), ("da", "23.11.2026")])
def test_a_day_in_a_finding_is_written_as_the_reader_writes_it(language: str, day: str) -> None:
    found = Finding("sent-differs", Place("r.xlsx"), facts=(("letter", "Brev"), ("day", DAY)))

    assert day in sentence(found, texts_in(language)).message
