"""What must hold in a row, across rows and across sheets, and what its failing makes unusable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.calendars import Calendar
from pipeline.findings import Finding, Place, Severity, sentence
from pipeline.profile.expressions import CellError, Rules
from pipeline.profile.model import Profile
from pipeline.register.model import FaultyCell, Ref, Register, View
from pipeline.texts import texts_in

TODAY = date(2026, 11, 23)
DAY = date(2026, 4, 3)

MakeProfile = Callable[..., Profile]
MakeRegister = Callable[..., Register]


@pytest.fixture
def check(make_profile: MakeProfile, make_register: MakeRegister) -> Callable[..., Register]:
    """Check rows of one sheet «Ting» with a key «nummer», two dates, a number and a text, refined by `columns`."""

    def run(columns: Mapping[str, Any], *rows: list[Any], checks: Mapping[str, str] | None = None) -> Register:
        plain: dict[str, dict[str, Any]] = {
            "nummer": {"type": "text"},
            "fra": {"type": "date"},
            "til": {"type": "date"},
            "antall": {"type": "number"},
            "kode": {"type": "text"},
        }
        for name, table in columns.items():
            plain[name] = plain.get(name, {}) | table
        profile = make_profile({"ting": {"key": "nummer", "columns": plain, "checks": checks or {}}})
        headings = ["Nummer", "Fra", "Til", "Antall", "Kode"]
        return make_register(profile, {"Ting": [headings, *rows]})

    return run


def told(register: Register) -> list[tuple[str, str, dict[str, str]]]:
    """Code, place and facts of each finding, whose sentences find every fact that they name."""
    assert all(sentence(finding, texts_in("en")).cure for finding in register.findings)
    return [
        (finding.code, str(finding.place), {name: str(fact) for name, fact in finding.facts}) for finding in register.findings
    ]


@pytest.mark.parametrize(
    ("columns", "row", "finding"),
    [
        ({"kode": {"pattern": r"\d{4}"}}, ["1", None, None, None, "9510"], None),
        ({"kode": {"pattern": r"\d{4}"}}, ["1", None, None, None, 9510], None),
        ({"kode": {"pattern": r"\d{4}"}}, ["1"], None),
        (
            {"kode": {"pattern": r"\d{4}"}},
            ["1", None, None, None, "95100"],
            ("pattern-mismatch-digits", "Ting!E2", {"digits": "4"}),
        ),
        (
            {"kode": {"pattern": "[a-z]", "many": True}},
            ["1", None, None, None, "a;B"],
            ("pattern-mismatch-example", "Ting!E2", {"example": "a"}),
        ),
        (
            {"kode": {"pattern": r"P-\d+"}},
            ["1", None, None, None, "9"],
            ("pattern-mismatch", "Ting!E2", {}),
        ),
        ({"kode": {"empty": "antall == 7"}}, ["1", None, None, 7], None),
        ({"kode": {"empty": "antall == 7"}}, ["1", None, None, 6, "A"], None),
        ({"kode": {"empty": "antall == 7"}}, ["1", None, None, None, "A"], None),
        ({"kode": {"empty": "antall == 7"}}, ["1", None, None, 7, "A"], ("not-empty", "Ting!E2", {})),
        ({"antall": {"min": 0, "max": 168}}, ["1", None, None, 0], None),
        ({"antall": {"min": 0, "max": 168}}, ["1", None, None, 168], None),
        ({"antall": {"min": 0}}, ["1", None, None, -1], ("too-small", "Ting!D2", {"limit": "0"})),
        ({"antall": {"max": 168}}, ["1", None, None, 168.5], ("too-large", "Ting!D2", {"limit": "168"})),
        ({"til": {"not_before": "fra"}}, ["1", DAY, DAY], None),
        ({"til": {"not_before": "fra"}}, ["1", None, DAY], None),
        ({"til": {"not_before": "fra"}}, ["1", DAY, None], None),
        (
            {"til": {"not_before": "fra"}},
            ["1", DAY, date(2026, 4, 2)],
            ("too-early", "Ting!C2", {"limit": "03.04.2026", "rule": "Fra"}),
        ),
        ({"til": {"not_after": "today"}}, ["1", None, TODAY], None),
        (
            {"til": {"not_after": "today"}},
            ["1", None, date(2026, 11, 24)],
            ("in-the-future", "Ting!C2", {"today": "23.11.2026"}),
        ),
        ({"til": {"not_after": "fra + weeks(2)"}}, ["1", DAY, date(2026, 4, 17)], None),
        (
            {"til": {"not_after": "fra + weeks(2)"}},
            ["1", DAY, date(2026, 4, 18)],
            ("too-late", "Ting!C2", {"limit": "17.04.2026", "rule": "fra + weeks(2)"}),
        ),
        (
            {"til": {"not_before": "antall"}},
            ["1", None, DAY, 5],
            ("rule-failed", "Ting!C2", {"rule": "antall", "reason": "int"}),
        ),
        (
            {"til": {"not_before": "fra + years(8000)"}},
            ["1", DAY, DAY],
            ("outside-calendar", "Ting!C2", {"rule": "fra + years(8000)"}),
        ),
    ],
)
def test_a_cell_is_held_against_its_column(
    check: Callable[..., Register],
    columns: Mapping[str, Any],
    row: list[Any],
    finding: tuple[str, str, dict[str, str]] | None,
) -> None:
    register = check(columns, row)
    assert told(register) == ([finding] if finding else [])
    assert all(found.severity is Severity.ERROR for found in register.findings)


@pytest.mark.parametrize(
    ("secrecy", "cure"),
    [
        ("open", "Write it in the form that the other rows have, such as «9510»."),
        ("adresse", "Write digits and nothing else; there must be 4 of them."),
    ],
)
def test_the_form_of_a_cell_is_told_by_another_row_where_that_is_no_secret(
    check: Callable[..., Register], secrecy: str, cure: str
) -> None:
    rows = [["1", None, None, None, "95"], ["2", None, None, None, "9510"]]
    register = check({"kode": {"pattern": r"[0-9]{4}", "class": secrecy}}, *rows)
    assert [sentence(finding, texts_in("en")).cure for finding in register.findings] == [cure]


def test_a_rule_that_gives_no_date_is_told_of_and_not_passed_over(check: Callable[..., Register]) -> None:
    register = check({"til": {"not_before": "kode"}}, ["1", None, DAY, None, "x"])
    assert [finding.code for finding in register.findings] == ["rule-failed"]


def test_an_order_that_uses_a_faulty_cell_is_told_of_by_that_cell_alone(check: Callable[..., Register]) -> None:
    register = check({"til": {"not_before": "fra"}}, ["1", "i fjor", DAY])
    assert [finding.code for finding in register.findings] == ["date-unreadable"]
    register = check({"til": {"not_before": "fra + days(1)"}}, ["1", "i fjor", DAY])
    assert [finding.code for finding in register.findings] == ["date-unreadable"]


def test_what_is_unique_names_each_cell_and_another(check: Callable[..., Register]) -> None:
    rows = [[str(number), None, None, None, kode] for number, kode in enumerate(["a", "b", "a", None, None, "a"])]
    assert told(check({"kode": {"unique": True}}, *rows)) == [
        ("not-unique", "Ting!E2", {"other": "Ting!E4"}),
        ("not-unique", "Ting!E4", {"other": "Ting!E2"}),
        ("not-unique", "Ting!E7", {"other": "Ting!E2"}),
    ]


def test_a_finding_shows_the_value_as_staff_see_it(check: Callable[..., Register]) -> None:
    register = check({"til": {"not_before": "fra"}}, ["T-1", DAY, date(2026, 4, 2)])
    assert register.findings == (
        Finding(
            "too-early",
            Place("book.xlsx", "Ting", 2, 3),
            heading="Til",
            sheet="ting",
            record="T-1",
            value="02.04.2026",
            facts=(("limit", "03.04.2026"), ("rule", "Fra")),
        ),
    )


@pytest.mark.parametrize(
    ("columns", "row", "column"),
    [
        ({"til": {"not_before": "fra"}}, ["1", DAY, date(2026, 4, 2)], "til"),
        ({"antall": {"min": 0}}, ["1", None, None, -1], "antall"),
        ({"kode": {"pattern": "x"}}, ["1", None, None, None, "y"], "kode"),
    ],
)
def test_a_value_that_is_wrong_is_unknown_to_rules(
    check: Callable[..., Register], columns: Mapping[str, Any], row: list[Any], column: str
) -> None:
    register = check(columns, row)
    value = register.records["ting"]["1"].values[column]
    assert isinstance(value, FaultyCell)
    assert value.finding in register.findings
    seen = View(register, Rules(Calendar("NO"), register.profile.terms), TODAY).row(Ref("ting", "1"))
    assert seen is not None
    with pytest.raises(CellError):
        seen.lookup(column)


def test_a_key_keeps_its_value_though_its_form_is_wrong(check: Callable[..., Register]) -> None:
    register = check({"nummer": {"pattern": r"\d+"}}, ["T-1"])
    assert [finding.code for finding in register.findings] == ["pattern-mismatch"]
    assert register.records["ting"]["T-1"].values["nummer"] == "T-1"
    assert register.errors(Ref("ting", "T-1"))


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (["1", DAY, DAY], []),
        (["1", date(2026, 4, 4), DAY], ["check-failed"]),
        (["1", None, DAY], ["check-failed"]),
        (["1", "i fjor", DAY], ["date-unreadable"]),
    ],
)
def test_a_check_of_the_profile_warns_at_the_row_and_fails_closed(
    check: Callable[..., Register], row: list[Any], codes: list[str]
) -> None:
    register = check({}, row, checks={"Fra kommer før til": "fra <= til"})
    assert [finding.code for finding in register.findings] == codes
    for finding in register.findings:
        if finding.code == "check-failed":
            assert (finding.severity, finding.place.cell) == (Severity.WARNING, "2")
            assert finding.facts == (("sentence", "Fra kommer før til"),)


def test_a_check_that_cannot_be_worked_out_is_a_warning_of_its_own(check: Callable[..., Register]) -> None:
    register = check({}, ["1", DAY, None, 5], checks={"Umulig": "fra - antall"})
    (finding,) = register.findings
    assert (finding.code, finding.severity) == ("rule-failed", Severity.WARNING)


def test_findings_come_in_the_order_of_row_and_column(check: Callable[..., Register]) -> None:
    columns = {"antall": {"min": 0}, "kode": {"pattern": "x"}, "til": {"not_before": "fra"}}
    rows = [["1", DAY, date(2026, 4, 2), -1, "y"], ["2", "?", None, None, "y"], ["3", None, None, -1]]
    register = check(columns, *rows, checks={"Nei": "false"})
    assert [finding.place.cell for finding in register.findings] == ["2", "C2", "D2", "E2", "3", "B3", "E3", "4", "D4"]


# ------------------------------------------------------------------ across sheets


def across(make_profile: MakeProfile, secrecy: str) -> Profile:
    return make_profile(
        {
            "ting": {"key": "nummer", "columns": {"nummer": {"type": "text"}, "laget": {"type": "date", "class": secrecy}}},
            "lån": {
                "key": "nummer",
                "columns": {
                    "nummer": {"type": "text"},
                    "ting": {"type": "ref", "to": "ting", "back": "lån"},
                    "fra": {"type": "date", "not_before": "ting.laget"},
                },
            },
        }
    )


@pytest.mark.parametrize(("secrecy", "limit"), [("open", "03.04.2026"), ("helse", "…")])
def test_dates_are_held_against_other_sheets_without_giving_a_secret_away(
    make_profile: MakeProfile, make_register: MakeRegister, secrecy: str, limit: str
) -> None:
    tables = {
        "Ting": [["Nummer", "Laget"], ["T-1", DAY]],
        "Lån": [["Nummer", "Ting", "Fra"], ["1", "T-1", date(2026, 4, 1)], ["2", "T-1", DAY], ["3", "T-9", DAY]],
    }
    register = make_register(across(make_profile, secrecy), tables)
    assert told(register) == [
        ("too-early", "Lån!C2", {"limit": limit, "rule": "ting.laget"}),
        ("reference-broken", "Lån!B4", {"target": "Ting", "key": "Nummer"}),
    ]
