"""``schedule``: the nightly run for the system's own clockwork."""

from __future__ import annotations

import sys
from datetime import date, datetime, time
from pathlib import Path

import click

from pipeline.cli.base import Office, as_of, guarded


@click.command()
@as_of
@click.option("--at", "at", type=click.DateTime(["%H:%M"]), default="02:00", show_default=True, help="The time of day.")
@click.option("--pdf", is_flag=True, help="Make PDF and the file for the printer every night, too.")
@click.option(
    "--wait",
    type=click.IntRange(0, 24 * 60),
    default=60,
    show_default=True,
    metavar="MINUTES",
    help="How long the run tries again while another one is under way or the register is being saved.",
)
@guarded
def schedule(office: Office, today: date, at: datetime, pdf: bool, wait: int) -> None:
    """Write timer files for systemd, cron and Windows, for this workspace and this machine."""
    from pipeline.files import make_folder, write_file
    from pipeline.setup.schedule import Night, unit_name
    from pipeline.setup.schedule import schedule as files

    folder = office.workspace.folder.resolve()
    command = [*program(), "--workspace", str(folder), "run", "--wait", str(wait), *(["--pdf"] if pdf else [])]
    night = Night(command, str(folder), time(at.hour, at.minute), _owner(folder))
    target = folder / office.texts.name("schedule")
    make_folder(target)
    for name, content in files(night, today, office.texts).items():
        write_file(target / name, content)
        click.echo(target / name)
    unit = unit_name(str(folder))
    click.echo()
    click.echo(office.texts("Linux with systemd, as root:"))
    click.echo(f"  cp {target / unit}.service {target / unit}.timer /etc/systemd/system/")
    click.echo(f"  systemctl daemon-reload && systemctl enable --now {unit}.timer")
    click.echo(
        office.texts("Linux without systemd, as the account that runs it (crontab -e): the line in {file}", file=f"{unit}.cron")
    )
    click.echo(office.texts("Windows, as administrator; it asks for the password of the account that runs it:"))
    click.echo(f'  schtasks /Create /TN "{unit}" /XML "{target / unit}.xml" /RU {office.texts("ACCOUNT")} /RP *')


def program() -> tuple[str, ...]:
    """How this very program is started: the command beside its Python, else its package."""
    beside = next(
        (path for name in ("fristbrev", "fristbrev.exe") if (path := Path(sys.executable).with_name(name)).is_file()), None
    )
    return (str(beside),) if beside else (sys.executable, "-m", "pipeline")


def _owner(folder: Path) -> str:
    """The account that the workspace belongs to; Windows asks for it when the task is taken in."""
    try:
        return folder.owner()
    except (NotImplementedError, OSError, KeyError):
        return ""
