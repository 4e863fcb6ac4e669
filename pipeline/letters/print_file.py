"""One file for the printer: many PDF one after the other, each beginning on a sheet of its own when printed on both sides.

The single PDF keep their tags and marks; those of the file are lost, since it is for paper alone.
pikepdf is loaded where it is needed: it takes as much memory as a register, and most nights make no PDF.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.files import write_file

if TYPE_CHECKING:
    import pikepdf

_LETTERS: Final = "/Letters"
_AT_ONCE: Final = 100
"""How many files are open at a time: systems allow some hundreds."""


def sheets(pages: int) -> int:
    """How many sheets a document takes when it is printed on both sides.

    >>> [sheets(pages) for pages in (1, 2, 3)]
    [1, 1, 2]
    """
    return (pages + 1) // 2


def print_file(parts: Sequence[Path], folder: Path, target: Path, title: str, letters: Iterable[str] = ()) -> int:
    """Join PDF files for the printer.

    Args:
        parts: the files in their order; a file may come more than once.
        folder: for what lies between.
        target: the file; the same parts give the same bytes.
        title: shown by viewers.
        letters: their ids, which the file keeps for `letters_in`.

    Returns:
        How many pages it has.

    Raises:
        Unwritable: it cannot be written.
        pikepdf.PdfError: a part is no PDF.
    """
    import pikepdf

    names = count()
    while len(parts) > _AT_ONCE:
        parts = [
            _joined(parts[start : start + _AT_ONCE], folder / f"joined-{next(names)}.pdf", "")
            for start in range(0, len(parts), _AT_ONCE)
        ]
    _joined(parts, target, title, letters)
    with pikepdf.open(target) as pdf:
        return len(pdf.pages)


def letters_in(file: Path) -> frozenset[str]:
    """The ids of the letters in a file for the printer; none where it is no such file, or cannot be read."""
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            return frozenset(str(pdf.docinfo.get(_LETTERS, "")).split())
    except (pikepdf.PdfError, OSError):
        return frozenset()


def _joined(parts: Sequence[Path], target: Path, title: str, letters: Iterable[str] = ()) -> Path:
    import pikepdf

    buffer = io.BytesIO()
    with pikepdf.new() as whole:
        opened = [pikepdf.open(part) for part in parts]
        for part in opened:
            whole.pages.extend(_pages(part))
            if len(part.pages) % 2:
                last = part.pages[-1].mediabox
                whole.add_blank_page(page_size=(float(last[2]) - float(last[0]), float(last[3]) - float(last[1])))
        whole.Root.ViewerPreferences = pikepdf.Dictionary(Duplex=pikepdf.Name.DuplexFlipLongEdge, DisplayDocTitle=True)
        if title:
            whole.docinfo["/Title"] = title
            whole.docinfo[_LETTERS] = " ".join(letters)
        whole.save(buffer, deterministic_id=True)
        for part in opened:
            part.close()
    write_file(target, buffer.getvalue())
    return target


def _pages(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Page]:
    """The pages without what leads into the structure of their own file."""
    for page in pdf.pages:
        if "/StructParents" in page.obj:
            del page.obj["/StructParents"]
        yield page
