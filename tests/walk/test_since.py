"""What staff did to the register between two runs, and what is told of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.walk.small_office import CASES, PEOPLE, PROFILE, SmallOffice

NEXT = "2026-11-24"
SINCE = {"rows-lost", "row-removed", "key-changed", "date-removed", "deadline-moved"}

Rows = list[list[Any]]


def edited(edit: Callable[[Rows], object], rows: Any = CASES) -> Rows:
    table = [list(row) for row in rows]
    edit(table)
    return table


def put(row: int, column: int, value: object) -> Callable[[Rows], object]:
    def edit(rows: Rows) -> None:
        rows[row][column] = value

    return edit


def shuffle(rows: Rows) -> None:
    rows[1:] = rows[3:] + rows[2:0:-1]


def turn_columns(rows: Rows) -> None:
    for row in rows:
        row.reverse()


def one_column_more(rows: Rows) -> None:
    for number, row in enumerate(rows):
        row.append("Own" if number == 0 else "x")


# What staff do to the cases, and the findings about it: code and record.
EDITS: list[tuple[str, Callable[[Rows], object], list[tuple[str, str]]]] = [
    ("nothing", lambda rows: rows.sort(key=lambda _: 0), []),
    ("sorted another way", shuffle, []),
    ("columns in another order", turn_columns, []),
    ("a column of their own", one_column_more, []),
    ("a new case", lambda rows: rows.append(["C-8", "P-1", None, date(2026, 11, 12), *[None] * 5]), []),
    ("a date filled in", put(1, 4, date(2026, 11, 20)), []),
    ("a text changed", put(6, 7, "Another reason."), []),
    ("a case deleted", lambda rows: rows.pop(6), [("row-removed", "C-6")]),
    ("half of them deleted", lambda rows: rows.__delitem__(slice(2, 6)), [("rows-lost", "")]),
    ("all deleted", lambda rows: rows.__delitem__(slice(1, None)), [("rows-lost", "")]),
    ("a key changed", put(6, 0, "C-66"), [("key-changed", "C-66")]),
    ("a decision emptied", put(6, 5, None), [("date-removed", "C-6")]),
    ("an overdue date moved later", put(5, 3, date(2026, 11, 15)), [("deadline-moved", "C-5")]),
    ("a date that cannot be read now", put(6, 5, "soon"), []),
]


@pytest.mark.parametrize(("edit", "expected"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_what_staff_did_is_told(tmp_path: Path, edit: Callable[[Rows], object], expected: list[tuple[str, str]]) -> None:
    office = SmallOffice(tmp_path)
    assert office.run().exit_code == 0
    office.write_register(edited(edit))
    found = [(finding["code"], finding["record"]) for finding in office.json("validate", day=NEXT) if finding["code"] in SINCE]
    assert found == expected


def test_validate_tells_what_changed_by_key(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    assert "since" not in office.call("validate", "--as-of", NEXT).stdout
    office.run()
    assert "Nothing has changed since the run of 2026-11-23." in office.call("validate", "--as-of", NEXT).stdout
    rows = edited(put(6, 5, date(2026, 11, 21)))
    rows[1][4] = date(2026, 11, 20)
    rows.append(["C-8", "P-1", None, date(2026, 11, 12), *[None] * 5])
    shuffle(rows)
    office.write_register(rows, edited(put(1, 2, "Another street 7"), PEOPLE))
    told = office.call("validate", "--as-of", NEXT).stdout
    assert "Changed since the run of 2026-11-23:\nPeople:\n  P-1: Street changed\nCases:\n  C-8: new\n" in told
    assert "  C-1: Notice sent – → 2026-11-20\n" in told
    assert "  C-6: Decided 2026-11-20 → 2026-11-21\n" in told


def test_days_are_told_as_the_reader_writes_them_several_in_a_cell_too(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.write_profile(PROFILE.replace("clerk = {", 'visits = { type = "date", many = true }\nclerk = {'))
    visited = [[*row, visits] for row, visits in zip(CASES, ("Visits", "03.11.2026; 10.11.2026", *[None] * 6), strict=True)]
    office.write_register(visited)
    assert office.run().exit_code == 0
    rows = edited(put(6, 5, None), visited)
    rows[1][-1] = "03.11.2026"
    office.write_register(rows)

    (emptied,) = [each for each in office.json("--language", "nb", "validate", day=NEXT) if each["code"] == "date-removed"]
    assert "20.11.2026" in emptied["message"]
    told = office.call("--language", "nb", "validate", "--as-of", NEXT).stdout
    assert "  C-1: Visits 03.11.2026; 10.11.2026 → 03.11.2026\n" in told


def test_a_halved_sheet_holds_every_letter_until_a_person_says_that_it_was_meant(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.run()
    lying = office.letters()
    assert lying
    office.write_register(edited(lambda rows: rows.__delitem__(slice(1, 6))))
    for day in (NEXT, "2026-11-25"):
        held = office.run(day=day)
        assert held.exit_code == 3
        assert "More than half of the rows of «Cases» are gone" in held.stderr
        assert office.letters() == lying
        assert "5 of the 7 rows" in (office.output / "overview" / "overview.html").read_text(encoding="utf-8")
    accepted = office.run("--accept-changes", day="2026-11-26")
    assert accepted.exit_code == 0
    assert len(office.letters()) < len(lying)
    assert office.run(day="2026-11-27").exit_code == 0


def test_what_a_run_has_told_is_not_told_again(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.run()
    office.write_register(edited(lambda rows: rows.pop(6)))
    office.run(day=NEXT)
    assert not [finding for finding in office.json("validate", day="2026-11-25") if finding["code"] in SINCE]


def test_the_past_is_not_compared_with_a_later_run(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.run(day=NEXT)
    office.write_register(edited(lambda rows: rows.pop(6)))
    assert not [finding for finding in office.json("validate") if finding["code"] in SINCE]


def test_the_ledger_remembers_nothing_of_the_protected_and_no_closed_value(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.run()
    ledger = (office.folder / "fristbrev.sqlite").read_bytes()
    with sqlite3.connect(office.folder / "fristbrev.sqlite") as connection:
        kept = dict(connection.execute("select record, cells from remembered where sheet = 'person'").fetchall())
    assert kept["P-3"] == "{}"
    assert "Kari Prøve" in kept["P-1"]
    for closed in ("Hemmelig vei 99", "9999 Gjemt", "Gate 1"):
        assert closed not in kept["P-1"] + kept["P-3"]
    assert b"Hemmelig vei" not in ledger


def test_a_ledger_of_the_first_version_is_brought_along(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    office.run()
    before = office.letters()
    with sqlite3.connect(office.folder / "fristbrev.sqlite") as connection:
        connection.executescript(
            "drop table remembered; drop table secret; drop table appointment; alter table version drop column purged;"
            " pragma user_version = 1;"
        )
    assert office.call("validate", "--as-of", NEXT).exit_code in {0, 1}  # only looks
    assert office.run(day=NEXT).exit_code == 0
    assert office.letters() == before
    assert "Nothing has changed" in office.call("validate", "--as-of", "2026-11-25").stdout


def test_findings_can_be_asked_for_by_whoever_sees_to_them(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    mine = {finding["record"] for finding in office.json("validate", "--owner", "ABC")}
    everyones = {finding["record"] for finding in office.json("validate")}
    assert "C-2" in mine
    assert mine <= everyones
    assert not office.json("validate", "--owner", "DEF")
