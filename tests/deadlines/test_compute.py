"""Due dates: worked examples of three countries, and where a deadline stands day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import compute
from pipeline.deadlines.model import Status
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import LETTERS
from pipeline.register.model import Record, Ref, Value
from tests.deadlines.made_up import TODAY, deadline, faulty, profile, record, row, view

DAY = timedelta(days=1)


def d(text: str) -> date:
    return date.fromisoformat(text)


# ------------------------------------------------------------------ worked examples


@pytest.mark.parametrize(
    ("number", "country", "start", "due_rule", "whose", "raw", "due", "act_by"),
    [
        (1, "NO", "2024-12-20", "start + weeks(3)", "office", "2025-01-10", "2025-01-10", "2025-01-10"),
        (1, "NO", "2024-12-20", "start + weeks(3)", "citizen", "2025-01-10", "2025-01-10", None),
        (2, "NO", "2025-12-03", "start + weeks(3)", "office", "2025-12-24", "2025-12-24", "2025-12-23"),
        (2, "NO", "2025-12-03", "start + weeks(3)", "citizen", "2025-12-24", "2025-12-24", None),
        (4, "NO", "2025-12-10", "start + weeks(3)", "office", "2025-12-31", "2025-12-31", "2025-12-30"),
        (4, "NO", "2025-12-10", "start + weeks(3)", "citizen", "2025-12-31", "2025-12-31", None),
        (5, "NO", "2026-03-12", "start + weeks(3)", "office", "2026-04-02", "2026-04-02", "2026-04-01"),
        (5, "NO", "2026-03-12", "start + weeks(3)", "citizen", "2026-04-02", "2026-04-07", None),
        (8, "NO", "2026-01-31", "start + months(1)", "office", "2026-02-28", "2026-02-28", "2026-02-27"),
        (8, "NO", "2026-01-31", "start + months(1)", "citizen", "2026-02-28", "2026-03-02", None),
        (13, "NO", "2026-08-31", "start + months(3)", "office", "2026-11-30", "2026-11-30", "2026-11-30"),
        (18, "NO", "2027-02-17", "start + months(3)", "office", "2027-05-17", "2027-05-17", "2027-05-14"),
        (18, "NO", "2027-02-17", "start + months(3)", "citizen", "2027-05-17", "2027-05-18", None),
        (19, "NO", "2027-04-19", "start + weeks(4)", "citizen", "2027-05-17", "2027-05-18", None),
        (22, "NO", "2026-04-16", "start + weeks(4)", "citizen", "2026-05-14", "2026-05-15", None),
        (24, "NO", "2026-12-11", "start + weeks(2)", "citizen", "2026-12-25", "2026-12-28", None),
        (26, "NO", "2026-11-30", "start + months(3)", "exact", "2027-02-28", "2027-02-28", "2027-02-26"),
        (28, "SE", "2026-05-29", "start + weeks(3)", "citizen", "2026-06-19", "2026-06-22", None),
        (28, "NO", "2026-05-29", "start + weeks(3)", "citizen", "2026-06-19", "2026-06-19", None),
        (31, "SE", "2025-12-15", "start + weeks(3)", "citizen", "2026-01-05", "2026-01-05", None),
        (32, "DK", "2026-04-17", "start + weeks(4)", "citizen", "2026-05-15", "2026-05-18", None),
        (32, "NO", "2026-04-17", "start + weeks(4)", "citizen", "2026-05-15", "2026-05-15", None),
        (34, "DK", "2026-05-04", "start + working_days(6) + weeks(4)", "citizen", "2026-06-09", "2026-06-09", None),
        (36, "DK", "2026-05-01", "start + weeks(8)", "office", "2026-06-26", "2026-06-26", "2026-06-26"),
        (37, "NO", "2026-07-01", "start + weeks(3)", "office", "2026-07-22", "2026-07-22", "2026-07-22"),
        (38, "NO", "2026-01-01", "start + months(12) - days(1)", "exact", "2026-12-31", "2026-12-31", "2026-12-30"),
        (39, "NO", "2026-05-21", "start + weeks(1)", "office", "2026-05-28", "2026-05-28", "2026-05-28"),
    ],
)
def test_the_worked_examples_of_the_domain(  # noqa: PLR0917 -- the columns of the table
    number: int, country: str, start: str, due_rule: str, whose: str, raw: str, due: str, act_by: str | None
) -> None:
    found = deadline({"due": due_rule, "whose": whose}, country=country, start=d(start))

    assert (found.raw, found.due) == (d(raw), d(due)), f"example {number}"
    assert found.act_by == (None if act_by is None else d(act_by)), f"example {number}"


@pytest.mark.parametrize(
    ("held", "occurrence", "raw", "act_by"),
    [
        ((), 1, "2025-02-28", "2025-02-28"),
        ((d("2025-02-28"),), 2, "2026-02-28", "2026-02-27"),
        ((d("2026-02-27"),), 3, "2027-02-28", "2027-02-26"),
        ((d("2027-02-26"),), 4, "2028-02-29", "2028-02-29"),
    ],
)
def test_example_16_a_yearly_evaluation_of_a_decision_on_a_leap_day(
    held: tuple[date, ...], occurrence: int, raw: str, act_by: str
) -> None:
    found = deadline(
        {"from": "start", "every": "1 year", "done": "meetings.held"}, d("2027-03-01"), held=held, start=d("2024-02-29")
    )

    assert (found.occurrence, found.raw, found.act_by) == (occurrence, d(raw), d(act_by))


def test_example_26_an_agreement_a_day_after_the_certificate_ran_out_is_late() -> None:
    rule = {"due": "start + months(3)", "whose": "exact", "done": "met"}

    assert deadline(rule, d("2027-03-01"), start=d("2026-11-30"), met=d("2027-02-28")).status is Status.DONE
    assert deadline(rule, d("2027-03-01"), start=d("2026-11-30"), met=d("2027-03-01")).status is Status.DONE_LATE


# ------------------------------------------------------------------ day by day


@pytest.mark.parametrize(
    ("whose", "today", "status"),
    [
        ("office", "2026-03-24", Status.UPCOMING),
        ("office", "2026-03-25", Status.DUE_SOON),  # five working days before Wednesday, the last before Easter
        ("office", "2026-04-01", Status.DUE_SOON),
        ("office", "2026-04-02", Status.DUE_SOON),
        ("office", "2026-04-03", Status.OVERDUE),
        ("exact", "2026-03-24", Status.UPCOMING),
        ("exact", "2026-03-25", Status.DUE_SOON),
        ("exact", "2026-04-02", Status.DUE_SOON),
        ("exact", "2026-04-03", Status.OVERDUE),
        ("citizen", "2026-03-25", Status.UPCOMING),
        ("citizen", "2026-03-26", Status.DUE_SOON),  # five working days before Tuesday after Easter
        ("citizen", "2026-04-03", Status.DUE_SOON),
        ("citizen", "2026-04-07", Status.DUE_SOON),
        ("citizen", "2026-04-08", Status.OVER),
    ],
)
def test_where_a_deadline_stands_round_easter(whose: str, today: str, status: Status) -> None:
    found = deadline({"due": "start + weeks(3)", "whose": whose, "remind": "5 working days"}, d(today), start=d("2026-03-12"))

    assert found.status is status


def test_without_a_lead_time_a_deadline_is_never_due_soon() -> None:
    found = [deadline({"due": "start"}, d("2026-11-20") + DAY * n, start=d("2026-11-23")).status for n in range(5)]

    assert found == [Status.UPCOMING] * 4 + [Status.OVERDUE]


@pytest.mark.parametrize(
    ("values", "status", "done"),
    [
        ({"met": d("2026-11-20")}, Status.DONE, d("2026-11-20")),
        ({"met": d("2026-11-21")}, Status.DONE, d("2026-11-21")),
        ({"met": d("2026-11-22")}, Status.DONE_LATE, d("2026-11-22")),
        ({"met": d("2025-01-01")}, Status.DONE, d("2025-01-01")),
        ({}, Status.OVERDUE, None),
    ],
)
def test_done_in_time_is_on_the_due_day_at_the_latest(values: Mapping[str, Any], status: Status, done: date | None) -> None:
    found = deadline({"due": "start", "done": "met"}, start=d("2026-11-21"), **values)

    assert (found.status, found.done) == (status, done)


@pytest.mark.parametrize(
    ("done", "status"),
    [
        ("noted", Status.OVERDUE),
        ("true", Status.DONE),
        ("[met, until]", Status.OVERDUE),
        ("[met, start]", Status.DONE),
        ("[noted, stopped]", Status.OVERDUE),
        ("meetings", Status.OVERDUE),
        ("[]", Status.OVERDUE),
    ],
)
def test_done_may_be_a_plain_yes_or_a_list_in_which_empty_cells_say_nothing(done: str, status: Status) -> None:
    assert deadline({"due": "start", "done": done}, start=d("2026-11-20"), stopped=False).status is status


@pytest.mark.parametrize(
    ("met", "status", "done"),
    [
        ("2026-11-23", Status.DONE_LATE, d("2026-11-23")),
        ("2026-11-24", Status.OVERDUE, None),
        ("2062-11-20", Status.OVERDUE, None),
    ],
)
def test_what_is_done_after_today_has_not_happened(met: str, status: Status, done: date | None) -> None:
    found = deadline({"due": "start", "done": "met"}, start=d("2026-11-20"), met=d(met))

    assert (found.status, found.done) == (status, done)


def test_of_several_dates_the_first_says_when_it_was_done() -> None:
    found = deadline(
        {"due": "start", "done": "meetings.held"}, held=(d("2026-11-21"), EMPTY, d("2026-11-19")), start=d("2026-11-20")
    )

    assert (found.status, found.done) == (Status.DONE, d("2026-11-19"))


def test_what_has_not_been_triggered_has_not_started_even_if_the_rule_reads_more() -> None:
    found = deadline({"due": "start + days(amount)", "done": "met"}, met=d("2026-11-20"), amount=3)

    assert (found.status, found.raw, found.cause) == (Status.NOT_STARTED, None, None)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, Status.NOT_NEEDED),
        ({"start": d("2026-01-01")}, Status.NOT_NEEDED),
        ({"start": faulty()}, Status.NOT_NEEDED),
        ({"start": d("2026-01-01"), "met": faulty("met")}, Status.NOT_NEEDED),
        ({"start": d("2026-01-01"), "met": d("2025-12-31")}, Status.DONE),
        ({"start": d("2026-01-01"), "met": d("2026-01-02")}, Status.DONE_LATE),
        ({"start": d("2150-01-01")}, Status.NOT_NEEDED),
    ],
)
def test_what_no_longer_applies_is_not_needed_or_was_done(values: Mapping[str, Any], status: Status) -> None:
    assert deadline({"when": "not stopped", "due": "start", "done": "met"}, stopped=True, **values).status is status


# ------------------------------------------------------------------ unknown


@pytest.mark.parametrize(
    ("rule", "column"),
    [
        ({"due": "start"}, "start"),
        ({"due": "until + days(amount)"}, "amount"),
        ({"from": "start", "every": "1 year"}, "start"),
        ({"from": "until", "every": "1 year", "until": "start"}, "start"),
        ({"from": "until", "every": "1 year", "done": "start"}, "start"),
        ({"from": "start", "every": "1 year", "when": "start"}, "start"),
    ],
)
def test_a_faulty_cell_makes_a_deadline_unknown_and_is_named(rule: Mapping[str, object], column: str) -> None:
    cell = faulty(column)
    values: dict[str, Any] = {"until": d("2020-01-01"), column: cell}
    found = deadline(rule, **values)

    assert (found.status, found.cause) == (Status.UNKNOWN, cell.finding)
    assert found.raw is found.due is found.act_by is found.remind_from is None


@pytest.mark.parametrize(
    ("rule", "occurrence", "raw"),
    [
        ({"due": "until", "done": "start"}, 1, "2020-01-01"),
        ({"due": "until", "when": "start"}, 1, "2020-01-01"),
        ({"due": "until", "when": "start", "done": "until"}, 1, "2020-01-01"),
        ({"from": "until", "every": "1 year", "when": "start", "done": "meetings.held"}, 2, "2022-01-01"),
    ],
)
def test_a_date_that_can_be_told_is_kept_where_nobody_can_tell_whether_it_applies_or_was_met(
    rule: Mapping[str, object], occurrence: int, raw: str
) -> None:
    cell = faulty()
    found = deadline({**rule, "remind": "1 week"}, until=d("2020-01-01"), start=cell, held=(d("2021-01-01"),))

    assert (found.status, found.cause, found.done) == (Status.UNKNOWN, cell.finding, None)
    assert (found.occurrence, found.raw, found.due) == (occurrence, d(raw), d(raw))
    assert found.act_by is not None
    assert found.remind_from == found.act_by - timedelta(weeks=1)


def test_a_faulty_cell_that_the_branch_does_not_need_changes_nothing() -> None:
    found = deadline({"due": "start or until"}, start=d("2026-12-01"), until=faulty("until"))

    assert (found.status, found.raw) == (Status.UPCOMING, d("2026-12-01"))


def test_a_faulty_cell_among_several_rows_makes_the_deadline_unknown() -> None:
    found = deadline({"due": "start", "done": "meetings.held"}, held=(d("2026-01-01"), faulty()), start=d("2026-01-01"))

    assert found.status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"due": "start + years(200)"}, "outside-calendar"),
        ({"due": "start + days(10**9)"}, "outside-calendar"),
        ({"due": "amount"}, "rule-failed"),
        ({"due": "start + amount"}, "rule-failed"),
        ({"due": "start / 0"}, "rule-failed"),
        ({"due": "deadlines.nothing.due"}, "rule-failed"),
        ({"from": "start", "every": "1 year", "until": "amount"}, "rule-failed"),
    ],
)
def test_a_rule_that_cannot_be_worked_out_makes_the_deadline_unknown_not_the_run_fail(
    rule: Mapping[str, object], code: str
) -> None:
    found = deadline(rule, start=d("2026-01-01"), amount=3)

    assert found.status is Status.UNKNOWN
    assert found.cause is not None
    assert (found.cause.code, found.cause.record, str(found.cause.place)) == (code, "1", "Cases!2")


@pytest.mark.parametrize(
    ("owner", "values", "expected"),
    [
        ("owner", {"owner": "Kari"}, "Kari"),
        ("owner", {}, ""),
        ("owner", {"owner": faulty("owner")}, ""),
        ("owner / 2", {"owner": "Kari"}, ""),
        ("start + working_days(3)", {"start": d("1900-01-01")}, ""),
        ("[owner, 'Ola']", {"owner": "Kari"}, "Kari"),
    ],
)
def test_an_owner_who_cannot_be_told_is_nobody_and_the_deadline_stands(
    owner: str, values: Mapping[str, Any], expected: str
) -> None:
    rules = profile({"it": {"due": "until", "owner": owner}})
    found = compute(view(rules, record(until=d("2026-12-01"), **values)))

    assert [(item.owner, item.status) for item in found.items] == [(expected, Status.UPCOMING)]
    assert found.owners == ({expected: expected} if expected else {})


# ------------------------------------------------------------------ recurring

YEARLY: Mapping[str, object] = {
    "from": "start",
    "every": "1 year",
    "done": "meetings.held",
    "remind": "1 month",
    "until": "until",
}


@pytest.mark.parametrize(
    ("held", "occurrence", "raw"),
    [
        ((), 1, "2024-06-10"),
        (("2024-06-10",), 2, "2025-06-10"),
        (("2024-05-01",), 2, "2025-06-10"),  # held early counts for the nearest
        (("2024-10-01",), 2, "2025-06-10"),  # held late too
        (("2025-05-20",), 3, "2026-06-10"),  # the first was skipped, and is closed
        (("2023-08-01",), 1, "2024-06-10"),  # soon after the decision counts for nothing
        (("2023-06-10",), 1, "2024-06-10"),
        (("2022-01-01",), 1, "2024-06-10"),  # before there was a decision
        (("2024-06-12", "2025-06-01", "2024-02-01"), 3, "2026-06-10"),
        (("2024-06-12", "2024-06-20"), 2, "2025-06-10"),
    ],
)
def test_the_earliest_undone_occurrence_is_open(held: tuple[str, ...], occurrence: int, raw: str) -> None:
    found = deadline(YEARLY, d("2026-01-01"), held=tuple(map(d, held)), start=d("2023-06-10"))

    assert (found.occurrence, found.raw, found.done) == (occurrence, d(raw), None)


@pytest.mark.parametrize(
    ("today", "status"),
    [
        ("2024-05-09", Status.UPCOMING),
        ("2024-05-10", Status.DUE_SOON),
        ("2024-06-10", Status.DUE_SOON),
        ("2024-06-11", Status.OVERDUE),
        ("2026-01-01", Status.OVERDUE),
    ],
)
def test_an_occurrence_that_nobody_held_stays_overdue(today: str, status: Status) -> None:
    assert deadline(YEARLY, d(today), start=d("2023-06-10")).status is status


@pytest.mark.parametrize(
    ("until", "held", "status", "occurrence"),
    [
        ("2024-06-09", (), Status.NOT_NEEDED, 1),
        ("2024-06-10", (), Status.OVERDUE, 1),  # inclusive
        ("2025-06-09", ("2024-06-10",), Status.DONE, 1),
        ("2025-06-10", ("2024-06-10",), Status.OVERDUE, 2),
    ],
)
def test_no_occurrence_lies_after_until(until: str, held: tuple[str, ...], status: Status, occurrence: int) -> None:
    found = deadline(YEARLY, held=tuple(map(d, held)), start=d("2023-06-10"), until=d(until))

    assert (found.status, found.occurrence) == (status, occurrence)


def test_an_evaluation_that_lies_ahead_closes_nothing() -> None:
    found = deadline(YEARLY, d("2024-06-11"), held=(d("2062-06-10"),), start=d("2023-06-10"))

    assert (found.occurrence, found.status) == (1, Status.OVERDUE)


@pytest.mark.parametrize(
    ("done", "held", "status", "when_done"),
    [
        ("noted", (), Status.DONE, None),
        ("[noted] + meetings.held", ("2024-06-12",), Status.DONE, d("2024-06-12")),
        ("stopped", (), Status.OVERDUE, None),
    ],
)
def test_a_plain_yes_closes_a_recurring_deadline(
    done: str, held: tuple[str, ...], status: Status, when_done: date | None
) -> None:
    found = deadline({**YEARLY, "done": done}, held=tuple(map(d, held)), start=d("2023-06-10"), noted=True, stopped=False)

    assert (found.status, found.done) == (status, when_done)


@pytest.mark.parametrize(
    ("held", "raw"),
    [((), "2026-02-28"), (("2026-02-28",), "2026-03-31"), (("2026-03-31",), "2026-04-30"), (("2026-04-30",), "2026-05-31")],
)
def test_a_monthly_deadline_from_the_31st_does_not_drift(held: tuple[str, ...], raw: str) -> None:
    found = deadline(
        {"from": "start", "every": "1 month", "done": "meetings.held"}, held=tuple(map(d, held)), start=d("2026-01-31")
    )

    assert found.raw == d(raw)


def test_a_recurring_deadline_without_its_anchor_has_not_started_and_one_that_does_not_apply_is_not_needed() -> None:
    assert deadline(YEARLY).status is Status.NOT_STARTED
    assert deadline({**YEARLY, "when": "noted"}, start=d("2023-06-10")).status is Status.NOT_NEEDED


# ------------------------------------------------------------------ letters, and deadlines that count from deadlines


def test_a_deadline_on_letters_counts_from_arrival_else_from_dispatch() -> None:
    rules = profile(
        {
            "appeal": {
                "on": LETTERS,
                "when": "role == 'to'",
                "due": "(arrived or sent + days(7)) + weeks(3)",
                "whose": "citizen",
                "owner": "record.owner",
            }
        },
        country="SE",
    )
    cases: list[tuple[dict[str, Value], Status, date | None]] = [
        ({"role": "to", "arrived": d("2026-05-29"), "sent": d("2026-05-20")}, Status.OVER, d("2026-06-22")),
        ({"role": "to", "sent": d("2026-05-22")}, Status.OVER, d("2026-06-22")),
        ({"role": "to"}, Status.NOT_STARTED, None),
        ({"role": "copy", "arrived": d("2026-05-29")}, Status.NOT_NEEDED, d("2026-06-22")),
    ]
    names = ("letter", "recipient", "role", "channel", "produced", "sent", "arrived")
    letters = [
        Record(LETTERS, str(n), Place("", LETTERS), {**dict.fromkeys(names, EMPTY), "record": Ref("case", "1"), **values})
        for n, (values, _, _) in enumerate(cases)
    ]
    seen = view(rules, record(owner="Kari"))
    found = compute(type(seen)(seen.register.with_sheet(LETTERS, letters), seen.rules, TODAY)).items

    assert [(item.status, item.due) for item in found] == [(status, due) for _, status, due in cases]
    assert {item.owner for item in found} == {"Kari"}


CHAIN: Mapping[str, Mapping[str, object]] = {
    "comment": {"due": "start + weeks(2)", "whose": "citizen", "done": "met"},
    "decide": {"due": "deadlines.comment.due + days(1)", "when": "deadlines.comment.status != 'done'"},
}


@pytest.mark.parametrize(
    ("values", "status", "raw"),
    [
        ({"start": d("2026-12-11")}, Status.UPCOMING, d("2026-12-29")),  # example 24: do not decide before 29 December
        ({}, Status.NOT_STARTED, None),
        ({"start": faulty()}, Status.UNKNOWN, None),
        ({"start": d("2026-11-20"), "met": d("2026-11-22")}, Status.NOT_NEEDED, d("2026-12-05")),
    ],
)
def test_a_deadline_may_count_from_another(values: Mapping[str, Any], status: Status, raw: date | None) -> None:
    rules = profile(CHAIN)
    found = work_out(rules.deadlines["decide"], row(rules, record(**values)))

    assert (found.status, found.raw) == (status, raw)


def test_an_unknown_deadline_makes_those_that_count_from_it_unknown_with_the_same_cause() -> None:
    cell = faulty()
    found = compute(view(profile(CHAIN), record(start=cell))).items

    assert [item.cause for item in found] == [cell.finding, cell.finding]


# ------------------------------------------------------------------ laws

starts = st.dates(d("1990-01-01"), d("2080-12-31"))
periods = st.tuples(st.sampled_from(["days", "weeks", "months"]), st.integers(0, 60)).map(
    lambda parts: f"start + {parts[0]}({parts[1]})"
)
lands = st.sampled_from(["NO", "SE", "DK"])


@given(lands, starts, periods)
def test_a_citizens_deadline_is_never_shortened_and_ends_on_a_business_day(country: str, start: date, due: str) -> None:
    found = deadline({"due": due, "whose": "citizen"}, country=country, start=start)

    assert found.raw is not None
    assert found.due is not None
    assert found.due >= found.raw
    assert found.act_by is None
    assert Calendar(profile({}, country=country).office.country).is_business_day(found.due)


@given(lands, starts, periods, st.sampled_from(["office", "exact"]))
def test_an_office_acts_on_a_working_day_not_after_the_raw_date(country: str, start: date, due: str, whose: str) -> None:
    office = profile({}, country=country).office
    found = deadline({"due": due, "whose": whose}, country=country, start=start)

    assert found.raw is not None
    assert found.due == found.raw
    assert found.act_by is not None
    assert found.act_by <= found.raw
    assert Calendar(office.country, office.closed).is_working_day(found.act_by)


@given(starts, st.integers(-40, 80), st.sampled_from(["office", "citizen", "exact"]))
def test_a_deadline_only_grows_more_urgent_as_days_pass(start: date, days: int, whose: str) -> None:
    order = [Status.UPCOMING, Status.DUE_SOON, Status.OVERDUE if whose != "citizen" else Status.OVER]
    rule = {"due": "start + weeks(3)", "whose": whose, "remind": "1 week"}
    today = start + DAY * days

    first, second = (deadline(rule, day, start=start).status for day in (today, today + DAY))
    assert order.index(first) <= order.index(second)


@given(starts, st.lists(starts, max_size=4))
def test_same_in_same_out_in_whatever_order_the_meetings_stand(start: date, held: list[date]) -> None:
    found = [deadline(YEARLY, held=tuple(days), start=start) for days in (held, held, list(reversed(held)))]

    assert found[0] == found[1] == found[2]


@given(starts, periods, st.integers(0, 60), st.integers(0, 60), st.sampled_from(["office", "citizen", "exact"]))
def test_a_longer_pause_never_makes_a_date_earlier(start: date, due: str, pause: int, more: int, whose: str) -> None:
    rule = {"due": f"{due} + days(amount)", "whose": whose, "remind": "5 working days"}
    short, long = (deadline(rule, start=start, amount=days) for days in (pause, pause + more))

    for name in ("raw", "due", "act_by", "remind_from"):
        earlier, later = getattr(short, name), getattr(long, name)
        assert (earlier is None and later is None) or earlier <= later


faults = st.sampled_from([{}, {"start": faulty()}, {"met": faulty("met")}, {"stopped": faulty("stopped")}])


@given(starts, st.lists(starts, max_size=3), st.booleans(), faults)
def test_all_rules_of_a_row_together_are_what_each_is_alone(
    start: date, held: list[date], stopped: bool, fault: Mapping[str, Any]
) -> None:
    made = profile(
        {
            "once": {"due": "start + weeks(3)", "when": "not stopped", "done": "met", "owner": "owner", "remind": "1 week"},
            "yearly": YEARLY,
            "later": {"due": "deadlines.once.due + days(amount)", "whose": "citizen", "done": "[met, until]"},
            "broken": {"due": "start - noted"},
        }
    )
    case = record(**{"start": start, "stopped": stopped, "owner": "KH", "amount": 2, "noted": True, **fault})
    seen = view(made, case, held=tuple(held))
    row_ = seen.row(case.ref)

    assert row_ is not None
    assert compute(seen).items == tuple(work_out(rule, row_) for rule in made.deadlines.values())


@pytest.mark.parametrize(
    ("held", "missed"),
    [
        ((), []),
        (("2024-01-10",), []),
        (("2025-01-10",), ["2024-01-15"]),
        (("2023-12-20", "2026-01-20"), ["2025-01-15"]),
        (("2026-02-01",), ["2024-01-15", "2025-01-15"]),
    ],
)
def test_an_occurrence_that_was_skipped_is_missed(held: tuple[str, ...], missed: list[str]) -> None:
    found = deadline(YEARLY, held=tuple(map(d, held)), start=d("2023-01-15"))

    assert [day.isoformat() for day in found.missed] == missed


def test_a_single_cell_that_is_overwritten_tells_nothing_of_the_times_before() -> None:
    rule = {"from": "start", "every": "1 year", "done": "met"}

    assert deadline(rule, start=d("2023-01-15"), met=d("2026-01-10")).missed == ()
