"""What the ledger remembers, as values: runs, and for each obligation its versions and what happened to them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from pipeline.deadlines.model import Deadline, Status
from pipeline.letters.model import Obligation
from pipeline.letters.write import Move, Placed

Facts = tuple[tuple[str, str], ...]
"""What a letter says of the register, by field."""


class State(StrEnum):
    """How far a version has come; an intended one may or may not lie in its place yet."""

    INTENDED = "intended"
    PRODUCED = "produced"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class What(StrEnum):
    """What can happen to a letter, and to a run."""

    PRODUCED = "produced"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    SENT = "sent"
    NOT_SENT = "not sent"
    ARRIVED = "arrived"
    RETURNED = "returned"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    RAN = "ran"
    PURGED = "purged"


class Source(StrEnum):
    """Who said that something happened."""

    RUN = "run"
    REGISTER = "register"
    DISPATCH = "dispatch"
    COMMAND = "command"


class Question(StrEnum):
    """What the ledger remembers to have asked a person: once, on a dispatch list."""

    REVIEW = "review"
    PROPOSAL = "proposal"
    UNUSUAL = "unusual"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Run:
    """One run.

    Attributes:
        number: counted from 1 over the ledger's life; a run that was killed is taken up again under its number.
        day: its as-of day.
        nth: of the day, counted from 1; stands in the names of its lists.
        finished: it came to its end.
        summary: its figures by name.
        register: the digests of the workbooks that it read, one behind the other.
        ended: the clock time; None while it runs, and after it was killed.
    """

    number: int
    day: date
    nth: int = 1
    finished: bool = False
    summary: Mapping[str, int] = field(default_factory=dict)
    register: str = field(default="", compare=False)
    ended: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a version.

    Attributes:
        path: below the output folder, parts joined by ``/``.
        digest: of its content as made.
        retires_to: where it goes once the version that is intended in its stead is in place; else empty.
    """

    path: str
    digest: str
    retires_to: str = ""

    @property
    def placed(self) -> Placed:
        """The file as `pipeline.letters.write` knows it."""
        return Placed(self.path, self.digest)


@dataclass(frozen=True, slots=True)
class Version:
    """One making of a letter.

    Attributes:
        obligation: the obligation's id.
        number: counted from 1 within the obligation.
        dated: the letter's own date.
        facts: what it says of the register; empty once purged.
        facts_digest: their fingerprint, see `facts_digest`.
        template: digest of the template it was made from.
        files: the letter first, then its enclosures.
        state: how far it has come.
        run: the number of the run that made it.
        purged: the day on which its files and facts were purged, since the office keeps letters no longer; else None.
    """

    obligation: str
    number: int
    dated: date
    facts: Facts
    facts_digest: str
    template: str
    files: tuple[File, ...]
    state: State
    run: int
    purged: date | None = None

    @property
    def content(self) -> str:
        """The fingerprint of all that the version vouches for; where its files lie now is no part of it."""
        parts = [self.dated.isoformat(), self.facts_digest, self.template, *(file.digest for file in self.files)]
        return hashlib.sha256(_json(parts)).hexdigest()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; events are only ever added, and each is sealed to the one before.

    Attributes:
        number: counted from 1 without gaps.
        run: the run it happened in; None for a command between runs.
        day: the as-of day on which it was recorded.
        what: what happened.
        obligation: the id of the obligation; empty for a run's own event.
        version: its version; 0 where it is about the obligation as a whole.
        dated: the day it is about: when it was sent, arrived or came back.
        source: who said so.
        about: what it vouches for: a version's content, a question and what it was about, a run's figures.
        seal: see `seal`.
    """

    number: int
    run: int | None
    day: date
    what: What
    source: Source
    obligation: str = ""
    version: int = 0
    dated: date | None = None
    about: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All that the ledger knows of one obligation.

    Attributes:
        obligation: with the recipient's role as last worked out.
        channel: how letters reach the recipient, as last worked out; may be empty.
        versions: in the order of their numbers.
        events: in the order in which they happened.
        before: the letter under the key that the record had before, which this one is made again for; see `carried`.
    """

    obligation: Obligation
    channel: str = ""
    versions: tuple[Version, ...] = ()
    events: tuple[Event, ...] = ()
    before: Entry | None = None

    @property
    def current(self) -> Version | None:
        """The version that lies in its place, sent or not; None where none was produced or the last was withdrawn."""
        return next((version for version in reversed(self.versions) if version.state is State.PRODUCED), None)

    @property
    def latest(self) -> Version | None:
        """The last version that was ever put in its place, taken back since or not: what staff may have sent."""
        return next((version for version in reversed(self.versions) if version.state is not State.INTENDED), None)

    @property
    def unsent(self) -> Version | None:
        """The current version where it has not been sent: changed facts or a changed template replace it."""
        current = self.current
        return current if current and self.sent_of(current.number) is None else None

    @property
    def produced(self) -> date | None:
        """The day on which the letter was first produced."""
        if self.before is not None:
            return self.before.produced
        return next((event.day for event in self.events if event.what is What.PRODUCED), None)

    @property
    def dated(self) -> date | None:
        """The letter's own date as it was first produced; where it was made again after it was sent, that of the new paper."""
        stood = [version for version in self.versions if version.state in {State.PRODUCED, State.REPLACED}]
        again = (version for version in stood if version.number > self.sent_version)
        return next((version.dated for version in (*again, *stood)), None)

    @property
    def sent(self) -> date | None:
        """The day on which the letter was sent: that of its latest version which was."""
        days = (self.sent_of(version.number) for version in reversed(self.versions))
        return next((day for day in days if day is not None), self.before.sent if self.before is not None else None)

    @property
    def arrived(self) -> date | None:
        """The day on which it arrived; None where nobody has said so, or where it came back since."""
        last = self._last_way
        return last.dated if last and last.what is What.ARRIVED else None

    @property
    def returned(self) -> date | None:
        """The day on which it came back as undeliverable; None where it did not."""
        last = self._last_way
        return last.dated if last and last.what is What.RETURNED else None

    def on(self, day: date) -> Entry:
        """What the ledger knew at the end of a day of what had happened."""
        return replace(self, events=tuple(event for event in self.events if event.day <= day))

    def made_of(self, version: int) -> date | None:
        """The day on which a version was put in its place."""
        return next((e.day for e in self.events if e.version == version and e.what is What.PRODUCED), None)

    def sent_of(self, version: int) -> date | None:
        """The day on which a version was sent; None where it was not, or where that was taken back.

        One that arrived or came back was sent on that day at the latest, whether anybody wrote it down or not.
        """
        last = self.last_said(version, What.SENT, What.NOT_SENT) or self.last_said(version, What.ARRIVED, What.RETURNED)
        return last.dated if last and last.what is not What.NOT_SENT else None

    @property
    def sent_version(self) -> int:
        """The number of the last version that was sent; 0 where none was."""
        return max((version.number for version in self.versions if self.sent_of(version.number) is not None), default=0)

    def last_said(self, version: int, *what: What) -> Event | None:
        """The last event of these kinds about a version."""
        return next((event for event in reversed(self.events) if event.version == version and event.what in what), None)

    def version_on(self, run: int) -> int:
        """The number of the version that a run's dispatch list speaks of: the one that lay there then, or took its place since.

        0 where none did.
        """
        standing = [version for version in self.versions if version.state is not State.INTENDED]
        return _standing_for([version for version in standing if version.run <= run], standing)

    def version_sent_on(self, day: date) -> int:
        """The number of the version that went out on a day: the last one made by then, or what took its place; 0 for none."""
        standing = [version for version in self.versions if version.state is not State.INTENDED]
        made = [version for version in standing if (self.made_of(version.number) or date.max) <= day]
        if self.before is not None and not made:
            return 0
        return _standing_for(made or standing[:1], standing)

    def asked(self, question: Question, about: str = "") -> Event | None:
        """When a person was asked, or what they last answered; None where they never were.

        Args:
            question: what was asked.
            about: the fingerprint of the facts it was about, where that matters.
        """
        kinds = {What.ASKED, What.APPROVED, What.DECLINED}
        subject = question_about(question, about)
        return next((e for e in reversed(self.events) if e.what in kinds and e.about == subject), None)

    def answers(self, question: Question) -> Mapping[str, Event]:
        """What was asked about the letter, or last answered, by what each question was about."""
        kinds = {What.ASKED, What.APPROVED, What.DECLINED}
        about = {e.about: e for e in self.events if e.what in kinds and e.about.split(" ", 1)[0] == question}
        return {subject.partition(" ")[2]: event for subject, event in about.items()}

    @property
    def _last_way(self) -> Event | None:
        if self.before is not None and not self.sent_version:
            return self.before._last_way  # noqa: SLF001 -- of its own kind
        latest = self.latest
        version = self.sent_version or (latest.number if latest else 0)
        return self.last_said(version, What.ARRIVED, What.RETURNED)


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge took, by numbers and never of whom.

    Attributes:
        before: what is older than this day went.
        letters: versions whose files and facts went.
        lists: dispatch lists, records of runs and print files.
        standings: rows that said where a deadline stood.
    """

    before: date
    letters: int = 0
    lists: int = 0
    standings: int = 0

    @property
    def about(self) -> str:
        """As its event says it."""
        return f"{self.before.isoformat()} letters {self.letters} lists {self.lists} standings {self.standings}"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The whole ledger, for whoever proves it.

    Attributes:
        entries: by the id that stands in the ledger, which should be the obligation's own.
        events: in the order of their numbers.
        head: how many events there should be, and the seal of the last.
        runs: in the order of their numbers.
        ran: by number of a finished run, the fingerprint of what it left in the ledger; its last event should say the same.
        memory: the fingerprint of what the last run remembers.
        ownerless: rows that belong to a row which is not there, each as ``table key``.
    """

    entries: Mapping[str, Entry]
    events: tuple[Event, ...]
    head: tuple[int, str]
    runs: tuple[Run, ...]
    ran: Mapping[int, str]
    memory: str
    ownerless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """A version about to be put into its place.

    Attributes:
        version: the new one.
        replaces: the unsent one that it takes the place of.
    """

    version: Version
    replaces: Version | None = None

    @property
    def files(self) -> tuple[Placed, ...]:
        """The new files."""
        return tuple(file.placed for file in self.version.files)

    @property
    def moves(self) -> tuple[Move, ...]:
        """The old files, and where they go."""
        old = self.replaces.files if self.replaces else ()
        return tuple(Move(file.path, file.retires_to, file.digest) for file in old)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one deadline stood at the end of a run."""

    rule: str
    sheet: str
    record: str
    recipient: str
    occurrence: int
    status: Status
    due: date | None = None
    owner: str = ""

    @classmethod
    def of(cls, deadline: Deadline, recipient: str = "") -> Standing:
        """The standing of a deadline; one on letters names the key of the letter's recipient besides."""
        record = deadline.record
        return cls(
            deadline.rule,
            record.sheet,
            record.key,
            recipient,
            deadline.occurrence,
            deadline.status,
            deadline.due,
            deadline.owner,
        )


def _standing_for(candidates: Sequence[Version], standing: Sequence[Version]) -> int:
    """The last of the candidates, or what came to its place where it was taken out; 0 where there is none."""
    if not candidates:
        return 0
    onward = [version for version in standing if version.number >= candidates[-1].number]
    stays = (version for version in onward if version.state is State.PRODUCED)
    return next(stays, onward[-1]).number


@dataclass(frozen=True, slots=True)
class Appointment:
    """An all-day event of a caseworker's calendar.

    Attributes:
        uid: the same for the life of the deadline in this calendar.
        calendar: whose, as `Deadline.owner`; empty for what nobody is named for.
        day: on which it stands.
        summary: the record's key and the kind of deadline.
        note: what is said besides.
        sequence: from 0; each change counts it up.
        changed: the as-of day on which it became what it is.
        cancelled: nobody has to act any more, or it is another person's now.
    """

    uid: str
    calendar: str
    day: date
    summary: str
    note: str
    sequence: int
    changed: date
    cancelled: bool = False


def facts_digest(facts: Iterable[tuple[str, str]]) -> str:
    """The fingerprint of facts: of their meaning, whatever their order."""
    return hashlib.sha256(_json(sorted(facts))).hexdigest()


def question_about(question: Question, about: str = "") -> str:
    """How an event names a question and what it was about."""
    return f"{question} {about}".rstrip()


def seal(before: str, event: Event) -> str:
    """The seal of an event: SHA-256 over the seal before it and all that it says, so that no row can change or go unseen."""
    day = event.day.isoformat()
    dated = event.dated.isoformat() if event.dated else None
    said = [event.number, event.run, day, event.what, event.obligation, event.version, dated, event.source, event.about]
    return hashlib.sha256(_json([before, *said])).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
