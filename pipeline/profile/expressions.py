"""Rules are Jinja2 expressions: compiled once in a sandbox, evaluated on a row.

How they count (``docs/profile.md``, conventions 1 to 3):

- an empty cell (`EMPTY`) is false, absorbs arithmetic, and every comparison with it is false but ``!=`` and ``not in``;
- a cell with an error raises `CellError` when it is used, through references too;
- ``rows.column`` on several rows is the list of their non-empty values.

Every free name of an expression is looked up on the row at the place where it is used,
so that a branch that is not taken cannot fail on a faulty cell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from datetime import date, datetime, timedelta
from functools import lru_cache
from io import StringIO
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Final, Protocol, Self, runtime_checkable

from jinja2 import TemplateSyntaxError, Undefined, nodes, pass_context, pass_environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import make_attrgetter, make_multi_attrgetter
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from pipeline.calendars import Calendar, Duration, OutsideCalendar, parse_duration
from pipeline.profile.model import Term
from pipeline.texts import message

LIST_FILTERS: Final = (
    *("select", "reject", "selectattr", "rejectattr", "map", "unique"),
    *("list", "sort", "reverse", "batch", "slice"),
)
"""Jinja2 makes generators of most of these, which are always true; here they give lists, whose names can be asked for."""

FUNCTIONS: Final = ("days", "weeks", "months", "years", "working_days", "age")

DATE_NAMES: Final = ("year", "month", "day", "weekday", "isoweekday", "isocalendar", "isoformat", "strftime", "replace")
"""What a rule may ask of a date; ``today`` is not among them, for a rule has no clock but its row's day."""

MAX_POWER: Final = 64
MAX_BITS: Final = 4096
MAX_REPEAT: Final = 10_000
MAX_DEPTH: Final = 100
"""How deep an expression may nest; Python's own parser gives up at some two hundred brackets."""

_SIZING_FILTERS: Final = ("center", "indent", "batch", "slice", "round")
"""Filters that make as much text, as many lists, or as long a number as a number says."""

_TOO_WIDE: Final = re.compile(r"%[^a-zA-Z%]*(\*|\d{4})")


class Empty(Undefined):
    """The value of an empty cell: false, and everything made with it is empty again; there is one alone, `EMPTY`."""

    __slots__ = ()

    _one: Self | None = None

    def __new__(cls, *_: object, **__: object) -> Self:
        """Always the same one, also where Jinja2 makes it, so that ``is EMPTY`` tells."""
        if cls._one is None:
            cls._one = super().__new__(cls)
        return cls._one

    def __init__(self, *_: object, **__: object) -> None:
        """Remember nothing of what was asked for in vain."""
        super().__init__()

    def __reduce__(self) -> str:
        """Sent to another process it is the one there."""
        return "EMPTY"

    def _joined(self, other: object) -> Any:
        """Joined to a list it is a list of nothing."""
        return Rows(other) if isinstance(other, _LISTS) else self

    def _absorb(self, *_: object, **__: object) -> Empty:
        return self

    __add__ = __radd__ = _joined
    __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _absorb  # type: ignore[assignment]
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = _absorb  # type: ignore[assignment]
    __getitem__ = __call__ = __round__ = __abs__ = _absorb  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Empty:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _false(self, _: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _false  # type: ignore[assignment]

    def __eq__(self, _: object) -> bool:
        return False

    def __ne__(self, _: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return ""

    def __repr__(self) -> str:
        return "EMPTY"

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __bool__(self) -> bool:
        return False


EMPTY: Final = Empty()


class CellError(Exception):
    """A rule used a cell that cannot be read; `cell` is what the register holds there."""

    def __init__(self, cell: object) -> None:
        """Keep the faulty cell."""
        super().__init__(str(cell))
        self.cell = cell


TOO_LARGE: Final = message("It asks for a number, a text or a list larger than anybody reads.")


class RuleError(Exception):
    """A rule could not be worked out on a row: text minus a date, a division by nought, a year beyond the calendar."""


FAULTS: Final = (CellError, RuleError, OutsideCalendar)
"""What a rule raises on a row whose cells cannot be read or do not fit; ``except FAULTS`` goes on with the next."""


@runtime_checkable
class Lookup(Protocol):
    """Something whose names a rule may use: a row, a deadline, the sheets of a register."""

    def lookup(self, name: str) -> Any:
        """The value of the name; raises `KeyError` where there is none."""


Rule = Callable[[Lookup], Any]
"""A compiled expression: gives its value on a row, never None."""


class Rows(tuple[Any, ...]):
    """Several values of a rule; a name asked of them is asked of each, and what is empty falls out."""

    __slots__ = ()

    def __add__(self, other: Iterable[Any]) -> Rows:
        """Both lists, one after the other."""
        return Rows((*self, *_flatten(other)))

    def __radd__(self, other: Iterable[Any]) -> Rows:
        """The same with a list of a rule in front."""
        return Rows((*_flatten(other), *self))


def _flatten(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, Rows):
            found.extend(value)
        elif value is not EMPTY:
            found.append(value)
    return found


_LISTS: Final = (list, tuple)
NO_ROWS: Final = Rows()
"""The list of nothing."""


def rows_of(value: Any) -> Rows:
    """The values of a rule whose answer is a list, also where it gives one value or none."""
    if type(value) is Rows:
        return value
    if isinstance(value, _LISTS):
        return Rows(_flatten(value)) if value else NO_ROWS
    return NO_ROWS if value is EMPTY else Rows((value,))


_NAMES: Final = {date: DATE_NAMES, datetime: DATE_NAMES, timedelta: ("days",), Duration: ("count", "unit")}
"""All that may be asked of values of these types."""
_NAMELESS: Final = (str, int, float, date, FunctionType, BuiltinFunctionType, MethodType, type(lru_cache(len)))
"""Types whose values answer to no name."""

_ROW: Final = "the_row"
_RULE: Final = "the_rule"
"""What row and function are called in compiled expressions; no free name of theirs is left beside them."""


class Environment(SandboxedEnvironment):
    """The sandbox of rules and templates: names of rows, and nothing of Python's insides.

    The answer to a name on a row or list comes from `Lookup.lookup` alone, so that a column called ``count`` meets no method.
    """

    intercepted_binops = frozenset(("**", "*", "%"))
    empty = EMPTY
    """What an ``if`` without ``else`` gives; Jinja2's own would not absorb."""

    def __init__(self, calendar: Calendar, **options: Any) -> None:
        """Offer the functions and filters of the grammar, counting in the office's calendar."""
        super().__init__(undefined=Empty, **options)
        self.globals = {
            "days": _period("days", None),
            "weeks": _period("weeks", None),
            "months": _period("months", None),
            "years": _period("years", None),
            "working_days": _period("working days", calendar),
        }
        del self.filters["random"]  # same in, same out
        del self.filters["attr"]  # a way to names that the static check could not follow
        for name in _SIZING_FILTERS:
            self.filters[name] = _modest(self.filters[name])
        for name in ("sort", "min", "max"):
            self.filters[name] = _ordering(self.filters[name], keep=name == "sort")
        for name in ("int", "float"):
            self.filters[name] = _absorbing(self.filters[name])
        for name in LIST_FILTERS:
            self.filters[name] = _listing(self.filters[name])
        self.filters["selectattr"] = _selecting(keep=True)
        self.filters["rejectattr"] = _selecting(keep=False)
        self.filters["format"] = _formatting(self.filters["format"])
        self.filters["valid"] = valid
        self.filters["given_name_first"] = given_name_first
        self.filters["first"] = _first
        self.filters["last"] = _last
        self.filters["sum"] = _sum
        self.tests["in"] = _contains
        self.tests["none"] = _is_nothing

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A name of a row, a list or a deadline; otherwise what the sandbox allows.

        Texts and numbers have no names here but filters: some of their methods make as much as a number says.
        Functions have none either: they are called, and no more.
        """
        if obj is EMPTY:
            return EMPTY
        lookup = getattr(obj, "lookup", None)
        if lookup is not None:
            return lookup(attribute)
        if isinstance(obj, _LISTS):
            return self._of_each(obj, attribute)
        names = _NAMES.get(type(obj))
        if names is not None and attribute in names:
            return getattr(obj, attribute)
        if names is not None or isinstance(obj, _NAMELESS):
            raise KeyError(attribute)
        found = super().getattr(obj, attribute)
        return EMPTY if isinstance(found, Undefined) else found

    def _of_each(self, items: Any, attribute: str) -> Any:
        if type(items) in _LISTS or isinstance(items, Rows):
            if not items:
                return NO_ROWS
            return Rows(_flatten([self.getattr(item, attribute) for item in items]))
        found = super().getattr(items, attribute)
        return EMPTY if isinstance(found, Undefined) else found

    def getitem(self, obj: Any, argument: Any) -> Any:
        """The same for ``sheets['X']`` and for the attribute names of Jinja2's own filters."""
        if isinstance(argument, str) and not isinstance(obj, Mapping):
            return obj.row(argument) if hasattr(obj, "row") else self.getattr(obj, argument)
        found = super().getitem(obj, argument)
        return EMPTY if isinstance(found, Undefined) else found

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """A call of what the sandbox lets through; what a date may be asked for, it was asked for by name."""
        if isinstance(getattr(obj, "__self__", None), date):
            for jinjas_own in ("_loop_vars", "_block_vars"):
                kwargs.pop(jinjas_own, None)
            return obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Bound the operators that can fill the memory."""
        if left is EMPTY or right is EMPTY:
            return EMPTY
        if operator == "**" and (not _is_number(right) or right > MAX_POWER or _bits(left) * right > MAX_BITS):
            raise SecurityError(TOO_LARGE)
        if operator == "%" and isinstance(left, str):
            _refuse_wide(left)
        if operator == "*":
            if _bits(left) + _bits(right) > MAX_BITS:
                raise SecurityError(TOO_LARGE)
            for sized, count in ((left, right), (right, left)):
                if isinstance(sized, Sized) and _is_number(count) and len(sized) * count > MAX_REPEAT:
                    raise SecurityError(TOO_LARGE)
        return super().call_binop(context, operator, left, right)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Compile, with ``in`` and ``if`` as the grammar has them."""
        return super()._generate(_Grammar().visit(source), *args, **options)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _bits(value: object) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _refuse_wide(text: str) -> None:
    if _TOO_WIDE.search(text):
        raise SecurityError(TOO_LARGE)


def _contains(value: Any, values: Any) -> bool:
    return value is not EMPTY and value in values


def _is_nothing(value: Any) -> bool:
    return value is None or value is EMPTY


def _period(unit: Any, calendar: Calendar | None) -> Callable[[Any], Any]:
    @lru_cache(maxsize=1024)
    def period(count: Any) -> Any:
        if count is EMPTY:
            return EMPTY
        if int(count) != float(count):
            raise ValueError(f"{count} {unit} are not a whole number")
        return Duration(int(count), unit, calendar)

    return period


def _listing(generate: Any) -> Any:
    place = 1 if hasattr(generate, "jinja_pass_arg") else 0  # of what is filtered

    def listing(*args: Any, **kwargs: Any) -> Any:
        if not args[place] and isinstance(args[place], (*_LISTS, Empty)):
            return NO_ROWS
        found = generate(*args, **kwargs)
        return found if isinstance(found, str) else Rows(_flatten(found))

    return _like(generate, listing)


def _selecting(*, keep: bool) -> Any:
    """``selectattr`` and ``rejectattr`` as Jinja2 has them, but that the test is looked up once, and not for every row."""

    @pass_context
    def selecting(context: Context, rows: Any, path: str, test: str = "", *args: Any, **kwargs: Any) -> Any:
        if not rows:
            return NO_ROWS
        environment = context.environment
        ask = environment.getattr if path.isidentifier() else _along(environment)
        holds: Callable[..., Any] = _test_of(context, test) if test else bool
        if len(args) == 1 and not kwargs:  # as nearly always; spelt out, it takes half the time
            other = args[0]
            found = [row for row in rows if bool(holds(ask(row, path), other)) is keep]
        else:
            found = [row for row in rows if bool(holds(ask(row, path), *args, **kwargs)) is keep]
        return Rows(_flatten(found))

    return selecting


def _along(environment: Any) -> Callable[[Any, str], Any]:
    """What asks for a field at the end of a dotted path."""
    return lambda row, path: make_attrgetter(environment, path)(row)


def _test_of(context: Context, name: str) -> Callable[..., Any]:
    """A test by its name; one that is handed more than a value, or that there is not, Jinja2 sees to itself."""
    tests: Mapping[str, Any] = context.environment.tests
    test: Callable[..., Any] | None = tests.get(name)
    if test is None or hasattr(test, "jinja_pass_arg"):
        return lambda value, *args, **kwargs: context.environment.call_test(name, value, args, kwargs, context)
    return test


def _modest(make: Any) -> Any:
    """A filter of Jinja2 that refuses to make more than people read."""

    def modest(value: Any, *args: Any, **kwargs: Any) -> Any:
        if any(_is_number(size) and size > MAX_REPEAT for size in (*args, *kwargs.values())):
            raise SecurityError(TOO_LARGE)
        return make(value, *args, **kwargs)

    return _like(make, modest)


def _absorbing(convert: Any) -> Any:
    def absorbing(value: Any, *args: Any, **kwargs: Any) -> Any:
        return EMPTY if value is EMPTY else convert(value, *args, **kwargs)

    return _like(convert, absorbing)


def _formatting(fill: Any) -> Any:
    def formatting(text: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_wide(str(text))
        return fill(text, *args, **kwargs)

    return _like(fill, formatting)


def _ordering(order: Any, *, keep: bool) -> Any:
    """A filter of Jinja2 that compares values: what is empty compares with nothing and is left out, or comes last."""

    @pass_environment
    def ordering(environment: Environment, values: Any, *args: Any, attribute: Any = None, **kwargs: Any) -> Any:
        if not values:
            return _or_empty(order(environment, values, *args, **kwargs))
        parts = (lambda value: (value,)) if attribute is None else make_multi_attrgetter(environment, attribute)
        filled: list[Any] = []
        rest: list[Any] = []
        for value in values:
            (rest if any(part is EMPTY for part in parts(value)) else filled).append(value)
        found = order(environment, filled, *args, attribute=attribute, **kwargs)
        return [*found, *rest] if keep else _or_empty(found)

    return ordering


def _or_empty(found: Any) -> Any:
    """What Jinja2 finds; nothing where it says that there is nothing, which is a fault in a template."""
    return EMPTY if isinstance(found, Undefined) else found


def _like(original: Any, own: Any) -> Any:
    """Our filter, handed what Jinja2 hands the original."""
    if hasattr(original, "jinja_pass_arg"):
        own.jinja_pass_arg = original.jinja_pass_arg
    return own


def _first(values: Any) -> Any:
    return next(iter(values), EMPTY)


def _last(values: Any) -> Any:
    found = tuple(values)
    return found[-1] if found else EMPTY


@pass_environment
def _sum(environment: Environment, values: Any, attribute: Any = None, start: Any = 0) -> Any:
    if not values:
        return start
    items = values if attribute is None else map(make_attrgetter(environment, attribute), values)
    return sum(_flatten(items), start)


def valid(rows: Any, day: Any) -> Rows:
    """The rows that are valid on a day, by the sheet's ``valid`` columns, both ends included; none where the day is empty."""
    if not rows:
        return NO_ROWS
    return Rows([row for row in rows if day is not EMPTY and row.valid_on(day)])


def given_name_first(name: Any) -> Any:
    """«Prøve, Kari» as people are addressed, «Kari Prøve»; a name without a comma, or with several, as it stands.

    Of several names each; what is no name stays what it is.
    """
    if isinstance(name, list | tuple):
        return Rows(given_name_first(item) for item in name)
    if not isinstance(name, str):
        return name
    match [part.strip() for part in name.split(",")]:
        case [last, first] if last and first and "/" not in first:
            return f"{first} {last}"
    return name


def age(born: Any, on: date) -> Any:
    """Whole years on a day; who was born on 29 February is a year older on 1 March of a common year."""
    if born is EMPTY:
        return EMPTY
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _terms_of(terms: Mapping[str, Term], calendar: Calendar) -> dict[str, Any]:
    """The terms of a profile as rules and templates see them: text that says a period is one."""
    return {
        name: (parse_duration(value, calendar) or value) if isinstance(value, str) else value for name, value in terms.items()
    }


class Rules(dict[str, Rule]):
    """All expressions of a profile as functions of a row, each compiled when it is first asked for.

    ``rules[source]`` raises `TemplateSyntaxError` where the source is no expression.
    ``rules[source](row)`` gives the value, or raises

    - `CellError`: a cell that the expression uses cannot be read;
    - `RuleError`: the values do not fit the expression;
    - `OutsideCalendar`: it leads to a year whose holidays are not known.

    Attributes:
        calendar: in which they count.
        terms: the profile's, as rules and templates see them.
    """

    def __init__(self, calendar: Calendar, terms: Mapping[str, Term] | None = None) -> None:
        """Make the sandbox in which they run.

        Args:
            calendar: in which they count.
            terms: the profile's, which are the same on every row; a rule that knows them need not ask each row.
        """
        super().__init__()
        self.calendar = calendar
        self.environment = Environment(calendar)
        self._as_written = terms or {}
        self.terms = _terms_of(self._as_written, calendar)
        self.environment.globals |= self.terms
        self._paths: dict[str, tuple[tuple[str, ...], ...]] = {}

    def __reduce__(self) -> tuple[type[Rules], tuple[Calendar, Mapping[str, Term]]]:
        """In another process they are compiled again."""
        return Rules, (self.calendar, self._as_written)

    def __missing__(self, source: str) -> Rule:
        """Compile what is asked for the first time."""
        rule = self[source] = _compile(self.environment, source)
        return rule

    def paths(self, source: str) -> tuple[tuple[str, ...], ...]:
        """The dotted names that an expression reads from its row, ``("case", "person")``, in the order of the text."""
        known = self._paths.get(source)
        if known is None:
            read = _paths(parse(self.environment, source))
            known = self._paths[source] = tuple(dict.fromkeys(path for path in read if path[0] not in FUNCTIONS))
        return known


def parse(environment: Environment, source: str) -> nodes.Expr:
    """The syntax tree of an expression; raises `TemplateSyntaxError`, with words of ours for what people write."""
    try:
        tree = environment.parse("{{ (" + source + "\n) }}")
    except RecursionError:
        raise TemplateSyntaxError("this is nested too deeply", 1) from None
    if _depth_exceeds(tree, MAX_DEPTH):
        raise TemplateSyntaxError("this is nested too deeply", 1)
    match tree.body:
        # a tuple is an empty text, or two expressions with a comma between: always true, whatever they say
        case [nodes.Output(nodes=[expression])] if isinstance(expression, nodes.Expr) and not isinstance(
            expression, nodes.Tuple
        ):
            return expression
    raise TemplateSyntaxError("this is not one expression", 1)


def _depth_exceeds(tree: nodes.Node, limit: int) -> bool:
    level: list[nodes.Node] = [tree]
    for _ in range(limit):
        level = [child for node in level for child in node.iter_child_nodes()]
        if not level:
            return False
    return True


class _Grammar(NodeTransformer):
    """Turn each ``in`` and ``not in`` into the test `_contains`, and give an ``if`` without ``else`` an empty one."""

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802 -- the visitor's own naming
        self.generic_visit(node)
        match node.ops:
            case [nodes.Operand(op="in" | "notin" as operator, expr=values)]:
                test = nodes.Test(node.expr, "in", [values], [], None, None, lineno=node.lineno)
                return test if operator == "in" else nodes.Not(test, lineno=node.lineno)
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:  # noqa: N802 -- the visitor's own naming
        self.generic_visit(node)
        if node.expr2 is None:
            node.expr2 = nodes.EnvironmentAttribute("empty", lineno=node.lineno)
        return node


class _OnRow(NodeTransformer):
    """Turn each free name into a name of the row, looked up where it is used."""

    def __init__(self, known: Iterable[str]) -> None:
        self.known = frozenset(known)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 -- the visitor's own naming
        if node.name in self.known:
            return node
        return nodes.Getattr(nodes.Name(_ROW, "load", lineno=node.lineno), node.name, "load", lineno=node.lineno)


def dotted(node: nodes.Node) -> tuple[str, ...]:
    """The path of a chain of attributes, ``case.person.name``; empty where the chain starts otherwise."""
    match node:
        case nodes.Name():
            return (node.name,)
        case nodes.Getattr():
            head = dotted(node.node)
            return (*head, node.attr) if head else ()
    return ()


def _paths(tree: nodes.Node) -> Iterator[tuple[str, ...]]:
    """The longest dotted paths of a tree."""
    path = dotted(tree)
    if path:
        yield path
        return
    for child in tree.iter_child_nodes():
        yield from _paths(child)


class _RuleGenerator(CodeGenerator):
    """Jinja2's own code for an expression, as a function of the row.

    It differs from a template's in three places, which took most of the time of a rule: no context is made for each row;
    a row is asked for its names without the sandbox between, for it answers to names alone;
    and the grammar's own functions, by whose names no column may be called, are called without asking whether they are safe.
    All else goes through the sandbox as in a template: the names of what a row gives, and the calls of what they give.
    """

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 -- the visitor's own naming
        self.writeline(f"def {_RULE}({_ROW}):")
        self.indent()
        self.writeline("try:")
        self.indent()
        self.writeline("value = ")
        self.visit(node.node, frame)
        self.outdent()
        self.writeline("except Exception as error:")
        self.indent()
        self.writeline("refuse(error)")
        self.writeline("raise")
        self.outdent()
        self.writeline("return environment.empty if value is None else value")
        self.outdent()
        self.writeline(f"context.vars[{_RULE!r}] = {_RULE}")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 -- the visitor's own naming
        self.write(_ROW if node.name == _ROW else frame.symbols.ref(node.name))

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- the visitor's own naming
        match node.node:
            case nodes.Name(name=name) if name == _ROW:
                self.write(f"{_ROW}.lookup({node.attr!r})")
            case _:
                super().visit_Getattr(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: FBT002, N802 -- theirs
        if _called(node) in FUNCTIONS and not (node.kwargs or node.dyn_args or node.dyn_kwargs):
            self.visit(node.node, frame)
            self.write("(")
            for argument in node.args:
                self.visit(argument, frame)
                self.write(", ")
            self.write(")")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)


def _called(node: nodes.Call) -> str:
    """The bare name that is called, which may have been rooted in the row; nothing where something else is called."""
    match node.node:
        case nodes.Name(name=name):
            return str(name)
        case nodes.Getattr(node=nodes.Name(name=root), attr=name) if root == _ROW:
            return str(name)
    return ""


def _compile(environment: Environment, source: str) -> Rule:
    """The expression as a function of the row; raises `TemplateSyntaxError` where it is none."""
    expression = _Grammar().visit(parse(environment, source))
    rooted = _OnRow(environment.globals).visit(expression)
    tree = nodes.Template([nodes.Assign(nodes.Name(_RULE, "store"), rooted, lineno=1)], lineno=1)
    tree.set_environment(environment)
    written = StringIO()
    _RuleGenerator(environment, None, None, written).visit(tree)
    code = compile(written.getvalue(), "<rule>", "exec")
    names: dict[str, Any] = {"environment": environment, "refuse": _refusing(source)}
    exec(code, names)  # noqa: S102 -- as Jinja2 does with its templates: its code for the tree, in which data are literals
    context = Context(environment, environment.globals, None, {})
    for _ in names["root"](context):
        pass
    rule: Rule = context.vars[_RULE]
    return rule


def _refusing(source: str) -> Callable[[Exception], None]:
    def refuse(error: Exception) -> None:
        match error:
            case CellError() | RuleError() | OutsideCalendar():
                return
            case KeyError():
                raise RuleError(f"{source}: {error} is unknown here") from error
            case _:  # an expression is data: whatever it sets off is a mistake of its own
                raise RuleError(f"{source}: {error}") from error

    return refuse
