"""The group of all commands.

Commands say what is to be done and print what came of it; everything heavy is imported by the command that uses it.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import click

from pipeline.cli.after import sent, withdraw
from pipeline.cli.backups import restore
from pipeline.cli.base import Office
from pipeline.cli.checking import templates, validate
from pipeline.cli.dates import deadlines
from pipeline.cli.doctor import doctor
from pipeline.cli.explain import explain
from pipeline.cli.figures import statistics
from pipeline.cli.letters import letters
from pipeline.cli.night import run
from pipeline.cli.nightly import schedule
from pipeline.cli.proof import purge, verify
from pipeline.cli.setup import init
from pipeline.texts import LANGUAGES


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


for command in (
    init,
    validate,
    templates,
    deadlines,
    letters,
    run,
    sent,
    withdraw,
    explain,
    restore,
    verify,
    purge,
    doctor,
    schedule,
    statistics,
):
    main.add_command(command)
