"""From ``profile.toml`` to a checked `Profile`, with every mistake told at once.

The file is read, laid over the profile that it extends, filled in with the names that follow from its tables, and checked
twice: its shape by the models of `pipeline.profile.model`, and what it says by `pipeline.profile.checks`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.faults import Fault, NoWorkspace
from pipeline.profile.checks import ProfileMistake, check_profile
from pipeline.profile.kinds import nearest
from pipeline.profile.model import Profile
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
    mistakes = tuple(dict.fromkeys(check_profile(profile)))
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
    """What to say of TOML that does not parse: the line, and what people forget."""
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
    if problem.startswith(("Unescaped", "Invalid hex")) and "\\" in row:
        return message("Line {line}, «{row}»: a path with backslashes stands in single quotes, 'F:\\cases.xlsx'."), facts
    if set(row) & set("“”„‘’"):
        return message("Line {line}, «{row}»: these quotes are curly; write straight ones."), facts
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
