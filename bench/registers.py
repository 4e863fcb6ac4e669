"""Registers of any size: the demo register, as often as it takes.

Every copy has its own keys, and its dates lie some days earlier, so that deadlines and letters spread as they do in an office.
Rows whose key has no number (staff, rates) stay as they are, once.
"""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from python_calamine import CalamineWorkbook

from pipeline.profile.load import load_profile
from pipeline.profile.model import Column, Profile, Sheet

_NUMBERED: Final = re.compile(r"(?P<series>[^\d;\s]+|\d{4}/)(?P<number>\d+)")
_SPREAD: Final = 28  # days over which the copies lie

Cells = list[Any]


def make_workspace(demo: Path, folder: Path, sheet: str, rows: int) -> Path:
    """A workspace in the folder like the demo's, with so many rows in one of its sheets; the workbook's path.

    Args:
        demo: the workspace to multiply.
        folder: an empty folder.
        sheet: the sheet whose rows are counted, by its name in the profile.
        rows: how many it shall have.
    """
    profile = load_profile(demo / "profile.toml")
    shutil.copy(demo / "profile.toml", folder)
    shutil.copytree(demo / "templates", folder / "templates")
    workbook = folder / profile.register_file.workbook
    workbook.parent.mkdir()
    write(workbook, profile, multiplied(profile, read(demo / profile.register_file.workbook, profile), sheet, rows))
    return workbook


def read(workbook: Path, profile: Profile) -> dict[str, list[Cells]]:
    """The rows of each sheet, headings first, by the sheet's name in the profile."""
    with CalamineWorkbook.from_path(workbook) as opened:
        return {sheet.name: opened.get_sheet_by_name(sheet.title).to_python() for sheet in profile.sheets.values()}


def multiplied(
    profile: Profile, demo: Mapping[str, list[Cells]], sheet: str, rows: int, spread: int = _SPREAD
) -> dict[str, Iterator[Cells]]:
    """The rows of each sheet as often as it takes for one sheet to have so many, the copies' dates over so many days."""
    keys = _Keys(text for name in demo for text in _own_numbers(profile.sheets[name], demo[name]))
    copies = -(-rows // (len(demo[sheet]) - 1))

    def of(name: str, limit: int | None) -> Iterator[Cells]:
        headings, *body = demo[name]
        columns = _by_heading(profile.sheets[name])
        yield headings
        written = 0
        for copy in range(copies):
            for cells in body:
                row = [
                    _cell(columns.get(heading), cell, copy, keys, copy % spread)
                    for heading, cell in zip(headings, cells, strict=True)
                ]
                if copy and not _own_key(profile.sheets[name], headings, row, cells):
                    continue
                if written == limit:
                    return
                yield row
                written += 1

    return {name: of(name, rows if name == sheet else None) for name in demo}


def write(workbook: Path, profile: Profile, sheets: Mapping[str, Iterable[Cells]]) -> None:
    """The workbook, with dates as dates and times as times."""
    with xlsxwriter.Workbook(
        workbook, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        as_date, as_time = book.add_format({"num_format": "dd.mm.yyyy"}), book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            tab = book.add_worksheet(profile.sheets[name].title)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        tab.write_datetime(number, place, cell, as_date)
                    elif isinstance(cell, time):
                        tab.write_datetime(number, place, cell, as_time)
                    elif cell != "":
                        tab.write(number, place, cell)


class _Keys:
    """Numbers for the keys of the copies: each series (``P-``, ``2026/``) goes on densely behind the demo's last number."""

    def __init__(self, texts: Iterable[str]) -> None:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for match in filter(None, map(_NUMBERED.search, texts)):
            found[match["series"]].add(int(match["number"]))
        self._places = {series: {n: place for place, n in enumerate(sorted(numbers), 1)} for series, numbers in found.items()}
        self._last = {series: max(numbers) for series, numbers in found.items()}

    def of_copy(self, text: str, copy: int) -> str:
        """The key or reference as the copy has it; each of several."""
        return ";".join(_NUMBERED.sub(lambda match: self._renumbered(match, copy), part, count=1) for part in text.split(";"))

    def _renumbered(self, match: re.Match[str], copy: int) -> str:
        places = self._places.get(match["series"], {})
        place = places.get(int(match["number"]))
        if place is None:
            return match[0]
        number = self._last[match["series"]] + (copy - 1) * len(places) + place
        return f"{match['series']}{number:0{len(match['number'])}}"


def _by_heading(sheet: Sheet) -> dict[str, Column]:
    return {column.heading: column for column in sheet.stored_columns}


def _own_numbers(sheet: Sheet, rows: list[Cells]) -> Iterator[str]:
    """What stands in the sheet's own key columns; references repeat the keys of others."""
    headings, *body = rows
    own = [column.heading for column in sheet.stored_columns if column.name in sheet.key and column.type == "text"]
    places = [headings.index(heading) for heading in own if heading in headings]
    return (cells[place] for cells in body for place in places if isinstance(cells[place], str))


def _own_key(sheet: Sheet, headings: Cells, row: Cells, original: Cells) -> bool:
    places = [headings.index(sheet.columns[name].heading) for name in sheet.key]
    return any(row[place] != original[place] for place in places if isinstance(row[place], str))


def _cell(column: Column | None, cell: Any, copy: int, keys: _Keys, days: int) -> Any:
    if column is None or not copy:
        return cell
    if column.type == "nin":
        return ""  # nobody is two people
    if isinstance(cell, date):
        return cell - timedelta(days)
    if isinstance(cell, str) and (column.type == "ref" or column.unique):
        return keys.of_copy(cell, copy)
    return cell
