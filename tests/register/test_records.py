"""From a workbook to records: shape, rows, keys, references and what must be filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline import faults
from pipeline.calendars import Calendar
from pipeline.findings import Finding, Place, Severity, sentence
from pipeline.profile.expressions import EMPTY, CellError, Rules
from pipeline.profile.model import Profile
from pipeline.register.grid import SheetCells, Workbook
from pipeline.register.model import FaultyCell, Record, Ref, Register, View
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook
from pipeline.texts import texts_in

TODAY = date(2026, 11, 23)
FILE = "book.xlsx"

MakeProfile = Callable[..., Profile]
MakeRegister = Callable[..., Register]
MakeWorkbook = Callable[..., Path]

PERSON: dict[str, Any] = {
    "key": "nummer",
    "columns": {
        "nummer": {"type": "text", "required": True},
        "navn": {"type": "text", "required": True, "class": "navn"},
        "født": {"type": "date", "class": "identitet"},
    },
}
THING: dict[str, Any] = {
    "key": "nummer",
    "columns": {
        "nummer": {"type": "text", "required": True},
        "eier": {"type": "ref", "to": "person", "required": True, "back": "ting"},
        "kjøpt": {"type": "date", "aliases": ["Kjøpsdato"]},
        "pris": {"type": "number", "required": "kjøpt"},
        "farger": {"type": "text", "many": True},
        "lånere": {"type": "ref", "to": "person", "many": True},
    },
}
LOAN: dict[str, Any] = {
    "key": ["ting", "fra"],
    "columns": {
        "ting": {"type": "ref", "to": "ting", "required": True, "back": "lån"},
        "fra": {"type": "date", "required": True},
        "til": {"type": "date"},
    },
}
PEOPLE: list[list[Any]] = [["Nummer", "Navn", "Født"], ["P-1", "Kari", date(1985, 4, 3)], ["P-2", "Ola", None]]
THINGS: list[list[Any]] = [
    ["Nummer", "Eier", "Kjøpt", "Pris", "Farger", "Lånere"],
    ["T-1", "P-1", date(2026, 1, 2), 100, "rød; blå", "P-2"],
]


@pytest.fixture
def profile(make_profile: MakeProfile) -> Profile:
    return make_profile({"person": PERSON, "ting": THING})


@pytest.fixture
def with_loans(make_profile: MakeProfile) -> Profile:
    return make_profile({"lån": LOAN, "person": PERSON, "ting": THING})


def codes(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, str(finding.place), finding.record) for finding in findings]


def people(*rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [PEOPLE[0], *rows]


def test_a_row_becomes_a_record_typed_by_column(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": PEOPLE, "Ting": THINGS}, checked=False)
    assert register.findings == ()
    assert register.records["ting"]["T-1"] == Record(
        "ting",
        "T-1",
        Place(FILE, "Ting", 2),
        {
            "nummer": "T-1",
            "eier": Ref("person", "P-1"),
            "kjøpt": date(2026, 1, 2),
            "pris": 100,
            "farger": ("rød", "blå"),
            "lånere": (Ref("person", "P-2"),),
        },
        {"nummer": 1, "eier": 2, "kjøpt": 3, "pris": 4, "farger": 5, "lånere": 6},
    )
    assert list(register.records["person"]) == ["P-1", "P-2"]
    assert register.records["person"]["P-2"].values["født"] is EMPTY


@pytest.mark.parametrize(
    "headings",
    [
        ["Nummer", "Eier", "Kjøpt", "Pris", "Farger", "Lånere"],
        ["NUMMER", " eier ", "Kjøpsdato", "Pris *", "Far\nger", "Lånere:"],
        ["Nummer\u00a0", "Eier", "Kjo\u0308pt".replace("o\u0308", "ø"), "PRIS", "farger", "La\u030anere"],
    ],
)
def test_headings_are_known_in_any_dress(profile: Profile, make_register: MakeRegister, headings: list[str]) -> None:
    register = make_register(profile, {" person": PEOPLE, "TING": [headings, *THINGS[1:]]})
    assert register.findings == ()
    assert register.records["ting"]["T-1"].values["kjøpt"] == date(2026, 1, 2)
    assert register.records["ting"]["T-1"].place.sheet == "TING"


def test_columns_stand_in_any_order_with_others_between(profile: Profile, make_register: MakeRegister) -> None:
    order = [3, 0, 5, 1, 4, 2]
    rows = [["x", *(row[number] for number in order)] for row in THINGS]
    register = make_register(profile, {"Person": PEOPLE, "Ting": rows})
    assert [(finding.code, finding.severity, str(finding.place), finding.heading) for finding in register.findings] == [
        ("column-unknown", Severity.WARNING, "Ting!A1", "x")
    ]
    assert str(register.records["ting"]["T-1"].cell("kjøpt")) == "Ting!G2"


def test_a_title_may_stand_above_the_headings(profile: Profile, make_register: MakeRegister) -> None:
    above: list[list[Any]] = [["Oversikt over ting"], [], ["Nummer", "betyr", "noe"]]
    register = make_register(profile, {"Person": PEOPLE, "Ting": [*above, *THINGS]})
    assert register.records["ting"]["T-1"].place.row == 5


def test_a_heading_is_found_before_its_alias(profile: Profile, make_register: MakeRegister) -> None:
    rows = [["Kjøpsdato", *THINGS[0]], [date(2020, 1, 1), *THINGS[1]]]
    register = make_register(profile, {"Person": PEOPLE, "Ting": rows})
    assert register.records["ting"]["T-1"].values["kjøpt"] == date(2026, 1, 2)


# ------------------------------------------------------------------ structural faults


def test_one_fault_of_the_shape_is_raised_as_itself(profile: Profile, make_register: MakeRegister) -> None:
    with pytest.raises(faults.MissingSheet) as fault:
        make_register(profile, {"Person": PEOPLE, "Tingene": THINGS})
    headings = "«Nummer», «Eier», «Kjøpt», «Pris», «Farger», «Lånere»"
    present = "«Person», «Tingene»"
    assert fault.value.facts == {"sheet": "Ting", "file": FILE, "present": present, "headings": headings, "name": "ting"}


def test_all_faults_of_the_shape_are_told_at_once(with_loans: Profile, make_register: MakeRegister) -> None:
    tables: Mapping[str, Any] = {
        "Person": [["Nummer", "Navnet", "Født", "Nummer"], []],
        "Ting": [["Nummer", "Eier", "Kjøpt"], []],
    }
    with pytest.raises(faults.Several) as several:
        make_register(with_loans, tables)
    assert [(type(fault).__name__, fault.facts.get("heading")) for fault in several.value.faults] == [
        ("MissingSheet", None),
        ("DoubleColumn", "Nummer"),
        ("MisspeltColumn", "Navn"),
        ("MissingColumn", "Pris"),
        ("MissingColumn", "Farger"),
        ("MissingColumn", "Lånere"),
    ]
    assert all(fault.sentence.format_map(fault.facts) == str(fault) for fault in several.value.faults)
    asked = [(fault.facts["after"], fault.facts["kind"]) for fault in several.value.faults[-3:]]
    assert asked == [("«Kjøpt» (C)", "number"), ("«Kjøpt» (C)", "text"), ("«Kjøpt» (C)", "reference")]


def test_a_heading_that_is_nearly_right_is_named_with_its_cell(profile: Profile, make_register: MakeRegister) -> None:
    tables = {"Person": PEOPLE, "Ting": [["Nummer", "Eier", "Kjøpt", "Prisen", "Farger", "Lånere"]]}
    with pytest.raises(faults.MisspeltColumn) as fault:
        make_register(profile, tables)
    assert (fault.value.facts["nearest"], fault.value.facts["cell"]) == ("Prisen", "D1")


def test_a_sheet_without_any_of_its_headings_is_told_so(profile: Profile, make_register: MakeRegister) -> None:
    with pytest.raises(faults.MissingHeadings):
        make_register(profile, {"Person": [["P-1", "Kari"]], "Ting": THINGS})


def test_a_workbook_that_was_not_given_is_missing_once_for_each_file(profile: Profile) -> None:
    with pytest.raises(faults.NoWorkbook) as fault:
        read_register(profile, Rules(Calendar("NO"), profile.terms), {}, TODAY)
    assert fault.value.facts == {"file": FILE}


def test_a_sheet_may_lie_in_a_workbook_of_its_own(make_profile: MakeProfile, make_workbook: MakeWorkbook) -> None:
    profile = make_profile({"person": PERSON | {"workbook": "people.xlsx"}, "ting": THING})
    workbooks = {
        FILE: read_workbook(make_workbook({"Ting": THINGS})),
        "people.xlsx": read_workbook(make_workbook({"Person": PEOPLE}, "people.xlsx")),
    }
    register = read_register(profile, Rules(Calendar("NO"), profile.terms), workbooks, TODAY)
    assert register.records["person"]["P-1"].place.file == "people.xlsx"
    assert register.findings == ()


# ------------------------------------------------------------------ findings in rows


def test_a_cell_that_cannot_be_read_has_all_that_a_reader_needs(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": PEOPLE, "Ting": [THINGS[0], ["T-1", "P-1", "30.02.2026", 5]]})
    finding = Finding(
        "date-impossible", Place(FILE, "Ting", 2, 3), heading="Kjøpt", sheet="ting", record="T-1", value="30.02.2026"
    )
    assert register.findings == (finding,)
    assert register.records["ting"]["T-1"].values["kjøpt"] == FaultyCell(finding)
    assert register.errors(Ref("ting", "T-1")) == (finding,)


def test_what_a_rule_asks_of_an_unreadable_cell_is_unknown_and_not_empty(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": PEOPLE, "Ting": [THINGS[0], ["T-1", "P-1", "i fjor"]]})
    assert [finding.code for finding in register.findings] == ["date-unreadable"]
    view = View(register, Rules(Calendar("NO"), profile.terms), TODAY)
    row = view.row(Ref("ting", "T-1"))
    assert row is not None
    with pytest.raises(CellError):
        view.evaluate("kjøpt", row)


def test_a_value_of_a_secret_class_is_marked_and_so_are_facts_made_from_it(
    profile: Profile, make_register: MakeRegister
) -> None:
    register = make_register(profile, {"Person": people(["P-1", "Kari", "3.4.58"]), "Ting": THINGS[:1]})
    (finding,) = register.findings
    assert (finding.code, finding.severity, finding.secret) == ("date-short-year", Severity.WARNING, True)
    assert (finding.value, finding.shown, finding.facts) == ("3.4.58", "", (("read", "…"),))
    assert register.records["person"]["P-1"].values["født"] == date(1958, 4, 3)


def test_error_values_and_uncomputed_formulas_are_not_empty(
    profile: Profile, make_register: MakeRegister, make_workbook: MakeWorkbook
) -> None:
    rows = [THINGS[0], ["T-1", "P-1", "=1+1", "#REF!"]]
    register = make_register(profile, {"Person": PEOPLE, "Ting": rows})
    assert codes(register.findings) == [("formula-uncomputed", "Ting!C2", "T-1"), ("cell-error", "Ting!D2", "T-1")]
    assert register.findings[1].value == "#REF!"


def test_a_row_with_an_error_value_alone_is_seen(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": PEOPLE, "Ting": [THINGS[0], [None, None, "#REF!"]]})
    assert [finding.code for finding in register.excluded] == ["key-missing"]
    assert [finding.code for finding in register.findings] == ["key-missing", "required-missing", "cell-error"]


def test_blank_rows_and_boxes_that_nobody_ticked_are_no_rows(make_profile: MakeProfile, make_register: MakeRegister) -> None:
    sheet = {"key": "nummer", "columns": {"nummer": {"type": "text", "required": True}, "ferdig": {"type": "yesno"}}}
    rows = [["Nummer", "Ferdig", "Merknad"], ["1", False], [None, False], [" \u00a0", None], [], [None, None, "x"], ["2", True]]
    register = make_register(make_profile({"ting": sheet | {"ignores": "MERKNAD"}}), {"Ting": rows})
    assert list(register.records["ting"]) == ["1", "2"]
    assert [(finding.code, str(finding.place), finding.facts) for finding in register.findings] == [
        ("rows-blank", "Ting!4", (("rows", "4–5"),))
    ]
    assert register.excluded == ()
    assert register.records["ting"]["2"].place.row == 7


# ------------------------------------------------------------------ keys


def test_a_row_without_a_key_is_left_out_and_told_of_once(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": people([None, "Kari"], ["P-2", "Ola"]), "Ting": THINGS[:1]})
    assert codes(register.excluded) == [("key-missing", "Person!A2", "")]
    assert register.findings == register.excluded
    assert list(register.records["person"]) == ["P-2"]


def test_of_two_rows_with_one_key_the_first_is_kept_and_both_cells_are_named(
    profile: Profile, make_register: MakeRegister
) -> None:
    register = make_register(profile, {"Person": people(["P-1", "Kari"], ["P-2", "Ola"], ["P-1", "Per"]), "Ting": THINGS[:1]})
    assert [(finding.code, str(finding.place), dict(finding.facts)["other"]) for finding in register.findings] == [
        ("key-double", "Person!A2", "Person!A4"),
        ("key-double", "Person!A4", "Person!A2"),
    ]
    assert codes(register.excluded) == [("key-double", "Person!A4", "P-1")]
    assert register.records["person"]["P-1"].values["navn"] == "Kari"
    assert register.errors(Ref("person", "P-1"))


def test_a_number_is_a_key_as_it_is_shown(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": people([2026, "Kari"]), "Ting": [THINGS[0], ["T-1", "2026"], ["T-2", 2026]]})
    assert {record.values["eier"] for record in register.records["ting"].values()} == {Ref("person", "2026")}


def test_a_key_of_several_columns_is_joined_with_references_by_key_and_dates_as_iso(
    with_loans: Profile, make_register: MakeRegister
) -> None:
    loans = [["Ting", "Fra", "Til"], ["t-1", "3.4.2026", None], ["T-1", date(2026, 5, 1), None]]
    register = make_register(with_loans, {"Lån": loans, "Person": PEOPLE, "Ting": THINGS})
    assert list(register.records["lån"]) == ["T-1 · 2026-04-03", "T-1 · 2026-05-01"]
    assert codes(register.findings) == [("reference-case", "Lån!A2", "T-1 · 2026-04-03")]


def test_a_row_whose_key_has_an_unreadable_part_stays_so_that_rules_see_the_fault(
    with_loans: Profile, make_register: MakeRegister
) -> None:
    loans = [["Ting", "Fra", "Til"], ["T-1", "i vår", None], ["T-1", None, date(2026, 5, 1)]]
    register = make_register(with_loans, {"Lån": loans, "Person": PEOPLE, "Ting": THINGS})
    assert list(register.records["lån"]) == ["T-1 · i vår", "T-1 · "]
    assert [finding.code for finding in register.findings] == ["date-unreadable", "required-missing"]
    view = View(register, Rules(Calendar("NO"), with_loans.terms), TODAY)
    row = view.row(Ref("ting", "T-1"))
    assert row is not None
    with pytest.raises(CellError):
        view.evaluate("lån.fra", row)


# ------------------------------------------------------------------ references


def test_a_reference_without_its_row_is_a_faulty_cell(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(
        profile, {"Person": PEOPLE, "Ting": [THINGS[0], ["T-1", "P-9"], ["T-2", "P-1", None, None, None, "P-2; P-8"]]}
    )
    assert [(f.code, str(f.place), f.value, f.facts) for f in register.findings] == [
        ("reference-broken", "Ting!B2", "P-9", (("target", "Person"), ("key", "Nummer"))),
        ("reference-broken", "Ting!F3", "P-8", (("target", "Person"), ("key", "Nummer"))),
    ]
    assert isinstance(register.records["ting"]["T-2"].values["lånere"], FaultyCell)


@pytest.mark.parametrize(
    ("person", "secret"),
    [
        ({}, False),
        ({"recipient": {"name": "navn", "address": ["navn"]}}, True),
        ({"protected": "sperret"}, True),
    ],
)
def test_what_is_typed_instead_of_a_person_is_secret(
    make_profile: MakeProfile, make_register: MakeRegister, person: dict[str, Any], *, secret: bool
) -> None:
    columns = {"nummer": {"type": "text"}, "navn": {"type": "text"}, "sperret": {"type": "yesno"}}
    loan = {"ting": {"type": "text"}, "hvem": {"type": "ref", "to": "person"}}
    profile = make_profile({"person": {"key": "nummer", "columns": columns, **person}, "lån": {"key": "ting", "columns": loan}})
    typed = "Kari Prøve, Veien 1"
    tables = {"Person": [["Nummer", "Navn", "Sperret"], ["P-1", "Kari", None]], "Lån": [["Ting", "Hvem"], ["T-1", typed]]}
    (finding,) = make_register(profile, tables).findings
    assert (finding.code, finding.secret, finding.value) == ("reference-broken", secret, typed)
    assert (typed in sentence(finding, texts_in("en")).message) is not secret
    assert not any("Kari" in str(fact) for _, fact in finding.facts)
    assert sentence(finding, texts_in("en")).cure == (
        "Write one of those in the column «Nummer» of the sheet «Person», or add the row there."
    )


def test_what_is_typed_instead_of_a_person_stands_in_no_key(make_profile: MakeProfile, make_register: MakeRegister) -> None:
    person = {"key": "nummer", "columns": {"nummer": {"type": "text"}}, "protected": "false"}
    loan = {"key": ["hvem", "ting"], "columns": {"hvem": {"type": "ref", "to": "person"}, "ting": {"type": "text"}}}
    rows = [["Hvem", "Ting"], ["Kari", "T-1"], ["Kari", "T-1"]]
    register = make_register(make_profile({"person": person, "lån": loan}), {"Person": [["Nummer"], ["P-1"]], "Lån": rows})
    assert list(register.records["lån"]) == ["? 2 · T-1", "? 3 · T-1"]
    assert {finding.record for finding in register.findings} == {"? 2 · T-1", "? 3 · T-1"}


def test_a_reference_in_other_letters_is_used_with_a_warning(profile: Profile, make_register: MakeRegister) -> None:
    register = make_register(profile, {"Person": PEOPLE, "Ting": [THINGS[0], ["T-1", "p-1"]]})
    assert register.records["ting"]["T-1"].values["eier"] == Ref("person", "P-1")
    assert [(f.code, f.severity) for f in register.findings] == [("reference-case", Severity.WARNING)]


def test_letters_that_could_name_two_rows_name_none(profile: Profile, make_register: MakeRegister) -> None:
    rows = [THINGS[0], ["T-1", "KARI"], ["T-2", "Kari"]]
    register = make_register(profile, {"Person": people(["kari", "Kari"], ["KARI", "Ola"]), "Ting": rows})
    assert register.records["ting"]["T-1"].values["eier"] == Ref("person", "KARI")
    assert codes(register.findings) == [("reference-broken", "Ting!B3", "T-2")]


def test_a_row_is_referred_to_by_the_parts_of_its_key_however_its_date_is_typed(
    make_profile: MakeProfile, make_register: MakeRegister
) -> None:
    note = {"key": "nummer", "columns": {"nummer": {"type": "text"}, "lån": {"type": "ref", "to": "lån"}}}
    profile = make_profile({"notat": note, "lån": LOAN, "person": PERSON, "ting": THING})
    tables = {
        "Notat": [["Nummer", "Lån"], [1, "T-1 · 3.4.2026"], [2, "T-1·2026-04-03"], [3, "T-1"]],
        "Lån": [["Ting", "Fra", "Til"], ["T-1", date(2026, 4, 3), None]],
        "Person": PEOPLE,
        "Ting": THINGS,
    }
    register = make_register(profile, tables)
    assert register.records["notat"]["1"].values["lån"] == Ref("lån", "T-1 · 2026-04-03")
    assert register.records["notat"]["2"].values["lån"] == Ref("lån", "T-1 · 2026-04-03")
    assert codes(register.findings) == [("reference-broken", "Notat!B4", "3")]


# ------------------------------------------------------------------ what must be filled in


def test_what_must_be_filled_in_is_faulty_when_it_is_not(profile: Profile, make_register: MakeRegister) -> None:
    rows = [THINGS[0], ["T-1"], ["T-2", "P-1", date(2026, 1, 2)], ["T-3", "P-1"], ["T-4", "P-1", "i går"]]
    register = make_register(profile, {"Person": PEOPLE, "Ting": rows}, checked=False)
    assert codes(register.findings) == [
        ("required-missing", "Ting!B2", "T-1"),
        ("required-missing", "Ting!D3", "T-2"),
        ("date-unreadable", "Ting!C5", "T-4"),
    ]
    assert isinstance(register.records["ting"]["T-1"].values["eier"], FaultyCell)
    assert isinstance(register.records["ting"]["T-2"].values["pris"], FaultyCell)
    assert register.records["ting"]["T-3"].values["pris"] is EMPTY
    assert register.records["ting"]["T-4"].values["pris"] is EMPTY


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("kjøpt < today", "required-missing"),
        ("kjøpt > today", None),
        ("eier.født", "required-missing"),
        ("kjøpt + nummer", "rule-failed"),
        ("kjøpt + years(8000)", "outside-calendar"),
    ],
)
def test_a_rule_says_on_the_day_whether_a_cell_must_be_filled_in(
    make_profile: MakeProfile, make_register: MakeRegister, rule: str, code: str | None
) -> None:
    thing = THING | {"columns": THING["columns"] | {"pris": {"type": "number", "required": rule}}}
    profile = make_profile({"person": PERSON, "ting": thing})
    register = make_register(profile, {"Person": PEOPLE, "Ting": [THINGS[0], ["T-1", "P-1", date(2026, 1, 2)]]})
    assert [finding.code for finding in register.findings] == ([code] if code else [])


# ------------------------------------------------------------------ laws

cell_values = st.one_of(
    st.sampled_from(["", " ", "P-1", "p-1", "P-2", "T-1", "30.02.2026", "3.4.26", "x; y", False, True, 7.0]),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)),
    st.text("aÅ1. \u00a0\u200b\n\x07", max_size=5),
    st.floats(allow_nan=False, allow_infinity=False),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    person_rows=st.lists(st.lists(cell_values, min_size=3, max_size=3), max_size=6),
    thing_rows=st.lists(st.lists(cell_values, min_size=6, max_size=6), max_size=6),
)
@example(person_rows=[["", "", ""], ["", "", date(2020, 1, 1)]], thing_rows=[])
def test_every_row_is_a_record_or_is_left_out_with_its_reason(
    profile: Profile, person_rows: list[list[Any]], thing_rows: list[list[Any]]
) -> None:
    sheets = {
        title: SheetCells(title, [headings, *rows])
        for title, headings, rows in (("Person", PEOPLE[0], person_rows), ("Ting", THINGS[0], thing_rows))
    }
    register = read_register(profile, Rules(Calendar("NO"), profile.terms), {FILE: Workbook(FILE, sheets)}, TODAY)
    for title, rows in (("Person", person_rows), ("Ting", thing_rows)):
        seen = {
            number
            for number, row in enumerate(rows, start=2)
            if any(raw is not False and not (isinstance(raw, str) and not visible(raw)) for raw in row)
        }
        kept = {record.place.row for record in register.records[title.lower()].values()}
        left_out = {finding.place.row for finding in register.excluded if finding.place.sheet == title}
        assert kept | left_out == seen
        assert not kept & left_out
    for finding in register.findings:
        assert sentence(finding, texts_in("en"), reveal=True).message
        assert finding.place.file == FILE
        if finding.code == "rows-blank":  # about whole rows
            continue
        assert finding.place.column
        assert finding.heading
        assert finding.record or finding.code == "key-missing" or finding.place.row in {f.place.row for f in register.excluded}
    places = [(list(profile.sheets).index(f.sheet), f.place.row, f.place.column) for f in register.findings]
    assert places == sorted(places)


def visible(text: str) -> str:
    """What is left of a text without what nobody sees, told in other words than the code does."""
    return "".join(sign for sign in text if sign.isprintable() and not sign.isspace())


def test_the_same_workbook_gives_the_same_register(profile: Profile, make_workbook: MakeWorkbook) -> None:
    path = make_workbook({"Person": PEOPLE, "Ting": THINGS})
    first, second = (
        read_register(profile, Rules(Calendar("NO"), profile.terms), {FILE: read_workbook(path)}, TODAY) for _ in range(2)
    )
    assert first == second


def test_rows_that_excel_left_blank_between_others_do_not_move_addresses(profile: Profile, make_workbook: MakeWorkbook) -> None:
    path = make_workbook({"Person": PEOPLE, "Ting": THINGS})
    book = openpyxl.load_workbook(path)
    book["Ting"].insert_rows(1, 3)
    book["Ting"].insert_cols(1, 2)
    book.save(path)
    register = read_register(profile, Rules(Calendar("NO"), profile.terms), {FILE: read_workbook(path)}, TODAY)
    assert str(register.records["ting"]["T-1"].cell("kjøpt")) == "Ting!E5"


# ------------------------------------------------------------------ what caseworkers read


def test_a_missing_column_is_told_to_the_caseworker_first_and_the_profile_last(
    profile: Profile, make_register: MakeRegister
) -> None:
    rows = [[heading for heading in row if heading != "Navn"] for row in PEOPLE[:1]]
    with pytest.raises(faults.MissingColumn) as missing:
        make_register(profile, {"Person": rows, "Ting": THINGS})
    told = str(missing.value)
    assert "The column «Navn» is missing from the sheet «Person»" in told
    assert told.endswith("(profile.toml, [sheets.person.columns] navn).")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("letter-check", "The letter «Vedtak» waits until this holds: Attesten er vist. (Ting!D2)"),
        ("letter-check-plain", "The letter «Vedtak» waits until this holds: Attesten er vist."),
        ("address-missing", "«Vedtak» cannot be sent: the recipient «P-1» has no address."),
        ("rule-failed", "The rule «Vedtak» cannot be worked out with the values of this row."),
    ],
)
def test_what_holds_a_letter_back_is_said_in_plain_words(code: str, message: str) -> None:
    facts = {"letter": "Vedtak", "sentence": "Attesten er vist", "cells": "Ting!D2", "rule": "Vedtak", "reason": "'int' has no"}
    finding = Finding(code, Place("book.xlsx", "Ting", 2), record="P-1", facts=tuple(facts.items()))
    assert sentence(finding, texts_in("en")).message == message
