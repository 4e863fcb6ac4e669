"""An empty register, or one filled with given rows, built from the profile.

Each sheet is an Excel table with a frozen header, formats and dropdowns for its column types, and a print set-up.
Formats, dropdowns and colours reach `ROOM` rows below the last, so that the rows that staff add have them too; the table grows
in Excel. A date that has passed without what it asks for carries a sign and a colour, where a row tells that by itself.
The last sheet says how the register is kept.
The same profile and rows give the same bytes.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.calendars import LAST_YEAR
from pipeline.profile.model import Column, Profile, Sheet
from pipeline.register.choices import list_name
from pipeline.register.formulas import Watched, watched
from pipeline.register.paper import paper_for
from pipeline.register.saved import saved
from pipeline.texts import Texts, message

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Rows by sheet name, each a mapping of column name to value; several values of a cell as a sequence."""

ROOM: Final = 2000
"""Rows below the last filled one that have the formats and dropdowns already."""

CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001 -- a fixed stamp: workbooks made twice are byte-identical
VALUE_JOINT: Final = "; "

_STYLE: Final = TableStyleInfo(name="TableStyleMedium2", showRowStripes=True)
_HEADER: Final = Alignment(vertical="center", wrap_text=True)
_HEADER_FONT: Final = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_HEADER_FILL: Final = PatternFill("solid", fgColor="1F4E79")
"""Set on the cells too, since only Excel shows a table's style."""
_LINE: Final = Border(bottom=Side("thin", color="D0D7DE"))
_HEADER_HEIGHT: Final = 48
_LINE_HEIGHT: Final = 15
_MOST_LINES: Final = 8
_WIDTHS: Final = {"date": 13.0, "time": 9.0, "number": 11.0, "yesno": 13.0, "nin": 15.0}
_NARROWEST: Final = 12.0
_EMPTY_TEXT: Final = 26.0
_WIDEST: Final = 70.0
_DAY_NOUGHT: Final = date(1899, 12, 30)
"""Excel's day 0, as its calendar counts from March 1900 on."""
_EARLIEST: Final = date(1900, 3, 1)
"""People are born before the calendar of deadlines begins; Excel's own calendar is wrong before this day."""
_TITLE_LIMIT: Final = 32
_PROMPT_LIMIT: Final = 255
_LARGEST: Final = 10**9
OVERDUE_SIGN: Final = "⚠"
SOON_SIGN: Final = "→"
_SIGNS: Final = ((OVERDUE_SIGN, "F4B6AC", "9C2A1C"), (SOON_SIGN, "FBE0A6", "7A4A00"))
_FIRST_OWN_FORMAT: Final = 164
"""Numbers below are formats of Excel's own."""

CODES: Final = message("Codes")
HELP: Final = message("Help")

_WHAT_TO_TYPE: Final = {
    "text": message("Type text."),
    "number": message("Type a number."),
    "date": message("Type a date, such as {example}."),
    "time": message("Type a time, such as 14:30."),
    "choice": message("Choose from the list."),
    "yesno": message("Choose from the list."),
    "ref": message("Choose from the list: a row of the sheet «{target}»."),
    "nin": message("Type the whole national identity number."),
}


def build_workbooks(profile: Profile, texts: Texts, rows: Rows | None = None) -> dict[str, bytes]:
    """The register's files by their path in the workspace.

    Args:
        profile: whose sheets and columns.
        texts: the office's language.
        rows: what to fill in; sheets that are left out stay empty.

    Raises:
        KeyError: a row has a column that its sheet does not.
    """
    paths = dict.fromkeys(_path(profile, sheet) for sheet in profile.sheets.values())
    return {path: workbook_bytes(build_workbook(profile, texts, path, rows)) for path in paths}


def build_workbook(profile: Profile, texts: Texts, path: str, rows: Rows | None = None) -> Workbook:
    """One of the register's files: the sheets that the profile puts at `path`, in its order, then help and hidden codes."""
    book = Workbook()
    book.properties.creator = "Fristbrev"
    book.properties.created = book.properties.modified = CREATED
    book.remove(book.worksheets[0])
    sheets = [sheet for sheet in profile.sheets.values() if _path(profile, sheet) == path]
    filled = {sheet.name: tuple((rows or {}).get(sheet.name, ())) for sheet in sheets}
    for sheet in sheets:
        _build_sheet(book.create_sheet(sheet.title), sheet, texts, filled[sheet.name])
        _add_colours(book[sheet.title], profile, sheet, texts, len(filled[sheet.name]))
    _build_help(book.create_sheet(texts(HELP)), profile, sheets, texts)
    codes = book.create_sheet(texts(CODES))
    codes.sheet_state = "hidden"
    for sheet in sheets:
        _add_validations(book, codes, profile, sheet, texts, len(filled[sheet.name]))
    return book


def workbook_bytes(book: Workbook) -> bytes:
    """The workbook as a file, without a trace of when it was made."""
    fixed = io.BytesIO()
    stamp = CREATED.timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(saved(book))) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=(stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5]))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()


def _path(profile: Profile, sheet: Sheet) -> str:
    return sheet.workbook or profile.register_file.workbook


# ------------------------------------------------------------------ the sheet


def _build_sheet(target: Worksheet, sheet: Sheet, texts: Texts, rows: Sequence[Mapping[str, object]]) -> None:
    columns = sheet.stored_columns
    unknown = {name for row in rows for name in row} - {column.name for column in columns}
    if unknown:
        raise KeyError(f"{sheet.name} has no column {', '.join(sorted(unknown))}")
    for number, column in enumerate(columns, start=1):
        _build_column(target, number, column, texts, [row.get(column.name) for row in rows])
    last = f"{get_column_letter(len(columns))}{max(len(rows), 1) + 1}"
    table = Table(displayName=f"table_{sheet.name}", ref=f"A1:{last}")
    table.tableStyleInfo = _STYLE
    target.add_table(table)
    target.row_dimensions[1].height = _HEADER_HEIGHT
    for number, row in enumerate(rows, start=2):
        lines = max(_lines(target, n, column, _shown(row.get(column.name), texts)) for n, column in enumerate(columns, start=1))
        if lines > 1:
            target.row_dimensions[number].height = min(lines, _MOST_LINES) * _LINE_HEIGHT
    target.freeze_panes = f"{get_column_letter(_frozen(sheet) + 1)}2"
    _set_up_page(target, _frozen(sheet))


def _build_column(target: Worksheet, number: int, column: Column, texts: Texts, values: Sequence[object]) -> None:
    letter = get_column_letter(number)
    number_format = _number_format(column, texts)
    # Numbers stand to the right; a date beside a text reads better to the left.
    side = "right" if column.type == "number" else "left"
    alignment = Alignment(horizontal=side, vertical="top", wrap_text=column.type == "text", indent=int(side == "right"))
    dimension = target.column_dimensions[letter]
    dimension.number_format = number_format
    dimension.alignment = alignment
    dimension.border = _LINE
    dimension.width = _width(column, texts, values)
    header = target.cell(1, number, column.heading)
    header.alignment, header.font, header.fill, header.border = _HEADER, _HEADER_FONT, _HEADER_FILL, _LINE
    header.number_format = "General"
    for row, value in enumerate(values or [None], start=2):
        cell = target.cell(row, number)
        cell.number_format = number_format
        cell.alignment = alignment
        cell.border = _LINE
        _fill(cell, value, texts)


def _fill(cell: Cell | MergedCell, value: object, texts: Texts) -> None:
    match value:
        case None | "":
            return
        case bool() | str() | list() | tuple():
            # Text is stored as text: a value that begins with «=» must never become a formula.
            cell.value = _shown(value, texts)
            cell.data_type = "s"
        case int() | float() | date() | time():
            number_format = cell.number_format
            cell.value = value
            cell.number_format = number_format  # openpyxl sets its own with the value
        case _:
            raise TypeError(f"{type(value).__name__} is no value of a cell")


def _shown(value: object, texts: Texts) -> str:
    match value:
        case None:
            return ""
        case bool():
            return texts("yes") if value else texts("no")
        case list() | tuple():
            return VALUE_JOINT.join(_shown(item, texts) for item in value)
        case date():
            return texts.short_date(value)
        case _:
            return str(value)


def _number_format(column: Column, texts: Texts) -> str:
    match column.type:
        case "date":
            return "yyyy-mm-dd" if "-" in texts.short_date(CREATED.date()) else "dd.mm.yyyy"
        case "time":
            return "hh:mm"
        case "number":
            return "General"
        case _:
            return "@"


def _width(column: Column, texts: Texts, values: Sequence[object]) -> float:
    # Bold letters are wider, and the filter button covers three more.
    word = max((len(part) for part in column.heading.split()), default=0) * 1.15 + 3.0
    if column.type in _WIDTHS:
        return max(_WIDTHS[column.type], word)
    listed = [_shown(value, texts) for value in values] + list(column.choices)
    longest = max((len(text) for text in listed), default=0) + 2.0
    if column.type == "text" and not any(values):
        longest = _EMPTY_TEXT
    return min(max(_NARROWEST, word, longest), _WIDEST)


def _lines(target: Worksheet, number: int, column: Column, shown: str) -> int:
    """How many lines a text takes in its column; not every program works it out when it opens the file."""
    if column.type != "text":
        return 1
    width = target.column_dimensions[get_column_letter(number)].width
    return sum(max(1, math.ceil(len(line) / width)) for line in shown.split("\n"))


def _frozen(sheet: Sheet) -> int:
    """How many columns stay in sight: those of the key, where they come first."""
    leading = [column.name for column in sheet.stored_columns[: len(sheet.key)]]
    return len(sheet.key) if set(leading) == set(sheet.key) else 0


def _set_up_page(target: Worksheet, frozen: int = 0) -> None:
    """Landscape, as many pages wide as it takes to be read, each with the headings and the key columns."""
    width = sum(dimension.width for dimension in target.column_dimensions.values())
    target.page_setup.orientation = "landscape"
    paper = paper_for(width)
    target.page_setup.paperSize, target.page_setup.fitToWidth = paper.size, paper.across
    target.page_setup.fitToHeight = 0
    if frozen:
        target.print_title_cols = f"A:{get_column_letter(frozen)}"
    target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    target.print_title_rows = "1:1"
    target.HeaderFooter = HeaderFooter(
        oddHeader=HeaderFooterItem(left=_HeaderFooterPart("&A")), oddFooter=HeaderFooterItem(right=_HeaderFooterPart("&P / &N"))
    )


# ------------------------------------------------------------------ colours


def _add_colours(target: Worksheet, profile: Profile, sheet: Sheet, texts: Texts, filled: int) -> None:
    """Sign and colour for dates from which something is overdue or due soon, worked out by Excel day by day."""
    letters = {column.name: get_column_letter(n) for n, column in enumerate(sheet.stored_columns, start=1)}
    found = tuple(watched(profile, sheet, lambda name: f"${letters[name]}2", texts("yes")))
    for trigger in dict.fromkeys(watch.trigger for watch in found):
        here = [watch for watch in found if watch.trigger == trigger]
        shown = _number_format(sheet.columns[trigger], texts)
        for number, (sign, fill, ink) in enumerate(_SIGNS):
            style = DifferentialStyle(
                font=Font(bold=True, color=ink),
                numFmt=NumberFormat(_FIRST_OWN_FORMAT + number, f'"{sign} "{shown}'),
                fill=PatternFill(bgColor=fill),
            )
            rule = Rule("expression", dxf=style, formula=[_any(here, overdue=sign == OVERDUE_SIGN)], stopIfTrue=True)
            target.conditional_formatting.add(f"{letters[trigger]}2:{letters[trigger]}{filled + ROOM}", rule)


def _any(found: Sequence[Watched], *, overdue: bool) -> str:
    formulas = [watch.overdue if overdue else watch.soon for watch in found]
    # One cell that cannot be read must not silence the others.
    return formulas[0] if len(formulas) == 1 else f"OR({','.join(f'IFERROR({formula},FALSE)' for formula in formulas)})"


# ------------------------------------------------------------------ help


def _build_help(target: Worksheet, profile: Profile, sheets: Sequence[Sheet], texts: Texts) -> None:
    """How the register is kept, then every column and what to type in it."""
    target.sheet_view.showGridLines = False
    for letter, width in zip("ABCD", _HELP_WIDTHS, strict=True):
        target.column_dimensions[letter].width = width
    target.cell(1, 1, texts("How this register is kept")).font = Font(name="Calibri", size=16, bold=True, color="1F4E79")
    row = 2
    for line in _help_lines(profile, texts):
        cell = target.cell(row, 1, line)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        target.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(_HELP_WIDTHS))
        target.row_dimensions[row].height = math.ceil(len(line) / sum(_HELP_WIDTHS)) * _LINE_HEIGHT + 4
        row += 1
    row += 1
    for number, heading in enumerate((texts("Sheet"), texts("Heading"), texts("What to type"), texts("Choices")), start=1):
        header = target.cell(row, number, heading)
        header.alignment, header.font, header.fill, header.border = _HEADER, _HEADER_FONT, _HEADER_FILL, _LINE
    _set_up_page(target)
    target.print_title_rows = f"{row}:{row}"
    for sheet in sheets:
        for column in sheet.stored_columns:
            row += 1
            told = (sheet.title, column.heading, " ".join(_prompt(profile, column, texts)), VALUE_JOINT.join(column.choices))
            for number, text in enumerate(told, start=1):
                cell = target.cell(row, number, text)
                cell.alignment, cell.border, cell.data_type = Alignment(vertical="top", wrap_text=True), _LINE, "s"
            lines = max(math.ceil(len(text) / (width * _PER_WIDTH)) for text, width in zip(told, _HELP_WIDTHS, strict=True))
            target.row_dimensions[row].height = max(lines, 1) * _LINE_HEIGHT


_HELP_WIDTHS: Final = (24.0, 32.0, 58.0, 48.0)
_PER_WIDTH: Final = 1.1
"""Letters to a unit of width, which is that of a digit."""


def _help_lines(profile: Profile, texts: Texts) -> Iterator[str]:
    yield (
        texts("Fristbrev reads this register every night. All it writes into it are the dates on which letters were sent.")
        if profile.register_file.write_back
        else texts("Fristbrev reads this register every night and never changes anything in it.")
    )
    yield texts("One row for each record, without merged cells or totals among them. Sort, filter and widen as you like.")
    yield texts("Leave the headings as they are. Columns of your own may stand to the right of the others.")
    yield texts(
        "Write a date as {example}. An empty cell means that it has not happened: write no «?» or «-» there.",
        example=texts.short_date(date(2026, 11, 23)),
    )
    yield texts(
        "To point to a row of another sheet, choose its key from the list. Several values in one cell stand with ; between."
    )
    yield texts(
        "A red date with {overdue} before it: what should have followed it is overdue. "
        "A yellow one with {soon}: it is due soon. "
        "These signs count without public holidays and pauses; the overview counts exactly.",
        overdue=OVERDUE_SIGN,
        soon=SOON_SIGN,
    )
    yield texts(
        "What cannot be read, or is missing, is marked every night in {file} in the folder {folder}. Its first sheet leads to "
        "each cell and says what to write instead.",
        file=f"{texts.name('register check')}.xlsx",
        folder=f"output/{texts.name('overview')}",
    )


# ------------------------------------------------------------------ dropdowns and input messages


def _add_validations(book: Workbook, codes: Worksheet, profile: Profile, sheet: Sheet, texts: Texts, filled: int) -> None:
    target = book[sheet.title]
    for number, column in enumerate(sheet.stored_columns, start=1):
        validation = _validation(column, _source(book, codes, profile, sheet, column, texts))
        validation.promptTitle = column.heading[:_TITLE_LIMIT]
        validation.prompt = " ".join(_prompt(profile, column, texts))[:_PROMPT_LIMIT]
        validation.showInputMessage = True
        validation.errorTitle = column.heading[:_TITLE_LIMIT]
        validation.error = validation.prompt
        letter = get_column_letter(number)
        validation.add(f"{letter}2:{letter}{filled + ROOM}")
        target.add_data_validation(validation)


def _validation(column: Column, source: str | None) -> DataValidation:
    """What Excel lets people type; only a hint where a cell may hold several values, which Excel's lists cannot say."""
    match column.type:
        case "date":
            first, last = (f"{(day - _DAY_NOUGHT).days}" for day in (_EARLIEST, date(LAST_YEAR, 12, 31)))
            return DataValidation("date", formula1=first, formula2=last, showErrorMessage=True, allowBlank=True)
        case "time":
            return DataValidation("time", formula1="0", formula2="0.999988425925926", showErrorMessage=True, allowBlank=True)
        case "number":
            low = -_LARGEST if column.min is None else column.min
            high = _LARGEST if column.max is None else column.max
            return DataValidation("decimal", formula1=f"{low:g}", formula2=f"{high:g}", showErrorMessage=True, allowBlank=True)
        case "choice" | "yesno" | "ref" if source is not None:
            return DataValidation("list", formula1=source, showErrorMessage=not column.many, allowBlank=True)
    return DataValidation(allowBlank=True)


def _source(book: Workbook, codes: Worksheet, profile: Profile, sheet: Sheet, column: Column, texts: Texts) -> str | None:
    """The named range that a dropdown offers, made where it is not there yet."""
    match column.type:
        case "choice":
            return _named_codes(book, codes, list_name(sheet, column), column.choices)
        case "yesno":
            return _named_codes(book, codes, "list_yes_no", (texts("yes"), texts("no")))
        case "ref" if column.to is not None:
            return _named_keys(book, profile, sheet, profile.sheets[column.to])
    return None


def _named_codes(book: Workbook, codes: Worksheet, name: str, values: Sequence[str]) -> str:
    if name not in book.defined_names:
        number = 1 if codes.cell(1, 1).value is None else codes.max_column + 1
        for row, value in enumerate((name, *values), start=1):
            codes.cell(row, number, value).data_type = "s"
        book.defined_names[name] = _down_to_the_last(name, codes.title, get_column_letter(number), len(values) + ROOM)
    return name


def _named_keys(book: Workbook, profile: Profile, sheet: Sheet, target: Sheet) -> str | None:
    """The keys of a sheet; None where they are of several columns or stand in another file."""
    if len(target.key) != 1 or _path(profile, sheet) != _path(profile, target):
        return None
    name = f"keys_{target.name}"
    if name not in book.defined_names:
        number = next(n for n, column in enumerate(target.stored_columns, start=1) if column.name == target.key[0])
        last = book[target.title].max_row + ROOM
        book.defined_names[name] = _down_to_the_last(name, target.title, get_column_letter(number), last)
    return name


def _down_to_the_last(name: str, title: str, letter: str, last: int) -> DefinedName:
    """A named range that ends with the last filled row: a list with blanks in it would let everything through."""
    top = f"{quote_sheetname(title)}!${letter}$2"
    column = f"{top}:${letter}${last}"
    return DefinedName(name, attr_text=f"{top}:INDEX({column},MAX(1,COUNTA({column})))")


def _prompt(profile: Profile, column: Column, texts: Texts) -> Iterator[str]:
    target = profile.sheets[column.to].title if column.to is not None else ""
    yield texts(_WHAT_TO_TYPE[column.type], example=texts.short_date(date(2026, 11, 23)), target=target)
    if column.many:
        yield texts("Several values are separated by semicolon.")
    if column.required is True:
        yield texts("This must be filled in.")
    elif column.required:
        yield texts("This must be filled in on some rows; Fristbrev tells which.")
