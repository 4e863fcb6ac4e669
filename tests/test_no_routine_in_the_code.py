"""The code knows no routine: not one name of a sheet, column, deadline or letter, no municipality, no name of the service."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.profile.load import load_profile

ROOT = Path(__file__).parents[1]
ROUTINES = [
    ROOT / "profile.toml",
    *sorted(ROOT.glob("examples/*/profile.toml")),
    ROOT / "examples/vestfold/felles/profile.toml",
]
OFFICES = [ROOT / "profile.toml", *sorted(ROOT.glob("examples/**/profile.toml"))]

ALSO_OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(("by", "email", "form", "pause", "per", "person", "status", "timer"), "a word of English"),
    **dict.fromkeys(("dager", "måned", "til"), "a word of the language, in which periods and totals rows are typed"),
    "cpr": "a country's national id",
}
"""Names of the profiles that mean something else in the code, and what."""

SERVICES = ("støttekontakt", "stödkontakt", "kontaktperson", "kontaktpersoner", "treningskompis", "ledsagerbevis", "kommune")


def names(path: Path) -> Iterator[str]:
    """What a profile has called things."""
    profile = load_profile(path)
    for sheet in profile.sheets.values():
        yield sheet.name
        yield sheet.title
        for column in sheet.columns.values():
            yield column.name
    for rules in (profile.deadlines, profile.letters, profile.statistics):
        for name, rule in rules.items():
            yield name
            yield rule.title


def municipality(path: Path) -> str:
    """A municipality's own name."""
    return str(tomllib.loads(path.read_text(encoding="utf-8"))["office"]["municipality"].split()[0])


def said(source: str) -> set[str]:
    """Each word of a module, and each part of a name that is joined by underlines."""
    found = {word.casefold() for word in re.findall(r"[^\W\d]\w*", source)}
    return found | {part for word in found for part in word.split("_")}


def test_no_module_contains_a_word_of_any_one_routine() -> None:
    words = {name.casefold(): path.parent.name for path in ROUTINES for name in names(path)}
    words |= {municipality(path).casefold(): path.parent.name for path in OFFICES} | dict.fromkeys(SERVICES, "service")
    assert len(words) > 400
    found = []
    for module in sorted((ROOT / "pipeline").rglob("*.py")):
        source = module.read_text(encoding="utf-8")
        single = said(source)
        for name, routine in words.items():
            is_there = name in single if re.fullmatch(r"\w+", name) else name in source.casefold()
            if is_there and name not in ALSO_OTHERWISE:
                found.append(f"{module.relative_to(ROOT)}: «{name}» ({routine})")
    assert not found


def test_every_exception_is_a_name_of_some_profile() -> None:
    assert set(ALSO_OTHERWISE) <= {name.casefold() for path in ROUTINES for name in names(path)}
