"""What only a sheet's XML tells about its cells: errors, missing results, what is hidden, struck through, merged or far out.

Nothing here is parsed into a tree: each question is one regular expression over the sheet's bytes, asked only where the bytes
hold its mark at all, since a register has hundreds of thousands of cells and nearly none of these.
The bytes are UTF-8 and well-formed (`pipeline.register.workbook` sees to both), so that no tag holds a ``<``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from pipeline.register.grid import UNCOMPUTED, Area

Address = tuple[int, int]
"""A cell by row and column, both from 1."""

MAX_ROW: Final = 100_000
MAX_COLUMN: Final = 702
"""How far out a filled cell may lie (column ZZ), since memory is taken for the whole rectangle."""

_CELL: Final = rb"<(?:\w+:)?c\b"
_MORE: Final = rb"[^<>]{0,999}"
"""What may stand in a tag besides; bounded, so that no tag however long takes a time that grows with its square."""
_ROW_OR_CELL: Final = re.compile(rb"<(?:\w+:)?(row|c)\b[^<>]*>")
_ADDRESS: Final = re.compile(rb"""\br=["']([A-Za-z]*)(\d+)["']""")


class _Addresses:
    """The addresses of cells asked for in the order of the sheet; the rare writer that leaves them out is counted after."""

    def __init__(self, xml: bytes) -> None:
        self._counted = _counted_cells(xml)

    def of(self, start: int, tag: bytes) -> Address:
        """Row and column of the cell whose tag begins at the offset `start`."""
        address = _ADDRESS.search(tag)
        if address is not None:
            return int(address[2]), column_number(address[1])
        return next(place for offset, place in self._counted if offset == start)


def _counted_cells(xml: bytes) -> Iterator[tuple[int, Address]]:
    row = column = 0
    for tag in _ROW_OR_CELL.finditer(xml):
        address = _ADDRESS.search(tag[0])
        if tag[1] == b"row":
            row, column = int(address[2]) if address else row + 1, 0
        else:
            column = column_number(address[1]) if address else column + 1
            yield tag.start(), (row, column)


def column_number(letters: bytes) -> int:
    """The number of a column, from 1, by its letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64  # «A» is 65
    return number


_FAULTY: Final = re.compile(
    _CELL + rb"(?:" + _MORE + rb"""\bt=["']e["']""" + _MORE + rb">|" + _MORE + rb">(?=\s*<(?:\w+:)?f[ />]))"
)
_KIND: Final = re.compile(rb"""\bt=["'](\w+)["']""")
_RESULT: Final = re.compile(rb"<(?:\w+:)?v\b[^<>]*>([^<]+)<")
_CELL_END: Final = re.compile(rb"</(?:\w+:)?c>")


def faulty_cells(xml: bytes) -> Iterator[tuple[Address, str]]:
    """The cells that hold an error, with what Excel shows there, or a formula whose result was never stored."""
    addresses = _Addresses(xml)
    for tag in _FAULTY.finditer(xml):
        kind = _KIND.search(tag[0])
        closed = tag[0].endswith(b"/>")
        end = None if closed else _CELL_END.search(xml, tag.end())
        result = _RESULT.search(xml, tag.end(), tag.end() if closed else end.start() if end else len(xml))
        if kind and kind[1] == b"e":
            yield addresses.of(tag.start(), tag[0]), result[1].decode() if result else "#ERROR!"
        elif result is None and not (kind and kind[1] == b"str"):
            # A formula that gives an empty text is stored as t="str" without a value: that one is empty.
            yield addresses.of(tag.start(), tag[0]), UNCOMPUTED


_ROW: Final = re.compile(rb"<(?:\w+:)?row\b[^<>]*>")
_HIDDEN: Final = re.compile(rb"""\bhidden=["'](?:1|true)["']""")


def hidden_rows(xml: bytes) -> Iterator[int]:
    """The numbers of the rows that are hidden, by hand or by a filter."""
    if b"hidden=" not in xml:
        return
    number = 0
    for tag in _ROW.finditer(xml):
        address = _ADDRESS.search(tag[0])
        number = int(address[2]) if address else number + 1
        if _HIDDEN.search(tag[0]):
            yield number


_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\b[^<>]*\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']""")


def merged_areas(xml: bytes) -> Iterator[Area]:
    """The areas of merged cells."""
    for area in _MERGED.finditer(xml) if b"mergeCell " in xml else ():
        yield Area(int(area[2]), column_number(area[1]), int(area[4]), column_number(area[3]))


_SUMMING: Final = re.compile(rb"<(?:\w+:)?f\b[^<>]*>\s*(?:SUM|SUBTOTAL|AGGREGATE|COUNTA?|AVERAGE)\(")
_CELL_START: Final = re.compile(_CELL + _MORE + rb">\s*\Z")


def summing_rows(xml: bytes) -> Iterator[int]:
    """The numbers of the rows in which a formula sums up or counts cells."""
    addresses = _Addresses(xml)
    for formula in _SUMMING.finditer(xml) if b"(" in xml else ():
        start = xml.rfind(b"<", 0, formula.start())
        cell = _CELL_START.match(xml, start, formula.start())
        if cell is not None:
            yield addresses.of(start, cell[0])[0]


# ------------------------------------------------------------------ struck through

_STRIKE: Final = re.compile(rb"""<(?:\w+:)?strike(?:\s+val=["'](?:1|true)["'])?\s*/>""")
_SHARED: Final = re.compile(rb"<(?:\w+:)?si\b[^<>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)


def struck_styles(styles: bytes) -> frozenset[str]:
    """The numbers of the cell formats whose font is struck through; `styles` is small enough for a tree.

    Raises:
        lxml.etree.XMLSyntaxError: the styles are no XML.
    """
    if _STRIKE.search(styles) is None:
        return frozenset()
    tree = parsed(styles)
    fonts = [
        any(strike.get("val", "1") in {"1", "true"} for strike in font.iterfind("{*}strike"))
        for font in tree.iterfind("{*}fonts/{*}font")
    ]
    struck = {str(number) for number, wrong in enumerate(fonts) if wrong}
    formats = tree.iterfind("{*}cellXfs/{*}xf")
    return frozenset(str(number) for number, xf in enumerate(formats) if xf.get("fontId") in struck)


def struck_texts(shared: bytes) -> frozenset[int]:
    """The numbers of the shared texts of which a part is struck through."""
    if _STRIKE.search(shared) is None:
        return frozenset()
    return frozenset(number for number, text in enumerate(_SHARED.finditer(shared)) if _STRIKE.search(text[0]))


_SHARED_CELL: Final = re.compile(_CELL + _MORE + rb"""\bt=["']s["']""" + _MORE + rb">\s*<(?:\w+:)?v>(\d+)<")
_INLINE_CELL: Final = re.compile(_CELL + _MORE + rb"""\bt=["']inlineStr["']""" + _MORE + rb">")


def struck_cells(xml: bytes, styles: frozenset[str], texts: frozenset[int]) -> Iterator[Address]:
    """The filled cells with one of the formats or shared texts, or with an own text, that is struck through."""
    if styles:
        numbers = "|".join(sorted(styles)).encode()
        addresses = _Addresses(xml)
        for cell in re.finditer(_CELL + _MORE + rb"""\bs=["'](?:""" + numbers + rb""")["']""" + _MORE + rb">", xml):
            if not cell[0].endswith(b"/>"):
                yield addresses.of(cell.start(), cell[0])
    if texts:
        addresses = _Addresses(xml)
        for cell in _SHARED_CELL.finditer(xml):
            if int(cell[1]) in texts:
                yield addresses.of(cell.start(), cell[0])
    if b"strike" in xml:
        addresses = _Addresses(xml)
        for cell in _INLINE_CELL.finditer(xml):
            end = _CELL_END.search(xml, cell.end())
            if end is not None and _STRIKE.search(xml, cell.end(), end.start()):
                yield addresses.of(cell.start(), cell[0])


# ------------------------------------------------------------------ far out, and large

_COLUMNS: Final = re.compile(rb"<(?:\w+:)?c\b" + _MORE + rb"""\br=["']([A-Za-z]+)""")
_ROWS: Final = re.compile(rb"""\br=["'][A-Za-z]*(\d{5,})["']""")
_ANY: Final = re.compile(rb"<(?:\w+:)?(?:c|row)\b" + _MORE + rb"""\br=["']([A-Za-z]*\d+)["']""" + _MORE + rb">")
_SPLIT: Final = re.compile(rb"([A-Za-z]*)(\d+)")
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is)\b")
_NEAR: Final = 9_999
"""The last row that `_ROWS` passes over."""


def bounds(xml: bytes) -> Address:
    """The last row and the last column that any cell can have, blank ones included, found quickly; at least row 9 999."""
    rows = max(map(int, {*_ROWS.findall(xml)}), default=0)
    columns = max(map(column_number, {*_COLUMNS.findall(xml)}), default=1)
    return max(rows, _NEAR), columns


def extent(xml: bytes) -> Address:
    """The last row and the last column of the rectangle that the filled cells need."""
    rows = columns = 1
    for tag in _ANY.finditer(xml):
        part = _SPLIT.fullmatch(tag[1])
        if part is not None and _filled(xml, tag, row=not part[1]):
            rows, columns = max(rows, int(part[2])), max(columns, column_number(part[1]))
    return rows, columns


def _filled(xml: bytes, tag: re.Match[bytes], *, row: bool) -> bool:
    """Whether a cell, or some cell of a row, holds more than a format."""
    if tag[0].endswith(b"/>"):
        return False
    if not row:
        return not xml.startswith(b"</", tag.end())
    following = _ROW.search(xml, tag.end())
    return _VALUE.search(xml, tag.end(), following.start() if following else len(xml)) is not None


_USE: Final = re.compile(rb"""\bt=["']s["']""" + _MORE + rb">\s*<(?:\w+:)?v>(\d+)<")


def shared_lengths(shared: bytes) -> tuple[int, ...]:
    """The length of every shared text's XML, in bytes."""
    return tuple(text.end() - text.start() for text in _SHARED.finditer(shared))


def shared_size(xml: bytes, lengths: tuple[int, ...], enough: int) -> int:
    """The bytes that a sheet's shared texts come to once each cell has its own, or any larger number up to `enough`."""
    upper = max(lengths, default=0) * (xml.count(b't="s"') + xml.count(b"t='s'"))
    if upper <= enough:
        return upper
    known = len(lengths)
    return sum(lengths[number] for use in _USE.finditer(xml) if (number := int(use[1])) < known)


def parsed(xml: bytes) -> etree._Element:
    """The tree of a small part.

    Raises:
        lxml.etree.XMLSyntaxError: it is no XML.
    """
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
