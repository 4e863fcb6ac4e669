"""Which columns the rules of a profile ask: what no rule asks, and no template prints, is typed for nobody."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from pipeline.calendars import Calendar
from pipeline.profile.expressions import Rules, parse
from pipeline.profile.kinds import Checker, Names
from pipeline.profile.model import Profile
from pipeline.profile.written import expressions

ColumnName = tuple[str, str]
"""A sheet, and a column of it."""


def asked_by_rules(profile: Profile) -> frozenset[ColumnName]:
    """The columns that a rule of a sound profile asks; what a column says only of itself, such as its pattern, asks nothing.

    Keys and spans of validity tell rows apart, references say who has to do with a row, and the date on which a letter was sent
    is read back: these are asked whatever the rules say.
    """
    return frozenset((*_without_being_named(profile), *_named(profile)))


def _without_being_named(profile: Profile) -> Iterator[ColumnName]:
    for sheet in profile.sheets.values():
        yield from ((sheet.name, name) for name in (*sheet.key, *(sheet.valid or ())))
        yield from ((sheet.name, column.name) for column in sheet.columns.values() if column.type == "ref")
    yield from ((rule.on, rule.sent) for rule in profile.letters.values() if rule.sent is not None)


def _named(profile: Profile) -> Iterator[ColumnName]:
    names = Names(profile)
    environment = Rules(Calendar(profile.office.country, profile.office.closed)).environment
    for written in expressions(profile, environment):
        tree = parse(environment, written.source)
        checker = Checker(names, environment.filters, environment.tests)
        checker.kind(tree, names.of_row(written.sheet, written.letters))
        yield from checker.used
        yield from ((written.sheet, node.name) for node in (tree, *tree.find_all(nodes.Name)) if isinstance(node, nodes.Name))
