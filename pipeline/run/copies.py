"""The commented copies of templates with mistakes: where their authors find them, and gone again once they are mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from pipeline.files import replace_or_beside
from pipeline.letters.commented import commented, copy_name
from pipeline.letters.contract import Contract, TemplateMistake, place_in_words, said
from pipeline.profile.model import Profile
from pipeline.run.morning import in_folder
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, texts_in


def write_copies(workspace: Workspace, profile: Profile, contract: Contract, today: date) -> tuple[Path, ...]:
    """Write a copy of each template with mistakes, a comment at each of them; remove those of templates that are mended.

    Returns:
        Where the copies lie.
    """
    texts = texts_in(profile.office.language)
    folder = workspace.output / texts.name("overview") / texts.name("templates")
    written = tuple(
        replace_or_beside(in_folder(folder) / copy_name(name, texts), content, today)
        for name, content in _copies(workspace, contract, texts, today)
    )
    for old in folder.glob(f"*{texts.name('with comments')}*") if folder.is_dir() else ():
        if old not in written:
            with suppress(OSError):  # somebody has it open; the next run takes it away
                old.unlink()
    with suppress(OSError):  # it holds copies
        folder.rmdir()
    return written


def _copies(workspace: Workspace, contract: Contract, texts: Texts, today: date) -> Iterator[tuple[str, bytes]]:
    """The name of each template with mistakes that can be opened, and its commented copy."""

    def words(mistake: TemplateMistake) -> str:
        return f"{place_in_words(mistake, texts)}: {mistake.typed}\n{said(mistake, texts)}"

    folders = workspace.templates
    for name, found in _by_file(contract).items():
        content = commented(_read(folders, name), name, found, words, today)
        if content is not None:
            yield name, content


def _read(folders: Sequence[Path], name: str) -> bytes:
    """The author's own file, without the letterhead; nothing where it has gone away."""
    for folder in folders:
        with suppress(OSError):
            return (folder / name).read_bytes()
    return b""


def _by_file(contract: Contract) -> Mapping[str, list[TemplateMistake]]:
    """The mistakes by file, each once, and the notes on the same files behind them."""
    found: dict[str, dict[TemplateMistake, None]] = {}
    for mistake in (mistake for mistakes in contract.mistakes.values() for mistake in mistakes):
        if mistake.spot is not None or mistake.part:
            found.setdefault(mistake.template, {})[mistake] = None
    for note in contract.notes:
        if note.template in found:
            found[note.template][note] = None
    return {name: list(mistakes) for name, mistakes in found.items()}
