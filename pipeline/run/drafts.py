"""Drafts of the letters that the next run would make or withhold, in a folder of their own.

It is made anew each time, and gone with the next run: what lies there is of a register that may have changed since.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from pipeline.files import make_folder, run_lock, write_file, writing
from pipeline.letters.draft import DraftEnvironment, as_draft
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Letter
from pipeline.letters.template import read_templates
from pipeline.letters.write import envelope
from pipeline.profile.model import Profile
from pipeline.run.sight import Sight
from pipeline.run.workspace import Workspace
from pipeline.texts import texts_in


@dataclass(frozen=True, slots=True)
class Drafts:
    """What was made.

    Attributes:
        folder: where they lie.
        made: how many letters.
        undone: the letters of which no draft could be made, with their reasons.
    """

    folder: Path
    made: int
    undone: tuple[Letter, ...]


def make_drafts(workspace: Workspace, sight: Sight, now: datetime) -> Drafts:
    """Write a draft of every letter that is due or withheld; those that concern the protected are left out.

    Raises:
        Fault: the folder cannot be written, or a run is at work.
    """
    profile = sight.profile
    texts = texts_in(profile.office.language)
    environment = DraftEnvironment(sight.view.rules.calendar, texts)
    templates = read_templates(workspace.templates, profile)
    filled, undone = fill(sight.letters, Filling(sight.view, templates, environment))
    folder = workspace.output / texts.name("drafts")
    word = texts("DRAFT")
    make_folder(workspace.output)
    with run_lock(workspace.folder, now), writing(folder):
        if folder.exists():
            shutil.rmtree(folder)
        for letter in filled:
            rule = profile.letters[letter.letter.obligation.letter]
            for document in envelope(letter, rule.title, sight.view.today, texts).documents:
                path = PurePosixPath(document.path)
                if path.suffix.lower() == ".docx":
                    target = folder / path.parent.name / f"{word} {path.name}"
                    make_folder(target.parent)
                    write_file(target, as_draft(bytes(document.content), word))
    return Drafts(folder, len(filled), undone)


def drop_drafts(workspace: Workspace, profile: Profile) -> None:
    """Remove the drafts; one that somebody has open stays until the next time."""
    shutil.rmtree(workspace.output / texts_in(profile.office.language).name("drafts"), ignore_errors=True)
