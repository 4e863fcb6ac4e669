"""Values into single cells of a workbook, everything else left byte for byte.

The sheet's XML is not written anew: expat tells where the rows and cells concerned begin and end, and only there
bytes are exchanged.
So extensions, drawings, rich text and whatever else a program has put into the workbook stay as they are.
A cell is always written afresh and keeps its style alone; a text is stored in the cell itself, not among the shared ones.

Besides the sheets two parts may change: the styles, where a date goes into a cell that has no date format,
and the workbook's settings, where formulas must be computed again when it is next opened.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline.findings import Place, column_letters
from pipeline.register.archive import DAMAGED, Archive, Unspliceable
from pipeline.texts import message

New = str | int | float | bool | date
"""What a cell can be given."""


class Refusal(StrEnum):
    """Why a cell is left as it is."""

    FORMULA = "formula"
    AREA = "formula area"
    ERROR = "error"
    HEADING = "heading"
    TOTALS = "totals"
    PIVOT = "pivot"
    MERGED = "merged"
    CHANGED = "changed"
    UNSTYLED = "unstyled"
    TOO_LONG = "too long"
    NO_VALUE = "no value"
    DATES_ONLY = "dates only"
    NO_SHEET = "no sheet"


REFUSALS: Final[Mapping[Refusal, str]] = {
    Refusal.FORMULA: message("the cell holds a formula"),
    Refusal.AREA: message("the cell belongs to an array formula or a data table"),
    Refusal.ERROR: message("the cell shows an error"),
    Refusal.HEADING: message("the cell is a heading of a table"),
    Refusal.TOTALS: message("the cell is in a table's totals row"),
    Refusal.PIVOT: message("the cell belongs to a pivot table"),
    Refusal.MERGED: message("the cell is merged with others"),
    Refusal.CHANGED: message("the cell no longer holds what was read"),
    Refusal.UNSTYLED: message("the workbook has no cell formats; open it in Excel and save it once"),
    Refusal.TOO_LONG: message("the text is longer than a cell can hold"),
    Refusal.NO_VALUE: message("the value is none that Excel can show"),
    Refusal.DATES_ONLY: message("the cell is formatted for dates"),
    Refusal.NO_SHEET: message("the sheet is not there"),
}

SIGNED: Final = message("it is digitally signed, and the signature would be lost")
OTHER_ENCODING: Final = message("a part of it is not in UTF-8; open it in Excel and save it once")
UNSAFE: Final = message("it holds XML entity declarations, which Excel never writes")

LONGEST_TEXT: Final = 32_767
"""Characters that a cell holds; Microsoft, «Excel specifications and limits»."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """A workbook with the values in it.

    Attributes:
        content: its bytes; those that were given where no cell could be written.
        written: what stands in which cell now.
        refused: the cells that were left as they are, each with its reason.
        parts: the members that differ, by name.
    """

    content: bytes
    written: Mapping[Place, New]
    refused: Mapping[Place, Refusal]
    parts: frozenset[str]


def splice(file: str, content: bytes, values: Mapping[Place, New]) -> Spliced:
    """Put values into single cells of a workbook.

    Args:
        file: the workbook's name, for faults.
        content: its bytes.
        values: by sheet title, row and column of their places.

    Raises:
        Unspliceable: the workbook is of a kind that cannot be changed without risk.
    """
    archive = Archive(file, content)
    if any(name.startswith("_xmlsignatures/") for name in archive.by_name):
        raise Unspliceable(file=file, reason=SIGNED)
    book = _Book(archive)
    refused: dict[Place, Refusal] = {}
    written: dict[Place, New] = {}
    parts: dict[str, bytes] = {}
    for title, places in groupby(sorted(values, key=_order), key=lambda place: place.sheet):
        wanted = {(place.row, place.column): place for place in places}
        part = book.sheets.get(title)
        if part is None:
            refused |= dict.fromkeys(wanted.values(), Refusal.NO_SHEET)
            continue
        sheet = _scan(archive, part, frozenset(wanted))
        areas = book.areas(part)
        cells: dict[tuple[int, int], bytes] = {}
        for at, place in wanted.items():
            cell = _why_not(sheet, areas, at) or book.cell(sheet, at, values[place])
            if isinstance(cell, Refusal):
                refused[place] = cell
            else:
                cells[at], written[place] = cell, values[place]
        if cells:
            parts[part] = _with_cells(sheet, cells)
    if not parts:
        return Spliced(content, {}, refused, frozenset())
    parts |= book.changed_parts()
    return Spliced(archive.with_parts(parts), written, refused, frozenset(parts))


def _order(place: Place) -> tuple[str, int, int]:
    return place.sheet, place.row, place.column


# ------------------------------------------------------------------ XML without a tree

_TAG: Final = re.compile(rb"""<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>""")
_NUMBERED: Final = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(slots=True)
class _Element:
    """Where an element stands: from `start`, its start tag up to `inner`, its content up to `close`, all of it up to `end`."""

    start: int
    inner: int
    empty: bool
    attributes: Mapping[str, str]
    close: int = 0
    end: int = 0


class _Reader:
    """Walks through a part once and tells each element's name, as a path from the root, and where its bytes are.

    expat reports the end of an empty element ``<c/>`` behind it, where the parent's end tag may stand:
    the start tag itself says whether the element is empty.
    """

    def __init__(self, archive: Archive, part: str, xml: bytes) -> None:
        self.archive, self.part, self.xml = archive, part, xml
        self.prefix = ""
        self._path: list[str] = []
        self._parser = expat.ParserCreate()
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self) -> None:
        """Go through it.

        Raises:
            Unspliceable: it is no XML in UTF-8, or declares entities.
        """
        if self.xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in self.xml[:4]:
            raise Unspliceable(file=self.archive.file, reason=OTHER_ENCODING)
        try:
            self._parser.Parse(self.xml, True)  # noqa: FBT003 -- expat takes it by position alone
        except expat.ExpatError as error:
            raise Unspliceable(file=self.archive.file, reason=DAMAGED) from error

    def started(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        """An element begins; `path` are the local names from the root, a foreign prefix kept."""

    def ended(self, path: Sequence[str]) -> None:
        """An element ends."""

    def element(self, attributes: Mapping[str, str]) -> _Element:
        """The element that begins here."""
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.xml, start)
        if tag is None:
            raise Unspliceable(file=self.archive.file, reason=DAMAGED)
        empty = tag[0].endswith(b"/>")
        return _Element(start, tag.end(), empty, attributes, tag.end(), tag.end())

    def close(self, element: _Element) -> None:
        """The element ends here."""
        if not element.empty:
            element.close = self._parser.CurrentByteIndex
            element.end = self.xml.index(b">", element.close) + 1

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in {"utf-8", "us-ascii", "ascii"}:
            raise Unspliceable(file=self.archive.file, reason=OTHER_ENCODING)

    def _doctype(self, *_: object) -> None:
        raise Unspliceable(file=self.archive.file, reason=UNSAFE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            self.prefix = name[: name.rfind(":") + 1]
        self._path.append(name.removeprefix(self.prefix) if self.prefix else name)
        self.started(self._path, attributes)

    def _end(self, _name: str) -> None:
        self.ended(self._path)
        self._path.pop()


class _Elements(_Reader):
    """The elements whose parents are all among some names, in the order in which they begin."""

    def __init__(self, archive: Archive, part: str, xml: bytes, parents: Iterable[str] = ()) -> None:
        super().__init__(archive, part, xml)
        self.found: list[tuple[str, _Element]] = []
        self._parents = frozenset(parents)
        self._open: list[_Element | None] = []
        self.read()

    def started(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        wanted = self._parents.issuperset(path[1:-1])
        self._open.append(self.element(attributes) if wanted else None)
        if wanted and self._open[-1] is not None:
            self.found.append((path[-1], self._open[-1]))

    def ended(self, path: Sequence[str]) -> None:  # noqa: ARG002 -- the element that was opened last is the one that ends
        element = self._open.pop()
        if element is not None:
            self.close(element)

    def of(self, name: str) -> list[_Element]:
        """Those of a name."""
        return [element for each, element in self.found if each == name]


def _with_attributes(tag: bytes, attributes: Mapping[str, str]) -> bytes:
    """A start tag with these attributes set, the others untouched."""
    for name, value in attributes.items():
        setting = f" {name}={quoteattr(value)}".encode()
        present = re.compile(rf"""\s{name}\s*=\s*(?:"[^"]*"|'[^']*')""".encode())
        found = present.search(tag)
        if found:
            tag = tag[: found.start()] + setting + tag[found.end() :]
        else:
            end = len(tag) - (2 if tag.endswith(b"/>") else 1)
            tag = tag[:end].rstrip() + setting + tag[end:]
    return tag


def _exchanged(xml: bytes, exchanges: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The bytes with each span in the place of the one between two offsets; spans do not overlap."""
    pieces: list[bytes] = []
    at = 0
    for start, end, piece in sorted(exchanges, key=lambda exchange: exchange[:2]):
        pieces += (xml[at:start], piece)
        at = end
    return b"".join((*pieces, xml[at:]))


# ------------------------------------------------------------------ areas

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""


def _areas(refs: str) -> Iterator[Area]:
    """The areas of a reference such as ``A1:B3 D4``."""
    for ref in refs.replace("$", "").split():
        corners = [_NUMBERED.fullmatch(corner) for corner in ref.split(":")]
        found = [(int(corner[2]), _column_number(corner[1])) for corner in corners if corner]
        if len(found) == len(corners):
            yield (*found[0], *found[-1])


def _within(at: tuple[int, int], area: Area) -> bool:
    return area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# ------------------------------------------------------------------ a sheet


@dataclass(slots=True)
class _CellSpot:
    element: _Element
    column: int
    formula: bool = False

    @property
    def style(self) -> int:
        return _number(self.element.attributes.get("s"))


@dataclass(slots=True)
class _RowSpot:
    element: _Element
    cells: list[_CellSpot] = field(default_factory=list)


class _SheetReader(_Reader):
    """What must be known of a sheet to put something into some of its cells."""

    def __init__(self, archive: Archive, part: str, xml: bytes, wanted: frozenset[tuple[int, int]]) -> None:
        super().__init__(archive, part, xml)
        self.rows: dict[int, _RowSpot] = {}
        self.gaps: dict[int, int] = {}
        """Where a row would be put that is not there."""
        self.formula_areas: list[Area] = []
        self.merged: list[Area] = []
        self.columns: list[tuple[int, int, int]] = []
        self.dimension: _Element | None = None
        self.data: _Element | None = None
        self.above: dict[tuple[int, int], int] = {}
        """The style of the nearest cell above a cell."""
        self._wanted_rows = {row for row, _ in wanted}
        self._waiting = sorted(self._wanted_rows, reverse=True)
        self._below: dict[int, list[int]] = {}
        for row, column in sorted(wanted):
            self._below.setdefault(column, []).append(row)
        self._row = self._column = self._last_end = 0
        self._here: _RowSpot | None = None
        self._element: _Element | None = None
        self.read()
        if self.data is None:
            raise Unspliceable(file=archive.file, reason=DAMAGED)

    def started(self, path: Sequence[str], attributes: Mapping[str, str]) -> None:
        name, depth = path[-1], len(path)
        if depth == 4 and name == "c" and path[2] == "row" and path[1] == "sheetData":
            self._cell(attributes)
        elif depth == 5 and name == "f" and path[3] == "c" and path[1] == "sheetData":
            self._formula(attributes)
        elif depth == 3 and name == "row" and path[1] == "sheetData":
            self._start_row(attributes)
        elif depth == 2 and name == "sheetData":
            self.data = self.element(attributes)
            self._last_end = self.data.inner
        elif depth == 2 and name == "dimension":
            self.dimension = self.element(attributes)
        elif depth == 3 and name == "col" and path[1] == "cols":
            self.columns.append(
                (_number(attributes.get("min")), _number(attributes.get("max")), _number(attributes.get("style")))
            )
        elif depth == 3 and name == "mergeCell" and path[1] == "mergeCells":
            self.merged += _areas(attributes.get("ref", ""))

    def ended(self, path: Sequence[str]) -> None:
        name, depth = path[-1], len(path)
        if depth == 4 and name == "c" and self._here is not None and path[1] == "sheetData":
            self.close(self._here.cells[-1].element)
        elif depth == 3 and name == "row" and path[1] == "sheetData" and self._element is not None:
            self.close(self._element)
            self._last_end = self._element.end
            self._here = self._element = None
        elif depth == 2 and name == "sheetData" and self.data is not None:
            self.close(self.data)
            self.gaps |= dict.fromkeys(self._waiting, self._last_end)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = _number(attributes.get("r")) or self._row + 1
        if number <= self._row:
            raise Unspliceable(file=self.archive.file, reason=DAMAGED)
        while self._waiting and self._waiting[-1] <= number:
            waited = self._waiting.pop()
            if waited < number:
                self.gaps[waited] = self._last_end
        self._row, self._column = number, 0
        self._element = self.element(attributes)
        if number in self._wanted_rows:
            self._here = self.rows[number] = _RowSpot(self._element)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        address = _NUMBERED.fullmatch(attributes.get("r", ""))
        column = _column_number(address[1]) if address else self._column + 1
        if column <= self._column or (address and int(address[2]) != self._row):
            raise Unspliceable(file=self.archive.file, reason=DAMAGED)
        self._column = column
        if self._here is not None:
            self._here.cells.append(_CellSpot(self.element(attributes), column))
        for row in self._below.get(column, ()):
            if row > self._row:
                self.above[row, column] = _number(attributes.get("s"))

    def _formula(self, attributes: Mapping[str, str]) -> None:
        if self._here is not None:
            self._here.cells[-1].formula = True
        if attributes.get("t") in {"array", "dataTable"}:
            self.formula_areas += _areas(attributes.get("ref", ""))

    def cell(self, at: tuple[int, int]) -> _CellSpot | None:
        """The cell at a row and column, where there is one."""
        row = self.rows.get(at[0])
        return next((cell for cell in row.cells if cell.column == at[1]), None) if row else None

    def default_style(self, at: tuple[int, int]) -> int:
        """The style that a new cell takes from its row or column; 0 where neither has one."""
        row = self.rows.get(at[0])
        if row is not None and row.element.attributes.get("customFormat") in {"1", "true"}:
            return _number(row.element.attributes.get("s"))
        return next((style for first, last, style in self.columns if first <= at[1] <= last), 0)


def _scan(archive: Archive, part: str, wanted: frozenset[tuple[int, int]]) -> _SheetReader:
    xml = archive.part(part)
    if xml is None:
        raise Unspliceable(file=archive.file, reason=DAMAGED)
    return _SheetReader(archive, part, xml, wanted)


def _number(text: str | None) -> int:
    """A whole number of an attribute; 0 where there is none."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _why_not(sheet: _SheetReader, areas: Sequence[tuple[Area, Refusal]], at: tuple[int, int]) -> Refusal | None:
    """Why a cell must be left as it is."""
    cell = sheet.cell(at)
    if cell is not None and cell.formula:
        return Refusal.FORMULA
    if cell is not None and cell.element.attributes.get("t") == "e":
        return Refusal.ERROR
    if any(_within(at, area) for area in sheet.formula_areas):
        return Refusal.AREA
    if any(_within(at, area) and at != area[:2] for area in sheet.merged):
        return Refusal.MERGED
    return next((refusal for area, refusal in areas if _within(at, area)), None)


def _with_cells(sheet: _SheetReader, cells: Mapping[tuple[int, int], bytes]) -> bytes:
    """The sheet's XML with these cells in it."""
    if sheet.data is None:
        raise Unspliceable(file=sheet.archive.file, reason=DAMAGED)
    exchanges: list[tuple[int, int, bytes]] = []
    new_rows: dict[int, list[bytes]] = {}
    for number, group in groupby(sorted(cells), key=lambda at: at[0]):
        columns = {column: cells[number, column] for _, column in group}
        row = sheet.rows.get(number)
        if row is not None:
            exchanges += _row_exchanges(sheet, row, columns)
        else:
            opened, closed = f'<{sheet.prefix}row r="{number}">', f"</{sheet.prefix}row>"
            new_rows.setdefault(sheet.gaps[number], []).append(b"".join((opened.encode(), *columns.values(), closed.encode())))
    if sheet.data.empty and new_rows:
        tag = sheet.xml[sheet.data.start : sheet.data.inner - 2].rstrip() + b">"
        rows = b"".join(piece for pieces in new_rows.values() for piece in pieces)
        exchanges.append((sheet.data.start, sheet.data.end, tag + rows + f"</{sheet.prefix}sheetData>".encode()))
    else:
        exchanges += ((at, at, b"".join(pieces)) for at, pieces in new_rows.items())
    return _exchanged(sheet.xml, (*exchanges, *_wider_dimension(sheet, cells)))


def _row_exchanges(sheet: _SheetReader, row: _RowSpot, columns: Mapping[int, bytes]) -> Iterator[tuple[int, int, bytes]]:
    tag = sheet.xml[row.element.start : row.element.inner]
    spans = re.fullmatch(r"(\d+):(\d+)", row.element.attributes.get("spans", ""))
    wide = tag
    if spans and not int(spans[1]) <= min(columns) <= max(columns) <= int(spans[2]):
        wide = _with_attributes(tag, {"spans": f"{min(int(spans[1]), *columns)}:{max(int(spans[2]), *columns)}"})
    if row.element.empty:
        opened = wide[:-2].rstrip() + b">"
        content = b"".join(columns[column] for column in sorted(columns))
        yield row.element.start, row.element.end, opened + content + f"</{sheet.prefix}row>".encode()
        return
    if wide != tag:
        yield row.element.start, row.element.inner, wide
    added: dict[int, list[bytes]] = {}
    present = {cell.column: cell.element for cell in row.cells}
    for column in sorted(columns):
        if column in present:
            yield present[column].start, present[column].end, columns[column]
        else:
            at = max((element.end for other, element in present.items() if other < column), default=row.element.inner)
            added.setdefault(at, []).append(columns[column])
    for at, pieces in added.items():
        yield at, at, b"".join(pieces)


def _wider_dimension(sheet: _SheetReader, cells: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, bytes]]:
    """The sheet's dimension where the cells lie outside what it says."""
    if sheet.dimension is None:
        return
    area = next(_areas(sheet.dimension.attributes.get("ref", "")), None)
    if area is None or all(_within(at, area) for at in cells):
        return
    rows, columns = zip(*cells, strict=True)
    first = f"{column_letters(min(area[1], *columns))}{min(area[0], *rows)}"
    last = f"{column_letters(max(area[3], *columns))}{max(area[2], *rows)}"
    start, end = sheet.dimension.start, sheet.dimension.inner
    yield start, end, _with_attributes(sheet.xml[start:end], {"ref": f"{first}:{last}"})


# ------------------------------------------------------------------ the workbook


class _Book:
    """The workbook's parts as they hang together."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        relations = self._relations("")
        self._part = next((part for kind, part in relations.values() if kind == "officeDocument"), "xl/workbook.xml")
        self._xml = self._required(self._part)
        self._elements = _Elements(archive, self._part, self._xml, ("sheets",))
        targets = self._relations(self._part)
        self.sheets: dict[str, str] = {}
        """The part of each worksheet by its title."""
        for sheet in self._elements.of("sheet"):
            relation = next((value for name, value in sheet.attributes.items() if name.endswith(":id")), "")
            kind, part = targets.get(relation, ("", ""))
            if kind == "worksheet":
                self.sheets[sheet.attributes.get("name", "")] = part
        settings = self._elements.of("workbookPr")
        self._date1904 = bool(settings) and settings[0].attributes.get("date1904") in {"1", "true"}
        styles = next((part for kind, part in targets.values() if kind == "styles"), None)
        self._styles = _Styles(archive, styles, self._required(styles)) if styles else None

    def areas(self, sheet: str) -> Sequence[tuple[Area, Refusal]]:
        """The areas of tables and pivot tables of a sheet in which nothing may be written."""
        found: list[tuple[Area, Refusal]] = []
        for kind, part in self._relations(sheet).values():
            if kind == "table":
                root = _Elements(self._archive, part, self._required(part)).found[0][1].attributes
                headings = _number(root.get("headerRowCount", "1"))
                totals = _number(root.get("totalsRowCount"))
                for top, left, bottom, right in _areas(root.get("ref", "")):
                    found.append(((top, left, top + headings - 1, right), Refusal.HEADING))
                    found.append(((bottom - totals + 1, left, bottom, right), Refusal.TOTALS))
            elif kind == "pivotTable":
                for location in _Elements(self._archive, part, self._required(part)).of("location"):
                    found += ((area, Refusal.PIVOT) for area in _areas(location.attributes.get("ref", "")))
        return found

    def cell(self, sheet: _SheetReader, at: tuple[int, int], value: New) -> bytes | Refusal:
        """The cell's XML, or why it cannot be made."""
        present = sheet.cell(at)
        style = present.style if present else sheet.default_style(at)
        if isinstance(value, date):
            if self._styles is None or not self._styles.formats:
                return Refusal.UNSTYLED
            above = sheet.above.get(at, 0)
            style = self._styles.dated(above if not present and not style and self._styles.is_date(above) else style)
        elif not isinstance(value, str | bool) and self._styles is not None and self._styles.is_date(style):
            return Refusal.DATES_ONLY
        content = _content(value, sheet.prefix, date1904=self._date1904)
        if isinstance(content, Refusal):
            return content
        kind, inner = content
        attributes = f' r="{column_letters(at[1])}{at[0]}"' + (f' s="{style}"' if style else "") + kind
        return f"<{sheet.prefix}c{attributes}>{inner}</{sheet.prefix}c>".encode()

    def changed_parts(self) -> Mapping[str, bytes]:
        """The styles where formats were added, and the workbook where formulas must be computed again."""
        changed: dict[str, bytes] = {}
        if self._styles is not None and self._styles.added:
            changed[self._styles.part] = self._styles.xml
        if any(_FORMULA.search(self._required(part)) for part in self.sheets.values()):
            changed[self._part] = self._computed_on_load()
        return {part: xml for part, xml in changed.items() if xml != self._archive.part(part)}

    def _computed_on_load(self) -> bytes:
        present = self._elements.of("calcPr")
        if present:
            start, end = present[0].start, present[0].inner
            if present[0].attributes.get("fullCalcOnLoad") in {"1", "true"}:
                return self._xml
            return _exchanged(self._xml, [(start, end, _with_attributes(self._xml[start:end], {"fullCalcOnLoad": "1"}))])
        before = [element for name, element in self._elements.found if name in _BEFORE_CALCULATION]
        at = max(element.end for element in before)
        return _exchanged(self._xml, [(at, at, f'<{self._elements.prefix}calcPr fullCalcOnLoad="1"/>'.encode())])

    def _required(self, part: str) -> bytes:
        xml = self._archive.part(part)
        if xml is None:
            raise Unspliceable(file=self._archive.file, reason=DAMAGED)
        return xml

    def _relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """What a part refers to: the last word of the kind and the part, by id."""
        folder, name = posixpath.split(part)
        own = posixpath.join(folder, "_rels", f"{name}.rels")
        xml = self._archive.part(own)
        if xml is None:
            return {}
        found: dict[str, tuple[str, str]] = {}
        for relation in _Elements(self._archive, own, xml).of("Relationship"):
            attributes = relation.attributes
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)
        return found


_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
_BEFORE_CALCULATION: Final = frozenset({"sheets", "functionGroups", "externalReferences", "definedNames"})
"""What stands before ``calcPr`` in a workbook; ECMA-376, part 1, 18.2.27."""


# ------------------------------------------------------------------ values

_FIRST_SERIAL_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a 29 February 1900 that never was."""
_DAY_0: Final = date(1899, 12, 30)
_DAYS_TO_1904: Final = 1462
_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def _content(value: New, prefix: str, *, date1904: bool) -> tuple[str, str] | Refusal:
    """The attribute that says what kind a cell is of, and what stands in it."""
    if isinstance(value, str):
        text = _storable(value)
        if isinstance(text, Refusal):
            return text
        return ' t="inlineStr"', f'<{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t></{prefix}is>'
    number: float | Refusal = _serial(value, date1904=date1904) if isinstance(value, date) else value
    if isinstance(number, Refusal) or not math.isfinite(number):
        return Refusal.NO_VALUE
    if isinstance(number, bool):
        return ' t="b"', f"<{prefix}v>{int(number)}</{prefix}v>"
    return "", f"<{prefix}v>{number!r}</{prefix}v>"


def _serial(day: date, *, date1904: bool) -> int | Refusal:
    """The number by which the workbook counts a day."""
    serial = (day - _DAY_0).days - (_DAYS_TO_1904 if date1904 else 0)
    return Refusal.NO_VALUE if day < _FIRST_SERIAL_DAY or serial < 1 else serial


def _storable(text: str) -> str | Refusal:
    """A text as a cell stores it, unless no cell can."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return Refusal.NO_VALUE
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        return Refusal.TOO_LONG
    return stored(text)


def stored(text: str) -> str:
    """A text as the XML of a cell has it: what XML cannot hold as ``_x0007_``."""
    plain = _ESCAPED.sub("_x005F_", text)
    return escape(_UNSTORABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", plain))


_BUILT_IN_DATES: Final = frozenset({14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58})
"""Number formats that show a day; those from 27 on in the languages of East Asia. ECMA-376, part 1, 18.8.30."""
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_SHORT_DATE: Final = 14


class _Styles:
    """The workbook's cell formats, and those that dates ask for besides."""

    def __init__(self, archive: Archive, part: str, xml: bytes) -> None:
        self.part, self.xml = part, xml
        self.added = 0
        elements = _Elements(archive, part, xml, ("numFmts", "cellXfs"))
        self._list = next(iter(elements.of("cellXfs")), None)
        inside = [each for each in elements.of("xf") if self._list and self._list.start < each.start < self._list.end]
        self.formats = [xml[each.start : each.end] for each in inside]
        self._heads = [xml[each.start : each.inner] for each in inside]
        codes = {
            _number(each.attributes.get("numFmtId")): each.attributes.get("formatCode", "") for each in elements.of("numFmt")
        }
        self._dates = [_shows_day(_number(each.attributes.get("numFmtId")), codes) for each in inside]

    def is_date(self, style: int) -> bool:
        """Whether cells of the style show a day."""
        return style < len(self._dates) and self._dates[style]

    def dated(self, style: int) -> int:
        """The style itself where it shows a day, else one like it that does."""
        style = style if style < len(self.formats) else 0
        if self._dates[style]:
            return style
        head = _with_attributes(self._heads[style], {"numFmtId": str(_SHORT_DATE), "applyNumberFormat": "1"})
        wanted = head + self.formats[style][len(self._heads[style]) :]
        if wanted in self.formats:
            return self.formats.index(wanted)
        self._add(head, wanted)
        return len(self.formats) - 1

    def _add(self, head: bytes, wanted: bytes) -> None:
        if self._list is None:
            return
        at = self._list.close
        count = len(self.formats) + 1
        tag = self.xml[self._list.start : self._list.inner]
        counted = _with_attributes(tag, {"count": str(count)}) if "count" in self._list.attributes else tag
        self.xml = _exchanged(self.xml, [(self._list.start, self._list.inner, counted), (at, at, wanted)])
        longer = len(counted) - len(tag)
        self._list.inner += longer
        self._list.close += longer + len(wanted)
        self._list.end += longer + len(wanted)
        self.formats.append(wanted)
        self._heads.append(head)
        self._dates.append(True)
        self.added += 1


def _shows_day(number: int, codes: Mapping[int, str]) -> bool:
    if number not in codes:
        return number in _BUILT_IN_DATES
    shown = _NOT_SHOWN.sub("", codes[number]).partition(";")[0].lower()
    return "general" not in shown and ("y" in shown or "d" in shown)
