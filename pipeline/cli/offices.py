"""``run WORKSPACE…``: the nights of several offices, and what is said of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from pipeline.cli.base import Office

if TYPE_CHECKING:
    from pipeline.run import Ran


class Machines(NamedTuple):
    """Where the offices' nights run.

    Attributes:
        workers: how many processes at once on this machine, or for each office on a cluster; None for the cores.
        cluster: the address of a Dask scheduler; None for this machine.
    """

    workers: int | None
    cluster: str | None


def run_offices(office: Office, workspaces: Sequence[Path], wishes: Sequence[str], today: date, machines: Machines) -> None:
    """Run each workspace, tell what became of it, write the page of all, and end with the worst exit code."""
    from pipeline.run import Workspace, run_here, run_on_cluster, write_picture

    if not workspaces:
        raise click.UsageError("--cluster runs several workspaces: name them.")
    texts = office.texts
    typed = [*(["--language", office.asked] if office.asked else []), "run", *wishes, "--workers"]
    folders = list(dict.fromkeys(path.resolve() for path in workspaces))

    def tell(ran: Ran) -> None:
        click.echo(f"── {ran.folder}")
        click.echo(ran.said, nl=False)
        for complaint in ran.complaints.splitlines():
            click.echo(f"{ran.folder.name}: {complaint}", err=True)

    if machines.cluster:
        nights = run_on_cluster(machines.cluster, folders, [*typed, str(machines.workers or 1)], tell)
    else:
        cores = machines.workers or os.cpu_count() or 1
        at_once = min(len(folders), cores)
        nights = run_here(folders, [*typed, str(cores // at_once)], at_once, tell)
    page = write_picture(nights, Workspace(office.folder).output, today, texts)
    good = sum(ran.exit_code == 0 for ran in nights)
    click.echo(
        texts.count("{good} of {n} office ran to its end.", "{good} of {n} offices ran to their end.", len(nights), good=good)
    )
    click.echo(texts("Look at {page}", page=str(page)))
    worst = min((ran.exit_code for ran in nights if ran.exit_code), default=0)
    if worst:
        sys.exit(worst)
