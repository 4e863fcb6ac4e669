"""Templates with one feature of docxtpl each, and a letter made both ways: as docxtpl makes it, and compiled."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.section import _Header
from docx.shared import Cm
from docx.table import Table
from docxtpl import DocxTemplate, Listing, RichText, RichTextParagraph
from lxml import etree

from pipeline.calendars import Calendar
from pipeline.letters.compiled import compiled
from pipeline.letters.fields import Printer, Voice
from pipeline.letters.hollow import mended
from pipeline.letters.package import Properties
from pipeline.letters.template import TemplateEnvironment
from pipeline.texts import texts_in

PROPERTIES: Final = Properties("Vedtak", "Sted", "2026/0141", "nb-NO", date(2026, 11, 23))
CORE: Final = "docProps/core.xml"
_FILLED: Final = r"word/(document|header|footer|footnotes)\d*\.xml"
Build = Callable[[Document], None]

TEMPLATES: Final[dict[str, Build]] = {}
"""By the feature, what builds the template."""


# ------------------------------------------------------------------ both ways


def as_docxtpl(content: bytes, context: Mapping[str, Any]) -> Mapping[str, bytes]:
    """The members that docxtpl itself makes: a fresh `DocxTemplate`, its core properties blank."""
    document = DocxTemplate(io.BytesIO(content))
    core = document.get_docx().core_properties
    core.title = core.author = core.subject = core.comments = core.identifier = core.language = ""
    document.render(with_printer(context), jinja_env=_THEIRS, autoescape=True)
    out = io.BytesIO()
    document.save(out)
    return members(out.getvalue())


def opened_by_word(made: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The members with what conditions left empty mended, where Word would not open them otherwise."""
    return {name: mended(data.decode()).encode() if re.match(_FILLED, name) else data for name, data in made.items()}


def as_compiled(content: bytes, contexts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, bytes]]:
    """The members of letters made one after the other from one compiled template."""
    way = compiled(content, environment())
    return [members(bytes(way.render(with_printer(context), PROPERTIES))) for context in contexts]


def environment() -> TemplateEnvironment:
    return TemplateEnvironment(Calendar("NO"), texts_in("nb"))


_THEIRS: Final = environment()
"""docxtpl's, which prepares and renders each letter anew; that Jinja2 compiles the same source once is no part of it."""


def with_printer(context: Mapping[str, Any]) -> dict[str, Any]:
    texts = texts_in("nb")
    return {**context, **Printer(Voice(texts, texts, "NO", PROPERTIES.dated)).names}


def members(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {name: archive.read(name) for name in archive.namelist()}


def canonical(found: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Each part in canonical XML; what is no XML as it is; the core properties, which are ours, left out."""
    return {
        name: etree.tostring(etree.fromstring(content), method="c14n") if name.endswith((".xml", ".rels")) else content
        for name, content in found.items()
        if name != CORE
    }


# ------------------------------------------------------------------ what letters say

_TEXTS: Final = (
    "Kari Nordmann",
    "Berg & Sønn <AS>",
    "{{ 7*7 }} {% if x %}",
    "«Ærlig» “talt” – ’ja’",
    "fire\nlinjer\n\nher",
    "a\tb\tc",
    "ord " * 200,
    "😀 שלום =1+1",
    "x",
    "]]> &amp; &#65;",
)


def context(seed: int) -> Mapping[str, Any]:
    """What a letter says, different for each seed: values as people type them, and those that docxtpl has classes for."""
    dice = random.Random(seed)  # noqa: S311 -- made-up letters
    rich = RichText("vanlig ")
    rich.add(dice.choice(_TEXTS), bold=True, italic=dice.random() < 0.5, color="#ff0000", size=28)
    rich.add("\ttab\nlinje", underline=True, font="Arial", superscript=True)
    paragraphs = RichTextParagraph()
    for _ in range(dice.randint(1, 3)):
        paragraphs.add(dice.choice(_TEXTS), parastyle="Normal")
    return {
        "name": dice.choice(_TEXTS),
        "text": dice.choice(_TEXTS),
        "flag": dice.random() < 0.5,
        "other": dice.random() < 0.5,
        "number": dice.randint(0, 5000),
        "day": date(2026, dice.randint(1, 12), dice.randint(1, 28)),
        "colour": dice.choice(("FF0000", "00FF00", "auto")),
        "span": dice.randint(1, 3),
        "items": [
            {"name": dice.choice(_TEXTS), "hours": dice.randint(0, 40), "parts": [dice.choice(_TEXTS)] * dice.randint(0, 3)}
            for _ in range(dice.randint(0, 4))
        ],
        "columns": [dice.choice(_TEXTS[:4]) for _ in range(dice.randint(1, 5))],
        "listing": Listing("en\nto\tto\n<tre>\aavsnitt\fside"),
        "rich": rich,
        "paragraphs": paragraphs,
    }


def template(name: str) -> bytes:
    """The template with a feature."""
    document = docx.Document()
    TEMPLATES[name](document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def feature(build: Build) -> Build:
    """Take it into `TEMPLATES`."""
    TEMPLATES[build.__name__.strip("_").replace("_", " ")] = build
    return build


# ------------------------------------------------------------------ one template a feature


def lines(document: Any, *texts: str) -> None:
    for text in texts:
        document.add_paragraph(text)


def grid(parent: Any, *rows: tuple[str, ...]) -> Table:
    size = (len(rows), max(map(len, rows)))
    table: Table = parent.add_table(*size, Cm(16)) if isinstance(parent, _Header) else parent.add_table(*size)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = text
    return table


def put(document: Document, *xml: str) -> None:
    """Raw XML before the section's end; Word's prefixes are known."""
    body = document.element.body
    for text in xml:
        (element,) = parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{text}</w:body>")
        body.insert(len(body) - 1, element)


@feature
def _fields(document: Document) -> None:
    lines(document, "Kjære {{ name }}!", "{{number}} {{ day }} {{ text }}", "ingen felter her")


@feature
def _a_tag_split_over_runs(document: Document) -> None:
    paragraph = document.add_paragraph()
    for piece, bold in (
        ("{", True),
        ("{ na", False),
        ("me", True),
        (" }", False),
        ("}", True),
        (" og {% if flag", True),
        (" %}ja{% endif %}", False),
    ):
        paragraph.add_run(piece).bold = bold


@feature
def _as_word_saves_it(document: Document) -> None:
    put(
        document,
        '<w:p w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E">'
        '<w:pPr><w:spacing w:after="0"/><w:rPr><w:lang w:val="nb-NO"/></w:rPr></w:pPr>'
        '<w:r w:rsidRPr="00B1"><w:rPr><w:lang w:val="nb-NO"/></w:rPr><w:t xml:space="preserve">Kjære </w:t></w:r>'
        '<w:proofErr w:type="spellStart"/><w:r w:rsidRPr="00B2"><w:rPr><w:lang w:val="nb-NO"/></w:rPr><w:t>{{ </w:t></w:r>'
        '<w:r><w:rPr><w:b/></w:rPr><w:t>name</w:t></w:r><w:proofErr w:type="spellEnd"/>'
        '<w:r w:rsidR="00C3"><w:rPr><w:lang w:val="nb-NO"/></w:rPr><w:t xml:space="preserve"> }},</w:t></w:r>'
        '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/></w:p>',
    )


@feature
def _paragraphs_on_condition(document: Document) -> None:
    lines(
        document,
        "{%p if flag %}",
        "ja {{ name }}",
        "{%p elif other %}",
        "kanskje",
        "{%p else %}",
        "nei",
        "{%p endif %}",
        "slutt",
    )


@feature
def _loops_of_paragraphs(document: Document) -> None:
    lines(document, "{%p for item in items %}", "{{ loop.index }}. {{ item.name }}", "{%p endfor %}")


@feature
def _loops_in_a_paragraph(document: Document) -> None:
    lines(document, "{% for item in items %}{{ item.name }}{% if not loop.last %}, {% endif %}{% else %}ingen{% endfor %}.")


@feature
def _loops_of_rows(document: Document) -> None:
    grid(
        document,
        ("Navn", "Timer"),
        ("{%tr for item in items %}", ""),
        ("{{ item.name }}", "{{ item.hours }}"),
        ("{%tr endfor %}", ""),
    )


@feature
def _rows_that_may_all_go(document: Document) -> None:
    grid(
        document,
        ("{%tr for item in items %}", "", ""),
        ("{{ item.name }}", "{{ item.hours }}", "x"),
        ("{%tr endfor %}", "", ""),
    )


@feature
def _loops_of_columns(document: Document) -> None:
    grid(
        document,
        ("{%tc for column in columns %}", "{{ column }}", "{%tc endfor %}"),
        ("{%tc for column in columns %}", "{{ loop.index }}", "{%tc endfor %}"),
    )


@feature
def _nested_loops(document: Document) -> None:
    table = grid(document, ("A", "B"), ("{%tr for item in items %}", ""), ("{{ item.name }}", ""), ("{%tr endfor %}", ""))
    cell = table.rows[2].cells[1]
    cell.text = "{%p for part in item.parts %}"
    lines(cell, "{{ part }}", "{%p endfor %}")


@feature
def _nested_tables(document: Document) -> None:
    outer = grid(document, ("utenfor", "{{ name }}"), ("x", "y"))
    grid(
        outer.rows[1].cells[0],
        ("a", "b", "{{ text }}"),
        ("{%tr if flag %}", "", ""),
        ("c", "d", "e"),
        ("{%tr endif %}", "", ""),
    )


@feature
def _background_of_cells(document: Document) -> None:
    grid(
        document,
        ("{% cellbg colour %}{{ name }}", "{{ text }}"),
        ("{%tr for item in items %}", ""),
        ("{% cellbg colour %}{{ item.name }}", "y"),
        ("{%tr endfor %}", ""),
    )


@feature
def _cells_over_columns(document: Document) -> None:
    grid(document, ("{% colspan span %}{{ name }}", "b", "c"), ("1", "2", "3"))


@feature
def _cells_over_rows(document: Document) -> None:
    grid(document, ("{%tr for item in items %}", ""), ("{% vm %}{{ name }}", "{{ item.name }}"), ("{%tr endfor %}", ""))


@feature
def _cells_merged_sideways(document: Document) -> None:
    grid(
        document,
        ("{%tc for column in columns %}", "{% hm %}{{ name }}", "{%tc endfor %}"),
        ("{%tc for column in columns %}", "{{ column }}", "{%tc endfor %}"),
    )


@feature
def _runs_on_condition(document: Document) -> None:
    paragraph = document.add_paragraph("A ")
    for piece in ("{%r if flag %}", "ja {{ name }}", "{%r else %}", "nei", "{%r endif %}"):
        paragraph.add_run(piece).italic = True


@feature
def _rich_text(document: Document) -> None:
    lines(document, "A {{r rich }} B", "{{r rich }}", "{%p if flag %}", "{{r rich }}{{ name }}", "{%p endif %}")


@feature
def _rich_paragraphs(document: Document) -> None:
    lines(document, "foran", "{{p paragraphs }}", "etter {{ name }}")


@feature
def _listings(document: Document) -> None:
    lines(document, "{{ listing }}", "foran {{ listing }} etter")
    document.add_paragraph(style="List Bullet").add_run("{{ listing }}").bold = True
    grid(document, ("{{ listing }}", "{{ text }}"))


@feature
def _lines_and_tabs(document: Document) -> None:
    document.add_paragraph().add_run("{{ text }}").bold = True
    lines(document, "{{ name }} {{ text }}", "fast\ttab og\nlinje {{ name }}")


@feature
def _escaped_tags(document: Document) -> None:
    lines(document, "Skriv {_{ name }_} og {_% if %_} for {{ name }}")


@feature
def _remarks(document: Document) -> None:
    lines(document, "A{# en merknad #}B {{ name }}", "{#p borte #}", "C")
    grid(document, ("a", "{{ text }}"), ("{#tr borte #}", ""), ("c", "d"))


@feature
def _white_space(document: Document) -> None:
    lines(document, "A {% if flag -%}", "{{ name }}", "{%- endif %} B", "  {{ text -}}  ", "C  {{- name }}")


@feature
def _quotation_marks(document: Document) -> None:
    lines(document, "{{ name ~ “ – ” ~ text }} {{ ‘a’ ~ ’b’ }} {% if number > 100 and number < 4000 %}mellom{% endif %}")


@feature
def _variables_and_macros(document: Document) -> None:
    lines(document, "{% set total = number * 2 %}{{ total }}", "{% set lang %}{{ name }} og {{ text }}{% endset %}{{ lang }}")
    lines(
        document,
        "{% macro linje(a) %}[{{ a }}]{% endmacro %}{{ linje(name) }} {{ linje(number) }}",
        "{% filter trim %} {{ name }} {% endfilter %}",
    )


@feature
def _filters(document: Document) -> None:
    lines(
        document, "{{ name | upper }} {{ text | default('x') }} {{ columns | join(', ') }} {{ number | round }} {{ name | e }}"
    )


@feature
def _headers_of_each_kind(document: Document) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    for part, text in ((section.header, "alle"), (section.first_page_header, "første"), (section.even_page_header, "like")):
        part.is_linked_to_previous = False
        part.paragraphs[0].text = f"{text} {{{{ name }}}}"
        lines(part, "{%p if flag %}", "{{ text }}", "{%p endif %}")
    lines(document, "{{ name }}")


@feature
def _footers_with_page_numbers(document: Document) -> None:
    footer = document.sections[0].footer
    footer.paragraphs[0].text = "{{ name }} side "
    footer.paragraphs[0]._p.append(
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )
    lines(footer, "fast tekst", "{{ text }}")
    lines(document, "ingen felter")


@feature
def _tables_in_headers(document: Document) -> None:
    header = document.sections[0].header
    grid(
        header, ("{{ name }}", "{{ day }}"), ("{%tr for item in items %}", ""), ("{{ item.name }}", "x"), ("{%tr endfor %}", "")
    )


@feature
def _several_sections(document: Document) -> None:
    lines(document, "{{ name }}")
    document.sections[0].header.paragraphs[0].text = "første {{ name }}"
    section = document.add_section()
    section.header.is_linked_to_previous = False
    section.header.paragraphs[0].text = "annen {{ text }}"
    lines(document, "{{ text }}")


def _footnoted(document: Document, text: str) -> None:
    run = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    note = f'<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r>{run}</w:p></w:footnote>'
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w:footnotes {nsdecls("w", "r")}>{note}</w:footnotes>'
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    paragraph = document.add_paragraph("{{ name }}")
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))


@feature
def _footnotes(document: Document) -> None:
    _footnoted(document, "Note om {{ name }}: {% if flag %}{{ text }}{% endif %}")


@feature
def _footnotes_of_several_sections(document: Document) -> None:
    _footnoted(document, "Note om {{ text }}")
    document.add_section()


@feature
def _footnotes_rendered_twice(document: Document) -> None:
    _footnoted(document, "Skriv {_{ number }_} om {{ name }}")
    document.add_section()


@feature
def _pictures(document: Document) -> None:
    lines(document, "{{ name }}")
    document.add_picture(_picture())
    document.sections[0].header.paragraphs[0].add_run("{{ text }}").add_picture(_picture())
    document.add_picture(_picture())


@feature
def _pictures_in_a_loop(document: Document) -> None:
    lines(document, "{%p for item in items %}", "{{ item.name }}")
    document.add_picture(_picture())
    lines(document, "{%p endfor %}")


@feature
def _links(document: Document) -> None:
    link = document.part.relate_to("https://example.org/?a=1&b=2", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    put(document, f'<w:p><w:hyperlink r:id="{link}"><w:r><w:t>Les om {{{{ name }}}}</w:t></w:r></w:hyperlink></w:p>')


@feature
def _properties(document: Document) -> None:
    core = document.core_properties
    core.title, core.author, core.subject, core.comments = "{{ name }}", "{{ text }}", "{{ number }}", "{{ day }}"
    lines(document, "{{ name }}")


@feature
def _text_boxes(document: Document) -> None:
    inside = "<w:txbxContent><w:p><w:r><w:t>{{ text }}</w:t></w:r></w:p></w:txbxContent>"
    box = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inside}</v:textbox></v:shape>'
    put(document, f"<w:p><w:r><w:pict>{box}</w:pict></w:r><w:r><w:t>{{{{ name }}}}</w:t></w:r></w:p>")


@feature
def _content_controls(document: Document) -> None:
    put(
        document,
        '<w:sdt><w:sdtPr><w:alias w:val="navn"/></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>{{ name }}</w:t></w:r></w:p></w:sdtContent></w:sdt>",
    )


def _picture() -> io.BytesIO:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    size = struct.pack(">2I5B", 1, 1, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )
