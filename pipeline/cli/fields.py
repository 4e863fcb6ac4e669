"""``templates --fields``: what an author may type in a letter, on the terminal, for programs, or as a Word file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.base import Office, print_json
from pipeline.texts import Texts, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.letters.offered import Group, Shown
    from pipeline.profile.model import Profile


def print_fields(office: Office, profile: Profile, letter: str, page: Path | None, *, machine: bool) -> None:
    """The merge fields of a letter in the language in which they are typed, with samples that are made up."""
    from pipeline.files import write_atomically
    from pipeline.letters.fields_page import fields_page
    from pipeline.letters.offered import fields_offered, filters_shown

    if letter not in profile.letters:
        raise click.BadParameter(
            f"there is no letter «{letter}»; there are {', '.join(profile.letters)}", param_hint="--fields"
        )
    rule, texts = profile.letters[letter], texts_in(profile.office.language)
    groups = fields_offered(rule, profile, texts)
    filters = filters_shown(groups, profile, texts)
    if page is not None:
        if page.suffix.lower() != ".docx":
            raise click.BadParameter(f"«{page}» is no name of a Word file; let it end in .docx.", param_hint="--docx")
        if page.exists():
            raise click.BadParameter(f"{page} is there already; name a file that is not.", param_hint="--docx")
        write_atomically(page, fields_page(rule.title, groups, filters, texts))
        click.echo(office.texts("The merge fields of «{letter}», to copy from: {path}", letter=rule.title, path=str(page)))
    elif machine:
        print_json(
            [
                {"field": field.name, "heading": field.heading, "type": field.kind, "sample": field.sample, "loop": loop}
                for group in groups
                for loop in group.loops or ("",)
                for field in group.fields
            ]
        )
    else:
        for line in _lines(groups, filters, texts):
            click.echo(line)


def _lines(groups: Sequence[Group], filters: Sequence[Shown], texts: Texts) -> Iterator[str]:
    """The fields below each other in columns, group by group, and the filters."""
    from pipeline.letters.offered import LOOP_END, kind_in_words

    for group in groups:
        yield group.title
        yield from (f"  {loop} … {LOOP_END}" for loop in group.loops)
        yield from _aligned([(each.typed, each.heading, kind_in_words(each, texts), each.sample) for each in group.fields])
        yield ""
    yield texts("Filters")
    yield from _aligned([(each.typed, each.sample, each.printed, each.does) for each in filters])


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows in columns as wide as what stands in them."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield f"  {'  '.join(text.ljust(width) for text, width in zip(row, widths, strict=True))}".rstrip()
