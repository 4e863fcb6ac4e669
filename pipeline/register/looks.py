"""What a workbook looks like, for the copy that staff read: formats, widths, heights, what stays in sight, what is filtered.

Only looks are taken, in the form in which XlsxWriter takes them: numbers, colours, names of fonts, and formats of numbers.
Whatever else a file carries (formulas, notes, links, pictures, names, rules) is not even read, so that no copy can show it.
Where the formats cannot be read, the copy has the cells without them.
"""

from __future__ import annotations

import colorsys
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree
from openpyxl.styles.colors import COLOR_INDEX, Color
from openpyxl.styles.fills import PatternFill
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import Stylesheet
from openpyxl.utils import range_boundaries
from openpyxl.xml.functions import fromstring

from pipeline.register.grid import Area, Workbook
from pipeline.register.marks import column_number, parsed
from pipeline.register.workbook import parts_of

Properties = Mapping[str, Any]
"""A format as XlsxWriter takes it."""


@dataclass(frozen=True, slots=True)
class ColumnLook:
    """Some columns side by side, counted from 1; None where the workbook says nothing."""

    first: int
    last: int
    width: float | None
    format: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class RowLook:
    """A row: its height in points, its format, those of its cells by column from 1; None where the workbook says nothing."""

    height: float | None = None
    format: int | None = None
    cells: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SheetLook:
    """What a sheet looks like.

    Attributes:
        columns: that are not as they come.
        height: of its rows, in points; None where it is the usual.
        frozen: how many rows and columns stay in sight.
        zoom: in per cent.
        gridlines: whether they show.
        filtered: the areas that have arrows for filtering: the sheet's own and those of its tables.
        state: ``visible``, ``hidden`` or ``veryHidden``.
    """

    columns: tuple[ColumnLook, ...] = ()
    height: float | None = None
    frozen: tuple[int, int] = (0, 0)
    zoom: int = 100
    gridlines: bool = True
    filtered: tuple[Area, ...] = ()
    state: str = "visible"
    _xml: bytes = field(default=b"", repr=False)
    _rows: Mapping[int, tuple[int, int, int]] = field(default_factory=dict, repr=False)
    """By number, where a row's tag begins, where its cells do, and where they end."""

    def row(self, number: int) -> RowLook:
        """What a row looks like."""
        if number not in self._rows:
            return _PLAIN_ROW
        start, cells, end = self._rows[number]
        attributes = dict(_ATTRIBUTE.findall(self._xml, start, cells))
        found: dict[int, int] = {}
        column = 0
        for letters, style in _CELL.findall(self._xml, cells, end):
            column = column_number(letters) if letters else column + 1
            if style:
                found[column] = int(style)
        styled = attributes.get(b"customFormat") in _TRUE and b"s" in attributes
        return RowLook(_float(attributes.get(b"ht")), int(attributes[b"s"]) if styled else None, found)


@dataclass(frozen=True, slots=True)
class Looks:
    """What a workbook looks like.

    Attributes:
        formats: by the number that cells, rows and columns name.
        sheets: by title.
    """

    formats: Sequence[Properties]
    sheets: Mapping[str, SheetLook]


_PLAIN_ROW: Final = RowLook()
_TRUE: Final = {b"1", b"true"}
_ATTRIBUTE: Final = re.compile(rb"""\b(ht|s|customFormat)=["']([\w.]+)["']""")
_ROW: Final = re.compile(rb"""<(?:\w+:)?row\b(?:[^<>]{0,999}?\br=["'](\d+)["'])?[^<>]*>""")
_CELL: Final = re.compile(
    rb"""<(?:\w+:)?c\b(?=(?:[^<>]{0,999}?\br=["']([A-Z]+)\d+["'])?)(?=(?:[^<>]{0,999}?\bs=["'](\d+)["'])?)"""
)
_DATA: Final = re.compile(rb"<(?:\w+:)?sheetData\b[^<>]*?(?:/>|>(.*)</(?:\w+:)?sheetData\s*>)", re.DOTALL)
_TABLE: Final = "/table"
"""How the kind of a relation to a table ends, whatever the dialect of the workbook."""


def looks_of(workbook: Workbook) -> Looks:
    """What a workbook looks like."""
    parts, names = parts_of(workbook)
    states = {
        str(sheet.get("name")): sheet.get("state", "visible")
        for sheet in parsed(parts["xl/workbook.xml"]).iterfind(".//{*}sheet")
    }
    sheets = {title: _sheet_look(parts, name, states.get(title, "visible")) for title, name in names.items()}
    try:
        formats = _formats(parts["xl/styles.xml"], parts.get("xl/theme/theme1.xml", b""))
    except Exception:  # noqa: BLE001 -- openpyxl fails in many ways on formats of other makers; the cells matter more
        formats = ()
    return Looks(formats, sheets)


# ------------------------------------------------------------------ sheets


def _sheet_look(parts: Mapping[str, bytes], name: str, state: str) -> SheetLook:
    xml = parts[name]
    data = _DATA.search(xml)
    tree = parsed(xml if data is None else xml[: data.start()] + xml[data.end() :])
    view = tree.find("{*}sheetViews/{*}sheetView")
    usual = tree.find("{*}sheetFormatPr")
    return SheetLook(
        tuple(_column_look(column) for column in tree.iterfind("{*}cols/{*}col")),
        _float(usual.get("defaultRowHeight")) if usual is not None and usual.get("customHeight") in {"1", "true"} else None,
        _frozen(view),
        min(max(int(view.get("zoomScale", "100")), 10), 400) if view is not None else 100,
        view is None or view.get("showGridLines") not in {"0", "false"},
        tuple(_filtered(parts, name, tree)),
        state,
        xml,
        {} if data is None or data[1] is None else _rows(xml, *data.span(1)),
    )


def _rows(xml: bytes, start: int, end: int) -> Mapping[int, tuple[int, int, int]]:
    tags = list(_ROW.finditer(xml, start, end))
    ends = [*(tag.start() for tag in tags[1:]), end]
    found: dict[int, tuple[int, int, int]] = {}
    number = 0
    for tag, close in zip(tags, ends, strict=True):
        number = int(tag[1]) if tag[1] else number + 1
        found[number] = tag.start(), tag.end(), close
    return found


def _column_look(column: etree._Element) -> ColumnLook:
    style = column.get("style")
    return ColumnLook(
        int(column.get("min", "1")),
        int(column.get("max", "1")),
        _float(column.get("width")),
        None if style is None else int(style),
        column.get("hidden") in {"1", "true"},
    )


def _frozen(view: etree._Element | None) -> tuple[int, int]:
    pane = view.find("{*}pane") if view is not None else None
    if pane is None or not str(pane.get("state", "")).startswith("frozen"):
        return 0, 0
    return int(float(pane.get("ySplit", "0"))), int(float(pane.get("xSplit", "0")))


def _filtered(parts: Mapping[str, bytes], name: str, tree: etree._Element) -> list[Area]:
    filters = [tree.find("{*}autoFilter")]
    folder, _, file = name.rpartition("/")
    for relation in parsed(parts.get(f"{folder}/_rels/{file}.rels", b"<none/>")):
        target = posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target")))).lstrip("/")
        if str(relation.get("Type")).endswith(_TABLE) and target in parts:
            filters.append(parsed(parts[target]).find("{*}autoFilter"))
    return list(_areas(str(found.get("ref")) for found in filters if found is not None))


def _areas(refs: Iterable[str]) -> Iterator[Area]:
    for ref in refs:
        with suppress(ValueError, TypeError):
            left, top, right, bottom = range_boundaries(ref)
            yield Area(int(top or 1), int(left or 1), int(bottom or 1), int(right or 1))


def _float(number: str | bytes | None) -> float | None:
    if number is not None:
        with suppress(ValueError):
            return float(number)
    return None


# ------------------------------------------------------------------ formats

_THEME_ORDER: Final = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
"""Cells count the light colour of each pair first, the theme the dark one."""

_PATTERNS: Final = (
    *("none", "solid", "mediumGray", "darkGray", "lightGray", "darkHorizontal", "darkVertical", "darkDown", "darkUp"),
    *("darkGrid", "darkTrellis", "lightHorizontal", "lightVertical", "lightDown", "lightUp", "lightGrid", "lightTrellis"),
    *("gray125", "gray0625"),
)
_LINES: Final = (
    *("none", "thin", "medium", "dashed", "dotted", "thick", "double", "hair", "mediumDashed", "dashDot"),
    *("mediumDashDot", "dashDotDot", "mediumDashDotDot", "slantDashDot"),
)
_UNDERLINES: Final = {"single": 1, "double": 2, "singleAccounting": 33, "doubleAccounting": 34}
_SCRIPTS: Final = {"superscript": 1, "subscript": 2}
_ACROSS: Final = {"centerContinuous": "center_across"}
_DOWN: Final = {"center": "vcenter", "justify": "vjustify", "distributed": "vdistributed"}
"""What XlsxWriter calls otherwise than the file; in patterns and lines it goes by the place in the list."""

_STACKED: Final = 255


def _formats(styles: bytes, theme: bytes) -> Sequence[Properties]:
    """The cell formats in their order.

    Raises:
        Exception: openpyxl cannot read them.
    """
    read: Any = Stylesheet.from_tree
    sheet = read(fromstring(styles))
    colours = _Colours(theme)
    return [
        {
            "num_format": _number_format(style.numFmtId, sheet.number_formats),
            **_font(sheet.fonts[style.fontId], colours),
            **_fill(sheet.fills[style.fillId], colours),
            **_border(sheet.borders[style.borderId], colours),
            **_alignment(sheet.alignments[style.alignmentId]),
        }
        for style in sheet.cell_styles
    ]


def _number_format(number: int, own: Sequence[str]) -> int | str:
    if number in BUILTIN_FORMATS:
        return number
    return own[number - BUILTIN_FORMATS_MAX_SIZE] if number >= BUILTIN_FORMATS_MAX_SIZE else 0


def _font(font: Any, colours: _Colours) -> Properties:
    return _given(
        font_name=font.name,
        font_size=font.sz,
        bold=bool(font.b),
        italic=bool(font.i),
        font_strikeout=bool(font.strike),
        underline=_UNDERLINES.get(font.u),
        font_script=_SCRIPTS.get(font.vertAlign),
        font_color=colours.of(font.color),
    )


def _fill(fill: Any, colours: _Colours) -> Properties:
    if not isinstance(fill, PatternFill):  # a gradient: the first of its colours
        return _given(pattern=1, bg_color=colours.of(next((stop.color for stop in fill.stop), None)))
    if fill.fill_type in {None, "none"}:
        return {}
    front, back = colours.of(fill.fgColor), colours.of(fill.bgColor)
    if fill.fill_type == "solid":
        return _given(pattern=1, bg_color=front)
    return _given(pattern=_PATTERNS.index(fill.fill_type), fg_color=front, bg_color=back)


def _border(border: Any, colours: _Colours) -> Properties:
    found: dict[str, Any] = {}
    for name in ("left", "right", "top", "bottom"):
        side = getattr(border, name)
        if side is not None and side.style not in {None, "none"}:
            found |= _given(**{name: _LINES.index(side.style), f"{name}_color": colours.of(side.color)})
    return found


def _alignment(alignment: Any) -> Properties:
    turned = int(alignment.textRotation or 0)
    return _given(
        align=_ACROSS.get(alignment.horizontal, alignment.horizontal),
        valign=_DOWN.get(alignment.vertical, alignment.vertical),
        text_wrap=bool(alignment.wrapText),
        shrink=bool(alignment.shrinkToFit),
        indent=int(alignment.indent or 0),
        rotation=270 if turned == _STACKED else 90 - turned if turned > 90 else turned,
    )


def _given(**properties: object) -> dict[str, object]:
    return {name: value for name, value in properties.items() if value}


class _Colours:
    """Colours as ``#RRGGBB``, whatever way the file names them."""

    def __init__(self, theme: bytes) -> None:
        scheme = parsed(theme or b"<none/>").find(".//{*}clrScheme")
        pairs = [] if scheme is None else [next(iter(colour)) for colour in scheme]
        own = [str(colour.get("lastClr") or colour.get("val")) for colour in pairs]
        self._theme = [own[number] for number in _THEME_ORDER] if len(own) == len(_THEME_ORDER) else []

    def of(self, colour: Color | None) -> str | None:
        """None for the colour that is nobody's choice."""
        if colour is None:
            return None
        named: str | None = None
        if colour.type == "rgb":
            named = str(colour.rgb)
        elif colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
            named = COLOR_INDEX[colour.indexed]
        elif colour.type == "theme" and colour.theme < len(self._theme):
            named = self._theme[colour.theme]
        if named is None or not re.fullmatch(r"[0-9A-Fa-f]{6,8}", named):
            return None
        return f"#{_tinted(named[-6:], float(colour.tint or 0))}"


def _tinted(colour: str, tint: float) -> str:
    """The colour lighter, or darker where `tint` is below zero; ECMA-376, part 1, section 18.8.19."""
    if not tint:
        return colour
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, full = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, full))
