"""A whole run: the walk to its end, and the record of what it did."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.deadlines.model import Status
from pipeline.faults import ClockBack, Fault, LeftUndone, in_words
from pipeline.files import make_folder, run_lock, write_atomically
from pipeline.findings import Finding
from pipeline.ledger.model import Run
from pipeline.ledger.recovery import recover
from pipeline.ledger.store import Ledger
from pipeline.letters.beside import finish
from pipeline.letters.contract import TemplateMistake
from pipeline.letters.model import Outcome
from pipeline.letters.workers import ALONE, Hands
from pipeline.letters.write import Placing, swept
from pipeline.lists.dispatch import Dispatched
from pipeline.lists.overview import Numbers
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.splice import REFUSALS
from pipeline.run.answers import take_answers
from pipeline.run.asking import ask_and_note, told_of_edited, told_of_gone, told_of_protected, told_of_sent
from pipeline.run.copies import write_copies
from pipeline.run.folders import Withdrawn, withdraw_letters, write_letters
from pipeline.run.into_register import IntoRegister, keep_as_read, recover_registers, write_into_register
from pipeline.run.lost import refuse_with_older_memory, refuse_without_letters, refuse_without_memory
from pipeline.run.morning import in_folder, write_lists
from pipeline.run.paper import Paper, discard_stale, make_paper
from pipeline.run.retention import let_go
from pipeline.run.sight import Sight, look, uncollected
from pipeline.run.since import to_remember
from pipeline.run.workspace import NOTHING_UNUSUAL, Allowed, Clock, Stopwatch, Workspace, going_on
from pipeline.texts import Texts, message, texts_in


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
        paper: the letters as PDF, where they were asked for.
        held: the titles of sheets that lost so many rows that no letter is made or taken back until a person says it was meant.
        waiting: how many letters are held until a person answers on a dispatch list.
        faults: what could not be done beside letters and lists: a copy of the register kept, for one.
        memory: megabytes that the process had at the end of each station.
        before: the day of the last run before this one that came to its end; None where there was none.
        news: how many deadlines became unknown or overdue since that run, by title.
        copies: the templates with mistakes, a comment at each.
        stale: the run before that was ended by force, so that this one put in order what it left; else empty.
    """

    run: Run
    numbers: Numbers
    made: tuple[Dispatched, ...]
    withdrawn: int
    kept: Mapping[str, Placing]
    mistakes: Mapping[str, tuple[TemplateMistake, ...]]
    seconds: Mapping[str, float]
    page: Path
    register: IntoRegister
    paper: Paper
    held: tuple[str, ...] = ()
    waiting: int = 0
    faults: tuple[Fault, ...] = ()
    copies: tuple[Path, ...] = ()
    memory: Mapping[str, int] = field(default_factory=dict)
    before: date | None = None
    news: Mapping[str, int] = field(default_factory=dict)
    stale: str = ""

    @property
    def figures(self) -> Mapping[str, int]:
        """The numbers that the ledger and the log keep, by name."""
        return _figures(self)

    @property
    def complete(self) -> bool:
        """Nothing was left undone that is not the data's fault, or that a person has to allow first."""
        done = not self.mistakes and Placing.OPEN not in self.kept.values() and self.paper.complete
        return done and not self.held and not self.waiting and not self.faults


def run(
    workspace: Workspace,
    clock: Clock,
    *,
    lists_only: bool = False,
    pdf: bool = False,
    allowed: Allowed = NOTHING_UNUSUAL,
    hands: Hands = ALONE,
) -> Report:
    """A whole run: letters into their folders, the ledger kept, the lists written, and where it is asked for, PDF made.

    Args:
        workspace: the office's folder.
        clock: the time.
        lists_only: no letters are made.
        pdf: make PDF too.
        allowed: what a person has said was meant.
        hands: who fills the letters.

    Raises:
        Fault: it could not run, or could not go on; what it had done stands, and the next run goes on from there.
    """
    stopwatch = Stopwatch(clock.ticks, clock.memory)
    profile = load_profile(workspace.profile)
    failed: list[Fault] = []
    undone: list[Fault] = []
    with (
        run_lock(workspace.folder, clock.now()) as stale,
        Ledger(workspace.folder / profile.run.ledger) as ledger,
        swept(workspace.output),
    ):
        with stopwatch.station("recovery"):
            refuse_going_back(ledger, clock.today, allowed)
            _put_in_order(workspace, profile, ledger, clock.today)
        with stopwatch.station("answers"):
            unread = take_answers(workspace, profile, clock.today, ledger)
        sight = look(
            workspace,
            clock.today,
            ledger,
            stopwatch,
            hands=hands,
            allow_many=allowed.many,
            lay_in=None if lists_only else workspace.output,
            brief=True,
        )
        since = sight.since
        sight = replace(sight, view=sight.view.with_findings((*unread, *_told(sight))))
        lost = frozenset[str]() if allowed.changes else since.lost
        this = ledger.begin_run(clock.today, clock.now(), sight.digests["register"], sight.digests["profile"])
        with stopwatch.station("snapshot"):
            unkept = _keep_and_let_go(workspace, sight, this, ledger)
        kept: Mapping[str, Placing] = {}
        withdrawn = Withdrawn()
        if not (lists_only or lost):
            with stopwatch.station("write"), going_on(failed, message("letters")):
                ask_and_note(sight, this, ledger)
                withdrawn = withdraw_letters(workspace, sight, this, ledger)
                kept = {**withdrawn.kept, **write_letters(workspace, sight, this, ledger)}
                discard_stale(workspace, ledger, withdrawn.kept)
            told = (*told_of_edited(sight, kept), *told_of_protected(sight, withdrawn))
            sight = replace(sight, view=sight.view.with_findings(told))
        sight = replace(sight, view=sight.view.with_findings(told_of_gone(workspace, sight, ledger)))
        sight = replace(sight, filled=())  # they lie in their folders: ten thousand need not be kept while the lists are made
        written, into, paper = None, IntoRegister(), Paper()
        copies: tuple[Path, ...] = ()
        with stopwatch.station("lists"), going_on(failed, message("the dispatch list and the overview")), uncollected():
            written = write_lists(workspace, sight, this, ledger, undone)
        with stopwatch.station("copies"), going_on(undone, message("the commented copies of the templates")):
            copies = write_copies(workspace, profile, sight.contract, clock.today)
        with stopwatch.station("write back"), going_on(undone, message("the dates in the register")):
            into = IntoRegister() if lists_only or lost else write_into_register(workspace, sight, clock.now())
        with stopwatch.station("pdf"), going_on(undone, message("PDF")):
            paper = make_paper(workspace, sight, this, ledger, withdrawn.kept) if pdf else Paper()
        if failed or written is None:  # not finished, so that the next run takes it up and names these letters once more
            raise LeftUndone((*failed, *undone))
        made, numbers, page = written
        held = tuple(profile.sheets[name].title for name in profile.sheets if name in lost)
        waiting = sum(letter.outcome is Outcome.HELD for letter in sight.letters)
        faults = (*(() if unkept is None else (unkept,)), *undone)
        report = Report(
            this,
            numbers,
            made,
            withdrawn.count,
            kept,
            sight.mistakes,
            stopwatch.seconds,
            page,
            into,
            paper,
            held,
            waiting,
            faults,
            copies,
            memory=stopwatch.megabytes,
            before=next((run.day for run in reversed(ledger.runs()) if run.finished), None),
            news=_news(sight, ledger, this),
            stale=stale,
        )
        _write_record(workspace, sight, report)
        keep = lost | since.renamed if lists_only or lost else lost
        ledger.finish_run(this.number, clock.now(), report.figures, to_remember(ledger, sight.view), keep)
    return report


def _put_in_order(workspace: Workspace, profile: Profile, ledger: Ledger, today: date) -> None:
    """Finish or undo what a killed run left."""
    refuse_without_memory(workspace, ledger)
    refuse_with_older_memory(workspace, ledger)
    refuse_without_letters(workspace, ledger)
    make_folder(workspace.output)
    recover(ledger, workspace.output, today)
    finish(workspace.output)
    recover_registers(workspace, profile)


def _told(sight: Sight) -> tuple[Finding, ...]:
    """What is found beside the register itself: what has changed, what is wrong in templates, and what became of letters."""
    return (*sight.since.findings, *sight.template_findings, *told_of_sent(sight))


def refuse_going_back(ledger: Ledger, today: date, allowed: Allowed) -> None:
    """Raise where the day is before that of the last run, and nobody has said that it is meant."""
    last = max((run.day for run in ledger.runs()), default=today)
    if today < last and not allowed.day:
        raise ClockBack(today=today, last=last, day=today.isoformat())


def _keep_and_let_go(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> Fault | None:
    """Keep the register as this run has read it, and let go of what the office keeps no longer; why it could not be kept."""
    let_go(workspace, sight.profile, this.day, ledger, this.number)
    return keep_as_read(workspace, sight)


def _news(sight: Sight, ledger: Ledger, this: Run) -> Mapping[str, int]:
    """How many deadlines are unknown or overdue that were neither at the end of the last run, by title."""
    urgent = {Status.UNKNOWN, Status.OVERDUE}
    standings = ledger.standings_before(this.number)
    before = {(s.rule, s.sheet, s.record, s.occurrence) for s in standings if s.status in urgent}
    titles = sight.profile.deadlines
    return Counter(
        titles[item.rule].title
        for item in sight.deadlines.items
        if item.status in urgent and (item.rule, item.record.sheet, item.record.key, item.occurrence) not in before
    )


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
        "pdf": _paper_record(report.paper, workspace, texts),
        "templates": sorted({mistake.template for found in report.mistakes.values() for mistake in found}),
        "seconds": {station: round(seconds, 3) for station, seconds in report.seconds.items()},
        "megabytes": dict(report.memory),
    }
    folder = in_folder(workspace.output / report.run.day.isoformat())
    content = json.dumps(record, ensure_ascii=False, indent=2).encode()
    write_atomically(folder / f"{texts.name('run')} {report.run.nth}.json", content)


def _written_record(into: IntoRegister, texts: Texts) -> Mapping[str, Any]:
    return {
        "written": [str(place) for place in into.written],
        "refused": {str(place): texts(REFUSALS[refusal]) for place, refusal in into.refused.items()},
        "waiting": into.waiting,
        "faults": [in_words(fault, texts) for fault in into.faults],
    }


def _paper_record(paper: Paper, workspace: Workspace, texts: Texts) -> Mapping[str, Any]:
    return {
        "made": list(paper.made),
        "missing": [path for _, path in paper.missing],
        "held": list(paper.held),
        "theirs": list(paper.theirs),
        "printed": paper.printed.relative_to(workspace.output).as_posix() if paper.printed else None,
        "sheets": paper.sheets,
        "fault": in_words(paper.fault, texts) if paper.fault else None,
    }


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
        "due soon": numbers.due_soon,
        "by Monday": numbers.by_monday,
        "lying": numbers.lying,
        "errors": numbers.errors,
        "warnings": numbers.warnings,
    }
