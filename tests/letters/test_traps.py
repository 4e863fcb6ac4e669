"""What docxtpl and its companions do to letters unasked, each found in the field, and what becomes of it here.

Seven were measured before anything was built: nothing for a missing value; signs of XML lost; what machines call a value;
one mistake at a time, without its place; text lost beside ``{%p``; low quotation marks; other bytes each time.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import docxtpl
import jinja2
import pandas as pd
import pytest

from pipeline.letters.fields import shown
from pipeline.letters.model import Outcome
from pipeline.texts import texts_in
from tests.letters.made_up import case, filled, mistakes, person, profile, templates, text_of, view, word

RECEIVED = date(2026, 11, 10)
KARI = person("P-1", name="Kari", street="Gate 1")


def by_docxtpl(content: bytes, **fields: Any) -> str:
    """What the library prints as it comes."""
    document = docxtpl.DocxTemplate(io.BytesIO(content))
    document.render(fields)
    return "\n".join(paragraph.text for paragraph in document.docx.paragraphs)


def printed(*body: str, **values: Any) -> str:
    """What our letter says."""
    seen = view(profile({"dated": "received"}), KARI, case(person="P-1", received=RECEIVED, **values))
    (letter,), _ = filled(seen, templates(notice__docx=word(*body)))
    return text_of(letter.content)


@pytest.mark.parametrize("field", ["{{ case.reason }}", "{{ case.person.tongue }}"])
def test_a_missing_value_is_not_printed_as_nothing(field: str) -> None:
    assert by_docxtpl(word("Dear {{ nobody }},", "{{ case.reason }}"), case={}) == "Dear ,\n"
    seen = view(profile({"dated": "received"}), KARI, case(person="P-1", received=RECEIVED))
    letters, (withheld,) = filled(seen, templates(notice__docx=word(f"Dear {field},")))
    assert (letters, withheld.outcome) == ((), Outcome.WITHHELD)


def test_a_name_with_signs_of_xml_is_printed_as_typed() -> None:
    name = "Berg & Sønn <AS>"
    assert by_docxtpl(word("{{ name }}"), name=name) != name
    assert printed("{{ case.reason }}", reason=name) == name


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (pd.NaT, ""),
        (date(2026, 1, 2), "2.\u00a0januar 2026"),
        (datetime(2026, 1, 2), "2.\u00a0januar 2026"),  # noqa: DTZ001 -- as libraries give dates
        (7.0, "7"),
    ],
)
def test_what_machines_call_a_value_never_prints(value: Any, text: str) -> None:
    assert by_docxtpl(word("{{ value }}"), value=value) != text
    assert shown(value, texts_in("nb")) == text


def test_all_mistakes_are_told_at_once_with_their_part() -> None:
    content = word("{{ case.reason }", "{{ case.nmae }}", header=["{{ case.date | uper }}"], footer=["{% if case.reason %}"])
    with pytest.raises(jinja2.TemplateSyntaxError):
        by_docxtpl(content)
    found = mistakes(profile(), templates(notice__docx=content))
    assert {part for _, part, _ in found} == {"body", "header", "footer"}


def test_text_beside_a_paragraph_s_tag_is_not_lost_unseen() -> None:
    content = word("You may appeal. {%p if case.reason %}", "because of this", "{%p endif %}")
    assert by_docxtpl(content, case={"reason": "x"}) == "because of this"
    ((_, _, sentence),) = mistakes(profile(), templates(notice__docx=content))
    assert "You may appeal." in sentence


def test_low_quotation_marks_are_told_or_understood() -> None:
    content = word("{{ case.reason | default(„ingen“) }}")
    with pytest.raises(jinja2.TemplateSyntaxError, match="unexpected char"):
        by_docxtpl(content, case={})
    assert mistakes(profile(), templates(notice__docx=content)) or printed("{{ case.reason | default(„ingen“) }}") == "ingen"


def test_a_letter_made_twice_has_the_same_bytes() -> None:
    seen = view(profile({"dated": "received"}), KARI, case(person="P-1", received=RECEIVED))
    found = templates(notice__docx=word("{{ case.number }}", header=["{{ letter.date }}"]))
    (one,), (two,) = (filled(seen, found)[0] for _ in range(2))
    assert bytes(one.content) == bytes(two.content)
