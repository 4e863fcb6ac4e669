"""Lists that a profile defines: which rows stand on them, in which order, and what is told of those that cannot be read."""

from __future__ import annotations

import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.calendars import Calendar
from pipeline.findings import Finding, Place
from pipeline.lists.own import OwnList, OwnRow, own_lists, shown
from pipeline.lists.page import render_page
from pipeline.lists.workbook import overdue_workbook
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import BrokenProfile, load_profile
from pipeline.profile.model import Profile
from pipeline.register.model import FaultyCell, Record, Ref, Register, Value, View
from pipeline.texts import texts_in
from tests.lists.made_up import overview

TODAY = date(2026, 11, 23)
ENGLISH = texts_in("en")
ROUTINE = """
[office]
municipality = "Nowhere"
country      = "SE"
language     = "sv"
[register]
workbook = "r.xlsx"
[sheets.case]
key = "number"
[sheets.case.columns]
number = { type = "text", required = true }
since  = { type = "date" }
carer  = { type = "ref", to = "case", back = "cared" }
hours  = { type = "number" }
done   = { type = "yesno" }
name   = { type = "text", class = "name" }
[lists.waiting]
title = "Waiting: longest first"
on    = "case"
when  = "not done"
"""


def profile(folder: Path, **columns: str) -> Profile:
    lines = "".join(f'{name} = "{source}"\n' for name, source in columns.items())
    path = folder / "profile.toml"
    path.write_text(f"{ROUTINE}[lists.waiting.columns]\n{lines}", encoding="utf-8")
    return load_profile(path)


def lists(of: Profile, *rows: dict[str, Value]) -> tuple[OwnList, ...]:
    names = of.sheets["case"].columns
    records = {
        str(row["number"]): Record(
            "case", str(row["number"]), Place("r.xlsx", "Case", n), {**dict.fromkeys(names, EMPTY), **row}
        )
        for n, row in enumerate(rows, start=2)
    }
    return own_lists(View(Register(of, {"case": records}), Rules(Calendar("SE")), TODAY), ENGLISH)


UNREADABLE = FaultyCell(Finding("date-unreadable", Place("r.xlsx", "Case", 3, 2), value="soon"))


def test_rows_stand_in_the_order_of_the_first_column_and_what_cannot_be_told_stands_first(tmp_path: Path) -> None:
    [found] = lists(
        profile(tmp_path, Since="since", Hours="hours"),
        {"number": "1", "since": date(2026, 10, 1), "hours": 2.5},
        {"number": "2", "since": UNREADABLE},
        {"number": "3", "since": date(2026, 9, 1)},
        {"number": "4"},
        {"number": "5", "since": date(2026, 1, 1), "done": True},
    )

    assert found == OwnList(
        "Waiting: longest first",
        ("Since", "Hours"),
        (
            OwnRow("2", (None, None), "Case!B3"),
            OwnRow("3", (date(2026, 9, 1), None)),
            OwnRow("1", (date(2026, 10, 1), 2.5)),
            OwnRow("4", (None, None)),
        ),
    )
    assert found.to_mend


@pytest.mark.parametrize(
    ("source", "cell", "text"),
    [
        ("since", date(2026, 9, 1), "2026-09-01"),
        ("today - since", 83, "83"),
        ("hours", 2.5, "2.5"),
        ("carer", "2", "2"),
        ("cared.since", "2026-09-01", "2026-09-01"),
        ("'late' if since < today", "late", "late"),
        ("hours > 3", "no", "no"),
        ("'named' if name else 'nameless'", "named", "named"),
    ],
)
def test_what_stands_in_a_cell(tmp_path: Path, source: str, cell: Any, text: str) -> None:
    [found] = lists(
        profile(tmp_path, It=source),
        {"number": "1", "since": date(2026, 9, 1), "hours": 2.5, "done": False, "carer": Ref("case", "2"), "name": "Kim"},
        {"number": "2", "carer": Ref("case", "1"), "since": date(2026, 9, 1), "done": True},
    )

    assert [row.cells for row in found.rows] == [(cell,)]
    assert shown(cell, ENGLISH) == text


@pytest.mark.parametrize(
    ("source", "mistake"),
    [("name", "A list shows «{name}»"), ("cared.name", "A list shows «{name}»"), ("nmae", "")],
)
def test_a_column_that_tells_about_a_person_is_a_mistake(tmp_path: Path, source: str, mistake: str) -> None:
    with pytest.raises(BrokenProfile) as broken:
        profile(tmp_path, It=source)

    assert [(m.table, m.key) for m in broken.value.mistakes] == [("[lists.waiting.columns]", "It")]
    assert broken.value.mistakes[0].sentence.startswith(mistake)


def test_page_and_workbook_show_it_with_days_and_numbers_as_such(tmp_path: Path) -> None:
    own = lists(
        profile(tmp_path, Since="since", Record="hours"),
        {"number": "1", "since": TODAY - timedelta(days=3), "hours": 7.5},
        {"number": "2", "since": TODAY},
    )
    made = overview(own=own)

    sheet = load_workbook(io.BytesIO(overdue_workbook(made, ENGLISH)))["Waiting- longest first"]
    assert [cell.value for cell in sheet[1]] == ["Record", "Since", "Record 2"]
    assert sheet["B2"].is_date
    assert sheet["C2"].value == 7.5

    page = render_page(made, ENGLISH)
    data = json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    rows = [[data["pool"][cell if isinstance(cell, int) else cell[0]] for cell in row] for row in data["lists"]["own-0"]]
    assert rows == [["1", "2026-11-20", "7.5"], ["2", "2026-11-23", ""]]
    assert "Waiting: longest first" in page
    assert "Cell to mend" not in page


def test_a_list_without_rows_says_so(tmp_path: Path) -> None:
    made = overview(own=lists(profile(tmp_path, Since="since")))

    assert "No row is on this list." in render_page(made, ENGLISH)
    assert load_workbook(io.BytesIO(overdue_workbook(made, ENGLISH)))["Waiting- longest first"]["A2"].value == "None"
