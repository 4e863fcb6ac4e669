"""Deadline rules as Excel formulas, where Excel can work them out from the row alone.

They colour a register while people type; the lists are what counts.
A formula knows no other sheet, no pause and no public holiday: a rule that needs more than its own row's cells has none.
Empty cells behave as in a rule: what is compared with one is false (``docs/profile.md``, convention 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, TemplateSyntaxError, nodes

from pipeline.calendars import Duration, parse_duration
from pipeline.profile.model import Column, DeadlineRule, Profile, Sheet

_TODAY: Final = "TODAY()"
_ORDER: Final = {"eq": "=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_JINJA: Final = Environment(autoescape=False)  # noqa: S701 -- it only parses rules, and renders nothing


class NotInExcel(Exception):
    """The rule needs what a formula on its row cannot know."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A deadline that Excel can watch.

    Attributes:
        trigger: the column whose date starts it.
        overdue: the formula that is true from the day after it was due, as long as it is not done.
        soon: the formula that is true from its lead time on until then.
    """

    trigger: str
    overdue: str
    soon: str


def watched(profile: Profile, sheet: Sheet, cell: Callable[[str], str], yes: str) -> Iterator[Watched]:
    """The deadlines of a sheet that Excel can watch, in the profile's order.

    Args:
        profile: whose rules.
        sheet: its columns.
        cell: a column's cell on the row that is looked at, such as ``$D2``.
        yes: what stands in a yes-no column.
    """
    for rule in profile.deadlines.values():
        if rule.on == sheet.name and rule.due is not None and rule.whose != "citizen":  # a right that passes is nobody's delay
            try:
                yield _watched(rule, _Translator(profile, sheet, cell, yes))
            except NotInExcel:
                continue


def _watched(rule: DeadlineRule, excel: _Translator) -> Watched:
    due = excel.value(_parsed(rule.due or ""))
    trigger = next((name for name in excel.read if excel.sheet.columns[name].type == "date"), None)
    if trigger is None:
        raise NotInExcel(rule.name)
    open_ = [excel.truth(_parsed(rule.when)), *due.filled]
    if rule.done is not None:
        open_.append(f"NOT({excel.truth(_parsed(rule.done))})")
    remind = _later(_TODAY, _duration(rule.remind))
    return Watched(
        trigger,
        _all(*open_, f"{due.formula}<{_TODAY}"),
        _all(*open_, f"{due.formula}>={_TODAY}", f"{due.formula}<={remind}"),
    )


def _parsed(source: str) -> nodes.Node:
    try:
        output: Any = _JINJA.parse("{{ " + source + " }}").body[0]
    except TemplateSyntaxError as error:
        raise NotInExcel(source) from error
    node: nodes.Node = output.nodes[0]
    return node


@dataclass(frozen=True, slots=True)
class _Value:
    """A formula, and what must be true for it to have a value at all."""

    formula: str
    filled: tuple[str, ...] = ()


class _Translator:
    """Turns a rule's expressions into formulas on one row of its sheet, and keeps the columns that they read, in order."""

    def __init__(self, profile: Profile, sheet: Sheet, cell: Callable[[str], str], yes: str) -> None:
        self.profile = profile
        self.sheet = sheet
        self.read: dict[str, None] = {}
        self._cell = cell
        self._yes = yes

    def truth(self, node: nodes.Node) -> str:
        """Whether it holds: a filled cell does."""
        match node:
            case nodes.Const(value=bool(value)):  # «true» and «false» are read as such
                return str(value).upper()
            case nodes.Not():
                return f"NOT({self.truth(node.node)})"
            case nodes.And():
                return _all(self.truth(node.left), self.truth(node.right))
            case nodes.Or():
                return f"OR({self.truth(node.left)},{self.truth(node.right)})"
            case nodes.Compare(ops=[operand]):
                return self._compared(node.expr, operand)
            case nodes.Name() if (column := self.sheet.columns.get(node.name)) is not None:
                return self.truth(_parsed(column.value)) if column.value is not None else self._is_yes(column)
        raise NotInExcel(node)

    def value(self, node: nodes.Node) -> _Value:
        """What it comes to."""
        match node:
            case nodes.Const(value=int(number)) if not isinstance(number, bool):
                return _Value(str(number))
            case nodes.Const(value=str(text)):
                return _Value(_quoted(text))
            case nodes.Name(name="today"):
                return _Value(_TODAY)
            case nodes.Name() if node.name in self.sheet.columns:
                return self._of_column(self.sheet.columns[node.name])
            case nodes.Add() | nodes.Sub():
                start = self.value(node.left)
                return _Value(_later(start.formula, self._period(node.right), back=isinstance(node, nodes.Sub)), start.filled)
            case nodes.Or():
                first, second = self.value(node.left), self.value(node.right)
                filled = f"OR({_all(*first.filled)},{_all(*second.filled)})"
                return _Value(f"IF({_all(*first.filled)},{first.formula},{second.formula})", (filled,))
        raise NotInExcel(node)

    def _of_column(self, column: Column) -> _Value:
        if column.value is not None:
            return self.value(_parsed(column.value))
        if column.many or column.type in {"ref", "time"}:
            raise NotInExcel(column.name)
        self.read.setdefault(column.name)
        cell = self._cell(column.name)
        return _Value(cell, (f'{cell}<>""',))

    def _is_yes(self, column: Column) -> str:
        cell = self._cell(column.name)
        return f"{cell}={_quoted(self._yes)}" if column.type == "yesno" else f'{cell}<>""'

    def _compared(self, left: nodes.Node, operand: nodes.Operand) -> str:
        one = self.value(left)
        match operand:
            case nodes.Operand(op="in", expr=nodes.List(items=items)):
                return _all(*one.filled, f"OR({','.join(f'{one.formula}={self.value(item).formula}' for item in items)})")
            case nodes.Operand(op="ne"):
                other = self.value(operand.expr)
                return f"NOT({_all(*one.filled, *other.filled, f'{one.formula}={other.formula}')})"
            case nodes.Operand(op=op) if op in _ORDER:
                other = self.value(operand.expr)
                return _all(*one.filled, *other.filled, f"{one.formula}{_ORDER[op]}{other.formula}")
        raise NotInExcel(operand)

    def _period(self, node: nodes.Node) -> Duration:
        match node:
            case nodes.Name() if isinstance(term := self.profile.terms.get(node.name), str):
                return _duration(term)
            case nodes.Call(node=nodes.Name(name=unit), args=[nodes.Const(value=int(count))]) if unit in _UNITS:
                return _duration(f"{count} {unit.replace('_', ' ')}")
        raise NotInExcel(node)


_UNITS: Final = frozenset({"days", "weeks", "months", "years", "working_days"})


def _duration(text: str | None) -> Duration:
    duration = Duration(0, "days") if text is None else parse_duration(text)
    if duration is None:
        raise NotInExcel(text)
    return duration


def _later(start: str, period: Duration, *, back: bool = False) -> str:
    count = -period.count if back else period.count
    shifts: Mapping[str, str] = {
        "days": f"({start}+{count})",
        "weeks": f"({start}+{7 * count})",
        "months": f"EDATE({start},{count})",
        "years": f"EDATE({start},{12 * count})",
        "working days": f"WORKDAY({start},{count})",
    }
    return shifts[period.unit]


def _all(*conditions: str) -> str:
    needed = [condition for condition in dict.fromkeys(conditions) if condition != "TRUE"]
    match needed:
        case []:
            return "TRUE"
        case [condition]:
            return condition
    return f"AND({','.join(needed)})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
