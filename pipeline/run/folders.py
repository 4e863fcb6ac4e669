"""The letters in their folders: those that are no longer right go, those that are due come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pipeline.faults import Fault
from pipeline.ledger.model import Entry, Question, Run, State, Version, What
from pipeline.ledger.questions import served_by_former_key
from pipeline.ledger.store import Ledger
from pipeline.letters.model import Filled, Letter, Outcome
from pipeline.letters.print_file import letters_in
from pipeline.letters.recipients import protected_refs
from pipeline.letters.write import Envelope, Move, Placing, envelope, move_into_place, retire, stage, sweep
from pipeline.register.model import Ref
from pipeline.run.drafts import drop_drafts
from pipeline.run.sight import Sight
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, texts_in


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken out of its place.

    Attributes:
        kept: the letters that stay because somebody has changed the file or has it open; by obligation id.
        count: how many unsent letters were taken.
        erased: the letters of the protected that were sent and lay there until now.
        left: the files of the protected that could not be erased, below the output, each with its letter.
    """

    kept: Mapping[str, Placing] = field(default_factory=dict)
    count: int = 0
    erased: tuple[Entry, ...] = ()
    left: tuple[tuple[Entry, str], ...] = ()


def withdraw_letters(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> Withdrawn:
    """Take out of their place the unsent letters that the plan no longer stands behind.

    The recipient is another now, the row cannot be read, nobody needs the letter any more, or somebody in it is protected;
    then all that was kept of it goes as well, also where it was sent. Drafts go in any case.
    """
    drop_drafts(workspace, sight.profile)
    replaced = texts_in(sight.profile.office.language).name("replaced")
    protected = protected_refs(sight.view)
    planned: defaultdict[tuple[str, Ref], list[Letter]] = defaultdict(list)
    for letter in sight.letters:
        planned[letter.obligation.letter, letter.obligation.record].append(letter)
    coming = {filled.letter.obligation.id for filled in sight.filled}
    former = served_by_former_key(entry for key, entry in sight.entries.items() if key not in coming)
    former |= {asked.about for asked in sight.asked if asked.question is Question.RENAMED}
    wrong = [key for key, entry in sight.entries.items() if entry.unsent and not _stands(entry, sight, planned, former)]
    shielded = {
        key for key, entry in sight.entries.items() if {entry.obligation.record, entry.obligation.recipient} & protected
    }
    shielded |= {letter.obligation.id for letter in sight.letters if letter.outcome is Outcome.MANUAL}
    kept: dict[str, Placing] = {}
    taken: list[str] = []
    for obligation, moves in ledger.intend_withdrawal(wrong, replaced).items():
        placing = retire(workspace.output, moves, erase=obligation in shielded)
        if placing is Placing.PLACED:
            taken.append(obligation)
        else:
            kept[obligation] = placing
    ledger.withdraw(this.number, this.day, taken)
    ledger.drop(kept)
    entries = ledger.entries()
    erased, left = _forget(workspace, [entry for key, entry in entries.items() if key in shielded], this.day, ledger)
    return Withdrawn(kept, sum(_withdrawn_in(this, entry) for entry in entries.values()), erased, left)


def _withdrawn_in(this: Run, entry: Entry) -> bool:
    """Whether the letter was taken back in this run, also before it was killed and taken up again."""
    return any(event.what is What.WITHDRAWN and event.run == this.number for event in entry.events)


def _stands(entry: Entry, sight: Sight, by_record: Mapping[tuple[str, Ref], Sequence[Letter]], former: frozenset[str]) -> bool:
    """Whether the plan stands behind an unsent letter, or cannot judge it; one under a `former` key waits for an answer."""
    owed = entry.obligation
    if owed.letter not in sight.profile.letters or owed.letter in sight.mistakes or owed.id in former:
        return True
    planned = by_record.get((owed.letter, owed.record), ())
    own = next((letter for letter in planned if letter.obligation.id == owed.id), None)
    if own is not None:
        return own.outcome in {Outcome.DUE, Outcome.PRODUCED, Outcome.SENT}
    if any(letter.obligation.occurrence > owed.occurrence for letter in planned):
        return True  # of an occurrence that is closed: the register's date is that letter's
    alone = [letter.outcome for letter in planned if letter.obligation.recipient is None]
    return bool(alone) and alone[0] in {Outcome.SENT, Outcome.REVIEW}


def _forget(
    workspace: Workspace, entries: Sequence[Entry], day: date, ledger: Ledger
) -> tuple[tuple[Entry, ...], tuple[tuple[Entry, str], ...]]:
    """Erase what is kept of letters to or about the protected, sent or not: their files, and what they said.

    A file that somebody has edited or has open stays, and is tried again by each run.

    Returns:
        The letters that were sent and are erased now, and the files that stay.
    """
    known = {entry.obligation.id: entry for entry in entries if _kept_of(entry)}
    printed = _forget_printed(workspace, set(known))
    erased: list[Entry] = []
    left: list[tuple[Entry, str]] = [(known[id_], path) for path, ids in printed.items() for id_ in ids]
    gone: list[Version] = []
    for id_, entry in known.items():
        for version in _kept_of(entry):
            placing = Placing.CHANGED
            if version != entry.unsent:
                moves = [Move(file.path, file.path, file.digest) for file in version.files]
                placing = retire(workspace.output, moves, erase=True)
            if placing is not Placing.PLACED:
                left += ((entry, file.path) for file in version.files[:1])
            elif not any(id_ in ids for ids in printed.values()):
                gone.append(version)
                erased += [entry] if version == entry.current else []
    ledger.forget(day, known, gone)
    return tuple(erased), tuple(left)


def _kept_of(entry: Entry) -> tuple[Version, ...]:
    """The versions of which something is kept."""
    return tuple(version for version in entry.versions if version.state is not State.INTENDED and version.purged is None)


def _forget_printed(workspace: Workspace, shielded: set[str]) -> Mapping[str, frozenset[str]]:
    """Erase the files for the printer with such a letter in them: what else they hold lies there as PDF of its own.

    Returns:
        The files that somebody looks at, below the output, with such letters in them.
    """
    stuck: dict[str, frozenset[str]] = {}
    for file in workspace.output.glob("*/*.pdf") if shielded else ():
        if found := letters_in(file) & shielded:
            try:
                file.unlink()
            except PermissionError:
                stuck[file.relative_to(workspace.output).as_posix()] = found
    return stuck


def write_letters(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> Mapping[str, Placing]:
    """Intend, stage, move, confirm; what could not be put in its place is dropped and told."""
    texts = texts_in(sight.profile.office.language)
    papers = [paper for filled in sight.filled if (paper := _paper(filled, sight, this, texts)) is not None]
    if not papers:
        return {}
    intents = ledger.intend(this.number, papers, texts.name("replaced"))
    staged = stage(workspace.output, this.number, [paper for _, paper in papers])
    try:
        placed = move_into_place(staged, {intent.version.obligation: intent.moves for intent in intents})
    except Fault:
        sweep(workspace.output)  # the next run finds out how far it came; nothing unfinished lies about until then
        raise
    kept = {obligation: placing for obligation, placing in placed.items() if placing is not Placing.PLACED}
    ledger.confirm(obligation for obligation in placed if obligation not in kept)
    ledger.drop(kept)
    return kept


def _paper(filled: Filled, sight: Sight, this: Run, texts: Texts) -> tuple[Filled, Envelope] | None:
    """The letter with its files; None where the same letter lies there already."""
    obligation = filled.letter.obligation
    entry = sight.entries.get(obligation.id)
    current = entry.unsent if entry else None  # one that was sent is made again on a yes, the same or not
    paper = envelope(filled, sight.profile.letters[obligation.letter].title, this.day, texts)
    if current and [file.digest for file in current.files] == [document.digest for document in paper.documents]:
        return None
    return filled, paper
