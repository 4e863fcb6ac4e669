"""``run``: the nightly run, and what is said of it."""

from __future__ import annotations

import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from pipeline.cli.base import LEFT_UNDONE, Office, as_json, as_of, by_workers, guarded_anywhere, print_json, tell
from pipeline.cli.mistakes import mistake_in_words
from pipeline.cli.offices import Machines, run_offices
from pipeline.cli.sight import hands_of
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.run import Report


@click.command()
@click.argument("workspaces", nargs=-1, type=click.Path(path_type=Path, file_okay=False))
@as_of
@as_json
@click.option("--lists-only", is_flag=True, help="Write the lists, make no letters.")
@click.option("--pdf", is_flag=True, help="Make the letters as PDF too, and a file for the printer; needs LibreOffice.")
@click.option("--accept-changes", is_flag=True, help="The rows that are gone since the last run were meant to go.")
@click.option("--allow-many", is_flag=True, help="Make the letters also where they are more than usual.")
@click.option(
    "--wait",
    type=click.IntRange(0, 24 * 60),
    default=0,
    metavar="MINUTES",
    help="How long to try again while another run is under way or the register is being saved.",
)
@click.option("--cluster", metavar="ADDRESS", help="Run the WORKSPACES on the workers of a Dask cluster with shared storage.")
@by_workers
@guarded_anywhere
def run(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office,
    workspaces: tuple[Path, ...],
    today: date,
    machine: bool,
    lists_only: bool,
    pdf: bool,
    accept_changes: bool,
    allow_many: bool,
    wait: int,
    cluster: str | None,
    workers: int | None,
) -> None:
    """The nightly run: letters, dispatch list, overview.

    Of several WORKSPACES each has its own run, side by side, and a page with the numbers of all is written into the workspace
    from which the command is given.
    """
    from pipeline.lists import flat
    from pipeline.run import Allowed, Clock, Patience, night

    if lists_only and pdf:
        raise click.UsageError("--lists-only makes no letters, so there is nothing for --pdf.")
    named = click.get_current_context().get_parameter_source("today") is not ParameterSource.DEFAULT
    if workspaces or cluster:
        if machine or accept_changes or allow_many:
            raise click.UsageError("--json, --accept-changes and --allow-many are for one workspace: name it with --workspace.")
        wishes = [*(["--as-of", today.isoformat()] if named else []), "--wait", str(wait)]
        wishes += [option for option, wished in (("--lists-only", lists_only), ("--pdf", pdf)) if wished]
        run_offices(office, workspaces, wishes, today, Machines(workers, cluster))
        return
    workspace = office.workspace
    clock, hands = Clock(today, datetime.now, time.perf_counter, _memory), hands_of(office, workers)
    report = night(
        workspace,
        clock,
        lambda fault: tell(fault, office.texts),
        Patience(wait, time.sleep, attended=sys.stderr.isatty()),
        lists_only=lists_only,
        pdf=pdf,
        allowed=Allowed(changes=accept_changes, many=allow_many, day=named),
        hands=hands,
    )
    if machine:
        files = {made.letter.obligation.id: made.file for made in report.made}
        print_json(flat.letters([made.letter for made in report.made], files, office.texts))
    else:
        _print_report(report, office.texts)
    if report.stale:
        click.echo(
            office.texts("The run before ({owner}) was ended by force; what it left was put in order.", owner=report.stale),
            err=True,
        )
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
    if report.waiting:
        click.echo(
            office.texts.count(
                "{n} letter waits for a yes or no on a dispatch list; --allow-many makes those that are more than usual.",
                "{n} letters wait for a yes or no on a dispatch list; --allow-many makes those that are more than usual.",
                report.waiting,
            ),
            err=True,
        )
    _print_without_pdf(report, office.texts)
    for fault in report.faults:
        tell(fault, office.texts)
    if not report.complete:
        sys.exit(LEFT_UNDONE)


def _memory() -> int:
    """The memory that this process has, in bytes."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def _print_report(report: Report, texts: Texts) -> None:
    from pipeline.run import report_in_words

    for line in report_in_words(report, texts):
        click.echo(line)
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
        click.echo(mistake_in_words(mistake, texts), err=True)
    for path in report.copies:
        click.echo(texts("The template with a comment at each mistake: {path}", path=str(path)), err=True)
    for obligation in (*report.kept, *report.paper.held):
        click.echo(
            texts("Letter {id} was left as it lies: somebody has changed the file or has it open.", id=obligation), err=True
        )


def _print_left_in_register(report: Report, texts: Texts) -> None:
    from pipeline.register.splice import REFUSALS

    for fault in report.register.faults:
        tell(fault, texts)
    for place, refusal in report.register.refused.items():
        reason = texts(REFUSALS[refusal])
        click.echo(texts("The date of {cell} stays in the ledger alone: {reason}.", cell=str(place), reason=reason), err=True)


def _print_without_pdf(report: Report, texts: Texts) -> None:
    paper = report.paper
    if paper.fault:
        tell(paper.fault, texts)
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
