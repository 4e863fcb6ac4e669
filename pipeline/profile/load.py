"""From ``profile.toml`` to a checked `Profile`, with every mistake told at once.

The file is read, laid over the profile that it extends, filled in with the names that follow from its tables, and checked
twice: its shape by the models, and every name, reference and expression in it by `pipeline.profile.kinds`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.calendars import Calendar, parse_duration
from pipeline.faults import Fault, NoWorkspace
from pipeline.profile.expressions import Environment, Rules, parse
from pipeline.profile.kinds import (
    TAKEN,
    Checker,
    Names,
    Scope,
    attributes,
    filters_binding_tighter,
    letters_named,
    nearest,
)
from pipeline.profile.model import DEADLINES, LETTERS, OPEN, Column, Profile, Statistic, conditional
from pipeline.profile.starters import PROFILE, starters
from pipeline.texts import message

_NAMED: Final = {"sheets": "title", "deadlines": "title", "letters": "title", "statistics": "title", "lists": "title"}
"""The tables of tables whose entries carry their own name, and what follows from it."""


_MISFITS: Final = {
    "string_pattern": message("{value} does not fit here; write a day as month and day, «12-24», or as a date, «2026-05-15»."),
    "string": message("{value} does not fit here; a text in quotes is asked for."),
    "bool": message("{value} does not fit here; true or false is asked for."),
    "int": message("{value} does not fit here; a whole number is asked for."),
    "float": message("{value} does not fit here; a number is asked for."),
    "date": message("{value} does not fit here; a date such as 2026-05-15 is asked for, without quotes."),
    "tuple": message("{value} does not fit here; a list in square brackets is asked for."),
    "frozen_set": message("{value} does not fit here; a list in square brackets is asked for."),
    "mapping": message("{value} does not fit here; a table is asked for."),
    "model": message("{value} does not fit here; a table is asked for."),
}
"""What is asked for, by the beginning of pydantic's name for the error."""

_UNITS: Final = {
    **dict.fromkeys(("day", "dag", "dager", "dagar", "dage", "døgn", "dygn"), "day"),
    **dict.fromkeys(("week", "uke", "uker", "veke", "veker", "vecka", "veckor", "uge", "uger"), "week"),
    **dict.fromkeys(("month", "måned", "måneder", "månad", "månader", "månadar"), "month"),
    **dict.fromkeys(("year", "år"), "year"),
    **dict.fromkeys(("working day", "arbeidsdag", "arbeidsdager", "arbeidsdagar", "virkedag", "virkedager"), "working day"),
    **dict.fromkeys(("arbetsdag", "arbetsdagar", "vardag", "vardagar", "arbejdsdag", "arbejdsdage", "hverdage"), "working day"),
}
"""The units of periods by what people call them; a profile writes the English ones."""

_PERIOD: Final = re.compile(r"(\d+) *([^\W\d]+(?: [^\W\d]+)?)\.?")

_GROUP: Final = message("A group is named by «{name}» of the class «{class_}»; decide by it with «if» and «else».")
_LISTED: Final = message("A list shows «{name}» of the class «{class_}»; decide by it with «if» and «else», or leave it out.")

_DATE: Final = frozenset(("date",))
_ROWS: Final = frozenset(("row",))
_TEXT: Final = frozenset(("text", "choice", "number", "nin", "date"))
_STAND_IN: Final = frozenset(("row",))
_OWNER: Final = frozenset(("row", "text", "choice"))
_DONE: Final = frozenset(("date", "yesno", "row"))
_NUMBERS: Final = frozenset(("number", "span"))
_ANYTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class ProfileMistake:
    """One mistake in a profile.

    Attributes:
        table: the TOML table, ``[deadlines.answer]``.
        key: the key in it; empty for the table as a whole.
        sentence: what is wrong, a sentence of the catalogues.
        facts: what the sentence names.
    """

    table: str
    key: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


class BrokenProfile(Fault):
    """The profile cannot be used; `mistakes` has every reason."""

    sentence = message("The profile {file} has {count} mistakes; nothing was made.")

    def __init__(self, file: str, mistakes: tuple[ProfileMistake, ...]) -> None:
        """Keep the mistakes; each is told on its own line."""
        super().__init__(file=file, count=len(mistakes))
        self.mistakes = mistakes


def load_profile(path: Path, over: Path | None = None) -> Profile:
    """The profile in a file.

    Args:
        path: the file.
        over: a file of lines that are laid over it; mistakes are told of this one.

    Raises:
        NoWorkspace: there is no such file.
        BrokenProfile: with every mistake that was found.
    """
    tables = _read(path.resolve(), ())
    if over is not None:
        path, tables = over, _merged(tables, _overriding(over.resolve()))
    tables = _named(tables)
    try:
        profile = Profile.model_validate(tables)
    except ValidationError as error:
        raise BrokenProfile(path.name, tuple(_shape_mistake(detail) for detail in error.errors())) from None
    mistakes = tuple(dict.fromkeys(check(profile)))
    if mistakes:
        raise BrokenProfile(path.name, mistakes)
    return profile


def lineage(path: Path) -> tuple[Path, ...]:
    """The profile's file, the one that it extends, and so on; raises as `load_profile` does."""
    found: tuple[Path, ...] = ()
    base: Path | None = path.resolve()
    while base is not None:
        found, base = (*found, base), _extended(base, _own(base, found).get("extends"), found)
    return found


# ------------------------------------------------------------------ reading


def _own(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """What the file itself says."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        if seen:
            raise _one(
                seen[-1], "", "extends", message("There is no profile «{name}» to start from."), name=str(path.name)
            ) from None
        raise NoWorkspace(folder=str(path.parent)) from None
    except UnicodeDecodeError:
        raise _one(path, "", "", message("The file is not saved as UTF-8; save it again with that encoding.")) from None
    except OSError:
        sentence = message("The file cannot be read; see whether it is a file, and whether this account may read it.")
        raise _one(path, "", "", sentence) from None
    try:
        own: dict[str, Any] = _composed(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        sentence, facts = _syntax(text, str(error))
        raise _one(path, "", "", sentence, **facts) from None
    except RecursionError:
        raise _one(path, "", "", message("The file has brackets within brackets, too many to be read.")) from None
    return own


def _read(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    tables = _own(path, seen)
    base = _extended(path, tables.pop("extends", None), seen)
    return tables if base is None else _merged(_read(base, (*seen, path)), tables)


def _extended(path: Path, extends: object, seen: tuple[Path, ...]) -> Path | None:
    """The profile that this one starts from, if there is one."""
    if extends is None:
        return None
    if not isinstance(extends, str):
        raise _one(path, "", "extends", message("This is the name of a profile to start from, or the path of one."))
    base = path.parent / extends if extends.endswith(".toml") else starters().get(extends, path.parent / extends) / PROFILE
    base = base.resolve()
    if base in (*seen, path):
        raise _one(path, "", "extends", message("The profile extends itself."))
    return base


def _overriding(path: Path) -> dict[str, Any]:
    tables = _own(path, ())
    if "extends" in tables:
        raise _one(path, "", "extends", message("These lines lie over the office's own profile; leave out «extends»."))
    return tables


def _one(path: Path, table: str, key: str, sentence: str, /, **facts: str) -> BrokenProfile:
    return BrokenProfile(path.name, (ProfileMistake(table, key, sentence, tuple(facts.items())),))


def _syntax(text: str, problem: str) -> tuple[str, dict[str, str]]:
    """What to say of TOML that does not parse: the line, and the two things that people forget."""
    lines = text.splitlines() or [""]
    found = re.search(r"at line (\d+)", problem)
    line = min(int(found[1]), len(lines)) if found else len(lines)
    row = lines[line - 1].strip()
    key = row.partition("=")[0].strip().strip("[]")
    facts = {"line": str(line), "row": row}
    if not key.isascii() and '"' not in key and "'" not in key:
        return message("Line {line}, «{row}»: a key with å, ä, æ, ö or ø stands in quotes."), facts
    if row.count("{") > row.count("}"):
        return message("Line {line}, «{row}»: a table in braces stays on one line."), facts
    if problem.startswith(("Cannot overwrite", "Cannot declare")):
        return message("Line {line}, «{row}»: this name stands twice."), facts
    return (
        message("Line {line}, «{row}»: this is not TOML; look for a quote, bracket or equals sign missing or too many."),
        facts,
    )


def _composed(value: Any) -> Any:
    """The same with every text in composed Unicode, so that an å typed on a Mac is the å typed on a PC."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {_composed(key): _composed(item) for key, item in value.items()}
        case list():
            return [_composed(item) for item in value]
    return value


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables merge, values and lists replace."""
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _named(tables: dict[str, Any]) -> dict[str, Any]:
    """The tables with the names, titles and headings that follow from their keys."""
    named = dict(tables)
    for group, label in _NAMED.items():
        if isinstance(named.get(group), dict):
            named[group] = {name: _with_name(name, table, label) for name, table in named[group].items()}
    sheets = named.get("sheets")
    for sheet in sheets.values() if isinstance(sheets, dict) else ():
        if isinstance(sheet, dict) and isinstance(sheet.get("columns"), dict):
            sheet["columns"] = {name: _with_name(name, column, "heading") for name, column in sheet["columns"].items()}
    return named


def _with_name(name: str, table: Any, label: str) -> Any:
    if not isinstance(table, dict):
        return table
    spoken = name.replace("_", " ")
    return {"name": name, label: spoken[:1].upper() + spoken[1:], **table}


# ------------------------------------------------------------------ the shape


def _shape_mistake(detail: ErrorDetails) -> ProfileMistake:
    location = [str(part) for part in detail["loc"] if not (isinstance(part, str) and part.startswith("function-"))]
    table, key = _where(location)
    shown = repr(detail["input"]) if not isinstance(detail["input"], dict) else "{…}"
    match detail["type"]:
        case "missing":
            return ProfileMistake(table, key, message("This is missing."))
        case "extra_forbidden":
            guess = nearest(key, _keys_beside(location))
            if guess:
                return ProfileMistake(
                    table, key, message("Nobody knows this key; did you mean «{guess}»?"), (("guess", guess),)
                )
            return ProfileMistake(table, key, message("Nobody knows this key."))
        case "literal_error":
            expected = str(detail.get("ctx", {}).get("expected", ""))
            return ProfileMistake(
                table,
                key,
                message("{value} is not possible here; possible are {expected}."),
                (("value", shown), ("expected", expected)),
            )
        case _:
            return ProfileMistake(table, key, _misfit(detail["type"]), (("value", shown),))


def _misfit(kind: str) -> str:
    """What to say of a value of the wrong kind, by the name that pydantic has for the error."""
    for start, sentence in _MISFITS.items():
        if kind.startswith(start):
            return sentence
    return message("{value} does not fit here.")


def _where(location: list[str]) -> tuple[str, str]:
    """Pydantic's location as the TOML table and the key in it."""
    depth = {"sheets": 4, "deadlines": 2, "letters": 2, "statistics": 2, "lists": 2, "law": 3}.get(location[0], 1)
    if (location[0], *location[2:3]) in {("statistics", "by"), ("lists", "columns")}:
        depth = 3
    if location[0] == "sheets" and len(location) > 2 and location[2] != "columns":
        depth = 2
    path = location[: min(depth, len(location) - 1)]
    brackets = "[[{}]]" if location[0] == "law" else "[{}]"
    if location[0] == "law":
        path = path[:2]
    return (brackets.format(".".join(path)) if path else ""), ".".join(location[len(path) :])


def _keys_beside(location: list[str]) -> Iterable[str]:
    from pipeline.profile import model

    at: dict[str, type[model.Table]] = {
        "office": model.Office,
        "register": model.Workbook,
        "sheets": model.Column if "columns" in location else model.Sheet,
        "deadlines": model.DeadlineRule,
        "letters": model.LetterRule,
        "law": model.LawVersion,
        "run": model.Run,
        "mail": model.Mail,
        "statistics": model.Statistic,
        "lists": model.OwnList,
    }
    table = at.get(location[0], model.Profile) if len(location) > 1 else model.Profile
    return [field.alias or name for name, field in table.model_fields.items() if name != "name"]


# ------------------------------------------------------------------ what it says


def check(profile: Profile) -> Iterator[ProfileMistake]:
    """Every mistake in a profile of the right shape."""
    for checks in (
        _check_names,
        _check_sheets,
        _check_deadlines,
        _check_letters,
        _check_expressions,
        _check_circles,
        _check_run,
    ):
        yield from checks(profile)
    for figure in profile.statistics.values():
        yield from _check_figure(profile, figure)
    for own in profile.lists.values():
        yield from _check_on(profile, f"[lists.{own.name}]", own.on)


def _unknown(table: str, key: str, name: str, known: Iterable[str]) -> ProfileMistake:
    guess = nearest(name, known)
    if guess:
        sentence = message("«{name}» is unknown; did you mean «{guess}»?")
        return ProfileMistake(table, key, sentence, (("name", name), ("guess", guess)))
    return ProfileMistake(table, key, message("«{name}» is unknown."), (("name", name),))


def _check_names(profile: Profile) -> Iterator[ProfileMistake]:
    """Columns, ways back and terms do not hide the grammar's own names, nor one way back another."""
    backs: set[tuple[str, str]] = set()
    named = [("[terms]", name, name) for name in profile.terms]
    for sheet in profile.sheets.values():
        for column in sheet.columns.values():
            table = f"[sheets.{sheet.name}.columns] {column.name}"
            named.append((table, "", column.name))
            if column.back is not None and column.to is not None:
                named.append((table, "back", column.back))
                if (column.to, column.back) in backs:
                    sentence = message("The sheet {sheet} has two ways back that are called «{name}».")
                    yield ProfileMistake(table, "back", sentence, (("sheet", column.to), ("name", column.back)))
                backs.add((column.to, column.back))
    for term, value in profile.terms.items():
        meant = _period_meant(value)
        if meant:
            sentence = message(
                "«{value}» is no period that rules can count with; write «{guess}» "
                "(day(s), week(s), month(s), year(s), working day(s))."
            )
            yield ProfileMistake("[terms]", term, sentence, (("value", str(value)), ("guess", meant)))
    for table, key, name in named:
        if name in TAKEN:
            yield ProfileMistake(
                table, key, message("«{name}» is a name of the grammar's own; choose another."), (("name", name),)
            )


def _period_meant(value: object) -> str:
    """The period that a term was probably meant to be, where it is written in another language or misspelt; else nothing."""
    match = _PERIOD.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or parse_duration(str(value)):
        return ""
    said = match[2].casefold()
    plural = {f"{unit}s": unit for unit in set(_UNITS.values())}
    unit = _UNITS.get(said) or plural.get(nearest(said, plural), "")
    return f"{match[1]} {unit}{'' if int(match[1]) == 1 else 's'}" if unit else ""


def _check_sheets(profile: Profile) -> Iterator[ProfileMistake]:
    if LETTERS in profile.sheets:
        yield ProfileMistake(f"[sheets.{LETTERS}]", "", message("This name is taken by the ledger's own letters."))
    for sheet in profile.sheets.values():
        table = f"[sheets.{sheet.name}]"
        for key, names in (("key", sheet.key), ("valid", sheet.valid or ())):
            for name in names:
                if name not in sheet.columns or not sheet.columns[name].stored:
                    yield _unknown(table, key, name, (column.name for column in sheet.stored_columns))
        for column in sheet.columns.values():
            yield from _check_column(profile, column, f"[sheets.{sheet.name}.columns] {column.name}")


def _check_column(profile: Profile, column: Column, table: str) -> Iterator[ProfileMistake]:
    if (column.type == "ref") != (column.to is not None):
        yield ProfileMistake(
            table, "to", message("A column of type «ref», and no other, says with «to» which sheet it refers to.")
        )
    elif column.to is not None and column.to not in profile.sheets:
        yield _unknown(table, "to", column.to, profile.sheets)
    elif column.to is not None and column.back in profile.sheets[column.to].columns:
        sentence = message("The way back «{name}» is also a column of the sheet {sheet}.")
        yield ProfileMistake(table, "back", sentence, (("name", str(column.back)), ("sheet", column.to)))
    if (column.type == "choice") != bool(column.choices):
        yield ProfileMistake(table, "choices", message("A column of type «choice», and no other, lists its «choices»."))
    if column.pattern is not None:
        try:
            re.compile(column.pattern)
        except re.error:
            sentence = message("This is no regular expression; look for a bracket missing or too many, or a stray backslash.")
            yield ProfileMistake(table, "pattern", sentence)


def _check_deadlines(profile: Profile) -> Iterator[ProfileMistake]:
    for rule in profile.deadlines.values():
        table = f"[deadlines.{rule.name}]"
        yield from _check_on(profile, table, rule.on)
        recurring = (rule.from_ is not None, rule.every is not None)
        if any(recurring) != all(recurring) or (rule.due is not None) == any(recurring):
            yield ProfileMistake(table, "due", message("A deadline has either «due», or «from» and «every»."))
        for key, period in (("every", rule.every), ("remind", rule.remind)):
            parsed = parse_duration(period or "")
            if period is not None and (parsed is None or (key == "every" and not parsed.count)):
                sentence = message("«{value}» is no period; write it as «3 weeks» or «10 working days».")
                yield ProfileMistake(table, key, sentence, (("value", period),))
        yield from _check_basis(profile, table, rule.basis)


_SERVER = re.compile(r"[^\s:/@]+(:\d{1,5})?")
_ADDRESS = re.compile(r"([^<>]*<)?[^\s<>@]+@[^\s<>@]+>?")


def _check_run(profile: Profile) -> Iterator[ProfileMistake]:
    period = parse_duration(profile.run.retention)
    if period is None or not period.count:
        sentence = message("«{value}» is no period; write it as «3 weeks» or «10 working days».")
        yield ProfileMistake("[run]", "retention", sentence, (("value", profile.run.retention),))
    mail = profile.mail
    if mail is None:
        return
    if not _SERVER.fullmatch(mail.server):
        sentence = message("«{value}» is no mail server; write it as «smtp.office.example» or «smtp.office.example:587».")
        yield ProfileMistake("[mail]", "server", sentence, (("value", mail.server),))
    for key, address in (("from", mail.sender), *(("to", to) for to in mail.to)):
        if not _ADDRESS.fullmatch(address):
            sentence = message("«{value}» is no e-mail address.")
            yield ProfileMistake("[mail]", key, sentence, (("value", address),))
    if bool(mail.user) != (bool(mail.password_env) != bool(mail.password_file)):
        sentence = message(
            "«user» needs either «password_env», the name of an environment variable that holds the password, "
            "or «password_file», a file that does; without «user» neither is used."
        )
        yield ProfileMistake("[mail]", "user", sentence)


def _check_on(profile: Profile, table: str, on: str) -> Iterator[ProfileMistake]:
    if on != LETTERS and on not in profile.sheets:
        yield _unknown(table, "on", on, [*profile.sheets, LETTERS])


def _check_figure(profile: Profile, figure: Statistic) -> Iterator[ProfileMistake]:
    table, known = f"[statistics.{figure.name}]", [*profile.sheets, LETTERS, DEADLINES]
    if figure.on not in known:
        yield _unknown(table, "on", figure.on, known)


def _check_basis(profile: Profile, table: str, basis: tuple[str, ...]) -> Iterator[ProfileMistake]:
    for item in basis:
        subject = conditional(item)[0]
        if subject not in profile.law:
            yield _unknown(table, "basis", subject, profile.law)


def _check_letters(profile: Profile) -> Iterator[ProfileMistake]:
    classes = {column.class_ for sheet in profile.sheets.values() for column in sheet.columns.values()} - {OPEN}
    for rule in profile.letters.values():
        table = f"[letters.{rule.name}]"
        if rule.on not in profile.sheets:
            yield _unknown(table, "on", rule.on, profile.sheets)
            continue
        if rule.serves is not None:
            on_same = [deadline.name for deadline in profile.deadlines.values() if deadline.on == rule.on]
            if rule.serves not in on_same:
                yield _unknown(table, "serves", rule.serves, on_same)
        columns = profile.sheets[rule.on].columns
        for name in profile.sheets[rule.on].key:
            if name in columns and columns[name].class_ != OPEN:
                sentence = message("The key «{name}» stands in the letters' file names, so its class must be «open».")
                yield ProfileMistake(table, "on", sentence, (("name", name),))
        if rule.sent is not None and (rule.sent not in columns or columns[rule.sent].type != "date"):
            yield _unknown(table, "sent", rule.sent, (name for name, column in columns.items() if column.type == "date"))
        for name in sorted(rule.shows - classes):
            yield _unknown(table, "shows", name, classes)
        yield from _check_basis(profile, table, rule.basis)


# ------------------------------------------------------------------ expressions


@dataclass(frozen=True, slots=True)
class Place:
    """An expression in a profile: where it stands, on which sheet's rows it runs, what it may yield.

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


def _check_expressions(profile: Profile) -> Iterator[ProfileMistake]:
    names = Names(profile)
    environment = Rules(Calendar(profile.office.country, profile.office.closed)).environment
    for place in expressions(profile, environment):
        if place.sheet in names.sheets:
            yield from _check_expression(place, names, environment)


def _check_expression(place: Place, names: Names, environment: Environment) -> Iterator[ProfileMistake]:
    try:
        tree = parse(environment, place.source)
    except TemplateSyntaxError:
        sentence = message("«{source}» is no expression; look for a bracket, quote, comma or operator missing or too many.")
        yield ProfileMistake(place.table, place.key, sentence, (("source", place.source),))
        return
    checker = Checker(names, environment.filters, environment.tests)
    scope = names.of_row(place.sheet, place.letters)
    kind = checker.kind(tree, scope)
    for mistake in checker.mistakes:
        yield ProfileMistake(place.table, place.key, mistake.sentence, mistake.facts)
    for name in (name for name, sure in filters_binding_tighter(environment, f"{{{{ {place.source} }}}}") if sure):
        sentence = message(
            "The filter «{name}» works on the last part of the calculation alone; put brackets round what it shall work on."
        )
        yield ProfileMistake(place.table, place.key, sentence, (("name", name),))
    if place.kinds and kind.base not in place.kinds | {"any"}:
        facts = (("kind", kind.base), ("expected", ", ".join(sorted(place.kinds))))
        yield ProfileMistake(place.table, place.key, message("This gives a {kind}; asked for is {expected}."), facts)
    elif place.kinds == _DATE and kind.many and place.key != "value":
        yield ProfileMistake(
            place.table, place.key, message("This gives a list; take one date of it, with «| first» or «| max».")
        )
    yield from _revealing(tree, checker, scope, place)
    for sheet in sorted(kind.sheets - names.recipients) if place.addressed and kind.base == "row" else ():
        sentence = message("This gives rows of the sheet {sheet}, which has no «recipient» to say how they are addressed.")
        yield ProfileMistake(place.table, place.key, sentence, (("sheet", sheet),))


def _revealing(tree: nodes.Expr, checker: Checker, scope: Scope, place: Place) -> Iterator[ProfileMistake]:
    """A computed column, the name of a group, or a column of a list, that passes on what its class may not."""
    if not place.of_class and not place.laid_open:
        return
    for column, class_ in _laundered(tree, checker, scope, place):
        facts = (("name", column), ("class_", class_))
        if place.laid_open:
            yield ProfileMistake(place.table, place.key, place.laid_open, facts)
        else:
            sentence = message("This reads «{name}» of the class «{class_}»; give the column that class.")
            yield ProfileMistake(place.table, "class", sentence, facts)


def _laundered(tree: nodes.Expr, checker: Checker, scope: Scope, place: Place) -> tuple[tuple[str, str], ...]:
    """The columns, with their classes, whose values a computed column would pass on under a class of its own."""
    passed = [(name, checker.names.class_of(sheet, name)) for _, sheet, name in checker.passed_on(tree, scope, place.sheet)]
    return tuple(dict.fromkeys((name, class_) for name, class_ in passed if class_ not in {OPEN, place.of_class}))


def expressions(profile: Profile, environment: Environment) -> Iterator[Place]:
    """Every expression of a profile, in its place."""
    return chain(
        _of_sheets(profile),
        _of_deadlines(profile, environment),
        _of_letters(profile),
        _of_statistics(profile),
        _of_lists(profile),
    )


def _some(
    table: str, sheet: str, *entries: tuple[str, str | None, frozenset[str]], letters: tuple[str, ...] = ()
) -> Iterator[Place]:
    for key, source, kinds in entries:
        if source is not None:
            yield Place(table, key, source, sheet, kinds, letters)


def _of_sheets(profile: Profile) -> Iterator[Place]:
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
                ("not_before", column.not_before, _DATE),
                ("not_after", column.not_after, _DATE),
            )
            if column.value is not None:
                of_class = "" if column.type in {"ref", "yesno"} else column.class_
                table_of_column = f"[sheets.{sheet.name}.columns] {column.name}"
                yield Place(table_of_column, "value", column.value, sheet.name, _kinds_of(column), of_class=of_class)


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


def _of_deadlines(profile: Profile, environment: Environment) -> Iterator[Place]:
    for rule in profile.deadlines.values():
        letters = (
            tuple(name for name in _letters_of(environment, rule.when) if name in profile.letters) if rule.on == LETTERS else ()
        )
        yield from _some(
            f"[deadlines.{rule.name}]",
            rule.on,
            ("when", rule.when, _ANYTHING),
            ("due", rule.due, _DATE),
            ("from", rule.from_, _DATE),
            ("until", rule.until, _DATE),
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


def _of_letters(profile: Profile) -> Iterator[Place]:
    for rule in profile.letters.values():
        table = f"[letters.{rule.name}]"
        yield from _some(
            table, rule.on, ("when", rule.when, _ANYTHING), ("dated", rule.dated, _DATE), ("owner", rule.owner, _OWNER)
        )
        for key, sources in (("to", rule.to or ()), ("copy", rule.copies)):
            yield from (Place(table, key, source, rule.on, _ROWS, addressed=True) for source in sources)
        yield from _some(
            f"[letters.{rule.name}.checks]", rule.on, *((key, source, _ANYTHING) for key, source in rule.checks.items())
        )
        yield from _conditions(table, rule.on, "basis", rule.basis)
        yield from _conditions(table, rule.on, "enclosures", rule.enclosures)


def _conditions(table: str, sheet: str, key: str, items: tuple[str, ...]) -> Iterator[Place]:
    yield from _some(table, sheet, *((key, conditional(item)[1], _ANYTHING) for item in items))


def _of_statistics(profile: Profile) -> Iterator[Place]:
    for figure in profile.statistics.values():
        table = f"[statistics.{figure.name}]"
        kinds = _NUMBERS if figure.how in {"sum", "average", "median"} else _ANYTHING
        yield from _some(table, figure.on, ("when", figure.when, _ANYTHING), ("value", figure.value, kinds))
        for key, source in figure.by.items():
            yield Place(f"{table}.by", key, source, figure.on, _ANYTHING, laid_open=_GROUP)


def _of_lists(profile: Profile) -> Iterator[Place]:
    for own in profile.lists.values():
        yield from _some(f"[lists.{own.name}]", own.on, ("when", own.when, _ANYTHING))
        for key, source in own.columns.items():
            yield Place(f"[lists.{own.name}.columns]", key, source, own.on, _ANYTHING, laid_open=_LISTED)


# ------------------------------------------------------------------ circles


def _check_circles(profile: Profile) -> Iterator[ProfileMistake]:
    """Computed columns and deadlines that need themselves: `A` from `B` from `A`."""
    environment = Rules(Calendar(profile.office.country)).environment
    needs = _needs(profile, Names(profile), environment)
    for start in needs:
        circle = _circle(start, lambda column: needs.get(column, ()))
        if circle:
            shown = " → ".join(f"{sheet}.{name}" for sheet, name in (*circle, circle[0]))
            sentence = message("These need each other in a circle: {circle}.")
            group, name = start
            table = f"[deadlines.{name}]" if group == DEADLINES else f"[sheets.{group}.columns] {name}"
            yield ProfileMistake(table, "due" if group == DEADLINES else "value", sentence, (("circle", shown),))


_ColumnName = tuple[str, str]


def _needs(profile: Profile, names: Names, environment: Environment) -> Mapping[_ColumnName, tuple[_ColumnName, ...]]:
    needs: dict[_ColumnName, tuple[_ColumnName, ...]] = {}
    worked_out = [
        ((sheet.name, column.name), sheet.name, column.value)
        for sheet in profile.sheets.values()
        for column in sheet.columns.values()
        if column.value is not None
    ] + [
        ((DEADLINES, rule.name), rule.on, source)
        for rule in profile.deadlines.values()
        for source in (rule.when, rule.due, rule.from_, rule.until, rule.done)
        if source is not None
    ]
    known = {name for name, _, _ in worked_out}
    for needing, sheet, source in worked_out:
        try:
            tree = parse(environment, source)
        except TemplateSyntaxError:
            continue
        checker = Checker(names, environment.filters, environment.tests)
        scope = names.of_row(sheet)
        read: list[_ColumnName] = [
            (sheet, node.name) for node in (*tree.find_all(nodes.Name), tree) if isinstance(node, nodes.Name)
        ]
        for node in (tree, *tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Filter))):
            read += _fields_read(node, checker, scope)
        needs[needing] = (*needs.get(needing, ()), *(name for name in dict.fromkeys(read) if name in known))
    return needs


def _fields_read(node: nodes.Node, checker: Checker, scope: Scope) -> Iterator[_ColumnName]:
    """The columns and deadlines that a node asks for by name."""
    match node:
        case nodes.Getattr(node=of, attr=name) | nodes.Getitem(node=of, arg=nodes.Const(value=str() as name)):
            paths: tuple[str, ...] = (str(name),)
        case nodes.Filter(node=nodes.Expr() as of):
            paths = attributes(node)
        case _:
            return
    asked = checker.kind(of, scope)
    for path in paths:
        if asked.base == DEADLINES:
            yield DEADLINES, path
        for kind, name in checker.along(asked, path) if asked.base == "row" else ():
            yield from ((sheet, name) for sheet in sorted(kind.sheets))


def _circle(start: _ColumnName, needs: Callable[[_ColumnName], Iterable[_ColumnName]]) -> tuple[_ColumnName, ...]:
    """The way from a column back to itself, if there is one."""
    ways: list[tuple[_ColumnName, ...]] = [(start,)]
    seen: set[_ColumnName] = set()
    while ways:
        way = ways.pop()
        for column in needs(way[-1]):
            if column == start:
                return way
            if column not in seen:
                seen.add(column)
                ways.append((*way, column))
    return ()
