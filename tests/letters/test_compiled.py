from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
import pytest
from markupsafe import Markup

from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.letters.compiled import Document, NotXml, Whole, compiled, is_rigid
from pipeline.letters.fields import Company, context
from pipeline.letters.model import Letter, Obligation, Outcome, Recipient
from pipeline.letters.plan import letter_view
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.register.model import Register, View
from pipeline.run import Workspace
from pipeline.run.sight import read
from pipeline.texts import texts_in
from tests.letters import both_ways
from tests.letters.both_ways import (
    CORE,
    PROPERTIES,
    TEMPLATES,
    as_compiled,
    as_docxtpl,
    canonical,
    environment,
    opened_by_word,
    template,
)
from tests.letters.made_up import word

ROOT = Path(__file__).parents[2]
FEW, MANY = 20, 200


# ------------------------------------------------------------------ the same as docxtpl

HOLLOWED = {"rows that may all go", "nested loops", "cells over rows"}
"""Of these docxtpl makes, for some letters, a document that Word does not open: ours is that one mended."""


@pytest.mark.parametrize("feature", TEMPLATES)
def test_a_compiled_template_makes_what_docxtpl_makes(feature: str) -> None:
    assert_same(template(feature), [both_ways.context(seed) for seed in range(FEW)], hollowed=feature in HOLLOWED)


@pytest.mark.long
@pytest.mark.parametrize("feature", TEMPLATES)
def test_a_compiled_template_makes_what_docxtpl_makes_of_many_letters(feature: str) -> None:
    contexts = [both_ways.context(seed) for seed in range(FEW, FEW + MANY)]
    assert_same(template(feature), contexts, hollowed=feature in HOLLOWED)


LETTERHEAD = load_profile(ROOT / "profile.toml").office.letterhead  # no letter of its own
DEMO = sorted(path.name for path in (ROOT / "templates" / "docx").glob("*.docx") if path.name != LETTERHEAD)


@pytest.mark.parametrize("name", DEMO)
def test_the_demo_s_templates_make_what_docxtpl_makes(name: str) -> None:
    assert_same((ROOT / "templates" / "docx" / name).read_bytes(), letters_of_the_demo(name, FEW))


@pytest.mark.long
@pytest.mark.parametrize("name", DEMO)
def test_the_demo_s_templates_make_what_docxtpl_makes_of_many_letters(name: str) -> None:
    assert_same((ROOT / "templates" / "docx" / name).read_bytes(), letters_of_the_demo(name, MANY))


def test_the_templates_are_one_a_feature_and_all_but_one_are_compiled() -> None:
    whole = {feature: why for feature in TEMPLATES if (why := compiled(template(feature), environment()).whole)}
    assert len(TEMPLATES) >= 38
    assert whole == {"footnotes rendered twice": "its footnotes are rendered once for each section"}


def assert_same(content: bytes, contexts: Sequence[Mapping[str, Any]], *, hollowed: bool = False) -> None:
    for values, ours in zip(contexts, as_compiled(content, contexts), strict=True):
        theirs = as_docxtpl(content, values)
        theirs = opened_by_word(theirs) if hollowed else theirs
        assert canonical(ours) == canonical(theirs)
        assert ours.keys() == theirs.keys() | {CORE}


def letters_of_the_demo(name: str, count: int) -> list[dict[str, Any]]:
    """What a template of the demo would say of so many rows, on whichever day it takes, whether or not a letter is due."""
    register, rules = _demo()
    profile = register.profile
    file = name.replace(".nn.docx", ".docx")
    rule = next(r for r in profile.letters.values() if file in {r.template, *(e.partition(" if ")[0] for e in r.enclosures)})
    texts = texts_in(profile.office.language)
    found: list[dict[str, Any]] = []
    for days in range(0, 400, 3):
        day = date(2026, 11, 23) - timedelta(days)
        view = View(register, rules, day, {DEADLINES: deadlines_of})
        for plain in view.rows(rule.on):
            row = letter_view(view, rule, plain, day)
            recipient = Recipient(row.record.ref, "to", "Kari & <Ola>", ("Gate 1", "9510 Alta"), "nb")
            letter = Letter(
                Obligation(rule.name, row.record.ref, recipient.ref, "to"), recipient, Outcome.DUE, dated=day, due=day
            )
            fields = context(row, letter, Company(rule.title, ("forvaltningsloven § 28",), ("Skjema",), ("Per",), ()), texts)
            if _renders(name, fields):
                found.append(fields)
            if len(found) == count:
                return found
    raise AssertionError(f"only {len(found)} letters of {name}")


def _renders(name: str, fields: dict[str, Any]) -> bool:
    """Nothing in the row is unreadable or does not fit: such a letter is withheld, whoever renders it."""
    try:
        _way(name).render(both_ways.with_printer(fields), PROPERTIES)
    except Exception:  # noqa: BLE001 -- a faulty cell, whatever it sets off
        return False
    return True


@lru_cache
def _way(name: str) -> Any:
    return compiled((ROOT / "templates" / "docx" / name).read_bytes(), environment())


@lru_cache
def _demo() -> tuple[Register, Rules]:
    reading = read(Workspace(ROOT), date(2026, 11, 23))
    return reading.register, reading.rules


# ------------------------------------------------------------------ what is done once and what for each letter


@pytest.mark.parametrize(
    ("feature", "rigid"),
    [
        ("fields", True),
        ("loops of rows", True),
        ("background of cells", True),
        ("rows that may all go", False),
        ("loops of columns", False),
        ("cells over columns", False),
        ("cells merged sideways", False),
        ("nested tables", False),
        ("pictures", False),
    ],
)
def test_tables_and_drawings_are_finished_in_each_letter_only_where_letters_differ_in_them(feature: str, rigid: bool) -> None:
    document = Document(io.BytesIO(template(feature)))
    document.render_init()
    assert is_rigid(document.patch_xml(document.get_xml())) is rigid


def test_what_no_letter_changes_is_copied_as_it_was_packed() -> None:
    way = compiled(template("pictures"), environment())
    one, two = (way.render(both_ways.with_printer(both_ways.context(seed)), PROPERTIES) for seed in (1, 2))
    assert one.package is two.package
    assert {member.name for member in one.members} == {"word/document.xml", "word/header1.xml", CORE}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("{% filter upper %}{{ name }}{% endfilter %}", {"name": "Berg & Sønn"}),
        ("{{ mark }}", {"mark": Markup("<w:b>")}),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_no_xml_is_refused_where_docxtpl_loses_text(text: str, values: dict[str, Any], whole: bool) -> None:
    content = word(text)
    way = Whole(content, environment()) if whole else compiled(content, environment())
    with pytest.raises(NotXml):
        way.render(both_ways.with_printer(values), PROPERTIES)


def test_the_properties_are_read_by_word_s_own_rules() -> None:
    made = compiled(word("x"), environment()).render({}, replace(PROPERTIES, subject="A & <B>\x01" + "9" * 300))
    core = docx.Document(io.BytesIO(bytes(made))).core_properties
    assert (core.title, core.author, core.last_modified_by, core.language) == ("Vedtak", "Sted", "Sted", "nb-NO")
    assert core.subject == ("A & <B>" + "9" * 300)[:255]
    assert (core.created, core.modified, core.revision) == (core.modified, core.created, 1)
    assert core.created is not None
    assert core.created.date() == PROPERTIES.dated


def test_the_same_input_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib; from tests.letters.both_ways import *;"
        "found = [compiled(template(name), environment()) for name in ('headers of each kind', 'loops of rows', 'footnotes')];"
        "letters = [bytes(way.render(with_printer(context(n)), PROPERTIES)) for way in found for n in range(3)];"
        "print(hashlib.sha256(b''.join(letters)).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(made) == 1
