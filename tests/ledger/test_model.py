from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pipeline.deadlines.model import Deadline, Status
from pipeline.ledger.model import (
    Entry,
    Event,
    File,
    Intent,
    Question,
    Source,
    Standing,
    State,
    Version,
    What,
    facts_digest,
    seal,
)
from pipeline.letters.model import Obligation
from pipeline.letters.write import Move, Placed
from pipeline.register.model import Ref

DAY = date(2026, 11, 23)
OWED = Obligation("melding", Ref("sak", "2026-0141"), Ref("person", "P-001"), "to")


def version(number: int, state: State = State.PRODUCED, *files: File) -> Version:
    dated = DAY + timedelta(days=number)
    return Version(OWED.id, number, dated, (), "facts", "template", files or (File("a", "1"),), state, 1)


def event(what: What, version: int = 1, dated: date | None = None, about: str = "") -> Event:
    return Event(0, 1, DAY, what, Source.REGISTER, OWED.id, version, dated, about)


def test_the_fingerprint_of_facts_is_of_their_meaning_not_their_order() -> None:
    assert facts_digest([("a", "1"), ("b", "2")]) == facts_digest([("b", "2"), ("a", "1")])
    assert facts_digest([("a", "1"), ("b", "2")]) != facts_digest([("a", "2"), ("b", "1")])
    assert facts_digest([("a", "1b"), ("", "2")]) != facts_digest([("a", "1"), ("b", "2")])


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"files": (File("erstattet/a", "1"),)}, True),
        ({"state": State.REPLACED}, True),
        ({"files": (File("a", "2"),)}, False),
        ({"dated": DAY}, False),
        ({"facts_digest": "other"}, False),
        ({"template": "other"}, False),
    ],
)
def test_a_version_vouches_for_its_content_wherever_it_lies(changed: dict[str, object], same: bool) -> None:
    made = version(1)
    assert (replace(made, **changed).content == made.content) is same  # type: ignore[arg-type]  # the table's values are of many types


@pytest.mark.parametrize(
    ("states", "current"),
    [
        ([], None),
        ([State.INTENDED], None),
        ([State.PRODUCED], 1),
        ([State.REPLACED, State.PRODUCED], 2),
        ([State.PRODUCED, State.INTENDED], 1),
        ([State.WITHDRAWN], None),
        ([State.REPLACED, State.WITHDRAWN], None),
    ],
)
def test_the_current_version_is_the_one_in_its_place(states: list[State], current: int | None) -> None:
    versions = tuple(version(n, state) for n, state in enumerate(states, 1))
    found = Entry(OWED, versions=versions).current
    assert (found.number if found else None) == current


@pytest.mark.parametrize(
    ("events", "sent", "unsent"),
    [
        ([], None, 1),
        ([event(What.SENT, dated=DAY)], DAY, None),
        ([event(What.SENT, dated=DAY), event(What.NOT_SENT, dated=DAY)], None, 1),
        ([event(What.SENT, dated=DAY), event(What.SENT, dated=date(2026, 11, 24))], date(2026, 11, 24), None),
        ([event(What.SENT, version=2, dated=DAY)], None, 1),
    ],
)
def test_a_letter_is_sent_until_that_is_taken_back(events: list[Event], sent: date | None, unsent: int | None) -> None:
    entry = Entry(OWED, versions=(version(1),), events=tuple(events))
    assert entry.sent == sent
    assert (entry.unsent.number if entry.unsent else None) == unsent


def test_a_further_version_of_a_sent_letter_is_unsent_while_the_letter_is_sent() -> None:
    entry = Entry(OWED, versions=(version(1), version(2)), events=(event(What.SENT, 1, DAY),))
    assert entry.sent == DAY
    assert entry.unsent == version(2)


def test_the_letters_date_is_that_of_its_first_version() -> None:
    entry = Entry(OWED, versions=(version(1, State.REPLACED), version(2)))
    assert entry.dated == date(2026, 11, 24)
    assert Entry(OWED, versions=(version(1, State.INTENDED),)).dated is None


def test_the_day_of_production_is_that_of_the_first() -> None:
    later = replace(event(What.PRODUCED, 2), day=date(2026, 12, 1))
    assert Entry(OWED, events=(event(What.PRODUCED), later)).produced == DAY
    assert Entry(OWED).produced is None


@pytest.mark.parametrize(
    ("events", "arrived", "returned"),
    [
        ([], None, None),
        ([event(What.ARRIVED, dated=DAY)], DAY, None),
        ([event(What.ARRIVED, dated=DAY), event(What.RETURNED, dated=DAY)], None, DAY),
        ([event(What.RETURNED, dated=DAY), event(What.ARRIVED, dated=DAY)], DAY, None),
    ],
)
def test_a_letter_arrives_or_comes_back_whichever_was_said_last(
    events: list[Event], arrived: date | None, returned: date | None
) -> None:
    entry = Entry(OWED, versions=(version(1),), events=tuple(events))
    assert (entry.arrived, entry.returned) == (arrived, returned)


def test_the_last_answer_to_a_question_counts_for_its_own_subject_alone() -> None:
    asked = event(What.ASKED, 0, about="proposal f1")
    approved = event(What.APPROVED, 0, about="proposal f1")
    entry = Entry(OWED, events=(asked, approved))
    assert entry.asked(Question.PROPOSAL, "f1") == approved
    assert entry.asked(Question.PROPOSAL, "f2") is None
    assert entry.asked(Question.REVIEW) is None


def test_an_intent_moves_the_old_files_where_they_retire_to() -> None:
    new = version(2, State.INTENDED, File("new/a", "2"))
    old = version(1, State.PRODUCED, File("old/a", "1", "erstattet/a"))
    assert Intent(new, old).files == (Placed("new/a", "2"),)
    assert Intent(new, old).moves == (Move("old/a", "erstattet/a", "1"),)
    assert Intent(new).moves == ()


def test_a_seal_covers_every_part_of_its_event_and_the_seal_before() -> None:
    said = Event(1, 1, DAY, What.SENT, Source.REGISTER, OWED.id, 1, DAY, "about")
    others = [
        replace(said, number=2),
        replace(said, run=None),
        replace(said, day=date(2026, 11, 24)),
        replace(said, what=What.ARRIVED),
        replace(said, source=Source.COMMAND),
        replace(said, obligation="other"),
        replace(said, version=2),
        replace(said, dated=None),
        replace(said, about=""),
    ]
    seals = {seal("", said), seal("before", said), *(seal("", other) for other in others)}
    assert len(seals) == 2 + len(others)


def test_a_standing_is_taken_from_its_deadline() -> None:
    deadline = Deadline("svar", Ref("sak", "2026-0141"), Status.OVERDUE, 2, due=DAY, owner="Ola")
    assert Standing.of(deadline) == Standing("svar", "sak", "2026-0141", "", 2, Status.OVERDUE, DAY, "Ola")
    assert Standing.of(deadline, "P-001").recipient == "P-001"
