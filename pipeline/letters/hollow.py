"""What conditions leave empty although Word needs something in it: a cell without a paragraph, a table without rows.

Word says of such a document that it cannot be read, and opens nothing of it; the merge library makes it all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXTS: Final = frozenset(("tc", "hdr", "ftr", "footnote", "txbxContent"))
"""What holds paragraphs, and may not be without; a cell also ends in one."""
BLOCKS: Final = ("if", "for", "macro", "call", "filter", "block", "with", "autoescape")
"""The statements of Jinja2 that have an end; ``set`` has one only where it sets no value itself."""

_STEP: Final = re.compile(
    rf"\{{%[-+]?\s*(?:(?P<begin>{'|'.join(BLOCKS)}|set(?=\s[^=%]*%))|(?P<end>end)(?:{'|'.join(BLOCKS)}|set))\b"
    rf"|<(?P<close>/?)w:(?P<element>tbl|tr|p|{'|'.join(sorted(_TEXTS))})(?:\s[^>]*?)?(?P<empty>/?)>"
)


@dataclass(slots=True)
class _Holder:
    """What must hold something.

    Attributes:
        element: its name.
        depth: how many blocks are open round it.
        safe: it holds what it needs, whatever the conditions within it say.
    """

    element: str
    depth: int
    safe: bool = False


def may_be_hollow(source: str) -> bool:
    """Whether the conditions and loops of a prepared part can take away all that something in it must hold."""
    depth = 0
    holders: list[_Holder] = []
    for step in _STEP.finditer(source):
        depth += bool(step["begin"]) - bool(step["end"])
        element = step["element"]
        around = holders[-1] if holders else None
        if not element or (element == "p" and step["close"]):
            continue
        if step["close"]:
            if around is not None and around.element == element:
                if not holders.pop().safe:
                    return True
                if element == "tbl" and holders:
                    holders[-1].safe = holders[-1].safe and holders[-1].element != "tc"
            continue
        if around is not None and depth == around.depth and element in _needed(around.element):
            around.safe = True
        if element != "p" and not step["empty"]:
            holders.append(_Holder(element, depth))
    return False


def _needed(element: str) -> frozenset[str]:
    """What an element must hold one of."""
    match element:
        case "tbl":
            return frozenset(("tr",))
        case "tr":
            return frozenset(("tc",))
        case "tc":
            return frozenset(("p",))
    return frozenset(("p", "tbl"))


def mended(xml: str) -> str:
    """The part with an empty paragraph where one has to be, and without rows and tables that hold nothing."""
    head, tree = _parsed(xml)
    empty = [row for row in tree.iter(f"{_W}tr") if _is_without(row, "tc")]
    _drop(empty)
    tables = [table for table in tree.iter(f"{_W}tbl") if _is_without(table, "tr")]
    _drop(tables)
    lacking = [holder for holder in tree.iter(*(f"{_W}{name}" for name in sorted(_TEXTS))) if _lacks_paragraph(holder)]
    for holder in lacking:
        etree.SubElement(holder, f"{_W}p")
    return f"{head}{etree.tostring(tree, encoding='unicode')}" if empty or tables or lacking else xml


def _parsed(xml: str) -> tuple[str, Any]:
    declaration = re.match(r"<\?xml[^>]*\?>\s*", xml)
    head = declaration[0] if declaration else ""
    return head, etree.fromstring(xml[len(head) :].encode())


def _is_without(element: Any, needed: str) -> bool:
    return next(element.iter(f"{_W}{needed}"), None) is None


def _drop(elements: list[Any]) -> None:
    for element in elements:
        element.getparent().remove(element)


def _lacks_paragraph(holder: Any) -> bool:
    """Whether what must end in a paragraph, or hold one, does not; content controls have theirs in them."""
    blocks = list(_blocks(holder))
    return not blocks or (holder.tag == f"{_W}tc" and blocks[-1].tag == f"{_W}tbl")


def _blocks(holder: Any) -> Iterator[Any]:
    return (child for child in holder if child.tag in _BLOCK_TAGS)


_BLOCK_TAGS: Final = frozenset(f"{_W}{name}" for name in ("p", "tbl", "sdt", "customXml", "altChunk"))
