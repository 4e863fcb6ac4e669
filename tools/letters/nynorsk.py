"""The nynorsk variant of a letter or a form: the bokmål document with its words exchanged, fields and layout untouched."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.oxml.ns import qn

from tools.letters.sheet import packed

_WORDS: Final = tomllib.loads((Path(__file__).parent / "nynorsk.toml").read_text(encoding="utf-8"))
LETTERS: Final = tuple(_WORDS["titles"])
"""The documents that exist in nynorsk: those to users, applicants and guardians, with their enclosures."""

FORMS: Final = tuple(_WORDS["forms"])
"""The ready forms that exist in nynorsk: those that users, guardians and applicants write."""

_TAG: Final = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
LANGUAGE: Final = "nn-NO"


def in_nynorsk(name: str, content: bytes, kept: Sequence[str] = ()) -> bytes:
    """The document in nynorsk.

    Args:
        name: of the letter or the form, for its title.
        content: the bokmål document; each of its paragraphs is one run, or runs and fields in turn.
        kept: words that stay as they are wherever they stand, as merge fields do.

    Raises:
        KeyError: a text that ``nynorsk.toml`` does not have.
    """
    document = Document(io.BytesIO(content))
    title = {**_WORDS["titles"], **_WORDS["forms"]}[name]
    tags = re.compile("|".join((_TAG.pattern, *(f"({re.escape(words)})" for words in kept))))
    for element in document.element.body.iter(qn("w:t")):
        element.text = _translated(element.text or "", title, tags)
    for field, attribute in ((qn("w:alias"), qn("w:val")), (qn("w:listItem"), qn("w:displayText"))):
        for element in document.element.body.iter(field):
            element.set(attribute, _words(element.get(attribute)))
    for section in document.sections:  # a form's title stands at the foot of its other pages, too
        for element in section.footer._element.iter(qn("w:t")):  # noqa: SLF001 -- python-docx hides the element
            element.text = (element.text or "").replace(document.core_properties.title, title)
    roots: tuple[Any, ...] = (document.styles.element, document.settings.element)
    for root in roots:
        for mark in (*root.iter(qn("w:lang")), *root.iter(qn("w:themeFontLang"))):
            mark.set(qn("w:val"), LANGUAGE)
    document.core_properties.title, document.core_properties.language = title, LANGUAGE
    return packed(document)


def _translated(text: str, title: str, tags: re.Pattern[str]) -> str:
    if text.startswith(("{%p", "{%tr")):
        return text
    for words, others in _WORDS["words"].items():
        text = text.replace(words, others)
    text = text.replace("{{ brev.tittel }}", title)
    if text == title:
        return text
    return "".join(part if tags.fullmatch(part) else _words(part) for part in tags.split(text) if part)


def _words(part: str) -> str:
    bare = part.strip()
    if not bare or bare in _OWN:
        return part
    return part.replace(bare, _WORDS["texts"][bare])


_OWN: Final = frozenset(re.sub(_TAG, "\n", " ".join(_WORDS["words"].values())).split("\n")) - {""}
"""What the exchanged words already say in nynorsk."""
