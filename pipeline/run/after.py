"""After the letters left: what a command writes down of them, and what it takes back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from pipeline.faults import Fault, Several
from pipeline.files import run_lock
from pipeline.ledger.model import Entry, Source, What
from pipeline.ledger.recovery import recover
from pipeline.ledger.store import Ledger
from pipeline.letters.write import Placing, retire
from pipeline.profile.kinds import nearest
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.run.lost import refuse_without_letters
from pipeline.run.workspace import Workspace
from pipeline.texts import message, texts_in


class NothingChosen(Fault):
    """It was not said which letters are meant."""

    sentence = message("Say which letters: --run 2026-11-23/1 for a dispatch list, --letter for a kind, --id for single ones.")


class NoSuchRun(Fault):
    """The ledger has no such run."""

    sentence = message(
        "There was no run «{run}». Write the day and the number of its dispatch list, such as {latest}, "
        "which is the latest; or the day alone, for all its runs."
    )


class NoSuchKind(Fault):
    """The profile has no such letter."""

    sentence = message("The profile has no letter «{letter}»; it has {known}.")


class MistypedKind(NoSuchKind):
    """The profile has no such letter, but one that is called much like it, or has it as its title."""

    sentence = message("The profile has no letter «{letter}»; «{nearest}» may be meant. It has {known}.")


class NoSuchLetter(Fault):
    """No letter has the id."""

    sentence = message(
        "No letter has the id «{id}». An id has eight signs, A to Z and 2 to 7, "
        "and stands last in the letter's file name and on the dispatch list."
    )


class MistypedLetter(NoSuchLetter):
    """No letter has the id, but one has an id much like it."""

    sentence = message(
        "No letter has the id «{id}»; {nearest} may be meant. An id has eight signs, A to Z and 2 to 7, "
        "and stands last in the letter's file name and on the dispatch list."
    )


class KeyForId(NoSuchLetter):
    """What was typed is the key of a record that has letters."""

    sentence = message("«{id}» is no letter's id but has these letters: {letters}. Name each that is meant with --id.")


class TooEarly(Fault):
    """A letter cannot have been sent before the day that it bears."""

    sentence = message("Letter {id} is dated {dated}, so it was not sent or received on {day}. Nothing was written down.")


class NotYet(Fault):
    """The day has not come."""

    sentence = message("{day} has not come yet. Nothing was written down.")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which letters are meant: of a run, of a kind, single ones; where several are named, those that are all of it.

    Attributes:
        run: the day of a run and which of the day it was, as ``2026-11-23/1``; all of a day without the number.
        letter: the letter rule's name.
        ids: as they stand in file names.
    """

    run: str = ""
    letter: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """What was done.

    Attributes:
        letters: the letters that it was news for, by id.
        known: how many of the chosen letters it was no news for, or did not concern.
        kept: those that stay where they lie, since somebody has changed or opened them.
    """

    letters: Mapping[str, Entry]
    known: int = 0
    kept: Mapping[str, Placing] = field(default_factory=dict)


def note(workspace: Workspace, chosen: Selection, what: What, on: date, today: date, at: datetime) -> Noted:
    """Write down that letters were sent, arrived or came back.

    Of a whole run or kind, those are meant that lie unsent, or for what arrived or came back, that were sent.

    Raises:
        Fault: it is not clear which letters are meant, or they cannot have been sent that day; nothing was written down.
    """
    if on > today:
        raise NotYet(day=on)
    with _ledger(workspace, today, at) as (profile, ledger):
        entries = _chosen(profile, ledger, chosen)
        meant = {id_: entry for id_, entry in entries.items() if chosen.ids or (entry.sent is None) is (what is What.SENT)}
        early = tuple(
            TooEarly(id=id_, dated=entry.latest.dated, day=on)
            for id_, entry in meant.items()
            if entry.latest is not None and on < entry.latest.dated
        )
        if early:
            raise early[0] if len(early) == 1 else Several(early)
        news = ledger.record(today, what, dict.fromkeys(meant, on), Source.COMMAND)
    return Noted({id_: meant[id_] for id_ in news}, len(entries) - len(news))


def unsend(workspace: Workspace, chosen: Selection, today: date, at: datetime) -> Noted:
    """Take back that letters were sent.

    Of a whole run or kind, only what was written down today, since a slip of the finger is noticed soon; single letters always.
    """
    with _ledger(workspace, today, at) as (profile, ledger):
        entries = _chosen(profile, ledger, chosen)
        days: dict[str, date] = {}
        versions: dict[str, int] = {}
        for id_, entry in entries.items():
            last = entry.last_said(entry.sent_version, What.SENT)
            if entry.sent is not None and last is not None and (chosen.ids or last.day == today):
                days[id_], versions[id_] = entry.sent, entry.sent_version
        news = [
            id_
            for version in sorted(set(versions.values()))
            for id_ in ledger.record(
                today,
                What.NOT_SENT,
                {key: day for key, day in days.items() if versions[key] == version},
                Source.COMMAND,
                versions=versions,
            )
        ]
    return Noted({id_: entries[id_] for id_ in news}, len(entries) - len(news))


def take_back(workspace: Workspace, chosen: Selection, today: date, at: datetime) -> Noted:
    """Take letters that were not sent out of their place; what the register still asks for, the next run makes anew."""
    with _ledger(workspace, today, at) as (profile, ledger):
        entries = _chosen(profile, ledger, chosen)
        replaced = texts_in(profile.office.language).name("replaced")
        kept: dict[str, Placing] = {}
        taken: list[str] = []
        for id_, moves in ledger.intend_withdrawal(entries, replaced).items():
            placing = retire(workspace.output, moves, erase=False)
            if placing is Placing.PLACED:
                taken.append(id_)
            else:
                kept[id_] = placing
        ledger.withdraw(None, today, taken, Source.COMMAND)
        ledger.drop(kept)
    return Noted({id_: entries[id_] for id_ in taken}, len(entries) - len(taken) - len(kept), kept)


@contextmanager
def _ledger(workspace: Workspace, today: date, at: datetime) -> Iterator[tuple[Profile, Ledger]]:
    """The ledger, held alone; what a killed run left is finished or undone first."""
    profile = load_profile(workspace.profile)
    with run_lock(workspace.folder, at), Ledger(workspace.folder / profile.run.ledger) as ledger:
        refuse_without_letters(workspace, ledger)
        if workspace.output.is_dir():
            recover(ledger, workspace.output, today)
        yield profile, ledger


_RUN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d+))?")


def _chosen(profile: Profile, ledger: Ledger, chosen: Selection) -> Mapping[str, Entry]:
    if not (chosen.run or chosen.letter or chosen.ids):
        raise NothingChosen
    if chosen.letter and chosen.letter not in profile.letters:
        raise _no_such_kind(profile, chosen.letter)
    entries = {id_: entry for id_, entry in ledger.entries().items() if entry.latest is not None}
    unknown = tuple(_no_such_letter(entries, id_) for id_ in chosen.ids if id_ not in entries)
    if unknown:
        raise unknown[0] if len(unknown) == 1 else Several(unknown)
    runs = _runs(ledger, chosen.run) if chosen.run else None
    return {
        id_: entry
        for id_, entry in entries.items()
        if (not chosen.ids or id_ in chosen.ids)
        and (not chosen.letter or entry.obligation.letter == chosen.letter)
        and (runs is None or (entry.latest is not None and entry.latest.run in runs))
    }


def _no_such_kind(profile: Profile, typed: str) -> NoSuchKind:
    known = {name: name for name in profile.letters} | {rule.title: name for name, rule in profile.letters.items()}
    guess = known.get(nearest(typed, known), "")
    facts = {"letter": typed, "known": ", ".join(profile.letters)}
    return MistypedKind(nearest=guess, **facts) if guess else NoSuchKind(**facts)


def _no_such_letter(entries: Mapping[str, Entry], typed: str) -> NoSuchLetter:
    of_record = [id_ for id_, entry in entries.items() if entry.obligation.record.key == typed]
    if of_record:
        return KeyForId(id=typed, letters=", ".join(of_record))
    guess = nearest(typed, entries)
    return MistypedLetter(id=typed, nearest=guess) if guess else NoSuchLetter(id=typed)


def _runs(ledger: Ledger, named: str) -> Sequence[int]:
    found = _RUN.fullmatch(named)
    day, nth = (found[1], found[2]) if found else ("", None)
    every = ledger.runs()
    runs = [run.number for run in every if run.day.isoformat() == day and (nth is None or run.nth == int(nth))]
    if not runs:
        raise NoSuchRun(run=named, latest=f"{every[-1].day.isoformat()}/{every[-1].nth}" if every else "2026-11-23/1")
    return runs
