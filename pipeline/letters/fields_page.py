"""The merge fields of a letter as a Word file, from which its author copies them into the template."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.letters.offered import LOOP_END, Group, Shown, kind_in_words
from pipeline.letters.package import FIXED_DATE, LOCALES, Package
from pipeline.texts import Texts

_FONT: Final = "Arial"
_WIDTHS: Final = (90, 67, 40, 60)
"""Of the columns, in millimetres."""


def fields_page(title: str, groups: Sequence[Group], filters: Sequence[Shown], texts: Texts) -> bytes:
    """A page with each field, its heading, its type and a sample; the same bytes each time.

    Fields have no look of their own, for Word would take it into the template with them.
    """
    document = docx.Document()
    _set_up(document, texts("Merge fields: {letter}", letter=title), texts)
    document.add_heading(texts("Merge fields: {letter}", letter=title), level=1)
    document.add_paragraph(
        texts("Copy a field with its braces into the template. The samples are made up; no field here is filled in.")
    )
    headings = (texts("Field"), texts("Heading"), texts("Type"), texts("Sample"))
    for group in groups:
        document.add_heading(group.title, level=2)
        if group.loops:
            sentence = texts(
                "One of these tags stands in a paragraph before the fields, {end} in a paragraph behind them:", end=LOOP_END
            )
            document.add_paragraph(sentence).paragraph_format.keep_with_next = True
            for tag in group.loops:
                _add(document.add_paragraph(style="List Bullet"), tag).paragraph_format.keep_with_next = True
        rows = [(field.typed, field.heading, kind_in_words(field, texts), field.sample) for field in group.fields]
        _table(document, headings, rows)
    if filters:
        document.add_heading(texts("Filters"), level=2)
        document.add_paragraph(texts("A filter changes how a field is printed.")).paragraph_format.keep_with_next = True
        rows = [(each.typed, each.does, each.sample, each.printed) for each in filters]
        _table(document, (texts("Field"), texts("What it does"), texts("Without"), texts("With")), rows)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package:
        return Package.of({member: package.read(member) for member in package.namelist()}).with_members(())


def _set_up(document: Document, title: str, texts: Texts) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    locale = LOCALES[texts.language]
    styles: Any = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)
    for name, size in (("Normal", 10), ("Heading 1", 16), ("Heading 2", 12)):
        style = styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        for fonts in style.element.iter(qn("w:rFonts")):
            for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
                del fonts.attrib[theme]
    properties = document.core_properties
    properties.title, properties.language = title, locale
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime(*FIXED_DATE)  # noqa: DTZ001 -- no moment: the same bytes each time


def _table(document: Document, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(headings), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    for number, texts in enumerate((headings, *rows)):
        row = table.add_row()
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 -- python-docx has no way of its own
        properties.append(OxmlElement("w:cantSplit"))
        if not number:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, text, width in zip(row.cells, texts, _WIDTHS, strict=True):
            cell.width = Mm(width)
            paragraph = _add(cell.paragraphs[0], text)
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.runs[0].bold = None if number else True


def _add(paragraph: Any, text: str) -> Any:
    """Put text into a paragraph that Word does not underline as misspelt."""
    run = paragraph.add_run(text)
    run.font.no_proof = True
    return paragraph
