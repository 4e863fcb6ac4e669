"""Which letters are due now, and of every other letter why it is not.

Rules, register, deadlines and what the ledger remembers, on a day; nothing is filled in or written here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pipeline.calendars import parse_duration
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.responsible import Responsible, responsible
from pipeline.deadlines.rule import nearest_occurrence, work_out
from pipeline.findings import Finding
from pipeline.letters.findings import about, failure
from pipeline.letters.model import Letter, Obligation, Outcome, Reason, Recipient
from pipeline.letters.recipients import protected_refs, recipients
from pipeline.profile.expressions import EMPTY, FAULTS, RuleError
from pipeline.profile.model import OPEN, LetterRule, Profile
from pipeline.register.model import FaultyCell, Ref, Row, View
from pipeline.texts import message, texts_in

PROTECTED: Final = message("the address of somebody it concerns is protected")


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger remembers of an obligation.

    Attributes:
        dated: the letter's own date, kept from the day it was first produced.
        sent: when it went out; None where it lies in the output folder still.
        produced: the day of the run that made the version that counts.
        file: that version, relative to the output folder.
    """

    dated: date
    sent: date | None
    produced: date
    file: str


@dataclass(frozen=True, slots=True)
class Premises:
    """What a plan rests on besides the register: the ledger's memory, the first day that counts, the broken templates.

    Attributes:
        past: by obligation id.
        dated: the date of what was made of a letter before, by its rule, record and occurrence: whoever receives it is
            worked out on that date (``docs/profile.md``, convention 10).
        start: letters for obligations before this day are listed for review, never produced unasked.
        broken: for each letter rule whose template cannot be used, the findings.
        by_ledger: the letters, by rule and record, whose ``sent`` column has its date from the ledger: that date speaks for the
            recipients who are known to it, and says nothing of one who is owed the letter still.
        again: by rule, record and occurrence, the ids of the letters that were sent and may have to be made again,
            with what the register says now.
        wanted: letters from before the start that a person wants made, by rule, record and occurrence.
        unwanted: those that a person has said are not needed, likewise.
        deadlines: what was worked out of those that letters serve, by rule and record; others are worked out when asked for.
        known: the letters, by rule and record, of which the ledger knows anything. Where this is given, letters that are not
            needed are left out of the plan unless they are among these: a large office has a million of them.
    """

    past: Mapping[str, Past]
    dated: Mapping[tuple[str, Ref, int], date]
    start: date
    broken: Mapping[str, tuple[Finding, ...]]
    by_ledger: frozenset[tuple[str, Ref]] = frozenset()
    again: Mapping[tuple[str, Ref, int], frozenset[str]] = field(default_factory=dict)
    wanted: frozenset[tuple[str, Ref, int]] = frozenset()
    unwanted: frozenset[tuple[str, Ref, int]] = frozenset()
    deadlines: Mapping[str, Mapping[Ref, Deadline]] = field(default_factory=dict, repr=False)
    known: frozenset[tuple[str, Ref]] | None = None


def plan(view: View, premises: Premises) -> tuple[Letter, ...]:
    """Every letter rule on every row: one `Letter` a recipient, or one without where it did not come to recipients."""
    protected = protected_refs(view)
    owners = _owner_rules(view.register.profile)
    known: dict[Ref, Responsible] = {}
    return tuple(
        letter
        for rule in view.register.profile.letters.values()
        for row in view.rows(rule.on)
        for letter in _letters(_Case(rule, row, _NOTHING_SERVED, _answering(rule, row, owners, known), premises, protected))
    )


def _answering(rule: LetterRule, row: Row, owners: Mapping[str, str], known: dict[Ref, Responsible]) -> _Answering:
    own = responsible(rule.owner, row, known)
    return _Answering(own, own if own.owner else responsible(owners.get(rule.on), row, known))


def letter_view(view: View, rule: LetterRule, row: Row, dated: date) -> Row:
    """The row as its letter sees it: on the letter's date, as if it went out that day (``docs/profile.md``, 5 and 10)."""
    record = row.record
    if rule.sent is not None and not isinstance(record.values.get(rule.sent), FaultyCell):
        record = replace(record, values={**record.values, rule.sent: dated})
    seen = view.assuming(record, dated).row(record.ref)
    if seen is None:
        raise KeyError(record.ref)
    return seen


# ------------------------------------------------------------------ one rule on one row


class _Settled(Exception):
    """The letter's outcome is known before its recipients are."""

    def __init__(self, outcome: Outcome, *reasons: Reason, dated: date | None = None) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.reasons = reasons
        self.dated = dated


@dataclass(frozen=True, slots=True)
class _Serving:
    """The deadline that a letter serves, and the occurrence that its obligation names."""

    deadline: Deadline | None
    occurrence: int


_NOTHING_SERVED: Final = _Serving(None, 0)


class _Answering(NamedTuple):
    """Who answers for a letter: whom its rule names, or else the row's first deadline."""

    own: Responsible
    of_row: Responsible


@dataclass(slots=True)
class _Case:
    """One rule on one row, with all that decides about it; what it serves is found out first."""

    rule: LetterRule
    row: Row
    serving: _Serving
    answering: _Answering
    premises: Premises
    protected: frozenset[Ref]

    @property
    def key(self) -> tuple[str, Ref, int]:
        """What the letter is known by before its recipients are."""
        return self.rule.name, self.row.ref, self.serving.occurrence

    @property
    def again(self) -> frozenset[str]:
        """The ids of its letters that may have to be made again."""
        return self.premises.again.get(self.key, frozenset())

    @property
    def who(self) -> Responsible | Deadline:
        """Who answers for its letters: as the rule says, else the deadline that they serve, else the row's first deadline."""
        deadline = self.serving.deadline
        return self.answering.of_row if self.answering.own.owner or deadline is None or not deadline.owner else deadline


def _letters(case: _Case) -> Iterator[Letter]:
    try:
        case.serving = _serving(case.rule, case.row, case.premises)
        yield from _due_letters(case)
    except _Settled as settled:
        known = case.premises.known
        if settled.outcome is not Outcome.NOT_NEEDED or known is None or (case.rule.name, case.row.ref) in known:
            yield _alone(case, settled)
    except FAULTS as error:
        yield _alone(case, _Settled(_withheld(case), failure(case.rule, case.row, error)))


def _due_letters(case: _Case) -> Iterator[Letter]:
    rule, row = case.rule, case.row
    _needed(case)
    dated = _dated(rule, row)
    if row.ref in case.protected:
        raise _Settled(Outcome.MANUAL, Reason(PROTECTED))
    _since_start(case, dated)
    _withheld_by_faults(case)
    before = case.premises.dated.get(case.key)
    people = recipients(rule, letter_view(row.view, rule, row, dated or before or row.view.today))
    if not any(person.role != "copy" for person in people):
        raise _Settled(Outcome.WITHHELD, Reason(finding=about("recipient-missing", rule, row)), dated=dated)
    shielded = frozenset(person.ref for person in people if person.ref in case.protected)
    for person in people:
        yield _for_recipient(case, person, dated, shielded)


def _for_recipient(case: _Case, person: Recipient, dated: date | None, shielded: frozenset[Ref | None]) -> Letter:
    """The letter to one of its recipients; `shielded` are those whose address is protected, since all are named in each."""
    rule, row, deadline, who = case.rule, case.row, case.serving.deadline, case.who
    obligation = Obligation(rule.name, row.ref, person.ref, person.role, case.serving.occurrence)
    past = case.premises.past.get(obligation.id)
    day = dated or (past.dated if past else row.view.today)
    letter = Letter(
        obligation,
        person,
        Outcome.DUE,
        dated=day,
        owner=who.owner,
        stands_in_for=who.stands_in_for,
        due=deadline.due if deadline else None,
    )
    outcome, reasons = _outcome(case, letter, past, shielded)
    return replace(letter, outcome=outcome, reasons=reasons)


def _outcome(
    case: _Case, letter: Letter, past: Past | None, shielded: frozenset[Ref | None]
) -> tuple[Outcome, tuple[Reason, ...]]:
    rule, row, person = case.rule, case.row, letter.recipient
    if letter.obligation.id not in case.again:
        said = _fact(message("sent on {day}"), day=past.sent) if past is not None and past.sent is not None else None
        said = said or (_said_sent(case) if case.again else None)
        if said is not None:
            return Outcome.SENT, (said,)
    if shielded:
        own = person.ref in shielded
        return Outcome.MANUAL, (Reason(message("the recipient's address is protected") if own else PROTECTED),)
    if person.ref is not None and not person.address and _has_address(person.ref, row):
        return Outcome.WITHHELD, (Reason(finding=_without_address(rule, person.ref, row)),)
    failed = _failed_checks(rule, letter_view(row.view, rule, row, letter.dated or row.view.today))
    if failed:
        return Outcome.WITHHELD, failed
    if past is not None and past.sent is None:
        return Outcome.PRODUCED, (_fact(message("made on {day}, not sent yet"), day=past.produced),)
    return Outcome.DUE, ()


def _has_address(person: Ref, row: Row) -> bool:
    """The sheet of the recipient has addresses at all."""
    rule = row.view.register.profile.sheets[person.sheet].recipient
    return rule is not None and bool(rule.address)


def _without_address(rule: LetterRule, person: Ref, row: Row) -> Finding:
    """The finding at the recipient's own row, where the address is to be filled in."""
    found = row.view.row(person)
    return about("address-missing", rule, found if found is not None else row)


def _serving(rule: LetterRule, row: Row, premises: Premises) -> _Serving:
    if rule.serves is None:
        return _NOTHING_SERVED
    deadline = premises.deadlines.get(rule.serves, {}).get(row.ref)
    if deadline is None:
        deadline = work_out(row.view.register.profile.deadlines[rule.serves], row)
    return _Serving(deadline, deadline.occurrence)


def _needed(case: _Case) -> None:
    """Settle the letters that this row does not need, not yet, or no longer."""
    rule, row, serving = case.rule, case.row, case.serving
    if not row.view.evaluate(rule.when, row):
        raise _Settled(Outcome.NOT_NEEDED, _fact(message("«{rule}» does not hold"), rule=rule.when))
    if case.again:
        return
    said = _said_sent(case)
    if said is not None:
        raise _Settled(Outcome.SENT, said)
    by_ledger = (rule.name, row.ref) in case.premises.by_ledger
    deadline = serving.deadline
    if deadline is None:
        return
    match deadline.status:
        case Status.UNKNOWN:
            raise _Settled(Outcome.WITHHELD, Reason(finding=deadline.cause))
        case Status.DONE | Status.DONE_LATE if by_ledger:
            return
        case Status.DONE | Status.DONE_LATE | Status.NOT_NEEDED:
            raise _Settled(Outcome.NOT_NEEDED, Reason(_SERVED[deadline.status]))
        case Status.NOT_STARTED:
            raise _Settled(Outcome.WAITING, Reason(message("its deadline has not started")))
        case _ if deadline.remind_from is not None and row.view.today < deadline.remind_from:
            raise _Settled(Outcome.WAITING, _fact(message("it is made from {day} on"), day=deadline.remind_from))


_SERVED: Final = {
    Status.DONE: message("its deadline is done"),
    Status.DONE_LATE: message("its deadline was done late"),
    Status.NOT_NEEDED: message("its deadline does not apply"),
}
"""Why a letter is not needed, by the standing of the deadline that it would fulfil."""


def _said_sent(case: _Case) -> Reason | None:
    """What the register's own ``sent`` column says of the letter; None where it says nothing."""
    rule, row = case.rule, case.row
    sent = row.lookup(rule.sent) if rule.sent is not None else EMPTY
    if sent is EMPTY or (rule.name, row.ref) in case.premises.by_ledger:
        return None
    occurrence = occurrence_sent(rule, row, sent)
    counts = occurrence is None or occurrence >= case.serving.occurrence
    return _fact(message("sent on {day}, says the register"), day=sent) if counts else None


def occurrence_sent(rule: LetterRule, row: Row, sent: Any) -> int | None:
    """Of which occurrence of a recurring deadline a date in the ``sent`` column is; None where the letter serves none."""
    deadlines = row.view.register.profile.deadlines
    deadline = deadlines[rule.serves] if rule.serves is not None else None
    if deadline is None or deadline.every is None or deadline.from_ is None:
        return None
    anchor = row.view.evaluate(deadline.from_, row)
    every = parse_duration(deadline.every, row.view.rules.calendar)
    if every is None or anchor is EMPTY:
        return None
    return nearest_occurrence(anchor, every, sent)


def _dated(rule: LetterRule, row: Row) -> date | None:
    """The letter's date where a column decides it; None where it is the day it is first produced."""
    if rule.dated is None:
        return None
    value = row.view.evaluate(rule.dated, row)
    if value is EMPTY:
        raise _Settled(Outcome.WAITING, _fact(message("the letter's date «{rule}» is empty"), rule=rule.dated))
    if not isinstance(value, date):
        raise RuleError(f"{rule.dated}: «{value}» is no date")
    return value


def _since_start(case: _Case, dated: date | None) -> None:
    """Hold back what the past seems to lack (``docs/profile.md``, convention 11)."""
    if case.again or case.key in case.premises.wanted:
        return
    if case.key in case.premises.unwanted:
        raise _Settled(Outcome.NOT_NEEDED, Reason(message("it is not needed, says the answer on a dispatch list")), dated=dated)
    deadline, start = case.serving.deadline, case.premises.start
    since = deadline.raw if deadline is not None else dated or _latest_date(case.rule.when, case.row)
    if since is None:
        raise _Settled(
            Outcome.REVIEW, Reason(message("no date says when it became due; look whether it is needed")), dated=dated
        )
    if since < start:
        why = _fact(message("it became due on {day}, before the start on {start}"), day=since, start=start)
        raise _Settled(Outcome.REVIEW, why, dated=dated)


def _latest_date(source: str, row: Row) -> date | None:
    """The latest date that a rule reads on a row, through the computed columns that it names."""
    return max(_dates_read(source, row), default=None)


def _dates_read(source: str, row: Row) -> Iterator[date]:
    columns = row.view.register.profile.sheets[row.record.sheet].columns
    for path in row.view.rules.paths(source):
        column = columns.get(path[0])
        if column is not None and column.value is not None:
            yield from _dates_read(column.value, row)
        value = _followed(path, row)
        if isinstance(value, date) and path != ("today",):
            yield value


def _followed(path: tuple[str, ...], row: Row) -> Any:
    value: Any = row
    for name in path:
        value = row.view.rules.environment.getattr(value, name)
    return value


def _cells_read(source: str, row: Row) -> Iterator[str]:
    """The dates and answers that a check read, with their headings and cells, for whoever has to mend them."""
    texts = texts_in(row.view.register.profile.office.language)
    for path in row.view.rules.paths(source):
        owner, value = _followed(path[:-1], row), _followed(path, row)
        if isinstance(owner, Row) and (value is EMPTY or isinstance(value, date)):
            column = owner.view.register.profile.sheets[owner.record.sheet].columns.get(path[-1])
            if column is not None and column.stored and column.class_ == OPEN:
                shown = texts.short_date(value) if isinstance(value, date) else "–"
                yield f"{column.heading} ({owner.record.cell(column.name)}): {shown}"


def _withheld_by_faults(case: _Case) -> None:
    broken = case.premises.broken.get(case.rule.name, ())
    faults = (*broken, *case.row.view.register.errors(case.row.ref))
    if faults:
        raise _Settled(Outcome.WITHHELD, *(Reason(finding=finding) for finding in faults))


def _failed_checks(rule: LetterRule, row: Row) -> tuple[Reason, ...]:
    failed: list[Reason] = []
    for sentence, source in rule.checks.items():
        try:
            if not row.view.evaluate(source, row):
                cells = ", ".join(_cells_read(source, row))
                code = "letter-check" if cells else "letter-check-plain"
                failed.append(Reason(finding=about(code, rule, row, sentence=sentence, cells=cells)))
        except FAULTS as error:
            failed.append(failure(rule, row, error))
    return tuple(failed)


# ------------------------------------------------------------------ reasons


_FILE: Final = Recipient(None, "file")


def _alone(case: _Case, settled: _Settled) -> Letter:
    deadline, who = case.serving.deadline, case.who
    return Letter(
        Obligation(case.rule.name, case.row.ref, None, "file", case.serving.occurrence),
        _FILE,
        settled.outcome,
        settled.reasons,
        dated=settled.dated,
        owner=who.owner,
        stands_in_for=who.stands_in_for,
        due=deadline.due if deadline else None,
    )


def _withheld(case: _Case) -> Outcome:
    return Outcome.MANUAL if case.row.ref in case.protected else Outcome.WITHHELD


@lru_cache(maxsize=10_000)  # most letters are not needed, each for one of a few reasons
def _fact(sentence: str, **facts: object) -> Reason:
    return Reason(sentence, tuple((name, value if isinstance(value, date) else str(value)) for name, value in facts.items()))


def _owner_rules(profile: Profile) -> Mapping[str, str]:
    """Who answers for the letters of a sheet: the owner of its first deadline that has one."""
    found: dict[str, str] = {}
    for rule in profile.deadlines.values():
        if rule.owner is not None:
            found.setdefault(rule.on, rule.owner)
    return found
