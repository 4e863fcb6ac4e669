"""The overview counts everything, orders by urgency and tells nothing personal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place, Severity
from pipeline.letters.model import Letter, Outcome, Reason, Recipient
from pipeline.lists.overview import LISTED
from pipeline.profile.model import LETTERS
from pipeline.register.model import Ref
from tests.lists.made_up import (
    TODAY,
    case,
    deadline,
    letter,
    lying,
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
UNREADABLE = "Søknad mottatt (Saker!D14): «32.13.2026» is not a date. Type the date as day.month.year, such as 23.11.2026."
BY_HAND = "The letter is made by hand: write it and send it."
BLANK = Finding(
    "blank-field",
    Place("saksregister.xlsx", "Saker", 102, 9),
    heading="Lovet svar innen",
    facts=(("letter", "Foreløpig melding"), ("field", "sak.svar_innen")),
)
OVERDUE = deadline(Status.OVERDUE, due=date(2026, 11, 2))


@pytest.mark.parametrize(
    ("one", "letters", "step"),
    [
        (deadline(Status.UNKNOWN), (), UNREADABLE),
        (OVERDUE, (), DO_IT),
        (OVERDUE, (letter(Outcome.WAITING),), DO_IT),
        (OVERDUE, (letter(Outcome.WITHHELD),), "Mend what withholds the letter «Foreløpig melding»."),
        (OVERDUE, (letter(Outcome.WITHHELD, reasons=(Reason(finding=BLANK),)),), "Fill in «Lovet svar innen» (Saker!I102)."),
        (OVERDUE, (letter(Outcome.WITHHELD, reasons=(Reason(finding=unreadable()), Reason("x"))),), UNREADABLE),
        (
            OVERDUE,
            (letter(Outcome.WITHHELD, reasons=(Reason("It is from {day}.", (("day", TODAY),)),)),),
            "It is from 2026-11-23.",
        ),
        (OVERDUE, (letter(Outcome.PRODUCED),), "Send the letter «Foreløpig melding» and write down the date."),
        (OVERDUE, (letter(Outcome.DUE),), "The next run makes the letter «Foreløpig melding»."),
        (OVERDUE, (letter(Outcome.MANUAL),), BY_HAND),
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
            "Wait: the time is the recipient's and runs out on 2026-11-23.",
        ),
    ],
)
def test_the_first_step_is_the_one_that_helps(one: Deadline, letters: tuple[Letter, ...], step: str) -> None:
    assert overview([one], letters).deadlines[0].first_step == step


DECISION = deadline(Status.OVERDUE, rule="vedtak", due=TODAY)


@pytest.mark.parametrize(
    ("one", "step"),
    [
        (letter(Outcome.PRODUCED, rule="avslag"), "Send the letter «Avslag» and write down the date."),
        (letter(Outcome.WITHHELD, rule="avslag", reasons=(Reason(finding=BLANK),)), "Fill in «Lovet svar innen» (Saker!I102)."),
        (letter(Outcome.MANUAL, rule="avslag"), BY_HAND),
        (letter(Outcome.NOT_NEEDED, rule="avslag"), "Do it, then fill in «Vedtak sendt» in the sheet «Saker»."),
        (letter(Outcome.PRODUCED, "2026/42", "avslag"), "Do it, then fill in «Vedtak sendt» in the sheet «Saker»."),
        (letter(Outcome.PRODUCED, rule="velkommen"), "Do it, then fill in «Vedtak sendt» in the sheet «Saker»."),
    ],
)
def test_a_letter_whose_sent_column_ends_the_deadline_is_the_first_step(one: Letter, step: str) -> None:
    assert overview([DECISION], [one]).deadlines[0].first_step == step


def test_a_letter_made_today_is_sent_first() -> None:
    due = letter(Outcome.DUE)
    made = overview([OVERDUE], [due], lying=lying(due))
    assert made.deadlines[0].first_step == "Send the letter «Foreløpig melding» and write down the date."
    assert [(row.record, row.made) for row in made.lying] == [("2026/41", TODAY)]
    assert (made.numbers.produced, made.numbers.lying, made.held) == (1, 1, ())


def test_letters_made_on_earlier_days_stay_until_they_are_sent_the_oldest_first() -> None:
    new, old, older = (letter(Outcome.PRODUCED, f"2026/{n}") for n in (1, 2, 3))
    unsent = {
        **lying(new),
        **lying(old, made=TODAY - timedelta(days=1)),
        **lying(older, made=TODAY - timedelta(days=40)),
    }
    made = overview([], [new, old, older], lying=unsent, owners={"KH": "Kari Hætta"})
    assert [(row.made, row.record, row.title, row.owner, row.note) for row in made.lying] == [
        (date(2026, 10, 14), "2026/3", "Foreløpig melding", "Kari Hætta", ""),
        (date(2026, 11, 22), "2026/2", "Foreløpig melding", "Kari Hætta", ""),
        (date(2026, 11, 23), "2026/1", "Foreløpig melding", "Kari Hætta", ""),
    ]
    assert (made.numbers.produced, made.numbers.lying) == (1, 3)


def _of_nobody(outcome: Outcome, key: str = "2026/41") -> Letter:
    """What the plan says of all letters of a rule on a row, before it knows the recipients."""
    return letter(outcome, key, recipient=Recipient(None, "file"))


@pytest.mark.parametrize(
    ("planned", "outcome", "note"),
    [
        ([letter(Outcome.WITHHELD)], Outcome.WITHHELD, "Do not send it: something in the register withholds it now."),
        ([_of_nobody(Outcome.WITHHELD)], Outcome.WITHHELD, "Do not send it: something in the register withholds it now."),
        (
            [_of_nobody(Outcome.NOT_NEEDED)],
            Outcome.NOT_NEEDED,
            "Do not send it: the register does not ask for it any more.",
        ),
        ([], Outcome.NOT_NEEDED, "Do not send it: the register does not ask for it any more."),
        ([_of_nobody(Outcome.WITHHELD, "2026/42"), letter(Outcome.PRODUCED)], Outcome.PRODUCED, ""),
    ],
)
def test_a_letter_that_lies_there_is_marked_where_the_register_has_changed_since(
    planned: list[Letter], outcome: Outcome, note: str
) -> None:
    one = letter(Outcome.PRODUCED)
    made = overview([], planned, of=register([sent_letter(one.obligation.id, "2026/41")]), lying=lying(one))
    assert [(row.record, row.title, row.outcome, row.note) for row in made.lying] == [
        ("2026/41", "Foreløpig melding", outcome, note)
    ]


def test_a_letter_of_which_nobody_knows_any_more_is_listed_all_the_same() -> None:
    (row,) = overview(lying=lying(letter(Outcome.PRODUCED))).lying
    assert (row.record, row.title, row.role) == ("", "", None)
    assert row.file.startswith("2026-11-23/")


def test_a_letter_that_the_register_says_was_sent_does_not_lie_there_unsent() -> None:
    one = letter(Outcome.PRODUCED)
    of = register([sent_letter(one.obligation.id, "2026/41")])
    assert overview([], [_of_nobody(Outcome.SENT)], of=of, lying=lying(one)).lying == ()


def test_a_letter_made_before_somebody_was_protected_shows_only_record_and_owner() -> None:
    one = letter(Outcome.MANUAL)
    (row,) = overview([], [one], lying=lying(one)).lying
    assert (row.record, row.owner, row.title, row.file, row.role) == ("2026/41", "KH", "", "", None)
    assert row.note == "Do not send it: the letter is made by hand now."


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
        UNREADABLE,
    )


def test_what_is_made_by_hand_is_one_row_for_each_record_and_tells_only_who_sees_to_it() -> None:
    because = (Reason("Solveig is protected."),)
    some = [
        *(letter(Outcome.MANUAL, "2026/41", rule, reasons=because) for rule in ("velkommen", "melding", "vedtak")),
        letter(Outcome.MANUAL, "2026/40", reasons=because),
    ]
    some[2] = replace(some[2], owner="")
    made = overview([], some, owners={"KH": "Kari Hætta"})
    assert [(row.record, row.owner, row.title, row.why) for row in made.held] == [
        ("2026/40", "Kari Hætta", "", ()),
        ("2026/41", "Kari Hætta", "", ()),
    ]
    assert made.numbers.manual == 2


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


def test_owners_stand_by_what_is_unknown_and_overdue_and_nobody_named_stands_last() -> None:
    some = [
        *(deadline(Status.OVERDUE, f"2026/{n}", due=TODAY, owner="") for n in range(5)),
        *(deadline(Status.DUE_SOON, f"2026/{10 + n}", due=TODAY, owner="KH") for n in range(4)),
        deadline(Status.OVERDUE, "2026/20", due=TODAY, owner="OS"),
        deadline(Status.UNKNOWN, "2026/21", owner="OS"),
        deadline(Status.OVERDUE, "2026/22", due=TODAY, owner="MB"),
    ]
    groups = overview(some, owners={"KH": "kari", "OS": "Odd", "MB": "Marit"}).by_owner
    assert [group.name for group in groups] == ["Odd", "Marit", "kari", ""]


def test_an_owner_is_shown_with_the_letters_withheld_also_where_no_deadline_is_near() -> None:
    letters = [letter(Outcome.WITHHELD, "2026/1"), letter(Outcome.WITHHELD, "2026/2"), letter(Outcome.MANUAL, "2026/3")]
    groups = overview([deadline(Status.OVERDUE, due=TODAY, owner="OS")], letters).by_owner
    assert [(group.name, group.counts, group.withheld) for group in groups] == [
        ("OS", (0, 1, 0, 0), 0),
        ("KH", (0, 0, 0, 0), 2),
    ]


def test_an_unknown_deadline_shows_the_date_that_is_known() -> None:
    told = deadline(Status.UNKNOWN)._replace(raw=date(2026, 11, 2), due=date(2026, 11, 2), act_by=date(2026, 10, 30))
    (row,) = overview([told]).deadlines
    assert (row.due, row.act_by, row.working_days) == (date(2026, 11, 2), date(2026, 10, 30), None)


def test_the_numbers_of_an_ordinary_morning() -> None:
    numbers = ordinary_morning().numbers
    assert (numbers.unknown, numbers.overdue, numbers.due_soon) == (3, 10, 8)
    assert (numbers.produced, numbers.lying, numbers.withheld, numbers.manual, numbers.review) == (5, 7, 2, 1, 1)
    assert (numbers.errors, numbers.warnings) == (5, 1)
    assert (numbers.read, numbers.used, numbers.excluded) == (121, 120, 1)


def test_the_ledgers_letters_are_no_rows_of_the_register() -> None:
    assert LETTERS not in {"sak", "evaluering"}
    assert overview(of=register([sent_letter("A", "2026/1")])).numbers.read == 0
