"""A proposal as ``profile.toml``: it loads at once, and comments tell the reason of every guess and what could not be told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pipeline.profile.model import OPEN, Column
from pipeline.setup.guess import Guess, Note, Proposal, Tab
from pipeline.texts import Texts, message

RULE: Final = "# " + "-" * 66
WIDTH: Final = 116
SKELETON: Final = "#   "
"""In front of lines that become rules once it is taken away."""


def doubts(proposal: Proposal, texts: Texts) -> Iterator[str]:
    """Everything that could not be told, each with its place."""
    yield from (_said(doubt, texts) for doubt in proposal.doubts)
    for tab in proposal.tabs:
        yield from (f"{tab.title}: {_said(doubt, texts)}" for doubt in tab.doubts)
        for guess in tab.columns:
            place = f"{tab.title}!{guess.letters}, {guess.column.heading}"
            yield from (f"{place}: {_said(doubt, texts)}" for doubt in guess.doubts)


def profile_text(proposal: Proposal, workbook: str, today: date, texts: Texts) -> str:
    """The whole file.

    Args:
        proposal: what the register seems to be.
        workbook: the register's path in the workspace.
        today: the first day that counts.
        texts: of the comments.
    """
    return "\n".join([*_office(proposal, workbook, today, texts), *_sheets(proposal, texts), *_rules(proposal, texts), ""])


def _office(proposal: Proposal, workbook: str, today: date, texts: Texts) -> Iterator[str]:
    yield from _comment(
        texts(
            "Proposed from the register «{file}». Every guess has its reason above it; what could not be told begins with"
            " «{mark}». Read it once from the top, mend what is wrong, and see what «fristbrev validate» says.",
            file=workbook,
            mark=texts("Not sure:"),
        )
    )
    for doubt in proposal.doubts:
        yield from _doubtful(doubt, texts)
    yield ""
    yield "[office]"
    yield from _comment(texts("The register does not say whose it is."))
    yield f"municipality = {_quoted(texts('The office'))}"
    yield from _comment(_said(proposal.reason, texts))
    yield f"country = {_quoted(proposal.country)}"
    yield f"language = {_quoted(proposal.language)}"
    yield from _comment(texts("No letter is made of what lies before this day."))
    yield f"start = {today.isoformat()}"
    yield ""
    yield "[register]"
    yield f"workbook = {_quoted(workbook)}"


def _sheets(proposal: Proposal, texts: Texts) -> Iterator[str]:
    backs: set[tuple[str, str]] = set()
    names = {tab.name: {guess.column.name for guess in tab.columns} for tab in proposal.tabs}
    for tab in proposal.tabs:
        yield ""
        yield RULE
        yield from _comment(texts.count("«{title}»: {n} row", "«{title}»: {n} rows", tab.rows, title=tab.title))
        for doubt in tab.doubts:
            yield from _doubtful(doubt, texts)
        yield f"[sheets.{_key(tab.name)}]"
        yield f"title = {_quoted(tab.title)}"
        yield from _comment(_said(tab.reason, texts))
        yield f"key = {_listed(tab.key)}"
        if tab.name_from:
            yield from _comment(texts("Rows with a name and an address can receive letters."))
            channel = f", channel = {_quoted(tab.channel)}" if tab.channel else ""
            yield f"recipient = {{ name = {_quoted(tab.name_from)}, address = {_listed(tab.address_from)}{channel} }}"
        if tab.protected:
            yield from _comment(texts("Where this column holds anything, no letter is made by itself."))
            yield f"protected = {_quoted(tab.protected)}"
        if tab.ignored:
            yield f"ignores = {_listed(tab.ignored)}"
        yield f"[sheets.{_key(tab.name)}.columns]"
        for guess in tab.columns:
            yield from _column(guess, _back(guess.column, tab, names, backs), texts)


def _back(column: Column, tab: Tab, names: dict[str, set[str]], backs: set[tuple[str, str]]) -> str:
    """The name of the way back from the sheet that a column refers to: the sheet's own, where nothing there is called that."""
    if column.to is None:
        return ""
    for name in (tab.name, f"{tab.name}_{column.name}"):
        if name not in names[column.to] and (column.to, name) not in backs:
            backs.add((column.to, name))
            return name
    return ""


def _column(guess: Guess, back: str, texts: Texts) -> Iterator[str]:
    column = guess.column
    yield from _comment(f"{guess.letters}: {_said(guess.reason, texts)}")
    for doubt in guess.doubts:
        yield from _doubtful(doubt, texts)
    facts = {
        "type": _quoted(column.type),
        "heading": _quoted(column.heading) if column.heading != _spoken(column.name) else "",
        "required": "true" if column.required else "",
        "unique": "true" if column.unique else "",
        "pattern": _literal(column.pattern) if column.pattern else "",
        "choices": _listed(column.choices) if column.choices else "",
        "to": _quoted(column.to) if column.to else "",
        "back": _quoted(back) if back else "",
        "many": "true" if column.many else "",
        "class": _quoted(column.class_) if column.class_ != OPEN else "",
    }
    told = ", ".join(f"{name} = {fact}" for name, fact in facts.items() if fact)
    yield f"{_key(column.name)} = {{ {told} }}"


def _rules(proposal: Proposal, texts: Texts) -> Iterator[str]:
    """The first deadline, commented out: nothing in a register tells what is to be done by when."""
    yield ""
    yield RULE
    yield from _comment(
        texts(
            "Which deadlines there are, and which letters, no register tells. Here is how the first one is written; "
            "take away the sign and the spaces in front of each line, and put in what your routine says."
        )
    )
    found = next(((tab, guess.column.name) for tab, guess in _dated(proposal)), None)
    if found is None:
        yield from _doubtful((message("No column holds days, so no deadline can count from anything yet."), ()), texts)
        return
    tab, name = found
    yield f"{SKELETON}[deadlines.{_key(texts.name('answer'))}]"
    yield f"{SKELETON}on = {_quoted(tab.name)}"
    yield f"{SKELETON}title = {_quoted(texts('Answer within three weeks'))}"
    yield f"{SKELETON}due = {_quoted(f'{name} + weeks(3)')}"
    yield f'{SKELETON}remind = "5 working days"'
    yield from _letter(tab, proposal, texts)


def _letter(tab: Tab, proposal: Proposal, texts: Texts) -> Iterator[str]:
    """The letter that meets the first deadline, commented out, where the row or what it refers to can receive one."""
    people = {other.name for other in proposal.tabs if other.name_from}
    referring = [guess.column.name for guess in tab.columns if guess.column.to in people]
    to = tab.name if tab.name_from else next(iter(referring), "")
    if not to:
        return
    answer = texts.name("answer")
    yield from _comment(
        texts(
            "And so the letter that goes with it. «to» names whoever receives it: a column that refers to people, or the sheet "
            "itself where name and address stand in the row. «sent» names the column for the date on which it went out."
        )
    )
    yield f"{SKELETON}[letters.{_key(answer)}]"
    yield f"{SKELETON}on = {_quoted(tab.name)}"
    yield f"{SKELETON}title = {_quoted(texts('Answer within three weeks'))}"
    yield f"{SKELETON}template = {_quoted(f'{answer}.docx')}"
    yield f"{SKELETON}serves = {_quoted(answer)}"
    yield f"{SKELETON}to = {_listed((to,))}"


def _dated(proposal: Proposal) -> list[tuple[Tab, Guess]]:
    """Columns of days, from which a first deadline may count: what has been received first, never birthdays."""
    found = [(tab, guess) for tab in proposal.tabs for guess in tab.columns if guess.column.type == "date"]
    found = [(tab, guess) for tab, guess in found if guess.column.class_ == OPEN]
    return sorted(found, key=lambda each: each[1].kind != "received")


def _said(doubt: Note, texts: Texts) -> str:
    sentence, facts = doubt
    return texts(sentence, **dict(facts))


def _doubtful(doubt: Note, texts: Texts) -> Iterator[str]:
    yield from _comment(f"{texts('Not sure:')} {_said(doubt, texts)}")


def _comment(text: str) -> Iterator[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= WIDTH:
            yield line
            line = "#"
        line += f" {word}"
    yield line


def _quoted(text: str) -> str:
    """A text as TOML writes it; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _literal(text: str) -> str:
    """A text with backslashes as people write it."""
    return _quoted(text) if "'" in text else f"'{text}'"


def _key(name: str) -> str:
    """A name as a key of TOML: bare where it may be."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _quoted(name)


def _listed(items: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, items))}]"


def _spoken(name: str) -> str:
    """The heading that follows from a name."""
    spoken = name.replace("_", " ")
    return spoken[:1].upper() + spoken[1:]
