"""Deadlines whose date tells something of a person that lists may not print: a birthday, for who turns 18."""

from __future__ import annotations

from pipeline.profile.expressions import Rules
from pipeline.profile.model import OPEN, Profile


def personal_rules(profile: Profile, rules: Rules) -> frozenset[str]:
    """The rules that count from a cell of a class that is not open, or from the date of such a rule.

    A name counts wherever a column of any sheet is called so: rather one deadline too few in what leaves the office than one
    birthday too many.
    """
    closed = {column.name for sheet in profile.sheets.values() for column in sheet.columns.values() if column.class_ != OPEN}
    read = {
        rule.name: {name for path in rules.paths(rule.due or rule.from_ or "''") for name in path}
        for rule in profile.deadlines.values()
    }
    found: set[str] = {name for name, names in read.items() if names & closed}
    while more := {name for name, names in read.items() if name not in found and "deadlines" in names and names & found}:
        found |= more
    return frozenset(found)
