"""Letters as drafts: «DRAFT» across each page, and a mark where something is missing, for those who mend the register.

A draft is no letter: nobody sends it, and the ledger never hears of it.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from markupsafe import Markup

from pipeline.calendars import Calendar
from pipeline.findings import Finding
from pipeline.letters.budget import Budget
from pipeline.letters.fields import Blank, Printer, Voice
from pipeline.letters.template import TemplateEnvironment
from pipeline.profile.expressions import CellError
from pipeline.register.model import FaultyCell
from pipeline.texts import Texts

_OPEN, _CLOSE = "\ue000", "\ue001"
"""Stand round a mark until it is highlighted; no font has signs of private use, so no letter holds them."""

_MARKED: Final = re.compile(f"({_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE})")


class Mark(str):
    """What stands where something is missing; whatever is made with it is the mark again."""

    __slots__ = ()

    def _absorb(self, *_: object) -> Mark:
        return self

    def __call__(self, *_: object, **__: object) -> Mark:
        """What is asked of it is the mark."""
        return self

    def __iter__(self) -> Iterator[Mark]:
        """A list of the mark alone."""
        yield self

    def _false(self, _: object) -> bool:
        return False

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _absorb
    __mod__ = __rmod__ = __floordiv__ = __neg__ = __getitem__ = _absorb
    __lt__ = __le__ = __gt__ = __ge__ = _false


class DraftEnvironment(TemplateEnvironment):
    """The sandbox of templates, in which a missing value is its mark all the way to the paper."""

    drafts = True

    def __init__(self, calendar: Calendar, texts: Texts) -> None:
        """Make the sandbox."""
        super().__init__(calendar, texts)
        for name, make in self.filters.items():
            self.filters[name] = _passing(make, everywhere=name == "format")
        for name, make in self.globals.items():
            self.globals[name] = _passing(make, everywhere=True)

    def printer(self, voice: Voice, tell: Callable[[Blank], Iterable[Finding]]) -> Printer:
        """What puts a draft's values on paper, and marks where there are none."""
        return DraftPrinter(voice, self.budget, tell)

    def __reduce__(self) -> tuple[type[TemplateEnvironment], tuple[Calendar, Texts]]:
        """In another process the templates are compiled again."""
        return DraftEnvironment, (self._calendar, self._texts)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As for letters; a cell that cannot be read is marked as such."""
        if isinstance(obj, Mark):
            return obj
        try:
            return super().getattr(obj, attribute)
        except CellError as error:
            if not isinstance(error.cell, FaultyCell):
                raise
            texts = self._texts
            return _mark(texts("[cannot be read: {what}]", what=_what(error.cell.finding)))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A calculation with a mark in it is the mark."""
        for side in (left, right):
            if isinstance(side, Mark):
                return side
        return super().call_binop(context, operator, left, right)


def _passing(make: Any, *, everywhere: bool) -> Any:
    """A filter that leaves a mark as it is: before it, or among all that it is given."""

    def passing(*args: Any, **kwargs: Any) -> Any:
        given = (*args, *kwargs.values()) if everywhere else args[:2]
        return next((value for value in given if isinstance(value, Mark)), None) or make(*args, **kwargs)

    if hasattr(make, "jinja_pass_arg"):
        passing.jinja_pass_arg = make.jinja_pass_arg  # type: ignore[attr-defined]  # how Jinja2 marks functions
    return passing


class DraftPrinter(Printer):
    """Puts a mark where a field came out empty."""

    def __init__(self, voice: Voice, budget: Budget, tell: Callable[[Blank], Iterable[Finding]]) -> None:
        """Mark blanks by what `tell` finds of them: the cells to fill."""
        super().__init__(voice, budget)
        self._tell = tell

    def noted(self, value: Any, owner: Any, column: str, source: str, root: Any = None) -> Any:
        """The value, or the mark of what is missing."""
        before = len(self.blanks)
        value = super().noted(value, owner, column, source, root)
        return self._mark_of(self.blanks[before:]) if len(self.blanks) > before else value

    def each(self, rows: Any, path: str, source: str) -> Any:
        """The rows, or the mark of what is missing in one of them."""
        before = len(self.blanks)
        rows = super().each(rows, path, source)
        return self._mark_of(self.blanks[before:]) if len(self.blanks) > before else rows

    def show(self, value: Any, source: str = "", root: Any = None) -> Markup:
        """The value as XML text, or the mark of what is missing."""
        before = len(self.blanks)
        text = super().show(value, source, root)
        return super().show(self._mark_of(self.blanks[before:])) if len(self.blanks) > before else text

    def _mark_of(self, blanks: Iterable[Blank]) -> Mark:
        found = dict.fromkeys(_what(finding) for blank in blanks for finding in self._tell(blank))
        texts = self.voice.office
        return _mark(texts("[missing: {what}]", what="; ".join(found)))


def _mark(text: str) -> Mark:
    return Mark(f"{_OPEN}{text}{_CLOSE}")


def _what(finding: Finding) -> str:
    """The heading and the cell; the field as the template names it where it is of no cell."""
    return ", ".join(
        part for part in (finding.heading or str(dict(finding.facts).get("field", "")), str(finding.place)) if part
    )


def as_draft(content: bytes, word: str) -> bytes:
    """A filled Word file with its marks highlighted, and a word across each page."""
    document = docx.Document(io.BytesIO(content))
    for part in document.part.package.iter_parts():
        if hasattr(part, "element"):
            _highlight(part.element)
    even = document.settings.odd_and_even_pages_header_footer
    first = any(section.different_first_page_header_footer for section in document.sections)
    for number, section in enumerate(document.sections):
        headers = [section.header]
        headers += [section.first_page_header] if first else []
        headers += [section.even_page_header] if even else []
        for header in headers:
            if header.is_linked_to_previous and number:
                continue  # it shows the one before, which has the word
            header.is_linked_to_previous = False
            paragraph = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            paragraph._p.append(parse_xml(_WATERMARK.format(names=nsdecls("w"), word=word)))  # noqa: SLF001 -- python-docx has no way of its own
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _highlight(element: Any) -> None:
    for text in list(element.iter(qn("w:t"))):
        pieces = _MARKED.split(text.text or "")
        run = text.getparent()
        if len(pieces) < 2 or run.tag != qn("w:r"):
            continue
        later = list(text.itersiblings())
        place = run
        for piece in filter(None, pieces):
            made = _like(run, piece.strip(_OPEN + _CLOSE), marked=piece.startswith(_OPEN))
            place.addnext(made)
            place = made
        for sibling in later:
            place.append(sibling)
        run.remove(text)
        if all(child.tag == qn("w:rPr") for child in run):
            run.getparent().remove(run)


def _like(run: Any, piece: str, *, marked: bool) -> Any:
    """A run of the same look with another text."""
    made: Any = parse_xml(f'<w:r {nsdecls("w")}><w:t xml:space="preserve"/></w:r>')
    looks = run.find(qn("w:rPr"))
    if looks is not None:
        made.insert(0, copy.deepcopy(looks))
    made[-1].text = piece
    if marked:
        made.get_or_add_rPr().get_or_add_highlight().set(qn("w:val"), "yellow")
    return made


_FORMULAS: Final = (
    *("sum #0 0 10800", "prod #0 2 1", "sum 21600 0 @1", "sum 0 0 @2", "sum 21600 0 @3", "if @0 @3 0", "if @0 21600 @1"),
    *("if @0 0 @2", "if @0 @4 21600", "mid @5 @6", "mid @8 @5", "mid @7 @8", "mid @6 @7", "sum @6 0 @5"),
)
"""How a text fits its shape, as Word writes it into each watermark."""

_PLACE: Final = (
    "position:absolute;margin-left:0;margin-top:0;width:430pt;height:140pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    "mso-position-vertical:center;mso-position-vertical-relative:margin"
)

_WATERMARK: Final = (
    '<w:r {names} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<w:rPr><w:noProof/></w:rPr><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    + "".join(f'<v:f eqn="{formula}"/>' for formula in _FORMULAS)
    + '</v:formulas><v:path textpathok="t" o:connecttype="custom"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{word}"'
    f' style="{_PLACE}" o:allowincell="f" fillcolor="silver" stroked="f"><v:fill opacity=".5"/>'
    '<v:textpath style="font-family:&quot;Arial&quot;;font-size:1pt" string="{word}"/></v:shape></w:pict></w:r>'
)
"""A watermark as Word itself puts it into a header, which LibreOffice shows too."""
