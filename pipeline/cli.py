"""The command line: the only clock, terminal and exit code.

Commands say what is to be done and print what came of it; everything heavy is imported by the command that uses it.
Exit codes are those of ``docs/design.md``: 0 done, 1 a check found errors, 2 could not run, 3 left something undone, 4 busy.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click

from pipeline.faults import Fault, NoWorkspace, Several, UnknownRecord, in_words
from pipeline.texts import LANGUAGES, Texts, texts_in

if TYPE_CHECKING:
    from pipeline.deadlines.model import Deadline
    from pipeline.findings import Finding
    from pipeline.letters.template import TemplateMistake
    from pipeline.profile.load import ProfileMistake
    from pipeline.run import Hands, Report, Sight, Workspace

FOUND_ERRORS, COULD_NOT_RUN, LEFT_UNDONE = 1, 2, 3

FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(2098, 12, 31)
"""The as-of days from which every list can look a year back and ahead within `pipeline.calendars`."""

_PLACEHOLDER = re.compile(r"\{\w+\}")

P = ParamSpec("P")
R = TypeVar("R")


class Office:
    """What every command needs to know: the workspace, and the language that its user reads."""

    def __init__(self, folder: Path, language: str | None) -> None:
        """Look for the office's language in the profile, where nobody asked for another."""
        self.folder = folder
        self.texts: Texts = texts_in(language or _language_of(folder))

    @property
    def workspace(self) -> Workspace:
        """The workspace; raises `NoWorkspace` where the folder holds no profile."""
        from pipeline.run import Workspace

        workspace = Workspace(self.folder)
        if not workspace.profile.is_file():
            raise NoWorkspace(folder=str(self.folder))
        return workspace


def _language_of(folder: Path) -> str:
    """The office's language as the profile says it, even where the rest of the profile is broken; else bokmål."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        profile = tomllib.loads((folder / "profile.toml").read_text(encoding="utf-8-sig"))
        language = profile["office"]["language"]
        if language in LANGUAGES:
            return str(language)
    return "nb"


def _guarded(command: Callable[Concatenate[Office, P], R]) -> Callable[P, R]:
    """Turn faults into sentences and exit codes: nobody meets a stack trace."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        office = click.get_current_context().obj
        try:
            return command(office, *args, **kwargs)
        except Fault as fault:
            _tell(fault, office.texts)
            sys.exit(fault.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- the last resort: a sentence, and where to look, without the data
            _tell_unforeseen(error, office.texts)

    return guarded


def _tell(fault: Fault, texts: Texts) -> None:
    from pipeline.profile.load import BrokenProfile

    if isinstance(fault, Several):
        for each in fault.faults:
            _tell(each, texts)
        return
    click.echo(in_words(fault, texts), err=True)
    if isinstance(fault, BrokenProfile):
        for mistake in fault.mistakes:
            click.echo(f"  {_mistake(mistake, texts)}", err=True)


def _mistake(mistake: ProfileMistake, texts: Texts) -> str:
    where = " ".join(part for part in (mistake.table, mistake.key) if part)
    said = texts(mistake.sentence, **_facts(mistake.facts, texts))
    return f"{where}: {said}" if where else said


def _facts(facts: Sequence[tuple[str, str]], texts: Texts) -> dict[str, str]:
    """The facts of a mistake, with kinds of values as people call them."""
    from pipeline.profile.kinds import WORDS

    kinds = {"kind", "left", "right"}
    return {name: texts(WORDS.get(fact, fact)) if name in kinds else fact for name, fact in facts}


def _tell_unforeseen(error: Exception, texts: Texts) -> NoReturn:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    sentence = texts(
        "Something unforeseen happened ({kind} in {where}). Tell the makers of Fristbrev these words.",
        kind=type(error).__name__,
        where=where,
    )
    click.echo(sentence, err=True)
    sys.exit(COULD_NOT_RUN)


class _Day(click.ParamType[date]):
    """A day, as 2026-11-23."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            self.fail(f"«{value}» is no day of the calendar that Fristbrev knows; write it as 2026-11-23.", param, ctx)
        return day


as_of = click.option("--as-of", "today", type=_Day(), default=date.today, show_default="today", help="The day to reckon from.")
by_workers = click.option(
    "--workers", type=click.IntRange(1), metavar="N", show_default="the cores", help="How many processes fill letters."
)
as_json = click.option("--json", "machine", is_flag=True, help="Print JSON for programs.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    show_default="this folder",
    help="The office's folder.",
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Show findings, lists and messages in this language.")
@click.version_option(package_name="fristbrev")
@click.pass_context
def main(ctx: click.Context, workspace: Path, language: str | None) -> None:
    """Letters and due dates from a case register kept in Excel."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # tests put other streams here
    ctx.obj = Office(workspace, language)


def _print_json(objects: Sequence[dict[str, Any]]) -> None:
    click.echo(json.dumps(list(objects), ensure_ascii=False, indent=2))


# ------------------------------------------------------------------ init


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--profile", "starter", default="alta", show_default=True, help="The starter profile.")
@click.option("--demo", is_flag=True, help="With the made-up demo register instead of an empty one.")
@_guarded
def init(office: Office, folder: Path, starter: str, demo: bool) -> None:
    """Make a new workspace in FOLDER."""
    from pipeline.setup.init import make_workspace

    for path in make_workspace(folder, starter, demo=demo):
        click.echo(path)
    click.echo(office.texts("The workspace is ready. Next: fristbrev --workspace {folder} validate", folder=str(folder)))


# ------------------------------------------------------------------ checking


@main.command()
@as_of
@as_json
@click.option("--annotate", "annotated", is_flag=True, help="Write a copy of the register with every finding marked.")
@click.option("--owner", help="Only the findings that this person has to see to.")
@_guarded
def validate(office: Office, today: date, machine: bool, annotated: bool, owner: str | None) -> None:
    """Check profile, templates and register, and tell what has changed since the last run."""
    from pipeline.findings import Severity
    from pipeline.ledger.store import Ledger
    from pipeline.lists import flat
    from pipeline.lists.changes import changes_in_words
    from pipeline.lists.story import finding_in_words
    from pipeline.run import annotate, check, ledger_path

    with Ledger(ledger_path(office.workspace), read_only=True) as ledger:
        checked = check(office.workspace, today, ledger)
    reading, mistakes, since = checked.reading, checked.mistakes, checked.since
    register = reading.register
    found = checked.seen_to_by(owner, _all_findings(register.findings, register.excluded))
    if machine:
        _print_json([*flat.findings(found, office.texts), *_flat_mistakes(mistakes, office.texts)])
    else:
        for finding in found:
            click.echo(f"{office.texts(str(finding.severity))}: {finding_in_words(finding, office.texts)}")
        _print_mistakes(mistakes, office.texts)
        errors = sum(finding.severity is Severity.ERROR for finding in found)
        rows = sum(len(records) for records in register.records.values())
        click.echo(
            office.texts(
                "{rows} rows read, {excluded} left out, {errors} errors, {warnings} warnings.",
                rows=rows + len(register.excluded),
                excluded=len(register.excluded),
                errors=errors,
                warnings=len(found) - errors,
            )
        )
        if since.day is not None and owner is None:
            lines = tuple(changes_in_words(since.changes, register.profile, office.texts))
            changed = office.texts("Changed since the run of {day}:", day=since.day)
            click.echo(changed if lines else office.texts("Nothing has changed since the run of {day}.", day=since.day))
            for line in lines:
                click.echo(line)
    for path in annotate(office.workspace, reading, today) if annotated else ():
        click.echo(office.texts("The register with its findings marked: {path}", path=str(path)), err=machine)
    if mistakes or any(finding.severity is Severity.ERROR for finding in found):
        sys.exit(FOUND_ERRORS)


def _all_findings(findings: Sequence[Finding], excluded: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with those of rows that were left out, each once."""
    return tuple(dict.fromkeys((*findings, *excluded)))


@main.command()
@as_json
@click.option("--fields", "letter", metavar="LETTER", help="List the merge fields that an author may use in a letter.")
@_guarded
def templates(office: Office, machine: bool, letter: str | None) -> None:
    """Check all templates."""
    from pipeline.calendars import Calendar
    from pipeline.profile.load import load_profile
    from pipeline.run import check_workspace_templates, ways

    workspace = office.workspace
    profile = load_profile(workspace.profile)
    if letter is not None:
        _print_fields(office, letter, machine=machine)
        return
    calendar = Calendar(profile.office.country, profile.office.closed)
    mistakes = check_workspace_templates(workspace, profile, calendar)
    if machine:
        _print_json(_flat_mistakes(mistakes, office.texts))
    else:
        _print_mistakes(mistakes, office.texts)
        for name, whole in ways(workspace, profile, calendar).items():
            click.echo(_way_in_words(name, whole, office.texts))
        click.echo(
            office.texts(
                "{count} letters checked, {broken} with mistakes in their templates.",
                count=len(profile.letters),
                broken=len(mistakes),
            )
        )
    if mistakes:
        sys.exit(FOUND_ERRORS)


def _way_in_words(name: str, whole: str, texts: Texts) -> str:
    if not whole:
        return texts("{file}: compiled once for all letters", file=name)
    return texts("{file}: rendered anew for each letter, which is slower: {reason}", file=name, reason=texts(whole))


def _print_fields(office: Office, letter: str, *, machine: bool) -> None:
    from pipeline.letters.fields import fields_offered
    from pipeline.profile.kinds import WORDS
    from pipeline.profile.load import load_profile

    profile = load_profile(office.workspace.profile)
    if letter not in profile.letters:
        raise click.BadParameter(
            f"there is no letter «{letter}»; there are {', '.join(profile.letters)}", param_hint="--fields"
        )
    offered = fields_offered(profile.letters[letter], profile, texts_in(profile.office.language))
    if machine:
        _print_json([{"field": field.name, "heading": field.heading, "type": field.kind} for field in offered])
        return
    for field in offered:
        click.echo(f"{{{{ {field.name} }}}}".ljust(48) + f" {field.heading} ({office.texts(WORDS[field.kind])})")


def _flat_mistakes(mistakes: Any, texts: Texts) -> list[dict[str, Any]]:
    """The mistakes of templates in the shape of findings, the part of the document in the place of the sheet."""
    return [
        {
            "code": "template-broken",
            "severity": "error",
            "file": mistake.template,
            "sheet": texts(mistake.part),
            "cell": "",
            "heading": "",
            "record": letter,
            "value": mistake.text,
            "message": texts(mistake.sentence, **_facts(mistake.facts, texts)),
            "cure": texts("Correct the template in Word and save it in its place."),
        }
        for letter, found in mistakes.items()
        for mistake in found
    ]


def _print_mistakes(mistakes: Any, texts: Texts) -> None:
    for mistake in dict.fromkeys(mistake for found in mistakes.values() for mistake in found):
        click.echo(_mistake_in_words(mistake, texts))


def _mistake_in_words(mistake: TemplateMistake, texts: Texts) -> str:
    where = ", ".join(
        part for part in (mistake.template, texts(mistake.part), f"«{mistake.text}»" if mistake.text else "") if part
    )
    return f"{where}: {texts(mistake.sentence, **_facts(mistake.facts, texts))}"


# ------------------------------------------------------------------ looking


def _look(office: Office, today: date, *, letters: bool = True, over: Path | None = None, workers: int | None = None) -> Sight:
    from pipeline.ledger.store import Ledger
    from pipeline.run import Stopwatch, ledger_path, look

    workspace = office.workspace
    with Ledger(ledger_path(workspace), read_only=True) as ledger:
        return look(
            workspace,
            today,
            ledger,
            Stopwatch(time.perf_counter),
            over=over,
            hands=_hands(office, workers) if letters else None,
        )


def _hands(office: Office, workers: int | None) -> Hands:
    """Who fills the letters; on a terminal one sees how far they have come."""
    from pipeline.run import Hands

    bar: list[Any] = []

    def show(done: int, of: int) -> None:
        if not bar:
            bar.append(click.progressbar(length=of, label=office.texts("Filling letters"), file=sys.stderr).__enter__())
        bar[0].update(done - bar[0].pos)
        if done == of:
            bar.pop().render_finish()

    return Hands(workers or os.cpu_count() or 1, show if sys.stderr.isatty() else None)


@main.command()
@as_of
@as_json
@click.option("--overdue", is_flag=True, help="Only what is unknown or overdue.")
@click.option("--owner", help="Only what this person has to see to.")
@click.option(
    "--days", type=click.IntRange(0), metavar="N", help="The plan: what is unknown, overdue or due within N days, per owner."
)
@click.option(
    "--what-if",
    "over",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Show which dates the lines in FILE would change if they stood in the profile; changes nothing.",
)
@_guarded
def deadlines(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office, today: date, machine: bool, overdue: bool, owner: str | None, days: int | None, over: Path | None
) -> None:
    """Show due dates and where they stand."""
    from pipeline.deadlines.model import Status
    from pipeline.lists import flat

    if over is not None:
        if overdue or days is not None:
            raise click.UsageError("--what-if goes with --owner and --as-of alone.")
        _print_changes(office, today, over, owner, machine=machine)
        return
    sight = _look(office, today, letters=False)
    urgent = {Status.UNKNOWN, Status.OVERDUE}

    def wanted(deadline: Deadline) -> bool:
        if owner is not None and deadline.owner != owner:
            return False
        if overdue:
            return deadline.status in urgent
        if days is not None:
            by = deadline.act_by or deadline.due
            return deadline.status in urgent or (deadline.status.open and by is not None and (by - today).days <= days)
        return True

    found = sorted(
        (deadline for deadline in sight.deadlines.items if wanted(deadline)),
        key=lambda deadline: (
            list(Status).index(deadline.status),
            deadline.due or date.max,
            deadline.record.key,
            deadline.rule,
        ),
    )
    if machine:
        _print_json(flat.deadlines(found, sight.view))
        return
    texts = office.texts
    if days is None:
        for deadline in found:
            click.echo(_deadline_line(deadline, sight, texts, deadline.owner))
    else:
        _print_plan(found, sight, texts)
    click.echo(texts("{count} deadlines.", count=len(found)))


def _deadline_line(deadline: Deadline, sight: Sight, texts: Texts, *more: str) -> str:
    from pipeline.lists import flat
    from pipeline.lists.words import STATUS

    record, _ = flat.about(deadline, sight.view)
    due = texts.short_date(deadline.due) if deadline.due else ""
    title = sight.profile.deadlines[deadline.rule].title
    cause = f"  {deadline.cause.place}" if deadline.cause else ""
    between = "".join(f"{word:<10} " for word in more)
    return f"{texts(STATUS[deadline.status]):<16} {due:<10}  {record:<14} {between}{title}{cause}"


def _print_plan(found: Sequence[Deadline], sight: Sight, texts: Texts) -> None:
    """What lies ahead of each owner, by the day on which to act at the latest; what nobody is named for last."""
    from pipeline.lists.overview import by_name
    from pipeline.lists.words import NOBODY

    names = {deadline.owner: sight.deadlines.owners.get(deadline.owner, deadline.owner) for deadline in found}
    for owner in sorted(names, key=lambda owner: by_name(names[owner])):
        click.echo(f"{names[owner]} ({owner})" if owner else texts(NOBODY))
        for deadline in (each for each in found if each.owner == owner):
            act_by = deadline.act_by
            early = texts("act by {day}", day=texts.short_date(act_by)) if act_by and act_by != deadline.due else ""
            click.echo(f"  {_deadline_line(deadline, sight, texts)}{early and f' ({early})'}")
        click.echo()


def _print_changes(office: Office, today: date, over: Path, owner: str | None, *, machine: bool) -> None:
    """What the overriding lines in a file would change: old → new."""
    from pipeline.deadlines.compare import changes
    from pipeline.lists import flat

    now, then = _look(office, today, letters=False), _look(office, today, letters=False, over=over)
    found = [
        change
        for change in changes(now.deadlines.items, then.deadlines.items)
        if owner is None or owner in {each.owner for each in (change.before, change.after) if each}
    ]
    if machine:
        _print_json(flat.changes(found, now.view, then.view))
        return
    texts = office.texts
    for change in found:
        sight = then if change.after else now
        record, _ = flat.about(change.deadline, sight.view)
        title = sight.profile.deadlines[change.deadline.rule].title
        click.echo(f"{record:<14} {title}: {_standing(change.before, texts)} → {_standing(change.after, texts)}")
    click.echo(texts("{count} deadlines would change; nothing was written.", count=len(found)))


def _standing(deadline: Deadline | None, texts: Texts) -> str:
    """Due day, act-by day where it is another, and status, in one phrase; a dash where there is no such deadline."""
    from pipeline.lists.words import STATUS

    if deadline is None:
        return "–"
    days = dict.fromkeys(texts.short_date(day) for day in (deadline.due, deadline.act_by) if day)
    return ", ".join([*days, texts(STATUS[deadline.status])])


@main.command()
@as_of
@as_json
@by_workers
@_guarded
def letters(office: Office, today: date, machine: bool, workers: int | None) -> None:
    """Show what the next run would make and withhold, and why; changes nothing."""
    from pipeline.letters.model import Outcome
    from pipeline.lists import flat
    from pipeline.lists.story import reasons_in_words
    from pipeline.lists.words import OUTCOME

    sight = _look(office, today, workers=workers)
    shown = (Outcome.DUE, Outcome.WITHHELD, Outcome.MANUAL, Outcome.REVIEW, Outcome.PRODUCED)
    found = sorted(
        (letter for letter in sight.letters if letter.outcome in shown),
        key=lambda letter: (
            shown.index(letter.outcome),
            letter.obligation.letter,
            letter.obligation.record.key,
            letter.recipient.role,
        ),
    )
    files = {obligation: entry.current.files[0].path for obligation, entry in sight.entries.items() if entry.current}
    if machine:
        _print_json(flat.letters(sorted(sight.letters, key=lambda letter: letter.obligation.record.key), files, office.texts))
        return
    for letter in found:
        title = sight.profile.letters[letter.obligation.letter].title
        why = reasons_in_words(letter.reasons, office.texts)
        click.echo(
            f"{office.texts(OUTCOME[letter.outcome]):<16} {letter.obligation.record.key:<14} {title}{f': {why}' if why else ''}"
        )
    click.echo(office.texts("{count} letters would be made.", count=sum(letter.outcome is Outcome.DUE for letter in found)))


@main.command()
@as_of
@as_json
@click.option("--record", "key", metavar="KEY", help="Tell the story of a record.")
@click.option("--code", metavar="CODE", help="Tell what a finding means.")
@_guarded
def explain(office: Office, today: date, machine: bool, key: str | None, code: str | None) -> None:
    """Explain a record, or what a finding means."""
    if (key is None) == (code is None):
        raise click.UsageError("Name a record with --record, or a finding with --code.")
    if code is not None:
        _explain_code(office, code, machine=machine)
    elif key is not None:
        _explain_record(office, key, today, machine=machine)


def _explain_code(office: Office, code: str, *, machine: bool) -> None:
    from pipeline.texts.messages import FINDINGS

    if code not in FINDINGS:
        raise click.BadParameter(f"there is no finding «{code}»; there are {', '.join(FINDINGS)}", param_hint="--code")
    kind = FINDINGS[code]
    sentences = {"message": kind.message, "cure": kind.cure, "meaning": kind.meaning}
    said = {"code": code} | {name: _PLACEHOLDER.sub("…", office.texts(sentence)) for name, sentence in sentences.items()}
    if machine:
        _print_json([said])
    else:
        click.echo("\n".join(said.values()))


def _explain_record(office: Office, key: str, today: date, *, machine: bool) -> None:
    from pipeline.lists.story import Told, tell
    from pipeline.profile.kinds import nearest

    sight = _look(office, today)
    story = tell(Told(sight.view, sight.deadlines.items, sight.letters, sight.entries), key, office.texts)
    if not story:
        keys = (known for records in sight.view.register.records.values() for known in records)
        guess = nearest(key, keys)
        raise UnknownRecord(record=key, hint=office.texts(" Did you mean «{guess}»?", guess=guess) if guess else "")
    if machine:
        _print_json([{"kind": line.kind, "record": line.record, "name": line.name, "text": line.text} for line in story])
        return
    indents = {"record": 0, "cell": 2, "finding": 2, "deadline": 2, "step": 6, "letter": 2, "reason": 6, "event": 2}
    previous = ""
    for line in story:
        if line.kind == "record" or (
            line.kind in {"finding", "deadline", "letter"} and line.kind != previous and previous not in {"step", "reason"}
        ):
            click.echo()
        click.echo(" " * indents[line.kind] + line.text)
        previous = line.kind


# ------------------------------------------------------------------ the night


@main.command()
@as_of
@as_json
@click.option("--lists-only", is_flag=True, help="Write the lists, make no letters.")
@click.option("--pdf", is_flag=True, help="Make the letters as PDF too, and a file for the printer; needs LibreOffice.")
@click.option("--accept-changes", is_flag=True, help="The rows that are gone since the last run were meant to go.")
@by_workers
@_guarded
def run(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office, today: date, machine: bool, lists_only: bool, pdf: bool, accept_changes: bool, workers: int | None
) -> None:
    """The nightly run: letters, dispatch list, overview."""
    from pipeline.lists import flat
    from pipeline.run import Clock
    from pipeline.run import run as go

    if lists_only and pdf:
        raise click.UsageError("--lists-only makes no letters, so there is nothing for --pdf.")
    workspace = office.workspace
    clock, hands = Clock(today, datetime.now, time.perf_counter), _hands(office, workers)
    report = go(workspace, clock, lists_only=lists_only, pdf=pdf, accept_changes=accept_changes, hands=hands)
    if machine:
        files = {made.letter.obligation.id: made.file for made in report.made}
        _print_json(flat.letters([made.letter for made in report.made], files, office.texts))
    else:
        _print_report(report, office.texts)
    _print_mistakes_on_stderr(report, office.texts)
    _print_left_in_register(report, office.texts)
    if report.held:
        click.echo(
            office.texts(
                "More than half of the rows of {sheets} are gone since the last run, so no letter was made or taken back. "
                "Bring them back, or run again with --accept-changes if they were meant to go.",
                sheets=", ".join(f"«{title}»" for title in report.held),
            ),
            err=True,
        )
    _print_without_pdf(report, office.texts)
    if not report.complete:
        sys.exit(LEFT_UNDONE)


def _print_report(report: Report, texts: Texts) -> None:
    numbers = report.numbers
    click.echo(
        texts(
            "{read} rows read, {excluded} of them left out; {errors} errors and {warnings} warnings in the register.",
            read=numbers.read,
            excluded=numbers.excluded,
            errors=numbers.errors,
            warnings=numbers.warnings,
        )
    )
    click.echo(
        texts(
            "Deadlines: {unknown} unknown, {overdue} overdue, {soon} due soon.",
            unknown=numbers.unknown,
            overdue=numbers.overdue,
            soon=numbers.due_soon,
        )
    )
    made = texts.count("{n} new letter", "{n} new letters", len(report.made)) if report.made else texts("No new letter")
    click.echo(
        texts(
            "{made}, {withheld} withheld, {manual} to be made by hand, {review} to look through.",
            made=made,
            withheld=numbers.withheld,
            manual=numbers.manual,
            review=numbers.review,
        )
    )
    if report.withdrawn:
        click.echo(
            texts.count(
                "{n} unsent letter is no longer right and was taken back.",
                "{n} unsent letters are no longer right and were taken back.",
                report.withdrawn,
            )
        )
    if report.register.written:
        click.echo(
            texts.count(
                "{n} date was written into the register.",
                "{n} dates were written into the register.",
                len(report.register.written),
            )
        )
    if report.paper.made:
        click.echo(texts.count("{n} PDF was made.", "{n} PDF were made.", len(report.paper.made)))
    if report.paper.printed:
        click.echo(
            texts.count(
                "To be printed on both sides, {n} sheet: {file}",
                "To be printed on both sides, {n} sheets: {file}",
                report.paper.sheets,
                file=str(report.paper.printed),
            )
        )
    click.echo(texts("Look at {page}", page=str(report.page)))


def _print_mistakes_on_stderr(report: Report, texts: Texts) -> None:
    for mistake in dict.fromkeys(mistake for found in report.mistakes.values() for mistake in found):
        click.echo(_mistake_in_words(mistake, texts), err=True)
    for obligation in (*report.kept, *report.paper.held):
        click.echo(
            texts("Letter {id} was left as it lies: somebody has changed the file or has it open.", id=obligation), err=True
        )


def _print_left_in_register(report: Report, texts: Texts) -> None:
    from pipeline.register.splice import REFUSALS

    for fault in report.register.faults:
        _tell(fault, texts)
    for place, refusal in report.register.refused.items():
        reason = texts(REFUSALS[refusal])
        click.echo(texts("The date of {cell} stays in the ledger alone: {reason}.", cell=str(place), reason=reason), err=True)


def _print_without_pdf(report: Report, texts: Texts) -> None:
    paper = report.paper
    if paper.fault:
        _tell(paper.fault, texts)
    for obligation, path in () if paper.fault else paper.missing:
        click.echo(
            texts(
                "Letter {id} has no PDF: LibreOffice could not make one of {file}. "
                "Open it in Word, save it, and run with --pdf again; or print it from Word.",
                id=obligation,
                file=path,
            ),
            err=True,
        )
    for obligation in paper.theirs:
        click.echo(
            texts(
                "A PDF lies beside letter {id} that was not made here, or that somebody has changed: it was left as it lies "
                "and is not in the file for the printer.",
                id=obligation,
            ),
            err=True,
        )


# ------------------------------------------------------------------ backups


@main.command()
@as_json
@click.option("--backup", "name", metavar="NAME", help="Put this backup in the register's place.")
@_guarded
def restore(office: Office, machine: bool, name: str | None) -> None:
    """List the register's backups, or bring one back; the present version becomes a backup first."""
    from pipeline.run import register_backups, restore_register

    if name is not None:
        kept = restore_register(office.workspace, name, datetime.now())  # noqa: DTZ005 -- the office's own time
        click.echo(office.texts("{name} stands in its place again; what stood there is {kept}.", name=name, kept=kept.name))
        return
    found = register_backups(office.workspace)
    listed = [
        {"file": path, "backup": backup.path.name, "day": backup.day.isoformat()}
        for path, backups in found.items()
        for backup in backups
    ]
    if machine:
        _print_json(listed)
        return
    for backup in listed:
        click.echo(backup["backup"])
    click.echo(office.texts.count("{n} backup.", "{n} backups.", len(listed)))
