"""Keeps the catalogues of what people read: takes new sentences from the code, and compiles what translators wrote.

``python tools/catalogues.py`` writes each language's ``fristbrev.po`` and, beside it, the ``fristbrev.mo`` that the program
reads; sentences that the code no longer has are left out.
``--check`` writes nothing and tells what is untranslated, doubtful, left over or not compiled; it ends with 1 where
there is something to tell.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Final

import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = ROOT / "pipeline"
LOCALES: Final = PACKAGE / "texts" / "locale"

WHOLE: Final = ("nb", "sv", "da")
"""Languages in which every sentence must be translated."""
PARTIAL: Final = ("nn",)
"""Languages that fall back to another where they say nothing; their catalogue holds only what differs."""

NAME_CONTEXT: Final = "name"
"""The context of words that people type: merge fields and parts of file names."""

_SENTENCE: Final = frozenset({"texts", "message"})
_DATED: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the same code gives the same files, whenever they are made


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence or word of the code.

    Attributes:
        text: the English sentence; for a sentence about numbers, that about one thing.
        many: the sentence about several things, or nothing.
        context: `NAME_CONTEXT` for a name, or nothing.
    """

    text: str
    many: str = ""
    context: str = ""


def main(arguments: list[str]) -> int:
    """Write the catalogues, or check them."""
    template = template_of(PACKAGE)
    if "--check" in arguments:
        complaints = [complaint for language in (*WHOLE, *PARTIAL) for complaint in check(language, template, LOCALES)]
        print(*complaints, sep="\n", file=sys.stderr)
        return 1 if complaints else 0
    for language in (*WHOLE, *PARTIAL):
        catalogue = updated(language, template, LOCALES)
        folder = LOCALES / language / "LC_MESSAGES"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fristbrev.po").write_bytes(as_po(catalogue))
        (folder / "fristbrev.mo").write_bytes(as_mo(catalogue))
        untranslated = sum(not _is_translated(message) for message in _messages(catalogue))
        print(f"{language}: {len(catalogue)} messages, {untranslated} untranslated")
    return 0


def template_of(package: Path) -> Catalog:
    """Every message of the package, with the files that say it."""
    template = _catalogue(None)
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.j2"))):
        source = path.read_text(encoding="utf-8")
        spoken = in_python(source) if path.suffix == ".py" else in_jinja(source)
        where = path.relative_to(package.parent).as_posix()
        for found in spoken:
            ids = (found.text, found.many) if found.many else found.text
            template.add(ids, locations=[(where, 1)], context=found.context or None)
    return template


def in_python(source: str) -> Iterator[Spoken]:
    """What a module says: ``message("…")``, ``texts("…")``, ``texts.count("…", "…", n)`` and ``texts.name("…")``."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        arguments = [list(_literals(argument)) for argument in node.args]
        match node.func:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name.lstrip("_") in _SENTENCE:
                yield from _spoken("", arguments)
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=asked) if name.lstrip("_") == "texts":
                yield from _spoken(asked, arguments)
            case _:
                pass


def in_jinja(source: str) -> Iterator[Spoken]:
    """What a page's template says, in the same words."""
    environment = jinja2.Environment(autoescape=True)
    for node in environment.parse(source).find_all(jinja2.nodes.Call):
        arguments = [[a.value] if isinstance(a, jinja2.nodes.Const) and isinstance(a.value, str) else [] for a in node.args]
        match node.node:
            case jinja2.nodes.Name(name="texts"):
                yield from _spoken("", arguments)
            case jinja2.nodes.Getattr(node=jinja2.nodes.Name(name="texts"), attr=asked):
                yield from _spoken(asked, arguments)
            case _:
                pass


def _literals(argument: ast.expr) -> Iterator[str]:
    """The text of an argument, or both of a choice between two; a variable's text is marked where it is written down."""
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case _:
            pass


def _spoken(asked: str, arguments: list[list[str]]) -> Iterator[Spoken]:
    match asked, arguments:
        case "", [texts, *_]:
            yield from (Spoken(text) for text in texts if text)
        case "count", [[one], [many], *_]:
            yield Spoken(one, many=many)
        case "name", [texts, *_]:
            yield from (Spoken(text, context=NAME_CONTEXT) for text in texts)
        case _:
            pass


def updated(language: str, template: Catalog, locales: Path) -> Catalog:
    """The language's catalogue with the template's messages and the translations that it has."""
    known = read_catalogue(language, locales)
    catalogue = _catalogue(language)
    for message in _messages(template):
        held = known.get(message.id, message.context)
        translated = held.string if held is not None and _is_translated(held) else None
        if translated is None and language in PARTIAL:
            continue
        catalogue.add(
            message.id,
            translated,
            locations=message.locations,
            context=message.context,
            flags={"fuzzy"} if held is not None and held.fuzzy else set(),
        )
    return catalogue


def check(language: str, template: Catalog, locales: Path) -> Iterator[str]:
    """What is wrong with the language's catalogue, a line for each message."""
    catalogue = read_catalogue(language, locales)
    for message in _messages(template):
        held = catalogue.get(message.id, message.context)
        shown = f"{language}: «{_ids(message)[0]}»"
        if held is None or not _is_translated(held):
            if language in WHOLE:
                yield f"{shown} is not translated"
        elif held.fuzzy:
            yield f"{shown} is marked as doubtful (fuzzy)"
        elif [placeholders(text) for text in _strings(held)] != [placeholders(text) for text in _ids(message)]:
            yield f"{shown} names other facts in its translation"
    for message in (*_messages(catalogue), *catalogue.obsolete.values()):
        if template.get(message.id, message.context) is None:
            yield f"{language}: «{_ids(message)[0]}» is no longer in the code; run tools/catalogues.py"
    compiled = locales / language / "LC_MESSAGES" / "fristbrev.mo"
    if not compiled.is_file() or compiled.read_bytes() != as_mo(catalogue):
        yield f"{language}: fristbrev.mo is not what fristbrev.po says; run tools/catalogues.py"


def placeholders(text: str) -> frozenset[str]:
    """The facts that a sentence names: ``{record}``."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def as_po(catalogue: Catalog) -> bytes:
    """The file that translators edit."""
    written = io.BytesIO()
    write_po(written, catalogue, width=120, sort_by_file=True, include_lineno=False)
    return written.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The file that the program reads."""
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def _catalogue(language: str | None) -> Catalog:
    return Catalog(
        language,
        "fristbrev",
        project="fristbrev",
        version="1",
        header_comment="# What Fristbrev says. tools/catalogues.py keeps this file; translate each msgid in its msgstr.",
        creation_date=_DATED,
        revision_date=_DATED,
        last_translator="Fristbrev",
        language_team="Fristbrev",
        fuzzy=False,
    )


def read_catalogue(language: str, locales: Path) -> Catalog:
    """The language's catalogue as it lies in its folder; an empty one where there is none yet."""
    path = locales / language / "LC_MESSAGES" / "fristbrev.po"
    if not path.is_file():
        return _catalogue(language)
    with path.open("rb") as file:
        return read_po(file, language, "fristbrev")


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _ids(message: Message) -> tuple[str, ...]:
    return _texts(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    return _texts(message.string)


def _is_translated(message: Message) -> bool:
    return all(_strings(message))


def _texts(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
