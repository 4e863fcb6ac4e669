"""What authors write: templates read from their folders, and the sandbox in which they are compiled and rendered.

docxtpl's defaults lose data silently (an unescaped ``&``, an unknown field), so what it prepares in `pipeline.letters.compiled`
is always rendered in our own environment: sandboxed, escaping, strict about unknown names, and with every printed field
passed through `pipeline.letters.fields.Printer`.
"""

from __future__ import annotations

import html
import inspect
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, SupportsBytes, cast

from docx.opc.constants import RELATIONSHIP_TYPE
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from lxml import etree
from openpyxl import load_workbook

from pipeline.calendars import Calendar
from pipeline.files import digest
from pipeline.findings import Finding
from pipeline.letters.budget import CALL, Budget, size, turn
from pipeline.letters.compiled import Document, Refused, Way, compiled, lined
from pipeline.letters.fields import (
    EACH,
    KEEP,
    NOTE,
    PRINT,
    TEXT,
    VOICE,
    Blank,
    Printer,
    Unprintable,
    Voice,
    Year,
    is_fact,
    is_nothing,
    shown,
)
from pipeline.letters.forms import Form, template_cells
from pipeline.letters.letterhead import with_letterhead
from pipeline.letters.package import Properties, is_too_large
from pipeline.letters.words import filters
from pipeline.profile.expressions import FUNCTIONS, Environment, Rows
from pipeline.profile.kinds import attributes
from pipeline.profile.model import LetterRule, Profile
from pipeline.register.model import Ref, Row
from pipeline.texts import LANGUAGES, Texts, message, texts_in

_NOT_FOR_LETTERS: Final = ("safe", "pprint", "tojson", "urlize", "xmlattr", "forceescape", "filesizeformat")
"""Filters that let data into the document as XML, or print what is inside the machine."""

_ELSEWHERE: Final = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block)
"""Statements that take in other files; a letter is one file, under one letterhead."""


class _LetterGenerator(CodeGenerator):
    """Jinja2's own code; what we put round every field is called outright, and not asked each time whether it is safe."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT002, N802 -- Jinja2's signature
        match node.node:
            case nodes.EnvironmentAttribute() | nodes.Name(name="_print" | "_noted" | "_kept" | "_each"):
                self.visit(node.node, frame)
                self.write("(")
                for argument in node.args:
                    self.visit(argument, frame)
                    self.write(", ")
                self.write(")")
            case _:
                super().visit_Call(node, frame, forward_caller=forward_caller)


class TemplateEnvironment(Environment):
    """The sandbox of templates: as that of rules, but unknown names are faults, text is escaped, and fields are noted.

    Attributes:
        noted: the facts that the template read from rows, by record and column; emptied by who renders.
        budget: the steps that are left for the document.
        drafts: letters with blanks are made all the same, with marks.
    """

    drafts = False
    code_generator_class = _LetterGenerator

    intercepted_binops = Environment.intercepted_binops | {"+"}

    def __init__(self, calendar: Calendar, texts: Texts | None = None) -> None:
        """Make the sandbox; it may render many letters, one after the other.

        Args:
            calendar: of the office.
            texts: the office's language, in which authors type the names of filters; English without.
        """
        super().__init__(calendar, autoescape=True)
        self.undefined = StrictUndefined
        self.budget = Budget()
        for name in _NOT_FOR_LETTERS:
            del self.filters[name]
        for name in _OF_TEXT:
            self.filters[name] = _of_text(self.filters[name])
        self.filters["format"] = _of_words(self.filters["format"])
        for name in ("int", "float"):
            self.filters[name] = _of_figures(self.filters[name])
        self._texts = texts or texts_in("en")
        for name in ("default", "d"):
            self.filters[name] = _instead_of_nothing(self.filters[name], self._texts)
        self.filters |= filters(self._texts)
        for table in (self.filters, self.tests):
            for name, make in table.items():
                table[name] = _within(self.budget, make, grows=name in _GROWING)
        self.noted: dict[tuple[Ref, str], Any] = {}
        self._compiled: dict[str, Any] = {}
        self._complaints: dict[str, str | None] = {}
        self._calendar = calendar
        self._ways: dict[str, Way | None] = {}

    def printer(self, voice: Voice, tell: Callable[[Blank], Iterable[Finding]]) -> Printer:  # noqa: ARG002 -- for drafts
        """What puts a letter's values on paper; `tell` finds the cells that a blank is missing."""
        return Printer(voice, self.budget)

    def __reduce__(self) -> tuple[type[TemplateEnvironment], tuple[Calendar, Texts]]:
        """In another process the templates are compiled again."""
        return TemplateEnvironment, (self._calendar, self._texts)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As for rules; what is read from a row is noted as a fact."""
        if attribute.startswith("_"):
            raise SecurityError(message("A name that begins with a low line is not for letters."))
        try:
            value = obj.lookup(attribute) if isinstance(obj, Row) else super().getattr(obj, attribute)
        except KeyError as error:
            raise Unprintable(message("«{name}» is unknown here."), name=attribute) from error
        if isinstance(obj, Row):
            self._note(obj, attribute, value)
        elif attribute == "year" and isinstance(obj, date):
            return Year(value)
        elif isinstance(obj, list | tuple):
            self.budget.spend(len(obj))
            if isinstance(obj, Rows):
                for row in obj:
                    if isinstance(row, Row):
                        self._note(row, attribute, row.lookup(attribute))
        return value

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Bound the operators that can fill the memory; what a text takes in is put into words."""
        if operator == "+":
            return self.budget.spent(left + right)
        if operator == "%" and isinstance(left, str):
            right = _worded(context, right)
        return self.budget.spent(super().call_binop(context, operator, left, right))

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """The tree of a template; raises `TemplateSyntaxError` where it is none, or takes in other files."""
        try:
            tree = super().parse(source, name, filename)
            elsewhere = next(tree.find_all(_ELSEWHERE), None)
        except RecursionError:
            raise Refused(TOO_DEEP, 1) from None
        if elsewhere is not None:
            raise Refused(message("A template takes in no other file; write out what shall stand here."), elsewhere.lineno)
        return tree

    def complaint(self, source: str) -> str | None:
        """What Jinja2 has against a template; None where it understands it. The same tags stand in many templates."""
        if source not in self._complaints:
            try:
                self.parse(source)
                self._complaints[source] = None
            except TemplateSyntaxError as error:
                self._complaints[source] = str(error.message)
        return self._complaints[source]

    def step(self, steps: int) -> None:
        """A turn of a loop, or the call of a macro."""
        self.budget.spend(steps)

    def spent(self, made: Any) -> Any:
        """A text that was joined of others."""
        return self.budget.spent(made)

    def _note(self, row: Row, column: str, value: Any) -> None:
        if is_fact(value):
            self.noted[row.ref, column] = value

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:  # noqa: A002 -- Jinja2's signature
        """A template from its source, every printed field led through the printer; compiled once."""
        found = self._compiled.get(source)
        if found is None:
            template_class = template_class or self.template_class
            try:
                code = self.compile(_led_through_printer(self.parse(source)))
            except (RecursionError, SyntaxError):  # Python's own limits: brackets, loops in loops
                raise Refused(TOO_DEEP, 1) from None
            found = template_class.from_code(self, code, self.make_globals(globals), None)
            self._compiled[source] = found
        return found

    def words_at(self, error: Exception) -> str:
        """The words of the paragraph or cell, tags and all, in which an error came up; nothing where it was in none."""
        found, step = "", error.__traceback__
        while step is not None:
            template = step.tb_frame.f_globals.get("__jinja_template__")
            source = next((source for source, made in self._compiled.items() if made is template), None)
            if template is not None and source is not None:
                found = text_at(source, template.get_corresponding_lineno(step.tb_lineno))
            step = step.tb_next
        return found

    def way(self, template: Template) -> Way | None:
        """How a template is filled in, compiled once; None for what is no Word or Excel file."""
        if template.digest not in self._ways:
            if is_too_large(template.content):
                raise Refused(TOO_LARGE, 1)
            match Path(template.name).suffix.lower():
                case ".docx":
                    self._ways[template.digest] = compiled(template.content, self)
                case ".xlsx":
                    self._ways[template.digest] = Form(template.content, self)
                case _:
                    self._ways[template.digest] = None
        return self._ways[template.digest]


TOO_LARGE: Final = message("This file holds far more than any template needs. Put the latest good copy in its place.")
TOO_DEEP: Final = message("This is nested too deeply.")


@dataclass(frozen=True)
class Template:
    """A Word or Excel file with merge fields.

    Attributes:
        name: the file's name.
        content: its bytes; none where it lies there and cannot be read.
        unread: whether that is so.
    """

    name: str
    content: bytes
    unread: bool = False

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
            Unprintable: a filter is not made for a field's value.
            NotXml: what the template makes of the fields is no document.
            jinja2.TemplateError: the template is broken.
        """
        way = environment.way(self)
        if way is None:
            return self.content
        environment.budget.renew()
        return way.render({**context, **printer.names}, properties)


def read_templates(folders: Sequence[Path], profile: Profile) -> Mapping[str, Template]:
    """The templates and enclosures that the profile names, with their variants for languages, by file name.

    Every Word file has the office's letterhead, and with it its digest: a changed letterhead is a changed template.
    A file that is missing is left out, and one that cannot be read is empty: `pipeline.letters.contract` says so.
    """
    files = read_files(folders, profile)
    found = {name: Template(name, content or b"", unread=content is None) for name, content in files.items()}
    letterhead = found.get(profile.office.letterhead or "")
    if letterhead is None:
        return found
    headed = {name: replace(template, content=_headed(template, letterhead)) for name, template in found.items()}
    return {**headed, letterhead.name: letterhead}


def read_files(folders: Sequence[Path], profile: Profile) -> Mapping[str, bytes | None]:
    """The files that the profile names as they lie in the first of the folders that has them, by name.

    One that may not be read is None, and never taken from the next folder: that would be another letter.
    """
    found: dict[str, bytes | None] = {}
    for name in dict.fromkeys(name for rule in profile.letters.values() for name in files_of(rule, profile)):
        for folder in folders:
            try:
                found[name] = (folder / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                found[name] = None
            break
    return found


def files_of(rule: LetterRule, profile: Profile) -> tuple[str, ...]:
    """All files that a letter may be made of: letterhead, template, enclosures, each followed by its variants for languages."""
    named = (*_letterhead_name(profile), rule.template, *enclosure_files(rule))
    return tuple(file for name in named for file in (name, *(variant(name, language) for language in LANGUAGES)))


def _letterhead_name(profile: Profile) -> tuple[str, ...]:
    return (profile.office.letterhead,) if profile.office.letterhead else ()


def _headed(template: Template, letterhead: Template) -> bytes:
    """The template under the letterhead; a damaged file stays as it is, and `pipeline.letters.contract` says so."""
    if not template.name.lower().endswith(".docx") or is_too_large(template.content) or is_too_large(letterhead.content):
        return template.content
    try:
        return with_letterhead(template.content, letterhead.content)
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError, UnicodeDecodeError):
        return template.content


def variant(name: str, language: str) -> str:
    """The file name of a template in another language: ``decision.nn.docx``."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{language}.{ending}"


def enclosure_files(rule: LetterRule) -> tuple[str, ...]:
    """The files that a letter may enclose, without their conditions."""
    return tuple(item.partition(" if ")[0] for item in rule.enclosures)


# ------------------------------------------------------------------ what is checked


def sources(template: Template) -> Iterator[tuple[str, str]]:
    """The parts of a template as Jinja2 reads them: in a document one line a paragraph, in a workbook one part a cell.

    A part's name begins with what people call it.
    """
    match Path(template.name).suffix.lower():
        case ".docx":
            document = Document(io.BytesIO(template.content))
            document.render_init()
            yield "body", lined(document.patch_xml(document.get_xml()))
            for part, uri in (("header", RELATIONSHIP_TYPE.HEADER), ("footer", RELATIONSHIP_TYPE.FOOTER)):
                for name, found in document.get_headers_footers(uri):
                    yield f"{part} {name}", lined(document.patch_xml(document.get_part_xml(found)))
            for found in document.docx.part.package.parts:
                if str(found.partname) == "/word/footnotes.xml":
                    yield "footnotes", lined(document.patch_xml(re.sub(r"^<\?xml[^>]*\?>", "", found.blob.decode("utf-8"))))
        case ".xlsx":
            for cell in template_cells(load_workbook(io.BytesIO(template.content))):
                yield f"{cell.parent.title}!{cell.coordinate}", str(cell.value)


def text_at(source: str, line: int | None) -> str:
    """The words on a line of a part, its tags among them."""
    lines = source.splitlines()
    if line is None or not 0 < line <= len(lines):
        return ""
    return html.unescape(re.sub(r"<[^>]+>", "", lines[line - 1])).strip()[:200]


def _dotted(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            head = _dotted(node.node)
            return f"{head}.{node.attr}" if head else ""
    return ""


# ------------------------------------------------------------------ the tree


def _led_through_printer(tree: nodes.Template) -> nodes.Template:
    """The template as it is compiled.

    Every printed expression stands in ``_print(…)``, every field that it passes on in ``_noted(…)``, every field that gets
    another name in ``_kept(…)``; each turn, each call of a macro and each joined text takes from the budget.
    """
    macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}
    for output in tree.find_all(nodes.Output):
        output.nodes = [_unlined(part) if isinstance(part, nodes.TemplateData) else _printed(part) for part in output.nodes]
    for assigned in tree.find_all(nodes.Assign):
        assigned.node = _named(_joined(cast("nodes.Expr", assigned.node)), assigned.target)
    for scoped in tree.find_all(nodes.With):
        scoped.values = [_named(_joined(value), target) for value, target in zip(scoped.values, scoped.targets, strict=True)]
    for call in list(tree.find_all(nodes.Call)):
        if isinstance(call.node, nodes.Name) and call.node.name in macros:
            _hand_on(call, macros[call.node.name])
    for loop in tree.find_all(nodes.For):
        loop.iter = _of_all(_joined(cast("nodes.Expr", loop.iter)))
    for body, extra in [(loop.body, 0) for loop in tree.find_all(nodes.For)] + [
        (macro.body, CALL) for macro in macros.values()
    ]:
        characters = sum(len(data.data) for node in body for data in _texts_of(node))
        step = nodes.EnvironmentAttribute("step")
        cost = nodes.Const(turn(characters) + extra)
        body.insert(0, nodes.ExprStmt(nodes.Call(step, [cost], [], None, None)).set_lineno(body[0].lineno if body else 1))
    return cast("nodes.Template", _Joints().visit(tree))


def _texts_of(node: nodes.Node) -> Iterator[nodes.TemplateData]:
    yield from (node,) if isinstance(node, nodes.TemplateData) else node.find_all(nodes.TemplateData)


class _Joints(NodeTransformer):
    """Turn each joined text into one that takes its length from the budget."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 -- the visitor's own naming
        self.generic_visit(node)
        return nodes.Call(nodes.EnvironmentAttribute("spent"), [node], [], None, None, lineno=node.lineno)


def _named(value: nodes.Expr, target: nodes.Node) -> nodes.Expr:
    """The value with a note of the field it is, where it gets a name: a blank under that name is one of the field."""
    field = value
    while isinstance(field, nodes.Filter) and field.node is not None and field.name not in _MAY_BE_EMPTY:
        field = field.node
    if not isinstance(target, nodes.Name) or not isinstance(field, nodes.Getattr):
        return value
    return _call(
        KEEP,
        value,
        field.node,
        nodes.Const(field.attr),
        nodes.Const(_dotted(field) or field.attr),
        _root(field),
        nodes.Const(target.name),
        lineno=value.lineno,
    )


def _hand_on(call: nodes.Call, macro: nodes.Macro) -> None:
    """Note which field each name of a macro stands for."""
    call.args = [
        _named(argument, macro.args[place]) if place < len(macro.args) else argument for place, argument in enumerate(call.args)
    ]
    for keyword in call.kwargs:
        keyword.value = _named(keyword.value, nodes.Name(keyword.key, "load"))


def _root(field: nodes.Expr) -> nodes.Expr:
    """The first name of a field, where it is asked through another: ``case`` of ``case.person.name``."""
    first: nodes.Expr = field
    steps = 0
    while isinstance(first, nodes.Getattr):
        first, steps = first.node, steps + 1
    return (
        nodes.Name(first.name, "load", lineno=field.lineno)
        if isinstance(first, nodes.Name) and steps > 1
        else nodes.Const(None)
    )


def _unlined(text: nodes.TemplateData) -> nodes.TemplateData:
    """The text without the lines on which docxtpl puts the paragraphs for Jinja2, and takes away again from each letter."""
    return nodes.TemplateData(re.sub(r"\n<w:p([ >])", r"<w:p\1", text.data), lineno=text.lineno)


def _printed(part: nodes.Expr) -> nodes.Expr:
    if isinstance(part, nodes.Concat):
        return _pieces(part)
    source = "" if says_it_may_be_empty(part) else _source(part)
    root = [nodes.Name(source.partition(".")[0], "load", lineno=part.lineno)] if "." in source else []
    simple = isinstance(part, nodes.Getattr | nodes.Name)  # its own note tells more
    return _call(PRINT, _watched(part), nodes.Const(source), *(() if simple else root), lineno=part.lineno)


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
        case nodes.Filter(name="join" | "format" | "replace" | "sum"):
            return _watched(part)
    for name in part.fields:
        value = getattr(part, name)
        if isinstance(value, nodes.Expr):
            setattr(part, name, _joined(value))
        elif isinstance(value, list):
            setattr(part, name, [_joined(item) if isinstance(item, nodes.Expr) else item for item in value])
    return part


def says_it_may_be_empty(part: nodes.Expr) -> bool:  # noqa: PLR0911 -- one return a kind of node
    """The author wrote what is to stand where nothing stands, or calls a macro, which notes its own blanks."""
    empty = nodes.Const("")
    match part:
        case nodes.Call(node=nodes.Name(name=name)):
            return name not in FUNCTIONS
        case nodes.Call(node=nodes.Getattr(node=nodes.Name(name="loop"))):
            return True
        case nodes.Filter(name="default" | "d", args=[instead, *_]) if not isinstance(instead, nodes.Const):
            return says_it_may_be_empty(instead)  # another field, perhaps, which may be as empty as the first
        case nodes.Filter():
            return part.name in _MAY_BE_EMPTY or (part.node is not None and says_it_may_be_empty(part.node))
        case nodes.CondExpr():
            return part.expr2 is None or empty in (part.expr1, part.expr2)
        case nodes.Or():
            return part.right == empty
    return False


def _watched(part: nodes.Expr) -> nodes.Expr:  # noqa: C901, PLR0912 -- one case a kind of node
    """The expression with a note at every field that it passes on, but for those that the template says may be empty."""
    match part:
        case nodes.Getattr() | nodes.Name() | nodes.Getitem(node=nodes.Getattr() | nodes.Name(), arg=nodes.Const(value=str())):
            return _noted(part)
        case nodes.Getitem():
            part.node = _watched(part.node)
        case nodes.Filter(name="sum") if part.node is not None:
            part = _of_each(part)
            part.node = _of_all(cast("nodes.Expr", part.node))
        case nodes.Filter(name="min" | "max"):
            pass  # one value is enough for them; where there is none, what they give is empty
        case nodes.Filter() if part.name in _MAY_BE_EMPTY:
            part.args = [_joined(argument) for argument in part.args]  # worked out although the field has a value
        case nodes.Filter() if part.node is not None:
            part = _of_each(part)
            part.node = _watched(cast("nodes.Expr", part.node))
            part.args = [_watched(argument) for argument in part.args]
        case nodes.CondExpr():
            part.expr1 = _watched(part.expr1)
            part.expr2 = _watched(part.expr2) if part.expr2 is not None else None
        case nodes.Or() | nodes.And():
            part.left, part.right = _deciding(part.left), _watched(part.right)  # the left side of either decides
        case nodes.BinExpr():
            part.left, part.right = _watched(part.left), _watched(part.right)
        case nodes.Concat():
            return _pieces(part)
        case nodes.List() | nodes.Tuple():
            part.items = [_watched(item) for item in part.items]
        case nodes.Dict():
            for pair in part.items:
                pair.value = _watched(pair.value)
        case nodes.Call(node=nodes.Name(name=name)):
            part.args = [_watched(argument) if name in FUNCTIONS else _joined(argument) for argument in part.args]
        case nodes.Call(node=nodes.Getattr(node=owner) as method) if owner != nodes.Name("loop", "load"):
            method.node = _watched(owner)  # what is asked of nothing gives nothing
            part.args = [_joined(argument) for argument in part.args]
    return part


def _deciding(part: nodes.Expr) -> nodes.Expr:
    """What ``or`` and ``and`` decide by: it may be empty, and so may what is joined of a list."""
    match part:
        case nodes.Filter(name="join" | "replace", node=nodes.Expr() as inner) if not isinstance(
            inner, nodes.List | nodes.Tuple
        ):
            part = _of_each(part)
            part.node = _deciding(cast("nodes.Expr", part.node))
            return part
    return _joined(part)


def _of_each(part: nodes.Filter) -> nodes.Filter:
    """A filter that takes a field of each row, with a note at every row in which it is empty."""
    paths = attributes(part) if part.name in {"map", "join", "sum"} else ()
    if paths:
        rows = cast("nodes.Expr", part.node)
        part.node = _call(EACH, rows, nodes.Const(paths[0]), nodes.Const(_source(rows)), lineno=part.lineno)
    return part


def _of_all(part: nodes.Expr) -> nodes.Expr:
    """A list that may be empty, with a note at every row of it in which the field that the list is of is empty."""
    match part:
        case nodes.Getattr(node=rows):
            part.node = _call(EACH, rows, nodes.Const(part.attr), nodes.Const(_source(rows)), lineno=part.lineno)
        case nodes.Filter(name="map") if attributes(part):
            return _of_each(part)
        case nodes.Filter(name="map" | "list" | "sort" | "unique" | "reverse", node=nodes.Expr() as inner):
            part.node = _of_all(inner)
    return part


_OF_TEXT: Final = (
    *("upper", "lower", "title", "capitalize", "trim", "string", "e", "escape", "join", "replace", "truncate", "wordwrap"),
    *("indent", "center", "striptags", "urlencode", "wordcount"),
)
"""Filters that make text: what they are given is put into words first, so that a date reads as a date."""

_GROWING: Final = frozenset(("replace", "join", "indent", "wordwrap"))
"""Filters that may put one text into another as often as a third has characters."""


def _of_text(make: Any) -> Any:
    """A filter of text, given words, a list in running text; ``join(', ', 'name')`` takes the field of each row first."""
    joins = "attribute" in inspect.signature(make).parameters

    @pass_context
    def of_text(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        arguments = [*args]
        if not joins:
            return _asked(make, context, _running(context, value), *arguments, **kwargs)
        attribute = kwargs.pop("attribute", arguments.pop(1) if len(arguments) > 1 else None)
        if attribute is not None:
            value = [make_attrgetter(context.environment, attribute)(item) for item in value]
        return _asked(make, context, context[TEXT](value), *arguments, **kwargs)

    return of_text


def _running(context: Context, value: Any) -> Any:
    """The value in words, a list as in running text."""
    return shown(value, context[VOICE].texts) if isinstance(value, list | tuple) else context[TEXT](value)


def _instead_of_nothing(make: Any, texts: Texts) -> Any:
    """The filter that gives something else for what is empty: also for a list of nothing, and for blanks."""

    def instead(value: Any, default: Any = "", *args: Any, **kwargs: Any) -> Any:
        printed = isinstance(value, str | list | tuple) and not hasattr(value, "__html__")
        return default if printed and is_nothing(value, texts) else make(value, default, *args, **kwargs)

    return instead


def _of_words(make: Any) -> Any:
    """A filter whose arguments go into a text."""

    @pass_context
    def of_words(context: Context, value: Any, *args: Any, **kwargs: Any) -> Any:
        words = {name: _worded(context, argument) for name, argument in kwargs.items()}
        return _asked(make, context, _running(context, value), *(_worded(context, argument) for argument in args), **words)

    return of_words


def _of_figures(make: Any) -> Any:
    """A filter that reads a number, and makes nought of any other text, which nobody meant."""

    def of_figures(value: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and not _FIGURES.fullmatch(value) and not (args or kwargs):
            raise Unprintable(message("«{value}» is no number."), value=value[:80])
        return make(value, *args, **kwargs)

    return of_figures


_FIGURES: Final = re.compile(r"\s*[-+]?\d+(\.\d+)?\s*")


def _worded(context: Context, value: Any) -> Any:
    """A value that goes into a pattern such as ``%s``: numbers as they are, since the pattern says how they are written."""
    if isinstance(value, tuple) and not isinstance(value, Rows):
        return tuple(_worded(context, item) for item in value)
    plain = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if plain else context[TEXT](value)


def _within(budget: Budget, make: Any, *, grows: bool) -> Any:
    """A filter or test that takes what it looks at and what it makes from the budget."""

    def within(*args: Any, **kwargs: Any) -> Any:
        sizes = [size(value) + 1 for value in (*args, *kwargs.values()) if isinstance(value, str | list | tuple)]
        widths = [value for value in (*args, *kwargs.values()) if type(value) is int and value > 0]
        budget.spend(math.prod((*sizes, *widths)) if grows else sum(sizes))
        return budget.spent(make(*args, **kwargs))

    if hasattr(make, "jinja_pass_arg"):
        within.jinja_pass_arg = make.jinja_pass_arg  # type: ignore[attr-defined]  # how Jinja2 marks functions
    return within


def _asked(make: Any, context: Context, *args: Any, **kwargs: Any) -> Any:
    """What one of Jinja2's filters makes, handed what it asks for."""
    asks = getattr(make, "jinja_pass_arg", None)
    given: dict[str, Any] = {"context": context, "eval_context": context.eval_ctx, "environment": context.environment}
    return make(*((given[asks.name],) if asks is not None else ()), *args, **kwargs)


_MAY_BE_EMPTY: Final = frozenset(("default", "d", "length", "count", "sum"))
"""Filters that give something for nothing."""


def _noted(field: nodes.Expr) -> nodes.Expr:
    owner: nodes.Expr = nodes.Const(None, lineno=field.lineno)
    column = ""
    match field:
        case nodes.Getattr():
            owner, column = field.node if _dotted(field) else _watched(field.node), field.attr
        case nodes.Getitem(arg=nodes.Const(value=str() as name)):
            owner, column = field.node, name
    root = _root(field)
    through = () if isinstance(root, nodes.Const) else (root,)
    return _call(NOTE, field, owner, nodes.Const(column), nodes.Const(_source(field) or column), *through, lineno=field.lineno)


def _source(part: nodes.Expr) -> str:
    """The first field of an expression, as its author names it."""
    return next(filter(None, map(_dotted, (part, *part.find_all((nodes.Getattr, nodes.Name))))), "")


def _call(name: str, *arguments: nodes.Expr, lineno: int) -> nodes.Expr:
    return nodes.Call(nodes.Name(name, "load", lineno=lineno), list(arguments), [], None, None, lineno=lineno)
