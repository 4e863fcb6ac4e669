from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from markupsafe import Markup

from pipeline.calendars import Duration
from pipeline.letters.fields import Printer, Voice, Year, enumeration, fingerprint, is_fact, printable, shown, titles
from pipeline.profile.expressions import EMPTY, Rows
from pipeline.texts import texts_in
from tests.letters.made_up import case, filled, person, profile, row, templates, text_of, view, word

DAY = date(2026, 11, 23)
LANGUAGES = ("nb", "nn", "sv", "da", "en")
VOICE = Voice(texts_in("en"), texts_in("en"), "NO", DAY)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("as typed", ("as typed",) * 5),
        ("", ("",) * 5),
        (
            DAY,
            (
                "23.\u00a0november 2026",
                "23.\u00a0november 2026",
                "23\u00a0november 2026",
                "23.\u00a0november 2026",
                "November\u00a023, 2026",
            ),
        ),
        (time(9, 5), ("09:05", "09:05", "09:05", "09.05", "09:05")),
        (7.5, ("7,5", "7,5", "7,5", "7,5", "7.5")),
        (4, ("4",) * 5),
        (True, ("ja", "ja", "ja", "ja", "yes")),
        (False, ("nei", "nei", "nej", "nej", "no")),
        (EMPTY, ("",) * 5),
        (None, ("",) * 5),
        (Rows(), ("",) * 5),
        (Rows(["a"]), ("a",) * 5),
        (Rows(["a", "b", "c"]), ("a, b og c", "a, b og c", "a, b och c", "a, b og c", "a, b and c")),
        (Duration(1, "weeks"), ("1 uke", "1 veke", "1 vecka", "1 uge", "1 week")),
        (Duration(3, "weeks"), ("3 uker", "3 veker", "3 veckor", "3 uger", "3 weeks")),
    ],
)
def test_a_value_is_written_as_its_language_writes_it(value: Any, printed: tuple[str, ...]) -> None:
    assert tuple(shown(value, texts_in(language)) for language in LANGUAGES) == printed


def test_a_row_is_written_as_its_key() -> None:
    assert shown(row(view(profile(), case("C-1"))), texts_in("en")) == "C-1"


@pytest.mark.parametrize(
    ("items", "printed"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c", "d"], "a, b, c and d")]
)
def test_a_list_in_running_text(items: list[str], printed: str) -> None:
    assert enumeration(items, texts_in("en")) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\x00b\x07c\x0bd\x0ce\x1ff", "abcdef"),
        ("a\tb\nc", "a\tb\nc"),
        ("\ufffe\uffff\ud800", ""),
        ("a\u030a", "å"),
        ("👩‍👧", "👩‍👧"),
    ],
)
def test_what_xml_cannot_hold_falls_out_and_nothing_else(text: str, printed: str) -> None:
    assert printable(text) == printed


# ------------------------------------------------------------------ the printer


@pytest.mark.parametrize(
    ("value", "xml"),
    [
        ("Berg & Sønn <AS>", "Berg &amp; Sønn &lt;AS&gt;"),
        ("{{ 7*7 }}", "&#123;&#123; 7*7 &#125;&#125;"),
        ("&#123;", "&amp;#123;"),
        (Markup("a &amp; b {"), "a &amp; b &#123;"),
    ],
)
def test_data_is_text_and_never_markup_or_code(value: Any, xml: str) -> None:
    assert Printer(VOICE).show(value) == xml


@pytest.mark.parametrize("value", [EMPTY, None, "", "  ", "\n", "\x07", Rows(), Rows([""]), Markup(""), Markup(" ")])
def test_what_prints_nothing_is_noted(value: Any) -> None:
    printer = Printer(VOICE)
    asked = row(view(profile(), case("C-1")))
    assert printer.noted(value, asked, "reason", "case.reason") is value
    (blank,) = printer.blanks
    assert (blank.source, blank.row, blank.column) == ("case.reason", asked, "reason")


@pytest.mark.parametrize("value", [0, 0.0, False])
def test_nought_and_no_are_no_blanks(value: Any) -> None:
    printer = Printer(VOICE)
    assert printer.show(printer.noted(value, None, "", "x")) in {"0", "no"}
    assert printer.blanks == []


def test_a_year_is_no_amount() -> None:
    year = Year(2026)
    printer = Printer(VOICE)
    assert [printer.show(value) for value in (year, year - 1, 1 + year, year * 2)] == ["2026", "2025", "2027", "4,052"]


# ------------------------------------------------------------------ facts


def test_the_fingerprint_of_facts_depends_on_no_order_and_no_language() -> None:
    asked = row(view(profile(), case("C-1")))
    facts = {"b": DAY, "a": EMPTY, "c": (asked, "x"), "d": 7.5, "e": True}
    expected = (("a", ""), ("b", "2026-11-23"), ("c", "C-1\nx"), ("d", "7.5"), ("e", "True"))
    assert fingerprint(facts) == fingerprint(dict(reversed(facts.items()))) == expected


@pytest.mark.parametrize(
    ("value", "fact"),
    [("x", True), (DAY, True), (EMPTY, True), (Rows(["x"]), True), (object(), False), (Rows([object()]), False)],
)
def test_a_fact_is_a_value_of_the_register(value: Any, fact: bool) -> None:
    assert is_fact(value) is fact


@pytest.mark.parametrize(("file", "title"), [("time_sheet.xlsx", "Time sheet"), ("a.b.docx", "A.b"), ("åpning.docx", "Åpning")])
def test_an_enclosure_is_called_by_its_file(file: str, title: str) -> None:
    assert titles([file]) == (title,)


def test_a_person_is_no_case() -> None:
    assert row(view(profile(), person("P-1")), "P-1", "person") != row(view(profile(), case("C-1")))


@pytest.mark.parametrize(
    ("office", "letter", "signed"),
    [
        (None, None, False),
        (True, None, True),
        (False, None, False),
        (True, False, False),
        (False, True, True),
        (None, True, True),
    ],
)
def test_a_letter_is_signed_as_its_rule_says_and_else_as_the_office_does(
    office: bool | None, letter: bool | None, signed: bool
) -> None:
    own = profile({"dated": "received"} | ({} if letter is None else {"signed": letter}))
    routine = own if office is None else own.model_copy(update={"office": own.office.model_copy(update={"signed": office})})
    seen = view(routine, person("P-1", name="Kari", street="Gate 1"), case("C-1", person="P-1", received=DAY))
    (printed,), _ = filled(seen, templates(notice__docx=word("{% if letter.signed %}by hand{% else %}approved{% endif %}")))
    assert text_of(printed.content) == ("by hand" if signed else "approved")
