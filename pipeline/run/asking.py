"""What a run asks a person, what it notes of the register, and what it tells of letters that were sent or edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from pipeline.findings import Fact, Finding, Place, Severity
from pipeline.ledger.model import Entry, Question, Run, Source, What, facts_digest
from pipeline.ledger.questions import Asked
from pipeline.ledger.sent import never_sent
from pipeline.ledger.store import Ledger
from pipeline.letters.model import Letter
from pipeline.letters.write import Placing
from pipeline.register.model import Ref
from pipeline.run.folders import Withdrawn
from pipeline.run.sight import Sight
from pipeline.run.workspace import Workspace
from pipeline.texts import texts_in


def ask_and_note(sight: Sight, this: Run, ledger: Ledger) -> None:
    """Note in the ledger what the register says of letters that were sent, and that a person is asked about others."""
    of_version: defaultdict[tuple[What, int], dict[str, date]] = defaultdict(dict)
    said = ((What.NOT_SENT, sight.by_register.not_sent), (What.SENT, sight.by_register.sent))
    for what, dates in said:
        for obligation, (version, day) in dates.items():
            of_version[what, version][obligation] = day
    for (what, version), days in sorted(of_version.items()):
        ledger.record(this.day, what, days, Source.REGISTER, this.number, dict.fromkeys(days, version))
    for question in Question:
        asked = [each for each in sight.asked if each.question is question]
        about = {each.letter.obligation: each.about for each in asked}
        channels = {each.letter.obligation.id: each.letter.recipient.channel for each in asked}
        if about:
            ledger.ask(this.number, question, about, channels)


def told_of_sent(sight: Sight) -> Iterator[Finding]:
    """Where register and ledger disagree, and the letters that were sent and say something else than the register now."""
    yield from sight.by_register.findings
    yield from never_sent(sight.view, sight.entries, sight.by_register.sent)
    yield from _returned(sight)
    for asked in sight.asked:
        if asked.question is Question.PROPOSAL:
            yield _changed(asked, sight)


def _returned(sight: Sight) -> Iterator[Finding]:
    """The letters that came back and have nothing newer in their place or on its way, while the register has their record."""
    coming = {filled.letter.obligation.id for filled in sight.filled}
    for id_, entry in sight.entries.items():
        there = sight.view.register.get(entry.obligation.record) is not None
        if there and entry.returned is not None and entry.unsent is None and id_ not in coming:
            yield _of_entry("letter-returned", entry, sight, (("day", entry.returned),))


def _changed(asked: Asked, sight: Sight) -> Finding:
    texts = texts_in(sight.profile.office.language)
    day = next(fact for name, fact in asked.facts if name == "day")
    fields = ", ".join(dict.fromkeys(texts(difference.heading) for difference in asked.differences))
    facts = (("day", day), ("fields", fields), ("id", asked.letter.obligation.id))
    return _about("sent-changed", asked.letter, sight, facts)


def told_of_edited(sight: Sight, kept: Mapping[str, Placing]) -> tuple[Finding, ...]:
    """The letters that somebody has edited and of which the register says something else now."""
    found: list[Finding] = []
    for filled in sight.filled:
        id_ = filled.letter.obligation.id
        entry = sight.entries.get(id_)
        unsent = entry.unsent if entry is not None else None
        if kept.get(id_) is Placing.CHANGED and unsent and unsent.facts_digest != facts_digest(filled.facts):
            found.append(_about("edited-outdated", filled.letter, sight, (("id", id_),)))
    return tuple(found)


def told_of_gone(workspace: Workspace, sight: Sight, ledger: Ledger) -> tuple[Finding, ...]:
    """The letters that wait to be sent and lie in their place no more: nobody can send them, and none is made again unasked."""
    gone = (
        entry
        for entry in ledger.entries().values()
        if entry.unsent is not None and not all((workspace.output / file.path).exists() for file in entry.unsent.files)
    )
    return tuple(_of_entry("letter-gone", entry, sight, ()) for entry in gone)


def told_of_protected(sight: Sight, withdrawn: Withdrawn) -> Iterator[Finding]:
    """The letters that were sent and are erased, since somebody in them is protected now, and the files that are left."""
    for entry in withdrawn.erased:
        if entry.sent is not None:
            yield _of_entry("sent-erased", entry, sight, (("day", entry.sent),))
    for entry, path in withdrawn.left:
        yield _of_entry("protected-left", entry, sight, (("path", path),))


def _of_entry(code: str, entry: Entry, sight: Sight, facts: tuple[tuple[str, Fact], ...]) -> Finding:
    owed = entry.obligation
    record = sight.view.register.records.get(owed.record.sheet, {}).get(owed.record.key)
    place = record.place if record else Place(sight.profile.run.ledger)
    rule = sight.profile.letters.get(owed.letter)
    told = (("letter", rule.title if rule else owed.letter), ("id", owed.id), *facts)
    return Finding(code, place, Severity.WARNING, sheet=owed.record.sheet, record=owed.record.key, facts=told)


def _about(code: str, letter: Letter, sight: Sight, facts: tuple[tuple[str, Fact], ...]) -> Finding:
    ref: Ref = letter.obligation.record
    record = sight.view.register.records[ref.sheet][ref.key]
    title = sight.profile.letters[letter.obligation.letter].title
    return Finding(code, record.place, Severity.WARNING, sheet=ref.sheet, record=ref.key, facts=(("letter", title), *facts))
