"""``init``: a new workspace, from a starter or from a register that is in use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from pipeline.cli.base import Office, guarded
from pipeline.cli.nightly import program
from pipeline.profile.starters import starters


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--profile", "starter", default=lambda: next(iter(starters()), ""), show_default="the first", help="The starter profile."
)
@click.option("--demo", is_flag=True, help="With the made-up demo register instead of an empty one.")
@click.option(
    "--from-register",
    "register",
    type=click.Path(path_type=Path),
    help="Propose a profile from this register, and say what could not be told.",
)
@guarded
def init(office: Office, folder: Path, starter: str, demo: bool, register: Path | None) -> None:
    """Make a new workspace in FOLDER."""
    if register is not None:
        _propose(office, folder, register)
        return
    from pipeline.setup.init import make_workspace

    today = date.today()  # noqa: DTZ011 -- the office's own day
    for path in make_workspace(folder, starter, today, demo=demo, program=program()[0]):
        click.echo(path)
    texts = office.texts_of(folder)
    click.echo(texts("The workspace is ready. Next: fristbrev --workspace {folder} validate", folder=str(folder)))
    click.echo(
        texts(
            "Letters count from the day that stands in profile.toml under [office] start. What the past seems to lack is asked "
            "about once, on the first dispatch list, and never made unasked. «Den første natten» in docs/drift.md leads an "
            "office with old cases through its first night."
        )
    )


def _propose(office: Office, folder: Path, register: Path) -> None:
    from pipeline.setup.from_register import propose_workspace
    from pipeline.setup.proposal import doubts

    today = date.today()  # noqa: DTZ011 -- the office's own day
    proposed = propose_workspace(folder, register, today, language=office.texts.language, program=program()[0])
    for path in proposed.made:
        click.echo(path)
    texts = office.texts_of(folder)
    told = list(doubts(proposed.proposal, texts))
    if told:
        click.echo(texts("This could not be told from the register:"))
        for doubt in told:
            click.echo(f"  {doubt}")
    click.echo(
        texts(
            "What is read from now on is the copy, {file}. Go on working in it, or let «workbook» in profile.toml name the "
            "file that you work in.",
            file=str(folder / "registers" / register.name),
        )
    )
    click.echo(
        texts(
            "The proposal is ready, and loads as it is. Next: read profile.toml in {folder}, "
            "then fristbrev --workspace {folder} validate",
            folder=str(folder),
        )
    )
