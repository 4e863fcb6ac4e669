"""What a template may print: the fields that it passes on, however they are named, against the classes that a letter shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.calendars import Calendar
from pipeline.profile.expressions import Environment
from pipeline.profile.kinds import Checker, Kind, Names
from pipeline.profile.model import Profile

ENVIRONMENT = Environment(Calendar("NO"))


def _sheet(name: str, columns: Mapping[str, Mapping[str, Any]], **table: Any) -> dict[str, Any]:
    named = {column: {"name": column, "heading": column} | dict(of) for column, of in columns.items()}
    return {
        "name": name,
        "title": name,
        "key": "nr",
        "columns": {"nr": {"name": "nr", "heading": "nr", "type": "text"}} | named,
    }


PROFILE = Profile.model_validate(
    {
        "office": {"municipality": "Sted", "country": "NO", "language": "nb"},
        "register": {"workbook": "r.xlsx"},
        "sheets": {
            "person": _sheet(
                "person",
                {
                    "navn": {"type": "text", "class": "navn"},
                    "gate": {"type": "text", "class": "adresse"},
                    "alder": {"type": "number", "class": "identitet"},
                    "fylt": {"type": "date", "class": "identitet"},
                    "verge": {"type": "ref", "to": "person", "many": True},
                },
            ),
            "sak": _sheet("sak", {"bruker": {"type": "ref", "to": "person", "back": "saker"}, "dato": {"type": "date"}}),
        },
    }
)


def printed(template: str, *shows: str) -> list[str]:
    """The fields of a template on «sak» that the letter may not show, and whatever else is wrong with it."""
    names = Names(PROFILE)
    checker = Checker(names, ENVIRONMENT.filters, ENVIRONMENT.tests, frozenset(shows))
    scope = names.terms | {"sak": Kind("row", frozenset(("sak",))), "sheets": Kind("sheets")}
    checker.template(ENVIRONMENT.parse(template).body, scope)
    return [dict(mistake.facts).get("name", mistake.sentence) for mistake in checker.mistakes]


@pytest.mark.parametrize(
    ("template", "field"),
    [
        ("{{ sak.bruker.gate }}", "gate"),
        ("{{ sak.bruker['gate'] }}", "gate"),
        ("{{ sak['bruker']['gate'] }}", "gate"),
        ("{{ sak.bruker.verge['gate'] }}", "gate"),
        ("{{ sak.bruker.verge | map(attribute='gate') | join }}", "gate"),
        ("{{ sheets.sak | map(attribute='bruker.gate') | join }}", "gate"),
        ("{{ sheets.sak | map(attribute='bruker') | map(attribute='gate') | join }}", "gate"),
        ("{{ sak.bruker.verge | join(', ', attribute='gate') }}", "gate"),
        ("{{ sak.bruker.verge | join(', ', 'gate') }}", "gate"),
        ("{{ sak.bruker.verge | sum(attribute='alder') }}", "alder"),
        ("{{ sak.bruker.verge | sum('alder') }}", "alder"),
        ("{{ (sak.bruker.verge | sort(attribute='nr,gate')) | join(attribute='nr') }}", "gate"),
        ("{{ [sak.bruker.verge] | map('join', ', ', 'gate') | first }}", "gate"),
        ("{{ sak.bruker.fylt.year }}", "fylt"),
        ("{{ sak.bruker.gate | upper }}", "gate"),
        ("{{ 'bor i ' ~ sak.bruker.gate }}", "gate"),
        ("{{ (sak.bruker if sak.dato else sak.bruker).gate }}", "gate"),
        ("{{ (sak.bruker.verge | batch(2) | first | first).gate }}", "gate"),
        ("{% set gate = sak.bruker['gate'] %}{{ gate }}", "gate"),
        ("{% for gate in sak.bruker.verge.gate %}{{ gate }}{% endfor %}", "gate"),
        ("{% for gate in sak.bruker.verge | map(attribute='gate') %}{{ gate }}{% endfor %}", "gate"),
        ("{% for gate, rader in sak.bruker.verge | groupby('gate') %}{{ gate }}{% endfor %}", "gate"),
        ("{% macro vis(hvem) %}{{ hvem.gate }}{% endmacro %}{{ vis(sak.bruker) }}", "gate"),
        ("{% macro vis(hva) %}{{ hva }}{% endmacro %}{{ vis(sak.bruker.gate) }}", "gate"),
        ("{% macro vis(hva) %}{{ hva }}{{ caller() }}{% endmacro %}{% call vis(sak.bruker.gate) %}x{% endcall %}", "gate"),
    ],
)
def test_a_field_of_a_class_that_is_not_shown_is_told_however_it_is_named(template: str, field: str) -> None:
    assert printed(template) == [field]
    assert printed(template, "adresse", "identitet") == []


@pytest.mark.parametrize(
    "template",
    [
        *("{{ sak.nr }}", "{{ sak['dato'] }}", "{{ sak.bruker.verge | map(attribute='nr') | join }}", "{{ sheets.sak[0].nr }}"),
        *("{{ 'x' if sak.bruker.gate else 'y' }}", "{{ sak.nr if sak.bruker.alder > 18 else '' }}"),
        *("{{ (sak.bruker.verge | selectattr('gate')).nr | join }}", "{% if sak.bruker.gate %}x{% endif %}"),
        "{% for verge in sak.bruker.verge | sort(attribute='gate') %}{{ verge.nr }}{% endfor %}",
    ],
)
def test_what_a_template_only_decides_by_may_be_of_any_class(template: str) -> None:
    assert printed(template) == []


@pytest.mark.parametrize(
    "template",
    [
        *("{{ sak.bruker['ga' ~ 'te'] }}", "{% set felt = 'gate' %}{{ sak.bruker[felt] }}"),
        *("{{ sak.bruker.verge | map(attribute='ga' ~ 'te') | join }}", "{{ sak.bruker.verge | map(*['upper']) | join }}"),
        "{{ sak.bruker.verge | map(**{'attribute': 'gate'}) | join }}",
    ],
)
def test_a_field_that_is_not_named_outright_is_refused(template: str) -> None:
    assert [sentence for sentence in printed(template) if "can be seen" in sentence]
