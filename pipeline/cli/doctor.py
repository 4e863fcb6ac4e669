"""``doctor``: what this machine lacks."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime

import click

from pipeline.cli.base import FOUND_ERRORS, Office, as_json, guarded_anywhere, print_json


@click.command()
@as_json
@guarded_anywhere
def doctor(office: Office, machine: bool) -> None:
    """Tell what this machine lacks for a night to go well, and how to mend it."""
    from pipeline.run.doctor import examine

    found = list(examine(office.workspace, datetime.now(), office.texts))  # noqa: DTZ005 -- the office's own time
    if machine:
        print_json([asdict(diagnosis) for diagnosis in found])
    else:
        for diagnosis in found:
            state = "ok" if diagnosis.state == "ok" else office.texts(diagnosis.state)
            click.echo(f"{state}: {diagnosis.message} {diagnosis.cure}".rstrip())
    if any(diagnosis.state == "error" for diagnosis in found):
        sys.exit(FOUND_ERRORS)
