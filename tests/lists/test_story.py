"""The story of a record: which deadlines of its letters are part of it, and what they are called."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.deadlines.compute import compute
from pipeline.deadlines.explain import DayOff, Step
from pipeline.findings import Place
from pipeline.lists.story import Told, step_in_words, tell
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import LETTERS
from pipeline.register.model import Record, Ref, Value, View
from pipeline.texts import texts_in
from tests.deadlines.made_up import TODAY, profile, record, view

ENGLISH = texts_in("en")


def letter(id_: str, kind: str, role: str) -> Record:
    """A letter of the ledger about the case, sent before today and not known to have arrived."""
    values: dict[str, Value] = {"letter": kind, "record": Ref("case", "1"), "role": role, "sent": date(2026, 11, 2)}
    names = ("recipient", "channel", "produced", "arrived")
    return Record(LETTERS, id_, Place("", LETTERS), {**dict.fromkeys(names, EMPTY), **values})


def told(*letters: Record) -> list[str]:
    """The deadlines in the story of the case."""
    rules = profile(
        {"appeal": {"on": LETTERS, "title": "Appeal", "when": "role == 'to'", "due": "sent + weeks(4)", "whose": "citizen"}},
        letters={
            name: {"name": name, "on": "case", "title": name.capitalize(), "template": "x.docx"}
            for name in ("grant", "refusal")
        },
    )
    seen = view(rules, record())
    with_letters = View(seen.register.with_sheet(LETTERS, letters), seen.rules, TODAY)
    story = tell(Told(with_letters, compute(with_letters).items, (), {}), "1", ENGLISH)
    return [line.text for line in story if line.kind == "deadline"]


def test_a_deadline_that_counts_from_a_letter_names_the_letter_and_its_id() -> None:
    assert told(letter("AAAA2222", "grant", "to"), letter("BBBB3333", "refusal", "to")) == [
        "Appeal, Grant (letter AAAA2222): upcoming, 2026-11-30",
        "Appeal, Refusal (letter BBBB3333): upcoming, 2026-11-30",
    ]


def test_letters_that_have_no_such_deadline_are_left_out() -> None:
    assert told(letter("AAAA2222", "grant", "copy")) == []


@pytest.mark.parametrize(("language", "number"), [("en", "2.5"), ("nb", "2,5"), ("sv", "2,5"), ("da", "2,5")])
def test_a_number_in_a_step_is_written_as_the_language_writes_it(language: str, number: str) -> None:
    facts = (("sheet", "Waits"), ("heading", "Days"), ("value", 2.5), ("places", "B2"))
    step = Step("{sheet}, {heading}: {value} ({places}).", facts)

    assert step_in_words(step, texts_in(language)) == f"Waits, Days: {number} (B2)."


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("nb", "24.12.2026, 25.12.2026 Juldagen"),
        ("sv", "2026-12-24, 2026-12-25 Juldagen"),
        ("da", "24.12.2026, 25.12.2026 Juldagen"),
    ],
)
def test_the_days_off_in_a_step_are_written_as_the_language_writes_days(language: str, days: str) -> None:
    off = (DayOff(date(2026, 12, 24), ""), DayOff(date(2026, 12, 25), "Juldagen"))
    step = Step("The office acts on the last working day before {days}: {day}.", (("days", off), ("day", date(2026, 12, 23))))

    assert days in step_in_words(step, texts_in(language))
