"""A copy of a template with a comment at each mistake, for its author to open in Word or Excel."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import load_workbook
from openpyxl.comments import Comment

from pipeline.letters.contract import TemplateMistake
from pipeline.letters.package import Package, is_too_large
from pipeline.register.saved import saved
from pipeline.texts import Texts

AUTHOR: Final = "Fristbrev"

Words = Callable[[TemplateMistake], str]
"""A mistake as a sentence in the office's language."""


def commented(content: bytes, name: str, mistakes: Sequence[TemplateMistake], words: Words, day: date) -> bytes | None:
    """The file with a comment of this day at each mistake, otherwise as it was; None where none can be put into it."""
    if is_too_large(content):
        return None
    try:
        match Path(name).suffix.lower():
            case ".docx":
                return _document(content, mistakes, words, day)
            case ".xlsx":
                return _workbook(content, mistakes, words)
    except Exception:  # noqa: BLE001 -- a damaged file makes the libraries raise anything; its mistake says so
        return None
    return None


def copy_name(name: str, texts: Texts) -> str:
    """What the copy of a template is called."""
    stem, _, ending = name.rpartition(".")
    return f"{stem} {texts.name('with comments')}.{ending}"


def _document(content: bytes, mistakes: Sequence[TemplateMistake], words: Words, day: date) -> bytes:
    document = docx.Document(io.BytesIO(content))
    body = document.element
    member = str(document.part.partname).lstrip("/")
    paragraphs = list(body.iter(qn("w:p")))
    places = [_place(mistake, member, paragraphs) for mistake in mistakes]  # before any mark stands between
    for mistake, place in zip(mistakes, places, strict=True):
        comment = document.comments.add_comment(words(mistake), author=AUTHOR, initials=AUTHOR[:1])
        comment._comment_elm.set(qn("w:date"), f"{day.isoformat()}T00:00:00Z")  # noqa: SLF001 -- python-docx asks the clock
        _anchor(*place, comment.comment_id)
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package:
        return Package.of({member: package.read(member) for member in package.namelist()}).with_members(())


def _place(mistake: TemplateMistake, member: str, paragraphs: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
    """The paragraph of a comment, and what of it the comment is about.

    Word has comments in the body alone, and none in text boxes: those on other parts stand at the document's beginning,
    those on a box at the paragraph on which it hangs.
    """
    spot = mistake.spot
    if spot is None or spot.member != member:
        return paragraphs[0], list(paragraphs[0])
    paragraph = paragraphs[spot.paragraph]
    boxes = list(paragraph.iterancestors(qn("w:txbxContent")))
    if not boxes:
        return paragraph, list(paragraph)[spot.first : spot.last + 1]
    around = next(boxes[-1].iterancestors(qn("w:p")))
    return around, [next(child for child in around if boxes[-1] in set(child.iter()))]


def _anchor(paragraph: Any, about: Sequence[Any], number: int) -> None:
    """Put a comment's marks round a paragraph's children."""
    begin, end, reference = (OxmlElement(name) for name in ("w:commentRangeStart", "w:commentRangeEnd", "w:r"))
    for mark in (begin, end):
        mark.set(qn("w:id"), str(number))
    sign = OxmlElement("w:commentReference")
    sign.set(qn("w:id"), str(number))
    reference.append(sign)
    texts = [child for child in about if child.tag != qn("w:pPr")]
    if texts:
        texts[0].addprevious(begin)
        texts[-1].addnext(end)
        end.addnext(reference)
    else:
        paragraph.extend((begin, end, reference))


def _workbook(content: bytes, mistakes: Sequence[TemplateMistake], words: Words) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    said: dict[tuple[str, str], list[str]] = {}
    for mistake in mistakes:
        sheet, _, cell = mistake.part.rpartition("!")
        said.setdefault((sheet, cell), []).append(words(mistake))
    for (sheet, cell), sentences in said.items():
        if sheet in workbook.sheetnames:
            workbook[sheet][cell].comment = Comment("\n".join(sentences), AUTHOR, height=160, width=360)
    return saved(workbook)
