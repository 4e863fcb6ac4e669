"""Filled letters laid down as files at once: a night of ten thousand keeps where they lie, and not what is in them.

They lie in a folder among those that staging uses, so that what a killed run leaves of them is swept with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from pipeline.faults import Fault
from pipeline.files import digest, make_folder, write_file
from pipeline.letters.model import Filled

STAGING: Final = ".staging-"
"""How the names of folders begin in which files wait to be put in their place."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A file that lies there already.

    Attributes:
        file: where it lies.
        digest: of its content.
    """

    file: Path
    digest: str

    def __bytes__(self) -> bytes:
        """Its content."""
        return self.file.read_bytes()


class Laid(Lying):
    """A file that is written and waits to be moved to its place."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Tray:
    """Where the letters of a run are laid as soon as they are filled.

    Attributes:
        output: the output folder.
        lying: the files of each letter that lies in its place unsent, by obligation id: what is the same again is not written.
    """

    output: Path
    lying: Mapping[str, tuple[Lying, ...]] = field(default_factory=dict, repr=False)

    def lay(self, filled: Filled) -> Filled:
        """The letter with its files on the disk, not yet synced; as it is where the disk does not take them."""
        made = [bytes(content) for content in (filled.content, *(content for _, content in filled.enclosures))]
        digests = [digest(content) for content in made]
        laid: tuple[Lying, ...] = self.lying.get(filled.letter.obligation.id, ())
        if [each.digest for each in laid] != digests:
            try:
                laid = tuple(self._written(filled, number, content, digests[number]) for number, content in enumerate(made))
            except Fault:
                return filled  # staging meets the same and tells of it
        content, *rest = laid
        names = (name for name, _ in filled.enclosures)
        return replace(filled, content=content, enclosures=tuple(zip(names, rest, strict=True)))

    def _written(self, filled: Filled, number: int, content: bytes, digest_: str) -> Laid:
        file = self.output / f"{STAGING}filled" / f"{filled.letter.obligation.id}-{number}"
        if not file.parent.exists():
            make_folder(file.parent)
        write_file(file, content)
        return Laid(file, digest_)
