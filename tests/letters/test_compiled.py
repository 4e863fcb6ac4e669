from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.letters.compiled import NotXml, compiled, is_rigid
from pipeline.letters.fields import Company, context
from pipeline.letters.model import Letter, Obligation, Outcome, Recipient
from pipeline.letters.plan import letter_view
from pipeline.letters.template import read_templates
from pipeline.profile.expressions import Rules
from pipeline.profile.model import Profile
from pipeline.register.model import Ref, Register, Row, View
from pipeline.run import Workspace
from pipeline.run.sight import read
from pipeline.texts import texts_in
from tests.letters import both_ways
from tests.letters.both_ways import CORE, PROPERTIES, TEMPLATES, as_compiled, as_docxtpl, canonical, environment, template
from tests.letters.made_up import word

ROOT = Path(__file__).parents[2]
FEW, MANY = 20, 200


# ------------------------------------------------------------------ the same as docxtpl


@pytest.mark.parametrize("feature", TEMPLATES)
def test_a_compiled_template_makes_what_docxtpl_makes(feature: str) -> None:
    assert_same(template(feature), [both_ways.context(seed) for seed in range(FEW)])


@pytest.mark.long
@pytest.mark.parametrize("feature", TEMPLATES)
def test_a_compiled_template_makes_what_docxtpl_makes_of_many_letters(feature: str) -> None:
    assert_same(template(feature), [both_ways.context(seed) for seed in range(FEW, FEW + MANY)])


DEMO = sorted(path.name for path in (ROOT / "templates" / "docx").glob("*.docx"))


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


def assert_same(content: bytes, contexts: Sequence[Mapping[str, Any]]) -> None:
    for values, ours in zip(contexts, as_compiled(content, contexts), strict=True):
        theirs = as_docxtpl(content, values)
        assert canonical(ours) == canonical(theirs)
        assert ours.keys() == theirs.keys() | {CORE}


def letters_of_the_demo(name: str, count: int) -> list[dict[str, Any]]:
    """What a template of the demo would say of so many rows, on whichever day it takes, whether or not a letter is due."""
    register, rules = _demo()
    profile = register.profile
    rule = next(r for r in profile.letters.values() if name in {r.template, *(e.partition(" if ")[0] for e in r.enclosures)})
    texts = texts_in(profile.office.language)
    found: list[dict[str, Any]] = []
    for days in range(0, 400, 7):
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
