"""``restore``: the register's backups."""

from __future__ import annotations

from datetime import datetime

import click

from pipeline.cli.base import Office, as_json, guarded, print_json


@click.command()
@as_json
@click.option("--backup", "name", metavar="NAME", help="Put this backup in the register's place.")
@guarded
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
        print_json(listed)
        return
    for backup in listed:
        click.echo(backup["backup"])
    click.echo(office.texts.count("{n} backup.", "{n} backups.", len(listed)))
