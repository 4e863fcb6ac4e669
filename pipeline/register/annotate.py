"""A copy of the register in which every finding is marked in its cell, with a first sheet that leads to each of them.

The copy is for reading: what is wrong is mended in the register itself.
It is written from the values that were read and what `pipeline.register.looks` knows of their looks, and from nothing else,
so that nothing can come into it of which nobody has asked whether it may be shown:
widths, formats, order and filters stay as staff know them, formulas stand as their values,
and notes of others, pictures, links, dropdowns and rules of colour, which would cover the marks, are not there.
What may be shown of protected people is decided in `pipeline.register.masking`.
The same register gives the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

import xlsxwriter
from openpyxl.utils import quote_sheetname

from pipeline.files import safe_name
from pipeline.findings import Finding, Sentence, Severity, column_letters, counted, sentence
from pipeline.register.facsimile import FILLS, Facsimile, Tab
from pipeline.register.grid import Workbook
from pipeline.register.looks import Looks, Properties, SheetLook, looks_of
from pipeline.register.masking import Mask, masks
from pipeline.register.model import Ref, Register
from pipeline.register.splice import LONGEST_TEXT
from pipeline.texts import Texts, message

Address = tuple[str, int, int]
"""A cell: the tab's title, row and column from 1."""

_INKS: Final[Mapping[Severity, str]] = {Severity.ERROR: "#9C2A1C", Severity.WARNING: "#7A4A00"}
_HEADING_FILL: Final = "#1C4F5E"

_HARMLESS: Final = frozenset({"choices", "digits", "field", "key", "letter", "other", "rule", "sentence", "target", "today"})
"""Facts of findings that come from the profile, the calendar or an address, never from the row's own values."""

_FONT: Final = "Calibri"
_NOTE: Final = {"author": "Fristbrev", "width": 340, "font_name": _FONT, "font_size": 10}
_NOTE_LINE: Final = 17
_NOTE_CHARACTERS: Final = 48
"""A note and a line in it, in pixels, and the characters that such a line holds."""

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
_LONGEST_TITLE: Final = 31
_NOT_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\]")
_MOST_LINKS: Final = 65_000
"""Of a sheet; Microsoft, «Excel specifications and limits»."""

_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""XlsxWriter's: no copy of a register lies in a folder for passing files, and a text stays a text, whatever it begins with."""

_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A register with all that a copy of it needs to know.

    Attributes:
        register: with its findings.
        further: what has been found since in its rows, such as a cell that is empty though a letter needs it.
        workbooks: it was read from these, by path as the profile writes it.
        protected: the rows that are protected, and those that refer to them.
        owners: the display names of those who see to a record.
        today: the as-of day.
    """

    register: Register
    further: Sequence[Finding] = ()
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
    for finding in dict.fromkeys((*register.findings, *register.excluded, *checked.further)):
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
    text = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


# ------------------------------------------------------------------ the copy


def _annotated(workbook: Workbook, marks: Sequence[_Mark], mask: Mask, today: date, texts: Texts) -> bytes:
    looks = looks_of(workbook)
    titles = _tab_titles(workbook.sheets, mask)
    anchored = [replace(mark, address=_anchored(mark.address, workbook)) for mark in marks]
    by_cell: defaultdict[str, dict[tuple[int, int], list[_Mark]]] = defaultdict(dict)
    for mark in anchored:
        if mark.address is not None:
            by_cell[mark.address[0]].setdefault(mark.address[1:], []).append(mark)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {**_OPTIONS, **_usual_font(looks)})
    book.set_properties({"author": "Fristbrev", "created": datetime.combine(today, time())})
    first = book.add_worksheet(_free_title(texts("Mend this"), titles.values()))
    _list_marks(first, anchored, _List(workbook.file, titles, _ListLook.of(book), today, texts))
    first.activate()
    facsimile = Facsimile(book, looks, mask)
    for title, cells in workbook.sheets.items():
        worst = {at: found[0].severity for at, found in by_cell[title].items()}
        sheet = facsimile.add(Tab(titles[title], cells, looks.sheets.get(title, SheetLook()), mask, worst))
        for (row, column), found in by_cell[title].items():
            note = _note(found, texts)
            sheet.write_comment(row - 1, column - 1, note, {**_NOTE, "height": _height(note)})
    return facsimile.finished(made)


def _tab_titles(tabs: Iterable[str], mask: Mask) -> Mapping[str, str]:
    """What each tab is called in the copy: as in the register, unless that gives somebody away or Excel does not take it."""
    titles: dict[str, str] = {}
    for tab in tabs:
        wanted = _NOT_IN_TITLES.sub("-", mask.hidden_in(tab)).strip("'") or "-"
        titles[tab] = _free_title(wanted, titles.values())
    return titles


def _usual_font(looks: Looks) -> Mapping[str, Properties]:
    usual = looks.formats[0] if looks.formats else {}
    return {"default_format_properties": {name: usual[name] for name in ("font_name", "font_size") if name in usual}}


# ------------------------------------------------------------------ the marks


def _anchored(address: Address | None, workbook: Workbook) -> Address | None:
    """The cell that can be marked: of merged ones the first; None where the workbook has no such sheet."""
    if address is None or address[0] not in workbook.sheets:
        return None
    title, row, column = address
    for area in workbook.sheets[title].merged:
        if area.first_row <= row <= area.last_row and area.first_column <= column <= area.last_column:
            return title, area.first_row, area.first_column
    return address


def _note(found: Sequence[_Mark], texts: Texts) -> str:
    paragraphs = [f"{_severity(mark, texts)}: {mark.said.message}\n→ {mark.said.cure}" for mark in found]
    return "\n\n".join(dict.fromkeys(paragraphs))[:LONGEST_TEXT]


def _height(note: str) -> int:
    return (sum(_lines(line, _NOTE_CHARACTERS) for line in note.split("\n")) + 1) * _NOTE_LINE


def _severity(mark: _Mark, texts: Texts) -> str:
    return texts(str(mark.severity)).capitalize()


def _lines(text: str, characters: float) -> int:
    return max(1, math.ceil(len(text) / characters))


# ------------------------------------------------------------------ the first sheet


@dataclass(frozen=True, slots=True)
class _List:
    """What the first sheet needs besides the marks."""

    file: str
    titles: Mapping[str, str]
    look: _ListLook
    today: date
    texts: Texts


def _list_marks(sheet: Any, marks: Sequence[_Mark], about: _List) -> None:
    """Every finding with a link to its cell."""
    texts, look = about.texts, about.look
    errors = sum(mark.severity is Severity.ERROR for mark in marks)
    lines = (
        texts(
            "The register as it was on {day}. Mend {file} itself: this is a copy, and it is made anew in each run.",
            day=about.today,
            file=about.file,
        ),
        texts(
            "{errors}, {warnings}. A click on the cell's address leads to the cell; "
            "the arrow at «{responsible}» shows one person's alone.",
            **counted(errors, len(marks) - errors, texts),
            responsible=texts("Responsible"),
        ),
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, _plain(line), look.lines[row])
    for column, (name, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADING_ROW - 1, column, texts(name), look.heading)
    for row, mark in enumerate(marks, start=_HEADING_ROW):
        _list_mark(sheet, row, mark, about)
    if not marks:
        sheet.write_string(_HEADING_ROW, 0, texts("None"), look.text)
    sheet.set_row(_HEADING_ROW - 1, 30)
    sheet.autofilter(_HEADING_ROW - 1, 0, _HEADING_ROW - 1 + max(len(marks), 1), len(_COLUMNS) - 1)
    sheet.freeze_panes(_HEADING_ROW, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.set_footer("&R&P / &N")


@dataclass(frozen=True, slots=True)
class _ListLook:
    """The formats of the list's cells."""

    lines: tuple[Any, Any]
    heading: Any
    text: Any
    link: Any
    kinds: Mapping[Severity, Any]

    @staticmethod
    def of(book: Any) -> _ListLook:
        """Made in an XlsxWriter workbook."""
        usual: Properties = {"font_name": _FONT, "font_size": 11}
        cell: Properties = {**usual, "valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": "#D0D7DE"}
        white = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEADING_FILL, "valign": "vcenter", "text_wrap": True}
        return _ListLook(
            (book.add_format({**usual, "bold": True}), book.add_format(usual)),
            book.add_format({**usual, **white}),
            book.add_format(cell),
            book.add_format({**cell, "font_color": "#0B5394", "underline": 1}),
            {
                severity: book.add_format({**cell, "bold": True, "font_color": _INKS[severity], "bg_color": fill})
                for severity, fill in FILLS.items()
            },
        )


def _list_mark(sheet: Any, row: int, mark: _Mark, about: _List) -> None:
    look = about.look
    heading, record, value = mark.shown
    cell = "" if mark.address is None else f"{column_letters(mark.address[2])}{mark.address[1]}"
    tab = mark.sheet if mark.address is None else about.titles[mark.address[0]]
    kind = _severity(mark, about.texts)
    values = (kind, mark.owner, tab, cell, heading, record, value, mark.said.message, mark.said.cure)
    for column, text in enumerate(values):
        sheet.write_string(row, column, text, look.kinds[mark.severity] if column == 0 else look.text)
    if mark.address is not None and row < _MOST_LINKS:
        sheet.write_url(row, 3, f"internal:{quote_sheetname(tab)}!{cell}", look.link, cell)
    lines = (_lines(text, width * _PER_WIDTH) for text, (_, width) in zip(values, _COLUMNS, strict=True))
    sheet.set_row(row, min(max(lines) * _LINE_HEIGHT + 3, _TALLEST))


def _free_title(title: str, taken: Iterable[str]) -> str:
    folded = {other.casefold() for other in taken}
    names = (title[:_LONGEST_TITLE], *(f"{title[: _LONGEST_TITLE - 4]} {n}" for n in range(2, 1000)))
    return next(name for name in names if name.casefold() not in folded)
