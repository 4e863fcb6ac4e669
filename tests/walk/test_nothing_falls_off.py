"""A register with a fault in every column: each of its rows is accounted for, and what nobody can tell stands on the lists."""

from __future__ import annotations

import io
import json
import re
from datetime import date
from pathlib import Path

import icalendar
import openpyxl
import pytest

from pipeline.lists.words import plain
from tests.walk.small_office import CASES, PEOPLE, TODAY, SmallOffice, sheet_rows

FAULTS = ("=1/0", "#REF!", "32.13.2026", "<script>alert(1)</script>", "\N{RIGHT-TO-LEFT OVERRIDE}x", "x" * 10_000)
GOOD = ("C-", "P-1", "P-2", date(2026, 11, 10), None, None, None, None, "ABC")


def _faulty() -> list[tuple[object, ...]]:
    """A row for each column and fault, that is right but for this one cell."""
    rows: list[tuple[object, ...]] = []
    for column in range(len(CASES[0])):
        for fault in FAULTS:
            key = f"C-{len(rows) + 1}"
            row: list[object] = [key, *GOOD[1:]]
            row[column] = fault
            rows.append(tuple(row))
    return rows


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    made = SmallOffice(tmp_path_factory.mktemp("office"))
    made.write_register([CASES[0], *_faulty()])
    assert made.run().exit_code == 0
    return made


def test_rows_read_are_rows_used_and_rows_left_out(office: SmallOffice) -> None:
    numbers = json.loads((office.output / TODAY / "run 1.json").read_text(encoding="utf-8"))["numbers"]
    assert numbers["read"] == numbers["used"] + numbers["excluded"] == len(_faulty()) + len(PEOPLE) - 1
    left_out = sheet_rows(office.made()["overview/overdue.xlsx"])
    assert numbers["excluded"] <= len(left_out)


def test_every_row_stands_on_the_lists(office: SmallOffice) -> None:
    """By its key among the deadlines, or where it has none that can be read, among the rows left out."""
    book = openpyxl.load_workbook(io.BytesIO(office.made()["overview/overdue.xlsx"]))
    listed = {str(row[2]) for row in book["All"].iter_rows(min_row=2, values_only=True)}
    left_out = {
        int(re.sub(r"\D", "", str(row[3]))) for row in book["Rows left out"].iter_rows(min_row=2, values_only=True) if row[3]
    }
    for n, row in enumerate(_faulty(), start=2):
        assert plain(str(row[0])) in listed or n in left_out, row


def test_page_workbook_and_calendars_hold_the_same_deadlines(office: SmallOffice) -> None:
    made = office.made()
    page = made["overview/overview.html"].decode()
    data = re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    read = json.loads(data[1])
    on_page = sorted(read["pool"][row[1]] for row in read["lists"]["deadlines"])
    book = openpyxl.load_workbook(io.BytesIO(made["overview/overdue.xlsx"]))
    assert on_page == sorted(str(row[2]) for row in book["All"].iter_rows(min_row=2, values_only=True))
    events = [
        event
        for name, content in made.items()
        if name.endswith(".ics")
        for event in icalendar.Calendar.from_ical(content).walk("VEVENT")
        if event["STATUS"] == "CONFIRMED"
    ]
    assert len(events) == len(on_page)


def test_no_cell_of_any_workbook_is_a_formula(office: SmallOffice) -> None:
    workbooks = {name: content for name, content in office.made().items() if name.endswith(".xlsx")}
    assert {Path(name).parts[0] for name in workbooks} == {TODAY, "overview"}
    for name, content in workbooks.items():
        for sheet in openpyxl.load_workbook(io.BytesIO(content)):
            kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
            assert "f" not in kinds, (name, sheet.title)


def test_file_names_stay_below_the_output(office: SmallOffice) -> None:
    for name in office.made():
        assert ".." not in Path(name).parts
        assert len(name.rpartition("/")[2].encode()) <= 140
