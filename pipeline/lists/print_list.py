"""The list that lies on top of a print file: which letters follow, on how many sheets, and what is to be enclosed by hand.

It names no recipient: it may lie beside the printer.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import docx
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Row

from pipeline.letters.model import Role
from pipeline.lists import words
from pipeline.lists.words import plain
from pipeline.texts import Texts, message

TITLE: Final = message("Print file {n}")

_COLUMNS: Final = (
    (message("No."), 11, True),
    (message("Letter id"), 24, False),
    (message("Record"), 30, False),
    (message("Letter"), 45, False),
    (message("Role"), 16, False),
    (message("Pages"), 14, True),
    (message("Sheets"), 14, True),
    (message("To be enclosed"), 36, False),
)
"""Heading, width in millimetres, and whether it holds numbers."""

_TYPEFACE: Final = "Calibri"


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter of a print file.

    Attributes:
        id: of the letter.
        record: the key of the record that it is about.
        title: the letter rule's.
        role: of the recipient.
        pages: of the letter and those of its enclosures that are printed with it; 0 where it is missing from the file.
        sheets: that they take, printed on both sides.
        enclose: the names of enclosures that are not in the file.
    """

    id: str
    record: str
    title: str
    role: Role
    pages: int
    sheets: int
    enclose: tuple[str, ...] = ()


def print_list(letters: Sequence[Printed], nth: int, day: date, texts: Texts) -> bytes:
    """The list as a Word document, in the order of the file.

    Args:
        letters: those of the file, and at the end those that are missing from it.
        nth: the number of the print file.
        day: the run's as-of day.
        texts: the office's language.
    """
    document = docx.Document()
    title = texts(TITLE, n=nth)
    document.core_properties.title = title
    document.core_properties.author = ""
    for style in document.styles.element.iter(qn("w:lang")):
        style.set(qn("w:val"), texts.language)
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(10)
    page.top_margin = page.bottom_margin = Mm(15)
    for name, size in (("Normal", 9), ("Heading 1", 16)):
        style_of = document.styles[name]
        style_of.font.name, style_of.font.size = _TYPEFACE, Pt(size)
    document.add_heading(title, 1)
    document.add_paragraph(
        texts(
            "{day}. Letters: {letters}. Pages: {pages}. Sheets, printed on both sides: {sheets}, and this list.",
            day=day,
            letters=sum(letter.pages > 0 for letter in letters),
            pages=sum(letter.pages for letter in letters),
            sheets=sum(letter.sheets for letter in letters),
        )
    )
    table = document.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    for column, (_, width, _) in zip(table.columns, _COLUMNS, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0], [texts(heading) for heading, _, _ in _COLUMNS], bold=True)
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no word for a heading row
    properties.append(OxmlElement("w:tblHeader"))
    for n, letter in enumerate(letters, start=1):
        _fill(table.add_row(), _values(n, letter, texts))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _values(n: int, letter: Printed, texts: Texts) -> tuple[str, ...]:
    role, enclose = texts(words.ROLE[letter.role]), "\n".join(letter.enclose)
    about = (letter.id, plain(letter.record), plain(letter.title), role)
    if not letter.pages:
        return ("–", *about, "–", "–", texts("Missing here: print it from Word"))
    return (str(n), *about, str(letter.pages), str(letter.sheets), plain(enclose))


def _fill(row: _Row, values: Sequence[str], *, bold: bool = False) -> None:
    for cell, value, (_, width, number) in zip(row.cells, values, _COLUMNS, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(value).bold = bold
        if number:
            paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.RIGHT
