"""The overview: everything a manager needs in the morning, as values that page and workbook only set in type.

Nothing falls off: a deadline that is unknown, overdue or due soon is always on the list, and the counts account for the others.
Nothing personal is on it: records stand by their keys, and a value of a class that lists may not show is never printed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from pipeline.calendars import Calendar
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place, Severity, sentence
from pipeline.letters.model import Letter, Outcome, Reason, Role
from pipeline.lists.course import (
    LATE,
    Band,
    Before,
    Night,
    Point,
    Since,
    Week,
    bands,
    identity,
    median_age,
    next_working_monday,
    since,
    trend,
    weeks,
)
from pipeline.lists.own import OwnList
from pipeline.lists.words import ROLE, plain, record_key
from pipeline.profile.model import LETTERS, DeadlineRule, LetterRule, Profile, conditional
from pipeline.register.model import Ref, Register
from pipeline.texts import Texts, message

HORIZON: Final = timedelta(days=14)
"""How far ahead an upcoming deadline is on the list."""

LISTED: Final = (Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON, Status.UPCOMING)
"""The statuses that the list shows, the most urgent first."""

_HELD: Final = (Outcome.WITHHELD, Outcome.HELD, Outcome.MANUAL, Outcome.REVIEW, Outcome.DUE)
"""Outcomes of letters that are owed and not made, in the order of the list."""

_STEPS: Final[Mapping[Outcome, str]] = {
    Outcome.WITHHELD: message("Mend what withholds the letter «{letter}»."),
    Outcome.MANUAL: message("The letter is made by hand: write it and send it."),
    Outcome.REVIEW: message("Find out whether the letter «{letter}» has gone out, and fill in its date."),
    Outcome.HELD: message("Answer on the dispatch list whether the letter «{letter}» is to be made."),
    Outcome.DUE: message("The next run makes the letter «{letter}»."),
    Outcome.PRODUCED: message("Send the letter «{letter}» and write down the date."),
}
"""What to do first about a deadline that a letter with this outcome serves; a reason to withhold it is told instead."""

_CHANGED: Final[Mapping[Outcome, str]] = {
    Outcome.WITHHELD: message("Do not send it: something in the register withholds it now."),
    Outcome.MANUAL: message("Do not send it: the letter is made by hand now."),
    Outcome.NOT_NEEDED: message("Do not send it: the register does not ask for it any more."),
}
"""What to know about a letter that lies there and has this outcome today."""

_EMPTY_CELL: Final = frozenset({"blank-field", "required-missing"})
"""Findings that say no more than that a cell is to be filled in."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A letter that lies in the output and has not been sent.

    Attributes:
        file: relative to ``output``, with forward slashes.
        made: the day on which it was made.
    """

    file: str
    made: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewInput:
    """What a run read, computed and made.

    Attributes:
        register: records, findings and excluded rows; for rules on letters with the ledger's letters.
        deadlines: all of them, in any order.
        letters: all planned letters, in any order.
        lying: by obligation id, every letter that lies in the output unsent, of whatever day.
        today: the as-of day.
        calendar: the office's working days.
        before: the run that today is compared with; None where there was none.
        nights: the earlier runs that came to their end, the oldest first.
        owners: names to show for owners, by `Deadline.owner`; who is missing is shown as they are.
        why: the steps that led to a deadline's dates, in words.
        own: the lists that the profile defines.
    """

    register: Register
    deadlines: Sequence[Deadline]
    letters: Sequence[Letter]
    lying: Mapping[str, Lying]
    today: date
    calendar: Calendar
    before: Before | None = None
    nights: Sequence[Night] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    why: Callable[[Deadline], tuple[str, ...]] = lambda _: ()
    own: Sequence[OwnList] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that matter.

    Of the letters that lie unsent (`lying`), `produced` were made on the as-of day.
    `by_monday` counts the open deadlines whose day to act comes before the next working Monday and has not passed.
    `manual` counts the records whose letters are made by hand, all other numbers of letters count letters.
    The `read` rows of the register are `used` and `excluded` ones.
    `rules` counts the kinds of deadlines that the profile has: without any, nothing is ever overdue.
    """

    rules: int
    unknown: int
    overdue: int
    due_soon: int
    by_monday: int
    produced: int
    lying: int
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
        stands_in_for: the name of the one who is away, where the owner is a substitute; else empty.
        status: one of `LISTED`.
        due: None where it is not known; a deadline of which only that it was met is unknown has its date.
        act_by: the office's last working day for it; None for a citizen's right.
        working_days: where it is overdue, since it was due; else left until `act_by` or `due`; None for an unknown one.
        basis: the legal references as they read on the as-of day.
        first_step: what to do first, as a sentence.
        cause: for an unknown one, the cell to mend, as ``Cases!D14``.
        new: its status is another than at the previous run.
        why: the steps from the trigger to the dates, in words.
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
    why: tuple[str, ...] = ()
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many deadlines of the list belong together, by status in the order of `LISTED`.

    Attributes:
        name: an owner or a kind of deadline; empty for deadlines whose owner nobody named.
        counts: one for each status of `LISTED`.
        withheld: how many withheld letters the owner has to see to; a kind of deadline has none.
    """

    name: str
    counts: tuple[int, ...]
    withheld: int = 0

    @property
    def late(self) -> int:
        """How many are unknown or overdue."""
        return sum(n for status, n in zip(LISTED, self.counts, strict=True) if status in LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingLetter:
    """A letter that was made and has not been sent.

    Attributes:
        made: the day on which it was made.
        record: the key of the record; empty for a letter of which neither profile nor register knows any more.
        title: the letter's title; empty where it is made by hand by now, which tells nothing but where.
        role: how the recipient is concerned; None where the title is empty.
        owner: who sees to it; empty where nobody is named.
        stands_in_for: for whom, where that is a substitute; else empty.
        file: relative to ``output``; empty where it is made by hand by now.
        outcome: produced; or withheld, manual or not needed where that is what the register says today.
        note: why it must not be sent as it lies, as a sentence; empty where it may be.
    """

    made: date
    record: str
    title: str
    role: Role | None
    owner: str
    file: str
    outcome: Outcome
    note: str
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLetter:
    """A letter that is owed and was not made; for those that are made by hand, all of a record.

    Attributes:
        record: the key of the record.
        title: the letter's title; empty for manual treatment, which tells nothing but where.
        owner: who sees to it; empty where nobody is named.
        stands_in_for: for whom, where that is a substitute; else empty.
        outcome: withheld, manual, review, or due (the next run makes it).
        why: a sentence for each reason; empty for manual treatment.
    """

    record: str
    title: str
    owner: str
    outcome: Outcome
    why: tuple[str, ...]
    stands_in_for: str = ""


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
        by_owner: the list's counts per owner, who has most unknown and overdue ones first, what nobody is named for last.
        by_kind: the list's counts per title, by title.
        own: the lists that the profile defines.
        lying: the letters that were made and not sent, the oldest first.
        held: the letters that are owed and were not made.
        findings: errors first, then by place.
        excluded: the rows that were not used, with the reason.
        monday: the next working Monday.
        next_run: the next working day, on which a newer page should be there.
        last_run: the day of the last run before this one that came to its end; None where there was none.
        last_run_age: in working days.
        since: what has changed since the run that today is compared with; None where there was none.
        ages: how many overdue deadlines there are of each age.
        median_age: of the overdue deadlines, in working days; None where there are none.
        trend: unknown and overdue deadlines after each of the last runs, today's last.
        weeks: the load of the coming weeks.
    """

    municipality: str
    today: date
    monday: date
    next_run: date
    last_run: date | None
    last_run_age: int
    since: Since | None
    ages: tuple[Band, ...]
    median_age: float | None
    trend: tuple[Point, ...]
    weeks: tuple[Week, ...]
    numbers: Numbers
    statuses: Mapping[Status, int]
    deadlines: tuple[ListedDeadline, ...]
    by_owner: tuple[Group, ...]
    by_kind: tuple[Group, ...]
    own: tuple[OwnList, ...]
    lying: tuple[LyingLetter, ...]
    held: tuple[HeldLetter, ...]
    findings: tuple[ListedFinding, ...]
    excluded: tuple[ListedFinding, ...]


def build_overview(given: OverviewInput, texts: Texts) -> Overview:
    """The overview of a day; its sentences are in the language of `texts`."""
    register, today = given.register, given.today
    listed = sorted((d for d in given.deadlines if _is_listed(d, today)), key=_urgency)
    letters = sorted(given.letters, key=_letter_order)
    steps = _FirstSteps(given, letters, texts)
    rules = {
        name: (plain(rule.title), _references(rule, register.profile, today))
        for name, rule in register.profile.deadlines.items()
    }
    rows = tuple(_listed_deadline(deadline, given, steps, *rules[deadline.rule]) for deadline in listed)
    statuses = Counter(deadline.status for deadline in given.deadlines)
    lying = _lying(given, letters, texts)
    held = _held(given, letters, texts)
    outcomes = Counter(letter.outcome for letter in held)
    excluded = _in_words(register.excluded, texts)
    findings = _in_words(set(register.findings) - set(register.excluded), texts)
    severities = Counter(finding.severity for finding in (*findings, *excluded))
    used = sum(len(records) for sheet, records in register.records.items() if sheet != LETTERS)
    ages = [row.working_days or 0 for row in rows if row.status is Status.OVERDUE]
    monday = next_working_monday(today, given.calendar)
    nearest = [d.act_by or d.due for d in given.deadlines if d.status in {Status.DUE_SOON, Status.UPCOMING}]
    last = given.nights[-1].day if given.nights else None
    left_out = len({(f.place.file, f.place.sheet, f.place.row) for f in register.excluded})
    return Overview(
        municipality=plain(register.profile.office.municipality),
        today=today,
        monday=monday,
        next_run=given.calendar.add_working_days(today, 1),
        last_run=last,
        last_run_age=given.calendar.working_days_between(last, today) if last else 0,
        since=since(given.before, given.deadlines, register),
        ages=bands(ages),
        median_age=median_age(ages),
        trend=trend(given.nights, Point(today, statuses[Status.UNKNOWN], statuses[Status.OVERDUE])),
        weeks=weeks(given.deadlines, today, given.calendar),
        numbers=Numbers(
            rules=len(rules),
            unknown=statuses[Status.UNKNOWN],
            overdue=statuses[Status.OVERDUE],
            due_soon=statuses[Status.DUE_SOON],
            by_monday=sum(day is not None and day < monday for day in nearest),
            produced=sum(letter.made == today for letter in lying),
            lying=len(lying),
            withheld=outcomes[Outcome.WITHHELD] + outcomes[Outcome.HELD],
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
        by_owner=tuple(sorted(_by_owner(rows, held), key=_most_urgent)),
        by_kind=tuple(sorted(_grouped(rows, lambda row: row.title), key=lambda group: by_name(group.name))),
        own=tuple(given.own),
        lying=lying,
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


def _listed_deadline(
    deadline: Deadline, given: OverviewInput, steps: _FirstSteps, title: str, basis: tuple[str, ...]
) -> ListedDeadline:
    return ListedDeadline(
        title=title,
        record=record_key(deadline.record, given.register),
        owner=_owner(deadline.owner, given),
        stands_in_for=_owner(deadline.stands_in_for, given),
        status=deadline.status,
        due=deadline.due,
        act_by=deadline.act_by,
        working_days=_working_days(deadline, given.today, given.calendar),
        basis=basis,
        first_step=steps.of(deadline),
        cause=plain(str(deadline.cause.place)) if deadline.cause else "",
        new=given.before is not None and given.before.standings.get(identity(deadline)) is not deadline.status,
        why=tuple(map(plain, given.why(deadline))),
    )


def _working_days(deadline: Deadline, today: date, calendar: Calendar) -> int | None:
    if deadline.status is Status.UNKNOWN:
        return None
    if deadline.status is Status.OVERDUE:
        return None if deadline.due is None else calendar.working_days_between(deadline.due, today)
    nearest = deadline.act_by or deadline.due
    return None if nearest is None else max(0, calendar.working_days_between(today, nearest))


def _references(rule: DeadlineRule, profile: Profile, day: date) -> tuple[str, ...]:
    """The references that the rule names, also those on a condition: the list says what it may rest on."""
    versions = (profile.reference(conditional(item)[0], day) for item in rule.basis)
    return tuple(plain(version.text) for version in versions if version)


class _FirstSteps:
    """What to do first about a deadline: mend the cell, see to the letter that meets it, or do it and write the date down."""

    def __init__(self, given: OverviewInput, letters: Sequence[Letter], texts: Texts) -> None:
        self._profile = given.register.profile
        self._texts = texts
        self._lying = given.lying
        meeting: defaultdict[tuple[str, Ref, int | None], list[Letter]] = defaultdict(list)
        met = {name: tuple(_met_by_sending(rule, self._profile)) for name, rule in self._profile.letters.items()}
        for letter in letters:
            if letter.outcome not in _STEPS:
                continue
            rule, owed = self._profile.letters[letter.obligation.letter], letter.obligation
            if rule.serves:
                meeting[rule.serves, owed.record, owed.occurrence].append(letter)
            for name in met[rule.name]:
                meeting[name, owed.record, None].append(letter)
        self._meeting = meeting
        self._done = {name: self._to_do(rule) for name, rule in self._profile.deadlines.items()}

    def of(self, deadline: Deadline) -> str:
        texts = self._texts
        if deadline.status is Status.UNKNOWN:
            if deadline.cause is None:
                return texts("Find out which cell of the record is missing or wrong.")
            return _mending(deadline.cause, texts)
        letters = [
            letter
            for occurrence in (deadline.occurrence, None)
            for letter in self._meeting.get((deadline.rule, deadline.record, occurrence), ())
        ]
        step = next(filter(None, map(self._about, sorted(letters, key=_most_held))), "")
        if step:
            return step
        if self._profile.deadlines[deadline.rule].whose == "citizen":
            return texts("Wait: the time is the recipient's and runs out on {day}.", day=deadline.due)
        return self._done[deadline.rule]

    def _to_do(self, rule: DeadlineRule) -> str:
        found = _where_done(rule, self._profile)
        if found is None:
            return self._texts("Do it and write it down in the register.")
        heading, sheet = found
        return self._texts(
            "Do it, then fill in «{heading}» in the sheet «{sheet}».", heading=plain(heading), sheet=plain(sheet)
        )

    def _about(self, letter: Letter) -> str:
        if letter.outcome is Outcome.WITHHELD and letter.reasons:
            return _in_one(letter.reasons[0], self._texts)
        made = letter.outcome is Outcome.DUE and letter.obligation.id in self._lying
        step = _STEPS.get(Outcome.PRODUCED if made else letter.outcome, "")
        return self._texts(step, letter=plain(self._profile.letters[letter.obligation.letter].title))


def _met_by_sending(rule: LetterRule, profile: Profile) -> Iterator[str]:
    """The deadlines that the letter does not serve, but that end with the day written into its ``sent`` column."""
    for name, deadline in profile.deadlines.items():
        if rule.sent is not None and (deadline.on, deadline.done) == (rule.on, rule.sent) and name != rule.serves:
            yield name


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


def _letter_order(letter: Letter) -> tuple[str, str, str, str, str, int]:
    """By letter, record and recipient; the id says the same and costs more."""
    owed = letter.obligation
    to = owed.recipient.key if owed.recipient else ""
    return (owed.letter, owed.record.key, owed.record.sheet, owed.role, to, owed.occurrence)


def _lying(given: OverviewInput, letters: Sequence[Letter], texts: Texts) -> tuple[LyingLetter, ...]:
    """What was made and not sent, the oldest first; what the register says was sent is left out.

    A letter that the plan does not name stands as the plan says of all letters of its kind and record, or is no longer needed.
    """
    to_the_file = {name for name, rule in given.register.profile.letters.items() if rule.to is None}
    addressed = (each for each in letters if each.obligation.recipient or each.obligation.letter in to_the_file)
    planned = {letter.obligation.id: letter for letter in addressed} if given.lying else {}
    of_all = {(owed.letter, owed.record): letter for letter in letters if (owed := letter.obligation).recipient is None}
    rows: list[LyingLetter] = []
    for obligation, lying in given.lying.items():
        letter = planned.get(obligation)
        name, record, role = _made_for(obligation, letter, given.register)
        standing = letter or of_all.get((name, record))
        outcome = standing.outcome if standing else Outcome.NOT_NEEDED
        rule = given.register.profile.letters.get(name)
        hidden = outcome is Outcome.MANUAL
        if outcome is not Outcome.SENT:
            rows.append(
                LyingLetter(
                    made=lying.made,
                    record=record_key(record, given.register),
                    title=plain(rule.title) if rule and not hidden else "",
                    role=None if hidden else role,
                    owner=_owner(standing.owner, given) if standing else "",
                    stands_in_for=_owner(standing.stands_in_for, given) if standing else "",
                    file="" if hidden else lying.file,
                    outcome=outcome if outcome in _CHANGED else Outcome.PRODUCED,
                    note=texts(_CHANGED.get(outcome, "")),
                )
            )
    return tuple(sorted(rows, key=lambda row: (row.made, *by_name(row.owner), row.record, row.file)))


def _made_for(identity: str, letter: Letter | None, register: Register) -> tuple[str, Ref, Role | None]:
    """Letter rule, record and role: of the plan, else of the ledger's letters; empty where neither knows the letter."""
    if letter is not None:
        return letter.obligation.letter, letter.obligation.record, letter.obligation.role
    made = register.get(Ref(LETTERS, identity))
    match made.values if made else {}:
        case {"letter": str(name), "record": Ref() as record, "role": role}:
            return name, record, next((each for each in ROLE if each == role), None)
        case _:
            return "", Ref("", ""), None


def _held(given: OverviewInput, letters: Sequence[Letter], texts: Texts) -> tuple[HeldLetter, ...]:
    """What was not made; a letter that is due and lies there was."""
    unmade = [
        letter
        for letter in letters
        if letter.outcome in _HELD and not (letter.outcome is Outcome.DUE and letter.obligation.id in given.lying)
    ]
    told = [_held_letter(letter, given, texts) for letter in unmade if letter.outcome is not Outcome.MANUAL]
    by_hand: dict[Ref, str] = {}
    for letter in unmade:
        if letter.outcome is Outcome.MANUAL:
            by_hand[letter.obligation.record] = by_hand.get(letter.obligation.record) or _owner(letter.owner, given)
    told += [
        HeldLetter(record=record_key(record, given.register), title="", owner=by_hand[record], outcome=Outcome.MANUAL, why=())
        for record in sorted(by_hand, key=lambda record: (record.key, record.sheet))
    ]
    return tuple(sorted(told, key=lambda held: _HELD.index(held.outcome)))


def _held_letter(letter: Letter, given: OverviewInput, texts: Texts) -> HeldLetter:
    owed = letter.obligation
    why = tuple(_in_one(reason, texts) for reason in letter.reasons)
    if letter.outcome is Outcome.DUE and not why:
        why = (texts("Made by the next run that makes letters."),)
    return HeldLetter(
        record=record_key(owed.record, given.register),
        title=plain(given.register.profile.letters[owed.letter].title),
        owner=_owner(letter.owner, given),
        stands_in_for=_owner(letter.stands_in_for, given),
        outcome=letter.outcome,
        why=why,
    )


def _in_one(reason: Reason, texts: Texts) -> str:
    """A reason as one text."""
    if reason.finding is not None:
        return _mending(reason.finding, texts)
    facts = {name: plain(fact) if isinstance(fact, str) else fact for name, fact in reason.facts}
    return plain(texts(reason.sentence, **facts))


def _mending(finding: Finding, texts: Texts) -> str:
    """A finding as one text: heading, cell, what is wrong and the cure."""
    cell, short = plain(str(finding.place)), _shortened(finding)
    if finding.code in _EMPTY_CELL and finding.heading:
        return plain(texts("Fill in «{heading}» ({cell}).", heading=short.heading, cell=cell))
    where = f"{short.heading} ({cell})" if finding.heading else cell
    words = sentence(short, texts)
    return plain(f"{where}: {words.message} {words.cure}")


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
    facts = tuple((name, str(fact)) for name, fact in finding.facts)
    return (warning, place.file, place.sheet, place.row, place.column, finding.code, finding.value, facts)


def _shortened(finding: Finding) -> Finding:
    """The finding with values that fit on a list."""
    facts = tuple((name, plain(fact) if isinstance(fact, str) else fact) for name, fact in finding.facts)
    return replace(
        finding, value=plain(finding.value), facts=facts, heading=plain(finding.heading), record=plain(finding.record)
    )


def _owner(owner: str, given: OverviewInput) -> str:
    return plain(given.owners.get(owner, owner))


def _by_owner(rows: Sequence[ListedDeadline], held: Sequence[HeldLetter]) -> tuple[Group, ...]:
    """The owners of the list and of withheld letters."""
    withheld = Counter(letter.owner for letter in held if letter.outcome in {Outcome.WITHHELD, Outcome.HELD})
    groups = {group.name: group for group in _grouped(rows, lambda row: row.owner)}
    none = Group(name="", counts=(0,) * len(LISTED))
    return tuple(
        replace(groups.get(name, none), name=name, withheld=withheld[name]) for name in dict.fromkeys((*groups, *withheld))
    )


def _grouped(rows: Sequence[ListedDeadline], name: Callable[[ListedDeadline], str]) -> tuple[Group, ...]:
    counts: defaultdict[str, Counter[Status]] = defaultdict(Counter)
    for row in rows:
        counts[name(row)][row.status] += 1
    return tuple(Group(name=key, counts=tuple(counts[key][status] for status in LISTED)) for key in counts)


def _most_urgent(group: Group) -> tuple[bool, int, tuple[int, ...], tuple[bool, str, str]]:
    """Most unknown and overdue ones first; what nobody is named for last, since there is nobody to ask."""
    return (not group.name, -group.late, tuple(-n for n in group.counts), by_name(group.name))


def by_name(name: str) -> tuple[bool, str, str]:
    """By name without regard to case; who has none comes last."""
    return (not name, name.casefold(), name)
