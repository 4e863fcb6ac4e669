from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from pipeline.findings import Finding, Place, Severity
from pipeline.letters.model import Letter, Obligation, Outcome, Reason
from pipeline.letters.plan import Past, letter_view
from pipeline.lists.story import reason_in_words
from pipeline.profile.expressions import EMPTY
from pipeline.register.model import Record, Ref
from pipeline.texts import texts_in
from tests.letters.made_up import TODAY, case, faulty, person, planned, profile, row, view

RECEIVED = date(2026, 11, 10)
PERSON = person("P-1", street="Gate 1")
SERVING = {"serves": "answer"}
OWED = Obligation("notice", Ref("case", "C-1"), Ref("person", "P-1"), "to")
OWED_FIRST = Obligation("notice", Ref("case", "C-1"), Ref("person", "P-1"), "to", 1)
ERROR = Finding(
    "unknown-choice", Place("book.xlsx", "Cases", 2, 7), sheet="case", record="C-1", value="?", facts=(("choices", "a"),)
)
BROKEN = Finding("template-broken", Place("notice.docx"), facts=(("letter", "Notice"),))


def said(reason: Reason) -> str:
    """A reason in English."""
    return reason_in_words(reason, texts_in("en"))


@dataclass(frozen=True)
class Night:
    """One case on one night: the letter's rule, the case, what else there is, and what must come of it."""

    outcome: Outcome
    reason: str
    rule: dict[str, Any] = field(default_factory=dict)
    case: Record = field(default_factory=lambda: case(person="P-1", received=RECEIVED))
    people: tuple[Record, ...] = (PERSON,)
    deadline: dict[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    past: dict[str, Past] = field(default_factory=dict)
    broken: bool = False


NIGHTS = {
    "due with its deadline": Night(Outcome.DUE, "", SERVING),
    "due with a date": Night(Outcome.DUE, "", {"dated": "received"}),
    "due by the dates of its condition": Night(Outcome.DUE, "", {"when": "received"}),
    "due at the edge of the start": Night(
        Outcome.DUE, "", {"dated": "received"}, case(person="P-1", received=date(2026, 9, 1))
    ),
    "due after what was made for another occurrence": Night(
        Outcome.DUE, "", SERVING, past={OWED.id: Past(RECEIVED, RECEIVED, RECEIVED, "x.docx")}
    ),
    "condition does not hold": Night(Outcome.NOT_NEEDED, "«decided» does not hold", {"when": "decided"}),
    "deadline is done": Night(
        Outcome.NOT_NEEDED, "its deadline is done", SERVING, case(person="P-1", received=RECEIVED, decided=TODAY)
    ),
    "deadline does not apply": Night(Outcome.NOT_NEEDED, "its deadline does not apply", SERVING, deadline={"when": "hours"}),
    "sent says the register": Night(
        Outcome.SENT, "sent on 2026-11-12, says the register", {"sent": "sent"}, case(person="P-1", sent=date(2026, 11, 12))
    ),
    "sent says the ledger": Night(
        Outcome.SENT, "sent on 2026-11-20", SERVING, past={OWED_FIRST.id: Past(TODAY, date(2026, 11, 20), TODAY, "x.docx")}
    ),
    "made and not sent": Night(
        Outcome.PRODUCED,
        "made on 2026-11-20, not sent yet",
        SERVING,
        past={OWED_FIRST.id: Past(TODAY, None, date(2026, 11, 20), "x.docx")},
    ),
    "deadline has not started": Night(Outcome.WAITING, "its deadline has not started", SERVING, case(person="P-1")),
    "too early": Night(Outcome.WAITING, "it is made from 2026-11-24 on", SERVING, deadline={"remind": "1 week"}),
    "letter's date is empty": Night(Outcome.WAITING, "the letter's date «decided» is empty", {"dated": "decided"}),
    "before the start by its deadline": Night(
        Outcome.REVIEW,
        "it became due on 2026-08-31, before the start on 2026-09-01",
        SERVING,
        case(person="P-1", received=date(2026, 8, 10)),
    ),
    "before the start by its date": Night(
        Outcome.REVIEW,
        "it became due on 2026-08-31, before the start on 2026-09-01",
        {"dated": "received"},
        case(person="P-1", received=date(2026, 8, 31)),
    ),
    "before the start by its condition": Night(
        Outcome.REVIEW,
        "it became due on 2026-08-31, before the start on 2026-09-01",
        {"when": "received and not decided"},
        case(person="P-1", received=date(2026, 8, 31)),
    ),
    "no date at all": Night(Outcome.REVIEW, "no date says when it became due; look whether it is needed"),
    "protected person": Night(
        Outcome.MANUAL, "the address of somebody it concerns is protected", SERVING, people=(person("P-1", shielded=True),)
    ),
    "protected person with an unreadable date": Night(
        Outcome.MANUAL,
        "Cases!D2, Received, C-1: ",
        {"dated": "received"},
        case(person="P-1", received=faulty()),
        people=(person("P-1", shielded=True),),
    ),
    "unknown deadline": Night(
        Outcome.WITHHELD, "Cases!D2, Received, C-1: «?» is not a date.", SERVING, case(person="P-1", received=faulty())
    ),
    "unreadable condition": Night(
        Outcome.WITHHELD,
        "Cases!D2, Received, C-1: «?» is not a date.",
        {"when": "received"},
        case(person="P-1", received=faulty()),
    ),
    "unreadable recipient": Night(
        Outcome.WITHHELD, "Cases!D2, Received, C-1: ", SERVING, case(person=faulty(), received=RECEIVED)
    ),
    "error in the row": Night(Outcome.WITHHELD, "Cases!G2, C-1: «?» is not one of the choices.", SERVING, findings=(ERROR,)),
    "broken template": Night(Outcome.WITHHELD, "notice.docx: The template of «Notice» cannot be used.", SERVING, broken=True),
    "nobody to write to": Night(
        Outcome.WITHHELD, "Cases!2, C-1: Nobody is found to send «Notice» to.", SERVING, case(received=RECEIVED)
    ),
    "only copies": Night(
        Outcome.WITHHELD,
        "Cases!2, C-1: Nobody is found to send «Notice» to.",
        {**SERVING, "to": "person.helper", "copy": "person"},
    ),
    "check fails": Night(
        Outcome.WITHHELD,
        "Cases!2, C-1: The letter «Notice» waits until this holds: It is decided. (Decided (Cases!F2): –)",
        {**SERVING, "checks": {"It is decided": "decided"}},
    ),
    "unreadable check": Night(
        Outcome.WITHHELD,
        "Cases!D2, Received, C-1: «?» is not a date.",
        {"dated": "received", "checks": {"It is short": "reason != 'long'"}},
        case(person="P-1", received=RECEIVED, reason=faulty()),
    ),
    "check on text and date": Night(
        Outcome.WITHHELD,
        "Cases!2, C-1: The rule «Notice» cannot be worked out",
        {"dated": "received", "checks": {"It adds up": "reason + received"}},
        case(person="P-1", received=RECEIVED, reason="a"),
    ),
    "made before, and now faulty": Night(
        Outcome.WITHHELD,
        "Cases!G2, C-1: «?» is not one of the choices.",
        SERVING,
        findings=(ERROR,),
        past={OWED_FIRST.id: Past(TODAY, None, TODAY, "x.docx")},
    ),
    "year beyond the calendar": Night(
        Outcome.WITHHELD,
        "Cases!2, C-1: The rule «Answer» ",
        SERVING,
        deadline={"due": "received + working_days(30000)"},
    ),
}


def only(night: Night) -> Letter:
    """The one letter of the night."""
    routine = profile(night.rule, night.deadline)
    seen = view(routine, *night.people, night.case, findings=night.findings)
    (letter,) = planned(seen, night.past, broken={"notice": (BROKEN,)} if night.broken else None)
    return letter


@pytest.mark.parametrize("night", [pytest.param(night, id=name) for name, night in NIGHTS.items()])
def test_every_letter_has_its_outcome_and_the_reason_for_it(night: Night) -> None:
    letter = only(night)
    reasons = " ".join(map(said, letter.reasons))
    assert (letter.outcome, reasons[: len(night.reason)]) == (night.outcome, night.reason)
    assert bool(reasons) == (letter.outcome is not Outcome.DUE)


def test_every_outcome_is_reached_above() -> None:
    assert {night.outcome for night in NIGHTS.values()} == set(Outcome) - {Outcome.HELD}, "what is held is held after the plan"


def test_a_warning_withholds_nothing() -> None:
    warning = Finding("check-failed", ERROR.place, Severity.WARNING, sheet="case", record="C-1", facts=(("sentence", "x"),))
    assert only(Night(Outcome.DUE, "", SERVING, findings=(warning,))).outcome is Outcome.DUE


def test_an_error_of_another_row_withholds_nothing() -> None:
    other = Finding("unknown-choice", ERROR.place, sheet="person", record="C-1", facts=(("choices", "a"),))
    assert only(Night(Outcome.DUE, "", SERVING, findings=(other,))).outcome is Outcome.DUE


def test_all_errors_and_failed_checks_are_told_at_once() -> None:
    checks = {"It is decided": "decided", "It has hours": "hours > 0"}
    letter = only(Night(Outcome.WITHHELD, "", {**SERVING, "checks": checks}))
    assert [dict(reason.finding.facts)["sentence"] for reason in letter.reasons if reason.finding] == list(checks)


@pytest.mark.parametrize(
    ("rule", "past", "dated"),
    [
        ({**SERVING, "dated": "received"}, {}, RECEIVED),
        (SERVING, {}, TODAY),
        (SERVING, {OWED_FIRST.id: Past(date(2026, 11, 19), None, date(2026, 11, 19), "x.docx")}, date(2026, 11, 19)),
    ],
)
def test_a_letter_s_date_is_its_column_s_or_that_of_its_first_night_or_today(
    rule: dict[str, Any], past: dict[str, Past], dated: date
) -> None:
    assert only(Night(Outcome.DUE, "", rule, past=past)).dated == dated


def test_a_letter_names_the_due_day_and_the_owner_of_its_deadline() -> None:
    letter = only(Night(Outcome.DUE, "", SERVING, deadline={"owner": "number"}))
    assert (letter.due, letter.owner) == (date(2026, 12, 1), "C-1")


def test_one_protected_recipient_leaves_the_letters_of_all_to_people() -> None:
    """Each letter names the others as parties or copies."""
    rule = {"to": "person.helper", "copy": "person.helps", "dated": "received"}
    people = (
        person("P-1", helper="P-2"),
        person("P-2"),
        person("P-3", helper="P-1", shielded=True),
    )
    letters = planned(view(profile(rule), *people, case(person="P-1", received=RECEIVED)))
    assert [(each.recipient.ref, each.outcome) for each in letters] == [
        (Ref("person", "P-2"), Outcome.MANUAL),
        (Ref("person", "P-3"), Outcome.MANUAL),
    ]
    assert [said(reason) for each in letters for reason in each.reasons] == [
        "the address of somebody it concerns is protected",
        "the recipient's address is protected",
    ]


def test_recipients_are_worked_out_on_the_date_of_what_was_made_before() -> None:
    """Who comes of age after the letter was made gets no second one (``docs/profile.md``, convention 10)."""
    rule = {**SERVING, "copy": "[person.helper] if age(person.helper.born) >= 16 else []"}
    people = (person("P-1", helper="P-2"), person("P-2", born=date(2010, 11, 22)))
    seen = view(profile(rule), *people, case(person="P-1", received=RECEIVED))
    made = {("notice", Ref("case", "C-1"), 1): date(2026, 11, 21)}
    assert [each.recipient.ref for each in planned(seen)] == [Ref("person", "P-1"), Ref("person", "P-2")]
    assert [each.recipient.ref for each in planned(seen, dated=made)] == [Ref("person", "P-1")]


# ------------------------------------------------------------------ recurring


@pytest.mark.parametrize(
    ("sent", "outcome", "occurrence"),
    [
        (None, Outcome.DUE, 1),
        (date(2026, 11, 20), Outcome.SENT, 1),
    ],
)
def test_a_sent_column_counts_for_its_nearest_occurrence(sent: date | None, outcome: Outcome, occurrence: int) -> None:
    deadline = {"due": None, "from": "received", "every": "1 year", "remind": "2 months", "done": "decided"}
    record = case(person="P-1", received=date(2025, 12, 1), sent=sent or EMPTY)
    letter = only(Night(outcome, "", {**SERVING, "sent": "sent"}, record, deadline=deadline))
    assert (letter.outcome, letter.obligation.occurrence) == (outcome, occurrence)


def test_what_was_sent_for_an_earlier_occurrence_does_not_stop_the_next() -> None:
    deadline = {"due": None, "from": "received", "every": "1 year", "remind": "2 months", "done": "decided"}
    record = case(person="P-1", received=date(2024, 12, 1), decided=date(2025, 12, 1), sent=date(2025, 11, 1))
    letter = only(Night(Outcome.DUE, "", {**SERVING, "sent": "sent"}, record, deadline=deadline))
    assert (letter.outcome, letter.obligation.occurrence) == (Outcome.DUE, 2)


# ------------------------------------------------------------------ the letter's own view


def test_a_letter_sees_its_row_on_its_date_as_if_it_went_out_that_day() -> None:
    routine = profile({"sent": "sent"})
    plain = row(view(routine, PERSON, case(person="P-1")))
    seen = letter_view(plain.view, routine.letters["notice"], plain, RECEIVED)
    assert seen.view.today == RECEIVED
    assert seen.lookup("sent") == RECEIVED


def test_a_letter_takes_the_place_of_the_date_that_last_year_s_left() -> None:
    routine = profile({"sent": "sent"})
    plain = row(view(routine, PERSON, case(person="P-1", sent=RECEIVED)))
    assert letter_view(plain.view, routine.letters["notice"], plain, TODAY).lookup("sent") == TODAY
