"""Every expression that a profile holds: where it is written, on which sheet's rows it runs, and what it may yield."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from jinja2 import TemplateSyntaxError

from pipeline.profile.expressions import Environment, parse
from pipeline.profile.kinds import letters_named
from pipeline.profile.model import LETTERS, Column, Profile, conditional
from pipeline.texts import message

_GROUP: Final = message("A group is named by «{name}» of the class «{class_}»; decide by it with «if» and «else».")
_LISTED: Final = message("A list shows «{name}» of the class «{class_}»; decide by it with «if» and «else», or leave it out.")

DATE: Final = frozenset(("date",))
_ROWS: Final = frozenset(("row",))
_TEXT: Final = frozenset(("text", "choice", "number", "nin", "date"))
_STAND_IN: Final = frozenset(("row",))
_OWNER: Final = frozenset(("row", "text", "choice"))
_DONE: Final = frozenset(("date", "yesno", "row"))
_NUMBERS: Final = frozenset(("number", "span"))
_ANYTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as it is written in a profile.

    Attributes:
        table: the TOML table.
        key: the key in it.
        source: the expression.
        sheet: on whose rows it runs.
        kinds: the kinds that it may yield; all where it is empty.
        letters: those that a rule on the sheet of letters is about.
        addressed: it yields whom a letter goes to.
        of_class: the class of the computed column whose value it is, where that can be printed.
        laid_open: what to say where its value, which stands where everybody sees it, tells something about a person.
    """

    table: str
    key: str
    source: str
    sheet: str
    kinds: frozenset[str]
    letters: tuple[str, ...] = ()
    addressed: bool = False
    of_class: str = ""
    laid_open: str = ""


def expressions(profile: Profile, environment: Environment) -> Iterator[Written]:
    """All of them, table by table; `environment` parses those that name letters."""
    return chain(
        _of_sheets(profile),
        _of_deadlines(profile, environment),
        _of_letters(profile),
        _of_statistics(profile),
        _of_lists(profile),
    )


def _some(
    table: str, sheet: str, *entries: tuple[str, str | None, frozenset[str]], letters: tuple[str, ...] = ()
) -> Iterator[Written]:
    for key, source, kinds in entries:
        if source is not None:
            yield Written(table, key, source, sheet, kinds, letters)


def _of_sheets(profile: Profile) -> Iterator[Written]:
    for sheet in profile.sheets.values():
        table = f"[sheets.{sheet.name}]"
        yield from _some(
            table, sheet.name, ("protected", sheet.protected, _ANYTHING), ("substitute", sheet.substitute, _STAND_IN)
        )
        yield from _some(
            f"[sheets.{sheet.name}.checks]", sheet.name, *((key, source, _ANYTHING) for key, source in sheet.checks.items())
        )
        if sheet.recipient is not None:
            who = sheet.recipient
            entries = [("name", who.name), ("language", who.language), ("channel", who.channel)]
            entries += [("address", line) for line in who.address]
            yield from _some(f"{table} recipient", sheet.name, *((key, source, _TEXT) for key, source in entries))
        for column in sheet.columns.values():
            required = column.required if isinstance(column.required, str) else None
            yield from _some(
                f"[sheets.{sheet.name}.columns] {column.name}",
                sheet.name,
                ("required", required, _ANYTHING),
                ("empty", column.empty, _ANYTHING),
                ("not_before", column.not_before, DATE),
                ("not_after", column.not_after, DATE),
            )
            if column.value is not None:
                of_class = "" if column.type in {"ref", "yesno"} else column.class_
                table_of_column = f"[sheets.{sheet.name}.columns] {column.name}"
                yield Written(table_of_column, "value", column.value, sheet.name, _kinds_of(column), of_class=of_class)


def _kinds_of(column: Column) -> frozenset[str]:
    match column.type:
        case "ref":
            return _ROWS
        case "yesno":
            return _ANYTHING
        case "text" | "choice" | "nin":
            return _TEXT
        case kind:
            return frozenset((kind,))


def _of_deadlines(profile: Profile, environment: Environment) -> Iterator[Written]:
    for rule in profile.deadlines.values():
        letters = (
            tuple(name for name in _letters_of(environment, rule.when) if name in profile.letters) if rule.on == LETTERS else ()
        )
        yield from _some(
            f"[deadlines.{rule.name}]",
            rule.on,
            ("when", rule.when, _ANYTHING),
            ("due", rule.due, DATE),
            ("from", rule.from_, DATE),
            ("until", rule.until, DATE),
            ("done", rule.done, _DONE),
            ("owner", rule.owner, _OWNER),
            letters=letters,
        )
        yield from _conditions(f"[deadlines.{rule.name}]", rule.on, "basis", rule.basis)


def _letters_of(environment: Environment, when: str) -> tuple[str, ...]:
    try:
        return letters_named(parse(environment, when))
    except TemplateSyntaxError:
        return ()


def _of_letters(profile: Profile) -> Iterator[Written]:
    for rule in profile.letters.values():
        table = f"[letters.{rule.name}]"
        yield from _some(
            table, rule.on, ("when", rule.when, _ANYTHING), ("dated", rule.dated, DATE), ("owner", rule.owner, _OWNER)
        )
        for key, sources in (("to", rule.to or ()), ("copy", rule.copies)):
            yield from (Written(table, key, source, rule.on, _ROWS, addressed=True) for source in sources)
        yield from _some(
            f"[letters.{rule.name}.checks]", rule.on, *((key, source, _ANYTHING) for key, source in rule.checks.items())
        )
        yield from _conditions(table, rule.on, "basis", rule.basis)
        yield from _conditions(table, rule.on, "enclosures", rule.enclosures)


def _conditions(table: str, sheet: str, key: str, items: tuple[str, ...]) -> Iterator[Written]:
    yield from _some(table, sheet, *((key, conditional(item)[1], _ANYTHING) for item in items))


def _of_statistics(profile: Profile) -> Iterator[Written]:
    for figure in profile.statistics.values():
        table = f"[statistics.{figure.name}]"
        kinds = _NUMBERS if figure.how in {"sum", "average", "median"} else _ANYTHING
        yield from _some(table, figure.on, ("when", figure.when, _ANYTHING), ("value", figure.value, kinds))
        for key, source in figure.by.items():
            yield Written(f"{table}.by", key, source, figure.on, _ANYTHING, laid_open=_GROUP)


def _of_lists(profile: Profile) -> Iterator[Written]:
    for own in profile.lists.values():
        yield from _some(f"[lists.{own.name}]", own.on, ("when", own.when, _ANYTHING))
        for key, source in own.columns.items():
            yield Written(f"[lists.{own.name}.columns]", key, source, own.on, _ANYTHING, laid_open=_LISTED)
