"""``statistics``: what a manager asks for, of this office or of several together."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import click

from pipeline.cli.base import Office, as_it_stood, as_of, guarded
from pipeline.faults import Fault, NoWorkspace, Several


@click.command()
@click.argument("workspaces", nargs=-1, type=click.Path(path_type=Path, file_okay=False))
@as_of
@as_it_stood
@guarded
def statistics(office: Office, workspaces: tuple[Path, ...], today: date, stood: bool) -> None:
    """Count the profile's figures; of several WORKSPACES each and together.

    An office's own figures lie in output, with the records behind each number, and once more for others to read, where small
    numbers are hidden. Those of several offices are written into the workspace from which the command is given.
    """
    from pipeline.run import Stopwatch, Workspace, count_figures, write_figures, write_together

    texts, stopwatch = office.texts, Stopwatch(time.perf_counter)
    here = office.workspace if not workspaces else Workspace(office.folder)
    folder = here.output / texts.name("statistics")
    if not workspaces:
        written = write_figures(count_figures(here, today, stopwatch, stood=stood), folder, today)
    else:
        counted, faults = {}, []
        for path in workspaces:
            each = Workspace(path)
            try:
                if not each.profile.is_file():
                    raise NoWorkspace(folder=str(path))
                found = count_figures(each, today, stopwatch, stood=stood)
            except Fault as fault:
                faults.append(fault)
                continue
            name = found.profile.office.municipality
            counted[name if name not in counted else f"{name} ({path.name})"] = found
        if faults:
            raise Several(tuple(faults))
        written = write_together(counted, folder, today, texts)
    for path in written:
        click.echo(texts("Written: {file}", file=str(path)))
