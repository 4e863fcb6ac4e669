"""``deadlines``: due dates, the plan ahead, and what other rules would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import Office, as_it_stood, as_json, as_of, guarded, print_json
from pipeline.cli.sight import look_ahead
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.deadlines.model import Deadline
    from pipeline.run import Sight


@click.command()
@as_of
@as_it_stood
@as_json
@click.option("--overdue", is_flag=True, help="Only what is unknown or overdue.")
@click.option("--owner", help="Only what this person has to see to.")
@click.option(
    "--days", type=click.IntRange(0), metavar="N", help="The plan: what is unknown, overdue or due within N days, per owner."
)
@click.option(
    "--what-if",
    "over",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Show which dates the lines in FILE would change if they stood in the profile; changes nothing.",
)
@guarded
def deadlines(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office,
    today: date,
    stood: bool,
    machine: bool,
    overdue: bool,
    owner: str | None,
    days: int | None,
    over: Path | None,
) -> None:
    """Show due dates and where they stand."""
    from pipeline.deadlines.model import Status
    from pipeline.lists import flat

    if over is not None:
        if overdue or stood or days is not None:
            raise click.UsageError("--what-if goes with --owner and --as-of alone.")
        _print_changes(office, today, over, owner, machine=machine)
        return
    sight = look_ahead(office, today, letters=False, stood=stood)
    urgent = {Status.UNKNOWN, Status.OVERDUE}

    def wanted(deadline: Deadline) -> bool:
        if owner is not None and deadline.owner != owner:
            return False
        if overdue:
            return deadline.status in urgent
        if days is not None:
            by = deadline.act_by or deadline.due
            return deadline.status in urgent or (deadline.status.open and by is not None and (by - today).days <= days)
        return True

    found = sorted(
        (deadline for deadline in sight.deadlines.items if wanted(deadline)),
        key=lambda deadline: (
            list(Status).index(deadline.status),
            deadline.due or date.max,
            deadline.record.key,
            deadline.rule,
        ),
    )
    if machine:
        print_json(flat.deadlines(found, sight.view))
        return
    texts = office.texts
    if days is None:
        for deadline in found:
            click.echo(_deadline_line(deadline, sight, texts, deadline.owner))
    else:
        _print_plan(found, sight, texts)
    click.echo(texts("{count} deadlines.", count=len(found)))


def _deadline_line(deadline: Deadline, sight: Sight, texts: Texts, *more: str) -> str:
    from pipeline.lists import flat
    from pipeline.lists.words import STATUS

    record, _ = flat.about(deadline, sight.view)
    due = texts.short_date(deadline.due) if deadline.due else ""
    title = sight.profile.deadlines[deadline.rule].title
    cause = f"  {deadline.cause.place}" if deadline.cause else ""
    between = "".join(f"{word:<10} " for word in more)
    return f"{texts(STATUS[deadline.status]):<16} {due:<10}  {record:<14} {between}{title}{cause}"


def _print_plan(found: Sequence[Deadline], sight: Sight, texts: Texts) -> None:
    """What lies ahead of each owner, by the day on which to act at the latest; what nobody is named for last."""
    from pipeline.lists.overview import by_name
    from pipeline.lists.words import NOBODY

    names = {deadline.owner: sight.deadlines.owners.get(deadline.owner, deadline.owner) for deadline in found}
    for owner in sorted(names, key=lambda owner: by_name(names[owner])):
        click.echo(f"{names[owner]} ({owner})" if owner else texts(NOBODY))
        for deadline in (each for each in found if each.owner == owner):
            act_by = deadline.act_by
            early = texts("act by {day}", day=texts.short_date(act_by)) if act_by and act_by != deadline.due else ""
            click.echo(f"  {_deadline_line(deadline, sight, texts)}{early and f' ({early})'}")
        click.echo()


def _print_changes(office: Office, today: date, over: Path, owner: str | None, *, machine: bool) -> None:
    """What the overriding lines in a file would change: old → new."""
    from pipeline.deadlines.compare import changes
    from pipeline.lists import flat

    now, then = look_ahead(office, today, letters=False), look_ahead(office, today, letters=False, over=over)
    found = [
        change
        for change in changes(now.deadlines.items, then.deadlines.items)
        if owner is None or owner in {each.owner for each in (change.before, change.after) if each}
    ]
    if machine:
        print_json(flat.changes(found, now.view, then.view))
        return
    texts = office.texts
    for change in found:
        sight = then if change.after else now
        record, _ = flat.about(change.deadline, sight.view)
        title = sight.profile.deadlines[change.deadline.rule].title
        click.echo(f"{record:<14} {title}: {_standing(change.before, texts)} → {_standing(change.after, texts)}")
    click.echo(texts("{count} deadlines would change; nothing was written.", count=len(found)))


def _standing(deadline: Deadline | None, texts: Texts) -> str:
    """Due day, act-by day where it is another, and status, in one phrase; a dash where there is no such deadline."""
    from pipeline.lists.words import STATUS

    if deadline is None:
        return "–"
    days = dict.fromkeys(texts.short_date(day) for day in (deadline.due, deadline.act_by) if day)
    return ", ".join([*days, texts(STATUS[deadline.status])])
