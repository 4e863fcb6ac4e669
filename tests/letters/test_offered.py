"""What the author of a letter is offered: every field that it may print, with a sample that is nobody's."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.calendars import Calendar
from pipeline.letters.contract import check_templates, said
from pipeline.letters.fields_page import fields_page
from pipeline.letters.offered import LOOP_END, Offered, fields_offered, filters_shown
from pipeline.letters.template import Template, TemplateEnvironment
from pipeline.letters.words import words
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.national_ids import is_synthetic
from pipeline.texts import texts_in
from tests.letters.made_up import profile

EN = texts_in("en")
ROOT = Path(__file__).parents[2]


def offered(routine: Profile, letter: str = "notice") -> dict[str, Offered]:
    """The fields of a letter by name."""
    groups = fields_offered(routine.letters[letter], routine, texts_in(routine.office.language))
    return {field.name: field for group in groups for field in group.fields}


def with_column(**column: Any) -> Profile:
    """The routine with one column more."""
    made = profile().model_dump(by_alias=True)
    made["sheets"]["case"]["columns"]["more"] = {"name": "more", "heading": "More", **column}
    return Profile.model_validate(made)


def test_the_row_what_it_leads_to_its_lists_the_built_in_fields_and_the_terms_are_offered() -> None:
    fields = offered(profile())
    assert (fields["case.received"].heading, fields["case.received"].kind) == ("Received", "date")
    assert (fields["case.person.name"].heading, fields["case.person.name"].kind) == ("Name", "text")
    assert {"recipient.name", "recipient.address", "office.municipality", "office.phone", "letter.date", "letter.basis"} <= set(
        fields
    )
    assert (fields["fee"].kind, fields["fee"].sample) == ("number", "1,250.5")
    assert (fields["answer_within"].kind, fields["answer_within"].sample) == ("period", "3 weeks")
    assert fields["case.deadlines.answer.due"].heading == "Answer: due"
    assert "case.guardians.name" not in fields, "several people need a loop"
    groups = fields_offered(profile().letters["notice"], profile(), EN)
    (people,) = [group for group in groups if group.loops]
    assert people.loops == ("{%p for person in case.guardians %}",)
    assert "person.name" in {field.name for field in people.fields}


@pytest.mark.parametrize(("shows", "is_offered"), [([], False), (["health"], True)])
def test_no_class_is_offered_that_the_letter_may_not_show(shows: list[str], is_offered: bool) -> None:
    assert ("case.secret" in offered(profile({"shows": shows}))) is is_offered


def test_the_built_in_fields_are_named_in_the_office_s_language() -> None:
    assert {"mottaker.navn", "kontor.kommune", "brev.dato"} <= set(offered(profile(language="nb")))


@pytest.mark.parametrize(
    ("column", "sample"),
    [
        ({"type": "text"}, "example"),
        ({"type": "date"}, "November 23, 2026"),
        ({"type": "time"}, "14:30"),
        ({"type": "yesno"}, "yes"),
        ({"type": "number"}, "7.5"),
        ({"type": "number", "min": 20}, "20"),
        ({"type": "number", "max": 5}, "5"),
        ({"type": "choice", "choices": ["red", "blue"]}, "red"),
        ({"type": "choice", "choices": ["red", "blue"], "many": True}, "red and blue"),
        ({"type": "ref", "to": "person"}, "example"),
        ({"type": "nin"}, "03848500134"),
    ],
)
def test_a_sample_follows_from_type_and_choices(column: Mapping[str, Any], sample: str) -> None:
    found = offered(with_column(**column))["case.more"]
    assert found.sample.replace("\u00a0", " ") == sample
    assert found.kind != "nin" or is_synthetic(found.sample, "NO")


def test_each_filter_is_shown_on_a_field_of_its_type() -> None:
    groups = fields_offered(profile().letters["notice"], profile(), EN)
    shown = {each.typed: (each.sample, each.printed) for each in filters_shown(groups, profile(), EN)}
    assert shown["{{ case.hours | number(2) }}"] == ("7.5", "7.50")
    assert shown["{{ office.phone | phone }}"] == ("00000000", "00\u00a000\u00a000\u00a000")
    assert shown["{{ recipient.name | genitive }}"] == ("Jonas", "Jonas’s")
    assert shown['{{ case.person.shielded | yes_no("has", "has not") }}'] == ("yes", "has")
    assert not any("national_id" in typed for typed in shown), "the letter has no field for it"
    assert len(shown) == len(words(EN)) - 1


@pytest.mark.parametrize("letter", ["vedtak", "oppdragsavtale", "endringsvedtak", "innkalling_evaluering"])
def test_whatever_is_copied_from_the_page_is_right_in_the_template(letter: str) -> None:
    routine = load_profile(ROOT / "profile.toml")
    rule, texts = routine.letters[letter], texts_in("nb")
    groups = fields_offered(rule, routine, texts)
    page = fields_page(rule.title, groups, filters_shown(groups, routine, texts), texts)
    assert page == fields_page(rule.title, groups, filters_shown(groups, routine, texts), texts)
    copied = docx.Document()
    within = {field.typed for group in groups if group.loops for field in group.fields}
    cells = [cell.text for table in docx.Document(io.BytesIO(page)).tables for cell in table.columns[0].cells]
    for text in cells:
        if text not in within:
            copied.add_paragraph(text)
    assert within <= set(cells)
    for group in groups:
        for loop in group.loops:
            for text in (loop, *(field.typed for field in group.fields), LOOP_END):
                copied.add_paragraph(text)
    out = io.BytesIO()
    copied.save(out)
    environment = TemplateEnvironment(Calendar("NO"), texts)
    contract = check_templates(routine, {rule.template: Template(rule.template, out.getvalue())}, environment, texts)
    found = [mistake for mistake in contract.mistakes.get(letter, ()) if mistake.typed]
    assert [(mistake.typed, said(mistake, texts)) for mistake in found] == []
