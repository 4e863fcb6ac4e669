"""A new workspace from a register that is in use: the register itself, and a profile proposed from it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.faults import Fault
from pipeline.files import make_folder, write_atomically
from pipeline.profile.load import load_profile
from pipeline.profile.starters import PROFILE
from pipeline.register.cells import Conventions
from pipeline.register.dropdowns import dropdowns
from pipeline.register.workbook import read_workbook
from pipeline.setup import shortcut
from pipeline.setup.guess import Proposal, Words, propose
from pipeline.setup.init import refuse_taken
from pipeline.setup.proposal import profile_text
from pipeline.texts import message, texts_in

_WORDS: Final = Path(__file__).with_name("words.toml")


class NothingToPropose(Fault):
    """There is nothing in a workbook that could be a register."""

    sentence = message(
        "No tab of {file} has a line of headings with rows below it; nothing was made. "
        "Choose the workbook that holds the cases, with a heading over each column."
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was made, and what the register seems to be."""

    made: tuple[Path, ...]
    proposal: Proposal


def propose_workspace(folder: Path, register: Path, today: date, *, language: str, program: str = "fristbrev") -> Proposed:
    """Make a workspace with a copy of a register, a proposed profile, an empty folder for templates and one for letters.

    Args:
        folder: where.
        register: the register in use; it is only read.
        today: the first day that counts.
        language: the office's where the register does not tell it.
        program: what the file to double-click starts.

    Raises:
        NotEmpty: the folder has a file of the workspace already; nothing was changed.
        UnreadableWorkbook: the register cannot be read.
        NothingToPropose: no tab has headings.
        Unwritable: the folder cannot be written.
    """
    workbook = read_workbook(register)
    proposal = propose(workbook, dropdowns(workbook), known_words(), Conventions("NO", today), language)
    if not proposal.tabs:
        raise NothingToPropose(file=register.name)
    texts = texts_in(proposal.language)
    path = f"registers/{register.name}"
    page = f"output/{texts.name('overview')}/{texts.name('overview')}.html"
    files = {
        folder / PROFILE: profile_text(proposal, path, today, texts).encode(),
        folder / path: workbook.content,
        folder / shortcut.NAME: shortcut.shortcut(program, page),
    }
    refuse_taken(folder, files)
    for target, content in files.items():
        make_folder(target.parent)
        write_atomically(target, content)
    for name in ("templates/docx", "output"):
        make_folder(folder / name)
    load_profile(folder / PROFILE)
    return Proposed(tuple(files), proposal)


def known_words() -> Words:
    """What headings say, from the file beside this one."""
    tables = tomllib.loads(_WORDS.read_text(encoding="utf-8"))
    return Words(tables["kinds"], tables["languages"], tables["countries"], tables["classes"])
