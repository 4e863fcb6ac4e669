"""The templates that the product brings: easy to read, of one look, with bokmål and nynorsk side by side."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tools.letters import nynorsk
from tools.letters.__main__ import DOCUMENTS
from tools.readability import FOLDER, HIGHEST, readability

TEMPLATES = sorted(FOLDER.glob("*.docx"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_letter_is_hard_to_read(path: Path) -> None:
    assert readability(path) < HIGHEST


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_document_has_one_title_its_language_and_tables_with_header_rows(path: Path) -> None:
    document = docx.Document(str(path))
    language = "nn-NO" if path.stem.endswith(".nn") else "nb-NO"

    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style and paragraph.style.name == "Heading 1"]
    assert len(headings) == (2 if path.stem == "politiattest" else 1)  # its second page is a document of its own
    assert {mark.get(qn("w:val")) for mark in document.styles.element.iter(qn("w:lang"))} == {language}
    assert document.core_properties.language == language
    ruled = [table for table in document.tables if table.style is not None and table.style.name == "Brevtabell"]
    assert all(list(table.rows[0]._tr.iter(qn("w:tblHeader"))) for table in ruled)


def test_what_users_applicants_and_guardians_get_exists_in_nynorsk() -> None:
    assert {path.name for path in TEMPLATES} == {f"{name}.docx" for name in DOCUMENTS} | {
        f"{name}.nn.docx" for name in nynorsk.LETTERS
    }
