"""The wall round docxtpl: Word templates read, checked and rendered; nothing else in the package knows the library.

docxtpl's defaults lose data silently (an unescaped ``&``, an unknown field), so it is always called with our own environment:
sandboxed, escaping, strict about unknown names, and with every printed field passed through `pipeline.letters.fields.Printer`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, SupportsBytes, cast

from docx.opc.constants import RELATIONSHIP_TYPE
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import Context
from lxml import etree
from openpyxl import load_workbook

from pipeline.calendars import Calendar
from pipeline.files import digest
from pipeline.letters.compiled import Document, Way, compiled, lined
from pipeline.letters.fields import NOTE, PRINT, TEXT, Printer, is_fact, names_of_fields
from pipeline.letters.forms import Form, template_cells
from pipeline.letters.letterhead import with_letterhead
from pipeline.letters.package import Properties
from pipeline.profile.expressions import Environment, Rows
from pipeline.profile.kinds import Checker, Kind, Names, fields, filters_after_arithmetic
from pipeline.profile.model import LetterRule, Profile
from pipeline.register.model import Ref, Row
from pipeline.texts import LANGUAGES, Texts, message


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
        self._calendar = calendar
        self._ways: dict[str, Way | None] = {}

    def __reduce__(self) -> tuple[type[TemplateEnvironment], tuple[Calendar]]:
        """In another process the templates are compiled again."""
        return TemplateEnvironment, (self._calendar,)

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

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call; the printer's own, which stand round every field, need no look at whether they are safe."""
        if type(getattr(obj, "__self__", None)) is Printer:
            return obj(*args)
        return super().call(context, obj, *args, **kwargs)

    def _note(self, row: Row, column: str, value: Any) -> None:
        if is_fact(value):
            self.noted[row.ref, column] = value

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:  # noqa: A002 -- Jinja2's signature
        """A template from its source, every printed field led through the printer; compiled once."""
        found = self._compiled.get(source)
        if found is None:
            tree = _led_through_printer(self.parse(source))
            template_class = template_class or self.template_class
            found = template_class.from_code(self, self.compile(tree), self.make_globals(globals), None)
            self._compiled[source] = found
        return found

    def way(self, template: Template) -> Way | None:
        """How a template is filled in, compiled once; None for what is no Word or Excel file."""
        if template.digest not in self._ways:
            match Path(template.name).suffix.lower():
                case ".docx":
                    self._ways[template.digest] = compiled(template.content, self)
                case ".xlsx":
                    self._ways[template.digest] = Form(template.content, self)
                case _:
                    self._ways[template.digest] = None
        return self._ways[template.digest]


@dataclass(frozen=True)
class Template:
    """A Word or Excel file with merge fields.

    Attributes:
        name: the file's name.
        content: its bytes.
    """

    name: str
    content: bytes

    @cached_property
    def digest(self) -> str:
        """What tells one version of the template from another."""
        return digest(self.content)

    def render(
        self, context: Mapping[str, Any], printer: Printer, environment: TemplateEnvironment, properties: Properties
    ) -> SupportsBytes:
        """The filled file; what is no Word or Excel file stays as it is.

        Raises:
            CellError: a field stands in a cell that cannot be read.
            RuleError: a field cannot be worked out.
            NotXml: what the template makes of the fields is no document.
            jinja2.TemplateError: the template is broken.
        """
        way = environment.way(self)
        if way is None:
            return self.content
        return way.render({**context, PRINT: printer.show, NOTE: printer.noted, TEXT: printer.text}, properties)


def read_templates(folder: Path, profile: Profile) -> Mapping[str, Template]:
    """The templates and enclosures that the profile names, with their variants for languages, by file name.

    Every Word file has the office's letterhead, and with it its digest: a changed letterhead is a changed template.
    A file that is missing or unreadable is left out: `check_templates` says so.
    """
    found = {name: Template(name, content) for name, content in read_files(folder, profile).items()}
    letterhead = found.get(profile.office.letterhead or "")
    if letterhead is None:
        return found
    headed = {name: replace(template, content=_headed(template, letterhead)) for name, template in found.items()}
    return {**headed, letterhead.name: letterhead}


def read_files(folder: Path, profile: Profile) -> Mapping[str, bytes]:
    """What lies in the folder of the files that the profile names, as it lies there, by name."""
    found: dict[str, bytes] = {}
    for name in dict.fromkeys(name for rule in profile.letters.values() for name in files_of(rule, profile)):
        with suppress(OSError):
            found[name] = (folder / name).read_bytes()
    return found


def files_of(rule: LetterRule, profile: Profile) -> tuple[str, ...]:
    """All files that a letter may be made of: letterhead, template, enclosures, each followed by its variants for languages."""
    named = (*_letterhead_name(profile), rule.template, *enclosure_files(rule))
    return tuple(file for name in named for file in (name, *(variant(name, language) for language in LANGUAGES)))


def _letterhead_name(profile: Profile) -> tuple[str, ...]:
    return (profile.office.letterhead,) if profile.office.letterhead else ()


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
            document = Document(io.BytesIO(template.content))
            document.render_init()
            yield "body", lined(document.patch_xml(document.get_xml()))
            for part, uri in (("header", RELATIONSHIP_TYPE.HEADER), ("footer", RELATIONSHIP_TYPE.FOOTER)):
                for _, found in document.get_headers_footers(uri):
                    yield part, lined(document.patch_xml(document.get_part_xml(found)))
            for found in document.docx.part.package.parts:
                if str(found.partname) == "/word/footnotes.xml":
                    yield "footnotes", lined(document.patch_xml(found.blob.decode("utf-8")))
        case ".xlsx":
            for cell in template_cells(load_workbook(io.BytesIO(template.content))):
                yield f"{cell.parent.title}!{cell.coordinate}", str(cell.value)


_FILLED: Final = re.compile(r"/word/(document|header\d*|footer\d*|footnotes)\.xml")
_MARK: Final = re.compile(r"\{[{%#]")


def _stray_marks(template: Template) -> Iterator[str]:
    """Where a template has fields that nobody fills in: endnotes and comments, and anything but ``{{ … }}`` in a workbook."""
    match Path(template.name).suffix.lower():
        case ".docx":
            for part in Document(io.BytesIO(template.content)).get_docx().part.package.parts:
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


def _text_at(source: str, line: int | None) -> str:
    lines = source.splitlines()
    if line is None or not 0 < line <= len(lines):
        return ""
    return re.sub(r"<[^>]+>", "", lines[line - 1]).strip()[:200]


# ------------------------------------------------------------------ the tree


def _led_through_printer(tree: nodes.Template) -> nodes.Template:
    """The template with every printed expression in ``_print(…)``, and every field that it passes on in ``_noted(…)``."""
    for output in tree.find_all(nodes.Output):
        output.nodes = [_unlined(part) if isinstance(part, nodes.TemplateData) else _printed(part) for part in output.nodes]
    for assigned in tree.find_all(nodes.Assign):
        assigned.node = _joined(cast("nodes.Expr", assigned.node))
    for loop in tree.find_all(nodes.For):
        loop.iter = _joined(cast("nodes.Expr", loop.iter))
    return tree


def _unlined(text: nodes.TemplateData) -> nodes.TemplateData:
    """The text without the lines on which docxtpl puts the paragraphs for Jinja2, and takes away again from each letter."""
    return nodes.TemplateData(re.sub(r"\n<w:p([ >])", r"<w:p\1", text.data), lineno=text.lineno)


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
