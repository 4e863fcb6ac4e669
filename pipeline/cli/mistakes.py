"""How a mistake in a template is told, on the terminal and to programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from pipeline.texts import Texts, message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.letters.contract import Contract, TemplateMistake
    from pipeline.profile.model import Profile


def flat_mistakes(mistakes: Mapping[str, tuple[TemplateMistake, ...]], texts: Texts) -> list[dict[str, Any]]:
    """The mistakes of templates in the shape of findings: for the sheet stands the part, for the cell the place in it."""
    return [_flat(mistake, letter, texts) for letter, found in mistakes.items() for mistake in found]


def flat_notes(contract: Contract, texts: Texts) -> list[dict[str, Any]]:
    """What was mended or needs no mending, in the same shape."""
    return [_flat(note, "", texts) for note in contract.notes]


def flat_unused(contract: Contract, profile: Profile, texts: Texts) -> list[dict[str, Any]]:
    """The columns that no template uses, in the same shape; those that rules use have a code of their own."""
    from pipeline.profile.uses import asked_by_rules

    asked = asked_by_rules(profile)
    return [
        {
            "code": "column-in-rules-only" if (sheet, name) in asked else "column-unused",
            "severity": "note",
            "file": profile.sheets[sheet].workbook or profile.register_file.workbook,
            "sheet": profile.sheets[sheet].title,
            "cell": "",
            "heading": profile.sheets[sheet].columns[name].heading,
            "record": "",
            "value": name,
            "message": texts("No template uses this column; rules do.")
            if (sheet, name) in asked
            else texts("Neither a template nor a rule uses this column."),
            "cure": "",
        }
        for sheet, columns in contract.unused.items()
        for name in columns
    ]


def print_unused(contract: Contract, profile: Profile, texts: Texts) -> None:
    """The columns that neither a template nor a rule uses, a line for each sheet; of those that rules alone use, how many."""
    from pipeline.profile.uses import asked_by_rules

    asked = asked_by_rules(profile)
    for sheet, columns in contract.unused.items():
        headings = [profile.sheets[sheet].columns[name].heading for name in columns if (sheet, name) not in asked]
        if headings:
            sentence = message("Neither a template nor a rule uses these columns of {sheet}: {columns}")
            click.echo(texts(sentence, sheet=profile.sheets[sheet].title, columns=", ".join(headings)))
    ruled = sum((sheet, name) in asked for sheet, columns in contract.unused.items() for name in columns)
    if ruled:
        click.echo(
            texts.count(
                "No template uses {n} column that rules use; «fristbrev templates --json» lists it.",
                "No template uses {n} columns that rules use; «fristbrev templates --json» lists them.",
                ruled,
            )
        )


def _flat(mistake: TemplateMistake, letter: str, texts: Texts) -> dict[str, Any]:
    from pipeline.letters.contract import said

    cure = texts("Correct the template in Word and save it in its place.")
    return {
        "code": "template-note" if mistake.noted else "template-broken",
        "severity": "note" if mistake.noted else "error",
        "file": mistake.template,
        "sheet": texts(mistake.part),
        "cell": ", ".join(texts(sentence, **dict(facts)) for sentence, facts in mistake.where),
        "heading": "",
        "record": letter,
        "value": mistake.typed or mistake.text,
        "message": said(mistake, texts),
        "cure": "" if mistake.noted else cure,
    }


def print_mistakes(mistakes: Mapping[str, tuple[TemplateMistake, ...]], texts: Texts) -> None:
    """Each mistake once, on stdout, however many letters share the template."""
    for mistake in dict.fromkeys(mistake for found in mistakes.values() for mistake in found):
        click.echo(mistake_in_words(mistake, texts))


def mistake_in_words(mistake: TemplateMistake, texts: Texts) -> str:
    """Where it is, what is there and what is wrong, in one line."""
    from pipeline.letters.contract import place_in_words, said

    shown = mistake.typed or mistake.text
    where = ", ".join(
        part for part in (mistake.template, place_in_words(mistake, texts), f"«{shown}»" if shown else "") if part
    )
    return f"{where}: {said(mistake, texts)}"
