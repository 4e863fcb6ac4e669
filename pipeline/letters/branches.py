"""Branches of a template that no letter takes, and fields that are always empty where they stand.

``{% if not case.decided %} … {{ case.decided }}`` withholds every letter that comes there, and nobody knows why:
what a condition says about a field is followed into its branches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import nodes

from pipeline.profile.kinds import Mistake
from pipeline.texts import message


@dataclass(frozen=True, slots=True)
class _Known:
    """What a branch knows of a field.

    Attributes:
        empty: it is empty; None where that is not known.
        only: the values that it can have; None where it can have any.
        never: values that it does not have.
    """

    empty: bool | None = None
    only: frozenset[object] | None = None
    never: frozenset[object] = frozenset()

    def and_(self, other: _Known) -> _Known | None:
        """Both; None where they cannot hold together."""
        empty = self.empty if other.empty is None else other.empty
        only = other.only if self.only is None else self.only if other.only is None else self.only & other.only
        never = self.never | other.never
        only = only - never if only is not None else None
        impossible = None not in {self.empty, other.empty} and self.empty != other.empty
        if impossible or only == frozenset() or (empty and only is not None):
            return None
        return _Known(empty, only, never)


_Facts = Mapping[str, _Known]
_Told = Callable[[str], bool]


def never_filled(body: Iterable[nodes.Node], emptiness: _Told, may_be_empty: Callable[[nodes.Expr], bool]) -> list[Mistake]:
    """The mistakes of a template's branches.

    Args:
        body: the template's statements.
        emptiness: whether a field that is not true is empty; a number may be nought, and a yes or no is printed as «no».
        may_be_empty: whether a printed expression says what stands where the field is empty.
    """
    follower = _Follower(emptiness, may_be_empty)
    follower.walk(body, {})
    return list(dict.fromkeys(follower.mistakes))


def path(node: nodes.Node | None) -> str:
    """A field as its author names it, ``case.person.name``; empty for what is no plain name."""
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr():
            head = path(node.node)
            return f"{head}.{node.attr}" if head else ""
    return ""


class _Follower:
    def __init__(self, emptiness: _Told, may_be_empty: Callable[[nodes.Expr], bool]) -> None:
        self.mistakes: list[Mistake] = []
        self._emptiness, self._may_be_empty = emptiness, may_be_empty

    def walk(self, body: Iterable[nodes.Node], facts: _Facts) -> None:
        for node in body:
            match node:
                case nodes.Output():
                    for part in node.nodes:
                        self._printed(part, facts)
                case nodes.If():
                    self._branches(node, facts)
                    facts = _without(facts, frozenset().union(*(_names(set_.target) for set_ in node.find_all(nodes.Assign))))
                case nodes.For():
                    inner = _without(facts, _names(node.target))
                    self.walk(node.body, inner)
                    self.walk(node.else_, facts)
                case nodes.Assign() | nodes.AssignBlock():
                    facts = _without(facts, _names(node.target))
                    if isinstance(node, nodes.AssignBlock):
                        self.walk(node.body, facts)
                case nodes.Macro():
                    self.walk(node.body, {})
                case nodes.CallBlock() | nodes.FilterBlock() | nodes.With() | nodes.Block() | nodes.Scope():
                    self.walk(node.body, facts)

    def _branches(self, node: nodes.If, facts: _Facts) -> None:
        """Each branch with what is known in it: its own condition, and that none before it held."""
        for branch in (node, *node.elif_):
            inside = _both(facts, self._says(branch.test, holds=True))
            if inside is None or _is_false(branch.test):
                sentence = message(
                    "This condition never holds here, so nothing of its branch is ever printed; "
                    "correct it, or take the branch out."
                )
                self.mistakes.append(Mistake(sentence, (), branch.lineno))
            else:
                self.walk(branch.body, inside)
            outside = _both(facts, self._says(branch.test, holds=False))
            if outside is None:
                return  # it always holds here, and the rest is for nothing; that is tidy at worst
            facts = outside
        self.walk(node.else_, facts)

    def _printed(self, part: nodes.Node, facts: _Facts) -> None:
        if isinstance(part, nodes.TemplateData) or (isinstance(part, nodes.Expr) and self._may_be_empty(part)):
            return
        for field in _passed_on(part):
            known = facts.get(path(field))
            if known is not None and known.empty:
                sentence = message(
                    "«{name}» is always empty here, since the condition around it says so; "
                    "no letter with this branch can be made."
                )
                self.mistakes.append(Mistake(sentence, (("name", path(field)),), field.lineno))

    def _says(self, test: nodes.Node, *, holds: bool) -> list[tuple[str, _Known]]:  # noqa: PLR0911 -- one return a kind of node
        """What a condition says about fields where it holds, or where it does not."""
        match test:
            case nodes.Not():
                return self._says(test.node, holds=not holds)
            case nodes.And() if holds:
                return [*self._says(test.left, holds=True), *self._says(test.right, holds=True)]
            case nodes.Or() if not holds:
                return [*self._says(test.left, holds=False), *self._says(test.right, holds=False)]
            case nodes.Compare(ops=[nodes.Operand(op=operator, expr=expr)]) if path(test.expr):
                return _compared(path(test.expr), operator, expr, holds=holds)
            case nodes.Name() | nodes.Getattr() if path(test):
                if holds:
                    return [(path(test), _Known(empty=False))]
                return [(path(test), _Known(empty=True))] if self._emptiness(path(test)) else []
        return []


def _compared(name: str, operator: str, expr: nodes.Node, *, holds: bool) -> list[tuple[str, _Known]]:
    if isinstance(expr, nodes.Const):
        values = frozenset((expr.value,))
    elif isinstance(expr, nodes.List | nodes.Tuple) and all(isinstance(item, nodes.Const) for item in expr.items):
        values = frozenset(item.value for item in expr.items if isinstance(item, nodes.Const))
    else:
        return []
    match operator, holds:
        case ("eq" | "in", True):
            return [(name, _Known(empty=False, only=values))]
        case ("ne" | "notin", False):
            return [(name, _Known(empty=False, only=values))]
        case ("eq" | "in", False) | ("ne" | "notin", True):
            return [(name, _Known(never=values))]
    return []


def _both(facts: _Facts, said: Iterable[tuple[str, _Known]]) -> _Facts | None:
    """The facts with what is said besides; None where it cannot be."""
    found = dict(facts)
    for name, known in said:
        joined = found[name].and_(known) if name in found else known
        if joined is None:
            return None
        found[name] = joined
    return found


def _without(facts: _Facts, names: frozenset[str]) -> _Facts:
    return {name: known for name, known in facts.items() if name.partition(".")[0] not in names}


def _names(target: nodes.Node) -> frozenset[str]:
    return frozenset(str(node.name) for node in (target, *target.find_all(nodes.Name)) if isinstance(node, nodes.Name))


def _is_false(test: nodes.Node) -> bool:
    return isinstance(test, nodes.Const) and not test.value


_DECIDES: Final = (nodes.Compare, nodes.Not, nodes.Test, nodes.CondExpr, nodes.Or, nodes.And)


def _passed_on(part: nodes.Node) -> Iterator[nodes.Node]:
    """The fields that an expression prints whatever happens."""
    if isinstance(part, _DECIDES):
        return
    if path(part):
        yield part
    elif isinstance(part, nodes.Filter) and part.node is not None:
        yield from _passed_on(part.node)
    elif not isinstance(part, nodes.Call):
        for child in part.iter_child_nodes():
            yield from _passed_on(child)
