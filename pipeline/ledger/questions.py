"""What a run asks a person before it makes letters: once, on a dispatch list, answered there with yes or no.

A letter that was sent says something else now; a letter became due before the start day; a key changed under which letters
were made already; a run would make far more letters than usual.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pipeline.ledger.model import Entry, Event, Facts, Question, Version, What, facts_digest
from pipeline.letters.model import Filled, Letter, Obligation, Outcome, Reason, Recipient
from pipeline.profile.model import OPEN, Profile
from pipeline.register.changes import Change, Kind
from pipeline.register.model import Ref
from pipeline.texts import message

Reviewed = tuple[str, Ref, int]
"""What a letter that the past seems to lack is known by before its recipients are: its rule, record and occurrence."""

ASKED: Final[Mapping[Question, str]] = {
    Question.PROPOSAL: message(
        "Sent on {day}; since then: {difference}. Shall it be made again with what the register says now?"
    ),
    Question.REVIEW: message("It became due before the start, or no date says when. Shall it be made now?"),
    Question.RENAMED: message(
        "{before} is gone from the register and its cells stand under a new key; the letter was made for {before} already. "
        "Shall it be made for the new one too?"
    ),
    Question.UNUSUAL: message(
        "The run would make {count} new letters of this kind, more than the usual {usual}. Shall this one be made?"
    ),
}
"""The questions as the dispatch list asks them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that is another now than in the letter that was sent.

    Attributes:
        heading: of the column, as staff see it.
        record: whose, where it is not the letter's own.
        before: what the letter says; None where no list may show it.
        after: what the register says now, likewise.
    """

    heading: str
    record: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a letter.

    Attributes:
        question: what is asked.
        letter: about which letter.
        about: the fingerprint of what the question is about; empty where there is but one.
        facts: what its sentence names.
        differences: for a proposal, what has changed since the letter was sent.
    """

    question: Question
    letter: Letter
    about: str = ""
    facts: tuple[tuple[str, str | date], ...] = ()
    differences: tuple[Difference, ...] = ()


# ------------------------------------------------------------------ what was sent and says something else now


@dataclass(frozen=True, slots=True)
class Proposals:
    """What came of the letters that may have to be made again.

    Attributes:
        letters: all letters; those that stay as they were sent are sent.
        again: by id, those that a person wants made again with what the register says now.
        open: those that nobody has answered yet.
    """

    letters: tuple[Letter, ...]
    again: frozenset[str]
    open: tuple[Asked, ...]


def proposals(letters: Sequence[Letter], filled: Iterable[Filled], entries: Mapping[str, Entry], profile: Profile) -> Proposals:
    """Compare what the register says now with what was sent.

    Args:
        letters: the plan; those that were sent and may have to be made again are due in it.
        filled: the same letters as text, on the date that they were sent with.
        entries: what the ledger knows.
        profile: the routine.
    """
    texts = {each.letter.obligation.id: each for each in filled}
    settled: list[Letter] = []
    again: set[str] = set()
    asked: list[Asked] = []
    for letter in letters:
        entry = entries.get(letter.obligation.id)
        sent = _sent_before(entry) if entry is not None and letter.outcome in _MAY_BE_AGAIN else None
        if entry is None or sent is None or entry.sent is None:
            settled.append(letter)
            continue
        now = texts.get(letter.obligation.id)
        digest = facts_digest(now.facts) if now is not None else sent[1]
        answer = entry.answers(Question.PROPOSAL).get(digest)
        changed = digest != sent[1]
        if changed and answer is not None and answer.what is What.APPROVED and answer.version == entry.sent_version:
            again.add(letter.obligation.id)
            settled.append(letter)
            continue
        reason = Reason(message("sent on {day}"), (("day", entry.sent),))
        settled.append(replace(letter, outcome=Outcome.SENT, reasons=(reason,)))
        if changed and now is not None and (answer is None or answer.what is What.ASKED):
            differences = tuple(_differences(sent[0], now.facts, letter.obligation.record, profile))
            asked.append(Asked(Question.PROPOSAL, settled[-1], digest, (("day", entry.sent),), differences))
    return Proposals(tuple(settled), frozenset(again), tuple(asked))


_MAY_BE_AGAIN: Final = {Outcome.DUE, Outcome.WITHHELD, Outcome.MANUAL}


def _sent_before(entry: Entry) -> tuple[Facts, str] | None:
    """The facts that were sent and their fingerprint, where nothing newer lies there."""
    if entry.unsent is not None or not entry.sent_version:
        return None
    version = next(version for version in entry.versions if version.number == entry.sent_version)
    return version.facts, version.facts_digest


def _differences(before: Facts, after: Facts, own: Ref, profile: Profile) -> Iterable[Difference]:
    old, new = dict(before), dict(after)
    for field in sorted(old.keys() | new.keys()):
        if old.get(field) == new.get(field):
            continue
        if field in _OF_RECIPIENT:
            yield Difference(_OF_RECIPIENT[field])
            continue
        sheet, _, rest = field.partition(" ")
        key, _, name = rest.rpartition(" ")
        column = profile.sheets[sheet].columns.get(name) if sheet in profile.sheets else None
        record = "" if Ref(sheet, key) == own else key
        if column is None or not column.stored or column.class_ != OPEN:
            yield Difference(column.heading if column is not None else name, record)
        else:
            yield Difference(column.heading, record, old.get(field, ""), new.get(field, ""))


_OF_RECIPIENT: Final = {" name": message("The recipient's name"), " address": message("The recipient's address")}
"""Facts that are of no column, see `pipeline.letters.fill`."""


# ------------------------------------------------------------------ what is held until somebody says so


@dataclass(frozen=True, slots=True)
class Held:
    """The letters, those that wait for an answer held, and what a person is asked that is not answered yet."""

    letters: tuple[Letter, ...]
    asked: tuple[Asked, ...]


def hold(
    letters: Sequence[Letter], entries: Mapping[str, Entry], changes: Iterable[Change], usual: int, *, allowed: bool
) -> Held:
    """Hold what a person must allow first.

    Args:
        letters: the plan.
        entries: what the ledger knows; what was asked and is not answered is asked still, for a run that was killed.
        changes: of the register since the last run.
        usual: how many new letters of a kind a run makes at the most without asking.
        allowed: a person has said that many were meant.
    """
    asked = [*_renamed(letters, entries, changes)]
    renamed = {each.letter.obligation.id for each in asked}
    settled = [_as_answered(letter, entries, renamed) for letter in letters]
    fresh = [letter for letter in settled if letter.outcome is Outcome.DUE and not _made(entries, letter)]
    declined = {letter.obligation.id for letter in fresh if _what(_answer(entries, letter, Question.UNUSUAL)) is What.DECLINED}
    unusual = () if allowed else tuple(_unusual(fresh, entries, usual))
    waiting = {each.letter.obligation.id for each in unusual}
    asked += unusual
    settled = [
        _with(letter, Outcome.HELD, WAITS)
        if letter.obligation.id in waiting
        else _with(letter, Outcome.NOT_NEEDED, DECLINED)
        if letter.obligation.id in declined
        else letter
        for letter in settled
    ]
    asked += (
        Asked(Question.REVIEW, letter)
        for letter in settled
        if letter.outcome is Outcome.REVIEW and _is_open(_answer(entries, letter, Question.REVIEW))
    )
    return Held(tuple(settled), tuple(asked))


WAITS: Final = message("it waits for an answer on a dispatch list")
DECLINED: Final = message("it is not needed, says the answer on a dispatch list")


def reviewed(entries: Iterable[Entry], what: What) -> frozenset[Reviewed]:
    """The letters whose question whether they are needed was answered so."""
    return frozenset(
        (entry.obligation.letter, entry.obligation.record, entry.obligation.occurrence)
        for entry in entries
        if any(event.what is what for event in entry.answers(Question.REVIEW).values())
    )


def served_by_former_key(entries: Iterable[Entry]) -> frozenset[str]:
    """The ids of letters made for keys that have changed since, where nobody has said that they are to be made anew."""
    return frozenset(
        former
        for entry in entries
        for former, event in entry.answers(Question.RENAMED).items()
        if event.what is not What.APPROVED and entry.latest is None
    )


def carried(entries: Mapping[str, Entry]) -> Mapping[str, Entry]:
    """What the ledger knows, with the letters of a key that changed under the new one too, once it is the same case.

    It is where a person said that the letter was not to be made again. One that was made under the new key all the same, since
    something else changed too, has the former one behind it: what was sent stays sent, and meets the deadline.
    """
    found = {id_: entry for id_ in entries if (entry := _with_former(id_, entries, frozenset())) is not entries[id_]}
    return {**entries, **found} if found else entries


def _with_former(id_: str, entries: Mapping[str, Entry], seen: frozenset[str]) -> Entry:
    entry = entries[id_]
    said = (former for former, event in entry.answers(Question.RENAMED).items() if event.what is What.DECLINED)
    former = next((former for former in said if former in entries and former not in seen), None)
    if former is None:
        return entry
    before = _with_former(former, entries, seen | {id_})
    if entry.latest is not None:
        return replace(entry, before=before)
    names = {before.obligation.record: entry.obligation.record}
    if before.obligation.recipient is not None and entry.obligation.recipient is not None:
        names[before.obligation.recipient] = entry.obligation.recipient
    versions = tuple(_under(names, version) for version in before.versions)
    events = tuple(replace(event, version=event.version or before.sent_version) for event in entry.events)
    return replace(before, obligation=entry.obligation, versions=versions, events=(*before.events, *events))


def _under(names: Mapping[Ref, Ref], version: Version) -> Version:
    """A version as if it had been made for the keys that are there now."""
    if not version.facts:
        return version
    facts = tuple(sorted(_fact_under(names, field, value) for field, value in version.facts))
    return replace(version, facts=facts, facts_digest=facts_digest(facts))


def _fact_under(names: Mapping[Ref, Ref], field: str, value: str) -> tuple[str, str]:
    sheet, _, rest = field.partition(" ")
    key, _, column = rest.rpartition(" ")
    now = names.get(Ref(sheet, key))
    if now is None:
        return field, value
    return f"{sheet} {now.key} {column}", now.key if value == key else value


def _renamed(letters: Sequence[Letter], entries: Mapping[str, Entry], changes: Iterable[Change]) -> Iterable[Asked]:
    """The letters that a changed key would have made a second time."""
    now = {Ref(c.record.sheet, c.before): c.record for c in changes if c.kind is Kind.RENAMED}
    planned = {letter.obligation.id: letter for letter in letters}
    for entry in entries.values() if now else ():
        owed = entry.obligation
        recipient = now.get(owed.recipient, owed.recipient) if owed.recipient else None
        renewed = Obligation(owed.letter, now.get(owed.record, owed.record), recipient, owed.role, owed.occurrence)
        known = entries.get(renewed.id)
        answered = known is not None and (
            known.latest is not None or not _is_open(known.answers(Question.RENAMED).get(owed.id))
        )
        if entry.latest is None or renewed.id == owed.id or answered:
            continue
        before = owed.record if owed.record in now else owed.recipient
        letter = planned.get(renewed.id) or Letter(
            renewed, Recipient(recipient, owed.role, channel=entry.channel), Outcome.HELD
        )
        yield Asked(Question.RENAMED, letter, owed.id, (("before", before.key if before else ""),))


def _as_answered(letter: Letter, entries: Mapping[str, Entry], asked: set[str]) -> Letter:
    if letter.outcome is not Outcome.DUE:
        return letter
    answer = _answer(entries, letter, Question.RENAMED)
    if letter.obligation.id in asked or _what(answer) is What.ASKED:
        return _with(letter, Outcome.HELD, WAITS)
    served = answer is not None and answer.what is What.DECLINED and not _moved_on(entries[letter.obligation.id], answer)
    return _with(letter, Outcome.NOT_NEEDED, DECLINED) if served else letter


def _moved_on(entry: Entry, answer: Event) -> bool:
    """Whether a person wants the former key's letter made again, or it was taken back since it was said to do."""
    since = [event for event in entry.events if event.number > answer.number]
    again = {event.what for event in since if event in entry.answers(Question.PROPOSAL).values()}
    return What.APPROVED in again or any(event.what is What.WITHDRAWN for event in since)


def _unusual(fresh: Sequence[Letter], entries: Mapping[str, Entry], usual: int) -> Iterable[Asked]:
    """The new letters that a person must allow: those that were asked about, and all others of a kind that has too many."""
    answers = [(letter, _answer(entries, letter, Question.UNUSUAL)) for letter in fresh]
    asked = [(letter, event.run) for letter, event in answers if event is not None and event.what is What.ASKED]
    new = [(letter, None) for letter, event in answers if event is None]
    many = Counter((letter.obligation.letter, run) for letter, run in (*asked, *new))
    for letter, run in (*asked, *new):
        count = many[letter.obligation.letter, run]
        if run is not None or count > usual:
            yield Asked(Question.UNUSUAL, letter, facts=(("count", str(count)), ("usual", str(usual))))


def _answer(entries: Mapping[str, Entry], letter: Letter, question: Question) -> Event | None:
    entry = entries.get(letter.obligation.id)
    answers = list(entry.answers(question).values()) if entry is not None else []
    return max(answers, key=lambda event: event.number, default=None)


def _what(event: Event | None) -> What | None:
    return event.what if event is not None else None


def _is_open(event: Event | None) -> bool:
    """Nobody has answered yet, asked or not."""
    return event is None or event.what is What.ASKED


def _made(entries: Mapping[str, Entry], letter: Letter) -> bool:
    entry = entries.get(letter.obligation.id)
    return entry is not None and entry.latest is not None


def _with(letter: Letter, outcome: Outcome, sentence: str) -> Letter:
    return replace(letter, outcome=outcome, reasons=(Reason(sentence),))
