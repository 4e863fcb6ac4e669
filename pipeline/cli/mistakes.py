"""How a mistake in a template is told, on the terminal and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.base import facts_in_words
from pipeline.texts import Texts

if TYPE_CHECKING:
    from pipeline.letters.template import TemplateMistake


def flat_mistakes(mistakes: Any, texts: Texts) -> list[dict[str, Any]]:
    """The mistakes of templates in the shape of findings, the part of the document in the place of the sheet."""
    return [
        {
            "code": "template-broken",
            "severity": "error",
            "file": mistake.template,
            "sheet": texts(mistake.part),
            "cell": "",
            "heading": "",
            "record": letter,
            "value": mistake.text,
            "message": texts(mistake.sentence, **facts_in_words(mistake.facts, texts)),
            "cure": texts("Correct the template in Word and save it in its place."),
        }
        for letter, found in mistakes.items()
        for mistake in found
    ]


def print_mistakes(mistakes: Any, texts: Texts) -> None:
    """Each mistake once, on stdout, however many letters share the template."""
    for mistake in dict.fromkeys(mistake for found in mistakes.values() for mistake in found):
        click.echo(mistake_in_words(mistake, texts))


def mistake_in_words(mistake: TemplateMistake, texts: Texts) -> str:
    """Where it is, what is there and what is wrong, in one line."""
    where = ", ".join(
        part for part in (mistake.template, texts(mistake.part), f"«{mistake.text}»" if mistake.text else "") if part
    )
    return f"{where}: {texts(mistake.sentence, **facts_in_words(mistake.facts, texts))}"
