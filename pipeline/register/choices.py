"""The lists behind a register's dropdowns, and which of them a newer profile has left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.findings import Finding, Place, Severity
from pipeline.profile.model import Column, Profile, Sheet
from pipeline.register.cells import folded
from pipeline.register.grid import Workbook


def list_name(sheet: Sheet, column: Column) -> str:
    """What a column's dropdown is called; its choices stand under that name on the sheet of codes."""
    return f"list_{sheet.name}_{column.name}"


def outdated_choices(profile: Profile, workbooks: Mapping[str, Workbook]) -> Iterator[Finding]:
    """A warning for every dropdown of a register in use that refuses a choice which the profile allows by now."""
    for sheet in profile.sheets.values():
        lists = _lists(workbooks[sheet.workbook or profile.register_file.workbook])
        for column in sheet.stored_columns:
            name = list_name(sheet, column)
            if name not in lists:
                continue
            place, offered = lists[name]
            lacking = [choice for choice in column.choices if folded(choice) not in offered]
            if lacking:
                facts = (("choices", ", ".join(lacking)), ("in_sheet", sheet.title))
                yield Finding("choices-outdated", place, Severity.WARNING, column.heading, sheet.name, facts=facts)


def _lists(book: Workbook) -> Mapping[str, tuple[Place, frozenset[str]]]:
    """By name, the first free cell below a list, and what the list offers; a name stands in the first row of its tab."""
    found: dict[str, tuple[Place, frozenset[str]]] = {}
    for title, cells in book.sheets.items():
        for number, name in enumerate(cells.rows[0] if cells.rows else (), start=1):
            if isinstance(name, str) and name.startswith("list_"):
                column = [str(row[number - 1]) for row in cells.rows]
                last = max(n for n, value in enumerate(column, start=1) if value)
                found[name] = Place(book.file, title, last + 1, number), frozenset(map(folded, column[1:]))
    return found
