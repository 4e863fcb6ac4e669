"""``letters``: what the next run would make and withhold."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import Office, as_json, as_of, by_workers, guarded, print_json
from pipeline.cli.sight import look_ahead

if TYPE_CHECKING:
    from pipeline.run import Sight


@click.command()
@as_of
@as_json
@by_workers
@click.option("--draft", is_flag=True, help="Make drafts of what is due or withheld, with marks where something is missing.")
@guarded
def letters(office: Office, today: date, machine: bool, workers: int | None, draft: bool) -> None:
    """Show what the next run would make and withhold, and why; changes nothing."""
    from pipeline.letters.model import Outcome
    from pipeline.lists import flat
    from pipeline.lists.story import reasons_in_words
    from pipeline.lists.words import OUTCOME

    sight = look_ahead(office, today, workers=workers)
    if draft:
        _make_drafts(office, sight)
    shown = (Outcome.DUE, Outcome.WITHHELD, Outcome.HELD, Outcome.MANUAL, Outcome.REVIEW, Outcome.PRODUCED)
    found = sorted(
        (letter for letter in sight.letters if letter.outcome in shown),
        key=lambda letter: (
            shown.index(letter.outcome),
            letter.obligation.letter,
            letter.obligation.record.key,
            letter.recipient.role,
        ),
    )
    files = {obligation: entry.current.files[0].path for obligation, entry in sight.entries.items() if entry.current}
    if machine:
        print_json(flat.letters(sorted(sight.letters, key=lambda letter: letter.obligation.record.key), files, office.texts))
        return
    for letter in found:
        title = sight.profile.letters[letter.obligation.letter].title
        why = reasons_in_words(letter.reasons, office.texts)
        click.echo(
            f"{office.texts(OUTCOME[letter.outcome]):<16} {letter.obligation.record.key:<14} {title}{f': {why}' if why else ''}"
        )
    click.echo(office.texts("{count} letters would be made.", count=sum(letter.outcome is Outcome.DUE for letter in found)))


def _make_drafts(office: Office, sight: Sight) -> None:
    from pipeline.lists.story import reasons_in_words
    from pipeline.run import make_drafts

    drafts = make_drafts(office.workspace, sight, datetime.now())  # noqa: DTZ005 -- the office's own time, as runs have it
    for letter in drafts.undone:
        title = sight.profile.letters[letter.obligation.letter].title
        why = reasons_in_words(letter.reasons, office.texts)
        told = office.texts(
            "No draft of «{letter}» for {record}: {why}", letter=title, record=letter.obligation.record.key, why=why
        )
        click.echo(told, err=True)
    made = office.texts.count("{n} draft in {folder}", "{n} drafts in {folder}", drafts.made, folder=str(drafts.folder))
    click.echo(made, err=True)
