"""Records, what they refer to, and a register seen on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.calendars import Calendar, Duration
from pipeline.findings import Finding, Place, Severity
from pipeline.profile.expressions import EMPTY, CellError, RuleError, Rules
from pipeline.profile.model import LETTERS, Profile
from pipeline.register.model import FaultyCell, Record, Ref, Register, Row, Value, View, references

TODAY = date(2026, 11, 23)
BAD = FaultyCell(Finding("not-a-date", Place("book.xlsx", "People", 3, 2), sheet="person", record="Ola", value="x"))


def columns(**tables: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: {"name": name, "heading": name.capitalize(), **table} for name, table in tables.items()}


PERSON = columns(
    name={"type": "text"},
    born={"type": "date"},
    age_now={"type": "number", "value": "age(born)"},
    adult={"type": "yesno", "value": "age_now"},
    first_case={"type": "ref", "to": "case", "value": "cases | first"},
)
CASE = columns(
    nr={"type": "text"},
    person={"type": "ref", "to": "person", "back": "cases"},
    helpers={"type": "ref", "to": "person", "many": True, "back": "helps"},
    opened={"type": "date"},
    closed={"type": "date"},
    count={"type": "number"},
    receivers={"type": "ref", "to": "person", "many": True, "value": "[person] + helpers"},
    one={"type": "ref", "to": "person", "many": True, "value": "person"},
    both={"type": "ref", "to": "person", "many": True, "value": "[person, helpers | first]"},
    due={"type": "date", "value": "opened + period"},
    wrong={"type": "date", "value": "opened + nr"},
)
PROFILE = Profile.model_validate(
    {
        "office": {"municipality": "Sted", "country": "NO", "language": "nb"},
        "terms": {"period": "3 weeks", "limit": 18, "word": "støtte", "yes": True},
        "register": {"workbook": "book.xlsx"},
        "sheets": {
            "person": {"name": "person", "title": "People", "key": "name", "columns": PERSON},
            "case": {"name": "case", "title": "Cases", "key": "nr", "valid": ["opened", "closed"], "columns": CASE},
        },
    }
)


def case(nr: str, row: int = 2, **values: Value) -> Record:
    empty: dict[str, Value] = dict.fromkeys(("person", "helpers", "opened", "closed", "count"), EMPTY)
    return Record(
        "case", nr, Place("book.xlsx", "Cases", row), {**empty, "nr": nr, **values}, {"nr": 1, "person": 2, "opened": 4}
    )


def person(name: str, born: Value = EMPTY) -> Record:
    return Record("person", name, Place("book.xlsx", "People", 2), {"name": name, "born": born}, {"name": 1, "born": 2})


KARI, OLA = Ref("person", "Kari"), Ref("person", "Ola")
REGISTER = Register(
    PROFILE,
    {
        "person": {"Kari": person("Kari", date(2008, 11, 24)), "Ola": person("Ola", BAD)},
        "case": {
            "1": case("1", person=KARI, helpers=(OLA,), opened=date(2026, 1, 1), closed=date(2026, 1, 31), count=3),
            "2": case("2", row=3, person=KARI, opened=date(2026, 2, 1)),
            "3": case("3", row=4, person=Ref("person", "Nobody"), helpers=(KARI, OLA)),
        },
    },
)


def view(today: date = TODAY, register: Register = REGISTER) -> View:
    return View(register, Rules(Calendar("NO"), register.profile.terms), today)


def row(key: str, sheet: str = "case", seen: View | None = None) -> Row:
    found = (seen or view()).row(Ref(sheet, key))
    assert found is not None
    return found


def value(source: str, key: str = "1", sheet: str = "case", today: date = TODAY) -> Any:
    seen = view(today)
    return seen.evaluate(source, row(key, sheet, seen))


def keys(rows: Any) -> list[str]:
    return [str(item) for item in rows]


# ------------------------------------------------------------------ records and register


def test_a_cell_of_a_computed_column_is_the_row() -> None:
    record = REGISTER.records["case"]["2"]

    assert str(record.cell("person")) == "Cases!B3"
    assert str(record.cell("receivers")) == "Cases!3"
    assert str(BAD) == "People!B3"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(KARI, (KARI,)), ((KARI, OLA), (KARI, OLA)), (EMPTY, ()), (BAD, ()), ("Kari", ())],
)
def test_what_a_cell_refers_to(cell: Value, expected: tuple[Ref, ...]) -> None:
    assert references(case("9", person=cell), "person") == expected
    assert references(case("9"), "unheard of") == ()


def test_only_errors_of_a_record_are_its_errors() -> None:
    place = Place("book.xlsx", "Cases", 2)
    error = Finding("not-a-date", place, sheet="case", record="1")
    warning = Finding("check-failed", place, Severity.WARNING, sheet="case", record="1")
    elsewhere = Finding("not-a-date", place, sheet="person", record="1")
    register = REGISTER.with_findings((error, warning, elsewhere))

    assert register.errors(Ref("case", "1")) == (error,)
    assert register.errors(Ref("case", "2")) == ()
    assert REGISTER.errors(Ref("case", "1")) == ()


def test_ways_back_go_over_single_and_several_references_in_the_workbooks_order() -> None:
    assert keys(value("cases", "Kari", "person")) == ["1", "2"]
    assert keys(value("helps", "Ola", "person")) == ["1", "3"]
    assert value("cases", "Ola", "person") == ()
    assert value("cases.opened | max", "Kari", "person") == date(2026, 2, 1)


def test_letters_find_back_to_the_row_they_are_about() -> None:
    values: dict[str, Value] = {"letter": "brev", "record": Ref("case", "1"), "sent": date(2026, 5, 1)}
    register = REGISTER.with_sheet(LETTERS, [Record(LETTERS, "A", Place("", LETTERS), values)])
    seen = view(register=register)

    assert seen.evaluate("letters.sent | first", row("1", seen=seen)) == date(2026, 5, 1)
    assert seen.evaluate("letters", row("2", seen=seen)) == ()
    assert LETTERS not in REGISTER.records


# ------------------------------------------------------------------ a row's names


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("count", 3),
        ("person.name", "Kari"),
        ("person.cases.count | sum", 3),
        ("helpers.name | first", "Ola"),
        ("period", Duration(3, "weeks")),
        ("limit + 1", 19),
        ("word", "støtte"),
        ("yes", True),
        ("due", date(2026, 1, 22)),
        ("person.age_now", 17),
        ("person.adult", True),
        ("person.first_case.nr", "1"),
        ("(sheets.case | valid(opened) | first).nr", "1"),
        ("sheets.case['2'].opened", date(2026, 2, 1)),
        ("sheets['case']['2'].opened", date(2026, 2, 1)),
        ("sheets.case['99'].opened", EMPTY),
        ("sheets.case.count | sum", 3),
        ("sheets.case | length", 3),
        ("today", TODAY),
        ("person == sheets.person['Kari']", True),
        ("person in helpers", False),
        ("person in receivers", True),
    ],
)
def test_a_row_answers_to_columns_ways_back_terms_and_sheets(source: str, expected: object) -> None:
    assert value(source) == expected or value(source) is expected


def test_a_reference_to_nobody_is_empty() -> None:
    assert value("person", "3") is EMPTY
    assert value("person.name", "3") is EMPTY


@pytest.mark.parametrize(
    ("source", "key", "expected"),
    [
        ("receivers", "1", ["Kari", "Ola"]),
        ("receivers", "2", ["Kari"]),
        ("receivers", "3", ["Kari", "Ola"]),  # the first of the list is nobody and falls out
        ("one", "1", ["Kari"]),
        ("one", "3", []),
        ("both", "2", ["Kari"]),
        ("both", "1", ["Kari", "Ola"]),
    ],
)
def test_a_computed_column_of_several_is_a_list_without_what_is_empty(source: str, key: str, expected: list[str]) -> None:
    assert keys(value(source, key)) == expected
    assert bool(value(source, key)) is bool(expected)


@pytest.mark.parametrize("source", ["person.born", "person.age_now", "person.adult", "name and born"])
def test_a_faulty_cell_raises_through_references_and_computed_columns(source: str) -> None:
    seen = view()
    helped = row("Ola", "person", seen) if source.startswith("name") else row("9", seen=faulty_view())

    with pytest.raises(CellError) as error:
        helped.view.evaluate(source, helped)
    assert error.value.cell is BAD


def faulty_view() -> View:
    return view(register=REGISTER.with_sheet("case", [case("9", person=OLA)]))


def test_a_faulty_reference_among_several_raises() -> None:
    seen = view(register=REGISTER.with_sheet("case", [case("9", helpers=BAD)]))

    with pytest.raises(CellError):
        row("9", seen=seen).lookup("helpers")


def test_cells_that_do_not_fit_a_computed_column_are_a_rule_error() -> None:
    with pytest.raises(RuleError):
        value("wrong")


def test_a_name_that_nobody_knows_is_a_rule_error_in_a_rule_and_a_key_error_outside() -> None:
    with pytest.raises(RuleError):
        value("nothing")
    with pytest.raises(KeyError):
        row("1").lookup("nothing")


# ------------------------------------------------------------------ on a day


@pytest.mark.parametrize(("today", "age"), [(date(2026, 11, 23), 17), (date(2026, 11, 24), 18)])
def test_a_computed_column_is_worked_out_on_the_views_day(today: date, age: int) -> None:
    seen = View(view().register, view().rules, today)

    assert row("Kari", "person", seen).lookup("age_now") == age


def test_a_view_may_assume_that_one_record_reads_otherwise() -> None:
    seen = view()
    assumed = seen.assuming(case("2", person=KARI, count=40), date(2026, 12, 1))

    assert assumed.evaluate("cases.count", row("Kari", "person", assumed)) == (3, 40)
    assert row("2", seen=assumed).lookup("today") == date(2026, 12, 1)
    assert row("2", seen=seen).lookup("count") is EMPTY


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 12, 31), ["3"]),
        (date(2026, 1, 1), ["1", "3"]),
        (date(2026, 1, 31), ["1", "3"]),
        (date(2026, 2, 1), ["2", "3"]),
        (date(2030, 1, 1), ["2", "3"]),
    ],
)
def test_validity_includes_both_ends_and_an_open_end_is_open(day: date, expected: list[str]) -> None:
    seen = view(day)

    assert keys(seen.evaluate("sheets.case | valid(today)", row("1", seen=seen))) == expected


def test_validity_is_not_asked_of_a_sheet_without_such_columns() -> None:
    with pytest.raises(RuleError):
        value("sheets.person | valid(today)")


def test_rows_are_the_same_where_their_records_are() -> None:
    assert row("1") == row("1", seen=view(date(2027, 1, 1)))
    assert len({row("1"), row("1"), row("2")}) == 2
    assert row("1") != "1"
