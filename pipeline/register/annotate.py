"""A copy of the register in which every finding is marked in its cell, with a first sheet that leads to each of them.

The copy is for reading: what is wrong is mended in the register itself.
Widths, formats and the order of sheets and columns stay as staff know them; formulas stand as their values,
and what could fetch, run or carry anything else (links, macros, connections, pictures, notes of others) is left out.
What may be shown of protected people is decided in `pipeline.register.masking`.
The same register gives the same bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.core import DocumentProperties
from openpyxl.packaging.custom import CustomPropertyList
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedNameDict
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.protection import SheetProtection
from openpyxl.worksheet.scenario import ScenarioList
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.files import safe_name
from pipeline.findings import Finding, Sentence, Severity, sentence
from pipeline.register.build import CREATED, workbook_bytes
from pipeline.register.grid import Raw, Workbook
from pipeline.register.masking import Mask, as_text, masks
from pipeline.register.model import Ref, Register
from pipeline.register.notes import with_anchors
from pipeline.texts import Texts, message

Address = tuple[str, int, int]
"""A cell: the tab's title, row and column from 1."""

_FILLS: Final[Mapping[Severity, PatternFill]] = {
    Severity.ERROR: PatternFill("solid", fgColor="F4B6AC"),
    Severity.WARNING: PatternFill("solid", fgColor="FBE0A6"),
}
_INKS: Final[Mapping[Severity, str]] = {Severity.ERROR: "9C2A1C", Severity.WARNING: "7A4A00"}

_HARMLESS: Final = frozenset({"choices", "digits", "key", "letter", "other", "rule", "sentence", "target", "today"})
"""Facts of findings that come from the profile, the calendar or an address, never from the row's own values."""

_NOTE_WIDTH: Final = 340
_NOTE_LINE: Final = 17
_NOTE_CHARACTERS: Final = 48
"""Pixels of a note and of a line in it, and the characters that such a line holds."""

_LONGEST: Final = 400
"""More characters of a value help nobody."""

_HEADING_ROW: Final = 3
_COLUMNS: Final = (
    (message("Kind"), 11.0),
    (message("Responsible"), 22.0),
    (message("Sheet"), 15.0),
    (message("Cell"), 8.0),
    (message("Heading"), 24.0),
    (message("Record"), 15.0),
    (message("Shows"), 22.0),
    (message("What is wrong"), 46.0),
    (message("What to write instead"), 46.0),
)
_PER_WIDTH: Final = 1.1
"""Letters to a unit of width, which is that of a digit."""

_LINE_HEIGHT: Final = 15.0
_TALLEST: Final = 409.0
_A4: Final = 9
_FONT: Final = "Calibri"
_TOP: Final = Alignment(vertical="top", wrap_text=True)
_RULE: Final = Border(bottom=Side("thin", color="D0D7DE"))
_LINK: Final = Font(name=_FONT, size=11, color="0B5394", underline="single")
_LONGEST_TITLE: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A register with all that a copy of it needs to know.

    Attributes:
        register: with its findings.
        workbooks: it was read from these, by path as the profile writes it.
        protected: the rows that are protected, and those that refer to them.
        owners: the display names of those who see to a record.
        today: the as-of day.
    """

    register: Register
    workbooks: Mapping[str, Workbook]
    protected: frozenset[Ref]
    owners: Mapping[Ref, str]
    today: date


def annotated_copies(checked: Checked, texts: Texts) -> Mapping[str, bytes]:
    """A copy of each workbook of the register, by file name: the first has the plain name, others their own after it."""
    register = checked.register
    tabs = {path: book.sheets for path, book in checked.workbooks.items()}
    hidden = masks(register, checked.protected, tabs, texts("(protected)"))
    copies: dict[str, bytes] = {}
    for path, found in _findings_by_path(checked).items():
        workbook, mask = checked.workbooks[path], hidden[path]
        marks = [_mark(finding, checked, mask, texts) for finding in found]
        name = _file_name(texts, workbook.file, copies)
        copies[name] = _annotated(workbook, marks, mask, checked.today, texts)
    return copies


def _findings_by_path(checked: Checked) -> Mapping[str, Sequence[Finding]]:
    """The findings of each workbook, errors first; those of no sheet with the first."""
    register = checked.register
    by_path: dict[str, list[Finding]] = {path: [] for path in checked.workbooks}
    for finding in dict.fromkeys((*register.findings, *register.excluded)):
        sheet = register.profile.sheets.get(finding.sheet)
        path = next(iter(by_path)) if sheet is None else sheet.workbook or register.profile.register_file.workbook
        by_path[path].append(finding)
    return {path: sorted(found, key=lambda finding: finding.severity is Severity.WARNING) for path, found in by_path.items()}


def _file_name(texts: Texts, file: str, taken: Iterable[str]) -> str:
    word, stem = texts.name("register check"), file.rpartition(".")[0]
    names = (f"{word}.xlsx", *(f"{word} {stem}{n}.xlsx" for n in ("", *(f" {n}" for n in range(2, 1000)))))
    return next(name for name in map(safe_name, names) if name not in taken)


# ------------------------------------------------------------------ what is said of a finding


@dataclass(frozen=True, slots=True)
class _Mark:
    """A finding as the copy shows it, with nothing in it that may not be shown.

    Attributes:
        address: the cell that is marked; None where the workbook has no such sheet.
        shown: heading, record and value as they may be shown.
    """

    severity: Severity
    address: Address | None
    sheet: str
    shown: tuple[str, str, str]
    said: Sentence
    owner: str


def _mark(finding: Finding, checked: Checked, mask: Mask, texts: Texts) -> _Mark:
    register, place, tab = checked.register, finding.place, mask.tab(finding.place.sheet)
    told = finding
    if tab.hides(place.row, place.column):
        facts = tuple((name, fact if name in _HARMLESS else mask.word) for name, fact in finding.facts)
        told = replace(told, value=mask.word if finding.value else "", facts=facts)
    if tab.hides_all(place.row):
        told = replace(told, record=mask.word if finding.record else "")
    said = sentence(told, texts, reveal=True)
    return _Mark(
        finding.severity,
        _address(finding, register),
        place.sheet or place.file,
        (finding.heading, _plain(mask.hidden_in(told.record)), _plain(mask.hidden_in(told.value))),
        Sentence(_plain(mask.hidden_in(said.message)), _plain(mask.hidden_in(said.cure))),
        checked.owners.get(Ref(finding.sheet, finding.record), "") or texts("Nobody named"),
    )


def _address(finding: Finding, register: Register) -> Address:
    """The finding's cell; the key's for a whole row, the first for a whole sheet."""
    place, record = finding.place, register.get(Ref(finding.sheet, finding.record))
    key = record.cell(register.profile.sheets[record.sheet].key[0]).column if record else 0
    return place.sheet, max(place.row, 1), place.column or key or 1


def _plain(text: str) -> str:
    """Data as text that every workbook can hold, not longer than a reader bears."""
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# ------------------------------------------------------------------ the copy


def _annotated(workbook: Workbook, marks: Sequence[_Mark], mask: Mask, today: date, texts: Texts) -> bytes:
    try:
        return _finished(_opened(workbook), workbook.file, marks, mask, today, texts)
    except Exception:  # noqa: BLE001 -- openpyxl fails on parts that no copy needs; the marks matter more than the looks
        return _finished(_values_alone(workbook), workbook.file, marks, mask, today, texts)


def _finished(book: openpyxl.Workbook, file: str, marks: Sequence[_Mark], mask: Mask, today: date, texts: Texts) -> bytes:
    for sheet in book.worksheets:
        _hide(sheet, mask)
    merged = {sheet.title: _anchors(sheet) for sheet in book.worksheets}
    anchored = [replace(mark, address=_anchored(mark.address, merged)) for mark in marks]
    _mark_cells(book, anchored, texts)
    _list_marks(book, anchored, file, today, texts)
    book.properties = DocumentProperties(creator="Fristbrev", created=CREATED, modified=CREATED)
    book.calculation.fullCalcOnLoad = False

    def with_places(name: str, part: bytes) -> bytes:
        noted = next((sheet for sheet in book.worksheets if sheet.legacy_drawing == name), None)
        return part if noted is None else with_anchors(part, noted)

    return workbook_bytes(book, with_places)


def _opened(workbook: Workbook) -> openpyxl.Workbook:
    """The workbook with its looks and values, and nothing else.

    Raises:
        Exception: openpyxl cannot read it whole.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the parts that are left out on purpose
        book = openpyxl.load_workbook(io.BytesIO(workbook.content), data_only=True, keep_links=False)
    if missing := set(workbook.sheets) - {sheet.title for sheet in book.worksheets}:
        raise ValueError(f"{len(missing)} sheets missing")
    for chart in book.chartsheets:
        book.remove(chart)
    book.defined_names = DefinedNameDict()
    book.custom_doc_props = CustomPropertyList()  # type: ignore[attr-defined]  # newer than its stubs
    book.security = None
    for sheet in book.worksheets:
        _strip(sheet)
    return book


def _strip(sheet: Any) -> None:
    """Leave out all that is neither a value nor its look, and show what a filter hides, since filters forget here."""
    sheet._charts, sheet._images, sheet._pivots = [], [], []  # noqa: SLF001 -- openpyxl has no other way to leave them out
    sheet.legacy_drawing = None
    sheet.conditional_formatting = ConditionalFormattingList()  # its colours would cover the marks
    sheet.data_validations = DataValidationList()
    sheet.defined_names = DefinedNameDict()
    sheet.protection = SheetProtection()
    sheet.scenarios = ScenarioList()
    sheet.HeaderFooter = HeaderFooter()
    sheet.auto_filter = AutoFilter(ref=sheet.auto_filter.ref)
    for table in sheet.tables.values():
        table.tableType = table.connectionId = table.sortState = None
        if table.autoFilter is not None:
            table.autoFilter = AutoFilter(ref=table.autoFilter.ref)
        for column in table.tableColumns:
            column.calculatedColumnFormula = column.totalsRowFormula = column.queryTableFieldId = None
    for row in sheet.row_dimensions.values():
        row.hidden = False
    for cell in _cells(sheet):
        cell.comment = cell.hyperlink = None


def _cells(sheet: Worksheet) -> list[Cell]:
    return [cell for cell in sheet._cells.values() if isinstance(cell, Cell)]  # noqa: SLF001 -- iter_rows makes cells of blanks


def _values_alone(workbook: Workbook) -> openpyxl.Workbook:
    """The values that were read, where openpyxl cannot open the workbook with its looks."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, cells in workbook.sheets.items():
        sheet = book.create_sheet(title)
        for r, row in enumerate(cells.rows, start=1):
            for c, value in enumerate(row, start=1):
                if value != "":
                    _put(sheet, r, c, value)
    return book


def _put(sheet: Worksheet, row: int, column: int, value: Raw) -> Cell | MergedCell:
    """A value in a cell; a text is stored as text, since one that begins with «=» must never become a formula."""
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)
        cell.data_type = "s"
    else:
        cell.value = value
    return cell


def _hide(sheet: Worksheet, mask: Mask) -> None:
    """Put the mask's word in every cell that may not be shown."""
    tab = mask.tab(sheet.title)
    hidden: set[tuple[int, int]] = set()
    for cell in _cells(sheet):
        if cell.value is None:
            continue
        if not tab.hides(cell.row, cell.column):
            text = as_text(cell.value)
            if mask.hidden_in(text) == text:
                continue
        cell.value = mask.word
        hidden.add((cell.row, cell.column))
    for table in list(sheet.tables.values()):
        headings = next(iter(CellRange(table.ref).rows))
        if not hidden.isdisjoint(headings):
            del sheet.tables[table.name]  # Excel calls a file damaged whose table has other headings than its cells


# ------------------------------------------------------------------ the marks

Anchors = Mapping[tuple[int, int], tuple[int, int]]
"""For each cell of a merged range, the one at its top left that holds its value, by row and column."""


def _anchors(sheet: Worksheet) -> Anchors:
    return {cell: (merged.min_row, merged.min_col) for merged in sheet.merged_cells.ranges for cell in merged.cells}


def _anchored(address: Address | None, merged: Mapping[str, Anchors]) -> Address | None:
    """The cell that can be marked; None where the workbook has no such sheet."""
    if address is None or address[0] not in merged:
        return None
    title, row, column = address
    return title, *merged[title].get((row, column), (row, column))


def _mark_cells(book: openpyxl.Workbook, marks: Iterable[_Mark], texts: Texts) -> None:
    """Fill each cell by its worst finding, and say in a note what is wrong and what to write instead."""
    by_cell: defaultdict[Address, list[_Mark]] = defaultdict(list)
    for mark in marks:
        if mark.address is not None:
            by_cell[mark.address].append(mark)
    for (title, row, column), found in by_cell.items():
        sheet = book[title]
        sheet.sheet_state = "visible"
        _show_column(sheet, column)
        cell = sheet.cell(row, column)
        cell.fill = _FILLS[found[0].severity]
        cell.comment = _note(found, texts)


def _show_column(sheet: Worksheet, column: int) -> None:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and (dimension.min or column) <= column <= (dimension.max or column):
            dimension.hidden = False


def _note(found: Sequence[_Mark], texts: Texts) -> Comment:
    paragraphs = [f"{_severity(mark, texts)}: {mark.said.message}\n→ {mark.said.cure}" for mark in found]
    text = "\n\n".join(dict.fromkeys(paragraphs))
    lines = sum(_lines(line, _NOTE_CHARACTERS) for line in text.split("\n"))
    return Comment(text, "Fristbrev", width=_NOTE_WIDTH, height=(lines + 1) * _NOTE_LINE)


def _severity(mark: _Mark, texts: Texts) -> str:
    return texts(str(mark.severity)).capitalize()


def _lines(text: str, characters: float) -> int:
    return max(1, math.ceil(len(text) / characters))


# ------------------------------------------------------------------ the first sheet


def _list_marks(book: openpyxl.Workbook, marks: Sequence[_Mark], file: str, today: date, texts: Texts) -> None:
    """The first sheet: every finding with a link to its cell."""
    target = book.create_sheet(_free_title(texts("Mend this"), book.sheetnames), 0)
    errors = sum(mark.severity is Severity.ERROR for mark in marks)
    lines = (
        texts(
            "The register as it was on {day}. Mend {file} itself: this is a copy, and it is made anew in each run.",
            day=today,
            file=file,
        ),
        texts(
            "{errors} errors, {warnings} warnings. A click on the cell's address leads to the cell; "
            "the arrow at «{responsible}» shows one person's alone.",
            errors=errors,
            warnings=len(marks) - errors,
            responsible=texts("Responsible"),
        ),
    )
    for row, line in enumerate(lines, start=1):
        _put(target, row, 1, _plain(line)).font = Font(name=_FONT, size=11, bold=row == 1)
    for column, (heading, width) in enumerate(_COLUMNS, start=1):
        cell = _put(target, _HEADING_ROW, column, texts(heading))
        cell.font, cell.fill = Font(name=_FONT, size=11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1C4F5E")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        target.column_dimensions[get_column_letter(column)].width = width
    for row, mark in enumerate(marks, start=_HEADING_ROW + 1):
        _list_mark(target, row, mark, texts)
    if not marks:
        _put(target, _HEADING_ROW + 1, 1, texts("None"))
    _frame(target, max(len(marks), 1), {name.casefold() for sheet in book.worksheets for name in sheet.tables})
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet is target
    book.active = 0


def _list_mark(target: Worksheet, row: int, mark: _Mark, texts: Texts) -> None:
    heading, record, value = mark.shown
    link = "" if mark.address is None else f"{get_column_letter(mark.address[2])}{mark.address[1]}"
    values = (_severity(mark, texts), mark.owner, mark.sheet, link, heading, record, value, mark.said.message, mark.said.cure)
    for column, text in enumerate(values, start=1):
        cell = _put(target, row, column, text)
        cell.alignment, cell.border = _TOP, _RULE
    first, to_cell = target.cell(row, 1), target.cell(row, 4)
    first.font, first.fill = Font(name=_FONT, size=11, bold=True, color=_INKS[mark.severity]), _FILLS[mark.severity]
    if mark.address is not None:
        to_cell.font = _LINK
        location = f"{quote_sheetname(mark.address[0])}!{link}"
        to_cell.hyperlink = Hyperlink(ref=to_cell.coordinate, location=location, display=link)
    lines = (_lines(text, width * _PER_WIDTH) for text, (_, width) in zip(values, _COLUMNS, strict=True))
    target.row_dimensions[row].height = min(max(lines) * _LINE_HEIGHT + 3, _TALLEST)


def _frame(target: Worksheet, rows: int, taken: Iterable[str]) -> None:
    """A table with filters round the findings, its headings always in sight, and set up for the printer."""
    name = next(name for n in range(1, 1000) if (name := f"findings_{n}") not in taken)
    target.add_table(Table(displayName=name, ref=f"A{_HEADING_ROW}:{get_column_letter(len(_COLUMNS))}{_HEADING_ROW + rows}"))
    target.freeze_panes = f"A{_HEADING_ROW + 1}"
    target.row_dimensions[_HEADING_ROW].height = 30
    target.sheet_view.showGridLines = False
    target.page_setup.orientation = "landscape"
    target.page_setup.paperSize = _A4
    target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    target.HeaderFooter = HeaderFooter(oddFooter=HeaderFooterItem(right=_HeaderFooterPart("&P / &N")))


def _free_title(title: str, taken: Sequence[str]) -> str:
    folded = {other.casefold() for other in taken}
    names = (title[:_LONGEST_TITLE], *(f"{title[: _LONGEST_TITLE - 4]} {n}" for n in range(2, 1000)))
    return next(name for name in names if name.casefold() not in folded)
