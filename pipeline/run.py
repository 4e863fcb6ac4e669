"""The walk: from the register to letters and lists, one station after the other.

`look` goes as far as anything can be seen without changing it; `run` goes on and writes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, Deadlines, compute, deadlines_of
from pipeline.deadlines.owners import owners_by_record
from pipeline.faults import Fault
from pipeline.files import digest, make_folder, replace_or_beside, run_lock, write_atomically
from pipeline.findings import Finding, Place
from pipeline.ledger.model import Entry, Run, Source, Standing, State, What
from pipeline.ledger.records import dated_by_ledger, dates_for_register, with_letters
from pipeline.ledger.recovery import recover
from pipeline.ledger.store import Ledger
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Filled, Letter, Outcome
from pipeline.letters.plan import Past, Premises, plan
from pipeline.letters.recipients import protected_refs
from pipeline.letters.template import TemplateEnvironment, TemplateMistake, check_templates, read_templates
from pipeline.letters.write import Envelope, Move, Placing, envelope, move_into_place, retire, stage, sweep
from pipeline.lists.dispatch import Dispatched, dispatch_workbook
from pipeline.lists.filled_in import read_dispatch
from pipeline.lists.overview import Lying, Numbers, OverviewInput, build_overview
from pipeline.lists.page import render_page
from pipeline.lists.workbook import overdue_workbook
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.profile.starters import PROFILE
from pipeline.register.annotate import Checked, annotated_copies
from pipeline.register.checks import check_register
from pipeline.register.grid import Workbook
from pipeline.register.model import Ref, Register, View
from pipeline.register.records import read_register
from pipeline.register.splice import REFUSALS, Refusal
from pipeline.register.workbook import read_workbook
from pipeline.register.writeback import Backup, Change, NoBackup, backups_of, recover_register, restore, write_back
from pipeline.texts import Texts, message, texts_in


@dataclass(frozen=True, slots=True)
class Workspace:
    """An office's folder: ``profile.toml``, ``registers/``, ``templates/docx/``, ``output/``."""

    folder: Path

    @property
    def profile(self) -> Path:
        """The routine."""
        return self.folder / PROFILE

    @property
    def templates(self) -> Path:
        """Where the letters' templates lie."""
        return self.folder / "templates" / "docx"

    @property
    def output(self) -> Path:
        """Where everything that is made lies."""
        return self.folder / "output"


@dataclass(frozen=True, slots=True)
class Clock:
    """The time, as the command line reads it: the as-of day, the time of day, and ticks to measure by in seconds."""

    today: date
    now: Callable[[], datetime]
    ticks: Callable[[], float]


class Stopwatch:
    """Seconds per station."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        """Measure by these ticks."""
        self._ticks = ticks
        self.seconds: dict[str, float] = {}

    @contextmanager
    def station(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = self._ticks()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self._ticks() - start


@dataclass(frozen=True, slots=True)
class Sight:
    """All that can be seen on a day without changing anything.

    Attributes:
        view: the register with the ledger's letters, on the as-of day.
        deadlines: all of them.
        letters: all planned letters, those that filling withheld among them.
        filled: the letters that are due or lie unsent, as text.
        mistakes: of the templates, by letter.
        entries: what the ledger knows, by obligation id.
        digests: of what was read, by name; a workbook's by its path in the profile.
        workbooks: what the register was read from, by path as the profile writes it.
        unwritten: the days on which letters were sent that the register does not have yet, by workbook and cell.
    """

    view: View
    deadlines: Deadlines
    letters: tuple[Letter, ...]
    filled: tuple[Filled, ...]
    mistakes: Mapping[str, tuple[TemplateMistake, ...]]
    entries: Mapping[str, Entry]
    digests: Mapping[str, str] = field(default_factory=dict)
    workbooks: Mapping[str, Workbook] = field(default_factory=dict)
    unwritten: Mapping[str, Mapping[Place, date]] = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        """The routine."""
        return self.view.register.profile


@dataclass(frozen=True, slots=True)
class IntoRegister:
    """What came of writing into the register, where the profile switches it on.

    Attributes:
        written: the cells that were filled.
        refused: the cells that must stay as they are, and why.
        waiting: how many dates wait in the ledger for the next run.
        faults: why they wait: somebody has the register open, or has saved it.
    """

    written: tuple[Place, ...] = ()
    refused: Mapping[Place, Refusal] = field(default_factory=dict)
    waiting: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did.

    Attributes:
        run: its number and day.
        numbers: the overview's headline.
        made: the letters that were made in it, with their files.
        withdrawn: how many unsent letters were taken out of their place, since nobody needs them as they are any more.
        kept: for letters that could not be put in their place, why; by obligation id.
        mistakes: of the templates, by letter.
        seconds: per station.
        page: the overview.
        register: what was written into the register.
    """

    run: Run
    numbers: Numbers
    made: tuple[Dispatched, ...]
    withdrawn: int
    kept: Mapping[str, Placing]
    mistakes: Mapping[str, tuple[TemplateMistake, ...]]
    seconds: Mapping[str, float]
    page: Path
    register: IntoRegister = IntoRegister()

    @property
    def complete(self) -> bool:
        """Nothing was left undone that is not the data's fault."""
        return not self.mistakes and Placing.OPEN not in self.kept.values()


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class Reading:
    """A register as it was read and checked.

    Attributes:
        register: with its findings.
        rules: to ask it by.
        workbooks: what it was read from, by path as the profile writes it.
        digests: of what was read, by name.
    """

    register: Register
    rules: Rules
    workbooks: Mapping[str, Workbook]
    digests: Mapping[str, str]


def read(workspace: Workspace, today: date) -> Reading:
    """Read and check the register.

    Raises:
        Fault: the profile or the register cannot be used.
    """
    profile = load_profile(workspace.profile)
    rules = Rules(Calendar(profile.office.country, profile.office.closed))
    workbooks = {path: read_workbook(workspace.folder / path) for path in _workbook_paths(profile)}
    register = check_register(read_register(profile, rules, workbooks, today), rules, today)
    digests = {path: book.digest for path, book in workbooks.items()} | {
        "profile": digest(workspace.profile.read_bytes()),
        "register": "".join(book.digest for book in workbooks.values()),
    }
    return Reading(register, rules, workbooks, digests)


def _workbook_paths(profile: Profile) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sheet.workbook or profile.register_file.workbook for sheet in profile.sheets.values()))


def look(workspace: Workspace, today: date, ledger: Ledger, stopwatch: Stopwatch, *, letters: bool = True) -> Sight:
    """Go the walk as far as nothing is changed: stations 1 to 7 of ``docs/design.md``, without `letters` only 1 to 5."""
    with stopwatch.station("register"):
        reading = read(workspace, today)
        register, rules = reading.register, reading.rules
        entries = ledger.entries()
        unwritten = dates_for_register(register, entries.values())
        view = View(with_letters(register, entries.values()), rules, today, {DEADLINES: deadlines_of})
    with stopwatch.station("deadlines"):
        deadlines = compute(view)
    if not letters:
        return Sight(view, deadlines, (), (), {}, entries, reading.digests, reading.workbooks, unwritten)
    with stopwatch.station("templates"):
        profile = register.profile
        templates = read_templates(workspace.templates, profile)
        environment = TemplateEnvironment(rules.calendar)
        mistakes = check_templates(profile, templates, environment, texts_in(profile.office.language))
    with stopwatch.station("plan"):
        by_ledger = dated_by_ledger(register, entries.values())
        start, broken = _start(profile, ledger, today), _broken(mistakes, profile)
        premises = Premises(_past(entries), _dated(entries), start, broken, by_ledger)
        planned = plan(view, premises)
    with stopwatch.station("fill"):
        filled, withheld = fill(planned, Filling(view, templates, environment))
    letters_planned = _with_withheld(planned, withheld)
    return Sight(view, deadlines, letters_planned, filled, mistakes, entries, reading.digests, reading.workbooks, unwritten)


def check(workspace: Workspace, today: date) -> tuple[Reading, Mapping[str, tuple[TemplateMistake, ...]]]:
    """The register with its findings, and the mistakes of the templates."""
    reading = read(workspace, today)
    return reading, check_workspace_templates(workspace, reading.register.profile, reading.rules.calendar)


def annotate(workspace: Workspace, reading: Reading, today: date) -> tuple[Path, ...]:
    """Write a copy of each workbook in which the findings are marked, without looking into the ledger.

    Returns:
        Where they lie.
    """
    view = View(reading.register, reading.rules, today, {DEADLINES: deadlines_of})
    return _write_annotated(workspace, view, reading.workbooks, compute(view), today)


def _write_annotated(
    workspace: Workspace, view: View, workbooks: Mapping[str, Workbook], deadlines: Deadlines, today: date
) -> tuple[Path, ...]:
    texts = texts_in(view.register.profile.office.language)
    checked = Checked(
        register=view.register,
        workbooks=workbooks,
        protected=protected_refs(view),
        owners=owners_by_record(view.register, deadlines),
        today=today,
    )
    folder = _in_folder(workspace.output / texts.name("overview"))
    return tuple(replace_or_beside(folder / name, content, today) for name, content in annotated_copies(checked, texts).items())


def check_workspace_templates(
    workspace: Workspace, profile: Profile, calendar: Calendar
) -> Mapping[str, tuple[TemplateMistake, ...]]:
    """The mistakes of a workspace's templates, by letter."""
    texts = texts_in(profile.office.language)
    return check_templates(profile, read_templates(workspace.templates, profile), TemplateEnvironment(calendar), texts)


def _past(entries: Mapping[str, Entry]) -> Mapping[str, Past]:
    past: dict[str, Past] = {}
    for obligation, entry in entries.items():
        version = entry.current or (entry.latest if entry.sent else None)
        if version is not None:
            made = entry.made_of(version.number) or version.dated
            past[obligation] = Past(entry.dated or version.dated, entry.sent, made, version.files[0].path)
    return past


def _dated(entries: Mapping[str, Entry]) -> Mapping[tuple[str, Ref, int], date]:
    """The earliest date of what was made of each letter, to whomever it went."""
    found: dict[tuple[str, Ref, int], date] = {}
    for entry in entries.values():
        about = (entry.obligation.letter, entry.obligation.record, entry.obligation.occurrence)
        if entry.current is not None and entry.dated is not None:
            found[about] = min(entry.dated, found.get(about, entry.dated))
    return found


def _start(profile: Profile, ledger: Ledger, today: date) -> date:
    """The first day whose obligations count: the office's own, else that of the first run."""
    return profile.office.start or next((run.day for run in ledger.runs()), today)


def _broken(mistakes: Mapping[str, tuple[TemplateMistake, ...]], profile: Profile) -> Mapping[str, tuple[Finding, ...]]:
    return {
        letter: tuple(
            Finding("template-broken", Place(name), facts=(("letter", profile.letters[letter].title),))
            for name in dict.fromkeys(mistake.template for mistake in found)
        )
        for letter, found in mistakes.items()
    }


def _with_withheld(letters: tuple[Letter, ...], withheld: tuple[Letter, ...]) -> tuple[Letter, ...]:
    by_obligation = {letter.obligation: letter for letter in withheld}
    return tuple(by_obligation.get(letter.obligation, letter) for letter in letters)


# ------------------------------------------------------------------ the night


def run(workspace: Workspace, clock: Clock, *, lists_only: bool = False) -> Report:
    """A whole run: letters into their folders, the ledger kept, the lists written.

    Raises:
        Fault: it could not run, or could not go on; what it had done stands, and the next run goes on from there.
    """
    stopwatch = Stopwatch(clock.ticks)
    remembered = ledger_path(workspace)
    make_folder(workspace.output)
    with run_lock(workspace.folder, clock.now()), Ledger(remembered) as ledger:
        with stopwatch.station("recovery"):
            _refuse_without_memory(workspace, ledger)
            recover(ledger, workspace.output, clock.today)
            _recover_register(workspace)
        with stopwatch.station("answers"):
            unread = _take_answers(workspace, clock.today, ledger)
        sight = look(workspace, clock.today, ledger, stopwatch)
        sight = replace(sight, view=sight.view.with_findings(unread))
        this = ledger.begin_run(clock.today, clock.now(), sight.digests["register"], sight.digests["profile"])
        kept: Mapping[str, Placing] = {}
        withdrawn = 0
        if not lists_only:
            with stopwatch.station("write"):
                stuck, withdrawn = _withdraw_letters(workspace, sight, this, ledger)
                kept = {**stuck, **_write_letters(workspace, sight, this, ledger)}
        with stopwatch.station("lists"):
            made, numbers, page = _write_lists(workspace, sight, this, ledger)
        with stopwatch.station("write back"):
            into = IntoRegister() if lists_only else _write_back(workspace, sight, clock.now())
        report = Report(this, numbers, made, withdrawn, kept, sight.mistakes, stopwatch.seconds, page, into)
        _write_record(workspace, sight, report)
        ledger.finish_run(this.number, clock.now(), _figures(report))
    return report


def ledger_path(workspace: Workspace) -> Path:
    """Where the profile puts the ledger."""
    return workspace.folder / load_profile(workspace.profile).run.ledger


# ------------------------------------------------------------------ into the register


def _write_back(workspace: Workspace, sight: Sight, at: datetime) -> IntoRegister:
    """Fill the register's empty ``sent`` cells; what must wait stays in the ledger, and the next run tries again."""
    into = IntoRegister()
    if not sight.profile.register_file.write_back:
        return into
    backups = workspace.folder / sight.profile.run.backups
    for path, dates in sight.unwritten.items():
        changes = {place: Change(day) for place, day in dates.items()}
        try:
            done = write_back(workspace.folder / path, sight.digests[path], changes, backups, at)
        except Fault as fault:
            into = replace(into, waiting=into.waiting + len(dates), faults=(*into.faults, fault))
        else:
            into = replace(into, written=(*into.written, *done.written), refused={**into.refused, **done.refused})
    return into


def _recover_register(workspace: Workspace) -> None:
    """Take away what a killed writer left beside the register, whichever whole version stands there."""
    profile = load_profile(workspace.profile)
    for path in _workbook_paths(profile):
        with suppress(Fault):  # the register can be read all the same; writing into it tells the fault
            recover_register(workspace.folder / path, workspace.folder / profile.run.backups)


def register_backups(workspace: Workspace) -> Mapping[str, tuple[Backup, ...]]:
    """The backups of each workbook of the register, the latest first; by its path in the profile."""
    profile = load_profile(workspace.profile)
    folder = workspace.folder / profile.run.backups
    return {path: backups_of(workspace.folder / path, folder) for path in _workbook_paths(profile)}


def restore_register(workspace: Workspace, name: str, at: datetime) -> Path:
    """Put a backup in the place of the workbook that it is of.

    Returns:
        The backup of the version that stood there.

    Raises:
        Fault: there is no such backup, or it cannot be put there now.
    """
    with run_lock(workspace.folder, at):
        found = register_backups(workspace)
        paths = [path for path, backups in found.items() if any(backup.path.name == name for backup in backups)]
        if not paths:
            raise NoBackup(name=name)
        return restore(workspace.folder / paths[0], name, workspace.folder / load_profile(workspace.profile).run.backups, at)


# ------------------------------------------------------------------ answers


ANSWERED_WITHIN: Final = timedelta(days=92)
"""How long after a dispatch list was made the nightly run still reads what staff write into it."""


def _take_answers(workspace: Workspace, today: date, ledger: Ledger) -> tuple[Finding, ...]:
    """Write down what staff filled in on the dispatch lists; what cannot be read is found."""
    profile = load_profile(workspace.profile)
    texts, rules = texts_in(profile.office.language), Rules(Calendar(profile.office.country, profile.office.closed))
    entries = ledger.entries()
    found: list[Finding] = []
    said: dict[What, dict[str, date]] = {What.SENT: {}, What.ARRIVED: {}, What.RETURNED: {}}
    for path in sorted(workspace.output.glob(f"*/{texts.name('dispatch')} *.xlsx"), key=_nth_list):
        if not _is_recent(path.parent.name, today):
            continue
        try:
            answers, unread = read_dispatch(read_workbook(path), profile, rules, texts, today)
        except Fault:
            found.append(Finding("dispatch-unreadable", Place(f"{path.parent.name}/{path.name}")))
            continue
        found += unread
        for answer in answers:  # where two lists name a letter, the later one was made since
            said[answer.what][answer.obligation] = answer.day
    for what, dates in said.items():
        known = {obligation: day for obligation, day in dates.items() if obligation in entries and entries[obligation].latest}
        ledger.record(today, what, known, Source.DISPATCH)
    return tuple(found)


def _nth_list(path: Path) -> tuple[str, int]:
    number = path.stem.rpartition(" ")[2]
    return path.parent.name, int(number) if number.isdecimal() else 0


def _is_recent(folder: str, today: date) -> bool:
    try:
        return today - ANSWERED_WITHIN <= date.fromisoformat(folder) <= today
    except ValueError:
        return False


def _withdraw_letters(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> tuple[Mapping[str, Placing], int]:
    """Take out of their place the unsent letters that the plan no longer stands behind.

    The recipient is another now, the row cannot be read, nobody needs the letter any more, or somebody in it is protected;
    then all that was kept of it goes as well.

    Returns:
        The letters that stay because somebody has changed the file or has it open, and how many were taken.
    """
    replaced = texts_in(sight.profile.office.language).name("replaced")
    protected = protected_refs(sight.view)
    wrong = [obligation for obligation, entry in sight.entries.items() if entry.unsent and not _stands(entry, sight)]
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
    _forget(workspace, [entry for key, entry in ledger.entries().items() if key in shielded], ledger)
    return kept, len(taken)


def _stands(entry: Entry, sight: Sight) -> bool:
    """Whether the plan stands behind an unsent letter, or cannot judge it."""
    owed = entry.obligation
    if owed.letter not in sight.profile.letters or owed.letter in sight.mistakes:
        return True
    planned = [
        letter for letter in sight.letters if (letter.obligation.letter, letter.obligation.record) == (owed.letter, owed.record)
    ]
    own = next((letter for letter in planned if letter.obligation.id == owed.id), None)
    if own is not None:
        return own.outcome in {Outcome.DUE, Outcome.PRODUCED, Outcome.SENT}
    if any(letter.obligation.occurrence > owed.occurrence for letter in planned):
        return True  # of an occurrence that is closed: the register's date is that letter's
    alone = [letter.outcome for letter in planned if letter.obligation.recipient is None]
    return bool(alone) and alone[0] in {Outcome.SENT, Outcome.REVIEW}


def _forget(workspace: Workspace, entries: Sequence[Entry], ledger: Ledger) -> None:
    """Erase what is kept of letters to or about the protected: the versions that were taken back, and what the letters said."""
    known = [entry for entry in entries if any(version.facts for version in entry.versions)]
    for entry in known:
        for version in entry.versions:
            if version.state in {State.REPLACED, State.WITHDRAWN}:
                retire(workspace.output, [Move(file.path, file.path, file.digest) for file in version.files], erase=True)
    ledger.forget(entry.obligation.id for entry in known)


class LostLedger(Fault):
    """Letters lie in the output, but the ledger that remembers them is gone."""

    sentence = message(
        "The ledger {file} is not there, but letters lie in {folder}: nobody could tell which of them were sent, "
        "and each would be made again. Put the ledger back from its backup. "
        "To begin afresh, move the letters out of the folder first."
    )


def _refuse_without_memory(workspace: Workspace, ledger: Ledger) -> None:
    """Raise where letters were made of which the ledger knows nothing."""
    if not ledger.runs() and any(workspace.output.glob("[12]*-*-*/*/*.docx")):
        raise LostLedger(file=ledger.path.name, folder=workspace.output.name)


def _write_letters(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> Mapping[str, Placing]:
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
    current = entry.current if entry else None
    paper = envelope(filled, sight.profile.letters[obligation.letter].title, this.day, texts)
    if current and [file.digest for file in current.files] == [digest(document.content) for document in paper.documents]:
        return None
    return filled, paper


def _write_lists(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> tuple[tuple[Dispatched, ...], Numbers, Path]:
    """The dispatch list of the run's letters, the overview in its forms, and the register with its findings marked."""
    texts = texts_in(sight.profile.office.language)
    entries = ledger.entries()
    letters = tuple(_as_it_stands(letter, entries) for letter in sight.letters)
    made = tuple(
        Dispatched(letter, sight.profile.letters[letter.obligation.letter].title, paths[0], tuple(paths[1:]))
        for letter in letters
        if (paths := _made_in(this, entries.get(letter.obligation.id)))
    )
    if made:
        name = f"{texts.name('dispatch')} {this.nth}.xlsx"
        write_atomically(_in_folder(workspace.output / this.day.isoformat()) / name, dispatch_workbook(made, texts, this.day))
    before = {
        (standing.rule, Ref(standing.sheet, standing.record), standing.occurrence): standing.status
        for standing in ledger.standings_before(this.number)
    }
    overview = build_overview(
        OverviewInput(
            register=sight.view.register,
            deadlines=sight.deadlines.items,
            letters=letters,
            lying=_lying(entries),
            today=this.day,
            calendar=sight.view.rules.calendar,
            before=before or None,
            owners=sight.deadlines.owners,
        ),
        texts,
    )
    folder = _in_folder(workspace.output / texts.name("overview"))
    page = replace_or_beside(folder / f"{texts.name('overview')}.html", render_page(overview, texts).encode(), this.day)
    replace_or_beside(folder / f"{texts.name('overdue')}.xlsx", overdue_workbook(overview, texts), this.day)
    _write_annotated(workspace, sight.view, sight.workbooks, sight.deadlines, this.day)
    ledger.record_standings(this.number, (Standing.of(deadline) for deadline in sight.deadlines.items if deadline.status.open))
    return made, overview.numbers, page


def _in_folder(folder: Path) -> Path:
    make_folder(folder)
    return folder


def _as_it_stands(letter: Letter, entries: Mapping[str, Entry]) -> Letter:
    """A letter that was due and is made now lies there, waiting to be sent."""
    entry = entries.get(letter.obligation.id)
    made = letter.outcome is Outcome.DUE and entry is not None and entry.current is not None
    return replace(letter, outcome=Outcome.PRODUCED) if made else letter


def _made_in(this: Run, entry: Entry | None) -> tuple[str, ...]:
    current = entry.current if entry else None
    return tuple(file.path for file in current.files) if current and current.run == this.number else ()


def _lying(entries: Mapping[str, Entry]) -> Mapping[str, Lying]:
    """The letters that lie in the output unsent, by obligation id."""
    return {
        obligation: Lying(entry.unsent.files[0].path, entry.made_of(entry.unsent.number) or entry.unsent.dated)
        for obligation, entry in entries.items()
        if entry.unsent is not None
    }


def _write_record(workspace: Workspace, sight: Sight, report: Report) -> None:
    """What the run did, for machines; with the ledger the one place that holds clock times."""
    texts = texts_in(sight.profile.office.language)
    record: dict[str, Any] = {
        "run": report.run.number,
        "day": report.run.day.isoformat(),
        "numbers": _figures(report),
        "letters": [{"id": made.letter.obligation.id, "file": made.file} for made in report.made],
        "kept": dict(report.kept),
        "register": _written_record(report.register, texts),
        "templates": sorted({mistake.template for found in report.mistakes.values() for mistake in found}),
        "seconds": {station: round(seconds, 3) for station, seconds in report.seconds.items()},
    }
    folder = _in_folder(workspace.output / report.run.day.isoformat())
    content = json.dumps(record, ensure_ascii=False, indent=2).encode()
    write_atomically(folder / f"{texts.name('run')} {report.run.nth}.json", content)


def _written_record(into: IntoRegister, texts: Texts) -> Mapping[str, Any]:
    return {
        "written": [str(place) for place in into.written],
        "refused": {str(place): texts(REFUSALS[refusal]) for place, refusal in into.refused.items()},
        "waiting": into.waiting,
        "faults": [_said(fault, texts) for fault in into.faults],
    }


def _said(fault: Fault, texts: Texts) -> str:
    return texts(fault.sentence, **{name: texts(fact) if isinstance(fact, str) else fact for name, fact in fault.facts.items()})


def _figures(report: Report) -> Mapping[str, int]:
    numbers = report.numbers
    return {
        "read": numbers.read,
        "used": numbers.used,
        "excluded": numbers.excluded,
        "made": len(report.made),
        "withdrawn": report.withdrawn,
        "withheld": numbers.withheld,
        "manual": numbers.manual,
        "unknown": numbers.unknown,
        "overdue": numbers.overdue,
        "errors": numbers.errors,
        "warnings": numbers.warnings,
    }
