"""The letters as PDF beside their Word files, and those that go by post in one file for the printer."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from pipeline.faults import Fault
from pipeline.files import digest, make_folder, write_file
from pipeline.ledger.model import Entry, Run, Version
from pipeline.ledger.store import Ledger
from pipeline.letters.beside import WORK, Coming, Stands, bring, clear, pdf_path, stands_beside
from pipeline.letters.model import Letter
from pipeline.letters.pdf import Word, convert, find_libreoffice
from pipeline.letters.print_file import print_file, sheets
from pipeline.lists.print_list import TITLE, Printed, print_list
from pipeline.profile.model import Profile
from pipeline.run.sight import Sight
from pipeline.run.workspace import Workspace
from pipeline.texts import Texts, message, texts_in

_LANES: Final = os.cpu_count() or 1
_POSTAL_CODE: Final = re.compile(r"(?:[A-Z]{1,2}-)?(\d[\d ]*\d)\b")


class UselessLibreOffice(Fault):
    """LibreOffice is there, but nothing came of any letter."""

    sentence = message(
        "LibreOffice made no PDF of any letter. See whether it starts, and whether it is 7.4 or later, "
        "and run with --pdf again; letters and lists are there all the same."
    )
    exit_code = 3


class NoPrintFile(Fault):
    """LibreOffice made the letters but not the list that goes on top of them."""

    sentence = message(
        "The file for the printer could not be made, so no PDF was put in its place. Letters and lists are there. "
        "Run with --pdf again."
    )
    exit_code = 3


@dataclass(frozen=True, slots=True)
class Paper:
    """What became of the letters as PDF.

    Attributes:
        made: the PDF that were made, below the output: letters and enclosures.
        missing: the Word files that have no PDF though they should, below the output; by their letter's id, in its order.
        held: the ids of the letters whose earlier PDF somebody has open, so that the new one could not take its place.
        theirs: the ids of the letters beside which lies a PDF of somebody else's, or one that somebody has changed.
        printed: the file for the printer; None where no new letter goes by post.
        sheets: of that file, printed on both sides.
        fault: why nothing, or not all, could be made.
    """

    made: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    held: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()
    printed: Path | None = None
    sheets: int = 0
    fault: Fault | None = None

    @property
    def complete(self) -> bool:
        """Nothing was left undone."""
        return not self.missing and not self.held and self.fault is None


@dataclass(frozen=True, slots=True)
class _Task:
    """A Word file of a letter that lies unsent and needs a PDF."""

    obligation: str
    path: str
    word: Word


def discard_stale(workspace: Workspace, ledger: Ledger, wrong: Mapping[str, object]) -> None:
    """Remove the PDF of unsent letters that do not show what the Word file says now.

    Args:
        workspace: the office's folder.
        ledger: which letters lie there unsent.
        wrong: the ids of letters that are no longer right and still lie there, since somebody has changed them.
    """
    for obligation, entry in ledger.entries().items():
        for path in _words(entry.unsent):
            if not (workspace.output / pdf_path(path)).exists():
                continue
            says = _says(workspace.output / path) or ""
            stands = stands_beside(workspace.output, path, says)
            if stands is Stands.STALE or (stands is Stands.FRESH and obligation in wrong):
                with suppress(PermissionError):  # somebody looks at it; the next run tries again
                    (workspace.output / pdf_path(path)).unlink()


def make_paper(workspace: Workspace, sight: Sight, this: Run, ledger: Ledger, wrong: Mapping[str, object]) -> Paper:
    """Make the PDF that the unsent letters lack, and of those that go by post a file for the printer.

    All of it comes to its place at once, at the end: a run that is killed before has made nothing, and after that all.

    Args:
        workspace: the office's folder.
        sight: what was planned.
        this: the run.
        ledger: which letters lie there unsent.
        wrong: the ids of letters that are no longer right and still lie there, since somebody has changed them.
    """
    entries = {key: entry for key, entry in ledger.entries().items() if entry.unsent and key not in wrong}
    tasks, theirs = _tasks(workspace.output, sight.profile, entries)
    if not tasks:
        return Paper(theirs=theirs)
    try:
        clear(workspace.output)
        return _Printing(workspace.output, sight, this, entries).go(tasks, theirs)
    except Fault as fault:
        return Paper(missing=tuple((task.obligation, task.path) for task in tasks), theirs=theirs, fault=fault)
    finally:
        clear(workspace.output)


def _tasks(output: Path, profile: Profile, entries: Mapping[str, Entry]) -> tuple[list[_Task], tuple[str, ...]]:
    tasks: list[_Task] = []
    theirs: list[str] = []
    for obligation, entry in entries.items():
        for path in _words(entry.unsent):
            says = _says(output / path)
            if says is None or entry.unsent is None:
                continue
            match stands_beside(output, path, says):
                case Stands.THEIRS:
                    theirs.append(obligation)
                case Stands.NOTHING | Stands.STALE:
                    rule = profile.letters.get(entry.obligation.letter)
                    title = rule.title if rule else PurePosixPath(path).stem
                    word = Word(output / path, title, profile.office.language, entry.unsent.dated)
                    tasks.append(_Task(obligation, path, word))
                case Stands.FRESH:
                    pass
    return tasks, tuple(dict.fromkeys(theirs))


@dataclass(frozen=True, slots=True)
class _Bundle:
    """What is printed for one letter.

    Attributes:
        parts: the letter's PDF, then its enclosures'; nothing where one is missing.
        pages: of each.
        enclose: the names of enclosures that cannot be printed here.
    """

    parts: tuple[Path, ...] = ()
    pages: tuple[int, ...] = ()
    enclose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Printing:
    """A run's letters on their way to paper."""

    output: Path
    sight: Sight
    this: Run
    entries: Mapping[str, Entry]

    def go(self, tasks: Sequence[_Task], theirs: tuple[str, ...]) -> Paper:
        program, folder = find_libreoffice(), self.output / WORK
        make_folder(folder)
        shown = convert(program, [task.word for task in tasks], folder, lanes=_LANES)
        if not shown and len(tasks) > 1:
            raise UselessLibreOffice
        coming = [
            Coming(shown[n].path.name, pdf_path(task.path), shown[n].source) for n, task in enumerate(tasks) if n in shown
        ]
        lacking = {pdf_path(task.path): folder / "none" for n, task in enumerate(tasks) if n not in shown}
        fresh = lacking | {each.path: folder / each.name for each in coming}
        ordered = self._by_post({task.obligation for task in tasks}.difference(theirs))
        bundles = {obligation: self._bundle(obligation, fresh) for obligation in ordered}
        printed, pages = self._print(program, {key: bundle for key, bundle in bundles.items() if bundle.parts}, bundles)
        open_still = bring(self.output, [*([printed] if printed else ()), *coming])
        missing = tuple((task.obligation, task.path) for n, task in enumerate(tasks) if n not in shown)
        held = tuple(dict.fromkeys(task.obligation for task in tasks if pdf_path(task.path) in open_still))
        made = tuple(each.path for each in coming if each.path not in open_still)
        file = self.output / printed.path if printed else None
        return Paper(made, missing, held, theirs, file, sheets(pages))

    def _by_post(self, obligations: set[str]) -> list[str]:
        """Those whose recipient gets paper, in the order that the office wants."""
        paper = self.sight.profile.run.paper
        letters = {letter.obligation.id: letter for letter in self.sight.letters}
        chosen = [key for key in obligations if not paper or self.entries[key].channel in {"", *paper}]
        return sorted(chosen, key=lambda key: self._order(self.entries[key], letters.get(key)))

    def _order(self, entry: Entry, letter: Letter | None) -> tuple[str, ...]:
        profile, owed = self.sight.profile, entry.obligation
        rule = profile.letters.get(owed.letter)
        by = {
            "postal_code": _postal_code(letter.recipient.address) if letter else "",
            "owner": letter.owner if letter else "",
            "letter": rule.title if rule else owed.letter,
            "record": owed.record.key,
        }
        file = entry.unsent.files[0].path if entry.unsent else ""
        return (*(by[word] for word in profile.run.print_order), file)

    def _bundle(self, obligation: str, fresh: Mapping[str, Path]) -> _Bundle:
        """What is printed for a letter: itself and its enclosures; nothing where one of their PDF is missing."""
        entry = self.entries[obligation]
        files = entry.unsent.files if entry.unsent else ()
        parts: list[Path] = []
        pages: list[int] = []
        enclose: list[str] = []
        for file in files:
            word = file.path.endswith(".docx")
            part = fresh.get(pdf_path(file.path), self.output / pdf_path(file.path)) if word else self.output / file.path
            number = _pages(part)
            if number:
                parts.append(part)
                pages.append(number)
            elif word:
                return _Bundle()
            else:
                enclose.append(PurePosixPath(file.path).name)
        return _Bundle(tuple(parts), tuple(pages), tuple(enclose))

    def _print(
        self, program: str, whole: Mapping[str, _Bundle], all_of_them: Mapping[str, _Bundle]
    ) -> tuple[Coming | None, int]:
        """The file for the printer in the work folder, and how many pages it has."""
        if not whole:
            return None, 0
        texts, folder = texts_in(self.sight.profile.office.language), self.output / WORK
        nth, path = self._free_name(texts)
        lacking = [key for key in all_of_them if key not in whole]
        listed = [self._printed(key, all_of_them[key]) for key in (*whole, *lacking)]
        cover = folder / "cover.docx"
        write_file(cover, print_list(listed, nth, self.this.day, texts))
        title = texts(TITLE, n=nth)
        top = convert(program, [Word(cover, title, texts.language, self.this.day)], folder / "cover", lanes=1)
        if not top:
            raise NoPrintFile
        parts = [top[0].path, *(part for bundle in whole.values() for part in bundle.parts)]
        pages = print_file(parts, folder, folder / "print.pdf", title, whole)
        return Coming("print.pdf", path), pages

    def _printed(self, obligation: str, bundle: _Bundle) -> Printed:
        owed = self.entries[obligation].obligation
        rule = self.sight.profile.letters.get(owed.letter)
        taken = sum(sheets(pages) for pages in bundle.pages)
        title = rule.title if rule else owed.letter
        return Printed(obligation, owed.record.key, title, owed.role, sum(bundle.pages), taken, bundle.enclose)

    def _free_name(self, texts: Texts) -> tuple[int, str]:
        """The first number from the run's own on whose file is not there: what was printed once is not written over."""
        nth = self.this.nth
        while (self.output / (path := f"{self.this.day.isoformat()}/{texts.name('print file')} {nth}.pdf")).exists():
            nth += 1
        return nth, path


def _words(version: Version | None) -> tuple[str, ...]:
    """The Word files of a letter: itself and its enclosures."""
    return tuple(file.path for file in version.files if file.path.endswith(".docx")) if version else ()


def _says(path: Path) -> str | None:
    """The digest of a file as it is now; None where it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def _pages(path: Path) -> int:
    """How many pages a PDF has; 0 where it is none, or cannot be opened without a password."""
    if path.suffix != ".pdf":
        return 0
    import pikepdf  # only where there are PDF, as in `pipeline.letters.print_file`

    try:
        with pikepdf.open(path) as pdf:
            return len(pdf.pages)
    except (pikepdf.PdfError, OSError):
        return 0


def _postal_code(address: Sequence[str]) -> str:
    """The digits that the address's last line begins with; what has none comes after all that have.

    >>> _postal_code(("Gate 1", "0150 Town")), _postal_code(("Gatan 2", "742 31 Stad")), _postal_code(("Calle 3", "Spain"))
    ('9510', '74231', '~')
    """
    found = _POSTAL_CODE.match(address[-1]) if address else None
    return found[1].replace(" ", "") if found else "~"
