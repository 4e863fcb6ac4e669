"""Filling letters: texts and the facts they print, in memory; a blank or an unknown withholds here.

Nothing is written: `pipeline.letters.write` does that once the ledger knows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jinja2 import TemplateSyntaxError
from jinja2.exceptions import SecurityError

from pipeline.findings import Finding
from pipeline.letters.budget import ENDLESS
from pipeline.letters.compiled import NotXml
from pipeline.letters.fields import Blank, Company, Unprintable, Voice, context, fingerprint, is_nothing, titles
from pipeline.letters.findings import about, failure
from pipeline.letters.model import Filled, Letter, Outcome, Reason
from pipeline.letters.package import LOCALES, Paper, Properties
from pipeline.letters.plan import PROTECTED, letter_view
from pipeline.letters.recipients import protected_refs
from pipeline.letters.template import Template, TemplateEnvironment, variant
from pipeline.letters.tray import Tray
from pipeline.letters.workers import ALONE, Hands, by_several
from pipeline.profile.expressions import FAULTS, CellError, Rows
from pipeline.profile.model import LetterRule, conditional
from pipeline.register.model import Ref, Row, View
from pipeline.texts import texts_in


@dataclass(frozen=True, slots=True)
class Filling:
    """What filling needs besides the plan.

    Attributes:
        view: the register on the as-of day.
        templates: by file name, with their variants for languages.
        environment: the sandbox in which they are rendered.
        hands: who fills.
        tray: where the filled letters are laid; without it they are held in memory.
    """

    view: View
    templates: Mapping[str, Template]
    environment: TemplateEnvironment
    hands: Hands = ALONE
    tray: Tray | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """A letter to be filled, and whom it names besides its recipient: its other parties, and those who get a copy."""

    letter: Letter
    parties: tuple[str, ...]
    copies: tuple[str, ...]


def fill(letters: Sequence[Letter], filling: Filling) -> tuple[tuple[Filled, ...], tuple[Letter, ...]]:
    """Fill every letter that is due or lies unsent; where the environment is one of drafts, those that are due or withheld.

    Returns:
        The filled letters, and those that the filling showed must be withheld or made by hand.
    """
    companies = _companies(letters)
    tasks = [
        _Task(letter, *_others(letter, companies[letter.obligation.letter, letter.obligation.record]))
        for letter in letters
        if letter.outcome in {Outcome.DUE, Outcome.WITHHELD if filling.environment.drafts else Outcome.PRODUCED}
    ]
    filler = _Filler(filling, protected_refs(filling.view))
    filler.get_ready({(task.letter.obligation.letter, task.letter.recipient.language) for task in tasks})
    done = tuple(by_several(filler, tasks, filling.hands))
    return (
        tuple(one for one in done if isinstance(one, Filled)),
        tuple(one for one in done if isinstance(one, Letter)),
    )


class _Filler:
    """Fills letters one after the other; sent to each process once, or inherited by it."""

    def __init__(self, filling: Filling, protected: frozenset[Ref]) -> None:
        self._view, self._templates, self._environment = filling.view, filling.templates, filling.environment
        self._tray, self._protected = filling.tray, protected

    def get_ready(self, letters: Iterable[tuple[str, str]]) -> None:
        """Compile the templates of the letters, by rule and language: processes that inherit them need not do so each."""
        rules = self._view.register.profile.letters
        names = {
            _in_language(name, language, self._templates)
            for letter, language in letters
            for name in (rules[letter].template, *(name for name, _ in map(conditional, rules[letter].enclosures)))
        }
        for name in names:
            with suppress(Exception):  # a broken one withholds its letters, with its reasons
                self._environment.way(self._templates[name])

    def __call__(self, tasks: Sequence[_Task]) -> list[Filled | Letter]:
        done = [self._filled(task) for task in tasks]
        return [self._out_of_hand(one) if isinstance(one, Filled) else one for one in done]

    def _out_of_hand(self, filled: Filled) -> Filled:
        """What takes time besides filling is done in the same process: the file is written, or at least its digest reckoned."""
        if self._tray is not None:
            return self._tray.lay(filled)
        if isinstance(filled.content, Paper):
            filled.content.digest  # noqa: B018 -- asked for here, it is known wherever the letter is sent
        return filled

    def _filled(self, task: _Task) -> Filled | Letter:
        """The filled letter, or the letter as it must be withheld or made by hand."""
        letter = task.letter
        row = _row(letter, self._view)
        done = self._or_reasons(task, row)
        if self._protected & (row.view.read or set()):
            return replace(letter, outcome=Outcome.MANUAL, reasons=(Reason(PROTECTED),))
        if not isinstance(done, Filled):
            return replace(letter, outcome=Outcome.WITHHELD, reasons=done)
        return done

    def _or_reasons(self, task: _Task, row: Row) -> Filled | tuple[Reason, ...]:
        rule = row.view.register.profile.letters[task.letter.obligation.letter]
        dated = row.view.today
        try:
            language = _language(task.letter, rule, row.view.register.profile.office.language, self._templates)
            basis, lacking = _basis(rule, row, dated, language)
            if lacking and not self._environment.drafts:
                return lacking
            enclosed = tuple(self._enclosed(rule, row))
            company = Company(rule.title, basis, titles(enclosed), task.parties, task.copies)
            return self._rendered(task.letter, rule, row, company, enclosed)
        except (Unprintable, SecurityError, RecursionError) as error:
            return (Reason(finding=about("letter-unfilled", rule, row, problem=_problem(error, row))),)
        except TemplateSyntaxError as error:
            return (Reason(finding=about("template-broken", rule, row, reason=str(error))),)
        except FAULTS as error:
            return (failure(rule, row, error),)
        except Exception as error:  # noqa: BLE001 -- a template calls what it likes on values; the other letters are made all the same
            problem = _unworkable(error, self._environment.words_at(error), row)
            return (Reason(finding=about("letter-unfilled", rule, row, problem=problem)),)

    def _enclosed(self, rule: LetterRule, row: Row) -> Iterator[str]:
        """The files that lie with the letter; with a draft none of those for which a cell that is wrong decides."""
        for name, condition in map(conditional, rule.enclosures):
            try:
                if row.view.evaluate(condition, row):
                    yield name
            except CellError:
                if not self._environment.drafts:
                    raise

    def _rendered(
        self, letter: Letter, rule: LetterRule, row: Row, company: Company, enclosed: tuple[str, ...]
    ) -> Filled | tuple[Reason, ...]:
        profile = row.view.register.profile
        texts = texts_in(profile.office.language)
        wanted = letter.recipient.language
        names = [_in_language(name, wanted, self._templates) for name in (rule.template, *enclosed)]
        language = _language(letter, rule, profile.office.language, self._templates)
        voice = Voice(texts_in(language), texts, profile.office.country, row.view.today)
        environment = self._environment
        printer = environment.printer(voice, lambda blank: _blank(blank, rule, row))
        environment.noted.clear()
        dated = letter.dated or row.view.today
        properties = Properties(rule.title, profile.office.municipality, row.record.key, LOCALES[language], dated)
        merge_fields = context(row, letter, company, texts)
        try:
            contents = [(name, self._templates[name].render(merge_fields, printer, environment, properties)) for name in names]
        except (TypeError, ValueError, Unprintable):
            if environment.drafts or not printer.blanks:
                raise
            contents = []  # what stopped it is an empty cell, such as a number that is to have two decimals
        if printer.blanks and not environment.drafts:
            return tuple(dict.fromkeys(Reason(finding=found) for blank in printer.blanks for found in _blank(blank, rule, row)))
        facts = {f"{ref.sheet} {ref.key} {column}": value for (ref, column), value in environment.noted.items()}
        noted = {**facts, " name": letter.recipient.name, " address": letter.recipient.address}
        (_, content), *rest = contents
        return Filled(letter, content, fingerprint(noted), self._templates[names[0]].digest, tuple(rest))


def _companies(letters: Sequence[Letter]) -> Mapping[Any, tuple[Letter, ...]]:
    """The letters of one rule on one record: each names the others as parties and copies."""
    together: dict[Any, list[Letter]] = {}
    for letter in letters:
        together.setdefault((letter.obligation.letter, letter.obligation.record), []).append(letter)
    return {key: tuple(found) for key, found in together.items()}


def _row(letter: Letter, view: View) -> Row:
    """The letter's record as the letter sees it."""
    plain = view.row(letter.obligation.record)
    if plain is None:
        raise KeyError(letter.obligation.record)
    return letter_view(view, view.register.profile.letters[letter.obligation.letter], plain, letter.dated or view.today)


def _language(letter: Letter, rule: LetterRule, office: str, templates: Mapping[str, Template]) -> str:
    """The recipient's language where the template has a variant in it, else the office's: a letter keeps to one language."""
    wanted = letter.recipient.language
    return wanted if _in_language(rule.template, wanted, templates) != rule.template else office


def _in_language(name: str, language: str, templates: Mapping[str, Template]) -> str:
    """The template's variant in the recipient's language where there is one."""
    return variant(name, language) if variant(name, language) in templates else name


def _others(letter: Letter, together: Sequence[Letter]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parties = tuple(other.recipient.name for other in together if other.recipient.role == "to" and other is not letter)
    copies = tuple(other.recipient.name for other in together if other.recipient.role == "copy")
    return parties, copies


def _basis(rule: LetterRule, row: Row, dated: date, language: str) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The legal references that are the law on the letter's date, and those that have no version then."""
    texts: list[str] = []
    lacking: list[Reason] = []
    for subject, condition in map(conditional, rule.basis):
        if not row.view.evaluate(condition, row):
            continue
        version = row.view.register.profile.reference(subject, dated)
        if version is None:
            lacking.append(Reason(finding=about("reference-not-valid", rule, row, subject=subject, date=dated)))
        else:
            texts.append(version.text_in(language))
    return tuple(texts), tuple(lacking)


def _problem(error: Exception, row: Row) -> str:
    """What stopped a template, in the office's language."""
    texts = texts_in(row.view.register.profile.office.language)
    match error:
        case Unprintable():
            return texts(error.sentence, **error.facts)
        case RecursionError():
            return texts(ENDLESS)
    return texts(str(error))


def _unworkable(error: Exception, words: str, row: Row) -> str:
    """Which part of a template met a value that it is not made for, in the office's language."""
    texts = texts_in(row.view.register.profile.office.language)
    if isinstance(error, NotXml):
        return texts("What the template makes of this row is no valid document.")
    if not words:
        return texts("A field cannot be worked out with the values of this row.")
    return texts("A field in «{words}» cannot be worked out with the values of this row.", words=words)


def _blank(blank: Blank, rule: LetterRule, row: Row) -> Iterator[Finding]:
    """The findings that name the cells to fill; the letter's own row where the field is of no row."""
    asked = blank.row if blank.row is not None else row
    record = asked.record
    sheet = row.view.register.profile.sheets.get(record.sheet)
    column = sheet.columns.get(blank.column) if sheet is not None and blank.row is not None else None
    if column is not None and column.value is not None:
        cells = tuple(dict.fromkeys(_empty_behind(column.value, asked)))
        for cell, heading in cells:
            yield _blank_at(blank, rule, cell, heading)
        if cells:
            return
    yield _blank_at(
        blank, rule, (asked, blank.column if column is not None else ""), column.heading if column is not None else ""
    )


def _blank_at(blank: Blank, rule: LetterRule, cell: tuple[Row, str], heading: str) -> Finding:
    row, column = cell
    record = row.record
    return Finding(
        "blank-field",
        record.cell(column) if column else record.place,
        heading=heading,
        sheet=record.sheet,
        record=record.key,
        facts=(("letter", rule.title), ("field", blank.source or blank.column)),
    )


def _empty_behind(source: str, row: Row) -> Iterator[tuple[tuple[Row, str], str]]:
    """The empty cells that a computed column is worked out of, with their headings, through the computed columns it names."""
    for path in row.view.rules.paths(source):
        rows = [row]
        for name in path:
            columns = {each: each.view.register.profile.sheets[each.record.sheet].columns.get(name) for each in rows}
            for each, column in columns.items():
                if column is not None and column.value is not None:
                    yield from _empty_behind(column.value, each)
                elif column is not None and is_nothing(each.lookup(name), texts_in("en")):
                    yield (each, name), column.heading
            values = [each.lookup(name) for each, column in columns.items() if column is not None]
            followed = [item for value in values for item in (value if isinstance(value, Rows) else (value,))]
            rows = [item for item in followed if isinstance(item, Row)]
