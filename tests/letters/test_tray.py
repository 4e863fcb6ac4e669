from __future__ import annotations

from pathlib import Path

from pipeline.files import digest
from pipeline.letters.tray import Lying, Tray
from pipeline.letters.write import envelope, move_into_place, stage, swept
from tests.letters.test_write import DAY, ENGLISH, filled, lay, tree

WELCOME = filled(guidelines=b"pdf")
ID = WELCOME.letter.obligation.id


def test_a_letter_is_laid_and_comes_from_there_to_its_place(tmp_path: Path) -> None:
    laid = Tray(tmp_path).lay(WELCOME)
    assert tree(tmp_path) == {f".staging-filled/{ID}-0": b"letter", f".staging-filled/{ID}-1": b"pdf"}
    in_memory, on_disk = (envelope(each, "Welcome", DAY, ENGLISH) for each in (WELCOME, laid))
    assert [(each.path, each.digest) for each in on_disk.documents] == [
        (each.path, each.digest) for each in in_memory.documents
    ]
    move_into_place(stage(tmp_path, 1, [on_disk]), {})
    assert tree(tmp_path) == {each.path: each.content for each in in_memory.documents}


def test_what_lies_there_as_it_is_is_not_written_again(tmp_path: Path) -> None:
    lay(tmp_path, "letter.docx", b"letter")
    lay(tmp_path, "guidelines.pdf", b"pdf")
    lying = tuple(
        Lying(tmp_path / name, digest(content)) for name, content in (("letter.docx", b"letter"), ("guidelines.pdf", b"pdf"))
    )
    again = Tray(tmp_path, {ID: lying}).lay(WELCOME)
    assert (bytes(again.content), [bytes(content) for _, content in again.enclosures]) == (b"letter", [b"pdf"])
    assert set(tree(tmp_path)) == {"letter.docx", "guidelines.pdf"}


def test_one_enclosure_that_differs_lays_the_whole_letter(tmp_path: Path) -> None:
    lying = (Lying(tmp_path / "letter.docx", digest(b"letter")), Lying(tmp_path / "guidelines.pdf", digest(b"older")))
    Tray(tmp_path, {ID: lying}).lay(WELCOME)
    assert tree(tmp_path) == {f".staging-filled/{ID}-0": b"letter", f".staging-filled/{ID}-1": b"pdf"}


def test_where_the_disk_does_not_take_it_the_letter_stays_in_memory(tmp_path: Path) -> None:
    in_the_way = tmp_path / "output"
    in_the_way.write_bytes(b"")
    assert Tray(in_the_way).lay(WELCOME) == WELCOME


def test_what_is_laid_and_wanted_by_nobody_is_swept(tmp_path: Path) -> None:
    with swept(tmp_path):
        Tray(tmp_path).lay(WELCOME)
    assert tree(tmp_path) == {}
    assert not list(tmp_path.iterdir())
