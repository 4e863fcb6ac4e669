"""``verify`` and ``purge``: whether what is there is what was written down, and letting go of it."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click

from pipeline.cli.base import FOUND_ERRORS, Office, as_json, as_of, guarded, print_json, tell


@click.command()
@as_of
@as_json
@guarded
def verify(office: Office, today: date, machine: bool) -> None:
    """Compare the ledger with itself, the letters, the register and its copies."""
    from pipeline.findings import Severity, counted
    from pipeline.lists import flat
    from pipeline.lists.story import finding_in_words
    from pipeline.run import verify as prove

    proof = prove(office.workspace, today, datetime.now())  # noqa: DTZ005 -- the office's own time
    errors = sum(finding.severity is Severity.ERROR for finding in proof.findings)
    if machine:
        print_json(flat.findings(proof.findings, office.texts))
    else:
        for finding in proof.findings:
            click.echo(f"{office.texts(str(finding.severity))}: {finding_in_words(finding, office.texts)}")
        click.echo(
            office.texts(
                "{letters} letters in {files} files and {events} events compared: {errors}, {warnings}.",
                letters=proof.letters,
                files=proof.files,
                events=proof.events,
                **counted(errors, len(proof.findings) - errors, office.texts),
            )
        )
    if proof.unread is not None:
        tell(proof.unread, office.texts)
        click.echo(office.texts("So the register was not compared."), err=True)
        sys.exit(proof.unread.exit_code)
    if errors:
        sys.exit(FOUND_ERRORS)


@click.command()
@as_of
@guarded
def purge(office: Office, today: date) -> None:
    """Delete what is older than the profile's retention; every run does it, too."""
    from pipeline.run import purge as let_go

    gone = let_go(office.workspace, today, datetime.now())  # noqa: DTZ005 -- the office's own time
    click.echo(
        office.texts(
            "Of what is older than {day}, {letters} letters, {lists} lists and {standings} rows about deadlines were deleted.",
            day=gone.before,
            letters=gone.letters,
            lists=gone.lists,
            standings=gone.standings,
        )
    )
