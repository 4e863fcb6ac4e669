"""Why a date is what it is: the steps, as they read in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.deadlines.explain import DayOff, steps, trigger
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import Profile
from pipeline.register.model import Record, Value
from pipeline.texts import texts_in
from tests.deadlines.made_up import TODAY, faulty, profile, record, row

ENGLISH = texts_in("en")
LAW: Mapping[str, object] = {
    "checked": [{"text": "§ 1", "checked": {"by": "Kari", "on": date(2026, 9, 1)}}],
    "unchecked": [{"text": "§ 2"}],
    "old": [{"text": "§ 3", "valid_to": date(2020, 12, 31)}],
}


def rules(rule: Mapping[str, object]) -> Profile:
    return profile({"it": rule}, law=LAW, terms={"period": "3 weeks"})


def told(rule: Mapping[str, object], held: tuple[Value, ...] = (), **values: Value) -> list[str]:
    """The steps in English; a period in them as the day count and unit that the profile writes."""
    made = rules(rule)
    found = steps(made.deadlines["it"], row(made, record(**values), TODAY, held))
    return [ENGLISH(step.sentence, **{name: shown(fact) for name, fact in step.facts}) for step in found]


def shown(fact: Any) -> Any:
    if isinstance(fact, DayOff):
        return f"{fact.day} {fact.name}".rstrip()
    if isinstance(fact, tuple):
        return ", ".join(str(shown(each)) for each in fact)
    return f"{fact.count} {fact.unit}" if hasattr(fact, "unit") else fact


def test_an_offices_deadline_names_cell_term_rule_and_the_days_off_before_which_it_acts() -> None:
    assert told({"due": "start + period", "remind": "5 working days"}, start=date(2026, 3, 12)) == [
        "Start (Cases!B2) is 2026-03-12.",
        "Period: period is 3 weeks.",
        "«start + period» gives 2026-04-02.",
        "The office acts on the last working day before 2026-04-02 Skjærtorsdag: 2026-04-01.",
        "It is due soon from 2026-03-25, 5 working days before.",
    ]


def test_a_citizens_deadline_names_the_days_over_which_it_goes() -> None:
    found = told({"due": "start + period", "whose": "citizen"}, start=date(2026, 3, 12))

    assert found[3].startswith(
        "A citizen's right is never shortened: over 2026-04-02 Skjærtorsdag, 2026-04-03 Langfredag, 2026-04-04"
    )
    assert found[3].endswith("2026-04-06 Andre påskedag to 2026-04-07.")


@pytest.mark.parametrize("whose", ["office", "citizen", "exact"])
def test_where_nothing_moves_nothing_is_said_of_it(whose: str) -> None:
    assert told({"due": "start", "whose": whose}, start=date(2026, 3, 12)) == [
        "Start (Cases!B2) is 2026-03-12.",
        "«start» gives 2026-03-12.",
    ]


def test_an_exact_date_stands_on_its_day_off_and_the_office_acts_before() -> None:
    assert told({"due": "start + months(3)", "whose": "exact"}, start=date(2026, 11, 30))[1:] == [
        "«start + months(3)» gives 2027-02-28.",
        "The office acts on the last working day before 2027-02-27, 2027-02-28: 2027-02-26.",
    ]


def test_a_recurring_deadline_names_its_number() -> None:
    rule = {"from": "start", "every": "1 year", "done": "meetings.held"}
    held = (date(2025, 2, 28),)

    found = told(rule, held, start=date(2024, 2, 29))
    assert found[0] == "Start (Cases!B2) is 2024-02-29."
    assert found[1] == "It comes every 1 years; this is number 2: 2026-02-28."


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ({"due": "start"}, {}, ["Start is empty.", "What starts it has not happened yet."]),
        ({"due": "start"}, {"start": faulty()}, ["Cases!B2 cannot be read.", "The date cannot be told: Cases!B2."]),
        (
            {"due": "start", "done": "met"},
            {"start": date(2026, 3, 12), "met": date(2026, 3, 10)},
            ["Start (Cases!B2) is 2026-03-12.", "«start» gives 2026-03-12.", "It was done on 2026-03-10."],
        ),
        (
            {"due": "start", "when": "noted"},
            {},
            ["Start is empty.", "It is not needed: «Noted» is empty."],
        ),
        (
            {"due": "start + working_days(1)"},
            {"start": date(1950, 1, 1)},
            ["Start (Cases!B2) is 1950-01-01.", "The date cannot be told: Cases!2."],
        ),
        (
            {"due": "start or until"},
            {"start": faulty(), "until": date(2026, 1, 2)},
            ["Cases!B2 cannot be read.", "Until (Cases!C2) is 2026-01-02.", "The date cannot be told: Cases!B2."],
        ),
    ],
)
def test_what_there_is_no_date_for_says_why(rule: Mapping[str, object], values: Mapping[str, Any], expected: list[str]) -> None:
    assert told(rule, **values) == expected


@pytest.mark.parametrize(
    ("when", "values", "expected"),
    [
        ("noted", {}, "It is not needed: «Noted» is empty."),
        ("noted", {"noted": False}, "It is not needed: «Noted» is no."),
        ("not noted", {"noted": True}, "It is not needed: «Noted» is yes."),
        ("not met", {"met": date(2026, 3, 1)}, "It is not needed: «Met» is filled in."),
        ("owner and not met", {"owner": "Kari", "met": date(2026, 3, 1)}, "It is not needed: «Met» is filled in."),
        ("amount > 1 and owner and not met", {"amount": 2}, "It is not needed: «Owner» is empty."),
        ("amount > 1 and owner", {"amount": 1, "owner": "Kari"}, "It is not needed: «amount > 1 and owner» does not hold."),
        ("amount > 1 and met", {"met": faulty("met")}, "It is not needed: «amount > 1 and met» does not hold."),
        ("amount > 1 and not met", {"met": faulty("met")}, "It is not needed: «amount > 1 and not met» does not hold."),
        ("amount or met", {}, "It is not needed: «amount or met» does not hold."),
        ("not meetings", {}, "It is not needed: «meetings» is filled in."),
        ("false", {}, "It is not needed: «false» does not hold."),
    ],
)
def test_what_is_not_needed_says_why_in_the_sheets_words_where_it_can(
    when: str, values: Mapping[str, Any], expected: str
) -> None:
    assert told({"due": "start", "when": when}, held=(date(2026, 3, 1),), **values)[-1] == expected


CHAIN: Mapping[str, Mapping[str, object]] = {"first": {"title": "The answer", "due": "start", "done": "met"}}


def chained(rule: Mapping[str, object], **values: Value) -> list[str]:
    """The steps of a rule that asks for another deadline of its row."""
    made = profile({**CHAIN, "it": rule})
    found = steps(made.deadlines["it"], row(made, record(**values)))
    return [ENGLISH(step.sentence, **{name: shown(fact) for name, fact in step.facts}) for step in found]


def test_a_deadline_that_counts_from_another_names_it_with_its_day() -> None:
    assert chained({"due": "deadlines.first.due + days(2)"}, start=date(2026, 11, 23))[:2] == [
        "«The answer» is due on 2026-11-23.",
        "«deadlines.first.due + days(2)» gives 2026-11-25.",
    ]


def test_a_deadline_that_waits_for_another_says_for_which() -> None:
    rule = {"due": "start", "when": "owner and not deadlines.first.due"}

    assert chained(rule, start=date(2026, 11, 23), owner="Kari")[-1] == (
        "It is not needed as long as «The answer» remains to be done."
    )
    assert chained(rule, start=date(2026, 11, 23))[-1] == "It is not needed: «Owner» is empty."


def test_a_day_that_is_computed_names_the_cells_that_it_comes_from() -> None:
    assert told({"due": "reached"}, start=date(2026, 3, 12), until=date(2026, 3, 10))[0] == (
        "Reached (Cases!B2, Cases!C2) is 2026-03-13."
    )


def test_a_recurring_deadline_that_ends_before_it_comes_says_so() -> None:
    rule = {"from": "start", "every": "1 year", "until": "until"}

    found = told(rule, start=date(2026, 3, 12), until=date(2026, 12, 31))

    assert found[-1] == "It is not needed: the first time would come after the end."


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ({"done": "met"}, {"met": faulty("met")}, "Cases!D2 cannot be read, so nobody can tell whether it was met."),
        ({"when": "noted"}, {"noted": faulty("noted")}, "Cases!E2 cannot be read, so nobody can tell whether it is needed."),
    ],
)
def test_a_date_that_can_be_told_is_told_where_nobody_knows_whether_it_stands(
    rule: Mapping[str, object], values: Mapping[str, Any], expected: str
) -> None:
    assert told({"due": "start", **rule}, start=date(2026, 3, 12), **values) == [
        "Start (Cases!B2) is 2026-03-12.",
        "«start» gives 2026-03-12.",
        expected,
    ]


def test_what_is_asked_of_dates_of_several_rows_is_no_cell_of_its_own() -> None:
    found = told({"due": "start + days(meetings.held.year | first - 2020)"}, (date(2026, 3, 22),), start=date(2026, 3, 12))

    assert found[0] == "Start (Cases!B2) is 2026-03-12."
    assert found[1].endswith("gives 2026-03-18.")


def test_numbers_of_several_rows_are_told_with_the_cells_that_they_come_from() -> None:
    found = told({"due": "start + days(meetings.waited | sum)"}, (date(2026, 3, 22), EMPTY), start=date(2026, 3, 12))

    assert found[:3] == [
        "Start (Cases!B2) is 2026-03-12.",
        "Meetings, Waited: 10 (2026-03-22, Meetings!A2, Meetings!B2).",
        "Meetings, Waited: 256 (Meetings!A3).",
    ]


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        ("checked", ["Source: § 1 (checked by Kari on 2026-09-01)."]),
        ("unchecked", ["Source: § 2 (nobody has checked the reference)."]),
        ("old", ["Source: none for «old» is valid on 2026-03-12."]),
        ("checked if noted", []),
        ("checked if start", ["Source: § 1 (checked by Kari on 2026-09-01)."]),
        ("checked if met", []),
        (
            ["checked", "unchecked"],
            ["Source: § 1 (checked by Kari on 2026-09-01).", "Source: § 2 (nobody has checked the reference)."],
        ),
    ],
)
def test_the_sources_of_a_rule_are_told_with_who_checked_them(basis: object, expected: list[str]) -> None:
    found = told({"due": "start", "basis": basis}, start=date(2026, 3, 12), met=faulty("met"))

    assert found[2:] == expected


@pytest.mark.parametrize(
    ("rule", "case", "expected"),
    [
        ({"due": "start + period"}, record(start=date(2026, 3, 12)), date(2026, 3, 12)),
        ({"due": "until or start"}, record(start=date(2026, 3, 12)), date(2026, 3, 12)),
        ({"from": "start", "every": "1 year"}, record(start=date(2026, 3, 12)), date(2026, 3, 12)),
        ({"due": "start"}, record(), None),
        ({"due": "start"}, record(start=faulty()), None),
    ],
)
def test_the_trigger_is_the_first_date_that_the_rule_counts_from(
    rule: Mapping[str, object], case: Record, expected: date | None
) -> None:
    made = rules(rule)

    assert trigger(made.deadlines["it"], row(made, case)) == expected


def test_steps_are_the_same_twice() -> None:
    assert told({"due": "start + period"}, start=date(2026, 3, 12)) == told({"due": "start + period"}, start=date(2026, 3, 12))
