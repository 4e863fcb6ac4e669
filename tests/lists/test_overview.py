"""The overview counts everything, orders by urgency and tells nothing personal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place, Severity
from pipeline.letters.model import Letter, Outcome, Reason
from pipeline.lists.overview import LISTED
from pipeline.profile.model import LETTERS
from pipeline.register.model import Ref
from tests.lists.made_up import (
    TODAY,
    case,
    deadline,
    letter,
    ordinary_morning,
    overview,
    register,
    sent_letter,
    unreadable,
)


@st.composite
def deadlines(draw: st.DrawFn) -> list[Deadline]:
    """Any deadlines, each with an identity of its own."""
    statuses = draw(st.lists(st.sampled_from(Status), max_size=30))
    day = st.integers(-900, 900).map(lambda n: TODAY + timedelta(days=n))
    return [
        deadline(
            status,
            f"2026/{n}",
            draw(st.sampled_from(("melding", "vedtak", "evaluering"))),
            due=None if status is Status.UNKNOWN else draw(day),
            owner=draw(st.sampled_from(("", "KH", "OS"))),
        )
        for n, status in enumerate(statuses)
    ]


@given(deadlines())
def test_every_unknown_overdue_and_due_soon_deadline_is_listed_and_every_other_one_counted(
    some: list[Deadline],
) -> None:
    made = overview(some)
    must = {d.record.key for d in some if d.status in {Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON}}
    assert must <= {row.record for row in made.deadlines}
    assert sum(made.statuses.values()) == len(some)
    assert sum(map(sum, (group.counts for group in made.by_owner))) == len(made.deadlines)
    assert sum(map(sum, (group.counts for group in made.by_kind))) == len(made.deadlines)


@given(deadlines().flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_in_which_deadlines_arrive_changes_nothing(orders: tuple[list[Deadline], list[Deadline]]) -> None:
    one, other = orders
    assert overview(one) == overview(other)


@given(deadlines())
def test_unknown_comes_first_then_overdue_by_age_then_what_is_nearest(some: list[Deadline]) -> None:
    rows = overview(some).deadlines
    ranks = [LISTED.index(row.status) for row in rows]
    assert ranks == sorted(ranks)
    late = [row.working_days or 0 for row in rows if row.status is Status.OVERDUE]
    assert late == sorted(late, reverse=True)


@pytest.mark.parametrize(
    ("status", "due", "working_days"),
    [
        (Status.OVERDUE, date(2026, 11, 20), 1),  # Friday; the day is a Monday
        (Status.OVERDUE, date(2026, 11, 22), 1),
        (Status.OVERDUE, date(2026, 11, 13), 6),
        (Status.DUE_SOON, date(2026, 11, 23), 0),
        (Status.DUE_SOON, date(2026, 11, 30), 5),
        (Status.DUE_SOON, date(2026, 11, 20), 0),  # the last working day has passed, the due date has not
        (Status.UNKNOWN, None, None),
    ],
)
def test_age_is_counted_in_working_days(status: Status, due: date | None, working_days: int | None) -> None:
    assert overview([deadline(status, due=due)]).deadlines[0].working_days == working_days


@pytest.mark.parametrize(("days", "listed"), [(0, True), (14, True), (15, False)])
def test_upcoming_is_listed_two_weeks_ahead(days: int, listed: bool) -> None:
    made = overview([deadline(Status.UPCOMING, due=TODAY + timedelta(days=days))])
    assert bool(made.deadlines) is listed
    assert made.statuses[Status.UPCOMING] == 1


DO_IT = "Do it, then fill in «Foreløpig melding sendt» in the sheet «Saker»."
OVERDUE = deadline(Status.OVERDUE, due=date(2026, 11, 2))


@pytest.mark.parametrize(
    ("one", "letters", "step"),
    [
        (deadline(Status.UNKNOWN), (), "Type the date as day.month.year, such as 23.11.2026."),
        (OVERDUE, (), DO_IT),
        (OVERDUE, (letter(Outcome.WAITING),), DO_IT),
        (OVERDUE, (letter(Outcome.WITHHELD),), "Mend what withholds the letter «Foreløpig melding»."),
        (OVERDUE, (letter(Outcome.PRODUCED),), "Send the letter «Foreløpig melding» and write down the date."),
        (OVERDUE, (letter(Outcome.DUE),), "The next run makes the letter «Foreløpig melding»."),
        (OVERDUE, (letter(Outcome.MANUAL),), "Treat it by hand: no letter is made for this record."),
        (
            OVERDUE,
            (letter(Outcome.WITHHELD, occurrence=2),),
            DO_IT,
        ),
        (
            OVERDUE,
            (letter(Outcome.WITHHELD, "2026/42"),),
            DO_IT,
        ),
        (
            deadline(Status.OVERDUE, rule="evaluering", due=TODAY),
            (),
            DO_IT.replace("Foreløpig melding sendt", "Holdt").replace("Saker", "Evalueringer"),
        ),
        (deadline(Status.OVERDUE, rule="oppfølging", due=TODAY), (), "Do it and write it down in the register."),
        (
            deadline(Status.DUE_SOON, rule="klage", due=TODAY),
            (),
            "Wait: the time is not the office's, and it runs until then.",
        ),
    ],
)
def test_the_first_step_is_the_one_that_helps(one: Deadline, letters: tuple[Letter, ...], step: str) -> None:
    assert overview([one], letters).deadlines[0].first_step == step


def test_a_letter_made_today_is_sent_first() -> None:
    due = letter(Outcome.DUE)
    made = overview([OVERDUE], [due], files={due.obligation.id: "2026-11-23/melding/2026-41.docx"})
    assert made.deadlines[0].first_step == "Send the letter «Foreløpig melding» and write down the date."
    assert [(row.record, row.file) for row in made.produced] == [("2026/41", "2026-11-23/melding/2026-41.docx")]
    assert (made.numbers.produced, made.held) == (1, ())


def test_a_letter_that_is_due_and_not_made_does_not_fall_off() -> None:
    held = overview([], [letter(Outcome.DUE)]).held
    assert [(row.outcome, row.why) for row in held] == [(Outcome.DUE, ("Made by the next run that makes letters.",))]


def test_an_unknown_deadline_names_the_cell_to_mend() -> None:
    assert overview([deadline(Status.UNKNOWN)]).deadlines[0].cause == "Saker!D14"


def test_references_are_those_of_the_day() -> None:
    basis = overview([OVERDUE]).deadlines[0].basis
    assert basis == ("Forvaltningsloven § 11 a", "Retningslinjer for aktiv fritid, punkt 4")


def test_a_deadline_on_a_letter_shows_the_record_that_the_letter_is_about() -> None:
    one = deadline(Status.DUE_SOON, "ABCDEFGH", "klage", due=TODAY)
    made = overview([one], of=register([sent_letter("ABCDEFGH", "2026/41")]))
    assert made.deadlines[0].record == "2026/41"


@pytest.mark.parametrize(
    ("before", "new"),
    [
        (None, False),
        ({}, True),
        ({("melding", Ref("sak", "2026/41"), 1): Status.DUE_SOON}, True),
        ({("melding", Ref("sak", "2026/41"), 2): Status.OVERDUE}, True),
        ({("melding", Ref("sak", "2026/41"), 1): Status.OVERDUE}, False),
    ],
)
def test_new_is_what_had_another_status_at_the_last_run(
    before: dict[tuple[str, Ref, int], Status] | None,
    new: bool,
) -> None:
    assert overview([OVERDUE], before=before).deadlines[0].new is new


def test_rows_read_are_rows_used_and_rows_left_out() -> None:
    lost = [unreadable(row=20), unreadable(row=20, value="x"), unreadable(row=21)]
    made = overview(of=register([case("2026/1"), case("2026/2"), sent_letter("A", "2026/1")], lost[:1], lost)).numbers
    assert (made.read, made.used, made.excluded) == (4, 2, 2)
    assert made.errors == 3  # a finding that also excludes its row counts once


def test_errors_and_warnings_are_counted_apart_and_errors_come_first() -> None:
    warning = Finding("date-unreadable", Place("a.xlsx", "A", 1, 1), Severity.WARNING, value="x")
    made = overview(of=register((), [warning, unreadable()]))
    assert (made.numbers.errors, made.numbers.warnings) == (1, 1)
    assert [row.severity for row in made.findings] == [Severity.ERROR, Severity.WARNING]


def test_a_finding_has_the_eight_facts() -> None:
    row = overview(of=register((), [unreadable()])).findings[0]
    assert (row.file, row.sheet, row.cell, row.heading, row.record, row.value, row.message, row.cure) == (
        "saksregister.xlsx",
        "Saker",
        "D14",
        "Søknad mottatt",
        "2026/41",
        "32.13.2026",
        "«32.13.2026» is not a date.",
        "Type the date as day.month.year, such as 23.11.2026.",
    )


def test_withheld_letters_say_why_in_sentences() -> None:
    reasons = (Reason("It is from {day}.", (("day", date(2026, 1, 2)),)), Reason(finding=unreadable()))
    held = overview([], [letter(Outcome.WITHHELD, reasons=reasons)]).held[0]
    assert held.why == (
        "It is from 2026-01-02.",
        "Saker!D14: «32.13.2026» is not a date. Type the date as day.month.year, such as 23.11.2026.",
    )


def test_manual_treatment_tells_only_the_record_and_its_owner() -> None:
    held = overview([], [letter(Outcome.MANUAL, reasons=(Reason("Solveig is protected."),))], owners={"KH": "Kari Hætta"}).held[
        0
    ]
    assert (held.record, held.owner, held.title, held.why) == ("2026/41", "Kari Hætta", "", ())


def test_nothing_secret_and_no_recipient_is_on_the_overview() -> None:
    secret = unreadable(value="01018012345", secret=True)
    unknown = Deadline("melding", Ref("sak", "2026/41"), Status.UNKNOWN, cause=secret)
    made = overview(
        [unknown],
        [letter(Outcome.WITHHELD, reasons=(Reason(finding=secret),)), letter(Outcome.MANUAL, "2026/9")],
        of=register((), [secret], [secret]),
    )
    told = repr(made)
    assert "(not shown)" in told
    for personal in ("01018012345", "Solveig", "Fjordveien", "P-001"):
        assert personal not in told


def test_who_has_no_owner_comes_first_among_the_groups() -> None:
    some = [deadline(Status.OVERDUE, f"2026/{n}", due=TODAY, owner=owner) for n, owner in enumerate(("OS", "", "KH"))]
    groups = overview(some, owners={"KH": "kari", "OS": "Odd"}).by_owner
    assert [group.name for group in groups] == ["", "kari", "Odd"]


def test_the_numbers_of_an_ordinary_morning() -> None:
    numbers = ordinary_morning().numbers
    assert (numbers.unknown, numbers.overdue, numbers.due_soon) == (3, 10, 8)
    assert (numbers.produced, numbers.withheld, numbers.manual, numbers.review) == (5, 2, 1, 1)
    assert (numbers.errors, numbers.warnings) == (5, 1)
    assert (numbers.read, numbers.used, numbers.excluded) == (121, 120, 1)


def test_the_ledgers_letters_are_no_rows_of_the_register() -> None:
    assert LETTERS not in {"sak", "evaluering"}
    assert overview(of=register([sent_letter("A", "2026/1")])).numbers.read == 0
