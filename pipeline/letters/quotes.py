"""Quotation marks as word processors type them, read as the straight ones that Jinja2 knows, where that is certain."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_OPENING: Final = dict.fromkeys("„“”‟«»", '"') | dict.fromkeys("‚‘’‛", "'")
_CLOSING: Final = {'"': '„“”‟«»"', "'": "‚‘’‛'"}
_DASHES: Final = "\u2013\u2212"  # the long dash that Word makes of a typed one, and the sign for minus

TYPED: Final = re.compile(f"[{''.join(_OPENING)}{_DASHES}]")
"""What word processors make of quotation marks and minus."""


def straight_tags(xml: str) -> str:
    """The XML with the quotation marks in its tags straight, and their letters composed: a Mac may have taken «å» apart."""
    composed = unicodedata.is_normalized("NFC", xml)
    if not TYPED.search(xml) and composed:
        return xml
    return _TAG.sub(lambda tag: straight(tag[0] if composed else unicodedata.normalize("NFC", tag[0])), xml)


def straight(tag: str) -> str:
    """A tag with its quotation marks straight and its minus short.

    Outside of a text none of them can mean anything else. Within a text in straight marks they are text and stay;
    a text that opens with a curly or low mark ends at the next mark of its kind, whichever shape it has.
    """
    if not TYPED.search(tag):
        return tag
    out: list[str] = []
    until = ""
    for character in tag:
        if until:
            closes = character in until
            out.append('"' if closes and '"' in until else "'" if closes else character)
            until = "" if closes else until
        elif character in "\"'":
            out.append(character)
            until = character
        elif character in _OPENING:
            mark = _OPENING[character]
            out.append(mark)
            until = _CLOSING[mark]
        else:
            out.append("-" if character in _DASHES else character)
    return "".join(out)
