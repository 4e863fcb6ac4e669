"""Whole routines of several municipalities: they load, and no rule of theirs fails on full, empty or faulty rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, compute, deadlines_of
from pipeline.deadlines.explain import steps
from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Place
from pipeline.letters.model import Outcome
from pipeline.letters.plan import Premises, plan
from pipeline.letters.recipients import recipients
from pipeline.profile.expressions import EMPTY, CellError, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import LETTERS, Column, Profile, Sheet
from pipeline.profile.starters import PROFILE, starters
from pipeline.register.checks import check_register
from pipeline.register.model import FaultyCell, Record, Ref, Register, Scalar, Value, View

TODAY = date(2026, 11, 23)
DRAFTS = Path(__file__).parent / "drafts"
PROFILES = {name: folder / PROFILE for name, folder in starters().items()} | {
    path.stem: path for path in sorted(DRAFTS.glob("*.toml"))
}
FULL = ("1", "2", "3")
"""Rows with a value in every cell, who take each another of the choices; every row refers to its namesakes on other sheets."""
PREMISES = Premises(past={}, dated={}, start=date(2026, 1, 1), broken={})


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(PROFILES[request.param])


def scalar(column: Column, row: str, number: int, place: int) -> Scalar:
    """A plausible value: dates stagger by column and row."""
    match column.type:
        case "nin":
            value: Scalar = "17912099997"
        case "date":
            value = date(2026, 1, 5) + timedelta(days=7 * place + 60 * number)
        case "number":
            value = 2.5 * number + 1
        case "time":
            value = time(9 + number, 30)
        case "choice":
            value = column.choices[number % len(column.choices)]
        case "yesno":
            value = number % 2 == 0
        case "ref":
            value = Ref(column.to or "", row)
        case "text":
            value = f"{column.name} {number}"
    return value


def faulty(sheet: Sheet, column: Column, place: Place) -> FaultyCell:
    return FaultyCell(
        Finding("not-a-date", place, heading=column.heading, sheet=sheet.name, record="faulty", value="31.02.2026")
    )


def value_in(sheet: Sheet, column: Column, row: str, place: int) -> Value:
    if row == "empty":
        return EMPTY if column.required is not True else scalar(column, row, 0, place)
    if row == "faulty" and column.type == "date":
        return faulty(sheet, column, Place("r.xlsx", sheet.title, 6, place + 1))
    number = FULL.index(row) if row in FULL else 0
    value = scalar(column, row, number, place)
    if not column.many:
        return value
    return (value, scalar(column, FULL[(number + 1) % 3], (number + 1) % 3, place)) if number else (value,)


def records(sheet: Sheet) -> Iterator[Record]:
    for line, row in enumerate((*FULL, "empty", "faulty"), start=2):
        values = {column.name: value_in(sheet, column, row, n) for n, column in enumerate(sheet.stored_columns)}
        columns = {column.name: n + 1 for n, column in enumerate(sheet.stored_columns)}
        yield Record(sheet.name, row, Place("r.xlsx", sheet.title, line), values, columns)


def letters(profile: Profile) -> Iterator[Record]:
    """Past letters of every kind to the first row of each sheet that can be written to: sent, arrived, neither."""
    people = [sheet.name for sheet in profile.sheets.values() if sheet.recipient]
    for rule in profile.letters.values():
        for number, key in enumerate((*FULL, "empty", "faulty")):
            values: dict[str, Value] = {
                "letter": rule.name,
                "record": Ref(rule.on, key),
                "recipient": Ref(people[number % len(people)], key),
                "role": ("to", "copy")[number % 2],
                "channel": EMPTY,
                "produced": date(2026, 9, 1),
                "sent": EMPTY if number == 2 else date(2026, 9, 2 + number),
                "arrived": EMPTY if number else date(2026, 9, 8),
            }
            yield Record(LETTERS, f"{rule.name} {number}", Place("", LETTERS), values)


def register_of(profile: Profile) -> Register:
    sheets = {sheet.name: {record.key: record for record in records(sheet)} for sheet in profile.sheets.values()}
    return Register(profile, sheets).with_sheet(LETTERS, letters(profile))


def view_of(register: Register) -> View:
    office = register.profile.office
    return View(
        register, Rules(Calendar(office.country, office.closed), register.profile.terms), TODAY, {DEADLINES: deadlines_of}
    )


def reasons(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    return [
        (finding.record, *(str(fact) for _, fact in finding.facts)) for finding in findings if finding.code == "rule-failed"
    ]


def test_no_deadline_rule_fails_on_any_row(profile: Profile) -> None:
    deadlines = compute(view_of(register_of(profile))).items

    assert len(deadlines) == sum(
        len(list(letters(profile))) if rule.on == LETTERS else len(FULL) + 2 for rule in profile.deadlines.values()
    )
    assert not reasons(deadline.cause for deadline in deadlines if deadline.cause is not None)


def test_a_deadline_is_unknown_where_every_date_is_faulty_and_names_the_cell(profile: Profile) -> None:
    found = [deadline for deadline in compute(view_of(register_of(profile))).items if deadline.record.key == "faulty"]

    assert {deadline.status for deadline in found} <= {Status.UNKNOWN, Status.NOT_NEEDED}
    unknown = [deadline for deadline in found if deadline.status is Status.UNKNOWN]
    assert len(unknown) > len(found) / 2
    assert all(deadline.cause is not None and deadline.cause.code == "not-a-date" for deadline in unknown)
    assert all(deadline.raw is deadline.due is deadline.act_by is None for deadline in unknown)


def test_a_deadline_of_an_empty_row_is_not_started_or_not_needed_unless_a_required_date_starts_it(profile: Profile) -> None:
    register = register_of(profile)
    for deadline in compute(view_of(register)).items:
        rule = profile.deadlines[deadline.rule]
        if deadline.record.key != "empty" or deadline.status in {Status.NOT_STARTED, Status.NOT_NEEDED}:
            continue
        assert deadline.raw is not None
        assert any(column.required is True and column.type == "date" for column in profile.sheets[rule.on].columns.values())


def test_no_letter_rule_fails_on_any_row(profile: Profile) -> None:
    planned = plan(view_of(register_of(profile)), PREMISES)

    assert {letter.obligation.letter for letter in planned} == set(profile.letters)
    found = (reason.finding for letter in planned for reason in letter.reasons if reason.finding is not None)
    assert not reasons(found)
    assert not any(reason.sentence == "{reason}" for letter in planned for reason in letter.reasons)


def test_a_letter_of_a_faulty_row_is_never_made(profile: Profile) -> None:
    planned = plan(view_of(register_of(profile)), PREMISES)

    assert not [letter for letter in planned if letter.obligation.record.key == "faulty" and letter.outcome is Outcome.DUE]


def test_recipients_are_worked_out_or_stopped_by_a_faulty_cell_on_every_row(profile: Profile) -> None:
    view = view_of(register_of(profile))
    for rule in profile.letters.values():
        for row in view.rows(rule.on):
            try:
                people = recipients(rule, row)
            except CellError:
                assert row.record.key == "faulty"
                continue
            assert len({person.ref for person in people}) == len(people)


def test_no_check_fails_on_any_row(profile: Profile) -> None:
    register = register_of(profile)
    view = view_of(register)
    checked = check_register(register, view.rules, TODAY, view)

    assert not reasons(finding for finding in checked.findings)


def test_every_deadline_can_be_explained_on_every_row(profile: Profile) -> None:
    view = view_of(register_of(profile))
    for rule in profile.deadlines.values():
        for row in view.rows(rule.on):
            assert steps(rule, row) or not rule.basis


def test_a_right_that_somebody_used_in_time_is_no_deadline_that_the_office_kept(profile: Profile) -> None:
    rights = {rule.name for rule in profile.deadlines.values() if rule.whose == "citizen" and rule.done is not None}
    kept = [figure for figure in profile.statistics.values() if figure.on == DEADLINES]

    assert rights
    assert all(repr(right) in figure.when for figure in kept for right in rights)


def test_every_statistic_can_be_worked_out_on_every_full_row(profile: Profile) -> None:
    view = view_of(register_of(profile))
    for figure in profile.statistics.values():
        for row in view.rows(figure.on):
            if row.record.key in FULL:
                for source in (figure.when, figure.value, *figure.by.values()):
                    with suppress(CellError):  # of a row that cannot be read, among all rates
                        view.evaluate(source, row)


def test_the_same_register_gives_the_same_deadlines_and_letters(profile: Profile) -> None:
    first, second = (view_of(register_of(profile)) for _ in range(2))

    assert compute(first) == compute(second)
    assert plan(first, PREMISES) == plan(second, PREMISES)


def test_the_neighbour_has_its_own_numbers_and_altas_rules() -> None:
    alta, nabo = load_profile(PROFILES["alta"]), load_profile(PROFILES["nabo"])

    assert nabo.terms["svarfrist"] == "4 weeks"
    assert nabo.terms["klagefrist"] == alta.terms["klagefrist"]
    assert nabo.sheets["sak"].columns["mottatt"].heading == "Innkommet"
    assert nabo.sheets["sak"].columns["mottatt"].type == "date"
    assert nabo.deadlines["registrer_tjeneste"].when == "false"
    assert nabo.deadlines["registrer_tjeneste"].due == alta.deadlines["registrer_tjeneste"].due
    assert list(nabo.letters) == list(alta.letters)
