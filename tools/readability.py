"""Prints the readability figure (LIX) of every letter template and ready form: ``make readability``.

LIX is the mean number of words in a sentence plus the share, in per cent, of words longer than six letters (Björnsson 1968).
Merge fields count as one short word; rows of tables, the address and the letterhead are no sentences and are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from docx import Document

FOLDER: Final = Path(__file__).resolve().parents[1] / "templates" / "docx"
HIGHEST: Final = 45
"""What no letter of ours may reach: from 45 on a text counts as hard to read."""
SHORT: Final = "felt"
OUTSIDE: Final = {"Styring", "Adresse", "Bunntekst"}
"""Styles of what is no sentence, by their ids: an office may have its own names for them."""


def readability(path: Path) -> float:
    """The LIX of a Word template's body."""
    sentences = [sentence for text in _paragraphs(path) for sentence in re.split(r"[.:!?]+(?:\s|$)", text) if _words(sentence)]
    words = [word for sentence in sentences for word in _words(sentence)]
    if not words:
        return 0.0
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def _paragraphs(path: Path) -> Iterator[str]:
    document = Document(str(path))
    tables = document.tables
    closing = [
        paragraph
        for table in tables
        if len(table.columns) == 1
        for cell in table.rows[0].cells
        for paragraph in cell.paragraphs
    ]
    for paragraph in (*document.paragraphs, *closing):
        text = re.sub(r"\{%.*?%\}", " ", paragraph.text)
        if paragraph.style is not None and paragraph.style.style_id in OUTSIDE:
            continue
        yield re.sub(r"\{\{.*?\}\}", SHORT, text).strip()


def _words(sentence: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", sentence)


def main() -> None:
    for path in sorted(FOLDER.parent.rglob("*.docx")):
        print(f"{readability(path):5.1f}  {path.parent.name}/{path.stem}")


if __name__ == "__main__":
    main()
