"""A new workspace from a starter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.faults import Fault
from pipeline.files import make_folder, write_atomically
from pipeline.profile.load import load_profile
from pipeline.profile.starters import PROFILE, starters
from pipeline.register.build import build_workbooks
from pipeline.setup import shortcut
from pipeline.texts import message, texts_in


class NoStarter(Fault):
    """There is no starter of that name."""

    sentence = message("There is no starter profile «{name}»; there are {known}.")


class NotEmpty(Fault):
    """The folder holds a workspace already."""

    sentence = message("{folder} holds {file} already; nothing was changed. Choose an empty folder.")


_START: Final = re.compile(rb"^(start *= *)\d{4}-\d\d-\d\d", re.MULTILINE)


def make_workspace(folder: Path, starter: str, today: date, *, demo: bool, program: str = "fristbrev") -> tuple[Path, ...]:
    """Make a workspace: profile, templates, forms, an empty register or the demo one, an output folder, a file to double-click.

    Args:
        folder: where.
        starter: the profile to start from.
        today: the first day whose letters count in an office that begins; the demo keeps the starter's own.
        demo: with the demo register.
        program: what the file to double-click starts.

    Returns:
        What was made.

    Raises:
        NoStarter: there is no such starter.
        NotEmpty: the folder has a file of the workspace already; nothing was changed.
        Unwritable: the folder cannot be written.
    """
    known = starters()
    if starter not in known:
        raise NoStarter(name=starter, known=", ".join(known))
    source = known[starter]
    profile = load_profile(source / PROFILE)
    texts = texts_in(profile.office.language)
    registers = build_workbooks(profile, texts)
    templates = sorted(path for path in (source / "templates").rglob("*") if path.is_file())
    targets = {
        folder / PROFILE: source / PROFILE,
        **{folder / path.relative_to(source): path for path in templates},
    }
    refuse_taken(folder, (*targets, folder / shortcut.NAME, *(folder / path for path in registers)))
    for target, origin in targets.items():
        make_folder(target.parent)
        content = origin.read_bytes()
        begins = target.name == PROFILE and not demo
        write_atomically(target, _START.sub(rb"\g<1>" + today.isoformat().encode(), content, count=1) if begins else content)
    for path, content in registers.items():
        make_folder((folder / path).parent)
        write_atomically(folder / path, (source / path).read_bytes() if demo else content)
    page = f"output/{texts.name('overview')}/{texts.name('overview')}.html"
    write_atomically(folder / shortcut.NAME, shortcut.shortcut(program, page))
    make_folder(folder / "output")
    return (*targets, *(folder / path for path in registers), folder / shortcut.NAME)


def refuse_taken(folder: Path, targets: Iterable[Path]) -> None:
    """Raise `NotEmpty` where one of the files that are to be made is there already."""
    taken = next((path for path in targets if path.exists()), None)
    if taken is not None:
        raise NotEmpty(folder=str(folder), file=str(taken.relative_to(folder)))
