"""The one look of every letter and form: paper, styles, letterhead, window address, tables, signatures, file bytes.

Staff own the Word files that come out of this: they edit styles and text there. Each paragraph is a single run, so no merge
field is ever split. Measures are millimetres, type sizes points.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer, _Header
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

TYPEFACE = "Calibri"
INK = RGBColor(0x17, 0x4A, 0x5B)
GREY = RGBColor(0x59, 0x59, 0x59)
RULE_COLOUR = "174A5B"
MADE = datetime(2026, 1, 1, tzinfo=UTC)
ZIP_DAY = (2026, 1, 1, 0, 0, 0)

MARGIN = 25.0
TOP = 25.0
TEXT_WIDTH = 160.0
ADDRESS_WIDTH = 100.0
"""Ends at 125 mm from the left edge: past the widest window (C5, 120 mm), so the reference block never shows in it."""
ADDRESS_DROP = 20.0
"""From the top margin to the address: it begins 45 mm from the edge and five lines end at 69 mm, inside E6/5, C5 and C4."""
ADDRESS_HEIGHT = 60.0
"""From the top margin to the first line of the letter: 85 mm from the edge, below every window. Exact, whatever the address."""

SIGNING_ROOM = 34.0
"""Points above a name that is signed by hand."""

TABLE_STYLE = f"""
<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Brevtabell">
  <w:name w:val="Brevtabell"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="1"/><w:qFormat/>
  <w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr>
  <w:tblPr><w:tblBorders>
    <w:top w:val="single" w:sz="8" w:space="0" w:color="{RULE_COLOUR}"/>
    <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{RULE_COLOUR}"/>
    <w:insideH w:val="single" w:sz="4" w:space="0" w:color="8A9BA1"/>
    <w:insideV w:val="single" w:sz="4" w:space="0" w:color="D0D8DB"/>
  </w:tblBorders></w:tblPr>
  <w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr>
    <w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="E4EDF0"/></w:tcPr></w:tblStylePr>
</w:style>"""


@dataclass(frozen=True, slots=True)
class Type:
    """How a paragraph style sets its text: size and spacing in points."""

    size: float
    before: float = 0
    after: float = 0
    line: float = 1.0
    bold: bool = False
    colour: RGBColor | None = None


STYLES = {
    "Normal": Type(11, after=7, line=1.1),
    "Heading 1": Type(17, before=4, after=8, bold=True, colour=INK),
    "Heading 2": Type(12, before=9, after=3, bold=True, colour=INK),
    "List Bullet": Type(11, after=1, line=1.1),
    "List Number": Type(11, after=1, line=1.1),
    "Avsender": Type(16, bold=True, colour=INK),
    "Enhet": Type(10, after=3, colour=GREY),
    "Adresse": Type(11),
    "Referanse": Type(10, line=1.1),
    "Tabell": Type(10.5, before=2, after=2),
    "Avslutning": Type(11, line=1.1),
    "Sluttmerke": Type(1),
    "Merknad": Type(9.5, before=8, colour=GREY),
    "Bunntekst": Type(8.5, colour=GREY),
    "Styring": Type(8, colour=RGBColor(0x9A, 0x5B, 0x00)),
}
"""«Styring» is for the paragraphs that hold nothing but {%p … %}: small and brown in the template, gone in the letter.
«Sluttmerke» is the empty line that Word wants after a table at the end."""

KEPT_WITH_NEXT = frozenset({"Heading 1", "Heading 2"})


@dataclass(frozen=True, slots=True)
class House:
    """What differs from office to office in what every letter has: language, standing words, merge fields.

    Attributes:
        language: the documents', as Word writes it.
        sender: the letterhead's two lines: the municipality and its unit.
        foot: the lines at the foot of the first page.
        running: what stands at the foot of the other pages, before the page number.
        page: the words before the page's number and before how many there are.
        recipient: merge field of the name in the window.
        address: the line of the address, and the loop over the address that it comes from.
        references: labels of the case, the date, the handler and the telephone.
        date: merge field of the letter's date.
        questions: the heading above whom to ask.
        greeting: above who writes.
        company: the last lines, each with what makes it appear: enclosures, other parties, copies.
        signature: what is written below the lines to sign on.
        address_first: the window is on the left; else on the right, and the references stand on the left.
        signed: merge field that says whether people sign by hand; empty where nobody does.
        styles: names of the paragraph styles that staff meet in Word, where they are not the Norwegian ones.
    """

    language: str
    sender: tuple[str, str]
    foot: tuple[str, ...]
    running: str
    page: tuple[str, str]
    recipient: str
    address: tuple[str, str]
    references: tuple[str, str, str, str]
    date: str
    questions: str
    greeting: str
    company: tuple[tuple[str, str], ...]
    signature: tuple[str, str]
    address_first: bool = True
    signed: str = ""
    styles: Mapping[str, str] = field(default_factory=dict)


NORWEGIAN = House(
    language="nb-NO",
    sender=("{{ kontor.kommune }}", "{{ kontor.enhet }}"),
    foot=(
        "{{ kontor.kommune }}, {{ kontor.enhet }} · {{ kontor.postadresse }} · Besøk: {{ kontor.besøksadresse }}",
        "Telefon {{ kontor.telefon }} · {{ kontor.epost }} · {{ kontor.nettside }} · Org.nr. {{ kontor.organisasjonsnummer }}",
    ),
    running="{{ kontor.kommune }} · Brev {{ brev.id }} · {{ brev.dato }}",
    page=("Side", "av"),
    recipient="{{ mottaker.navn }}",
    address=("linje", "mottaker.adresse"),
    references=("Vår referanse", "Dato", "Saksbehandler", "Telefon"),
    date="{{ brev.dato }}",
    questions="Har du spørsmål?",
    greeting="Med vennlig hilsen",
    company=(
        ("brev.vedlegg", "Vedlegg: {{ brev.vedlegg }}"),
        ("brev.parter and mottaker.rolle == 'to'", "Brevet er også sendt til: {{ brev.parter }}"),
        ("brev.kopi_til", "Kopi til: {{ brev.kopi_til }}"),
    ),
    signature=("Sted og dato", "Underskrift"),
    signed="brev.underskrives",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row, printed only where its condition holds (an empty one always does), or for each value of a loop."""

    cells: tuple[str, ...]
    when: str = ""
    each: str = ""


class Sheet:
    """A Word document in the house's look, written from top to bottom."""

    def __init__(self, title: str, house: House = NORWEGIAN) -> None:
        """Starts an A4 document.

        Args:
            title: shown by Word and screen readers as the document's name; no merge fields.
            house: whose letter it is.
        """
        self.house = house
        self._document: WordDocument = Document()
        self._place: WordDocument | _Cell = self._document
        self._space_next: Length | None = None
        self._drop_thumbnail()
        self._drop_unused_looks()
        self._set_up_styles()
        self._set_up_word()
        self._set_up_page()
        properties = self._document.core_properties
        properties.title, properties.language = title, house.language
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = MADE

    def title(self, text: str) -> None:
        """The document's only first-level heading."""
        self._paragraph(text, "Heading 1")

    def heading(self, text: str, *, new_page: bool = False) -> None:
        """A section's heading; never left alone at the foot of a page, and where asked for on top of the next one."""
        self._paragraph(text, "Heading 2").paragraph_format.page_break_before = new_page or None

    def text(self, text: str, *, keep: bool = False) -> None:
        """A paragraph; ``keep`` holds it on the page of what follows."""
        self._paragraph(text, "Normal", keep=keep)

    def lead_in(self, text: str) -> None:
        """The line that announces a list, close to it."""
        self._paragraph(text, "Normal", keep=True).paragraph_format.space_after = Pt(2)

    def note(self, text: str) -> None:
        """Small print."""
        self._paragraph(text, "Merknad")

    def bullets(self, *items: str, goes_on: bool = False) -> None:
        """A list in which the order does not matter, held together on one page; ``goes_on`` where more bullets follow."""
        self._list(items, "List Bullet", goes_on=goes_on)

    def steps(self, *items: str) -> None:
        """A numbered list, once in a document: a second one would go on counting."""
        self._list(items, "List Number")

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """What is written inside is printed only where the condition holds."""
        self._paragraph(f"{{%p if {condition} %}}", "Styring")
        yield
        self._paragraph("{%p endif %}", "Styring")

    def each(self, loop: str, item: str) -> None:
        """A bullet for each value of a loop such as ``hjemmel in brev.hjemler``, held together on one page."""
        self._paragraph(f"{{%p for {loop} %}}", "Styring")
        with self.when("not loop.last"):
            self._paragraph(item, "List Bullet", keep=True)
        with self.when("loop.last"):
            self._paragraph(item, "List Bullet")
        self._paragraph("{%p endfor %}", "Styring")

    def table(self, headings: Sequence[str], rows: Sequence[Row], widths: Sequence[float], *, row_height: float = 0) -> None:
        """A table with a header row.

        Args:
            headings: of the columns.
            rows: below them.
            widths: of the columns; together the text's width, 160 mm.
            row_height: least height of the rows, where people write in them by hand.
        """
        table = self._table(widths)
        table.style = self._document.styles["Brevtabell"]
        header = table.rows[0]
        _add_to_row(header, "w:tblHeader")
        _write_row(header, headings)
        for row in rows:
            if row.when or row.each:
                opening = f"if {row.when}" if row.when else f"for {row.each}"
                _write_row(_add_row(table), (f"{{%tr {opening} %}}",), style="Styring")
            body = _add_row(table)
            _write_row(body, row.cells)
            if row_height:
                body.height, body.height_rule = Mm(row_height), WD_ROW_HEIGHT_RULE.AT_LEAST
            if row.when or row.each:
                closing = "endif" if row.when else "endfor"
                _write_row(_add_row(table), (f"{{%tr {closing} %}}",), style="Styring")
        for row_ in table.rows:
            _add_to_row(row_, "w:cantSplit")
        self._space_next = Pt(8)

    def signatures(self, *signers: str) -> None:
        """Lines for one or two people to sign on, side by side, held together with their heading."""
        self._signature_row(signers, "Avslutning")
        for label in self.house.signature:
            self._signature_row(["_" * 34] * len(signers), "Avslutning", before=20)
            self._signature_row([label] * len(signers), "Bunntekst", keep=label != self.house.signature[-1])

    def letter_top(self, reference: str, handler: str, telephone: str) -> None:
        """The address in the window and the reference block beside it.

        Args:
            reference: merge field of the case number or of the letter's id.
            handler: merge field of the case handler's name; empty where the office itself writes.
            telephone: merge field.
        """
        house = self.house
        widths = [ADDRESS_WIDTH, TEXT_WIDTH - ADDRESS_WIDTH] if house.address_first else [TEXT_WIDTH / 2, TEXT_WIDTH / 2]
        table = self._table(widths)
        table.rows[0].height, table.rows[0].height_rule = Mm(ADDRESS_HEIGHT), WD_ROW_HEIGHT_RULE.EXACTLY
        address, references = table.rows[0].cells if house.address_first else reversed(table.rows[0].cells)
        for cell in (address, references):
            _set_cell_margins(cell, ADDRESS_DROP)
        line, lines = house.address
        _write_cell(address, house.recipient, "Adresse")
        address.add_paragraph(f"{{%p for {line} in {lines} %}}", "Styring")
        address.add_paragraph(f"{{{{ {line} }}}}", "Adresse")
        address.add_paragraph("{%p endfor %}", "Styring")
        told = zip(house.references, (reference, house.date, handler, telephone), strict=True)
        first, *others = (f"{label}: {value}" for label, value in told if value)
        _write_cell(references, first, "Referanse")
        for other in others:
            references.add_paragraph(other, "Referanse")

    def closing(
        self, questions: str, signer: str, approval: str, *, also: str = "", enclosed: tuple[str, str] | None = None
    ) -> None:
        """Where to ask, who writes, enclosures and copies: never a page of its own.

        Args:
            questions: whom the reader can ask.
            signer: who writes.
            approval: why there is no ink, where nobody signs by hand.
            also: who signs besides, where people do.
            enclosed: what people enclose that no file is made for: when, and the line that says so.
        """
        self._document.paragraphs[-1].paragraph_format.keep_with_next = True
        with self.unsplit():
            self.heading(self.house.questions)
            self.text(questions, keep=True)
            greeting = self._paragraph(self.house.greeting, "Avslutning", keep=True)
            greeting.paragraph_format.space_before = Pt(10)
            greeting.paragraph_format.space_after = Pt(8)
            if self.house.signed:
                with self.when(self.house.signed):
                    self._signed_by(signer, also)
                with self.when(f"not {self.house.signed}"):
                    self._approved(signer, approval)
            else:
                self._approved(signer, approval)
            for condition, line in (*filter(None, (enclosed,)), *self.house.company):
                with self.when(condition):
                    self._paragraph(line, "Merknad", keep=line != self.house.company[-1][1])

    def _approved(self, signer: str, approval: str) -> None:
        self._paragraph(signer, "Avslutning", keep=True)
        self._paragraph(self.house.sender[1], "Avslutning", keep=True)
        self._paragraph(approval, "Merknad", keep=True)

    def _signed_by(self, *signers: str) -> None:
        """Room to sign above each name."""
        for signer in filter(None, signers):
            self._paragraph(signer, "Avslutning", keep=True).paragraph_format.space_before = Pt(SIGNING_ROOM)
        self._paragraph(self.house.sender[1], "Avslutning", keep=True)

    @contextmanager
    def unsplit(self) -> Iterator[None]:
        """Holds a block on one page in a row that may not break: LibreOffice does not always keep paragraphs together."""
        table = self._table([TEXT_WIDTH])
        _add_to_row(table.rows[0], "w:cantSplit")
        cell = table.rows[0].cells[0]
        _set_cell_margins(cell, 0)
        self._place = cell
        yield
        self._place = self._document
        first = cell.paragraphs[0]._p  # noqa: SLF001 -- the paragraph that every new cell has; python-docx cannot delete
        first.getparent().remove(first)
        self._paragraph("", "Sluttmerke")

    def new_letterhead(self) -> None:
        """What follows begins on a new page with letterhead, to be used by itself."""
        self._document.add_section(WD_SECTION.NEW_PAGE)

    def exchange(self, words: Mapping[str, str]) -> None:
        """Other words in all that is written so far, for a document that differs from another in little."""
        for element in self._document.element.body.iter(qn("w:t")):
            for old, new in words.items():
                element.text = (element.text or "").replace(old, new)

    def content(self) -> bytes:
        """The file's bytes, the same each time."""
        for style in self._document.styles:
            if style.name in self.house.styles:
                style.name = self.house.styles[style.name]
        return packed(self._document)

    def _paragraph(self, text: str, style: str, *, keep: bool = False) -> Paragraph:
        paragraph = self._place.add_paragraph(text, style)
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        if self._space_next and style not in KEPT_WITH_NEXT:
            paragraph.paragraph_format.space_before = self._space_next
        self._space_next = None
        return paragraph

    def _signature_row(self, texts: Sequence[str], style: str, *, before: float = 0, keep: bool = True) -> None:
        paragraph = self._paragraph("\t".join(texts), style, keep=keep)
        paragraph.paragraph_format.space_before = Pt(before)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH / 2))

    def _list(self, items: Sequence[str], style: str, *, goes_on: bool = False) -> None:
        *others, last = items
        for item in others:
            self._paragraph(item, style, keep=True)
        paragraph = self._paragraph(last, style, keep=goes_on)
        if not goes_on:
            paragraph.paragraph_format.space_after = Pt(7)

    def _table(self, widths: Sequence[float]) -> Table:
        table: Table = self._document.add_table(rows=1, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table

    def _drop_thumbnail(self) -> None:
        package = self._document.part.package
        if package is not None:
            for key in [key for key, relation in package.rels.items() if relation.reltype.endswith("/thumbnail")]:
                del package.rels[key]

    def _drop_unused_looks(self) -> None:
        """python-docx brings a hundred table styles, twice; LibreOffice reads them all again for every letter."""
        relations = self._document.part.rels
        for key in [key for key, relation in relations.items() if relation.reltype.endswith("/stylesWithEffects")]:
            del relations[key]
        for style in list(self._document.styles):
            if style.type == WD_STYLE_TYPE.TABLE and style.name != "Normal Table":
                style.delete()

    def _set_up_styles(self) -> None:
        styles = self._document.styles
        for name, look in STYLES.items():
            style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            if isinstance(style, ParagraphStyle):
                _set_style(style, look, keep=name in KEPT_WITH_NEXT)
        styles.element.append(parse_xml(TABLE_STYLE))
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), self.house.language)
            language.set(qn("w:eastAsia"), self.house.language)

    def _set_up_word(self) -> None:
        settings = self._document.settings.element
        for setting in settings.iter(qn("w:compatSetting")):
            if setting.get(qn("w:name")) == "compatibilityMode":
                setting.set(qn("w:val"), "15")
        for language in settings.iter(qn("w:themeFontLang")):
            language.set(qn("w:val"), self.house.language)

    def _set_up_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(MARGIN)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(22)
        section.header_distance, section.footer_distance = Mm(9), Mm(9)
        section.different_first_page_header_footer = True
        _write_letterhead(section.first_page_header, *self.house.sender)
        _write_lines(section.first_page_footer, *self.house.foot)
        _write_page_number(section.footer, self.house.running, *self.house.page)


def packed(document: WordDocument) -> bytes:
    """The document's file, the same bytes each time."""
    written = io.BytesIO()
    document.save(written)
    made = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return made.getvalue()


def _set_style(style: ParagraphStyle, look: Type, *, keep: bool) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), TYPEFACE)
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold or None, None
    style.font.color.rgb = look.colour if look.colour is not None else RGBColor(0, 0, 0)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(look.before), Pt(look.after)
    style.paragraph_format.line_spacing = look.line
    style.paragraph_format.keep_with_next = keep
    style.paragraph_format.widow_control = True
    style.quick_style = True
    for contextual in style.element.iter(qn("w:contextualSpacing")):
        contextual.set(qn("w:val"), "0")  # LibreOffice more often strands headings below such lists
    style.font.no_proof = style.name == "Styring" or None


def _write_letterhead(header: _Header, municipality: str, office: str) -> None:
    header.is_linked_to_previous = False
    header.paragraphs[0].text = municipality
    header.paragraphs[0].style = "Avsender"
    unit = header.add_paragraph(office, "Enhet")
    borders = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="4" w:color="{RULE_COLOUR}"/></w:pBdr>',
    )
    unit._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")  # noqa: SLF001 -- no call for borders


def _write_lines(footer: _Footer, *lines: str) -> None:
    footer.is_linked_to_previous = False
    first, *others = lines
    footer.paragraphs[0].text = first
    footer.paragraphs[0].style = "Bunntekst"
    for line in others:
        footer.add_paragraph(line, "Bunntekst")


def _write_page_number(footer: _Footer, left: str, page: str, of: str) -> None:
    _write_lines(footer, left)
    paragraph = footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"\t{page} ")
    paragraph._p.append(_field("PAGE"))  # noqa: SLF001 -- python-docx has no call for fields
    paragraph.add_run(f" {of} ")
    paragraph._p.append(_field("NUMPAGES"))  # noqa: SLF001 -- as above


def _field(instruction: str) -> BaseOxmlElement:
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{instruction}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')


def _add_row(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]  # python-docx left the annotation out
    return row


def _add_to_row(row: _Row, flag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(flag))  # noqa: SLF001 -- python-docx has no call for header and unsplit rows


def _write_row(row: _Row, cells: Sequence[str], style: str = "Tabell") -> None:
    for cell, text in zip(row.cells, cells, strict=False):
        _write_cell(cell, text, style)


def _write_cell(cell: _Cell, text: str, style: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.text, paragraph.style = text, style


def _set_cell_margins(cell: _Cell, top: float) -> None:
    margins = parse_xml(
        f'<w:tcMar {nsdecls("w")}><w:top w:w="{round(top / 25.4 * 1440)}" w:type="dxa"/>'
        '<w:left w:w="0" w:type="dxa"/></w:tcMar>',
    )
    cell._tc.get_or_add_tcPr().append(margins)  # noqa: SLF001 -- python-docx has no call for cell margins
