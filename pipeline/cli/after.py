"""``sent`` and ``withdraw``: what became of the letters after they were made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import LEFT_UNDONE, Day, Office, as_json, as_of, guarded, print_json

if TYPE_CHECKING:
    from pipeline.run import Noted


def _which(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say which letters are meant."""
    for option in (
        click.option("--id", "ids", multiple=True, metavar="ID", help="This letter; may be given several times."),
        click.option("--letter", default="", metavar="KIND", help="The letters of this kind, as the profile names it."),
        click.option("--run", "run", default="", metavar="DAY/N", help="The letters of a run, as its dispatch list is named."),
    ):
        command = option(command)
    return command


@click.command()
@_which
@click.option("--on", type=Day(), show_default="the as-of day", help="The day on which they were sent, arrived or came back.")
@click.option("--arrived", "what", flag_value="arrived", help="They arrived.")
@click.option("--returned", "what", flag_value="returned", help="They came back as undeliverable.")
@as_of
@as_json
@guarded
def sent(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office, run: str, letter: str, ids: tuple[str, ...], on: date | None, what: str | None, today: date, machine: bool
) -> None:
    """Write down which letters were sent, arrived or came back."""
    from pipeline.ledger.model import What
    from pipeline.run import Selection, note

    happened, day = What(what or "sent"), on or today
    noted = note(office.workspace, Selection(run, letter, ids), happened, day, today, datetime.now())  # noqa: DTZ005 -- the office's own time
    if machine:
        _print_json(noted, str(happened), day)
        return
    texts, n = office.texts, len(noted.letters)
    sentence = {
        What.SENT: texts.count("{n} letter was sent on {day}.", "{n} letters were sent on {day}.", n, day=day),
        What.ARRIVED: texts.count("{n} letter arrived on {day}.", "{n} letters arrived on {day}.", n, day=day),
        What.RETURNED: texts.count("{n} letter came back on {day}.", "{n} letters came back on {day}.", n, day=day),
    }
    click.echo(sentence[happened] if n else texts("Nothing new was written down."))
    _print_known(office, noted)


@click.command()
@_which
@click.option("--sent", "sent_", is_flag=True, help="Not the letters, but that they were sent: it was written down by mistake.")
@as_of
@as_json
@guarded
def withdraw(  # noqa: PLR0913, PLR0917 -- one parameter an option
    office: Office, run: str, letter: str, ids: tuple[str, ...], sent_: bool, today: date, machine: bool
) -> None:
    """Take unsent letters out of their place, or take back that letters were sent; a trace stays."""
    from pipeline.run import Selection, take_back, unsend

    chosen, at = Selection(run, letter, ids), datetime.now()  # noqa: DTZ005 -- the office's own time
    noted = (unsend if sent_ else take_back)(office.workspace, chosen, today, at)
    texts, n = office.texts, len(noted.letters)
    if machine:
        _print_json(noted, "not sent" if sent_ else "withdrawn", today)
    elif not n:
        click.echo(texts("Nothing was taken back."))
    elif sent_:
        click.echo(texts.count("{n} letter counts as not sent.", "{n} letters count as not sent.", n))
        click.echo(texts("Where the date stands in the register or on a dispatch list too, empty the cell there."))
    else:
        click.echo(texts.count("{n} letter was taken out of its place.", "{n} letters were taken out of their place.", n))
        click.echo(texts("The next run makes anew what the register still asks for."))
    if not machine:
        _print_known(office, noted)
    for id_ in noted.kept:
        click.echo(texts("Letter {id} was left as it lies: somebody has changed the file or has it open.", id=id_), err=True)
    if noted.kept:
        raise SystemExit(LEFT_UNDONE)


def _print_known(office: Office, noted: Noted) -> None:
    if noted.known:
        click.echo(
            office.texts.count("For {n} other letter nothing changes.", "For {n} other letters nothing changes.", noted.known)
        )


def _print_json(noted: Noted, what: str, day: date) -> None:
    print_json(
        [
            {
                "id": id_,
                "record": entry.obligation.record.key,
                "letter": entry.obligation.letter,
                "recipient": entry.obligation.recipient.key if entry.obligation.recipient else None,
                "what": what,
                "day": day.isoformat(),
            }
            for id_, entry in noted.letters.items()
        ]
    )
