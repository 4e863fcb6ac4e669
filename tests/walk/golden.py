"""What letters and forms say, paragraph by paragraph, beside the texts that are kept in ``tests/golden``."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.text.paragraph import Paragraph
from openpyxl import load_workbook

GOLDEN = Path(__file__).parents[1] / "golden"


def words(content: bytes) -> str:
    """The words of a letter, paragraph by paragraph, tables row by row."""
    document = docx.Document(io.BytesIO(content))
    lines = [paragraph.text for section in document.sections for paragraph in section.first_page_header.paragraphs]
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(block.text)
        else:
            lines += [" | ".join(cell.text.replace("\n", " / ") for cell in row.cells) for row in block.rows]
    lines += [paragraph.text for section in document.sections for paragraph in section.first_page_footer.paragraphs]
    return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"


def cells(content: bytes) -> str:
    """The cells of a form, one a line: where, and what stands there."""
    book = load_workbook(io.BytesIO(content))
    lines = [
        f"{sheet.title}!{cell.coordinate} {cell.value}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    return "\n".join(lines) + "\n"


def is_golden(name: str, text: str, request: pytest.FixtureRequest) -> bool:
    """Whether the text is the kept one; ``--update-golden`` keeps this one, and what differs lies beside as ``.actual.txt``."""
    golden = GOLDEN / f"{name}.txt"
    actual = golden.with_suffix(".actual.txt")
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    if golden.exists() and golden.read_text(encoding="utf-8") == text:
        actual.unlink(missing_ok=True)
        return True
    actual.parent.mkdir(parents=True, exist_ok=True)
    actual.write_text(text, encoding="utf-8")
    return False
