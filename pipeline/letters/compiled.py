"""A Word template compiled once: docxtpl prepares its parts, Jinja2 compiles them, and a letter costs only its own text.

What docxtpl does to a template anew for each letter (unpacking, preparing the tags, compiling, packing) is done once.
What it does to the text of a letter (line breaks, tables whose columns change, numbers of drawings) is done by its own code,
where there is something to do. The result is docxtpl's, part by part in canonical XML; the core properties are ours.

Where docxtpl's way cannot be followed so (`Whole`), it renders the template whole.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol
from xml.parsers import expat

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError
from lxml import etree

from pipeline.letters.hollow import BLOCKS, may_be_hollow, mended
from pipeline.letters.package import Member, Package, Paper, Properties
from pipeline.letters.quotes import straight_tags
from pipeline.texts import message

DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Refused(TemplateSyntaxError):
    """A template that we refuse, whatever Jinja2 thinks of it; its message is a sentence of the catalogues."""


class Sandbox(Protocol):
    """What compiles: `pipeline.letters.template.TemplateEnvironment`."""

    globals: Any

    def from_string(self, source: str) -> Any:
        """A compiled template."""


class Document(DocxTemplate):  # type: ignore[misc]  # docxtpl carries no types
    """docxtpl's document, which prepares the same XML once: a template is checked and compiled, and rendered whole for many."""

    def patch_xml(self, src_xml: str) -> str:
        """The XML with its tags made ready for Jinja2; raises `Refused` where braces only open."""
        _assert_closed(src_xml)
        return _patched(src_xml)

    def render_xml_part(self, *args: Any) -> str:
        """A part filled in; docxtpl would mend silently what is no XML, and lose text."""
        xml: str = super().render_xml_part(*args)
        _assert_well_formed(xml.encode())
        return mended(xml)


_BRACE: Final = re.compile(r"\{(?=[{%#])|[}%#]\}")
_DEEPEST: Final = 50


def _assert_closed(xml: str) -> None:
    """Raise where braces are opened in each other without end: docxtpl would look for the end of each, for minutes."""
    depth = 0
    for brace in _BRACE.finditer(xml):
        depth = depth + 1 if brace[0] == "{" else max(depth - 1, 0)
        if depth > _DEEPEST:
            raise Refused(message("Braces are opened again and again, and not closed."), 1)


@lru_cache(maxsize=512)
def _patched(xml: str) -> str:
    prepared: str = DocxTemplate.patch_xml(Document(io.BytesIO()), xml)
    return straight_tags(prepared)


def lined(xml: str) -> str:
    """The XML as docxtpl hands it to Jinja2: each paragraph on a line of its own."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


class Way(Protocol):
    """How a template becomes a letter."""

    whole: str
    """Why docxtpl renders the template whole, a sentence of the catalogues; empty where the template is compiled."""

    def render(self, context: Mapping[str, Any], properties: Properties) -> Paper:
        """The letter."""


class NotXml(ValueError):
    """What a template makes of a letter's fields is no document."""


def compiled(content: bytes, environment: Sandbox) -> Way:
    """Prepare and compile a Word template.

    Raises:
        jinja2.TemplateSyntaxError: it cannot be understood.
    """
    document = Document(io.BytesIO(content))
    document.render_init()
    whole = _why_whole(document)
    return Whole(content, environment, whole) if whole else Compiled.of(document, environment)


def _why_whole(document: Document) -> str:
    """Why docxtpl's way with this template can be followed by itself alone."""
    if len(document.docx.sections) > 1 and any(re.search(r"\{_|_\}", _text(part)) for part in _footnotes(document)):
        return message("its footnotes are rendered once for each section")
    return ""


_HEADERS_FOOTERS: Final = (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)


def _footnotes(document: Document) -> tuple[Any, ...]:
    """The footnotes, where docxtpl fills them in: it comes across them once for each section."""
    parts = document.docx.part.package.parts if document.docx.sections else ()
    return tuple(part for part in parts if part.content_type == CONTENT_TYPE.WML_FOOTNOTES)


def _text(part: Any) -> str:
    text: str = part.blob.decode("utf-8")
    return text


def _core_member(document: Document) -> str:
    """The name of the core properties, which are made where they are missing."""
    document.get_docx().core_properties  # noqa: B018 -- asked for, they are there
    part = document.docx.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES)
    return str(part.partname).lstrip("/")


def _members(document: Document) -> dict[str, bytes]:
    """The document's members as python-docx writes them."""
    out = io.BytesIO()
    document.docx.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# ------------------------------------------------------------------ rendered whole


class Whole:
    """A template that docxtpl renders anew for each letter."""

    def __init__(self, content: bytes, environment: Sandbox, whole: str = "") -> None:
        """Remember what is to be rendered, and why in this way."""
        self.whole = whole
        self._content, self._environment = content, environment

    def render(self, context: Mapping[str, Any], properties: Properties) -> Paper:
        """The letter, with all that docxtpl does."""
        document = Document(io.BytesIO(self._content))
        core = _core_member(document)
        # The library takes these for templates too: an author's leftovers are none, and a record's key never becomes one.
        old = document.docx.core_properties
        old.title = old.author = old.subject = old.comments = old.identifier = old.language = ""
        document.render(dict(context), jinja_env=self._environment, autoescape=True)
        members = {**_members(document), core: properties.xml}
        return Paper(Package.of({}), tuple(Member.of(name, content) for name, content in members.items()))


# ------------------------------------------------------------------ compiled


@dataclass(frozen=True, slots=True)
class _Part:
    """One part with merge fields.

    Attributes:
        name: of the member.
        template: what Jinja2 compiled.
        before: what stands before the rendered text in the member.
        head: how the rendered text begins, where that says again what `before` says: the body's tag with all namespaces.
        after: what stands behind.
        loose: the body's tables or drawings need docxtpl's finishing touches in each letter.
        tagged: tags stand in it that are to be printed as such.
        hollow: conditions can leave something empty that must not be.
    """

    name: str
    template: Any
    before: str = ""
    head: str = ""
    after: str = ""
    loose: bool = False
    tagged: bool = False
    hollow: bool = False

    def render(self, names: dict[str, Any]) -> Member:
        xml = "".join(self.template.root_render_func(self.template.new_context(names, shared=True)))
        if self.tagged:
            for escaped, tag in _TAGS:
                xml = xml.replace(escaped, tag)
        if any(character in xml for character in _BREAKS):
            xml = _PARAGRAPH.sub(_with_breaks, xml)
        if self.loose:
            _assert_well_formed(xml.encode())
            xml = _touched_up(xml)
        if self.hollow:
            _assert_well_formed(xml.encode())
            xml = mended(xml)
        if self.head and xml.startswith(self.head):
            xml = _BODY + xml[len(self.head) :]
        return _member(self.name, f"{self.before}{xml}{self.after}")


@lru_cache(maxsize=64)
def _member(name: str, xml: str) -> Member:
    """The member; letterheads and footers are often the same from letter to letter."""
    content = xml.encode()
    _assert_well_formed(content)
    return Member.of(name, content)


class Compiled:
    """A template that is rendered as strings; its other members are copied as they were packed."""

    whole = ""

    def __init__(self, package: Package, parts: Sequence[_Part], core: str, functions: Mapping[str, Any]) -> None:
        """Keep what all letters share, the parts that differ, the name of the core properties, and what templates may call."""
        self._package, self._parts, self._core, self._globals = package, tuple(parts), core, functions

    @classmethod
    def of(cls, document: Document, environment: Sandbox) -> Compiled:
        """Compile each part that docxtpl would render."""
        core, parts = _core_member(document), tuple(_parts(document, environment))
        own = {core, *(part.name for part in parts)}
        members = _members(document)
        return cls(
            Package.of({name: content for name, content in members.items() if name not in own}),
            parts,
            core,
            environment.globals,
        )

    def render(self, context: Mapping[str, Any], properties: Properties) -> Paper:
        """The letter.

        Raises:
            NotXml: what the template makes of the fields is no document.
        """
        names = {**self._globals, **context}
        members = [part.render(names) for part in self._parts]
        members.append(Member.of(self._core, properties.xml))
        return Paper(self._package, tuple(members))


def _parts(document: Document, environment: Sandbox) -> Iterator[_Part]:
    """The parts that docxtpl renders, in its order, but for those in which it changes nothing."""
    body = document.patch_xml(document.get_xml())
    yield _Part(
        _name(document.docx.part),
        environment.from_string(lined(body)),
        *_frame(document, body),
        not is_rigid(body),
        _tagged(body),
        may_be_hollow(body),
    )
    headers = {
        _name(part): document.get_part_xml(part) for uri in _HEADERS_FOOTERS for _, part in document.get_headers_footers(uri)
    }
    footnotes = {_name(part): _text(part) for part in _footnotes(document)}
    for before, found in ((DECLARATION, headers), ("", footnotes)):
        for name, xml in found.items():
            source = document.patch_xml(xml)
            if "{" in source or any(map(_BROKEN.search, _PARAGRAPH.findall(source))):
                yield _Part(
                    name, environment.from_string(lined(source)), before, tagged=_tagged(source), hollow=may_be_hollow(source)
                )


def _tagged(source: str) -> bool:
    return "{_" in source or "_}" in source


def _name(part: Any) -> str:
    return str(part.partname).lstrip("/")


def _frame(document: Document, source: str) -> tuple[str, str, str]:
    """What stands before the body's text in its member, how that text begins, and what stands behind it."""
    root = copy.deepcopy(document.docx.part.element)
    body = root.find(f"{W}body")
    head = re.match(r"<w:body[^>]*>", source)
    same = head is not None and not body.attrib and body.nsmap == root.nsmap
    for child in list(body):
        body.remove(child)
    body.text = _PLACE
    before, _, after = serialize_part_xml(root).decode().partition(f"{_PLACE}</w:body>")
    return before[: before.rindex("<w:body")], head[0] if head is not None and same else "", after


_BODY: Final = "<w:body>"
_PLACE: Final = "body"

_PARAGRAPH: Final = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_BREAKS: Final = "\t\a\n\f"
_BROKEN: Final = re.compile(f"[{_BREAKS}]")


_TAGS: Final = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))

_LISTING: Final = Document(io.BytesIO())


def _with_breaks(paragraph: re.Match[str]) -> str:
    """A paragraph's lines and tabs as Word has them."""
    text = paragraph[0]
    return str(_LISTING.resolve_listing(text)) if _BROKEN.search(text) else text


def _touched_up(xml: str) -> str:
    """The body with the columns of its tables and the numbers of its drawings as docxtpl sets them."""
    document = Document(io.BytesIO())
    document.docx_ids_index = _FIRST_DRAWING
    tree = document.fix_tables(xml)
    document.fix_docpr_ids(tree)
    return str(etree.tostring(tree, encoding="unicode"))


_FIRST_DRAWING: Final = 1000
"""From where docxtpl counts."""


def _assert_well_formed(xml: bytes) -> None:
    """Raise `NotXml` where docxtpl would mend silently, and lose text."""
    try:
        expat.ParserCreate().Parse(xml, True)  # noqa: FBT003 -- expat's signature
    except expat.ExpatError as error:
        raise NotXml(str(error)) from error


# ------------------------------------------------------------------ what can change from letter to letter


_TAG: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
_REMARK: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_STEP: Final = re.compile(
    r"\{%[-+]?\s*(?P<word>\w+)(?P<rest>[^%]*)|<(?P<open>w:tbl|w:tr|w:tc)[ >]|</(?P<close>w:tbl|w:tr|w:tc)>"
)


def is_rigid(source: str) -> bool:
    """Whether docxtpl's finishing touches leave every letter of this body as it is.

    There are no drawings to be numbered, and tables keep their columns: each has a row that no condition can take
    away, each row fills the table's columns exactly, and no condition stands between a row and its cells.
    """
    if "docPr" in source or re.search(r"\{%-?\s*(raw|include|extends|import|from)\b", source):
        return False
    try:
        tree = etree.fromstring(_TAG.sub("", source).encode())
    except etree.XMLSyntaxError:
        return False
    return all(_fills(table) for table in tree.iter(f"{W}tbl")) and _stands(source)


def _fills(table: Any) -> bool:
    grid = table.find(f"{W}tblGrid")
    columns = len(grid.findall(f"{W}gridCol")) if grid is not None else -1
    return all(_width(row) == columns for row in table.iter(f"{W}tr"))


def _width(row: Any) -> int:
    spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.findall(f"{W}tc")]
    try:
        return sum(1 if span is None else int(span.get(f"{W}val")) for span in spans)
    except (TypeError, ValueError):
        return -1


def _stands(source: str) -> bool:
    """Whether each table has a row outside of all conditions within it, and each cell stands as its row does."""
    depth = 0
    tables: list[tuple[int, bool]] = []
    rows: list[int] = []
    for step in _STEP.finditer(_REMARK.sub("", source)):
        word = step["word"]
        if word:
            depth += (word in BLOCKS or (word == "set" and "=" not in step["rest"])) - word.startswith("end")
        match step["open"], step["close"]:
            case "w:tbl", _:
                tables.append((depth, False))
            case "w:tr", _:
                rows.append(depth)
                if tables and tables[-1][0] == depth:
                    tables[-1] = (depth, True)
            case "w:tc", _ if not rows or rows[-1] != depth:
                return False
            case _, "w:tr" if rows:
                rows.pop()
            case _, "w:tbl" if tables and not tables.pop()[1]:
                return False
    return True
