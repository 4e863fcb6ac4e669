"""The overview: everything a manager needs in the morning, as values that page and workbook only set in type.

Nothing falls off: a deadline that is unknown, overdue or due soon is always on the list, and the counts account for the others.
Nothing personal is on it: records stand by their keys, and a value of a class that lists may not show is never printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from pipeline.calendars import Calendar
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place, Severity, sentence
from pipeline.letters.model import Letter, Outcome, Reason, Role
from pipeline.lists.words import plain
from pipeline.profile.model import LETTERS, DeadlineRule, Profile, conditional
from pipeline.register.model import Record, Ref, Register
from pipeline.texts import Texts, message

HORIZON: Final = timedelta(days=14)
"""How far ahead an upcoming deadline is on the list."""

LISTED: Final = (Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON, Status.UPCOMING)
"""The statuses that the list shows, the most urgent first."""

_HELD: Final = (Outcome.WITHHELD, Outcome.MANUAL, Outcome.REVIEW, Outcome.DUE)
"""Outcomes of letters that are owed and not made, in the order of the list."""

_STEPS: Final[Mapping[Outcome, str]] = {
    Outcome.WITHHELD: message("Mend what withholds the letter «{letter}»."),
    Outcome.MANUAL: message("Treat it by hand: no letter is made for this record."),
    Outcome.REVIEW: message("Find out whether the letter «{letter}» has gone out, and fill in its date."),
    Outcome.DUE: message("The next run makes the letter «{letter}»."),
    Outcome.PRODUCED: message("Send the letter «{letter}» and write down the date."),
}
"""What to do first about a deadline that a letter with this outcome serves."""

Identity = tuple[str, Ref, int]
"""What makes a deadline the same from run to run: rule, record, occurrence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewInput:
    """What a run read, computed and made.

    Attributes:
        register: records, findings and excluded rows; for rules on letters with the ledger's letters.
        deadlines: all of them, in any order.
        letters: all planned letters, in any order.
        files: for the letters made on the as-of day, the file by obligation id, relative to ``output`` with forward slashes.
        today: the as-of day.
        calendar: the office's working days.
        before: the statuses of the previous run by the deadline's identity; None where there was none.
        owners: names to show for owners, by `Deadline.owner`; who is missing is shown as they are.
    """

    register: Register
    deadlines: Sequence[Deadline]
    letters: Sequence[Letter]
    files: Mapping[str, str]
    today: date
    calendar: Calendar
    before: Mapping[Identity, Status] | None = None
    owners: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that matter; `read` rows of the register are `used` and `excluded` ones."""

    unknown: int
    overdue: int
    due_soon: int
    produced: int
    withheld: int
    manual: int
    review: int
    errors: int
    warnings: int
    read: int
    used: int
    excluded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDeadline:
    """A deadline on the list.

    Attributes:
        title: the rule's.
        record: the key of the record; for a rule on letters, of the record that the letter is about.
        owner: the name to show; empty where nobody is named.
        status: one of `LISTED`.
        due: None where it is unknown.
        act_by: the office's last working day for it; None for a citizen's right.
        working_days: where it is overdue, since it was due; else left until `act_by` or `due`; None where unknown.
        basis: the legal references as they read on the as-of day.
        first_step: what to do first, as a sentence.
        cause: for an unknown one, the cell to mend, as ``Saker!D14``.
        new: its status is another than at the previous run.
    """

    title: str
    record: str
    owner: str
    status: Status
    due: date | None
    act_by: date | None
    working_days: int | None
    basis: tuple[str, ...]
    first_step: str
    cause: str
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many deadlines of the list belong together, by status in the order of `LISTED`.

    Attributes:
        name: an owner or a kind of deadline; empty for deadlines whose owner nobody named.
        counts: one for each status of `LISTED`.
    """

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducedLetter:
    """A letter made on the as-of day; `file` is relative to ``output``."""

    id: str
    record: str
    title: str
    role: Role
    owner: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLetter:
    """A letter that is owed and was not made.

    Attributes:
        record: the key of the record.
        title: the letter's title; empty for manual treatment, which tells nothing but where.
        owner: who sees to it; empty where nobody is named.
        outcome: withheld, manual, review, or due (the next run makes it).
        why: a sentence for each reason; empty for manual treatment.
    """

    record: str
    title: str
    owner: str
    outcome: Outcome
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFinding:
    """A finding in words: the eight facts and how severe it is."""

    severity: Severity
    file: str
    sheet: str
    cell: str
    heading: str
    record: str
    value: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the lists of a day.

    Attributes:
        municipality: whose.
        today: the as-of day.
        numbers: the headline.
        statuses: how many deadlines there are of each status, those off the list too.
        deadlines: the list: unknown, then overdue with the oldest first, then due soon, then upcoming within `HORIZON`.
        by_owner: the list's counts per owner, by name.
        by_kind: the list's counts per title.
        produced: the letters of the day.
        held: the letters that are owed and were not made.
        findings: errors first, then by place.
        excluded: the rows that were not used, with the reason.
    """

    municipality: str
    today: date
    numbers: Numbers
    statuses: Mapping[Status, int]
    deadlines: tuple[ListedDeadline, ...]
    by_owner: tuple[Group, ...]
    by_kind: tuple[Group, ...]
    produced: tuple[ProducedLetter, ...]
    held: tuple[HeldLetter, ...]
    findings: tuple[ListedFinding, ...]
    excluded: tuple[ListedFinding, ...]


def build_overview(given: OverviewInput, texts: Texts) -> Overview:
    """The overview of a day; its sentences are in the language of `texts`."""
    register, today = given.register, given.today
    listed = sorted((d for d in given.deadlines if _is_listed(d, today)), key=_urgency)
    steps = _FirstSteps(given, texts)
    rows = tuple(_listed_deadline(deadline, given, steps) for deadline in listed)
    statuses = Counter(deadline.status for deadline in given.deadlines)
    letters = sorted(given.letters, key=_letter_order)
    produced = tuple(_produced(letter, given) for letter in letters if letter.obligation.id in given.files)
    unmade = [letter for letter in letters if letter.outcome in _HELD and letter.obligation.id not in given.files]
    held = tuple(_held(letter, given, texts) for letter in sorted(unmade, key=_most_held))
    outcomes = Counter(letter.outcome for letter in held)
    excluded = _in_words(register.excluded, texts)
    findings = _in_words(set(register.findings) - set(register.excluded), texts)
    severities = Counter(finding.severity for finding in (*findings, *excluded))
    used = sum(len(records) for sheet, records in register.records.items() if sheet != LETTERS)
    left_out = len({(f.place.file, f.place.sheet, f.place.row) for f in register.excluded})
    return Overview(
        municipality=plain(register.profile.office.municipality),
        today=today,
        numbers=Numbers(
            unknown=statuses[Status.UNKNOWN],
            overdue=statuses[Status.OVERDUE],
            due_soon=statuses[Status.DUE_SOON],
            produced=len(produced),
            withheld=outcomes[Outcome.WITHHELD],
            manual=outcomes[Outcome.MANUAL],
            review=outcomes[Outcome.REVIEW],
            errors=severities[Severity.ERROR],
            warnings=severities[Severity.WARNING],
            read=used + left_out,
            used=used,
            excluded=left_out,
        ),
        statuses={status: statuses[status] for status in Status},
        deadlines=rows,
        by_owner=_grouped(rows, lambda row: row.owner),
        by_kind=_grouped(rows, lambda row: row.title),
        produced=produced,
        held=held,
        findings=findings,
        excluded=excluded,
    )


def _is_listed(deadline: Deadline, today: date) -> bool:
    if deadline.status is Status.UPCOMING:
        nearest = deadline.act_by or deadline.due
        return nearest is None or nearest <= today + HORIZON
    return deadline.status in LISTED


def _urgency(deadline: Deadline) -> tuple[int, date, str, str, str, int]:
    """Unknown, overdue by age, due soon, upcoming; the identity makes the order the same every night."""
    day = deadline.due if deadline.status is Status.OVERDUE else deadline.act_by or deadline.due
    record = deadline.record
    return (LISTED.index(deadline.status), day or date.min, deadline.rule, record.key, record.sheet, deadline.occurrence)


def _listed_deadline(deadline: Deadline, given: OverviewInput, steps: _FirstSteps) -> ListedDeadline:
    profile = given.register.profile
    rule = profile.deadlines[deadline.rule]
    identity = (deadline.rule, deadline.record, deadline.occurrence)
    return ListedDeadline(
        title=plain(rule.title),
        record=_record_key(deadline.record, given.register),
        owner=_owner(deadline.owner, given),
        status=deadline.status,
        due=deadline.due,
        act_by=deadline.act_by,
        working_days=_working_days(deadline, given.today, given.calendar),
        basis=_references(rule, profile, given.today),
        first_step=steps.of(deadline, rule),
        cause=plain(str(deadline.cause.place)) if deadline.cause else "",
        new=given.before is not None and given.before.get(identity) is not deadline.status,
    )


def _working_days(deadline: Deadline, today: date, calendar: Calendar) -> int | None:
    if deadline.status is Status.OVERDUE:
        return None if deadline.due is None else calendar.working_days_between(deadline.due, today)
    nearest = deadline.act_by or deadline.due
    return None if nearest is None else max(0, calendar.working_days_between(today, nearest))


def _references(rule: DeadlineRule, profile: Profile, day: date) -> tuple[str, ...]:
    """The references that the rule names, also those on a condition: the list says what it may rest on."""
    versions = (profile.reference(conditional(item)[0], day) for item in rule.basis)
    return tuple(plain(version.text) for version in versions if version)


class _FirstSteps:
    """What to do first about a deadline: mend the cell, see to the letter that serves it, or do it and write the date down."""

    def __init__(self, given: OverviewInput, texts: Texts) -> None:
        self._profile = given.register.profile
        self._texts = texts
        self._made = given.files
        serving: defaultdict[Identity, list[Letter]] = defaultdict(list)
        for letter in sorted(given.letters, key=_letter_order):
            rule = self._profile.letters[letter.obligation.letter]
            if rule.serves:
                serving[rule.serves, letter.obligation.record, letter.obligation.occurrence].append(letter)
        self._serving = serving

    def of(self, deadline: Deadline, rule: DeadlineRule) -> str:
        texts = self._texts
        if deadline.status is Status.UNKNOWN:
            if deadline.cause is None:
                return texts("Find out which cell of the record is missing or wrong.")
            return plain(sentence(_shortened(deadline.cause), texts).cure)
        letters = self._serving.get((deadline.rule, deadline.record, deadline.occurrence), ())
        step = next(filter(None, map(self._about, sorted(letters, key=_most_held))), "")
        if step:
            return step
        if rule.whose == "citizen":
            return texts("Wait: the time is not the office's, and it runs until then.")
        found = _where_done(rule, self._profile)
        if found is None:
            return texts("Do it and write it down in the register.")
        heading, sheet = found
        return texts("Do it, then fill in «{heading}» in the sheet «{sheet}».", heading=plain(heading), sheet=plain(sheet))

    def _about(self, letter: Letter) -> str:
        made = letter.outcome is Outcome.DUE and letter.obligation.id in self._made
        step = _STEPS.get(Outcome.PRODUCED if made else letter.outcome, "")
        return self._texts(step, letter=plain(self._profile.letters[letter.obligation.letter].title))


def _where_done(rule: DeadlineRule, profile: Profile) -> tuple[str, str] | None:
    """Heading and sheet of the column that ends the deadline, where `done` is no more than a path to a column."""
    sheet = profile.sheets.get(rule.on)
    *path, name = (rule.done or "").split(".")
    for step in path:
        if sheet is None:
            return None
        column, here = sheet.columns.get(step), sheet.name
        onward = (
            column.to
            if column
            else next((s.name for s in profile.sheets.values() if _leads_back(s.name, step, here, profile)), None)
        )
        sheet = profile.sheets.get(onward or "")
    column = sheet.columns.get(name) if sheet else None
    return (column.heading, sheet.title) if sheet and column and column.stored else None


def _leads_back(sheet: str, name: str, target: str, profile: Profile) -> bool:
    return any(column.back == name and column.to == target for column in profile.sheets[sheet].columns.values())


def _most_held(letter: Letter) -> int:
    return _HELD.index(letter.outcome) if letter.outcome in _HELD else len(_HELD)


def _letter_order(letter: Letter) -> tuple[str, str, str, str]:
    owed = letter.obligation
    return (owed.letter, owed.record.key, owed.role, owed.id)


def _produced(letter: Letter, given: OverviewInput) -> ProducedLetter:
    owed = letter.obligation
    return ProducedLetter(
        id=owed.id,
        record=_record_key(owed.record, given.register),
        title=plain(given.register.profile.letters[owed.letter].title),
        role=owed.role,
        owner=_owner(letter.owner, given),
        file=given.files[owed.id],
    )


def _held(letter: Letter, given: OverviewInput, texts: Texts) -> HeldLetter:
    owed = letter.obligation
    manual = letter.outcome is Outcome.MANUAL
    why = tuple(plain(_in_one(reason, texts)) for reason in letter.reasons)
    if letter.outcome is Outcome.DUE and not why:
        why = (texts("Made by the next run that makes letters."),)
    return HeldLetter(
        record=_record_key(owed.record, given.register),
        title="" if manual else plain(given.register.profile.letters[owed.letter].title),
        owner=_owner(letter.owner, given),
        outcome=letter.outcome,
        why=() if manual else why,
    )


def _in_one(reason: Reason, texts: Texts) -> str:
    """A reason as one text; that of a finding begins with its cell."""
    if reason.finding is None:
        return texts(reason.sentence, **{name: plain(fact) if isinstance(fact, str) else fact for name, fact in reason.facts})
    words = sentence(_shortened(reason.finding), texts)
    return f"{reason.finding.place}: {words.message} {words.cure}"


def _in_words(findings: Iterable[Finding], texts: Texts) -> tuple[ListedFinding, ...]:
    return tuple(_listed_finding(_shortened(finding), texts) for finding in sorted(findings, key=_finding_order))


def _listed_finding(finding: Finding, texts: Texts) -> ListedFinding:
    words = sentence(finding, texts)
    return ListedFinding(
        severity=finding.severity,
        file=plain(finding.place.file),
        sheet=plain(finding.place.sheet),
        cell=finding.place.cell,
        heading=plain(finding.heading),
        record=plain(finding.record),
        value=plain(finding.shown),
        message=plain(words.message),
        cure=plain(words.cure),
    )


def _finding_order(finding: Finding) -> tuple[bool, str, str, int, int, str, str, tuple[tuple[str, str], ...]]:
    place: Place = finding.place
    warning = finding.severity is Severity.WARNING
    return (warning, place.file, place.sheet, place.row, place.column, finding.code, finding.value, finding.facts)


def _shortened(finding: Finding) -> Finding:
    """The finding with values that fit on a list."""
    facts = tuple((name, plain(value)) for name, value in finding.facts)
    return replace(
        finding, value=plain(finding.value), facts=facts, heading=plain(finding.heading), record=plain(finding.record)
    )


def _record_key(ref: Ref, register: Register) -> str:
    """The key; for a letter of the ledger, that of the record it is about."""
    record: Record | None = register.get(ref) if ref.sheet == LETTERS else None
    about = record.values.get("record") if record else None
    return plain(about.key if isinstance(about, Ref) else ref.key)


def _owner(owner: str, given: OverviewInput) -> str:
    return plain(given.owners.get(owner, owner))


def _grouped(rows: Sequence[ListedDeadline], name: Callable[[ListedDeadline], str]) -> tuple[Group, ...]:
    counts: defaultdict[str, Counter[Status]] = defaultdict(Counter)
    for row in rows:
        counts[name(row)][row.status] += 1
    return tuple(
        Group(name=key, counts=tuple(counts[key][status] for status in LISTED)) for key in sorted(counts, key=_by_name)
    )


def _by_name(name: str) -> tuple[bool, str, str]:
    """By name without regard to case; who has none comes first, since nobody sees to it."""
    return (bool(name), name.casefold(), name)
