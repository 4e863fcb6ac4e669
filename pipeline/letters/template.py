"""The wall round docxtpl: Word templates read, checked and rendered; nothing else in the package knows the library.

docxtpl's defaults lose data silently (an unescaped ``&``, an unknown field), so it is always called with our own environment:
sandboxed, escaping, strict about unknown names, and with every printed field passed through `pipeline.letters.fields.Printer`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell

from pipeline.calendars import Calendar
from pipeline.files import digest
from pipeline.letters.fields import NOTE, PRINT, TEXT, Printer, is_fact, names_of_fields
from pipeline.letters.letterhead import with_letterhead
from pipeline.profile.expressions import Environment, Rows
from pipeline.profile.kinds import Checker, Kind, Names, fields, filters_after_arithmetic
from pipeline.profile.model import LetterRule, Profile
from pipeline.register.model import Ref, Row
from pipeline.texts import LANGUAGES, Texts, message

FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every member of a file that we make: same input, same bytes."""


@dataclass(frozen=True, slots=True)
class TemplateMistake:
    """One mistake in a template.

    Attributes:
        template: the file's name.
        part: where in the document: ``body``, ``header``, ``footer``, ``footnotes``; empty for the file as a whole.
        sentence: what is wrong, a sentence of the catalogues.
        facts: what the sentence names.
        text: the words of the paragraph it stands in, as far as they can be told.
    """

    template: str
    part: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""


_NOT_FOR_LETTERS: Final = ("safe", "pprint", "tojson", "urlize", "xmlattr", "forceescape", "filesizeformat")
"""Filters that let data into the document as XML, or print what is inside the machine."""


class TemplateEnvironment(Environment):
    """The sandbox of templates: as that of rules, but unknown names are faults, text is escaped, and fields are noted.

    Attributes:
        noted: the facts that the template read from rows, by record and column; emptied by who renders.
    """

    def __init__(self, calendar: Calendar) -> None:
        """Make the sandbox; it may render many letters, one after the other."""
        super().__init__(calendar, autoescape=True)
        self.undefined = StrictUndefined
        for name in _NOT_FOR_LETTERS:
            del self.filters[name]
        self.noted: dict[tuple[Ref, str], Any] = {}
        self._compiled: dict[str, Any] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As for rules; what is read from a row is noted as a fact."""
        value = super().getattr(obj, attribute)
        if isinstance(obj, Row):
            self._note(obj, attribute, value)
        elif isinstance(obj, Rows):
            for row in obj:
                if isinstance(row, Row):
                    self._note(row, attribute, row.lookup(attribute))
        return value

    def _note(self, row: Row, column: str, value: Any) -> None:
        if is_fact(value):
            self.noted[row.record.ref, column] = value

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:  # noqa: A002 -- Jinja2's signature
        """A template from its source, every printed field led through the printer; compiled once."""
        found = self._compiled.get(source)
        if found is None:
            tree = _led_through_printer(self.parse(source))
            template_class = template_class or self.template_class
            found = template_class.from_code(self, self.compile(tree), self.make_globals(globals), None)
            self._compiled[source] = found
        return found


@dataclass(frozen=True, slots=True)
class Template:
    """A Word or Excel file with merge fields.

    Attributes:
        name: the file's name.
        content: its bytes.
    """

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        """What tells one version of the template from another."""
        return digest(self.content)

    def render(
        self, context: Mapping[str, Any], printer: Printer, environment: TemplateEnvironment, properties: Properties
    ) -> bytes:
        """The filled file; what is no Word or Excel file stays as it is.

        Raises:
            CellError: a field stands in a cell that cannot be read.
            RuleError: a field cannot be worked out.
            jinja2.TemplateError: the template is broken.
        """
        fields_of_print = {**context, PRINT: printer.show, NOTE: printer.noted, TEXT: printer.text}
        match Path(self.name).suffix.lower():
            case ".docx":
                return _filled_document(self.content, fields_of_print, environment, properties)
            case ".xlsx":
                return _filled_workbook(self.content, fields_of_print, environment, properties)
        return self.content


@dataclass(frozen=True, slots=True)
class Properties:
    """The core properties of a file: no names of people, no clock.

    Attributes:
        title: of the letter.
        author: the office.
        subject: the record's key.
        language: of the text, as ``nb-NO``.
        dated: the letter's date.
    """

    title: str
    author: str
    subject: str
    language: str
    dated: date


def read_templates(folder: Path, profile: Profile) -> Mapping[str, Template]:
    """The templates and enclosures that the profile names, with their variants for languages, by file name.

    Every Word file has the office's letterhead, and with it its digest: a changed letterhead is a changed template.
    A file that is missing or unreadable is left out: `check_templates` says so.
    """
    letterhead = _letterhead(folder, profile)
    found: dict[str, Template] = {}
    for name in _files_named(profile):
        for path in (folder / name, *(folder / variant(name, language) for language in LANGUAGES)):
            try:
                found[path.name] = Template(path.name, path.read_bytes())
            except OSError:
                continue
    if letterhead is None:
        return found
    headed = {name: replace(template, content=_headed(template, letterhead)) for name, template in found.items()}
    return {**headed, letterhead.name: letterhead}


def _letterhead_name(profile: Profile) -> tuple[str, ...]:
    return (profile.office.letterhead,) if profile.office.letterhead else ()


def _letterhead(folder: Path, profile: Profile) -> Template | None:
    name = profile.office.letterhead
    try:
        return Template(name, (folder / name).read_bytes()) if name else None
    except OSError:
        return None


def _headed(template: Template, letterhead: Template) -> bytes:
    """The template under the letterhead; a damaged file stays as it is, and `check_templates` says so."""
    if not template.name.lower().endswith(".docx"):
        return template.content
    try:
        return with_letterhead(template.content, letterhead.content)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, UnicodeDecodeError):
        return template.content


def variant(name: str, language: str) -> str:
    """The file name of a template in another language: ``vedtak.nn.docx``."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{language}.{ending}"


def enclosure_files(rule: LetterRule) -> tuple[str, ...]:
    """The files that a letter may enclose, without their conditions."""
    return tuple(item.partition(" if ")[0] for item in rule.enclosures)


def _files_named(profile: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for rule in profile.letters.values() for name in (rule.template, *enclosure_files(rule))))


# ------------------------------------------------------------------ checking


def check_templates(
    profile: Profile, templates: Mapping[str, Template], environment: TemplateEnvironment, texts: Texts
) -> Mapping[str, tuple[TemplateMistake, ...]]:
    """Every mistake in the templates and enclosures of each letter, by letter; letters without a mistake are left out."""
    names = Names(profile)
    found: dict[str, tuple[TemplateMistake, ...]] = {}
    for rule in profile.letters.values():
        scope = {**names.terms, rule.on: Kind("row", frozenset((rule.on,))), "sheets": Kind("sheets")}
        scope |= {name: fields(parts) for name, parts in names_of_fields(texts, profile).items()}
        scope |= {name: Kind("function") for name in environment.globals}
        mistakes: list[TemplateMistake] = []
        for name in (*_letterhead_name(profile), rule.template, *enclosure_files(rule)):
            for file in (name, *(variant(name, language) for language in LANGUAGES)):
                if file in templates:
                    mistakes += _mistakes(templates[file], names, environment, scope, rule.shows)
                elif file == name:
                    mistakes.append(TemplateMistake(name, "", message("The file is missing from the folder of templates.")))
        if mistakes:
            found[rule.name] = tuple(mistakes)
    return found


def _mistakes(
    template: Template, names: Names, environment: TemplateEnvironment, scope: Mapping[str, Kind], shows: frozenset[str]
) -> Iterator[TemplateMistake]:
    try:
        parts, stray = list(_sources(template)), list(_stray_marks(template))
    except Exception:  # noqa: BLE001 -- a damaged file makes the libraries raise anything
        damaged = message("This is no file that Word or Excel wrote, or it is damaged. Put the latest good copy in its place.")
        yield TemplateMistake(template.name, "", damaged)
        return
    for place in stray:
        yield TemplateMistake(template.name, place, message("Fields are not filled in here. Move them into the text."))
    for part, source in parts:
        try:
            tree = environment.parse(source)
            environment.from_string(source)  # compiled here, it is ready when the first letter is filled
        except TemplateSyntaxError as error:
            text = _text_at(source, error.lineno)
            yield TemplateMistake(
                template.name,
                part,
                message("The field cannot be understood: {problem}"),
                (("problem", str(error.message)),),
                text,
            )
            continue
        checker = Checker(names, environment.filters, environment.tests, shows)
        checker.template(tree.body, scope)
        for mistake in checker.mistakes:
            yield TemplateMistake(template.name, part, mistake.sentence, mistake.facts, _text_at(source, mistake.line))
        for name in filters_after_arithmetic(environment, source):
            sentence = message(
                "The filter «{name}» works on the last part of the calculation alone; put brackets round what it shall work on."
            )
            yield TemplateMistake(template.name, part, sentence, (("name", name),))


def _dotted(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            head = _dotted(node.node)
            return f"{head}.{node.attr}" if head else ""
    return ""


def _sources(template: Template) -> Iterator[tuple[str, str]]:
    """The parts of a template as Jinja2 reads them: in a document one line a paragraph, in a workbook one part a cell."""
    match Path(template.name).suffix.lower():
        case ".docx":
            document = _Document(io.BytesIO(template.content))
            document.render_init()
            yield "body", _lined(document.patch_xml(document.get_xml()))
            for part, uri in (("header", RELATIONSHIP_TYPE.HEADER), ("footer", RELATIONSHIP_TYPE.FOOTER)):
                for _, found in document.get_headers_footers(uri):
                    yield part, _lined(document.patch_xml(document.get_part_xml(found)))
            for found in document.docx.part.package.parts:
                if str(found.partname) == "/word/footnotes.xml":
                    yield "footnotes", _lined(document.patch_xml(found.blob.decode("utf-8")))
        case ".xlsx":
            for cell in _template_cells(load_workbook(io.BytesIO(template.content))):
                yield f"{cell.parent.title}!{cell.coordinate}", str(cell.value)


_FILLED: Final = re.compile(r"/word/(document|header\d*|footer\d*|footnotes)\.xml")
_MARK: Final = re.compile(r"\{[{%#]")


def _stray_marks(template: Template) -> Iterator[str]:
    """Where a template has fields that nobody fills in: endnotes and comments, and anything but ``{{ … }}`` in a workbook."""
    match Path(template.name).suffix.lower():
        case ".docx":
            for part in _Document(io.BytesIO(template.content)).get_docx().part.package.parts:
                name = str(part.partname)
                text = part.blob.decode("utf-8", "replace") if name.startswith("/word/") and name.endswith(".xml") else ""
                if not _FILLED.fullmatch(name) and _MARK.search(re.sub(r"<[^>]+>", "", text)):
                    yield name.rpartition("/")[2].removesuffix(".xml")
        case ".xlsx":
            for sheet in load_workbook(io.BytesIO(template.content)).worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        if isinstance(cell.value, str) and re.search(r"\{[%#]", cell.value):
                            yield f"{sheet.title}!{cell.coordinate}"


def _lined(xml: str) -> str:
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)


def _text_at(source: str, line: int | None) -> str:
    lines = source.splitlines()
    if line is None or not 0 < line <= len(lines):
        return ""
    return re.sub(r"<[^>]+>", "", lines[line - 1]).strip()[:200]


# ------------------------------------------------------------------ rendering


class _Document(DocxTemplate):  # type: ignore[misc]  # docxtpl carries no types
    """docxtpl's document, which prepares the same XML once: a template is filled for many letters."""

    def patch_xml(self, src_xml: str) -> str:
        """The XML with its tags made ready for Jinja2."""
        return _patched(src_xml)


@lru_cache(maxsize=512)
def _patched(xml: str) -> str:
    prepared: str = DocxTemplate.patch_xml(_Document(io.BytesIO()), xml)
    return prepared


def _filled_document(
    content: bytes, context: Mapping[str, Any], environment: TemplateEnvironment, properties: Properties
) -> bytes:
    document = _Document(io.BytesIO(content))
    # The library takes these for templates too: an author's leftovers are none, and a record's key never becomes one.
    _set_properties(document.get_docx().core_properties, replace(properties, title="", author="", subject=""))
    document.render(dict(context), jinja_env=environment, autoescape=True)
    _set_properties(document.docx.core_properties, properties)
    out = io.BytesIO()
    document.save(out)
    return _with_fixed_dates(out.getvalue())


_LONGEST_PROPERTY: Final = 255
"""The most characters of a core property, by Office Open XML (ECMA-376 part 2)."""


def _set_properties(core: Any, properties: Properties) -> None:
    at = datetime.combine(properties.dated, time(), tzinfo=UTC)
    core.title, core.subject = properties.title[:_LONGEST_PROPERTY], properties.subject[:_LONGEST_PROPERTY]
    core.author = core.last_modified_by = properties.author[:_LONGEST_PROPERTY]
    core.language, core.comments, core.keywords, core.category, core.identifier = properties.language, "", "", "", ""
    core.created = core.modified = at
    core.revision = 1


def _filled_workbook(
    content: bytes, context: Mapping[str, Any], environment: TemplateEnvironment, properties: Properties
) -> bytes:
    workbook = load_workbook(io.BytesIO(content))
    for cell in _template_cells(workbook):
        cell.value = _unescaped(environment.from_string(str(cell.value)).render(dict(context)))
        cell.data_type = "s"
    at = datetime.combine(properties.dated, time())
    workbook.properties.created = workbook.properties.modified = at
    workbook.properties.creator = workbook.properties.lastModifiedBy = properties.author
    out = io.BytesIO()
    workbook.save(out)
    return _with_fixed_dates(
        out.getvalue(), {"docProps/core.xml": lambda xml: _MODIFIED.sub(rf"\g<1>{at:%Y-%m-%dT%H:%M:%SZ}\g<2>", xml)}
    )


_MODIFIED: Final = re.compile(r"(<dcterms:modified[^>]*>)[^<]*(<)")


def _template_cells(workbook: Any) -> Iterator[Cell]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell, Cell) and isinstance(cell.value, str) and "{{" in cell.value:
                    yield cell


def _unescaped(text: str) -> str:
    for entity, character in (
        ("&#123;", "{"),
        ("&#125;", "}"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#34;", '"'),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ):
        text = text.replace(entity, character)
    return text


def _with_fixed_dates(content: bytes, changes: Mapping[str, Any] | None = None) -> bytes:
    """The same zip with a fixed date on every member, so that the same input gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if changes and name in changes:
                data = changes[name](data.decode("utf-8")).encode("utf-8")
            target.writestr(zipfile.ZipInfo(name, FIXED_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# ------------------------------------------------------------------ the tree


def _led_through_printer(tree: nodes.Template) -> nodes.Template:
    """The template with every printed expression in ``_print(…)``, and every field that it passes on in ``_noted(…)``."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [part if isinstance(part, nodes.TemplateData) else _printed(part) for part in output.nodes]
    for assigned in tree.find_all(nodes.Assign):
        assigned.node = _joined(cast("nodes.Expr", assigned.node))
    for loop in tree.find_all(nodes.For):
        loop.iter = _joined(cast("nodes.Expr", loop.iter))
    return tree


def _printed(part: nodes.Expr) -> nodes.Expr:
    if isinstance(part, nodes.Concat):
        return _pieces(part)
    source = "" if _says_it_may_be_empty(part) else _source(part)
    return _call(PRINT, _watched(part), nodes.Const(source), lineno=part.lineno)


def _pieces(part: nodes.Concat) -> nodes.Expr:
    pieces = [piece if isinstance(piece, nodes.Const) else _printed(piece) for piece in part.nodes]
    return nodes.Concat(pieces, lineno=part.lineno)


def _joined(part: nodes.Expr) -> nodes.Expr:
    """The expression with a note at every field that it joins with other text; a field on its own may be tested later on."""
    match part:
        case nodes.Concat():
            return _pieces(part)
        case nodes.Compare() | nodes.Not() | nodes.Test() | nodes.Call(node=nodes.Name()):
            return part
        case nodes.Filter(name="join" | "format" | "replace"):
            return _watched(part)
    for name in part.fields:
        value = getattr(part, name)
        if isinstance(value, nodes.Expr):
            setattr(part, name, _joined(value))
        elif isinstance(value, list):
            setattr(part, name, [_joined(item) if isinstance(item, nodes.Expr) else item for item in value])
    return part


def _says_it_may_be_empty(part: nodes.Expr) -> bool:
    """The author wrote what is to stand where nothing stands, or calls a macro, which notes its own blanks."""
    empty = nodes.Const("")
    match part:
        case nodes.Call():
            return True
        case nodes.Filter():
            return part.name in _MAY_BE_EMPTY or (part.node is not None and _says_it_may_be_empty(part.node))
        case nodes.CondExpr():
            return part.expr2 is None or empty in (part.expr1, part.expr2)
        case nodes.Or():
            return part.right == empty
    return False


def _watched(part: nodes.Expr) -> nodes.Expr:  # noqa: C901 -- one case a kind of node
    """The expression with a note at every field that it passes on, but for those that the template says may be empty."""
    match part:
        case nodes.Getattr() | nodes.Name() | nodes.Getitem(node=nodes.Getattr() | nodes.Name()):
            return _noted(part)
        case nodes.Getitem():
            part.node = _watched(part.node)
        case nodes.Filter() if part.name in _MAY_BE_EMPTY:
            part.args = [_watched(argument) for argument in part.args]
        case nodes.Filter() if part.node is not None:
            inner = _watched(part.node)
            part.node = _call(TEXT, inner, lineno=part.lineno) if part.name in _OF_TEXT else inner
            part.args = [_watched(argument) for argument in part.args]
        case nodes.CondExpr():
            part.expr1 = _watched(part.expr1)
            part.expr2 = _watched(part.expr2) if part.expr2 is not None else None
        case nodes.Or() | nodes.And():
            part.left, part.right = _joined(part.left), _watched(part.right)  # the left side of either decides
        case nodes.BinExpr():
            part.left, part.right = _watched(part.left), _watched(part.right)
        case nodes.Concat():
            return _pieces(part)
        case nodes.List() | nodes.Tuple():
            part.items = [_watched(item) for item in part.items]
        case nodes.Dict():
            for pair in part.items:
                pair.value = _watched(pair.value)
        case nodes.Call(node=nodes.Name()):
            part.args = [_joined(argument) for argument in part.args]
    return part


_OF_TEXT: Final = frozenset(
    (
        "upper",
        "lower",
        "title",
        "capitalize",
        "trim",
        "string",
        "e",
        "escape",
        "join",
        "replace",
        "truncate",
        "wordwrap",
        "indent",
    )
)
"""Filters that make text: what they are given is put into words first, so that a date reads as a date."""

_MAY_BE_EMPTY: Final = frozenset(("default", "d", "length", "count", "sum"))
"""Filters that give something for nothing."""


def _noted(field: nodes.Expr) -> nodes.Expr:
    owner: nodes.Expr = nodes.Const(None, lineno=field.lineno)
    column = ""
    match field:
        case nodes.Getattr():
            owner, column = field.node, field.attr
        case nodes.Getitem(arg=nodes.Const(value=str() as name)):
            owner, column = field.node, name
    return _call(NOTE, field, owner, nodes.Const(column), nodes.Const(_source(field) or column), lineno=field.lineno)


def _source(part: nodes.Expr) -> str:
    """The first field of an expression, as its author names it."""
    return next(filter(None, map(_dotted, (part, *part.find_all((nodes.Getattr, nodes.Name))))), "")


def _call(name: str, *arguments: nodes.Expr, lineno: int) -> nodes.Expr:
    return nodes.Call(nodes.Name(name, "load", lineno=lineno), list(arguments), [], None, None, lineno=lineno)
