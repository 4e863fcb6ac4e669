"""The profile's figures, counted: which rows, in which groups, and what of them (``docs/profile.md``, ``statistics``).

Every figure keeps the records that it was counted from, and those of which nobody can tell whether they count.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pipeline.profile.expressions import EMPTY, FAULTS, Rows, RuleError
from pipeline.profile.model import DEADLINES, LETTERS, Statistic
from pipeline.register.model import Ref, Row, View, references

Labels = tuple[str, ...]
Counted = float | str | bool
"""What a row brings to a figure: a number, whether it counts (or is part of the share), or what is told apart."""


@dataclass(frozen=True, slots=True)
class Group:
    """What was counted for one group.

    Attributes:
        counted: what each record brought; what is told apart stands there once for each record.
        records: whose it is, in the same order.
    """

    counted: tuple[Counted, ...] = ()
    records: tuple[Ref, ...] = ()

    def __add__(self, other: Group) -> Group:
        """Both together."""
        return Group(self.counted + other.counted, self.records + other.records)

    def size(self, how: str) -> int:
        """Of how many the figure tells: the smaller it is, the sooner it tells about one of them."""
        return len(set(self.counted)) if how == "distinct" else len(self.counted)

    def part(self, how: str) -> int:
        """For a share, how many have what is asked; else the whole size."""
        return sum(map(bool, self.counted)) if how == "share" else self.size(how)

    def number(self, how: str) -> float | None:
        """The figure; None where nothing was counted of which there could be one."""
        numbers = [float(each) for each in self.counted if not isinstance(each, str)]
        match how:
            case "count" | "distinct":
                return self.size(how)
            case "sum":
                return sum(numbers)
            case _ if not numbers:
                return None
            case "share":
                return 100 * sum(numbers) / len(numbers)
            case "median":
                return statistics.median(numbers)
            case _:
                return statistics.fmean(numbers)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it was counted.

    Attributes:
        rule: what the profile says of it.
        groups: by their names, one for each of the rule's headings; in the order of the names.
        uncounted: the records of which nobody can tell whether, where or for what they count.
    """

    rule: Statistic
    groups: Mapping[Labels, Group] = field(default_factory=dict)
    uncounted: tuple[Ref, ...] = ()

    @property
    def total(self) -> Group:
        """All groups together."""
        return sum(self.groups.values(), Group())


def count(view: View, words: Mapping[bool, str]) -> tuple[Figure, ...]:
    """Every figure of the profile, in its order.

    Args:
        view: the register, with the sheets of letters and deadlines.
        words: how a group is called that an expression names with true or false.
    """
    profile = view.register.profile
    return tuple(_figure(rule, view, words) for rule in profile.statistics.values())


def _figure(rule: Statistic, view: View, words: Mapping[bool, str]) -> Figure:
    found: dict[Labels, list[tuple[Counted, Ref]]] = {}
    uncounted: list[Ref] = []
    for row in view.rows(rule.on):
        about = _about(row)
        try:
            brought = _brought(rule, row, view)
            labels = tuple(_label(view.evaluate(source, row), words) for source in rule.by.values()) if brought else ()
        except FAULTS:
            uncounted.append(about)
            continue
        for each in brought:
            found.setdefault(labels, []).append((each, about))
    groups = {
        labels: Group(tuple(each for each, _ in found[labels]), tuple(ref for _, ref in found[labels]))
        for labels in sorted(found, key=in_order)
    }
    return Figure(rule, groups, tuple(dict.fromkeys(uncounted)))


def _brought(rule: Statistic, row: Row, view: View) -> tuple[Counted, ...]:
    """What a row brings; nothing where it does not count."""
    if row.record.sheet == DEADLINES:
        row.lookup("standing")  # of a deadline whose cell cannot be read nobody can tell
    if not view.evaluate(rule.when, row):
        return ()
    value = view.evaluate(rule.value, row)
    match rule.how:
        case "count":
            return (True,) if value else ()
        case "share":
            return (bool(value),)
        case "distinct":
            values = value if isinstance(value, Rows | list | tuple) else (value,)
            return tuple(_identity(each) for each in values if each is not EMPTY)
        case _ if value is EMPTY:
            return ()
        case _:
            return (_number(value),)


def _number(value: Any) -> float:
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    if isinstance(value, int | float):
        return float(value)
    raise RuleError(f"«{value}» is no number")


def _identity(value: Any) -> str:
    return f"{value.ref.sheet} {value.ref.key}" if isinstance(value, Row) else str(value)


def _label(value: Any, words: Mapping[bool, str]) -> str:
    match value:
        case bool():
            return words[value]
        case Rows() | list() | tuple():
            return " + ".join(sorted(_label(each, words) for each in value))
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def in_order(labels: Labels) -> tuple[tuple[bool, float, str], ...]:
    """Numbers by size, before texts by the alphabet; what has no name last."""
    return tuple((not label, float(label) if label.isdigit() else float("inf"), label.casefold()) for label in labels)


def _about(row: Row) -> Ref:
    """The record of the register that a row is of: for one of the ledger's letters or a deadline, that which it is about."""
    if row.record.sheet in {DEADLINES, LETTERS}:
        return next(iter(references(row.record, "record")), row.ref)
    return row.ref


def together(offices: Mapping[str, Iterable[Figure]]) -> tuple[tuple[Figure, Mapping[str, Figure]], ...]:
    """The figures of several offices: each added up, and as it is in each office that has it, in the order of the first.

    Two offices' figures are the same where their rules have the same name; people are told apart within an office alone.

    Args:
        offices: the figures by the office's name.
    """
    by_name: dict[str, dict[str, Figure]] = {}
    for office, figures in offices.items():
        for figure in figures:
            by_name.setdefault(figure.rule.name, {})[office] = figure
    return tuple((_added(found), found) for found in by_name.values())


def _added(found: Mapping[str, Figure]) -> Figure:
    rule = next(iter(found.values())).rule
    groups: dict[Labels, Group] = {}
    for office, figure in found.items():
        for labels, group in figure.groups.items():
            own = Group(tuple(f"{office} {each}" if isinstance(each, str) else each for each in group.counted), group.records)
            groups[labels] = groups.get(labels, Group()) + own
    ordered = {labels: groups[labels] for labels in sorted(groups, key=in_order)}
    return Figure(rule, ordered, tuple(ref for figure in found.values() for ref in figure.uncounted))
