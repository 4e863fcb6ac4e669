"""What lies there in the morning: the dispatch list, the overview in its forms, the annotated copy of the register."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, Deadlines, compute, deadlines_of
from pipeline.deadlines.owners import owners_by_record
from pipeline.deadlines.personal import personal_rules
from pipeline.faults import Fault
from pipeline.files import make_folder, replace_or_beside, write_atomically
from pipeline.findings import Finding
from pipeline.ledger.model import Entry, Run, Standing
from pipeline.ledger.store import Ledger
from pipeline.letters.model import Letter, Outcome
from pipeline.letters.recipients import protected_refs
from pipeline.lists.course import Before, Night, compared_with
from pipeline.lists.dispatch import Dispatched, Questioned, dispatch_workbook
from pipeline.lists.feed import appointments, calendars
from pipeline.lists.overview import Lying, Numbers, Overview, OverviewInput, build_overview
from pipeline.lists.own import own_lists
from pipeline.lists.page import render_page
from pipeline.lists.questions import question_in_words
from pipeline.lists.story import why
from pipeline.lists.workbook import overdue_workbook
from pipeline.register.annotate import Checked, annotated_copies
from pipeline.register.grid import Workbook
from pipeline.register.model import Ref, View
from pipeline.register.workbook import with_rows
from pipeline.run.sight import Reading, Sight
from pipeline.run.workspace import Workspace, going_on
from pipeline.texts import Texts, message, texts_in


def annotate(workspace: Workspace, reading: Reading, today: date) -> tuple[Path, ...]:
    """Write a copy of each workbook in which the findings are marked, without looking into the ledger.

    Returns:
        Where they lie.
    """
    view = View(reading.register, reading.rules, today, {DEADLINES: deadlines_of})
    return write_annotated(workspace, view, reading.workbooks, compute(view), today)


def write_annotated(
    workspace: Workspace,
    view: View,
    workbooks: Mapping[str, Workbook],
    deadlines: Deadlines,
    today: date,
    letters: Iterable[Letter] = (),
) -> tuple[Path, ...]:
    """Write the copies in which the findings are marked, those that withhold one of the letters among them; where they lie."""
    texts = texts_in(view.register.profile.office.language)
    checked = Checked(
        register=view.register,
        further=tuple(_withholding(letters, view)),
        workbooks={path: with_rows(book) for path, book in workbooks.items()},
        protected=protected_refs(view),
        owners=owners_by_record(view.register, deadlines),
        today=today,
    )
    folder = in_folder(workspace.output / texts.name("overview"))
    return tuple(replace_or_beside(folder / name, content, today) for name, content in annotated_copies(checked, texts).items())


def write_lists(
    workspace: Workspace, sight: Sight, this: Run, ledger: Ledger, undone: list[Fault]
) -> tuple[tuple[Dispatched, ...], Numbers, Path]:
    """The dispatch list of the run's letters, the overview in its forms, and the register with its findings marked.

    Args:
        workspace: the office's folder.
        sight: what was seen.
        this: the run.
        ledger: what lies and was sent.
        undone: gets the fault of each form that could not be written; the others are.
    """
    texts = texts_in(sight.profile.office.language)
    with going_on(undone, message("the marked copy of the register")):
        write_annotated(workspace, sight.view, sight.workbooks, sight.deadlines, this.day, sight.letters)
    made, overview = _made_and_seen(workspace, sight, this, ledger)
    folder = in_folder(workspace.output / texts.name("overview"))
    page = folder / f"{texts.name('overview')}.html"
    with going_on(undone, message("the overview's page")):
        page = replace_or_beside(page, render_page(overview, texts).encode(), this.day)
    with going_on(undone, message("the overview's workbook")):
        replace_or_beside(folder / f"{texts.name('overdue')}.xlsx", overdue_workbook(overview, texts), this.day)
    with going_on(undone, message("the calendars")):
        _write_calendars(folder, sight, this, ledger)
    ledger.record_standings(this.number, (Standing.of(deadline) for deadline in sight.deadlines.items if deadline.status.open))
    return made, overview.numbers, page


def _made_and_seen(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger) -> tuple[tuple[Dispatched, ...], Overview]:
    """Write the dispatch list; the letters on it, and the overview. What they are made from is let go of."""
    texts = texts_in(sight.profile.office.language)
    entries = ledger.entries()
    letters = tuple(_as_it_stands(letter, entries) for letter in sight.letters)
    made = tuple(
        Dispatched(letter, sight.profile.letters[letter.obligation.letter].title, paths[0], tuple(paths[1:]))
        for letter in letters
        if (paths := _made_in(this, entries.get(letter.obligation.id)))
    )
    asked = tuple(_questions(sight, this, entries, texts))
    if made or asked:
        name = f"{texts.name('dispatch')} {this.nth}.xlsx"
        content = dispatch_workbook(made, texts, this.day, asked)
        write_atomically(in_folder(workspace.output / this.day.isoformat()) / name, content)
    nights, before = _earlier(this, ledger, sight.view.rules.calendar)
    overview = build_overview(
        OverviewInput(
            register=sight.view.register,
            deadlines=sight.deadlines.items,
            letters=letters,
            lying=_lying(entries),
            today=this.day,
            calendar=sight.view.rules.calendar,
            before=before,
            nights=nights,
            owners=sight.deadlines.owners,
            why=lambda deadline: why(deadline, sight.view, texts),
            own=own_lists(sight.view, texts),
        ),
        texts,
    )
    return made, overview


def _earlier(this: Run, ledger: Ledger, calendar: Calendar) -> tuple[tuple[Night, ...], Before | None]:
    """The finished runs of the days before, and the one that today is compared with."""
    runs = [run for run in ledger.runs() if run.finished and run.day < this.day]
    nights = tuple(Night(run.day, run.summary) for run in sorted(runs, key=lambda run: (run.day, run.number)))
    compared = compared_with(nights, this.day, calendar)
    if compared is None:
        return nights, None
    number = max(run.number for run in runs if run.day == compared.day)
    return nights, Before(
        compared,
        {
            (standing.rule, Ref(standing.sheet, standing.record), standing.occurrence): standing.status
            for standing in ledger.standings_before(number + 1)
        },
    )


def _write_calendars(folder: Path, sight: Sight, this: Run, ledger: Ledger) -> None:
    """The calendars that caseworkers subscribe to; the ledger first, so that no sequence is ever given out twice."""
    texts = texts_in(sight.profile.office.language)
    personal = personal_rules(sight.profile, sight.view.rules)
    told = [deadline for deadline in sight.deadlines.items if deadline.rule not in personal]
    events = appointments(told, sight.view.register, ledger.appointments(), this.day, texts)
    ledger.keep_appointments(events)
    for name, content in calendars(events, texts):
        replace_or_beside(folder / name, content, this.day)


def _withholding(letters: Iterable[Letter], view: View) -> Iterator[Finding]:
    """What withholds letters and can be mended in the register: an empty cell that one needs, a missing address."""
    for letter in letters:
        for reason in letter.reasons if letter.outcome is Outcome.WITHHELD else ():
            if reason.finding is not None and reason.finding.sheet in view.register.profile.sheets:
                yield reason.finding


def _questions(sight: Sight, this: Run, entries: Mapping[str, Entry], texts: Texts) -> Iterator[Questioned]:
    """What this run asks; what an earlier one did stands on its list."""
    for asked in sight.asked:
        entry = entries.get(asked.letter.obligation.id)
        event = entry.asked(asked.question, asked.about) if entry is not None else None
        if event is not None and event.run == this.number:
            title = sight.profile.letters[asked.letter.obligation.letter].title
            yield Questioned(asked.letter, title, question_in_words(asked, texts))


def in_folder(folder: Path) -> Path:
    """The folder, made where it is missing."""
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
