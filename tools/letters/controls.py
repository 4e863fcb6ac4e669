"""Fields that people fill in with Word: content controls, each with a name that screen readers say.

A form is written with marks in its texts, and the finished document gets a control in the place of each.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.run import Run

from tools.letters.sheet import packed

_OPEN, _CLOSE, _BETWEEN = "\ue010", "\ue011", "\ue012"
_MARK: Final = re.compile(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})")
_W14: Final = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_EMPTY: Final = "\u2002" * 5
"""What an empty field shows: room to click in, and nothing on paper that is filled in by hand."""
_GREY: Final = '<w:rPr><w:color w:val="595959"/></w:rPr>'
_BOXES: Final = '<w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic" w:hint="eastAsia"/></w:rPr>'


def text(label: str) -> str:
    """A field for words, as many lines as they take."""
    return _mark("text", label)


def day(label: str) -> str:
    """A date, typed or picked from a calendar."""
    return _mark("day", label)


def tick(label: str) -> str:
    """A box to tick, and its label after it."""
    return f"{_mark('tick', label)} {label}"


def box(label: str) -> str:
    """A box to tick whose label stands elsewhere."""
    return _mark("tick", label)


def choice(label: str, *choices: str) -> str:
    """One of several."""
    return _mark("choice", label, *choices)


def _mark(kind: str, *words: str) -> str:
    return f"{_OPEN}{_BETWEEN.join((kind, *words))}{_CLOSE}"


def fillable(content: bytes) -> bytes:
    """The document with a control in the place of each mark; each of its paragraphs is one run."""
    document = Document(io.BytesIO(content))
    numbers = count(1)
    for element in list(document.element.body.iter(qn("w:r"))):
        run = Run(element, document)
        if _OPEN in run.text:
            for part in _parts(run, numbers):
                element.addprevious(part)
            element.getparent().remove(element)
    return packed(document)


def _parts(run: Run, numbers: Iterator[int]) -> Iterator[Any]:
    for part in filter(None, _MARK.split(run.text)):
        if part.startswith(_OPEN):
            kind, label, *choices = part.strip(_OPEN + _CLOSE).split(_BETWEEN)
            yield _control(kind, label, choices, next(numbers))
        else:
            yield parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve">{_escaped(part)}</w:t></w:r>')


def _control(kind: str, label: str, choices: list[str], number: int) -> Any:
    placeholder = "<w:showingPlcHdr/>"
    match kind:
        case "text":
            what, shown, looks = f'{placeholder}<w:text w:multiLine="1"/>', _EMPTY, ""
        case "day":
            what = (
                f'{placeholder}<w:date><w:dateFormat w:val="dd.MM.yyyy"/><w:lid w:val="nb-NO"/>'
                '<w:storeMappedDataAs w:val="dateTime"/><w:calendar w:val="gregorian"/></w:date>'
            )
            shown, looks = _EMPTY, ""
        case "tick":
            what = (
                f'<w14:checkbox {_W14}><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
                '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
            )
            shown, looks = "☐", _BOXES
        case _:
            items = "".join(f"<w:listItem w:displayText={quoteattr(item)} w:value={quoteattr(item)}/>" for item in choices)
            what, shown, looks = f"{placeholder}<w:dropDownList>{items}</w:dropDownList>", "Velg", _GREY
    return parse_xml(
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val={quoteattr(label)}/><w:tag w:val="felt{number}"/>'
        f'<w:id w:val="{number}"/>{what}</w:sdtPr>'
        f'<w:sdtContent><w:r>{looks}<w:t xml:space="preserve">{shown}</w:t></w:r></w:sdtContent></w:sdt>',
    )


def _escaped(part: str) -> str:
    return part.replace("&", "&amp;").replace("<", "&lt;")
