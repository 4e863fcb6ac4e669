"""As far as anything can be seen without changing it: stations 1 to 7 of the walk."""

from __future__ import annotations

import gc
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, Deadlines, compute, deadlines_of
from pipeline.deadlines.model import Deadline
from pipeline.deadlines.owners import BETWEEN, owners_by_record
from pipeline.deadlines.references import without_reference
from pipeline.faults import Fault, NoSnapshot
from pipeline.files import digest, shown_name
from pipeline.findings import Finding, Place, Severity
from pipeline.ledger.model import Entry, What, facts_digest
from pipeline.ledger.questions import Asked, Proposals, carried, hold, proposals, reviewed
from pipeline.ledger.records import dated_by_ledger, dates_for_register, with_letters
from pipeline.ledger.sent import ByRegister, by_register
from pipeline.ledger.store import Ledger
from pipeline.letters.approval import changed_since_approved, letter_versions, version_name
from pipeline.letters.commented import copy_name
from pipeline.letters.contract import Contract, TemplateMistake, check_templates
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Filled, Letter, Outcome
from pipeline.letters.plan import Past, Premises, plan
from pipeline.letters.since_sent import SentLetter, altered
from pipeline.letters.template import TemplateEnvironment, files_of, read_files, read_templates
from pipeline.letters.tray import Lying, Tray
from pipeline.letters.workers import ALONE, Hands, meanwhile
from pipeline.profile.expressions import Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.backups import backups_of, refuse_closed, snapshot_of
from pipeline.register.beside import doubles
from pipeline.register.checks import check_register
from pipeline.register.grid import Workbook
from pipeline.register.model import Ref, Register, View
from pipeline.register.records import read_register
from pipeline.register.splice import splice
from pipeline.register.workbook import read_workbook, without_rows
from pipeline.run.since import NOTHING, Since, since_last_run
from pipeline.run.workspace import Stopwatch, Workspace
from pipeline.texts import texts_in

_DIGEST: Final = 64
"""Characters of each workbook's digest in what the ledger keeps of a run's register."""


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


@dataclass(frozen=True, slots=True)
class Sight:
    """All that can be seen on a day without changing anything.

    Attributes:
        view: the register with the ledger's letters, on the as-of day.
        deadlines: all of them.
        letters: all planned letters, those that filling withheld among them.
        filled: the letters that are due or lie unsent, as text.
        contract: what is wrong in the templates.
        entries: what the ledger knows, by obligation id.
        digests: of what was read, by name; a workbook's by its path in the profile.
        workbooks: what the register was read from, by path as the profile writes it.
        unwritten: the days on which letters were sent that the register does not have yet, by workbook and cell.
        since: what has changed since the last run; nothing where letters were not asked for.
        asked: what a person is to be asked about the letters for the first time, or again until it is answered.
        by_register: what the register says of letters that were sent, and the ledger does not have.
    """

    view: View
    deadlines: Deadlines
    letters: tuple[Letter, ...]
    filled: tuple[Filled, ...]
    contract: Contract
    entries: Mapping[str, Entry]
    digests: Mapping[str, str] = field(default_factory=dict)
    workbooks: Mapping[str, Workbook] = field(default_factory=dict)
    unwritten: Mapping[str, Mapping[Place, date]] = field(default_factory=dict)
    since: Since = NOTHING
    asked: tuple[Asked, ...] = ()
    by_register: ByRegister = field(default_factory=ByRegister)

    @property
    def profile(self) -> Profile:
        """The routine."""
        return self.view.register.profile

    @property
    def mistakes(self) -> Mapping[str, tuple[TemplateMistake, ...]]:
        """Of the templates, by letter."""
        return self.contract.mistakes

    @property
    def template_findings(self) -> tuple[Finding, ...]:
        """A finding for each template with mistakes, once, however many letters it makes."""
        by_file = {finding.place.file: finding for found in _broken(self.contract, self.profile).values() for finding in found}
        return tuple(by_file.values())


def read(
    workspace: Workspace,
    today: date,
    profile: Profile | None = None,
    *,
    stood: bool = False,
    entries: Collection[Entry] = (),
) -> Reading:
    """Read and check the register.

    Args:
        workspace: the office's folder.
        today: the as-of day.
        profile: the grammar to read it by, where it is not simply the workspace's own.
        stood: read the register as it stood on the day, as the runs have kept it.
        entries: what the ledger knows, for the profile's own checks.

    Raises:
        Fault: the profile or the register cannot be used.
    """
    profile = profile or load_profile(workspace.profile)
    files = {path: workspace.folder / path for path in workbook_paths(profile)}
    if stood:
        files = {path: _as_it_stood(file, workspace.folder / profile.run.backups, today) for path, file in files.items()}
    with uncollected():
        workbooks = {path: read_workbook(file) for path, file in files.items()}
    return _checked(workspace, today, profile, workbooks, entries)


def _checked(
    workspace: Workspace, today: date, profile: Profile, workbooks: Mapping[str, Workbook], entries: Collection[Entry]
) -> Reading:
    rules = Rules(Calendar(profile.office.country, profile.office.closed), profile.terms)
    with uncollected():
        register = read_register(profile, rules, workbooks, today)
        whole = View(with_letters(register, entries), rules, today, {DEADLINES: deadlines_of})
        register = check_register(register, rules, today, whole)
    register = replace(register, findings=(*register.findings, *_doubles(workspace, profile)))
    digests = {path: book.digest for path, book in workbooks.items()} | {
        "profile": digest(workspace.profile.read_bytes()),
        "register": "".join(book.digest for book in workbooks.values()),
    }
    return Reading(register, rules, workbooks, digests)


def _before_it_was_written(workspace: Workspace, today: date, reading: Reading, ledger: Ledger) -> Reading:
    """The register as a killed run has read it, where nothing but that run's own dates has come into it since.

    So the run that takes it up makes the same lists. Whatever somebody else has saved counts as it stands.
    """
    killed = next((run for run in ledger.runs() if not run.finished), None)
    if killed is None or killed.register == reading.digests["register"]:
        return reading
    profile = reading.register.profile
    versions = [killed.register[start : start + _DIGEST] for start in range(0, len(killed.register), _DIGEST)]
    workbooks: dict[str, Workbook] = {}
    entries = carried(ledger.entries()).values()
    with suppress(Fault):
        for (path, book), version in zip(reading.workbooks.items(), versions, strict=False):
            kept = snapshot_of(workspace.folder / path, workspace.folder / profile.run.backups, version)
            workbooks[path] = book if kept is None else replace(read_workbook(kept), file=book.file)
        before = _checked(workspace, today, profile, workbooks, entries)
        dates = dates_for_register(before.register, entries)
        if all(
            reading.workbooks[path].content in {book.content, splice(book.file, book.content, dates.get(path, {})).content}
            for path, book in workbooks.items()
        ):
            return before
    return reading


def _as_it_stood(register: Path, backups: Path, day: date) -> Path:
    refuse_closed(backups)
    kept = next((backup.path for backup in backups_of(register, backups) if backup.day <= day), None)
    if kept is None:
        raise NoSnapshot(file=register.name, day=day, folder=backups.name)
    return kept


def _doubles(workspace: Workspace, profile: Profile) -> Iterator[Finding]:
    """Files beside the register into which somebody may have written what the register lacks."""
    paths = [workspace.folder / path for path in workbook_paths(profile)]
    for path in paths:
        for other in doubles(path):
            if other not in paths:
                yield Finding("double-register", Place(path.name), Severity.WARNING, facts=(("other", shown_name(other.name)),))


@contextmanager
def uncollected() -> Iterator[None]:
    """Without Python's search for what nobody needs any more.

    All that is read or computed is kept, and looking through it over and over, as it grows, costs a fifth of the time.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def workbook_paths(profile: Profile) -> tuple[str, ...]:
    """The register's files, each once, as the profile writes them."""
    return tuple(dict.fromkeys(sheet.workbook or profile.register_file.workbook for sheet in profile.sheets.values()))


def look(  # noqa: PLR0913 -- what it sees depends on all of them
    workspace: Workspace,
    today: date,
    ledger: Ledger,
    stopwatch: Stopwatch,
    *,
    over: Path | None = None,
    stood: bool = False,
    hands: Hands | None = ALONE,
    allow_many: bool = False,
    lay_in: Path | None = None,
    brief: bool = False,
) -> Sight:
    """Go the walk as far as nothing is changed: stations 1 to 7 of ``docs/design.md``, without `hands` only 1 to 5.

    Args:
        workspace: the office's folder.
        today: the as-of day.
        ledger: what was made and sent.
        stopwatch: measures the stations.
        over: a file of lines that are laid over the profile, to see what they would change.
        stood: look at what was known on the as-of day: the register as a run has kept it, the ledger's events until then.
        hands: who fills the letters; None where none are planned.
        allow_many: more letters than the profile's usual were meant.
        lay_in: the output folder, where filled letters are laid for a run that is going to write them; else they are held.
        brief: keep what a run needs and no more: without the letters that are not needed and never were made, and the cells.
    """
    profile = load_profile(workspace.profile, over)
    if hands is not None:
        with stopwatch.station("templates"):
            texts = texts_in(profile.office.language)
            templates = read_templates(workspace.templates, profile)
            environment = TemplateEnvironment(Calendar(profile.office.country, profile.office.closed), texts)
            checked = meanwhile(lambda: check_templates(profile, templates, environment, texts), hands)
    with stopwatch.station("register"):
        own = ledger.entries()
        if stood:
            own = {name: entry.on(today) for name, entry in own.items()}
        entries = carried(own)
        reading = read(workspace, today, profile=profile, stood=stood, entries=entries.values())
        if profile.register_file.write_back and not stood:
            reading = _before_it_was_written(workspace, today, reading, ledger)
        register, rules, digests, workbooks = reading.register, reading.rules, reading.digests, reading.workbooks
        if brief:  # the records hold what the cells say; those take as much memory again
            workbooks = {path: without_rows(book) for path, book in workbooks.items()}
        del reading
        unwritten = dates_for_register(register, entries.values())
        view = View(with_letters(register, entries.values()), rules, today, {DEADLINES: deadlines_of})
    with stopwatch.station("deadlines"), uncollected():
        deadlines = compute(view)
        view = _with_references_told(view, deadlines)
        # Register and deadlines stay to the end of the process, which looks once; so the collector need not go through them
        # again and again while letters are planned and filled.
        gc.freeze()
    if hands is None:
        return Sight(view, deadlines, (), (), Contract({}), own, digests, workbooks, unwritten)
    with stopwatch.station("templates"):
        contract = checked()
    with stopwatch.station("plan"):
        by_ledger = dated_by_ledger(register, entries.values())
        start, broken = _start(profile, ledger, today), _broken(contract, profile)
        known = tuple(entries.values())
        wanted, unwanted = reviewed(known, What.APPROVED), reviewed(known, What.DECLINED)
        again = _again(entries, altered(view, _sent_letters(known)))
        served = _served(deadlines, profile)
        made = frozenset((each.obligation.letter, each.obligation.record) for each in known) if brief else None
        premises = Premises(_past(entries), _dated(entries), start, broken, by_ledger, again, wanted, unwanted, served, made)
        planned = plan(view, premises)
    with stopwatch.station("fill"):
        tray = None if lay_in is None else Tray(lay_in, _lying(own, lay_in))
        filling = Filling(view, templates, environment, hands, tray)
        filled, withheld = fill(planned, filling)
        proposed = proposals(_with_withheld(planned, withheld), filled, entries, profile)
        letters, filled = _made_again(proposed, filled, filling)
    with stopwatch.station("since last time"):
        since = since_last_run(ledger, view, deadlines)
        held = hold(letters, entries, since.changes, profile.run.usual, allowed=allow_many)
        waiting = {letter.obligation.id for letter in held.letters if letter.outcome not in _MADE}
        waiting |= {each.letter.obligation.id for each in filled if _lies_under_former_key(each, entries)}
    return Sight(
        view,
        deadlines,
        held.letters,
        tuple(each for each in filled if each.letter.obligation.id not in waiting),
        contract,
        own,
        digests,
        workbooks,
        unwritten,
        since,
        (*proposed.open, *held.asked),
        by_register(View(register, rules, today, {DEADLINES: deadlines_of}), known),
    )


_MADE: Final = {Outcome.DUE, Outcome.PRODUCED}


def _lies_under_former_key(filled: Filled, entries: Mapping[str, Entry]) -> bool:
    """Whether the letter lies unsent under a key that changed since, and says what the register says now."""
    id_ = filled.letter.obligation.id
    lying = entries[id_].unsent if id_ in entries else None
    return lying is not None and lying.obligation != id_ and lying.facts_digest == facts_digest(filled.facts)


def _sent_letters(entries: Iterable[Entry]) -> Iterator[SentLetter]:
    """The letters that were sent and have nothing newer in their place."""
    for entry in entries:
        number = entry.sent_version
        if number and entry.unsent is None:
            version = next(version for version in entry.versions if version.number == number)
            yield SentLetter(entry.obligation, version.dated, version.facts)


def _again(entries: Mapping[str, Entry], changed: frozenset[str]) -> Mapping[tuple[str, Ref, int], frozenset[str]]:
    """The letters that were sent and may have to be made again, or have been and lie there: by rule, record and occurrence."""
    found: dict[tuple[str, Ref, int], frozenset[str]] = {}
    for id_, entry in entries.items():
        if id_ in changed or (entry.unsent is not None and entry.sent is not None):
            key = (entry.obligation.letter, entry.obligation.record, entry.obligation.occurrence)
            found[key] = found.get(key, frozenset()) | {id_}
    return found


def _made_again(
    proposed: Proposals, filled: tuple[Filled, ...], filling: Filling
) -> tuple[tuple[Letter, ...], tuple[Filled, ...]]:
    """All letters and their texts; what a person wants made again has the date on which that is done."""
    letters = proposed.letters
    if proposed.again:
        rules = filling.view.register.profile.letters
        letters = tuple(
            replace(letter, dated=filling.view.today)
            if letter.obligation.id in proposed.again and rules[letter.obligation.letter].dated is None
            else letter
            for letter in letters
        )
        alone = [
            letter if letter.obligation.id in proposed.again else replace(letter, outcome=Outcome.WAITING) for letter in letters
        ]
        more, withheld = fill(alone, filling)
        letters = _with_withheld(letters, withheld)
        filled = (*(each for each in filled if each.letter.obligation.id not in proposed.again), *more)
    due = {letter.obligation.id for letter in letters if letter.outcome in _MADE}
    return letters, tuple(each for each in filled if each.letter.obligation.id in due)


@dataclass(frozen=True, slots=True)
class Check:
    """What «validate» finds.

    Attributes:
        reading: the register with its findings, those about what has changed since the last run among them.
        deadlines: all of them, for whose each finding is.
        contract: what is wrong in the templates.
        since: what has changed since the last run.
    """

    reading: Reading
    deadlines: Deadlines
    contract: Contract
    since: Since

    def seen_to_by(self, owner: str | None, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings about records that a person sees to, named by key or name; all of them where nobody is named."""
        if owner is None:
            return tuple(findings)
        names = {owner, self.deadlines.owners.get(owner, owner)}
        owners = owners_by_record(self.reading.register, self.deadlines)
        return tuple(
            finding for finding in findings if names & set(owners.get(Ref(finding.sheet, finding.record), "").split(BETWEEN))
        )


def check(workspace: Workspace, today: date, ledger: Ledger) -> Check:
    """The register with its findings, the mistakes of the templates, and what has changed since the last run."""
    entries = carried(ledger.entries()).values()
    reading = read(workspace, today, entries=entries)
    register = reading.register
    view = View(with_letters(register, entries), reading.rules, today, {DEADLINES: deadlines_of})
    with uncollected():
        deadlines = compute(view)
    since = since_last_run(ledger, view, deadlines)
    contract = check_workspace_templates(workspace, register.profile, reading.rules.calendar)
    changed = changed_since_approved(register.profile, workspace_versions(workspace, register.profile))
    told = register.with_findings((*without_reference(view, deadlines), *since.findings, *changed))
    return Check(replace(reading, register=told), deadlines, contract, since)


def _with_references_told(view: View, deadlines: Deadlines) -> View:
    """The view itself where each deadline has its legal references, for it knows what was worked out on it."""
    findings = tuple(without_reference(view, deadlines))
    return view.with_findings(findings) if findings else view


def check_workspace_templates(workspace: Workspace, profile: Profile, calendar: Calendar) -> Contract:
    """What is wrong in a workspace's templates."""
    texts = texts_in(profile.office.language)
    return check_templates(profile, read_templates(workspace.templates, profile), TemplateEnvironment(calendar, texts), texts)


def files_of_no_letter(workspace: Workspace, profile: Profile) -> tuple[str, ...]:
    """The Word files among the workspace's own templates that the profile makes no letter of."""
    named = {unicodedata.normalize("NFC", name) for rule in profile.letters.values() for name in files_of(rule, profile)}
    lying = sorted(path.name for path in workspace.templates[0].glob("*.docx") if not path.name.startswith(("~$", ".")))
    return tuple(name for name in lying if unicodedata.normalize("NFC", name) not in named)


def workspace_versions(workspace: Workspace, profile: Profile) -> Mapping[str, str]:
    """The present version of each letter's files, by letter."""
    return letter_versions(profile, read_files(workspace.templates, profile))


def ways(workspace: Workspace, profile: Profile, calendar: Calendar) -> Mapping[str, tuple[str, str]]:
    """The templates that can be understood: their versions, and why docxtpl renders one whole (empty where it does not)."""
    environment = TemplateEnvironment(calendar, texts_in(profile.office.language))
    found: dict[str, tuple[str, str]] = {}
    for name, template in read_templates(workspace.templates, profile).items():
        with suppress(Exception):  # a broken one has its mistakes told
            way = environment.way(template)
            if way is not None:
                found[name] = (version_name(template.digest), way.whole)
    return found


def _served(deadlines: Deadlines, profile: Profile) -> Mapping[str, Mapping[Ref, Deadline]]:
    found: dict[str, dict[Ref, Deadline]] = {rule.serves: {} for rule in profile.letters.values() if rule.serves is not None}
    for deadline in deadlines.items:
        if deadline.rule in found:
            found[deadline.rule][deadline.record] = deadline
    return found


def _past(entries: Mapping[str, Entry]) -> Mapping[str, Past]:
    past: dict[str, Past] = {}
    for obligation, entry in entries.items():
        version = entry.current or (entry.latest if entry.sent else None)
        if version is not None:
            made = entry.made_of(version.number) or version.dated
            sent = entry.sent if entry.unsent is None else None  # made again, it is still to be sent
            past[obligation] = Past(entry.dated or version.dated, sent, made, version.files[0].path)
    return past


def _lying(entries: Mapping[str, Entry], output: Path) -> Mapping[str, tuple[Lying, ...]]:
    """The files of each letter that lies in its place unsent; one that was sent and is made again has a paper of its own."""
    return {
        obligation: tuple(Lying(output / file.path, file.digest) for file in entry.unsent.files)
        for obligation, entry in entries.items()
        if entry.unsent is not None
    }


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


def _broken(contract: Contract, profile: Profile) -> Mapping[str, tuple[Finding, ...]]:
    """For each letter whose templates have mistakes, a finding for each of these files."""
    return {
        letter: tuple(_of_template(name, profile.letters[letter].title, found, profile) for name in _files(found))
        for letter, found in contract.mistakes.items()
    }


def _files(mistakes: Iterable[TemplateMistake]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mistake.template for mistake in mistakes))


def _of_template(name: str, title: str, mistakes: Iterable[TemplateMistake], profile: Profile) -> Finding:
    """The finding that leads to the commented copy, or to the file itself where it cannot be opened."""
    own = [mistake for mistake in mistakes if mistake.template == name]
    if not all(mistake.part for mistake in own):
        return Finding("template-broken", Place(name), facts=(("letter", title),))
    texts = texts_in(profile.office.language)
    copy = f"{texts.name('overview')}/{texts.name('templates')}/{copy_name(name, texts)}"
    facts = (("letter", title), ("template", name), ("count", str(len(own))), ("copy", copy))
    return Finding("template-mistakes", Place(name), facts=facts)


def _with_withheld(letters: tuple[Letter, ...], withheld: tuple[Letter, ...]) -> tuple[Letter, ...]:
    by_obligation = {letter.obligation: letter for letter in withheld}
    return tuple(by_obligation.get(letter.obligation, letter) for letter in letters)
