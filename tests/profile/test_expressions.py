"""The grammar's conventions on values (docs/profile.md, 1 to 3 and 13), and the bounds of the sandbox."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError

from pipeline.calendars import Calendar, Duration, OutsideCalendar
from pipeline.profile.expressions import EMPTY, CellError, Empty, Environment, Rows, RuleError, Rules, age
from pipeline.profile.model import Term

RULES = Rules(Calendar("NO", closed=("12-24",)))
DAY = date(2026, 1, 31)


class Unreadable:
    """A cell with an error."""

    def __str__(self) -> str:
        return "Saker!B3"


class Line:
    """A row of a table, with its validity in the columns «fra» and «til»."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def lookup(self, name: str) -> Any:
        value = self.values[name]
        if isinstance(value, Unreadable):
            raise CellError(value)
        return value

    def valid_on(self, day: date) -> bool:
        start, end = self.lookup("fra"), self.lookup("til")
        return not (start is not EMPTY and start > day) and not (end is not EMPTY and end < day)


JANUARY = Line(name="januar", fra=date(2026, 1, 1), til=date(2026, 1, 31), count=3, items=4, done=True)
OPEN_END = Line(name="siden", fra=date(2026, 2, 1), til=EMPTY, count=EMPTY, items=2, done=False)
OPEN_START = Line(name="lenge", fra=EMPTY, til=date(2025, 12, 31), count=5, items=9, done=True)

ROW = Line(
    day=DAY,
    later=date(2026, 3, 1),
    empty=EMPTY,
    n=12,
    half=1.5,
    text="tekst",
    bad=Unreadable(),
    rows=Rows((JANUARY, OPEN_END, OPEN_START)),
    nobody=Rows(),
    some=Rows((1, 2)),
    count=7,
    items=8,
    weeks3=Duration(3, "weeks"),
)


def value(source: str, row: Line = ROW) -> Any:
    return RULES[source](row)


def names(rows: Any) -> list[str]:
    return [row.lookup("name") for row in rows]


# ------------------------------------------------------------------ convention 1: what is empty


@pytest.mark.parametrize(
    "source",
    [
        *(
            "empty + days(3)",
            "days(3) + empty",
            "day + days(empty)",
            "day + empty",
            "empty + day",
            "day - empty",
            "empty - day",
        ),
        *("(day - empty).days", "empty.days", "empty.navn.og.mer", "empty()", "empty[0]", "-empty", "+empty", "empty | abs"),
        *("empty * 3", "3 * empty", "empty / 2", "2 / empty", "2 // empty", "empty // 2", "2 % empty", "empty % 2"),
        *("empty ** 2", "2 ** empty", "'%s' % empty", "empty | round", "empty | int", "empty | float", "empty | first"),
        *(
            "empty | last",
            "empty | max",
            "n if empty",
            "(n if empty) + 3",
            "nobody | max",
            "nobody | min",
            "some[9]",
            "some[9].navn",
        ),
        *(
            "days(empty)",
            "working_days(empty)",
            "days(nobody | max)",
            "empty or nobody | first",
            "rows[7].count",
            "day + weeks3 * empty",
        ),
    ],
)
def test_what_is_made_with_an_empty_cell_is_empty(source: str) -> None:
    assert value(source) is EMPTY


@pytest.mark.parametrize("operator", ["==", "<", "<=", ">", ">=", "in"])
@pytest.mark.parametrize("other", ["empty", "day", "n", "text", "'x'", "none", "some", "[empty]", "['']"])
def test_a_comparison_with_an_empty_cell_is_false(operator: str, other: str) -> None:
    assert value(f"empty {operator} {other}") is False


@pytest.mark.parametrize(
    "source", ["day == empty", "day < empty", "n >= empty", "text == empty", "'x' in empty", "1 < empty < 20"]
)
def test_a_comparison_with_an_empty_cell_on_the_right_is_false(source: str) -> None:
    assert value(source) is False


@pytest.mark.parametrize(
    "source",
    [
        *("empty != empty", "empty != 'x'", "day != empty", "n != empty", "empty not in some", "'x' not in empty"),
        *("empty not in 'tekst'", "empty not in [empty]", "not empty", "not (empty > 3)", "empty is undefined"),
    ],
)
def test_unequal_and_not_in_are_true_of_an_empty_cell(source: str) -> None:
    assert value(source) is True


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("empty or 3", 3),
        ("3 and empty", EMPTY),
        ("empty ~ 'x'", "x"),
        ("'x' ~ empty ~ 'y'", "xy"),
        ("empty | default('–')", "–"),
        ("text | default('–')", "tekst"),
        ("empty | length", 0),
        ("empty | sum", 0),
        ("1 if empty else 2", 2),
        ("empty + some", (1, 2)),
        ("some + empty", (1, 2)),
        ("[3] + empty", (3,)),
    ],
)
def test_an_empty_cell_is_false_prints_nothing_and_adds_nothing_to_a_list(source: str, expected: object) -> None:
    assert value(source) == expected or value(source) is expected


def test_a_check_written_positively_fails_closed_and_a_negated_one_open() -> None:
    assert not value("empty <= day")
    assert value("not (empty > day)")


def test_there_is_one_empty_value() -> None:
    assert Empty() is EMPTY
    assert Empty("hint", object(), "name") is EMPTY
    assert copy.deepcopy(EMPTY) is EMPTY
    assert repr(EMPTY) == "EMPTY"


# ------------------------------------------------------------------ convention 2: what cannot be read


@pytest.mark.parametrize(
    "source",
    [
        "bad",
        "not bad",
        "bad or 3",
        "bad == 3",
        "bad is defined",
        "[1, bad]",
        "day + days(bad)",
        "n > 3 and bad",
        "bad if n else 1",
    ],
)
def test_a_faulty_cell_raises_on_use(source: str) -> None:
    with pytest.raises(CellError) as error:
        value(source)

    assert isinstance(error.value.cell, Unreadable)


@pytest.mark.parametrize(
    ("source", "expected"),
    [("1 if n else bad", 1), ("3 or bad", 3), ("n > 100 and bad", False), ("bad if empty else 2", 2), ("empty and bad", EMPTY)],
)
def test_a_faulty_cell_in_a_branch_not_taken_is_not_used(source: str, expected: object) -> None:
    assert value(source) == expected or value(source) is expected


@pytest.mark.parametrize(
    "source", ["other.bad", "several.bad", "several | selectattr('bad')", "several | map(attribute='bad') | sum"]
)
def test_a_faulty_cell_raises_through_references_and_lists(source: str) -> None:
    row = Line(other=Line(bad=Unreadable()), several=Rows((Line(bad=1), Line(bad=Unreadable()))))

    with pytest.raises(CellError):
        value(source, row)


# ------------------------------------------------------------------ convention 3: lists


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("rows.count", (3, 5)),
        ("rows.items", (4, 2, 9)),
        ("rows['items']", (4, 2, 9)),
        ("rows.count | sum", 8),
        ("rows | sum(attribute='count')", 8),
        ("rows | sum('items', 100)", 115),
        ("nobody.count | sum", 0),
        ("nobody | sum(attribute='count')", 0),
        ("rows | map(attribute='count')", (3, 5)),
        ("rows | map(attribute='count') | length", 2),
        ("rows.fra | max", date(2026, 2, 1)),
        ("(rows | first).count", 3),
        ("(rows | last).items", 9),
        ("rows[0].items", 4),
        ("[rows[0], rows[2]].count", (3, 5)),
        ("(rows | sort(attribute='items')).items", (2, 4, 9)),
        ("(rows | reverse).items", (9, 2, 4)),
        ("(rows | list).items", (4, 2, 9)),
        ("[empty, day, empty] | max", DAY),
        ("[later, empty, day] | min", DAY),
        ("[later, empty, day] | sort", (DAY, date(2026, 3, 1))),
        ("some + [3]", (1, 2, 3)),
        ("[3] + some", (3, 1, 2)),
        ("some + some | list", (1, 2, 1, 2)),
        ("some | select('gt', 1)", (2,)),
        ("2 in some", True),
        ("rows.year", ()),
    ],
)
def test_a_name_asked_of_rows_gives_the_list_of_what_is_filled_in(source: str, expected: object) -> None:
    rows = Rows(Line(**line.values, year=EMPTY) for line in (JANUARY, OPEN_END, OPEN_START))

    assert value(source, Line(**{**ROW.values, "rows": rows})) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("rows | selectattr('done')", ["januar", "lenge"]),
        ("rows | rejectattr('done')", ["siden"]),
        ("rows | selectattr('til')", ["januar", "lenge"]),
        ("rows | selectattr('til', 'ge', day)", ["januar"]),
        ("rows | selectattr('til', 'ge', empty)", []),
        ("rows | selectattr('name', 'in', ['siden'])", ["siden"]),
        ("rows | selectattr('items', 'divisibleby', num=2)", ["januar", "siden"]),
        ("rows | selectattr('fra.year', 'eq', 2026)", ["januar", "siden"]),
        ("rows | rejectattr('name', 'filter')", ["januar", "siden", "lenge"]),
        ("rows | sort(attribute='fra')", ["januar", "siden", "lenge"]),
        ("rows | sort(attribute='fra', reverse=true)", ["siden", "januar", "lenge"]),
        ("[rows | min(attribute='count')]", ["januar"]),
        ("[rows | max(attribute='til')]", ["januar"]),
        ("rows | valid(day)", ["januar"]),
        ("rows | valid(day + days(1))", ["siden"]),
        ("rows | valid(day - months(1))", ["lenge"]),
        ("rows | valid(empty)", []),
        ("rows | selectattr('done') | valid(day)", ["januar"]),
    ],
)
def test_rows_are_chosen(source: str, expected: list[str]) -> None:
    assert names(value(source)) == expected


@pytest.mark.parametrize(
    "chosen",
    [
        *(
            "rows | selectattr('items', 'gt', 100)",
            "rows | rejectattr('name')",
            "some | select('gt', 5)",
            "some | reject('gt', 0)",
        ),
        *(
            "nobody | map(attribute='count')",
            "nobody | unique",
            "nobody | list",
            "nobody | sort",
            "nobody | reverse",
            "nobody | batch(2)",
        ),
        *("rows | valid(empty)", "rows.count | select('gt', 9)"),
    ],
)
def test_a_filter_that_finds_nothing_is_false(chosen: str) -> None:
    assert value(f"'all' if {chosen} else 'nothing'") == "nothing"
    assert value(f"({chosen}) and true") == ()


def test_columns_named_like_pythons_methods_are_columns() -> None:
    assert value("count + items") == 15
    assert value("rows.count | first") == 3
    assert value("rows[1].items") == 2


# ------------------------------------------------------------------ dates and periods


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("day + days(1)", date(2026, 2, 1)),
        ("days(1) + day", date(2026, 2, 1)),
        ("day - days(31)", date(2025, 12, 31)),
        ("day + months(1)", date(2026, 2, 28)),
        ("day + years(1)", date(2027, 1, 31)),
        ("day + weeks3", date(2026, 2, 21)),
        ("weeks3 + day", date(2026, 2, 21)),
        ("day + weeks3 * 2", date(2026, 3, 14)),
        ("day + 2 * weeks3", date(2026, 3, 14)),
        ("day + working_days(3)", date(2026, 2, 4)),
        ("day - working_days(1)", date(2026, 1, 30)),
        ("day + days(rows.count | sum)", date(2026, 2, 8)),
        ("(later - day).days", 29),
        ("day.year", 2026),
        ("rows.fra.year", (2026, 2026)),
        ("(day.year ~ '') in '2026'", True),
        ("day < later <= later", True),
        ("n / 8 | round", 1.5),
        ("(n / 8) | round", 2.0),
    ],
)
def test_arithmetic(source: str, expected: object) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("born", "day", "expected"),
    [
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (EMPTY, date(2026, 3, 1), EMPTY),
    ],
)
def test_age(born: object, day: date, expected: object) -> None:
    assert age(born, day) is expected or age(born, day) == expected


@pytest.mark.parametrize(
    "source",
    [
        *(
            "text - day",
            "day + 3",
            "day + text",
            "day < n",
            "1 / 0",
            "n % 0",
            "text + 3",
            "days('x')",
            "days(half)",
            "days(some)",
        ),
        *("unknown", "text.unknown", "rows.unknown", "day.ukjent", "n < text", "'x' in day", "3 in n"),
    ],
)
def test_values_that_do_not_fit_a_rule_are_a_rule_error(source: str) -> None:
    with pytest.raises(RuleError):
        value(source)


@pytest.mark.parametrize(
    "source", ["day + days(10**9)", "day + months(10**6)", "day + years(9000)", "day + working_days(10**9)"]
)
def test_a_date_that_no_calendar_has_is_said_to_lie_outside(source: str) -> None:
    with pytest.raises(OutsideCalendar):
        value(source)


# ------------------------------------------------------------------ the sandbox


@pytest.mark.parametrize(
    "source",
    [
        *("'x' * 10**9", "10**9 * 'x'", "[1] * 10**9", "some * 10**9", "'x' * 9999 * 9999", "[1] * 100 * 10**6"),
        *("2 ** (10**9)", "9**64**64", "(((2**64)**64)**64)**64", "2 ** 'x'"),
        *("'%1000000000d' % 1", "'%*d' % (10**9, 1)", "'%1000000000d' | format(1)", "'%.1000000000f' | format(1)"),
        *("text.center(10**9)", "text.ljust(10**9)", "'{:>1000000000}'.format('a')", "text.replace('t', text)"),
        *("text | center(10**9)", "text | indent(10**9)", "some | batch(10**9, 'x')", "some | slice(10**9)"),
    ],
)
def test_what_would_fill_the_memory_is_refused(source: str) -> None:
    with pytest.raises(RuleError):
        value(source)


@pytest.mark.parametrize(
    "source",
    [
        *(
            "''.__class__",
            "text.__class__.__mro__",
            "'{0.__class__}'.format(day)",
            "'{0.__class__.__mro__}'.format_map({})",
        ),
        *(
            "rows.__class__",
            "rows | map(attribute='__class__')",
            "rows | map('attr', '__class__')",
            "day.__class__",
            "rows.values",
        ),
        *(
            "range(10**9)",
            "lipsum()",
            "dict()",
            "cycler(1)",
            "joiner()",
            "namespace()",
            "self",
            "loop",
            "caller()",
            *("row", "the_row", "the_row.day", "the_row.lookup('day')", "the_rule", "the_rule(the_row)"),
            *(
                "result",
                "value",
                "refuse(1)",
                "environment",
                "environment.globals",
                "context",
                "context.vars",
                "undefined",
                "Markup",
            ),
        ),
        *(
            "day.today()",
            "day.fromtimestamp(0)",
            "day.replace.__self__.today()",
            "day.replace.__func__",
            "day.strftime.__class__()",
        ),
        *("days.__globals__['sys']", "days.__wrapped__.__globals__.x.y()", "days.cache_info()", "days.cache_clear()"),
        *(
            "(days(3)).calendar._holidays",
            "working_days(3).calendar.add_working_days(day, 9)",
            "weeks3.__class__",
            "weeks3.__reduce__()",
            "rows.lookup('day')",
        ),
        *("(rows | first).lookup", "(rows | first).values", "(rows | first).__class__", "(rows | first)['__class__']"),
        *(
            "rows | map('lookup')",
            "rows | map(attribute='values.day')",
            "rows | selectattr('__class__')",
            "rows | sum('__class__')",
        ),
        *("n.__class__", "n.real", "(1).to_bytes(99999999, 'big')", "(1)['to_bytes'](99999999, 'big')", "half.hex()"),
        *("text['upper']()", "'x'['ljust'](10**9)", "day['today']()", "true.to_bytes(99999999, 'big')"),
    ],
)
def test_pythons_insides_clocks_and_loops_are_no_names_of_a_rule(source: str) -> None:
    with pytest.raises(RuleError):
        value(source)


@pytest.mark.parametrize("source", ["().__class__", "[].__class__", "empty.__class__", "[].append"])
def test_an_attribute_trick_comes_to_nothing(source: str) -> None:
    assert not value(source)


@pytest.mark.parametrize(
    "raised", [RecursionError("deep"), AssertionError("no"), MemoryError(), NotImplementedError(), StopIteration(), OSError()]
)
def test_whatever_an_expression_sets_off_is_a_rule_error(raised: Exception) -> None:
    class Failing:
        def lookup(self, _: str) -> Any:
            raise raised

    with pytest.raises(RuleError):
        RULES["n"](Failing())


def test_a_filter_that_takes_the_name_of_a_field_from_a_text_is_gone() -> None:
    with pytest.raises(TemplateSyntaxError):
        value("text | attr('__class__')")


def test_there_is_no_chance_in_a_rule() -> None:
    with pytest.raises(TemplateSyntaxError):
        RULES["some | random"]


def test_a_modest_text_may_be_made() -> None:
    assert value("'-' * 20") == "-" * 20
    assert value("'%.2f' | format(half)") == "1.50"
    assert value("2 ** 10") == 1024


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  ",
        "day,",
        "day, later",
        "day later",
        "day) }} {{ (later",
        "{{ day }}",
        "{% if day %}",
        "day +",
        "day | nothing",
        "day is odder",
    ],
)
def test_what_is_not_one_expression_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        RULES[source]


@pytest.mark.parametrize("source", ["'a }} b'", "'a %} b'", "'# a'", "day  \n", "(\n day\n)"])
def test_a_text_with_jinjas_marks_and_line_breaks_are_an_expression(source: str) -> None:
    assert value(source)


def test_a_rule_that_knows_the_terms_gives_what_one_that_asks_its_row_does() -> None:
    terms: dict[str, Term] = {"frist": "3 weeks", "tall": 3, "hvem": "kommunen"}
    row = Line(day=DAY, frist=Duration(3, "weeks"), tall=3, hvem="kommunen")
    source = "(day + frist).isoformat() ~ tall ~ hvem"
    known = copy.deepcopy(Rules(Calendar("NO"), terms))

    assert known[source](Line(day=DAY)) == RULES[source](row) == "2026-02-213kommunen"
    assert known.paths(source) == RULES.paths(source)


def test_a_rule_knows_which_names_it_reads() -> None:
    paths = RULES.paths("(sak.bruker.navn or text) ~ (rows | selectattr('x')).count ~ days(n) ~ sak.bruker.navn")

    assert paths == (("sak", "bruker", "navn"), ("text",), ("rows",), ("n",))


def test_a_date_is_asked_within_a_loop_as_outside() -> None:
    template = Environment(Calendar("NO")).from_string(
        "{% for row in rows %}{{ row.fra.replace(day=2) }} {{ row.fra.strftime('%d.%m') }};{% endfor %}"
    )

    assert template.render(rows=Rows((JANUARY, OPEN_END))) == "2026-01-02 01.01;2026-02-02 01.02;"


def test_templates_speak_the_same_language_as_rules() -> None:
    template = Environment(Calendar("NO")).from_string("{% if empty in text %}ja{% else %}nei{% endif %}{{ rows.count | sum }}")

    assert template.render(**ROW.values) == "nei8"


_ATOMS = st.sampled_from(["empty", "day", "n", "text", "rows", "some", "nobody", "half", "weeks3", "later", "3", "'x'", "true"])
_FILTERS = st.sampled_from(
    [
        "first",
        "last",
        "sum",
        "max",
        "min",
        "sort",
        "list",
        "unique",
        "length",
        "int",
        "float",
        "round",
        "reverse",
        "abs",
        "upper",
        "join",
    ]
)
_SOURCES = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%", "==", "<", "in", "and", "or", "~"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(inner, _FILTERS).map(lambda parts: f"({parts[0]} | {parts[1]})"),
        inner.map(lambda source: f"(not {source})"),
        inner.map(lambda source: f"days({source})"),
        inner.map(lambda source: f"({source}).count"),
    ),
    max_leaves=6,
)


@given(_SOURCES)
def test_whatever_a_rule_says_it_gives_a_value_or_one_of_the_two_errors(source: str) -> None:
    try:
        found = value(source)
    except (CellError, RuleError, OutsideCalendar):
        return
    assert found is not None
    assert not hasattr(found, "__next__"), "a generator is always true"


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.one_of(st.just(EMPTY), st.integers(0, 9)), min_size=3))
def test_a_sum_over_rows_is_that_of_the_filled_cells(cells: Mapping[str, object]) -> None:
    rows = Rows(Line(x=cell) for cell in cells.values())

    assert value("rows.x | sum", Line(rows=rows)) == sum(cell for cell in cells.values() if isinstance(cell, int))
