"""``explain``: the story of a record, and what a finding means."""

from __future__ import annotations

import re
from datetime import date

import click

from pipeline.cli.base import Office, as_json, as_of, guarded, print_json
from pipeline.cli.sight import look_ahead
from pipeline.faults import UnknownRecord

_PLACEHOLDER = re.compile(r"\{\w+\}")


@click.command()
@as_of
@as_json
@click.option("--record", "key", metavar="KEY", help="Tell the story of a record.")
@click.option("--code", metavar="CODE", help="Tell what a finding means.")
@guarded
def explain(office: Office, today: date, machine: bool, key: str | None, code: str | None) -> None:
    """Explain a record, or what a finding means."""
    if (key is None) == (code is None):
        raise click.UsageError("Name a record with --record, or a finding with --code.")
    if code is not None:
        _explain_code(office, code, machine=machine)
    elif key is not None:
        _explain_record(office, key, today, machine=machine)


def _explain_code(office: Office, code: str, *, machine: bool) -> None:
    from pipeline.texts.messages import FINDINGS

    if code not in FINDINGS:
        raise click.BadParameter(f"there is no finding «{code}»; there are {', '.join(FINDINGS)}", param_hint="--code")
    kind = FINDINGS[code]
    sentences = {"message": kind.message, "cure": kind.cure, "meaning": kind.meaning}
    said = {"code": code} | {name: _PLACEHOLDER.sub("…", office.texts(sentence)) for name, sentence in sentences.items()}
    if machine:
        print_json([said])
    else:
        click.echo("\n".join(said.values()))


def _explain_record(office: Office, key: str, today: date, *, machine: bool) -> None:
    from pipeline.ledger.questions import carried
    from pipeline.lists.story import Told, tell
    from pipeline.profile.kinds import nearest

    sight = look_ahead(office, today)
    story = tell(Told(sight.view, sight.deadlines.items, sight.letters, carried(sight.entries)), key, office.texts)
    if not story:
        keys = (known for records in sight.view.register.records.values() for known in records)
        guess = nearest(key, keys)
        raise UnknownRecord(record=key, hint=office.texts(" Did you mean «{guess}»?", guess=guess) if guess else "")
    if machine:
        print_json([{"kind": line.kind, "record": line.record, "name": line.name, "text": line.text} for line in story])
        return
    indents = {"record": 0, "cell": 2, "finding": 2, "deadline": 2, "step": 6, "letter": 2, "reason": 6, "event": 2}
    previous = ""
    for line in story:
        if line.kind == "record" or (
            line.kind in {"finding", "deadline", "letter"} and line.kind != previous and previous not in {"step", "reason"}
        ):
            click.echo()
        click.echo(" " * indents[line.kind] + line.text)
        previous = line.kind
