"""What kind of value an expression yields: the static check of rules and templates.

Every name, attribute, choice, deadline and key is followed through references, ways back and lists before any row is read,
so that a rule that could fail on a row, or silently never match, is refused when the profile loads.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from jinja2 import nodes

from pipeline.calendars import parse_duration
from pipeline.profile.expressions import DATE_NAMES, FUNCTIONS, Environment
from pipeline.profile.model import DEADLINES, LETTERS, OPEN, Column, DeadlineRule, Profile
from pipeline.texts import Texts, message

Scope = Mapping[str, "Kind"]

WORDS: Final = {
    "text": message("text"),
    "number": message("number"),
    "date": message("date"),
    "time": message("time"),
    "yesno": message("yes or no"),
    "choice": message("choice"),
    "nin": message("national id"),
    "ref": message("reference"),
    "period": message("period"),
    "span": message("span of days"),
    "row": message("row"),
    "deadlines": message("deadlines"),
    "deadline": message("deadline"),
    "sheets": message("sheets"),
    "fields": message("merge field"),
    "function": message("function"),
}
"""The kinds of values as people call them."""


def facts_in_words(facts: Iterable[tuple[str, str]], texts: Texts) -> dict[str, str]:
    """The facts of a mistake, with kinds of values as people call them."""
    kinds = {"kind", "left", "right"}
    spoken = {name: texts(WORDS.get(fact, fact)) if name in kinds else fact for name, fact in facts}
    if "expected" in spoken:
        spoken["expected"] = ", ".join(texts(WORDS.get(kind, kind)) for kind in spoken["expected"].split(", "))
    return spoken


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value.

    Attributes:
        base: ``text number date time yesno choice period span row deadlines deadline sheets function any``.
        sheets: for rows and deadlines, the sheets that the row may be of.
        many: a list of such values.
        choices: for a choice, the values it can take.
        parts: for a built-in merge field such as the letter or the office, its parts by name.
    """

    base: str
    sheets: frozenset[str] = frozenset()
    many: bool = False
    choices: frozenset[str] = frozenset()
    parts: tuple[tuple[str, Kind], ...] = ()


ANY: Final = Kind("any")
DATE: Final = Kind("date")
NUMBER: Final = Kind("number")
TEXT: Final = Kind("text")
YESNO: Final = Kind("yesno")
PERIOD: Final = Kind("period")
SPAN: Final = Kind("span")
DATE_FACTS: Final[Scope] = dict.fromkeys(DATE_NAMES, ANY) | dict.fromkeys(("year", "month", "day"), NUMBER)
TAKEN: Final = frozenset((*FUNCTIONS, "sheets", "today", "deadlines", LETTERS))
"""The grammar's own names, which no column, way back or term can have."""
DEADLINE_FACTS: Final[Scope] = {"due": DATE, "act_by": DATE, "done": DATE, "raw": DATE, "status": TEXT}

_ARITHMETIC: Final = {
    ("date", "+", "period"): DATE,
    ("period", "+", "date"): DATE,
    ("date", "-", "period"): DATE,
    ("date", "-", "date"): SPAN,
    ("number", "+", "number"): NUMBER,
    ("number", "-", "number"): NUMBER,
    ("period", "*", "number"): PERIOD,
    ("number", "*", "period"): PERIOD,
    **{("number", operator, "number"): NUMBER for operator in ("*", "/", "//", "%", "**")},
}
_TO_ONE: Final = frozenset(("first", "last", "min", "max"))
_TO_LIST: Final = frozenset(("select", "reject", "valid", "sort", "unique", "list", "reverse"))
_TO_NUMBER: Final = frozenset(("sum", "round", "length", "count", "int", "float", "abs"))
_NEVER_PRINTED: Final = frozenset(("sheets", "fields", "deadlines", "deadline", "function"))
_TAKES: Final = {"round": frozenset(("number",)), "abs": frozenset(("number", "span"))}
"""Filters of Jinja2's own that fail on other values."""
_ATTRIBUTE: Final = {"sum": 0, "groupby": 0, "join": 1, "unique": 1, "min": 1, "max": 1, "sort": 2}
"""Filters that look at a field of each row, and which of their arguments names it where it stands without ``attribute=``."""
STANDINGS: Final = frozenset(("kept", "late", "missed", "waiting"))
"""How an occurrence of a deadline ended, for statistics; one that is not due yet waits."""
_SAME: Final = {"choice": "text", "nin": "text"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in an expression: a sentence of the catalogues, what it names, and the line in the source."""

    sentence: str
    facts: tuple[tuple[str, str], ...]
    line: int


class Names:
    """Every name that a profile gives to rules and templates, with its kind."""

    def __init__(self, profile: Profile) -> None:
        """Work out the names of each sheet, the built-in sheet of letters included."""
        self._profile = profile
        self.terms = {name: _term_kind(value) for name, value in profile.terms.items()}
        self.sheets = {name: self._columns(name) for name in profile.sheets}
        self.sheets[LETTERS] = self._letter_columns(profile.letters)
        self.sheets[DEADLINES] = self._deadline_columns(profile.deadlines)
        for sheet in profile.sheets.values():
            for column in sheet.columns.values():
                if column.back and column.to in self.sheets:
                    self.sheets[column.to][column.back] = _rows(sheet.name, many=True)

    @property
    def recipients(self) -> frozenset[str]:
        """The sheets whose rows can receive letters."""
        return frozenset(sheet.name for sheet in self._profile.sheets.values() if sheet.recipient)

    def of_row(self, sheet: str, letters: Iterable[str] = ()) -> Scope:
        """The free names of a rule on a sheet; `letters` narrows what ``record`` may be on the sheet of letters."""
        names = {"sheets": Kind("sheets"), "today": DATE} | self.terms | dict.fromkeys(FUNCTIONS, Kind("function"))
        names |= self.sheets.get(sheet, {})
        if sheet in self._profile.sheets:
            names.setdefault(sheet, _rows(sheet))  # the row itself
        if letters:
            names["record"] = Kind("row", frozenset(self._profile.letters[name].on for name in letters))
        return names

    def class_of(self, sheet: str, name: str) -> str:
        """The class of a column; open for what is no column."""
        column = self._profile.sheets[sheet].columns.get(name) if sheet in self._profile.sheets else None
        return column.class_ if column is not None else OPEN

    def headed(self, sheet: str) -> Mapping[str, str]:
        """The columns of a sheet by their headings, written as names."""
        columns = self._profile.sheets[sheet].columns if sheet in self._profile.sheets else {}
        return {_as_name(column.heading): name for name, column in columns.items()}

    def of_deadlines(self, sheets: frozenset[str]) -> Scope:
        """The deadlines that rows of all these sheets have."""
        return {rule.name: Kind("deadline") for rule in self._profile.deadlines.values() if not sheets or {rule.on} >= sheets}

    def _columns(self, sheet: str) -> dict[str, Kind]:
        columns = {name: _column_kind(column) for name, column in self._profile.sheets[sheet].columns.items()}
        own = frozenset((sheet,))
        return {"deadlines": Kind("deadlines", own), LETTERS: _rows(LETTERS, many=True)} | columns

    def _letter_columns(self, letters: Mapping[str, object]) -> dict[str, Kind]:
        records = frozenset(rule.on for rule in self._profile.letters.values())
        return {
            "letter": Kind("choice", choices=frozenset(letters)),
            "record": Kind("row", records),
            "recipient": Kind("row", self.recipients),
            "role": Kind("choice", choices=frozenset(("to", "copy"))),
            "channel": TEXT,
            "produced": DATE,
            "sent": DATE,
            "arrived": DATE,
        }

    def _deadline_columns(self, deadlines: Mapping[str, DeadlineRule]) -> dict[str, Kind]:
        return {
            "deadline": Kind("choice", choices=frozenset(deadlines)),
            "title": TEXT,
            "record": Kind("row", frozenset(rule.on for rule in deadlines.values())),
            "owner": TEXT,
            "due": DATE,
            "done": DATE,
            "standing": Kind("choice", choices=STANDINGS),
        }


def _as_name(heading: str) -> str:
    return re.sub(r"\W+", "_", heading.casefold()).strip("_")


def _rows(sheet: str, *, many: bool = False) -> Kind:
    return Kind("row", frozenset((sheet,)), many)


def _column_kind(column: Column) -> Kind:
    if column.type == "ref":
        return Kind("row", frozenset((column.to,)) if column.to else frozenset(), column.many)
    return Kind(column.type, many=column.many, choices=frozenset(column.choices))


def _term_kind(value: object) -> Kind:
    match value:
        case bool():
            return YESNO
        case int() | float():
            return NUMBER
        case str() if parse_duration(value):
            return PERIOD
        case _:
            return TEXT


def letters_named(expression: nodes.Expr) -> tuple[str, ...]:
    """The letters that a rule on the sheet of letters is about: what it compares the name ``letter`` with."""
    found: list[str] = []
    compares = (node for node in (expression, *expression.find_all(nodes.Compare)) if isinstance(node, nodes.Compare))
    for compare in compares:
        match compare.expr, compare.ops:
            case nodes.Name(name="letter"), [nodes.Operand(op="in" | "eq", expr=expr)]:
                found += [str(const.value) for const in _constants(expr)]
    return tuple(found)


def _constants(node: nodes.Node) -> list[nodes.Const]:
    if isinstance(node, nodes.Const):
        return [node]
    return [item for item in getattr(node, "items", ()) if isinstance(item, nodes.Const)]


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, or nothing; capital letters are as good as small ones."""
    folded = {each.casefold(): each for each in known}
    return next((folded[each] for each in difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)), "")


class Checker:
    """Walks a syntax tree and notes every mistake in it.

    Attributes:
        mistakes: what it noted.
        used: the fields that were asked of rows, by sheet.
    """

    def __init__(
        self,
        names: Names,
        filters: Iterable[str],
        tests: Iterable[str],
        shows: frozenset[str] = frozenset(),
        takes: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        """Know what there is.

        Args:
            names: that an expression may use.
            filters: by name.
            tests: by name.
            shows: the classes of columns that a template may print.
            takes: of filters that refuse other values, the kinds that they are made for.
        """
        self.names = names
        self.mistakes: list[Mistake] = []
        self.used: set[tuple[str, str]] = set()
        self._shows = shows
        self._filters = frozenset(filters)
        self._tests = frozenset(tests)
        self._takes = {**_TAKES, **(takes or {})}

    def note(self, node: nodes.Node, sentence: str, **facts: str) -> None:
        """Note a mistake once."""
        mistake = Mistake(sentence, tuple(facts.items()), node.lineno)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)

    def template(self, body: Iterable[nodes.Node], scope: Scope) -> Scope:
        """Walk the statements of a template; the scope that follows them, with what they set."""
        for node in body:
            scope = self._statement(node, scope)
        return scope

    def _statement(self, node: nodes.Node, scope: Scope) -> Scope:  # noqa: C901, PLR0912 -- one case a kind of statement
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        if self.kind(part, scope).base in _NEVER_PRINTED:
                            self.note(part, message("A whole row, list or table cannot be printed; name a field of it."))
                        self._shown(part, scope)
            case nodes.If():
                self.kind(node.test, scope)
                for body in (node.body, node.elif_, node.else_):
                    self.template(body, scope)
            case nodes.For():
                looped = self.kind(node.iter, scope)
                if not looped.many and looped.base != "any":
                    self.note(node, message("A loop goes through a list, and this is a {kind}."), kind=looped.base)
                item = replace(looped, many=False)
                if item.base != "row":
                    self._shown(node.iter, scope)
                inner = {**scope, "loop": ANY, **_targets(node.target, item)}
                if node.test is not None:
                    self.kind(node.test, inner)
                self.template(node.body, inner)
                self.template(node.else_, scope)
            case nodes.Assign():
                self._shown(node.node, scope)
                return {**scope, **_targets(node.target, self.kind(node.node, scope))}
            case nodes.With():
                inner = {**scope}
                for target, value in zip(node.targets, node.values, strict=True):
                    self._shown(value, scope)
                    inner |= _targets(target, self.kind(value, scope))
                self.template(node.body, inner)
            case nodes.Macro():
                inner = {
                    **scope,
                    **{argument.name: ANY for argument in node.args},
                    "caller": ANY,
                    "varargs": ANY,
                    "kwargs": ANY,
                }
                for default in node.defaults:
                    self.kind(default, scope)
                self.template(node.body, inner)
                return {**scope, node.name: ANY}
            case nodes.AssignBlock():
                self.template(node.body, scope)
                return {**scope, **_targets(node.target, TEXT)}
            case _:
                for child in node.iter_child_nodes():
                    if isinstance(child, nodes.Expr):
                        self.kind(child, scope)
                        self._shown(child, scope)
                    else:
                        self._statement(child, scope)
        return scope

    def _shown(self, part: nodes.Node, scope: Scope) -> None:
        """Note what would be printed of a class that the letter does not show."""
        for node, sheet, name in self.passed_on(part, scope):
            class_ = self.names.class_of(sheet, name)
            if class_ not in self._shows | {OPEN}:
                sentence = message(
                    "«{name}» is of the class «{class_}», which this letter may not show (shows, in profile.toml)."
                )
                self.note(node, sentence, name=name, class_=class_)

    def passed_on(  # noqa: C901, PLR0912 -- one case a kind of node
        self, part: nodes.Node, scope: Scope, own: str = ""
    ) -> Iterator[tuple[nodes.Node, str, str]]:
        """The fields whose values an expression passes on, without those that it only decides by.

        Args:
            part: the expression.
            scope: its names.
            own: the sheet whose columns are names of the scope, as in a rule; none in a template.

        Yields:
            Where the field is named, its sheet and its name; a field of who knows what is taken for one of any sheet.
        """
        match part:
            case nodes.Name():
                yield from ((part, own, part.name) for _ in (own,) if own)
            case nodes.Getattr(node=of, attr=name) | nodes.Getitem(node=of, arg=nodes.Const(value=str() as name)):
                owner = self.kind(of, scope)
                yield from self._field(part, owner, name)
                if owner.base != "row":
                    yield from self.passed_on(of, scope, own)
            case nodes.CondExpr():
                for branch in (part.expr1, part.expr2):
                    if branch is not None:
                        yield from self.passed_on(branch, scope, own)
            case nodes.Filter(name="selectattr" | "rejectattr", node=nodes.Node() as rows):
                yield from self.passed_on(rows, scope, own)
            case nodes.Compare() | nodes.Not() | nodes.Test():
                return
            case _:
                if isinstance(part, nodes.Filter) and part.node is not None:
                    for path in attributes(part):
                        for kind, name in list(self.along(self.kind(part.node, scope), path))[-1:]:
                            yield from self._field(part, kind, name)
                for child in part.iter_child_nodes():
                    yield from self.passed_on(child, scope, own)

    def _field(self, node: nodes.Node, owner: Kind, name: str) -> Iterator[tuple[nodes.Node, str, str]]:
        if owner.base in {"row", "any"}:
            yield from ((node, sheet, name) for sheet in sorted(owner.sheets or self.names.sheets))

    def along(self, rows: Kind, path: str) -> Iterator[tuple[Kind, str]]:
        """The fields on the way of ``person.name``: each with the kind that it is asked of."""
        for name in path.split("."):
            yield rows, name
            columns = [self.names.sheets.get(sheet, {}).get(name, ANY) for sheet in sorted(rows.sheets)]
            rows = columns[0] if columns else ANY
            for other in columns[1:]:
                rows = _either(rows, other)

    def kind(self, node: nodes.Node, scope: Scope) -> Kind:  # noqa: C901, PLR0911, PLR0912 -- one case a kind of node
        """The kind of an expression, noting what is wrong in it."""
        match node:
            case nodes.Name():
                return self._name(node, scope)
            case nodes.Const():
                return kind_of(node.value)
            case nodes.Getattr():
                return self._attribute(node, node.attr, scope)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                return self._item(node, key, scope)
            case nodes.Getitem():
                return self._computed_item(node, scope)
            case nodes.Compare():
                self._comparison(node, scope)
                return YESNO
            case nodes.Not():
                self.kind(node.node, scope)
                return YESNO
            case nodes.And() | nodes.Or():
                return _either(self.kind(node.left, scope), self.kind(node.right, scope))
            case nodes.CondExpr():
                self.kind(node.test, scope)
                first = self.kind(node.expr1, scope)
                return _either(first, self.kind(node.expr2, scope)) if node.expr2 is not None else first
            case nodes.List() | nodes.Tuple():
                kinds = [self.kind(item, scope) for item in node.items]
                return replace(kinds[0], many=True) if kinds else Kind("any", many=True)
            case nodes.Concat():
                for part in node.nodes:
                    self.kind(part, scope)
                return TEXT
            case nodes.BinExpr():
                return self._arithmetic(node, scope)
            case nodes.UnaryExpr():
                return self.kind(node.node, scope)
            case nodes.Filter():
                return self._filter(node, scope)
            case nodes.Test():
                self._known_test(node, node.name)
                self.kind(node.node, scope)
                return YESNO
            case nodes.Call():
                return self._call(node, scope)
            case _:
                for child in node.iter_child_nodes():
                    self.kind(child, scope)
                return ANY

    def _name(self, node: nodes.Name, scope: Scope) -> Kind:
        if node.name in scope:
            return scope[node.name]
        if node.name in self._filters:
            self.note(node, message("«{name}» is a filter: it stands behind the field, after the sign «|»."), name=node.name)
        elif of_row := self._of_row(_as_name(node.name), scope):
            self.note(node, message("«{name}» is unknown; did you mean «{guess}»?"), name=node.name, guess=of_row)
        else:
            self._unknown(node, node.name, scope)
        return ANY

    def _of_row(self, name: str, scope: Scope) -> str:
        """The field of a row that is called so, or headed so; nothing where there is none that may be shown, or several."""
        found = [
            f"{root}.{column}"
            for root, kind in scope.items()
            if kind.base == "row" and not kind.many
            for sheet in kind.sheets
            if (column := name if name in self.names.sheets.get(sheet, {}) else self.names.headed(sheet).get(name, ""))
            and self.names.class_of(sheet, column) in self._shows | {OPEN}
        ]
        return found[0] if len(found) == 1 else ""

    def _unknown(self, node: nodes.Node, name: str, known: Iterable[str], headed: Mapping[str, str] | None = None) -> None:
        """Note an unknown name; `headed` has the known ones by their headings, as somebody may type those."""
        guess = nearest(name, known) or (headed or {}).get(_as_name(name), "")
        if guess:
            self.note(node, message("«{name}» is unknown; did you mean «{guess}»?"), name=name, guess=guess)
        else:
            self.note(node, message("«{name}» is unknown."), name=name)

    def _attribute(self, node: nodes.Getattr, name: str, scope: Scope) -> Kind:
        owner = self.kind(node.node, scope)
        match owner.base:
            case "row":
                return self._row_attribute(node, owner, name)
            case "deadlines":
                known = self.names.of_deadlines(owner.sheets)
            case "deadline":
                known = DEADLINE_FACTS
            case "sheets":
                known = {sheet: _rows(sheet, many=True) for sheet in self.names.sheets}
            case "span":
                known = {"days": NUMBER}
            case "date":
                known = DATE_FACTS
            case "fields":
                known = dict(owner.parts)
            case "any" | "time":
                return ANY
            case _:
                self.note(node, message("«{name}» is asked of a {kind}, which has no such thing."), name=name, kind=owner.base)
                return ANY
        if name not in known:
            self._unknown(node, name, known)
            return ANY
        return replace(known[name], many=True) if owner.many else known[name]

    def _row_attribute(self, node: nodes.Node, owner: Kind, name: str) -> Kind:
        found: list[Kind] = []
        for sheet in sorted(owner.sheets):
            columns = self.names.sheets.get(sheet, {})
            if name in columns:
                found.append(columns[name])
                self.used.add((sheet, name))
            else:
                self._unknown(node, name, columns, self.names.headed(sheet))
        if not found:
            return ANY
        merged = found[0]
        for other in found[1:]:
            merged = _either(merged, other)
        return replace(merged, many=merged.many or owner.many)

    def _item(self, node: nodes.Getitem, key: str, scope: Scope) -> Kind:
        owner = self.kind(node.node, scope)
        if owner.base == "row" and owner.many:
            return replace(owner, many=False)
        if owner.base == "row":
            return self._row_attribute(node, owner, key)
        if owner.base == "sheets":
            if key not in self.names.sheets:
                self._unknown(node, key, self.names.sheets)
            return _rows(key, many=True)
        return ANY

    def _computed_item(self, node: nodes.Getitem, scope: Scope) -> Kind:
        """One of a list by its number, or a row of a sheet by a key that is worked out; a field is named outright."""
        asked, owner = self.kind(node.arg, scope), self.kind(node.node, scope)
        of_sheet = isinstance(node.node, nodes.Getattr | nodes.Getitem) and self.kind(node.node.node, scope).base == "sheets"
        by_number = asked.base == "number" or isinstance(node.arg, nodes.Slice)
        if owner.base in {"row", "any"} and not (of_sheet or by_number):
            self.note(node, message("A field in square brackets is named outright, so that it can be seen which it is."))
        return owner if isinstance(node.arg, nodes.Slice) else replace(owner, many=False)

    def _comparison(self, node: nodes.Compare, scope: Scope) -> None:
        if self._unquoted(node, scope):
            return
        left, left_node = self.kind(node.expr, scope), node.expr
        for operand in node.ops:
            right = self.kind(operand.expr, scope)
            if operand.op in {"eq", "ne"} and nodes.Const(None) in (left_node, operand.expr):
                sentence = message("An empty field equals nothing, not even «none»; ask with {example}.")
                self.note(node, sentence, example="{% if not … %}")
            for kind, other in ((left, operand.expr), (right, left_node)):
                self._choices(kind, other)
            if operand.op in {"eq", "ne"} and left.base == "choice" and left.many and right == TEXT:
                sentence = message("This is a list, which no single value equals; ask with {example}.")
                self.note(node, sentence, example="{% if … in … %}")
            elif not (_searchable(right) if operand.op in {"in", "notin"} else _comparable(left, right)):
                self.note(
                    node, message("A {left} is compared with a {right}; that never holds."), left=left.base, right=right.base
                )
            left, left_node = right, operand.expr

    def _unquoted(self, node: nodes.Compare, scope: Scope) -> bool:
        """Note a choice without quotation marks, which is a name that nobody knows."""
        match node.expr, node.ops:
            case nodes.Getattr() | nodes.Name(), [nodes.Operand(expr=nodes.Name(name=name))] if name not in scope:
                if name in self.kind(node.expr, scope).choices:
                    sentence = message("«{name}» is a text; write it in quotation marks: {example}")
                    self.note(node, sentence, name=name, example=f'"{name}"')
                    return True
        return False

    def _choices(self, kind: Kind, other: nodes.Node) -> None:
        if kind.base != "choice" or not kind.choices:
            return
        for const in _constants(other):
            if isinstance(const.value, str) and const.value not in kind.choices:
                guess = nearest(const.value, kind.choices) or ", ".join(sorted(kind.choices))
                self.note(
                    const,
                    message("«{value}» is not among the choices; did you mean «{guess}»?"),
                    value=const.value,
                    guess=guess,
                )

    def _arithmetic(self, node: nodes.BinExpr, scope: Scope) -> Kind:
        left, right = self.kind(node.left, scope), self.kind(node.right, scope)
        if left.many and right.many and node.operator == "+":
            return _either(left, right)
        if "any" in {left.base, right.base}:
            return ANY
        kind = _ARITHMETIC.get((left.base, node.operator, right.base))
        if kind is None or left.many or right.many:
            self.note(
                node,
                message(
                    "«{left} {operator} {right}» cannot be worked out; "
                    "to a date is added days(…), weeks(…), months(…) or a period, and texts are joined by «~»."
                ),
                left=left.base,
                operator=node.operator,
                right=right.base,
            )
            return ANY
        return kind

    def _filter(self, node: nodes.Filter, scope: Scope) -> Kind:
        inner = self.kind(node.node, scope) if node.node is not None else ANY
        if node.name not in self._filters:
            guess = nearest(node.name, self._filters)
            if guess:
                self.note(node, message("There is no filter «{name}»; did you mean «{guess}»?"), name=node.name, guess=guess)
            else:
                self.note(node, message("There is no filter «{name}»."), name=node.name)
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self.kind(argument, scope)
        self._spelt_out(node)
        self._fitting(node, inner, scope)
        self._named_within(node, inner)
        if node.name in {"selectattr", "rejectattr"}:
            return self._selected(node, inner)
        filtered = _filtered(node.name, inner)
        for path in attributes(node):
            if inner.base == "row":
                kind = self._path(node, inner, path)
                filtered = replace(kind, many=True) if node.name == "map" else filtered
        return filtered

    def _named_within(self, node: nodes.Filter, inner: Kind) -> None:
        """Note an unknown filter that ``map`` is to use on each of a list, or test by which ``select`` is to choose."""
        match node:
            case nodes.Filter(name="map", args=[nodes.Const(value=str() as name), *_]) if name not in self._filters:
                if any(name in self.names.sheets.get(sheet, {}) for sheet in inner.sheets):
                    guess = f'map(attribute="{name}")'
                    self.note(node, message("There is no filter «{name}»; did you mean «{guess}»?"), name=name, guess=guess)
                else:
                    self.note(node, message("There is no filter «{name}»."), name=name)
            case nodes.Filter(name="select" | "reject", args=[nodes.Const(value=str() as name), *_]):
                self._known_test(node, name)

    def _fitting(self, node: nodes.Filter, inner: Kind, scope: Scope) -> None:
        """Note a value that the filter refuses, and words that it would get where the value is empty."""
        kinds = self._takes.get(node.name)
        if kinds is None:
            return
        if inner.base != "any" and inner.base not in kinds:
            sentence = message("The filter «{name}» is for a {kind}; what stands before it is a {left}.")
            self.note(node, sentence, name=node.name, kind=min(kinds), left=inner.base)
            return
        match node.node:
            case nodes.Filter(name="default" | "d" as default, args=[nodes.Expr() as instead, *_]):
                if instead != nodes.Const("") and self.kind(instead, scope).base not in {*kinds, "any"}:
                    sentence = message(
                        "Where nothing stands, the filter «{name}» would get the words; write «{name}» before «{default}»."
                    )
                    self.note(node, sentence, name=node.name, default=default)

    def _spelt_out(self, node: nodes.Filter | nodes.Call) -> None:
        """Note arguments that hide which field a filter looks at."""
        named = [argument for argument in _attribute_arguments(node) if not isinstance(argument, nodes.Const)]
        if named or node.dyn_args is not None or node.dyn_kwargs is not None:
            self.note(
                node, message("The arguments are written out here one by one, so that it can be seen which fields they name.")
            )

    def _path(self, node: nodes.Node, rows: Kind, path: str) -> Kind:
        """The kind of ``person.name``, as Jinja2's filters take the names of what they look at."""
        kind = replace(rows, many=False)
        for name in path.split("."):
            kind = self._row_attribute(node, kind, name) if kind.base == "row" else ANY
        return kind

    def _selected(self, node: nodes.Filter, rows: Kind) -> Kind:
        match node.args:
            case [nodes.Const(value=str() as name), *rest]:
                if rows.base == "row":
                    kind = self._path(node, rows, name)
                    for other in rest[1:]:
                        self._choices(kind, other)
                if rest and isinstance(rest[0], nodes.Const):
                    self._known_test(rest[0], str(rest[0].value))
        return replace(rows, many=True)

    def _known_test(self, node: nodes.Node, name: str) -> None:
        if name not in self._tests:
            self._unknown(node, name, self._tests)

    def _call(self, node: nodes.Call, scope: Scope) -> Kind:
        for argument in (*node.args, *(keyword.value for keyword in node.kwargs)):
            self.kind(argument, scope)
        self._spelt_out(node)
        called = self.kind(node.node, scope)
        match node.node:
            case nodes.Name(name="days" | "weeks" | "months" | "years" | "working_days"):
                return PERIOD
            case nodes.Name(name="age"):
                return NUMBER
        if called.base not in {"any", "function"}:
            self.note(node, message("A {kind} is no function; take away the brackets behind it."), kind=called.base)
        return ANY


def filters_binding_tighter(  # noqa: C901 -- one case a kind of token
    environment: Environment, source: str
) -> tuple[tuple[str, bool], ...]:
    """The filters of a source that bind tighter than their author meant: ``a / 12 | round`` rounds 12.

    Returns:
        Each filter's name, and whether it is sure to be meant otherwise. After ``~`` it may be meant so, and what stands first
        may be filtered already, as in ``a | date or b | date``; a default is the same either way.
    """
    found: list[tuple[str, bool]] = []
    levels = [_Level()]
    tokens = [(kind, value) for _, kind, value in environment.lex(source) if kind != "whitespace"]
    for index, (kind, value) in enumerate(tokens):
        level = levels[-1]
        if kind == "operator" and value in {"(", "[", "{"}:
            levels.append(_Level())
        elif kind == "operator" and value in {")", "]", "}"} and len(levels) > 1:
            levels.pop()
        elif kind == "operator" and value in _CALCULATING and index and tokens[index - 1][0] in _OPERANDS:
            level.before, level.filters = level.before | {value}, set()
        elif kind == "operator" and value == "~":
            level.before, level.filters = level.before | {"~"}, set()
        elif kind == "name" and value in {"or", "and"}:
            level.sides, level.before, level.filters = [*level.sides, level.filters], set(), set()
        elif kind == "operator" and value == "|" and index + 1 < len(tokens):
            name = tokens[index + 1][1]
            if level.before - {"~"}:
                found.append((name, True))
            elif level.before:
                found.append((name, False))
            elif level.sides and name not in {"default", "d"} and not all(name in side for side in level.sides):
                found.append((name, True))
            level.filters = level.filters | {name}
        elif (kind == "operator" and value != "." and value not in _CALCULATING) or (
            kind == "name" and value in {"if", "else", "not", "in", "is"}
        ):
            levels[-1] = _Level()
    return tuple(dict.fromkeys(found))


_CALCULATING: Final = frozenset(("+", "-", "*", "/", "//", "%", "**"))
_OPERANDS: Final = frozenset(("name", "integer", "float", "string", "operator"))


@dataclass(slots=True)
class _Level:
    """What stands before a filter within its brackets.

    Attributes:
        before: the operators whose last operand the filter takes alone.
        filters: those of the operand that is read now.
        sides: the filters of each side of ``or`` and ``and`` before it.
    """

    before: set[str] = field(default_factory=set)
    filters: set[str] = field(default_factory=set)
    sides: list[set[str]] = field(default_factory=list)


def _filtered(name: str, inner: Kind) -> Kind:
    """What a filter makes of a kind."""
    if name in _TO_ONE:
        return replace(inner, many=False)
    if name in _TO_LIST:
        return replace(inner, many=True)
    if name in _TO_NUMBER:
        return NUMBER
    return inner if name in {"default", "d"} else Kind("any", many=name == "map")


def attributes(node: nodes.Filter) -> tuple[str, ...]:
    """The fields that a filter looks at in each row, as Jinja2 writes them: ``person.name``; ``sort`` takes several."""
    named = [argument.value for argument in _attribute_arguments(node) if isinstance(argument, nodes.Const)]
    return tuple(path.strip() for value in named if isinstance(value, str) for path in value.split(","))


def _attribute_arguments(node: nodes.Filter | nodes.Call) -> Iterator[nodes.Expr]:
    """The arguments that name a field, wherever they stand; ``map('sum', 'hours')`` hands its own on to another filter."""
    if isinstance(node, nodes.Call):
        return
    yield from (keyword.value for keyword in node.kwargs if keyword.key == "attribute")
    name, arguments = node.name, node.args
    if name in {"selectattr", "rejectattr"}:
        yield from arguments[:1]
    elif name == "map" and arguments:
        name, arguments = str(getattr(arguments[0], "value", "")), arguments[1:]
    place = _ATTRIBUTE.get(name)
    if place is not None:
        yield from arguments[place : place + 1]


def _targets(target: nodes.Node, kind: Kind) -> Scope:
    match target:
        case nodes.Name():
            return {target.name: kind}
        case nodes.Tuple():
            return {item.name: ANY for item in target.items if isinstance(item, nodes.Name)}
    return {}


def kind_of(value: object) -> Kind:
    """The kind of a value that stands in a rule, a template or the profile."""
    match value:
        case bool():
            return YESNO
        case int() | float():
            return NUMBER
        case str():
            return TEXT
        case date():
            return DATE
    return ANY


def _either(left: Kind, right: Kind) -> Kind:
    if left.base == right.base:
        return Kind(left.base, left.sheets | right.sheets, left.many or right.many, left.choices | right.choices)
    if left.base == "any":
        return replace(right, many=right.many or left.many) if left.many else ANY
    if right.base == "any" and right.many:
        return replace(left, many=True)
    return ANY


def _searchable(kind: Kind) -> bool:
    """Whether something can be ``in`` it: a list or a text."""
    return kind.many or _SAME.get(kind.base, kind.base) in {"any", "text"}


def _comparable(left: Kind, right: Kind) -> bool:
    first, second = _SAME.get(left.base, left.base), _SAME.get(right.base, right.base)
    return "any" in {first, second} or first == second or left.many or right.many
