"""The ledger's database: the only place that opens SQLite, and the only one that knows its tables.

A rollback journal with full synchronisation: what a verb has written when it returns outlives a power cut.
`sqlite3.Error` never leaves this module; it becomes the fault that a person can act on.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pipeline.deadlines.model import Status
from pipeline.faults import Busy, Unwritable, WrongLedger
from pipeline.files import digest, make_folder, writing
from pipeline.ledger.model import (
    Accounts,
    Appointment,
    Entry,
    Event,
    Facts,
    File,
    Intent,
    Purged,
    Question,
    Run,
    Source,
    Standing,
    State,
    Version,
    What,
    facts_digest,
    question_about,
    seal,
)
from pipeline.letters.model import Filled, Obligation
from pipeline.letters.write import Envelope, Move, retired_path
from pipeline.register.changes import Remembered
from pipeline.register.model import Ref
from pipeline.texts import message

# Versions of the schema; whoever changes it counts SCHEMA_VERSION up, writes the step here, and brings older ledgers along:
# 1: the first
# 2: what the register held at the last run
# 3: versions whose files and facts were purged
# 4: the events of the caseworkers' calendars

SCHEMA_VERSION: Final = 4
APPLICATION: Final = 0x46524256
"""«FRBV» in the file's header: tells a ledger from anybody else's database."""

SCHEMA: Final = """
create table run (                     -- a run that began; one that was killed is taken up again under its number
    number integer primary key,        -- from 1
    day text not null,                 -- its as-of day
    began text not null,               -- clock time; with «ended» the only clock times in the ledger
    ended text,                        -- clock time; null while it runs, and after it was killed
    register_digest text not null,     -- of the workbooks that it read
    profile_digest text not null,      -- of the profile that it went by
    summary text not null default '{}' -- its figures by name, a JSON object
);

create table obligation (              -- a letter that is owed, once
    id text primary key,               -- made of the columns below, role and channel apart; stands in file names
    letter text not null,              -- the letter rule's name
    sheet text not null,               -- of the record that needs it
    record text not null,              -- its key
    recipient_sheet text,              -- null for a letter for the file
    recipient_key text,                -- null for a letter for the file
    role text not null,                -- to, copy or file, as last worked out
    occurrence integer not null,       -- of the deadline that it serves; 0 where it serves none
    channel text not null              -- how letters reach the recipient, as last worked out; may be empty
);

create table version (                 -- a making of a letter
    obligation text not null references obligation, -- what it meets
    number integer not null,           -- from 1 within the obligation
    dated text not null,               -- the letter's own date
    facts text,                        -- what it says of the register, JSON [[field, value], …]; null once purged
    facts_digest text not null,        -- decides whether the facts have changed
    template_digest text not null,     -- decides whether the template has changed
    state text not null                -- how far it has come
        check (state in ('intended', 'produced', 'replaced', 'withdrawn')),
    run integer not null references run, -- the run that made it
    primary key (obligation, number)
);
create unique index intent on version (obligation) where state = 'intended'; -- at most one at a time

create table file (                    -- a file of a version
    obligation text not null,          -- whose
    version integer not null,          -- of which making
    ordinal integer not null,          -- 0 for the letter, from 1 for its enclosures
    path text not null,                -- below the output folder, parts joined by «/»; where it lies now
    digest text not null,              -- of its content as made
    retires_to text,                   -- where it goes when the intended next version is in place; null where none is intended
    primary key (obligation, version, ordinal),
    foreign key (obligation, version) references version on delete cascade
);

create table event (                   -- what happened to a letter or a run; rows are only ever added
    number integer primary key,        -- from 1 without gaps
    run integer references run,        -- null for a command between runs
    day text not null,                 -- the as-of day on which it was recorded
    what text not null,                -- produced, replaced, withdrawn, sent, not sent, arrived, returned, asked, approved,
                                       -- declined; ran, purged
    obligation text references obligation, -- null for a run's own event
    version integer not null,          -- 0 where it is about the obligation as a whole
    dated text,                        -- the day it is about: when it was sent, arrived, came back
    source text not null,              -- who said so: run, register, dispatch, command
    about text not null,               -- digest of what it vouches for, or the question and what that was about
    seal text not null                 -- over the seal before and this row: no row can change or go unseen
);
create index event_obligation on event (obligation);

create table head (                    -- one row: how far the events reach, so that the last ones cannot go unseen either
    events integer not null,           -- how many
    seal text not null                 -- of the last
);
insert into head values (0, '');

create table standing (                -- where a deadline stood at the end of a run: for «new since last time» and trends
    run integer not null references run on delete cascade, -- the run at whose end
    rule text not null,                -- the deadline rule's name
    sheet text not null,               -- of the record whose deadline it is
    record text not null,              -- its key
    recipient text not null,           -- key of a letter's recipient, for rules on letters; else empty
    occurrence integer not null,       -- 1 for a deadline that comes once
    status text not null,              -- as the lists showed it
    due text,                          -- null where it is unknown or has not started
    owner text not null,               -- who had to act; may be empty
    primary key (run, rule, sheet, record, recipient, occurrence)
) without rowid;
"""

REMEMBERED: Final = """
create table remembered (              -- the register as it was at the end of the last finished run, no run before that
    sheet text not null,               -- the sheet's name in the profile
    record text not null,              -- the record's key
    cells text not null,               -- its filled cells by column, JSON: text, or a fingerprint of what no list may show;
                                       -- of protected rows nothing
    primary key (sheet, record)
) without rowid;

create table secret (                  -- one row
    key blob not null                  -- of the fingerprints: a date of birth, say, could be guessed without
);
insert into secret values (randomblob(32));
"""

FORGOTTEN: Final = """
alter table version add column purged text; -- the day on which its files and facts were purged; null while they are kept
"""

APPOINTMENTS: Final = """
create table appointment (             -- an event of a caseworker's calendar, as the calendar last told it
    uid text primary key,              -- made of the deadline and its owner; stands in the calendar
    calendar text not null,            -- the deadline's owner; may be empty
    day text not null,                 -- on which it stands
    summary text not null,             -- key of the record and kind of deadline
    note text not null,                -- what it says besides
    sequence integer not null,         -- from 0; each change counts it up
    changed text not null,             -- the as-of day on which it became what it is
    cancelled integer not null         -- 1 where nobody has to act any more
) without rowid;
"""
_STEPS: Final = {2: REMEMBERED, 3: FORGOTTEN, 4: APPOINTMENTS}
"""What brings a ledger to a version from the one before."""


class Ledger:
    """An open ledger; a context manager.

    Attributes:
        path: its file.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the ledger, and make it where it is missing.

        Args:
            path: the SQLite file; readable by its owner alone.
            read_only: nothing is made or changed; a missing ledger is an empty one.

        Raises:
            WrongLedger: the file is another version's, another program's, damaged, or no database.
            Busy: another program holds it.
            Unwritable: it cannot be made.
        """
        self.path = path
        self._known: tuple[tuple[int, int], Mapping[str, Entry]] | None = None
        with self._told():
            self._connection = self._open(read_only=read_only)
            try:
                self._recognise()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._connection.close()

    # ------------------------------------------------------------------ reading

    def entries(self) -> Mapping[str, Entry]:
        """All that is known of each obligation, by its id, in the order in which they first came up."""
        with self._told():
            others = self._row("pragma data_version")[0]  # another number once another program has written
            now = (others, self._connection.total_changes)
            if self._known is None or self._known[0] != now:
                self._known = now, self._entries()
            return self._known[1]

    def _entries(self) -> Mapping[str, Entry]:
        events: defaultdict[str, list[Event]] = defaultdict(list)
        for row in self._rows("select * from event where obligation is not null order by number"):
            events[row["obligation"]].append(_event(row))
        versions = self._versions()
        return {
            row["id"]: Entry(
                _obligation(row), row["channel"], tuple(versions.get(row["id"], ())), tuple(events.get(row["id"], ()))
            )
            for row in self._rows("select * from obligation order by rowid")
        }

    def events(self) -> tuple[Event, ...]:
        """Everything that happened, in its order, the runs' own events too."""
        with self._told():
            return tuple(_event(row) for row in self._rows("select * from event order by number"))

    def runs(self) -> tuple[Run, ...]:
        """All runs in their order: the first one's day is the office's start, the last finished one the last good night."""
        with self._told():
            return tuple(_run(row) for row in self._rows(f"{_RUNS} order by number"))

    def accounts(self) -> Accounts:
        """The whole ledger with its fingerprints, as it is and not as it should be.

        Raises:
            WrongLedger: a row holds what no version of Fristbrev writes.
        """
        with self._told():
            try:
                head = self._row("select events, seal from head")
                return Accounts(
                    self.entries(),
                    self.events(),
                    (head["events"], head["seal"]),
                    self.runs(),
                    {run.number: self._ran(run.number) for run in self.runs() if run.finished},
                    self._memory() if self._has("remembered") else "",
                    tuple(f"{row['kind']} {row['id']}" for row in self._rows(_OWNERLESS)),
                )
            except (ValueError, TypeError) as error:
                raise WrongLedger(file=self.path, reason=message("it is damaged")) from error

    def unconfirmed(self) -> tuple[Intent, ...]:
        """The versions that are intended and neither confirmed nor dropped, in the order in which they were intended."""
        with self._told():
            waiting = self._rows("select obligation from version where state = 'intended' order by rowid")
            return tuple(self._intent(row["obligation"]) for row in waiting)

    def standings_before(self, run: int) -> tuple[Standing, ...]:
        """The standings of the last run before this one that was finished; none where there was none."""
        with self._told():
            return tuple(
                _standing(row)
                for row in self._rows(
                    "select * from standing where run = (select max(number) from run where number < ? and ended is not null)"
                    " order by rule, sheet, record, recipient, occurrence",
                    (run,),
                )
            )

    def remembered(self) -> Remembered:
        """The register as it was at the end of the last finished run; nothing where there was none."""
        with self._told():
            if not self._has("remembered"):
                return {}  # a ledger of the first version that is only looked into
            return {
                Ref(row["sheet"], row["record"]): row["cells"]
                for row in self._rows("select sheet, record, cells from remembered")
            }

    def secret(self) -> bytes:
        """The key of the fingerprints in what is remembered."""
        with self._told():
            return bytes(self._row("select key from secret")["key"]) if self._has("secret") else b""

    def appointments(self) -> Mapping[str, Appointment]:
        """What the calendars said last, by uid; nothing where there were none."""
        with self._told():
            return {row["uid"]: _appointment(row) for row in self._rows("select * from appointment")}

    def standings_last(self) -> tuple[Standing, ...]:
        """The standings of the last run that was finished; none where there was none."""
        with self._told():
            last = self._row("select coalesce(max(number), 0) as number from run")["number"]
        return self.standings_before(last + 1)

    # ------------------------------------------------------------------ a run

    def begin_run(self, day: date, at: datetime, register_digest: str, profile_digest: str) -> Run:
        """Begin a run, or take up the last one where it was killed: its letters and this one's stand on one dispatch list.

        Args:
            day: the as-of day.
            at: the clock time.
            register_digest: of the workbooks.
            profile_digest: of the profile.
        """
        with self._writing():
            killed = self._row("select number from run where ended is null")
            number = (
                killed["number"] if killed else self._row("select coalesce(max(number), 0) + 1 as number from run")["number"]
            )
            self._do(
                "insert into run (number, day, began, register_digest, profile_digest) values (?, ?, ?, ?, ?)"
                " on conflict (number) do update set day = excluded.day, began = excluded.began,"
                " register_digest = excluded.register_digest, profile_digest = excluded.profile_digest",
                (number, day.isoformat(), at.isoformat(timespec="seconds"), register_digest, profile_digest),
            )
            return _run(self._row(f"{_RUNS} where number = ?", (number,)))

    def intend(self, run: int, papers: Sequence[tuple[Filled, Envelope]], replaced: str) -> tuple[Intent, ...]:
        """Write down what is about to be put into its place, before any file is.

        A letter whose current version has not been sent is replaced; one that has been sent gets a further version.

        Args:
            run: the run's number.
            papers: the letters as text and as files.
            replaced: the folder below the output for versions that were replaced.

        Returns:
            In the order of the letters, what to move where.

        Raises:
            ValueError: a letter has no date, or its last intent was neither confirmed nor dropped.
        """
        with self._writing():
            return tuple(self._intend(run, filled, envelope, replaced) for filled, envelope in papers)

    def confirm(self, obligations: Iterable[str]) -> None:
        """The intended versions of these obligations lie in their place, and those that they replace are out of the way."""
        with self._writing():
            for obligation in obligations:
                self._confirm(self._intent(obligation))

    def intend_withdrawal(self, obligations: Iterable[str], replaced: str) -> Mapping[str, tuple[Move, ...]]:
        """Write down that the unsent letters of these obligations are about to be taken out of their place.

        Args:
            obligations: the ids.
            replaced: the folder below the output where they go.

        Returns:
            By id, what to move where.
        """
        with self._writing():
            moves: dict[str, tuple[Move, ...]] = {}
            for obligation in obligations:
                entry = self._entry(obligation)
                unsent = entry.unsent if entry else None
                if unsent is not None:
                    self._retire_to(unsent, replaced)
                    moves[obligation] = tuple(
                        Move(file.path, retired_path(replaced, file.path, unsent.number), file.digest) for file in unsent.files
                    )
            return moves

    def withdrawals(self) -> Mapping[str, tuple[Move, ...]]:
        """The withdrawals that are intended and neither confirmed nor dropped, by obligation's id."""
        with self._told():
            intended = {row["obligation"] for row in self._rows("select obligation from version where state = 'intended'")}
            found: dict[str, tuple[Move, ...]] = {}
            for obligation, versions in self._versions().items():
                for version in versions if obligation not in intended else ():
                    moves = tuple(Move(file.path, file.retires_to, file.digest) for file in version.files if file.retires_to)
                    if moves and version.state is State.PRODUCED:
                        found[obligation] = moves
            return found

    def withdraw(self, run: int | None, day: date, obligations: Iterable[str], source: Source = Source.RUN) -> None:
        """The letters of these obligations are out of their place, as intended by a run or by a person's command."""
        with self._writing():
            for obligation in obligations:
                entry = self._entry(obligation)
                unsent = entry.unsent if entry else None
                if unsent is None:
                    continue
                self._set_state(unsent, State.WITHDRAWN)
                self._do(
                    "update file set path = retires_to, retires_to = null"
                    " where obligation = ? and version = ? and retires_to is not null",
                    (obligation, unsent.number),
                )
                about = unsent.content
                self._append([Event(0, run, day, What.WITHDRAWN, source, obligation, unsent.number, about=about)])

    def forget(self, day: date, obligations: Iterable[str], versions: Iterable[Version]) -> None:
        """Forget what the letters of these obligations said: somebody whom they name is protected now.

        Args:
            day: the as-of day.
            obligations: their ids.
            versions: those whose files are gone.
        """
        with self._writing():
            for obligation in obligations:
                self._do("update version set facts = null where obligation = ? and facts is not null", (obligation,))
            for version in versions:
                self._mark_purged(version, day)

    def to_purge(self, before: date) -> tuple[Version, ...]:
        """The versions of which nothing has been heard since before a day; one that waits to be sent is kept."""
        return tuple(
            version
            for entry in self.entries().values()
            if all(event.day < before for event in entry.events)
            for version in entry.versions
            if version.purged is None and version.state is not State.INTENDED and version != entry.unsent
        )

    def purge(self, run: int | None, day: date, purged: Purged, versions: Iterable[Version]) -> Purged:
        """Forget what these versions said and where deadlines stood before; the obligations stay.

        Args:
            run: the run that purges; None for a command.
            day: the as-of day.
            purged: what went of files.
            versions: those whose files are gone.

        Returns:
            With the rows that went. Nothing is written down where nothing went.
        """
        old = "run in (select number from run where day < ?) and run < (select max(number) from run where ended is not null)"
        with self._writing():
            for version in versions:
                self._mark_purged(version, day)
            limit = (purged.before.isoformat(),)
            standings = self._row(f"select count(*) from standing where {old}", limit)[0]  # noqa: S608 -- no data in it
            self._do(f"delete from standing where {old}", limit)  # noqa: S608 -- as above
            done = replace(purged, standings=standings)
            if done != Purged(done.before):
                self._append([Event(0, run, day, What.PURGED, Source.RUN if run else Source.COMMAND, about=done.about)])
            return done

    def drop(self, obligations: Iterable[str]) -> None:
        """The intended versions of these obligations came to nothing: as if they had never been intended."""
        with self._writing():
            for obligation in obligations:
                self._do("delete from version where obligation = ? and state = 'intended'", (obligation,))
                self._do("update file set retires_to = null where obligation = ?", (obligation,))
                self._do(
                    "delete from obligation where id = ?1 and not exists (select * from version where obligation = ?1)"
                    " and not exists (select * from event where obligation = ?1)",
                    (obligation,),
                )

    def record_standings(self, run: int, standings: Iterable[Standing]) -> None:
        """Keep where the deadlines stood at the end of a run, in the place of what a killed one may have kept."""
        rows = (
            (run, s.rule, s.sheet, s.record, s.recipient, s.occurrence, s.status, s.due and s.due.isoformat(), s.owner)
            for s in standings
        )
        with self._writing():
            self._do("delete from standing where run = ?", (run,))
            self._connection.executemany("insert into standing values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def keep_appointments(self, appointments: Iterable[Appointment]) -> None:
        """Remember what the calendars are about to say; what is not among it is forgotten."""
        now = {event.uid: event for event in appointments}
        with self._writing():
            before = {row["uid"]: _appointment(row) for row in self._rows("select * from appointment")}
            gone = [(uid,) for uid in before if uid not in now]
            self._connection.executemany("delete from appointment where uid = ?", gone)
            self._connection.executemany(
                "insert or replace into appointment values (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (uid, e.calendar, e.day.isoformat(), e.summary, e.note, e.sequence, e.changed.isoformat(), e.cancelled)
                    for uid, e in now.items()
                    if before.get(uid) != e
                ),
            )

    def finish_run(
        self, run: int, at: datetime, summary: Mapping[str, int], register: Remembered | None = None, keep: Iterable[str] = ()
    ) -> None:
        """The run came to its end.

        Args:
            run: its number.
            at: the clock time.
            summary: its figures by name.
            register: what the register held, to be remembered in the place of what it held before.
            keep: sheets whose former memory stays, since nobody has said yet that the loss of their rows was meant,
                or has been asked about their changed keys.
        """
        figures = json.dumps(dict(summary), ensure_ascii=False)
        with self._writing():
            self._remember(register or {}, frozenset(keep))
            self._do("update run set ended = ?, summary = ? where number = ?", (at.isoformat(timespec="seconds"), figures, run))
            about = f"{self._ran(run)} {self._memory()}"
            self._append([Event(0, run, self._day(run), What.RAN, Source.RUN, about=about)])

    def _remember(self, register: Remembered, keep: frozenset[str]) -> None:
        known = [row["sheet"] for row in self._rows("select distinct sheet from remembered")]
        self._connection.executemany("delete from remembered where sheet = ?", [(name,) for name in known if name not in keep])
        rows = ((ref.sheet, ref.key, cells) for ref, cells in register.items() if ref.sheet not in keep)
        self._connection.executemany("insert into remembered values (?, ?, ?)", rows)

    # ------------------------------------------------------------------ what people said

    def record(
        self,
        day: date,
        what: What,
        dates: Mapping[str, date],
        source: Source,
        run: int | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> tuple[str, ...]:
        """Record that letters were sent or not sent after all, arrived or came back.

        Args:
            day: the as-of day.
            what: one of SENT, NOT_SENT, ARRIVED, RETURNED.
            dates: by obligation's id, the day on which it happened.
            source: who said so.
            run: the run that read it; None for a command.
            versions: by obligation's id, the number of the version that it happened to, where that is not the latest.

        Returns:
            The ids for which this was news.

        Raises:
            KeyError: an obligation never had a version in its place.
        """
        with self._writing():
            entries = self.entries()
            told: list[Event] = []
            for obligation, dated in dates.items():
                current = entries[obligation].latest if obligation in entries else None
                if current is None:
                    raise KeyError(obligation)
                version = (versions or {}).get(obligation) or current.number
                if not _known(entries[obligation], version, what, dated):
                    told.append(Event(0, run, day, what, source, obligation, version, dated))
            self._append(told)
            return tuple(event.obligation for event in told)

    def ask(
        self, run: int, question: Question, about: Mapping[Obligation, str], channels: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """Remember that a person is asked about letters, each once for each subject.

        Args:
            run: the run whose dispatch list asks.
            question: what is asked.
            about: by obligation, the fingerprint of what the question is about; empty where there is but one.
            channels: by obligation's id, how its letter would reach the recipient.

        Returns:
            The ids that had not been asked about before.
        """
        with self._writing():
            day = self._day(run)
            entries = self.entries()
            asked: list[Event] = []
            for obligation, subject in about.items():
                known = entries.get(obligation.id)
                if known is None or known.asked(question, subject) is None:
                    self._owe(obligation, known.channel if known else (channels or {}).get(obligation.id, ""))
                    said, version = question_about(question, subject), known.sent_version if known else 0
                    asked.append(Event(0, run, day, What.ASKED, Source.RUN, obligation.id, version, about=said))
            self._append(asked)
            return tuple(event.obligation for event in asked)

    def answer(self, day: date, answers: Iterable[tuple[str, str, bool]], source: Source, run: int | None = None) -> int:
        """Record what a person answered.

        Args:
            day: the as-of day.
            answers: the obligation's id, the question with its subject as the event that asked names it, and yes or no.
            source: who said so.
            run: the run that read it; None for a command.

        Returns:
            How many answers were news.
        """
        with self._writing():
            told: list[Event] = []
            for obligation, about, yes in answers:
                entry = self._entry(obligation)
                last = next((e for e in reversed(entry.events if entry else ()) if e.about == about), None)
                what = What.APPROVED if yes else What.DECLINED
                if last is not None and last.what is not what:
                    told.append(Event(0, run, day, what, source, obligation, last.version, about=about))
            self._append(told)
            return len(told)

    # ------------------------------------------------------------------ within a transaction

    def _intend(self, run: int, filled: Filled, envelope: Envelope, replaced: str) -> Intent:
        obligation, dated = filled.letter.obligation, filled.letter.dated
        if dated is None:
            raise ValueError(f"the letter {obligation.id} has no date")
        entry = self._entry(obligation.id)
        if entry and any(version.state is State.INTENDED for version in entry.versions):
            raise ValueError(f"the letter {obligation.id} is intended already")
        self._owe(obligation, filled.letter.recipient.channel)
        number = len(entry.versions) + 1 if entry else 1
        files = tuple(File(document.path, document.digest) for document in envelope.documents)
        about = facts_digest(filled.facts)
        new = Version(obligation.id, number, dated, filled.facts, about, filled.template, files, State.INTENDED, run)
        self._do(
            "insert into version values (?, ?, ?, ?, ?, ?, 'intended', ?, null)",
            (new.obligation, number, dated.isoformat(), json.dumps(new.facts, ensure_ascii=False), about, new.template, run),
        )
        self._connection.executemany(
            "insert into file values (?, ?, ?, ?, ?, null)",
            ((new.obligation, number, ordinal, file.path, file.digest) for ordinal, file in enumerate(files)),
        )
        old = entry.unsent if entry else None
        if old is None:
            return Intent(new)
        self._retire_to(old, replaced)
        return self._intent(obligation.id)

    def _retire_to(self, version: Version, replaced: str) -> None:
        for file in version.files:
            self._do(
                "update file set retires_to = ? where obligation = ? and version = ? and path = ?",
                (retired_path(replaced, file.path, version.number), version.obligation, version.number, file.path),
            )

    def _intent(self, obligation: str) -> Intent:
        versions = self._versions(obligation).get(obligation, [])
        new = next(version for version in versions if version.state is State.INTENDED)
        old = next((version for version in versions if any(file.retires_to for file in version.files)), None)
        return Intent(new, old)

    def _confirm(self, intent: Intent) -> None:
        new, old = intent.version, intent.replaces
        day = self._day(new.run)
        events: list[Event] = []
        if old is not None:
            self._set_state(old, State.REPLACED)
            self._do(
                "update file set path = retires_to, retires_to = null where obligation = ? and version = ?",
                (old.obligation, old.number),
            )
            events.append(Event(0, new.run, day, What.REPLACED, Source.RUN, old.obligation, old.number, about=old.content))
        self._set_state(new, State.PRODUCED)
        events.append(Event(0, new.run, day, What.PRODUCED, Source.RUN, new.obligation, new.number, about=new.content))
        self._append(events)

    def _mark_purged(self, version: Version, day: date) -> None:
        self._do(
            "update version set facts = null, purged = ? where obligation = ? and number = ?",
            (day.isoformat(), version.obligation, version.number),
        )

    def _set_state(self, version: Version, state: State) -> None:
        self._do(
            "update version set state = ? where obligation = ? and number = ?", (state, version.obligation, version.number)
        )

    def _owe(self, obligation: Obligation, channel: str) -> None:
        recipient = obligation.recipient
        self._do(
            "insert into obligation values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict (id) do update set role = excluded.role, channel = excluded.channel",
            (
                obligation.id,
                obligation.letter,
                obligation.record.sheet,
                obligation.record.key,
                recipient and recipient.sheet,
                recipient and recipient.key,
                obligation.role,
                obligation.occurrence,
                channel,
            ),
        )

    def _append(self, events: Iterable[Event]) -> None:
        head = self._row("select events, seal from head")
        number, before = head["events"], head["seal"]
        for said in events:
            number += 1
            event = replace(said, number=number)
            before = seal(before, event)
            self._do(
                "insert into event values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    event.run,
                    event.day.isoformat(),
                    event.what,
                    event.obligation or None,
                    event.version,
                    event.dated and event.dated.isoformat(),
                    event.source,
                    event.about,
                    before,
                ),
            )
        self._do("update head set events = ?, seal = ?", (number, before))

    def _entry(self, obligation: str) -> Entry | None:
        row = self._connection.execute("select * from obligation where id = ?", (obligation,)).fetchone()
        if row is None:
            return None
        events = self._rows("select * from event where obligation = ? order by number", (obligation,))
        versions = self._versions(obligation).get(obligation, ())
        return Entry(_obligation(row), row["channel"], tuple(versions), tuple(_event(event) for event in events))

    def _versions(self, obligation: str | None = None) -> Mapping[str, list[Version]]:
        only, key = ("where obligation = ?", (obligation,)) if obligation else ("", ())
        files: defaultdict[tuple[str, int], list[File]] = defaultdict(list)
        for row in self._rows(f"select * from file {only} order by obligation, version, ordinal", key):  # noqa: S608 -- no data in it
            files[row["obligation"], row["version"]].append(File(row["path"], row["digest"], row["retires_to"] or ""))
        versions: defaultdict[str, list[Version]] = defaultdict(list)
        for row in self._rows(f"select * from version {only} order by obligation, number", key):  # noqa: S608 -- no data in it
            versions[row["obligation"]].append(_version(row, files[row["obligation"], row["number"]]))
        return versions

    def _ran(self, run: int) -> str:
        """The fingerprint of a run's row and of the standings at its end."""
        row = self._row("select day, register_digest, profile_digest, summary from run where number = ?", (run,))
        standings = (tuple(standing) for standing in self._rows("select * from standing where run = ?", (run,)))
        return digest(json.dumps([tuple(row)[:3], row["summary"], *standings], ensure_ascii=False).encode())

    def _memory(self) -> str:
        """The fingerprint of the rows that change without an event: what is owed as last worked out, and the register."""
        hashed = hashlib.sha256()
        for sql in ("select * from obligation order by id", "select * from remembered order by sheet, record"):
            for row in self._rows(sql):
                hashed.update(json.dumps(tuple(row), ensure_ascii=False).encode())
        return hashed.hexdigest()

    def _day(self, run: int) -> date:
        return date.fromisoformat(self._row("select day from run where number = ?", (run,))["day"])

    # ------------------------------------------------------------------ SQLite

    def _open(self, *, read_only: bool) -> sqlite3.Connection:
        if not read_only:
            make_folder(self.path.parent)
            with writing(self.path):
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        # Not SQLite's own read-only mode: it could not take back what a killed run had half written.
        place = self.path if self.path.exists() else ":memory:"
        connection = sqlite3.connect(place, isolation_level=None)
        connection.row_factory = sqlite3.Row
        self._read_only = read_only
        return connection

    def _recognise(self) -> None:
        application, version, tables = (
            self._row("select * from pragma_application_id")[0],
            self._row("select * from pragma_user_version")[0],
            self._row("select count(*) from sqlite_schema")[0],
        )
        if (application, version, tables) == (0, 0, 0):
            marks = f"pragma application_id = {APPLICATION}; pragma user_version = {SCHEMA_VERSION};"
            self._connection.executescript(f"begin; {SCHEMA} {' '.join(_STEPS.values())} {marks} commit;")
        elif application != APPLICATION:
            raise WrongLedger(file=self.path, reason=message("it is another program's database"))
        elif not 1 <= version <= SCHEMA_VERSION:
            raise WrongLedger(file=self.path, reason=message("it was made by another version of Fristbrev"))
        elif version < SCHEMA_VERSION and not self._read_only:
            steps = " ".join(_STEPS[step] for step in range(version + 1, SCHEMA_VERSION + 1))
            self._connection.executescript(f"begin; {steps} pragma user_version = {SCHEMA_VERSION}; commit;")
        for pragma in (
            "journal_mode = delete",
            "synchronous = full",
            "foreign_keys = on",
            "secure_delete = on",
            f"query_only = {self._read_only:d}",
        ):
            self._do(f"pragma {pragma}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code in _HELD:
                raise Busy(owner=self.path.name) from error
            if code in _REFUSED:
                raise Unwritable(path=self.path, reason=_REFUSED[code]) from error
            reason = _UNUSABLE.get(code, message("it is damaged"))
            raise WrongLedger(file=self.path, reason=reason) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._told():
            self._do("begin immediate")
            try:
                yield
                self._do("commit")
            except BaseException:
                self._known = None
                with suppress(sqlite3.Error):
                    self._do("rollback")
                raise

    def _has(self, table: str) -> bool:
        """Whether the ledger has a table: one of an older version that is only looked into may not."""
        return bool(self._row("select count(*) from sqlite_schema where name = ?", (table,))[0])

    def _do(self, sql: str, values: Sequence[object] = ()) -> None:
        self._connection.execute(sql, values)

    def _row(self, sql: str, values: Sequence[object] = ()) -> Any:
        return self._connection.execute(sql, values).fetchone()

    def _rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[sqlite3.Row]:
        return self._connection.execute(sql, values)


_RUNS: Final = """
select number, day, ended, summary, register_digest,
       (select count(*) from run as other where other.day = run.day and other.number <= run.number) as nth
from run
"""

_OWNERLESS: Final = """
select 'obligation' as kind, obligation as id from version where obligation not in (select id from obligation)
union select 'obligation', obligation from event where obligation not in (select id from obligation)
union select 'version', file.obligation || ' ' || file.version from file
    left join version on version.obligation = file.obligation and version.number = file.version where version.number is null
order by kind, id
"""
"""The rows that are gone, as those that belong to them tell."""

_HELD: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REFUSED: Final = {
    sqlite3.SQLITE_FULL: message("there is no room left"),
    sqlite3.SQLITE_IOERR: message("the drive does not answer"),
    sqlite3.SQLITE_READONLY: message("it is read-only"),
    sqlite3.SQLITE_CANTOPEN: message("it cannot be opened"),
    sqlite3.SQLITE_PERM: message("there is no right to write there, or someone has the file open"),
}
_UNUSABLE: Final = {sqlite3.SQLITE_NOTADB: message("it is no database")}


def _run(row: sqlite3.Row) -> Run:
    day = date.fromisoformat(row["day"])
    ended = datetime.fromisoformat(row["ended"]) if row["ended"] else None
    return Run(row["number"], day, row["nth"], ended is not None, json.loads(row["summary"]), row["register_digest"], ended)


def _obligation(row: sqlite3.Row) -> Obligation:
    recipient = Ref(row["recipient_sheet"], row["recipient_key"]) if row["recipient_key"] is not None else None
    return Obligation(row["letter"], Ref(row["sheet"], row["record"]), recipient, row["role"], row["occurrence"])


def _version(row: sqlite3.Row, files: Sequence[File]) -> Version:
    facts: Facts = tuple((field, value) for field, value in json.loads(row["facts"] or "[]"))
    return Version(
        row["obligation"],
        row["number"],
        date.fromisoformat(row["dated"]),
        facts,
        row["facts_digest"],
        row["template_digest"],
        tuple(files),
        State(row["state"]),
        row["run"],
        date.fromisoformat(row["purged"]) if "purged" in row.keys() and row["purged"] else None,  # noqa: SIM118 -- a row looks among its values
    )


def _event(row: sqlite3.Row) -> Event:
    return Event(
        row["number"],
        row["run"],
        date.fromisoformat(row["day"]),
        What(row["what"]),
        Source(row["source"]),
        row["obligation"] or "",
        row["version"],
        date.fromisoformat(row["dated"]) if row["dated"] else None,
        row["about"],
        row["seal"],
    )


def _standing(row: sqlite3.Row) -> Standing:
    due = date.fromisoformat(row["due"]) if row["due"] else None
    return Standing(
        row["rule"],
        row["sheet"],
        row["record"],
        row["recipient"],
        row["occurrence"],
        Status(row["status"]),
        due,
        row["owner"],
    )


def _appointment(row: sqlite3.Row) -> Appointment:
    return Appointment(
        row["uid"],
        row["calendar"],
        date.fromisoformat(row["day"]),
        row["summary"],
        row["note"],
        row["sequence"],
        date.fromisoformat(row["changed"]),
        bool(row["cancelled"]),
    )


def _known(entry: Entry, version: int, what: What, dated: date) -> bool:
    """Whether this has been said already."""
    if what is What.SENT:
        last = entry.last_said(version, What.SENT, What.NOT_SENT)
        return last is not None and last.what is What.SENT and last.dated == dated
    if what is What.NOT_SENT:
        return entry.sent_of(version) is None
    if what in {What.ARRIVED, What.RETURNED}:
        last = entry.last_said(version, What.ARRIVED, What.RETURNED)
        return last is not None and last.what is what and last.dated == dated
    raise ValueError(f"a person cannot say «{what}» of a letter")
