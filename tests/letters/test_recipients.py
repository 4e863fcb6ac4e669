from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from pipeline.letters.model import Recipient
from pipeline.letters.recipients import addressed, protected_refs, recipients
from pipeline.profile.expressions import EMPTY, CellError, RuleError
from pipeline.profile.model import RecipientRule
from pipeline.register.model import Record, Ref
from tests.letters.made_up import TODAY, case, faulty, person, profile, row, view

PEOPLE = (person("P-1", born=date(2010, 11, 23)), person("P-2"), person("P-3"))
CASE = case(person="P-1", guardians=["P-2", "P-3"])


def roles(rule: Mapping[str, object], *records: Record, today: date = TODAY) -> list[tuple[str, str]]:
    """Who receives the letter and how, by key."""
    routine = profile(rule)
    seen = view(routine, *(records or (*PEOPLE, CASE)), today=today)
    found = recipients(routine.letters["notice"], row(seen))
    return [(each.ref.key if each.ref else "", each.role) for each in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"to": "person"}, [("P-1", "to")]),
        ({"to": ["person", "guardians"]}, [("P-1", "to"), ("P-2", "to"), ("P-3", "to")]),
        ({"to": "guardians", "copy": "person"}, [("P-2", "to"), ("P-3", "to"), ("P-1", "copy")]),
        ({"to": "person", "copy": ["person", "guardians"]}, [("P-1", "to"), ("P-2", "copy"), ("P-3", "copy")]),
        ({"to": ["person", "person"]}, [("P-1", "to")]),
        ({"to": "person", "copy": ["guardians", "guardians"]}, [("P-1", "to"), ("P-2", "copy"), ("P-3", "copy")]),
        ({"to": "person.helper"}, []),
        ({"to": "person.helper", "copy": "person"}, [("P-1", "copy")]),
        ({"to": "[person] + guardians"}, [("P-1", "to"), ("P-2", "to"), ("P-3", "to")]),
        ({"to": "guardians | first"}, [("P-2", "to")]),
        ({"to": "person if decided else guardians"}, [("P-2", "to"), ("P-3", "to")]),
        ({"to": None}, [("", "file")]),
        ({"to": None, "copy": "person"}, [("", "file")]),
    ],
)
def test_each_person_appears_once_and_a_party_is_not_merely_informed(
    rule: Mapping[str, object], expected: list[tuple[str, str]]
) -> None:
    assert roles(rule) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 22), [("P-2", "to"), ("P-3", "to")]),
        (date(2026, 11, 23), [("P-2", "to"), ("P-3", "to"), ("P-1", "copy")]),
        (date(2028, 11, 22), [("P-2", "to"), ("P-3", "to"), ("P-1", "copy")]),
        (date(2028, 11, 23), [("P-1", "to")]),
    ],
)
def test_ages_are_those_of_the_day(day: date, expected: list[tuple[str, str]]) -> None:
    rule = {
        "to": "[person] if age(person.born) >= 18 else guardians",
        "copy": "[person] if 16 <= age(person.born) < 18 else []",
    }
    assert roles(rule, *PEOPLE, CASE, today=day) == expected


def test_a_recipient_is_addressed_as_the_sheet_says() -> None:
    seen = view(profile(), person("P-1", name="  Kari  ", street="Gate 1", tongue="nn"))
    found = addressed(row(seen, "P-1", "person"), "to")
    assert found == Recipient(Ref("person", "P-1"), "to", "Kari", ("Gate 1",), "nn", "")


def test_an_empty_line_of_the_address_falls_out_and_the_office_s_language_stands_in() -> None:
    seen = view(profile(), person("P-1", street=EMPTY))
    assert addressed(row(seen, "P-1", "person"), "copy") == Recipient(Ref("person", "P-1"), "copy", "Name P-1", (), "en")


def test_the_row_itself_receives_it_where_the_sheet_is_named() -> None:
    seen = view(profile(), *PEOPLE)
    to = recipients(profile({"on": "person", "to": "person"}).letters["notice"], row(seen, "P-2", "person"))
    assert [each.ref for each in to] == [Ref("person", "P-2")]


@pytest.mark.parametrize(
    ("name", "addressed_as"),
    [
        ("Prøve, Åse", "Åse Prøve"),
        ("Prøve  Nes ,Per Ole", "Per Ole Prøve  Nes"),
        ("Åse Prøve", "Åse Prøve"),
        ("Prøve, Åse / Prøve, Per", "Prøve, Åse / Prøve, Per"),
        ("Prøve,", "Prøve,"),
        (EMPTY, ""),
    ],
)
def test_a_family_name_in_front_is_turned_where_the_profile_says_so(name: object, addressed_as: str) -> None:
    routine = profile()
    turned = {"name": "name | given_name_first", "address": ["street"]}
    sheets = {**routine.sheets, "person": routine.sheets["person"].model_copy(update={"recipient": RecipientRule(**turned)})}
    seen = view(routine.model_copy(update={"sheets": sheets}), person("P-1", name=name))
    assert addressed(row(seen, "P-1", "person"), "to").name == addressed_as


def test_what_cannot_be_read_raises_and_is_not_taken_for_nobody() -> None:
    with pytest.raises(CellError):
        roles({"to": "person"}, *PEOPLE, case(person=faulty("B2")))


@pytest.mark.parametrize("to", ["reason", "received", "hours", "[1]"])
def test_what_is_nobody_is_refused(to: str) -> None:
    with pytest.raises(RuleError):
        roles({"to": to}, *PEOPLE, case(person="P-1", reason="Kari", received=TODAY, hours=3))


def test_a_row_of_a_sheet_without_recipients_cannot_be_written_to() -> None:
    with pytest.raises(RuleError, match="case"):
        roles({"to": "person.cases"})


# ------------------------------------------------------------------ protected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([person("P-1"), case(person="P-1")], set(), id="nobody"),
        pytest.param([person("P-1", shielded=True)], {"P-1"}, id="the person"),
        pytest.param([person("P-1", shielded=True), case(person="P-1")], {"P-1", "C-1"}, id="who refers to one"),
        pytest.param(
            [person("P-1"), person("P-2", shielded=True), case(person="P-1", guardians=["P-2"])],
            {"P-2", "C-1"},
            id="who refers to several",
        ),
        pytest.param(
            [person("P-1", shielded=True), person("P-2", helper="P-1"), person("P-3", helper="P-2"), case(person="P-3")],
            {"P-1", "P-2", "P-3", "C-1"},
            id="however far",
        ),
        pytest.param(
            [person("P-1", shielded=True, helper="P-2"), person("P-2"), case(person="P-2")],
            {"P-1"},
            id="not whom one refers to",
        ),
        pytest.param(
            [person("P-1", shielded=True, helper="P-2"), person("P-2", helper="P-1")], {"P-1", "P-2"}, id="in a circle"
        ),
        pytest.param([person("P-1", shielded=faulty()), case(person="P-1")], {"P-1", "C-1"}, id="what cannot be read"),
        pytest.param(
            [person("P-1", shielded=True, street="Hill 2 B"), person("P-2", street="hill 2b,"), case(person="P-2")],
            {"P-1", "P-2", "C-1"},
            id="who has the same address, and who refers to them",
        ),
        pytest.param(
            [person("P-1", shielded=True, street=EMPTY), person("P-2", street=EMPTY)], {"P-1"}, id="no address is no shared one"
        ),
        pytest.param(
            [person("P-1", helper="P-2", street="Hill 2"), person("P-2", shielded=True), person("P-3", street="Hill 2")],
            {"P-1", "P-2"},
            id="not who lives with somebody that merely refers to one",
        ),
    ],
)
def test_protected_is_the_person_and_every_row_that_refers_to_one(records: list[Record], expected: set[str]) -> None:
    found = protected_refs(view(profile(), *records))
    assert {ref.key for ref in found} == expected
