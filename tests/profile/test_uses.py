"""Which columns the rules ask, wherever a rule stands and however it names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.profile.load import load_profile
from pipeline.profile.uses import asked_by_rules

WHOLE = """
[office]
municipality = "Sted"
country = "NO"
language = "nb"
[register]
workbook = "r.xlsx"
[sheets.person]
key = "nr"
[sheets.person.columns]
nr = { type = "text" }
name = { type = "text" }
fra = { type = "date" }
[sheets.sak]
key = "nr"
[sheets.sak.columns]
nr = { type = "text" }
bruker = { type = "ref", to = "person", back = "saker" }
kom = { type = "date" }
sendt = { type = "date" }
timer = { type = "number", min = 0 }
"""
ALWAYS_ASKED = {("person", "nr"), ("sak", "nr"), ("sak", "bruker")}


def asked(folder: Path, added: str) -> set[tuple[str, str]]:
    """The columns that what is added asks, besides those that are always asked."""
    path = folder / "profile.toml"
    path.write_text(WHOLE + added, encoding="utf-8")
    return set(asked_by_rules(load_profile(path))) - ALWAYS_ASKED


def test_what_a_column_says_only_of_itself_asks_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, "") == set()


@pytest.mark.parametrize(
    ("added", "columns"),
    [
        ('kl = { type = "date", not_before = "kom" }', {("sak", "kom")}),
        ('dobbelt = { type = "number", value = "timer * 2" }', {("sak", "timer")}),
        ('[deadlines.svar]\non = "sak"\ndue = "kom"\ndone = "sendt"', {("sak", "kom"), ("sak", "sendt")}),
        ('[lists.mange]\non = "person"\nwhen = "saker | selectattr(\'timer\')"', {("sak", "timer")}),
        ('[lists.hvem]\non = "sak"\n[lists.hvem.columns]\nNavn = "bruker.name"', {("person", "name")}),
        ('[statistics.t]\non = "sak"\nvalue = "timer"\nhow = "sum"', {("sak", "timer")}),
        ('[statistics.t]\non = "sak"\n[statistics.t.by]\nA = "kom.year"', {("sak", "kom")}),
        ('[letters.b]\non = "sak"\ntemplate = "b.docx"\nsent = "sendt"', {("sak", "sendt")}),
        ('[letters.b]\non = "sak"\ntemplate = "b.docx"\nenclosures = ["a.docx if timer"]', {("sak", "timer")}),
        ('[sheets.sak.checks]\n"Timene er satt" = "timer"', {("sak", "timer")}),
    ],
)
def test_a_rule_asks_the_columns_that_it_names(tmp_path: Path, added: str, columns: set[tuple[str, str]]) -> None:
    assert asked(tmp_path, added) >= columns
    assert not asked(tmp_path, added) & {("person", "fra")}
