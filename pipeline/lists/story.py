"""The story of one record: its cells, its findings, each due date with its steps, each letter with its why, its history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from pipeline.calendars import Duration
from pipeline.deadlines.explain import HIDDEN, LETTER_DATES, DayOff, Fact, Step, steps
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, sentence
from pipeline.ledger.model import Entry, What
from pipeline.letters.approval import version_name
from pipeline.letters.fields import period, shown
from pipeline.letters.model import Letter, Reason
from pipeline.lists.words import OUTCOME, STATUS
from pipeline.profile.expressions import EMPTY, CellError, RuleError
from pipeline.profile.model import LETTERS, OPEN
from pipeline.register.model import Ref, Register, Row, View, references
from pipeline.texts import Texts, message

Kind = Literal["record", "cell", "finding", "deadline", "step", "letter", "reason", "event"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story.

    Attributes:
        kind: what it is about; a step belongs to the deadline before it, a reason to the letter before it.
        record: the key of the record.
        name: the column, rule or letter by its name in the profile.
        text: the line in words.
    """

    kind: Kind
    record: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a story is told from: the register on a day, all deadlines and letters, and what the ledger knows."""

    view: View
    deadlines: Sequence[Deadline]
    letters: Sequence[Letter]
    entries: Mapping[str, Entry]


def tell(told: Told, key: str, texts: Texts) -> tuple[Line, ...]:
    """The story of every record with this key, and of the rows that refer to one; empty where there is none."""
    register = told.view.register
    named = [Ref(sheet, key) for sheet in register.profile.sheets if key in register.records.get(sheet, {})]
    refs = dict.fromkeys([*named, *(ref for name in named for ref in _referring(register, name))])
    return tuple(line for ref in refs for line in _record(told, ref, texts))


def _referring(register: Register, ref: Ref) -> Iterator[Ref]:
    """The rows of sheets with deadlines or letters of their own that refer to a record."""
    profile = register.profile
    ruled = {rule.on for rule in profile.deadlines.values()} | {rule.on for rule in profile.letters.values()}
    for sheet in register.profile.sheets.values():
        columns = [column.name for column in sheet.stored_columns if column.to == ref.sheet]
        if sheet.name in ruled:
            for record in register.records.get(sheet.name, {}).values():
                if any(ref in references(record, column) for column in columns):
                    yield record.ref


def _record(told: Told, ref: Ref, texts: Texts) -> Iterator[Line]:
    row = told.view.row(ref)
    if row is None:
        return
    sheet = told.view.register.profile.sheets[ref.sheet]
    yield Line(
        "record",
        ref.key,
        sheet.name,
        texts("{sheet}, row {row}: {key}", sheet=sheet.title, row=row.record.place.row, key=ref.key),
    )
    yield from _cells(row, texts)
    for finding in told.view.register.findings:
        if (finding.sheet, finding.record) == (ref.sheet, ref.key):
            yield Line("finding", ref.key, finding.code, finding_in_words(finding, texts))
    for deadline in told.deadlines:
        if deadline.record == ref or _is_letter_of(told, deadline, ref):
            yield from _deadline(told, deadline, ref, texts)
    for letter in told.letters:
        if letter.obligation.record == ref:
            yield from _letter(told, letter, texts)
    for entry in told.entries.values():
        if entry.obligation.record == ref:
            yield from _history(entry, texts)


def _cells(row: Row, texts: Texts) -> Iterator[Line]:
    sheet = row.view.register.profile.sheets[row.record.sheet]
    for column in sheet.columns.values():
        try:
            value = row.lookup(column.name)
        except (CellError, RuleError) as error:
            text = texts("{heading}: cannot be told ({reason})", heading=column.heading, reason=str(error))
        else:
            if value is EMPTY or value == ():
                continue
            value = texts("(not shown)") if column.class_ != OPEN else shown(value, texts)
            text = texts("{heading}: {value}", heading=column.heading, value=value)
        yield Line("cell", row.record.key, column.name, text)


def _is_letter_of(told: Told, deadline: Deadline, ref: Ref) -> bool:
    """Whether a deadline counts from a letter about the record, one of those letters to which its rule applies."""
    if deadline.record.sheet != LETTERS or deadline.status is Status.NOT_NEEDED:
        return False
    record = told.view.register.get(deadline.record)
    return record is not None and ref in references(record, "record")


def _deadline(told: Told, deadline: Deadline, ref: Ref, texts: Texts) -> Iterator[Line]:
    rule = told.view.register.profile.deadlines[deadline.rule]
    status = texts(STATUS[deadline.status])
    days = (texts.short_date(day) for day in (deadline.due, deadline.act_by) if day is not None)
    owner = texts("owner {owner}", owner=deadline.owner) if deadline.owner else ""
    parts = [status, *dict.fromkeys(days), owner]
    title = ", ".join([rule.title, *_letter_named(told, deadline, texts)])
    yield Line("deadline", ref.key, rule.name, f"{title}: {', '.join(part for part in parts if part)}")
    for step in why(deadline, told.view, texts):
        yield Line("step", ref.key, rule.name, step)


def _letter_named(told: Told, deadline: Deadline, texts: Texts) -> Iterator[str]:
    """For a deadline that counts from a letter, which letter: its title and its id, which stands on the letter and its file."""
    record = told.view.register.get(deadline.record) if deadline.record.sheet == LETTERS else None
    if record is not None:
        title = told.view.register.profile.letters[str(record.values["letter"])].title
        yield texts("{title} (letter {id})", title=title, id=record.key)


def _letter(told: Told, letter: Letter, texts: Texts) -> Iterator[Line]:
    rule = told.view.register.profile.letters[letter.obligation.letter]
    recipient = letter.obligation.recipient
    to = texts(" to {recipient}", recipient=recipient.key) if recipient else ""
    yield Line("letter", letter.obligation.record.key, rule.name, f"{rule.title}{to}: {texts(OUTCOME[letter.outcome])}")
    for reason in letter.reasons:
        yield Line("reason", letter.obligation.record.key, rule.name, reason_in_words(reason, texts))


def _history(entry: Entry, texts: Texts) -> Iterator[Line]:
    for event in entry.events:
        text = texts(
            "{day}: letter {id}, version {version}, {what}",
            day=event.day,
            id=entry.obligation.id,
            version=event.version,
            what=texts(_EVENTS.get(event.what, str(event.what))),
        )
        made_from = next((version.template for version in entry.versions if version.number == event.version), "")
        if event.what is What.PRODUCED and made_from:
            text = texts("{text}, from the template in version {version}", text=text, version=version_name(made_from))
        if event.dated is not None:
            text = texts(
                "{text} on {day}, as the {source} says", text=text, day=event.dated, source=texts(_SOURCES[event.source])
            )
        yield Line("event", entry.obligation.record.key, entry.obligation.letter, text)
    for version in entry.versions:
        if version.purged is not None:
            text = texts(
                "{day}: letter {id}, version {version}, deleted: it is no longer kept here",
                day=version.purged,
                id=entry.obligation.id,
                version=version.number,
            )
            yield Line("event", entry.obligation.record.key, entry.obligation.letter, text)


_SOURCES: Mapping[str, str] = {
    "run": message("run"),
    "register": message("register"),
    "dispatch": message("dispatch list"),
    "command": message("command line"),
}
"""Who said that something happened."""

_EVENTS: Mapping[str, str] = {
    "produced": message("made"),
    "replaced": message("replaced"),
    "withdrawn": message("withdrawn"),
    "sent": message("sent"),
    "not sent": message("not sent after all"),
    "arrived": message("arrived"),
    "returned": message("came back"),
    "asked": message("asked about on a dispatch list"),
    "approved": message("answered with yes"),
    "declined": message("answered with no"),
}


def why(deadline: Deadline, view: View, texts: Texts) -> tuple[str, ...]:
    """The steps that led to a deadline's dates, in words."""
    rule, row = view.register.profile.deadlines[deadline.rule], view.row(deadline.record)
    return tuple(step_in_words(step, texts) for step in steps(rule, row, deadline)) if row is not None else ()


def finding_in_words(finding: Finding, texts: Texts) -> str:
    """A finding in one line: where, what is wrong, what to write instead."""
    said = sentence(finding, texts)
    where = ", ".join(part for part in (str(finding.place), finding.heading, finding.record) if part)
    return f"{where}: {said.message} {said.cure}"


def reason_in_words(reason: Reason, texts: Texts) -> str:
    """Why a letter has its outcome, in one line."""
    if reason.finding is not None:
        return finding_in_words(reason.finding, texts)
    return texts(reason.sentence, **dict(reason.facts))


def reasons_in_words(reasons: Iterable[Reason], texts: Texts) -> str:
    """All reasons of a letter in one line."""
    return " ".join(reason_in_words(reason, texts) for reason in reasons)


@lru_cache(maxsize=100_000)
def step_in_words(step: Step, texts: Texts) -> str:
    """A step in one line."""
    facts = {name: _fact(fact, texts) for name, fact in step.facts}
    return texts(step.sentence, **facts)


def _fact(fact: Fact, texts: Texts) -> str | date:
    match fact:
        case Duration():
            return period(fact, texts)
        case int() | float():
            return texts.number(fact)
        case DayOff(day=day, name=name):
            return f"{texts.short_date(day)} {name}".rstrip()
        case tuple():
            return ", ".join(str(texts.short_date(each) if isinstance(each, date) else _fact(each, texts)) for each in fact)
        case str():
            return texts(fact) if fact in {*LETTER_DATES.values(), HIDDEN} else fact
    return fact
