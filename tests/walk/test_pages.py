"""How every letter and every variant of it lies on its pages, measured in the PDF: what people look for before they send it."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import docx
import pytest

from pipeline.letters.model import Filled
from pipeline.letters.pdf import Word, convert
from tests.walk.test_demo import assert_in_window
from tests.walk.test_variants import GROUPS, TODAY, VARIANTS, chosen, fill

BODY_ENDS: Final = 278.0
"""Millimetres from the upper edge: below are the office's lines or the page number."""
FEWEST_LINES: Final = 8
"""On a last page: a signature with what it signs, never a leftover."""
GREETINGS: Final = ("Med vennlig hilsen", "Med vennleg helsing")
OWN_SHEET: Final = {"politiattest"}
"""Letters whose second page is a form on a letterhead of its own, to be handed on without the first: no «side 2 av 2»."""
SIGNED: Final = ("signed", "nynorsk signed")


@dataclass(frozen=True)
class Line:
    """A line of print: its edges from the top in millimetres, and its words."""

    top: float
    bottom: float
    text: str


@pytest.mark.long
def test_every_variant_lies_well_on_its_pages(program: Callable[[str], str], tmp_path: Path) -> None:
    """Everything that the demo makes, one of each letter signed by hand, and all variants, in both languages."""
    soffice, pdftotext = program("soffice"), program("pdftotext")
    letters = dict(_letters(tmp_path))
    files = []
    for number, one in enumerate(letters.values()):
        path = tmp_path / f"{number}.docx"
        path.write_bytes(bytes(one.content))
        files.append(Word(path, one.letter.obligation.letter, one.letter.recipient.language, TODAY))
    (tmp_path / "pages").mkdir()
    pages = convert(soffice, files, tmp_path / "pages", lanes=os.cpu_count() or 1)

    assert len(pages) == len(letters)
    wrong = {}
    for number, (name, one) in enumerate(letters.items()):
        headings = {
            paragraph.text
            for paragraph in docx.Document(io.BytesIO(bytes(one.content))).paragraphs
            if paragraph.style is not None and paragraph.style.style_id.startswith("Heading")
        } - {"Underskrift"}  # stands below the line to sign on, too
        if found := list(_wrong(one, _lines(pages[number].path, pdftotext), headings)):
            wrong[name] = found
        if one.letter.recipient.role != "file":
            assert_in_window(pages[number].path, one.letter.recipient, pdftotext)
    assert not wrong


def _letters(folder: Path) -> Iterator[tuple[str, Filled]]:
    @cache
    def filled(group: str) -> tuple[Filled, ...]:
        place = folder / group
        place.mkdir()
        return fill(GROUPS[group], place)

    for one in filled("bokmål"):
        yield f"{one.letter.obligation.letter} {one.letter.obligation.id}", one
    for group in SIGNED:
        yield from {f"{one.letter.obligation.letter}, {group}": one for one in filled(group)}.items()
    for letter, role, group, name in VARIANTS:
        yield name, chosen(filled(group), letter, role, name)


def _wrong(one: Filled, pages: list[list[Line]], headings: set[str]) -> Iterator[str]:
    for number, page in enumerate(pages, start=1):
        body = [line for line in page if line.bottom < BODY_ENDS]
        if body[-1].text in headings:
            yield f"page {number} ends with the heading {body[-1].text!r}"
        greeting = next((place for place, line in enumerate(body) if line.text in GREETINGS), None)
        if greeting is not None and greeting < 4:
            yield f"page {number} begins with the signature"
        if number == len(pages) and len(body) < FEWEST_LINES:
            yield f"the last page has {len(body)} lines"
        if number > 1 and one.letter.obligation.letter not in OWN_SHEET:
            foot = [line.text for line in page if line.bottom >= BODY_ENDS]
            if not any(re.search(rf"^Side {number} av {len(pages)}$", text) for text in foot):
                yield f"page {number} has no number: {foot}"
        if number == 1 and any(re.search(r"Side \d", line.text) for line in page):
            yield "page 1 has a number"


def _lines(path: Path, pdftotext: str) -> list[list[Line]]:
    said = subprocess.run(
        [pdftotext, "-bbox-layout", str(path), "-"], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    return [
        sorted(
            (
                Line(
                    float(top) * 25.4 / 72,
                    float(bottom) * 25.4 / 72,
                    html.unescape(" ".join(re.findall(r"<word[^>]*>(.*?)</word>", words))),
                )
                for top, bottom, words in re.findall(
                    r'<line xMin="[^"]+" yMin="([^"]+)" xMax="[^"]+" yMax="([^"]+)">(.*?)</line>', page, re.DOTALL
                )
            ),
            key=lambda line: line.top,
        )
        for page in said.split("<page ")[1:]
    ]
