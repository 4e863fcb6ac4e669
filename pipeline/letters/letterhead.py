"""One letterhead for all letters: the headers and footers of one Word file take the place of those of every template.

Word files cannot share a header. Staff edit one file; a template has its place for the letterhead and keeps its own body.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from posixpath import basename
from typing import Any, Final

from lxml import etree

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_REFERENCE: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_TYPES: Final = "[Content_Types].xml"
_NO_RELATIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


def with_letterhead(template: bytes, letterhead: bytes) -> bytes:
    """The template with the letterhead's headers and footers, their pictures and the styles they are set in.

    Args:
        template: a Word file. Only the headers and footers that it has are exchanged: a sheet without stays without.
        letterhead: a Word file; what stands in its body is of no matter.

    Raises:
        zipfile.BadZipFile, KeyError, etree.XMLSyntaxError: one of them is no Word file, or damaged.
    """
    own, shared = _members(template), _members(letterhead)
    places = dict(_places(shared))
    styles: set[str] = set()
    for kind, part in _places(own):
        if kind in places:
            own[part] = shared[places[kind]]
            styles |= set(re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', own[part].decode("utf-8")))
            own[_relations(part)] = _with_pictures(shared, places[kind], own)
    own["word/styles.xml"] = _with_styles(own["word/styles.xml"], shared["word/styles.xml"], styles)
    own[_TYPES] = _with_types(own[_TYPES], shared[_TYPES])
    return _packed(own)


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _relations(part: str) -> str:
    return f"word/_rels/{basename(part)}.rels"


def _places(members: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, str], str]]:
    """Header or footer, for which pages, and the part that holds it."""
    relations = etree.fromstring(members[_relations("document.xml")])
    targets = {item.get("Id"): f"word/{basename(item.get('Target', ''))}" for item in relations}
    document = etree.fromstring(members["word/document.xml"])
    for kind in ("headerReference", "footerReference"):
        for reference in document.iter(_W + kind):
            yield (kind, reference.get(f"{_W}type", "default")), targets[reference.get(_REFERENCE)]


def _with_pictures(shared: Mapping[str, bytes], part: str, own: dict[str, bytes]) -> bytes:
    """The relations of a letterhead's part, its pictures laid beside the template's under names of their own."""
    relations = etree.fromstring(shared.get(_relations(part), _NO_RELATIONS))
    for item in relations:
        target = f"word/{item.get('Target')}"
        if item.get("TargetMode") != "External" and target in shared:
            name = f"media/letterhead-{basename(target)}"
            own[f"word/{name}"] = shared[target]
            item.set("Target", name)
    return bytes(etree.tostring(relations, xml_declaration=True, encoding="UTF-8", standalone=True))


def _with_styles(own: bytes, shared: bytes, names: set[str]) -> bytes:
    styles, others = etree.fromstring(own), etree.fromstring(shared)
    present: dict[Any, Any] = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    for style in others.iter(f"{_W}style"):
        if style.get(f"{_W}styleId") not in names:
            continue
        replaced = present.get(style.get(f"{_W}styleId"))
        if replaced is not None:
            styles.replace(replaced, deepcopy(style))
        else:
            styles.append(deepcopy(style))
    return bytes(etree.tostring(styles, xml_declaration=True, encoding="UTF-8", standalone=True))


def _with_types(own: bytes, shared: bytes) -> bytes:
    """The content types, with those of the letterhead's pictures."""
    types, others = etree.fromstring(own), etree.fromstring(shared)
    known = {item.get("Extension") for item in types}
    for item in others:
        if item.get("Extension") is not None and item.get("Extension") not in known:
            types.insert(0, deepcopy(item))
    return bytes(etree.tostring(types, xml_declaration=True, encoding="UTF-8", standalone=True))
