from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from pipeline.lists.print_list import Printed, print_list
from pipeline.texts import texts_in

LETTERS = (
    Printed("7KQ4MZ2P", "2026/0141", "Notice", "to", 3, 2),
    Printed("ABCDEFGH", "2026/0142", "Agreement", "copy", 4, 3, ("2026-0142 ABCDEFGH hours.xlsx",)),
    Printed("QRSTUVWX", "2026/0143", "Notice", "file", 0, 0),
)


@pytest.mark.parametrize(
    ("language", "title", "line", "headings", "rows"),
    [
        (
            "en",
            "Print file 2",
            "2026-11-23. Letters: 2. Pages: 7. Sheets, printed on both sides: 5, and this list.",
            ["No.", "Letter id", "Record", "Letter", "Role", "Pages", "Sheets", "To be enclosed"],
            [
                ["1", "7KQ4MZ2P", "2026/0141", "Notice", "party", "3", "2", ""],
                ["2", "ABCDEFGH", "2026/0142", "Agreement", "copy", "4", "3", "2026-0142 ABCDEFGH hours.xlsx"],
                ["–", "QRSTUVWX", "2026/0143", "Notice", "case file", "–", "–", "Missing here: print it from Word"],
            ],
        ),
        (
            "nb",
            "Utskrift 2",
            "23.11.2026. Brev: 2. Sider: 7. Ark, skrevet ut på begge sider: 5, og denne listen.",
            ["Nr.", "Brev-id", "Rad", "Brev", "Rolle", "Sider", "Ark", "Legges ved for hånd"],
            [
                ["1", "7KQ4MZ2P", "2026/0141", "Notice", "part", "3", "2", ""],
                ["2", "ABCDEFGH", "2026/0142", "Agreement", "kopi", "4", "3", "2026-0142 ABCDEFGH hours.xlsx"],
                ["–", "QRSTUVWX", "2026/0143", "Notice", "til saken", "–", "–", "Mangler her: skriv det ut fra Word"],
            ],
        ),
    ],
)
def test_the_list_says_what_follows_and_what_is_missing(
    language: str, title: str, line: str, headings: list[str], rows: list[list[str]]
) -> None:
    document = docx.Document(io.BytesIO(print_list(LETTERS, 2, date(2026, 11, 23), texts_in(language))))
    assert [paragraph.text for paragraph in document.paragraphs] == [title, line]
    assert document.core_properties.title == title
    [table] = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [headings, *rows]
