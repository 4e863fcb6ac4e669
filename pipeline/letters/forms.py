"""An Excel form that is enclosed with letters, compiled once: only its texts differ from letter to letter.

Every filled cell is a text; so openpyxl reads and writes the form once, and a letter exchanges texts in the sheets as written.
Data never becomes a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from pipeline.letters.package import Member, Package, Paper, Properties
from pipeline.register.saved import saved

_CORE: Final = "docProps/core.xml"
_LONGEST_TEXT: Final = 32_767
"""The most characters of a cell, by Excel's specifications and limits."""

_MARK: Final = "\ue000"
"""Stands round the number of a field while the form is written; no form holds a character of private use."""

_WRITTEN: Final = f"(?:{_MARK}|&#{ord(_MARK)};)"
_FIELD: Final = re.compile(f"<t[^>]*>{_WRITTEN}(\\d+){_WRITTEN}</t>")
_NO_TIME: Final = datetime(1980, 1, 1)  # noqa: DTZ001 -- openpyxl's own; the letter's date stands in its stead


class Form:
    """A workbook with merge fields, filled in many times."""

    whole = ""

    def __init__(self, content: bytes, environment: Any) -> None:
        """Compile each cell with fields; raises `jinja2.TemplateSyntaxError` where one cannot be understood."""
        workbook = load_workbook(io.BytesIO(content))
        self._fields: list[Any] = []
        for cell in template_cells(workbook):
            cell.value, source = f"{_MARK}{len(self._fields)}{_MARK}", str(cell.value)
            cell.data_type = "s"
            self._fields.append(environment.from_string(source))
        workbook.properties.created = workbook.properties.modified = _NO_TIME
        with zipfile.ZipFile(io.BytesIO(saved(workbook))) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        split = {name: _FIELD.split(content.decode()) for name, content in members.items() if name.endswith(".xml")}
        self._sheets = marked = {name: pieces for name, pieces in split.items() if len(pieces) > 1}
        self._package = Package.of({name: member for name, member in members.items() if name not in {*marked, _CORE}})

    def render(self, context: Mapping[str, Any], properties: Properties) -> Paper:
        """The form filled in.

        Raises:
            ValueError: a text is longer than a cell holds.
        """
        members = [Member.of(name, self._filled(pieces, context)) for name, pieces in self._sheets.items()]
        return Paper(self._package, (*members, Member.of(_CORE, properties.xml)))

    def _filled(self, pieces: Sequence[str], context: Mapping[str, Any]) -> bytes:
        """A sheet as it was written, split at its fields: every second piece is the number of one."""
        texts = (_text(_unescaped(self._fields[int(number)].render(context))) for number in pieces[1::2])
        between = iter(pieces[::2])
        return "".join((next(between), *(piece for pair in zip(texts, between, strict=True) for piece in pair))).encode()


def _text(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"a cell holds {_LONGEST_TEXT} characters, not {len(text)}")
    return f'<t xml:space="preserve">{escape(text)}</t>'


def template_cells(workbook: Any) -> Iterator[Cell]:
    """The cells with merge fields."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and isinstance(cell.value, str) and "{{" in cell.value:
                    yield cell


def _unescaped(text: str) -> str:
    for entity, character in (
        ("&#123;", "{"),
        ("&#125;", "}"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text
