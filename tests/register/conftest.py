"""Small real workbooks and the neutral profile that reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.calendars import Calendar
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.checks import check_register
from pipeline.register.model import Register
from pipeline.register.records import read_register
from pipeline.register.workbook import read_workbook

TODAY = date(2026, 11, 23)
FILE = "book.xlsx"

Tables = Mapping[str, Sequence[Sequence[Any]]]
MakeWorkbook = Callable[..., Path]
MakeProfile = Callable[..., Profile]
MakeRegister = Callable[..., Register]


@pytest.fixture
def make_workbook(tmp_path: Path) -> MakeWorkbook:
    """Tables of rows by title, the headings first, as a real workbook; a date gets Excel's own date format."""

    def make(tables: Tables, name: str = FILE) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in tables.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def make_profile() -> MakeProfile:
    """A profile of sheets; a column is named and headed by its key in the table."""

    def make(sheets: Mapping[str, Mapping[str, Any]], country: str = "NO") -> Profile:
        tables = {}
        for name, sheet in sheets.items():
            columns = {
                column: {"name": column, "heading": column.capitalize()} | table for column, table in sheet["columns"].items()
            }
            tables[name] = {"name": name, "title": name.capitalize()} | dict(sheet) | {"columns": columns}
        office = {"municipality": "Sted", "country": country, "language": "nb"}
        return Profile.model_validate({"office": office, "register": {"workbook": FILE}, "sheets": tables})

    return make


@pytest.fixture
def make_register(make_workbook: MakeWorkbook) -> MakeRegister:
    """Read and check tables by a profile, by way of a real workbook."""

    def make(profile: Profile, tables: Tables, *, checked: bool = True, today: date = TODAY) -> Register:
        rules = Rules(Calendar(profile.office.country), profile.terms)
        workbooks = {FILE: read_workbook(make_workbook(tables))}
        register = read_register(profile, rules, workbooks, today)
        return check_register(register, rules, today) if checked else register

    return make
