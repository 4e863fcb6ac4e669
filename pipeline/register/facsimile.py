"""The tabs of a register in another workbook: the same values in the same looks, what must not be shown hidden, marks filled.

XlsxWriter makes the workbook with all that stands round the cells.
The rows are put into it afterwards, as bytes: through XlsxWriter they would take twice as long, and memory for all cells.
It is told every format that a cell may need by a specimen, and the numbers that it gave them are read off those.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from xlsxwriter.exceptions import OverlappingRange

from pipeline.findings import Severity, column_letters
from pipeline.register.grid import Raw, SheetCells
from pipeline.register.looks import Looks, SheetLook
from pipeline.register.masking import Mask
from pipeline.register.paper import paper_for
from pipeline.register.poured import in_pieces, poured, sheet_part
from pipeline.register.splice import LONGEST_TEXT, stored

FILLS: Final[Mapping[Severity, str]] = {Severity.ERROR: "#F4B6AC", Severity.WARNING: "#FBE0A6"}

_DAY: Final = 14
"""Excel's own number format for a day, which it shows as the reader's country does."""

_A_DAY: Final = timedelta(days=1)
_DAY_NOUGHT: Final = datetime(1899, 12, 30)  # noqa: DTZ001 -- days in Excel have no zone
_NEVER_WAS: Final = 60
"""29 February 1900, which Excel counts; the days before it are one less."""

_PIXELS: Final = 7
"""Of a unit of a column's width."""
_USUAL_WIDTH: Final = 8.43
"""Of a column of which the workbook says nothing."""

_TO_A_ROW: Final = 1000
_SPECIMEN: Final = re.compile(rb'<c r="[A-Z]+\d+"(?: s="(\d+)")?/>')
_DIMENSION: Final = re.compile(rb"<dimension [^<>]*/>")
_DATA: Final = re.compile(rb"<sheetData(?:/>|>.*</sheetData>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the register on its way into the copy.

    Attributes:
        title: in the copy.
        cells: as they were read.
        look: what they look like.
        mask: what of them may be shown.
        marks: the worst finding of each marked cell, by row and column.
    """

    title: str
    cells: SheetCells
    look: SheetLook
    mask: Mask
    marks: Mapping[tuple[int, int], Severity]


Wanted = tuple[int | None, Severity | None, bool]
"""A format by its number in the register, the finding whose colour it takes, and whether it must show a day."""


class Facsimile:
    """The register's tabs in an XlsxWriter workbook."""

    def __init__(self, book: Any, looks: Looks, mask: Mask) -> None:
        """Add them to the workbook, which must be in memory."""
        self._book, self._looks, self._mask = book, looks, mask
        self._formats: dict[Wanted, Any] = {}
        self._tabs: list[tuple[str, Tab]] = []
        self._texts: dict[str, str] = {}

    def add(self, tab: Tab) -> Any:
        """Add a tab, without its rows; the XlsxWriter worksheet."""
        sheet = self._book.add_worksheet(tab.title)
        self._tabs.append((sheet_part(len(self._book.worksheets())), tab))
        _set_up(sheet, tab, self)
        for (row, column), severity in tab.marks.items():
            look = tab.look.row(row)
            self.format(look.cells.get(column, look.format), severity)
            self.format(None, severity, day=True)
        return sheet

    def format(self, number: int | None, severity: Severity | None = None, *, day: bool = False) -> Any:
        """The register's format of this number as XlsxWriter has it; None for the usual one.

        Args:
            number: as cells name it; None where they name none.
            severity: of the cell's worst finding, whose colour fills it; None where there is none.
            day: the cell holds a day, which must be seen as one where no format is known.
        """
        wanted = self._wanted(number, severity, day=day)
        if wanted == _USUAL:
            return None
        if wanted not in self._formats:
            known, colour, as_day = wanted
            own = self._looks.formats[known] if known is not None else {"num_format": _DAY} if as_day else {}
            fill = {} if colour is None else {"pattern": 1, "bg_color": FILLS[colour]}
            self._formats[wanted] = self._book.add_format({**{name: self._shown(own[name]) for name in own}, **fill})
        return self._formats[wanted]

    def _wanted(self, number: int | None, severity: Severity | None, *, day: bool = False) -> Wanted:
        known = number if number is not None and number < len(self._looks.formats) else None
        return known, severity, day and known is None

    def _shown(self, value: Any) -> Any:
        """A format can carry words: «"kr" 0» does."""
        return "General" if isinstance(value, str) and self._mask.gives_away(value) else value

    def finished(self, made: io.BytesIO) -> bytes:
        """Close the workbook and put the rows into it.

        Args:
            made: where the workbook writes itself.
        """
        numbers = self._numbers(made)
        return poured(made, {name: partial(_with_rows, rows=self._rows(tab, numbers)) for name, tab in self._tabs})

    def _numbers(self, made: io.BytesIO) -> Mapping[Wanted, str]:
        """What a cell says to have a format, by the format."""
        for number in range(len(self._looks.formats)):
            self.format(number)
        self.format(None, day=True)
        name, tab = self._tabs[0]
        sheet = self._book.get_worksheet_by_name(tab.title)
        for at, look in enumerate(self._formats.values()):
            sheet.write_blank(*divmod(at, _TO_A_ROW), None, look)
        self._book.close()
        with zipfile.ZipFile(made) as archive:
            found = _SPECIMEN.findall(archive.read(name))
        given = [f' s="{number.decode()}"' if number else "" for number in found]
        return {_USUAL: "", **dict(zip(self._formats, given, strict=True))}

    def _rows(self, tab: Tab, numbers: Mapping[Wanted, str]) -> Iterator[str]:
        rows = tab.cells.rows
        width = max((column for _, column in tab.marks), default=0)
        for number in range(1, max(len(rows), *(row for row, _ in tab.marks), 0) + 1):
            values = rows[number - 1] if number <= len(rows) else ()
            if width > len(values):
                values = [*values, *[""] * (width - len(values))]
            yield self._row(tab, number, values, numbers)

    def _row(self, tab: Tab, number: int, values: Sequence[Raw], numbers: Mapping[Wanted, str]) -> str:
        look, marks, faulty, mask = tab.look.row(number), tab.marks, tab.cells.faulty, tab.mask
        shown = mask.tab(tab.cells.title).shown.get(number)
        styles, usual = look.cells, look.format
        cells: list[str] = []
        for column, read in enumerate(values, start=1):
            value = faulty.get((number, column), "") if read == "" else read
            style = styles.get(column, usual)
            severity = marks.get((number, column))
            if value == "":
                if style is not None or severity is not None:
                    cells.append(f'<c r="{_LETTERS[column]}{number}"{numbers[self._wanted(style, severity)]}/>')
                continue
            if (shown is not None and column not in shown) or mask.gives_away(value):
                value = mask.word
            own = numbers[self._wanted(style, severity, day=isinstance(value, date))]
            cells.append(f'<c r="{_LETTERS[column]}{number}"{own}{self._content(value)}</c>')
        height = "" if look.height is None else f' ht="{look.height:g}" customHeight="1"'
        own = numbers[self._wanted(usual, None)]
        if not cells and not height and not own:
            return ""
        styled = f'{own} customFormat="1"' if own else ""
        return f'<row r="{number}"{styled}{height}>{"".join(cells)}</row>'

    def _content(self, value: Raw) -> str:
        """The kind of a cell and what stands in it; a text is stored as text, whatever it begins with."""
        if isinstance(value, str):
            if value not in self._texts:
                text = stored(value[:LONGEST_TEXT])
                self._texts[value] = f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'
            return self._texts[value]
        if isinstance(value, bool):
            return f' t="b"><v>{value:d}</v>'
        return f"><v>{value if isinstance(value, float) else _serial(value)!r}</v>"


_USUAL: Final[Wanted] = (None, None, False)


class _Letters(dict[int, str]):
    def __missing__(self, column: int) -> str:
        self[column] = column_letters(column)
        return self[column]


_LETTERS: Final = _Letters()


def _with_rows(part: bytes, rows: Iterable[str]) -> Iterator[bytes]:
    """A sheet's XML with these rows in the place of its own."""
    before, after = _DATA.split(_DIMENSION.sub(b"", part, count=1), maxsplit=1)
    yield before + b"<sheetData>"
    yield from in_pieces(rows)
    yield b"</sheetData>" + after


def _set_up(sheet: Any, tab: Tab, facsimile: Facsimile) -> None:
    """Widths, heights and what stays in sight; what is hidden shows where it has a mark."""
    look, marked = tab.look, {column for _, column in tab.marks}
    for column in look.columns:
        hidden = {"hidden": column.hidden and marked.isdisjoint(range(column.first, column.last + 1))}
        pixels = None if column.width is None else round(column.width * _PIXELS)
        sheet.set_column_pixels(column.first - 1, column.last - 1, pixels, facsimile.format(column.format), hidden)
    if look.height is not None:
        sheet.set_default_row(look.height)
    if look.frozen != (0, 0):
        sheet.freeze_panes(*look.frozen)
    if not look.gridlines:
        sheet.hide_gridlines(2)
    sheet.set_zoom(look.zoom)
    if look.state != "visible" and not marked:
        sheet.very_hidden() if look.state == "veryHidden" else sheet.hide()
    _set_up_page(sheet, tab)
    for area in look.filtered[:1]:  # a sheet has one filter, each of its tables another: one sheet here has one
        sheet.autofilter(area.first_row - 1, area.first_column - 1, area.last_row - 1, area.last_column - 1)
    for area in tab.cells.merged:
        if (area.first_row, area.first_column) != (area.last_row, area.last_column):
            with suppress(OverlappingRange):
                sheet.merge_range(area.first_row - 1, area.first_column - 1, area.last_row - 1, area.last_column - 1, "")


def _set_up_page(sheet: Any, tab: Tab) -> None:
    """On paper as a register made by Fristbrev: lying, as wide as can be read, what stays in sight on each page."""
    used = max((len(row) for row in tab.cells.rows), default=0)
    widths = dict.fromkeys(range(1, used + 1), _USUAL_WIDTH)
    for column in tab.look.columns:
        for number in range(column.first, min(column.last, used) + 1):
            widths[number] = 0.0 if column.hidden else _USUAL_WIDTH if column.width is None else column.width
    paper = paper_for(sum(widths.values()))
    sheet.set_landscape()
    sheet.set_paper(paper.size)
    sheet.fit_to_pages(paper.across, 0)
    sheet.set_header("&L&A")
    sheet.set_footer("&R&P / &N")
    rows, columns = tab.look.frozen
    if rows:
        sheet.repeat_rows(0, rows - 1)
    if columns:
        sheet.repeat_columns(0, columns - 1)


def _serial(value: date | time | timedelta) -> float:
    """Days since the last day of 1899, as Excel counts."""
    if isinstance(value, timedelta):
        return value / _A_DAY
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond) / _A_DAY
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    days = (moment - _DAY_NOUGHT) / _A_DAY
    return days if days > _NEVER_WAS else max(days - 1, 0.0)
