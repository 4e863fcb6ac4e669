"""What must hold in a profile whose tables have the right shape: its names, references, periods and expressions.

Each check has the same shape: it looks at the whole profile and yields every mistake, none depending on another's result.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jinja2 import TemplateSyntaxError, nodes

from pipeline.calendars import Calendar, parse_duration
from pipeline.profile.expressions import Environment, Rules, parse
from pipeline.profile.kinds import TAKEN, Checker, Mistake, Names, Scope, attributes, filters_binding_tighter, nearest
from pipeline.profile.model import DEADLINES, LETTERS, OPEN, Column, Profile, conditional
from pipeline.profile.written import DATE, Written, expressions
from pipeline.texts import message

_UNITS: Final = {
    **dict.fromkeys(("day", "dag", "dager", "dagar", "dage", "døgn", "dygn"), "day"),
    **dict.fromkeys(("week", "uke", "uker", "veke", "veker", "vecka", "veckor", "uge", "uger"), "week"),
    **dict.fromkeys(("month", "måned", "måneder", "månad", "månader", "månadar"), "month"),
    **dict.fromkeys(("year", "år"), "year"),
    **dict.fromkeys(("working day", "arbeidsdag", "arbeidsdager", "arbeidsdagar", "virkedag", "virkedager"), "working day"),
    **dict.fromkeys(("arbetsdag", "arbetsdagar", "vardag", "vardagar", "arbejdsdag", "arbejdsdage", "hverdage"), "working day"),
}
"""The units of periods by what people call them; a profile writes the English ones."""

_PERIOD: Final = re.compile(r"(\d+) *([^\W\d]+(?: [^\W\d]+)?)\.?")


@dataclass(frozen=True, slots=True)
class ProfileMistake:
    """One mistake in a profile.

    Attributes:
        table: the TOML table, ``[deadlines.answer]``.
        key: the key in it; empty for the table as a whole.
        sentence: what is wrong, a sentence of the catalogues.
        facts: what the sentence names.
    """

    table: str
    key: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()


def check_profile(profile: Profile) -> Iterator[ProfileMistake]:
    """Every mistake in a profile of the right shape."""
    for check in CHECKS:
        yield from check(profile)


# ------------------------------------------------------------------ names and tables


def _unknown(table: str, key: str, name: str, known: Iterable[str]) -> ProfileMistake:
    guess = nearest(name, known)
    if guess:
        sentence = message("«{name}» is unknown; did you mean «{guess}»?")
        return ProfileMistake(table, key, sentence, (("name", name), ("guess", guess)))
    return ProfileMistake(table, key, message("«{name}» is unknown."), (("name", name),))


def _check_names(profile: Profile) -> Iterator[ProfileMistake]:
    """Columns and ways back do not hide the grammar's own names or terms, nor one way back another."""
    backs: set[tuple[str, str]] = set()
    named: list[tuple[str, str, str]] = []
    for sheet in profile.sheets.values():
        for column in sheet.columns.values():
            table = f"[sheets.{sheet.name}.columns] {column.name}"
            named.append((table, "", column.name))
            if column.back is not None and column.to is not None:
                named.append((table, "back", column.back))
                if (column.to, column.back) in backs:
                    sentence = message("The sheet {sheet} has two ways back that are called «{name}».")
                    yield ProfileMistake(table, "back", sentence, (("sheet", column.to), ("name", column.back)))
                backs.add((column.to, column.back))
    for table, key, name in named:
        if name in profile.terms:
            sentence = message("«{name}» is a term already, under [terms]; choose another name.")
            yield ProfileMistake(table, key, sentence, (("name", name),))
        if name in TAKEN:
            yield _taken(table, key, name)


def _taken(table: str, key: str, name: str) -> ProfileMistake:
    return ProfileMistake(table, key, message("«{name}» is a name of the grammar's own; choose another."), (("name", name),))


def _check_terms(profile: Profile) -> Iterator[ProfileMistake]:
    """A term hides no name of the grammar's own, nor of the built-in sheets; and one that was to be a period is one."""
    built_in = Names(profile).sheets
    for term, value in profile.terms.items():
        if term in TAKEN or term in built_in[LETTERS] or term in built_in[DEADLINES]:
            yield _taken("[terms]", term, term)
        meant = _period_meant(value)
        if meant:
            sentence = message(
                "«{value}» is no period that rules can count with; write «{guess}» "
                "(day(s), week(s), month(s), year(s), working day(s))."
            )
            yield ProfileMistake("[terms]", term, sentence, (("value", str(value)), ("guess", meant)))


def _period_meant(value: object) -> str:
    """The period that a term was probably meant to be, where it is written in another language or misspelt; else nothing."""
    match = _PERIOD.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or parse_duration(str(value)):
        return ""
    said = match[2].casefold()
    plural = {f"{unit}s": unit for unit in set(_UNITS.values())}
    unit = _UNITS.get(said) or plural.get(nearest(said, plural), "")
    return f"{match[1]} {unit}{'' if int(match[1]) == 1 else 's'}" if unit else ""


def _function(unit: str) -> str:
    """The function that makes a period, by what people call its unit; nothing where they call none so."""
    english = {f"{name}s": name for name in set(_UNITS.values())}
    said = unit.casefold()
    name = _UNITS.get(said) or english.get(said) or _UNITS.get(said.partition(" ")[0], "")
    return f"{name.replace(' ', '_')}s" if name else ""


def _check_sheets(profile: Profile) -> Iterator[ProfileMistake]:
    if LETTERS in profile.sheets:
        yield ProfileMistake(f"[sheets.{LETTERS}]", "", message("This name is taken by the ledger's own letters."))
    for sheet in profile.sheets.values():
        table = f"[sheets.{sheet.name}]"
        for key, names in (("key", sheet.key), ("valid", sheet.valid or ())):
            for name in names:
                if name not in sheet.columns or not sheet.columns[name].stored:
                    yield _unknown(table, key, name, (column.name for column in sheet.stored_columns))
        for column in sheet.columns.values():
            yield from _check_column(profile, column, f"[sheets.{sheet.name}.columns] {column.name}")


def _check_column(profile: Profile, column: Column, table: str) -> Iterator[ProfileMistake]:
    if (column.type == "ref") != (column.to is not None):
        yield ProfileMistake(
            table, "to", message("A column of type «ref», and no other, says with «to» which sheet it refers to.")
        )
    elif column.to is not None and column.to not in profile.sheets:
        yield _unknown(table, "to", column.to, profile.sheets)
    elif column.to is not None and column.back in profile.sheets[column.to].columns:
        sentence = message("The way back «{name}» is also a column of the sheet {sheet}.")
        yield ProfileMistake(table, "back", sentence, (("name", str(column.back)), ("sheet", column.to)))
    if (column.type == "choice") != bool(column.choices):
        yield ProfileMistake(table, "choices", message("A column of type «choice», and no other, lists its «choices»."))
    if column.pattern is not None:
        try:
            re.compile(column.pattern)
        except re.error:
            sentence = message("This is no regular expression; look for a bracket missing or too many, or a stray backslash.")
            yield ProfileMistake(table, "pattern", sentence)


def _check_deadlines(profile: Profile) -> Iterator[ProfileMistake]:
    for rule in profile.deadlines.values():
        table = f"[deadlines.{rule.name}]"
        yield from _check_on(profile, table, rule.on)
        recurring = (rule.from_ is not None, rule.every is not None)
        if any(recurring) != all(recurring) or (rule.due is not None) == any(recurring):
            yield ProfileMistake(table, "due", message("A deadline has either «due», or «from» and «every»."))
        for key, period in (("every", rule.every), ("remind", rule.remind)):
            parsed = parse_duration(period or "")
            if period is not None and (parsed is None or (key == "every" and not parsed.count)):
                sentence = message("«{value}» is no period; write it as «3 weeks» or «10 working days».")
                yield ProfileMistake(table, key, sentence, (("value", period),))
        yield from _check_basis(profile, table, rule.basis)


_SERVER = re.compile(r"[^\s:/@]+(:\d{1,5})?")
_ADDRESS = re.compile(r"([^<>]*<)?[^\s<>@]+@[^\s<>@]+>?")


def _check_run(profile: Profile) -> Iterator[ProfileMistake]:
    period = parse_duration(profile.run.retention)
    if period is None or not period.count:
        sentence = message("«{value}» is no period; write it as «3 weeks» or «10 working days».")
        yield ProfileMistake("[run]", "retention", sentence, (("value", profile.run.retention),))
    mail = profile.mail
    if mail is None:
        return
    if not _SERVER.fullmatch(mail.server):
        sentence = message("«{value}» is no mail server; write it as «smtp.office.example» or «smtp.office.example:587».")
        yield ProfileMistake("[mail]", "server", sentence, (("value", mail.server),))
    for key, address in (("from", mail.sender), *(("to", to) for to in mail.to)):
        if not _ADDRESS.fullmatch(address):
            sentence = message("«{value}» is no e-mail address.")
            yield ProfileMistake("[mail]", key, sentence, (("value", address),))
    if bool(mail.user) != (bool(mail.password_env) != bool(mail.password_file)):
        sentence = message(
            "«user» needs either «password_env», the name of an environment variable that holds the password, "
            "or «password_file», a file that does; without «user» neither is used."
        )
        yield ProfileMistake("[mail]", "user", sentence)


def _check_on(profile: Profile, table: str, on: str) -> Iterator[ProfileMistake]:
    if on != LETTERS and on not in profile.sheets:
        yield _unknown(table, "on", on, [*profile.sheets, LETTERS])


def _check_statistics(profile: Profile) -> Iterator[ProfileMistake]:
    known = [*profile.sheets, LETTERS, DEADLINES]
    for figure in profile.statistics.values():
        if figure.on not in known:
            yield _unknown(f"[statistics.{figure.name}]", "on", figure.on, known)


def _check_lists(profile: Profile) -> Iterator[ProfileMistake]:
    for own in profile.lists.values():
        yield from _check_on(profile, f"[lists.{own.name}]", own.on)


def _check_basis(profile: Profile, table: str, basis: tuple[str, ...]) -> Iterator[ProfileMistake]:
    for item in basis:
        subject = conditional(item)[0]
        if subject not in profile.law:
            yield _unknown(table, "basis", subject, profile.law)


def _check_letters(profile: Profile) -> Iterator[ProfileMistake]:
    classes = {column.class_ for sheet in profile.sheets.values() for column in sheet.columns.values()} - {OPEN}
    for rule in profile.letters.values():
        table = f"[letters.{rule.name}]"
        if rule.on not in profile.sheets:
            yield _unknown(table, "on", rule.on, profile.sheets)
            continue
        if rule.serves is not None:
            on_same = [deadline.name for deadline in profile.deadlines.values() if deadline.on == rule.on]
            if rule.serves not in on_same:
                yield _unknown(table, "serves", rule.serves, on_same)
        columns = profile.sheets[rule.on].columns
        for name in profile.sheets[rule.on].key:
            if name in columns and columns[name].class_ != OPEN:
                sentence = message("The key «{name}» stands in the letters' file names, so its class must be «open».")
                yield ProfileMistake(table, "on", sentence, (("name", name),))
        if rule.sent is not None and (rule.sent not in columns or columns[rule.sent].type != "date"):
            yield _unknown(table, "sent", rule.sent, (name for name, column in columns.items() if column.type == "date"))
        for name in sorted(rule.shows - classes):
            yield _unknown(table, "shows", name, classes)
        yield from _check_basis(profile, table, rule.basis)


# ------------------------------------------------------------------ expressions


def _check_expressions(profile: Profile) -> Iterator[ProfileMistake]:
    names = Names(profile)
    environment = Rules(Calendar(profile.office.country, profile.office.closed)).environment
    for written in expressions(profile, environment):
        if written.sheet in names.sheets:
            yield from _check_expression(written, names, environment)


def _no_expression(written: Written) -> ProfileMistake:
    """What to say of what does not parse: with the function of a period, where one is written in words."""
    for found in _PERIOD.finditer(written.source):
        function = _function(found[2])
        if function:
            sentence = message("«{word}» is not understood here; write «{instead}».")
            facts = (("word", found[0]), ("instead", f"{function}({found[1]})"))
            return ProfileMistake(written.table, written.key, sentence, facts)
    sentence = message("«{source}» is no expression; look for a bracket, quote, comma or operator missing or too many.")
    return ProfileMistake(written.table, written.key, sentence, (("source", written.source),))


def _with_function(mistake: Mistake) -> tuple[str, tuple[tuple[str, str], ...]]:
    """A mistake's sentence and facts, with the function that is meant where its name is one of another language."""
    name = dict(mistake.facts).get("name", "")
    function = _function(name) if mistake.sentence.startswith("«{name}» is unknown") else ""
    if not function:
        return mistake.sentence, mistake.facts
    return message("«{name}» is unknown; did you mean «{guess}»?"), (("name", name), ("guess", function))


def _check_expression(written: Written, names: Names, environment: Environment) -> Iterator[ProfileMistake]:
    try:
        tree = parse(environment, written.source)
    except TemplateSyntaxError:
        yield _no_expression(written)
        return
    checker = Checker(names, environment.filters, environment.tests)
    scope = names.of_row(written.sheet, written.letters)
    kind = checker.kind(tree, scope)
    for mistake in checker.mistakes:
        yield ProfileMistake(written.table, written.key, *_with_function(mistake))
    for name in (name for name, sure in filters_binding_tighter(environment, f"{{{{ {written.source} }}}}") if sure):
        sentence = message(
            "The filter «{name}» works on the last part of the calculation alone; put brackets round what it shall work on."
        )
        yield ProfileMistake(written.table, written.key, sentence, (("name", name),))
    if written.addressed and kind.base not in {"row", "any"}:
        sentence = message(
            "This gives a {kind}, and nobody can write to that. Name a column that refers to whoever receives the letter, "
            "or write «{sheet}» where the row itself does."
        )
        yield ProfileMistake(written.table, written.key, sentence, (("kind", kind.base), ("sheet", written.sheet)))
    elif written.kinds and kind.base not in written.kinds | {"any"}:
        facts = (("kind", kind.base), ("expected", ", ".join(sorted(written.kinds))))
        yield ProfileMistake(written.table, written.key, message("This gives a {kind}; asked for is {expected}."), facts)
    elif written.kinds == DATE and kind.many and written.key != "value":
        yield ProfileMistake(
            written.table, written.key, message("This gives a list; take one date of it, with «| first» or «| max».")
        )
    yield from _revealing(tree, checker, scope, written)
    for sheet in sorted(kind.sheets - names.recipients) if written.addressed and kind.base == "row" else ():
        sentence = message("This gives rows of the sheet {sheet}, which has no «recipient» to say how they are addressed.")
        yield ProfileMistake(written.table, written.key, sentence, (("sheet", sheet),))


def _revealing(tree: nodes.Expr, checker: Checker, scope: Scope, written: Written) -> Iterator[ProfileMistake]:
    """A computed column, the name of a group, or a column of a list, that passes on what its class may not."""
    if not written.of_class and not written.laid_open:
        return
    for column, class_ in _laundered(tree, checker, scope, written):
        facts = (("name", column), ("class_", class_))
        if written.laid_open:
            yield ProfileMistake(written.table, written.key, written.laid_open, facts)
        else:
            sentence = message("This reads «{name}» of the class «{class_}»; give the column that class.")
            yield ProfileMistake(written.table, "class", sentence, facts)


def _laundered(tree: nodes.Expr, checker: Checker, scope: Scope, written: Written) -> tuple[tuple[str, str], ...]:
    """The columns, with their classes, whose values a computed column would pass on under a class of its own."""
    passed = [(name, checker.names.class_of(sheet, name)) for _, sheet, name in checker.passed_on(tree, scope, written.sheet)]
    return tuple(dict.fromkeys((name, class_) for name, class_ in passed if class_ not in {OPEN, written.of_class}))


# ------------------------------------------------------------------ circles


def _check_circles(profile: Profile) -> Iterator[ProfileMistake]:
    """Computed columns and deadlines that need themselves: `A` from `B` from `A`."""
    environment = Rules(Calendar(profile.office.country)).environment
    needs = _needs(profile, Names(profile), environment)
    for start in needs:
        circle = _circle(start, lambda column: needs.get(column, ()))
        if circle:
            shown = " → ".join(f"{sheet}.{name}" for sheet, name in (*circle, circle[0]))
            sentence = message("These need each other in a circle: {circle}.")
            group, name = start
            table = f"[deadlines.{name}]" if group == DEADLINES else f"[sheets.{group}.columns] {name}"
            yield ProfileMistake(table, "due" if group == DEADLINES else "value", sentence, (("circle", shown),))


_ColumnName = tuple[str, str]


def _needs(profile: Profile, names: Names, environment: Environment) -> Mapping[_ColumnName, tuple[_ColumnName, ...]]:
    needs: dict[_ColumnName, tuple[_ColumnName, ...]] = {}
    worked_out = [
        ((sheet.name, column.name), sheet.name, column.value)
        for sheet in profile.sheets.values()
        for column in sheet.columns.values()
        if column.value is not None
    ] + [
        ((DEADLINES, rule.name), rule.on, source)
        for rule in profile.deadlines.values()
        for source in (rule.when, rule.due, rule.from_, rule.until, rule.done)
        if source is not None
    ]
    known = {name for name, _, _ in worked_out}
    for needing, sheet, source in worked_out:
        try:
            tree = parse(environment, source)
        except TemplateSyntaxError:
            continue
        checker = Checker(names, environment.filters, environment.tests)
        scope = names.of_row(sheet)
        read: list[_ColumnName] = [
            (sheet, node.name) for node in (*tree.find_all(nodes.Name), tree) if isinstance(node, nodes.Name)
        ]
        for node in (tree, *tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Filter))):
            read += _fields_read(node, checker, scope)
        needs[needing] = (*needs.get(needing, ()), *(name for name in dict.fromkeys(read) if name in known))
    return needs


def _fields_read(node: nodes.Node, checker: Checker, scope: Scope) -> Iterator[_ColumnName]:
    """The columns and deadlines that a node asks for by name."""
    match node:
        case nodes.Getattr(node=of, attr=name) | nodes.Getitem(node=of, arg=nodes.Const(value=str() as name)):
            paths: tuple[str, ...] = (str(name),)
        case nodes.Filter(node=nodes.Expr() as of):
            paths = attributes(node)
        case _:
            return
    asked = checker.kind(of, scope)
    for path in paths:
        if asked.base == DEADLINES:
            yield DEADLINES, path
        for kind, name in checker.along(asked, path) if asked.base == "row" else ():
            yield from ((sheet, name) for sheet in sorted(kind.sheets))


def _circle(start: _ColumnName, needs: Callable[[_ColumnName], Iterable[_ColumnName]]) -> tuple[_ColumnName, ...]:
    """The way from a column back to itself, if there is one."""
    ways: list[tuple[_ColumnName, ...]] = [(start,)]
    seen: set[_ColumnName] = set()
    while ways:
        way = ways.pop()
        for column in needs(way[-1]):
            if column == start:
                return way
            if column not in seen:
                seen.add(column)
                ways.append((*way, column))
    return ()


CHECKS: Final[tuple[Callable[[Profile], Iterator[ProfileMistake]], ...]] = (
    _check_names,
    _check_terms,
    _check_sheets,
    _check_deadlines,
    _check_letters,
    _check_expressions,
    _check_circles,
    _check_run,
    _check_statistics,
    _check_lists,
)
