"""``init``: a new workspace."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.base import Office, guarded
from pipeline.cli.nightly import program


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--profile", "starter", default="alta", show_default=True, help="The starter profile.")
@click.option("--demo", is_flag=True, help="With the made-up demo register instead of an empty one.")
@guarded
def init(office: Office, folder: Path, starter: str, demo: bool) -> None:
    """Make a new workspace in FOLDER."""
    from pipeline.setup.init import make_workspace

    for path in make_workspace(folder, starter, demo=demo, program=program()[0]):
        click.echo(path)
    click.echo(office.texts("The workspace is ready. Next: fristbrev --workspace {folder} validate", folder=str(folder)))
    click.echo(
        office.texts(
            "Where the register holds cases from before today, write the first day that counts in profile.toml: [office] start."
            " What the past seems to lack is asked about once, on the first dispatch list, and never made unasked."
        )
    )
