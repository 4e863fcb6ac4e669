"""Writes an example's workspace: Word templates, and a register with faults planted on purpose.

An example is a package beside this one, with the letters of its routine and the cases of its register;
``python -m tools.examples`` makes those that its `MAKERS` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.build import build_workbook, workbook_bytes
from pipeline.texts import texts_in

EXAMPLES: Final = Path(__file__).parents[2] / "examples"

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Planted:
    """A value that replaces a good one once the workbook is built.

    Attributes:
        sheet: the sheet's name in the profile.
        row: which of the sheet's rows, counted from 0.
        column: the column's name.
        value: what stands there instead, as staff would have typed it; empty for an emptied cell.
        fault: what is wrong, for the page that tells of the register.
    """

    sheet: str
    row: int
    column: str
    value: str
    fault: str

    def place(self, profile: Profile) -> tuple[str, int, str]:
        """Where the finding stands: the tab, the row in Excel, the heading."""
        sheet = profile.sheets[self.sheet]
        return sheet.title, self.row + 2, sheet.columns[self.column].heading


def register_files(profile: Profile, rows: Rows, planted: Iterable[Planted]) -> dict[str, bytes]:
    """The register's workbooks by their path in the workspace, with the faults in them: the same bytes each time."""
    spoilt = list(planted)
    paths = dict.fromkeys(sheet.workbook or profile.register_file.workbook for sheet in profile.sheets.values())
    files = {}
    for path in paths:
        book = build_workbook(profile, texts_in(profile.office.language), path, rows)
        for fault in spoilt:
            _spoil(book, profile, fault)
        files[path] = workbook_bytes(book)
    return files


def _spoil(book: Workbook, profile: Profile, fault: Planted) -> None:
    sheet = profile.sheets[fault.sheet]
    if sheet.title in book.sheetnames:
        place = [column.name for column in sheet.stored_columns].index(fault.column) + 1
        cell = book[sheet.title].cell(fault.row + 2, place)
        number_format = cell.number_format
        cell.value = fault.value or None
        cell.number_format = number_format


def write_workspace(folder: Path, documents: Mapping[str, bytes], rows: Rows, planted: Sequence[Planted]) -> int:
    """Write the templates and the register of the workspace whose profile lies in the folder; tells how many files."""
    templates = folder / "templates" / "docx"
    templates.mkdir(parents=True, exist_ok=True)
    for name, content in documents.items():
        (templates / name).write_bytes(content)
    registers = register_files(load_profile(folder / "profile.toml"), rows, planted)
    for path, content in registers.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return len(documents) + len(registers)
