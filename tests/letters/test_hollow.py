"""What conditions leave empty: Word opens no document with a cell without a paragraph, or a table without rows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree

from pipeline.letters.compiled import Whole
from pipeline.letters.fill import Filling, fill
from pipeline.letters.hollow import may_be_hollow
from pipeline.letters.template import TemplateEnvironment
from tests.letters.made_up import case, person, planned, profile, templates, view

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NEEDED = {
    "tc": ("p",),
    "tr": ("tc",),
    "tbl": ("tr",),
    "hdr": ("p", "tbl"),
    "ftr": ("p", "tbl"),
    "txbxContent": ("p", "tbl"),
}

IF = ("{%p if case.decided %}", "x", "{%p endif %}")
"""A paragraph that this case's letters never have."""


def _p(*texts: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def _row(*cells: str) -> str:
    return f"<w:tr>{''.join(f'<w:tc><w:tcPr/>{cell}</w:tc>' for cell in cells)}</w:tr>"


def _table(*rows: str) -> str:
    return f'<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w="2000"/></w:tblGrid>{"".join(rows)}</w:tbl>'


def _body(xml: str) -> Callable[[Any], None]:
    def build(made: Any) -> None:
        for element in reversed(list(parse_xml(f"<w:body {nsdecls('w')}>{xml}{_p('end')}</w:body>"))):
            made.element.body.insert(0, element)

    return build


def _header(made: Any) -> None:
    header = made.sections[0].header
    for text in IF:
        header.add_paragraph(text)
    header._element.remove(header.paragraphs[0]._p)


HOLLOW: dict[str, Callable[[Any], None]] = {
    "a cell of one condition": _body(_table(_row(_p(*IF)))),
    "a cell of one loop": _body(_table(_row(_p("{%p for g in case.guardians %}", "{{ g.name }}", "{%p endfor %}")))),
    "a cell that ends in a table": _body(_table(_row(_table(_row(_p("in it"))) + _p(*IF)))),
    "a table that comes and goes": _body(
        _table(_row(_p("one") + _p("{%p if not case.decided %}") + _table(_row(_p("two"))) + _p("{%p endif %}")))
    ),
    "a table of repeated rows": _body(
        _table(_row(_p("{%tr for g in case.guardians %}")), _row(_p("{{ g.name }}")), _row(_p("{%tr endfor %}")))
    ),
    "a row of conditional cells": _body(_table(_row(_p("{%tc if case.decided %}"), _p("x"), _p("{%tc endif %}")))),
    "a header": _header,
    "a text box": _body(f"<w:p><w:r><w:pict><w:txbxContent>{_p(*IF)}</w:txbxContent></w:pict></w:r></w:p>"),
}


def _letter(build: Callable[[Any], None], *, whole: bool) -> bytes:
    made = docx.Document()
    build(made)
    out = io.BytesIO()
    made.save(out)
    seen = view(profile({"dated": "received"}), person("P-1"), case(person="P-1", received=date(2026, 11, 10)))
    found, environment = templates(notice__docx=out.getvalue()), TemplateEnvironment(seen.rules.calendar)
    if whole:
        template = found["notice.docx"]
        environment._ways[template.digest] = Whole(template.content, environment)
    (letter,), _ = fill(planned(seen), Filling(seen, found, environment))
    return bytes(letter.content)


@pytest.mark.parametrize("whole", [False, True], ids=["compiled", "as docxtpl"])
@pytest.mark.parametrize("build", HOLLOW.values(), ids=HOLLOW)
def test_what_word_needs_is_there_whatever_the_conditions_say(build: Callable[[Any], None], *, whole: bool) -> None:
    with zipfile.ZipFile(io.BytesIO(_letter(build, whole=whole))) as package:
        parts = [
            etree.fromstring(package.read(name)) for name in package.namelist() if name.startswith(("word/document", "word/h"))
        ]
    for part in parts:
        for name, needed in NEEDED.items():
            for element in part.iter(f"{W}{name}"):
                assert any(element.find(f"{W}{each}") is not None for each in needed), name
        assert all(cell[-1].tag == f"{W}p" for cell in part.iter(f"{W}tc"))


@pytest.mark.parametrize(
    "source",
    [
        "<w:tc><w:p>a</w:p>{% if x %}<w:p>b</w:p>{% endif %}</w:tc>",
        "{% for x in y %}<w:tr><w:tc><w:p/></w:tc></w:tr>{% endfor %}",
        "<w:tc><w:p><w:r><w:t>{% if x %}a{% endif %}</w:t></w:r></w:p></w:tc>",
        "<w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/></w:tc>",
        "{% set x %}a{% endset %}{% set y = 1 %}<w:tc><w:p/></w:tc>",
    ],
)
def test_a_part_that_always_holds_what_it_must_is_left_alone(source: str) -> None:
    assert not may_be_hollow(source)


def test_what_a_set_keeps_does_not_fill_a_cell() -> None:
    assert may_be_hollow("<w:tc>{% set x %}<w:p/>{% endset %}</w:tc>")
