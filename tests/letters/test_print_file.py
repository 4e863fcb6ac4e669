from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest

from pipeline.letters.print_file import letters_in, print_file


def parts(folder: Path, *pages: int) -> Sequence[Path]:
    """PDF of so many pages; the width of a page tells the part, its height the page."""
    made = []
    for part, number in enumerate(pages, start=1):
        path = folder / f"part {part}.pdf"
        with pikepdf.new() as pdf:
            for page in range(1, number + 1):
                pdf.add_blank_page(page_size=(100 + part, 100 + page))
                pdf.pages[-1].Contents = pdf.make_stream(b"q Q")
                pdf.pages[-1].obj.StructParents = page
            pdf.save(path)
        made.append(path)
    return made


def shape(path: Path) -> list[str]:
    """The pages of a file: ``2.1`` is the first page of part 2, ``-`` an empty one."""
    with pikepdf.open(path) as pdf:
        return [
            f"{int(page.mediabox[2]) - 100}.{int(page.mediabox[3]) - 100}" if page.obj.Contents.read_bytes() else "-"
            for page in pdf.pages
        ]


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        pytest.param((1,), ["1.1", "-"], id="a single page fills a sheet"),
        pytest.param((2,), ["1.1", "1.2"], id="two pages are a sheet"),
        pytest.param((1, 2, 3), ["1.1", "-", "2.1", "2.2", "3.1", "3.2", "3.3", "-"], id="each begins on a sheet of its own"),
    ],
)
def test_each_part_begins_on_a_sheet_of_its_own(tmp_path: Path, pages: Sequence[int], expected: list[str]) -> None:
    target = tmp_path / "print.pdf"
    assert print_file(parts(tmp_path, *pages), tmp_path, target, "Print file 1") == len(expected)
    assert shape(target) == expected
    with pikepdf.open(target) as pdf:
        assert pdf.Root.ViewerPreferences.Duplex == "/DuplexFlipLongEdge"
        assert pdf.docinfo["/Title"] == "Print file 1"
        assert not any("/StructParents" in page.obj for page in pdf.pages)


def test_more_parts_than_can_be_open_at_once_keep_their_order_and_bytes(tmp_path: Path) -> None:
    many = parts(tmp_path, *(1 + n % 3 for n in range(250)))
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pages = print_file(many, tmp_path / name, tmp_path / name / "print.pdf", "Print")
        made.append((tmp_path / name / "print.pdf").read_bytes())
        order = [found for found in shape(tmp_path / name / "print.pdf") if found != "-"]
        assert order == [f"{part + 1}.{page}" for part in range(250) for page in range(1, 2 + part % 3)]
        assert pages == sum(2 + 2 * (part % 3 == 2) for part in range(250))
    assert made[0] == made[1]


def test_the_file_tells_which_letters_are_in_it(tmp_path: Path) -> None:
    made, other = tmp_path / "print.pdf", tmp_path / "no.pdf"
    print_file(parts(tmp_path, 1, 2), tmp_path, made, "Print file 1", ["7KQ4MZ2P", "AXGO74VE"])
    other.write_bytes(b"no PDF")

    assert letters_in(made) == {"7KQ4MZ2P", "AXGO74VE"}
    assert letters_in(parts(tmp_path, 1)[0]) == letters_in(other) == letters_in(tmp_path / "none.pdf") == frozenset()
