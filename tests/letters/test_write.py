from __future__ import annotations

import stat
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.faults import Unwritable
from pipeline.files import digest
from pipeline.letters.model import Filled, Letter, Obligation, Outcome, Recipient, Role
from pipeline.letters.write import (
    Document,
    Envelope,
    Found,
    Move,
    Placed,
    Placing,
    envelope,
    file_name,
    is_in_place,
    look,
    move_into_place,
    stage,
    sweep,
    take_back,
)
from pipeline.register.model import Ref
from pipeline.texts import texts_in

DAY = date(2026, 11, 23)
ENGLISH = texts_in("en")


def filled(key: str = "2026-0141", *, letter: str = "foreløpig_melding", role: Role = "to", **files: bytes) -> Filled:
    person = None if role == "file" else Ref("person", "P-001")
    plan = Letter(Obligation(letter, Ref("sak", key), person, role), Recipient(person, role), Outcome.DUE, dated=DAY)
    enclosures = tuple((name.replace("_", " ") + ".pdf", content) for name, content in files.items())
    return Filled(plan, b"letter", (("navn", "Kari"),), "template", enclosures)


def tree(folder: Path) -> Mapping[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def documents(**contents: bytes) -> tuple[Document, ...]:
    return tuple(Document(f"2026-11-23/melding/{name}.docx", content) for name, content in contents.items())


def move(name: str, content: bytes) -> Move:
    return Move(f"2026-11-20/melding/{name}.docx", f"erstattet/{name}.docx", digest(content))


def lay(output: Path, path: str, content: bytes) -> None:
    file = output / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (filled(), "2026-11-23/foreløpig_melding/2026-0141 Foreløpig melding to {id}.docx"),
        (filled(role="copy"), "2026-11-23/foreløpig_melding/2026-0141 Foreløpig melding copy {id}.docx"),
        (filled(role="file"), "2026-11-23/foreløpig_melding/2026-0141 Foreløpig melding {id}.docx"),
        (filled("2026/0141"), "2026-11-23/foreløpig_melding/2026-0141 Foreløpig melding to {id}.docx"),
        (filled("P-1 · 2"), "2026-11-23/foreløpig_melding/P-1 · 2 Foreløpig melding to {id}.docx"),
        (filled(letter="a/b"), "2026-11-23/a-b/2026-0141 Foreløpig melding to {id}.docx"),
        (filled("../../x"), "2026-11-23/foreløpig_melding/-..-x Foreløpig melding to {id}.docx"),
    ],
)
def test_a_letter_lies_under_its_day_and_rule_with_record_title_role_and_id(made: Filled, path: str) -> None:
    assert file_name(made, "Foreløpig melding", DAY, ENGLISH) == path.format(id=made.letter.obligation.id)


def test_the_id_survives_however_long_key_and_title_are() -> None:
    made = filled("9" * 300)
    name = file_name(made, "Å" * 300, DAY, ENGLISH).rpartition("/")[2]
    assert name.endswith(f" {made.letter.obligation.id}.docx")
    assert len(name.encode()) <= 130


def test_enclosures_lie_beside_their_letter_with_its_id() -> None:
    made = filled(retningslinjer_for_oppdrag=b"pdf")
    sent = envelope(made, "Velkommen", DAY, ENGLISH)
    letter_id = made.letter.obligation.id
    assert sent == Envelope(
        letter_id,
        (
            Document(f"2026-11-23/foreløpig_melding/2026-0141 Velkommen to {letter_id}.docx", b"letter"),
            Document(f"2026-11-23/foreløpig_melding/2026-0141 {letter_id} retningslinjer for oppdrag.pdf", b"pdf"),
        ),
    )


def test_staged_files_are_whole_and_not_yet_in_their_place(tmp_path: Path) -> None:
    staged = stage(tmp_path, 7, [Envelope("A", documents(a=b"1", b=b"2"))])
    assert tree(tmp_path) == {".staging-7/2026-11-23/melding/a.docx": b"1", ".staging-7/2026-11-23/melding/b.docx": b"2"}
    assert staged.envelopes == (
        ("A", (Placed("2026-11-23/melding/a.docx", digest(b"1")), Placed("2026-11-23/melding/b.docx", digest(b"2")))),
    )


def test_an_envelope_moves_into_place_and_the_old_version_out_of_the_way(tmp_path: Path) -> None:
    lay(tmp_path, "2026-11-20/melding/a.docx", b"old")
    staged = stage(tmp_path, 7, [Envelope("A", documents(a=b"new")), Envelope("B", documents(b=b"2"))])
    assert move_into_place(staged, {"A": (move("a", b"old"),)}) == {"A": Placing.PLACED, "B": Placing.PLACED}
    assert tree(tmp_path) == {
        "2026-11-23/melding/a.docx": b"new",
        "2026-11-23/melding/b.docx": b"2",
        "erstattet/a.docx": b"old",
    }
    assert not list(tmp_path.glob(".staging*"))


def test_a_letter_replaced_on_its_own_day_keeps_its_path(tmp_path: Path) -> None:
    lay(tmp_path, "2026-11-23/melding/a.docx", b"old")
    staged = stage(tmp_path, 8, [Envelope("A", documents(a=b"new"))])
    leaving = Move("2026-11-23/melding/a.docx", "erstattet/a.docx", digest(b"old"))
    assert move_into_place(staged, {"A": (leaving,)}) == {"A": Placing.PLACED}
    assert tree(tmp_path) == {"2026-11-23/melding/a.docx": b"new", "erstattet/a.docx": b"old"}


@pytest.mark.parametrize(
    "theirs",
    [
        {"2026-11-20/melding/a.docx": b"old, edited in Word"},
        {"2026-11-20/melding/a.docx": b"old", "2026-11-23/melding/a.docx": b"theirs"},
        {"2026-11-20/melding/a.docx": b"old", "2026-11-23/melding/b.docx": b"theirs"},
        {"2026-11-20/melding/a.docx": b"old", "erstattet/a.docx": b"theirs"},
    ],
    ids=[
        "the old version is edited",
        "the letter's place is taken",
        "the enclosure's place is taken",
        "the old one's place is",
    ],
)
def test_a_file_that_someone_has_changed_is_theirs_and_stops_the_whole_envelope(
    tmp_path: Path, theirs: dict[str, bytes]
) -> None:
    for path, content in theirs.items():
        lay(tmp_path, path, content)
    staged = stage(tmp_path, 7, [Envelope("A", documents(a=b"new", b=b"enclosure")), Envelope("C", documents(c=b"3"))])
    assert move_into_place(staged, {"A": (move("a", b"old"),)}) == {"A": Placing.CHANGED, "C": Placing.PLACED}
    assert tree(tmp_path) == theirs | {"2026-11-23/melding/c.docx": b"3"}


def test_an_old_version_that_is_gone_does_not_stop_the_new_one(tmp_path: Path) -> None:
    staged = stage(tmp_path, 7, [Envelope("A", documents(a=b"new"))])
    assert move_into_place(staged, {"A": (move("a", b"old"),)}) == {"A": Placing.PLACED}
    assert tree(tmp_path) == {"2026-11-23/melding/a.docx": b"new"}


def test_an_output_folder_that_is_a_file_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    output = tmp_path / "output"
    output.write_bytes(b"")
    with pytest.raises(Unwritable, match="output"):
        stage(output, 1, [Envelope("A", documents(a=b"1"))])
    assert tree(tmp_path) == {"output": b""}


def test_staging_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    too_long = Document("2026-11-23/" + "x" * 300, b"")
    with pytest.raises(Unwritable, match="its name is too long"):
        stage(tmp_path, 1, [Envelope("A", (*documents(a=b"1"), too_long))])
    assert list(tmp_path.iterdir()) == []


def test_sweeping_removes_the_staging_of_every_run_and_nothing_else(tmp_path: Path) -> None:
    stage(tmp_path, 1, [Envelope("A", documents(a=b"1"))])
    stage(tmp_path, 2, [Envelope("B", documents(b=b"2"))])
    lay(tmp_path, "2026-11-23/melding/c.docx", b"3")
    sweep(tmp_path)
    assert tree(tmp_path) == {"2026-11-23/melding/c.docx": b"3"}


OLD = move("a", b"old")
SAME_PATH = Move("2026-11-23/melding/a.docx", "erstattet/a.docx", digest(b"old"))
SAME_FILE = Move("2026-11-23/melding/a.docx", "erstattet/a.docx", digest(b"new"))


@pytest.mark.parametrize(
    ("lying", "moves", "whole", "afterwards"),
    [
        ({}, (), False, {}),
        ({"2026-11-23/melding/a.docx": b"new"}, (), False, {}),
        ({"2026-11-23/melding/a.docx": b"new", "2026-11-23/melding/b.docx": b"b"}, (), True, {}),
        ({OLD.path: b"old"}, (OLD,), False, {OLD.path: b"old"}),
        ({OLD.to: b"old"}, (OLD,), False, {OLD.path: b"old"}),
        ({OLD.to: b"old", "2026-11-23/melding/a.docx": b"new"}, (OLD,), False, {OLD.path: b"old"}),
        (
            {OLD.to: b"old", "2026-11-23/melding/a.docx": b"new", "2026-11-23/melding/b.docx": b"b"},
            (OLD,),
            True,
            {OLD.path: b"old"},
        ),
        ({SAME_PATH.path: b"old"}, (SAME_PATH,), False, {SAME_PATH.path: b"old"}),
        ({SAME_PATH.to: b"old", SAME_PATH.path: b"new"}, (SAME_PATH,), False, {SAME_PATH.path: b"old"}),
        ({SAME_PATH.path: b"edited"}, (SAME_PATH,), False, {SAME_PATH.path: b"edited"}),
        ({SAME_FILE.path: b"new", "2026-11-23/melding/b.docx": b"b"}, (SAME_FILE,), False, {SAME_FILE.path: b"new"}),
        ({SAME_FILE.to: b"new"}, (SAME_FILE,), False, {SAME_FILE.path: b"new"}),
    ],
)
def test_an_envelope_that_came_half_way_is_seen_and_taken_back(
    tmp_path: Path, lying: dict[str, bytes], moves: tuple[Move, ...], whole: bool, afterwards: dict[str, bytes]
) -> None:
    for path, content in lying.items():
        lay(tmp_path, path, content)
    files = tuple(Placed(d.path, d.digest) for d in documents(a=b"new", b=b"b"))
    assert is_in_place(tmp_path, files, moves) is whole
    take_back(tmp_path, files, moves)
    assert tree(tmp_path) == afterwards


def test_what_lies_there_is_told_by_its_digest(tmp_path: Path) -> None:
    lay(tmp_path, "a.docx", b"1")
    assert look(tmp_path, "a.docx", digest(b"1")) is Found.SAME
    assert look(tmp_path, "a.docx", digest(b"2")) is Found.CHANGED
    assert look(tmp_path, "b.docx", digest(b"1")) is Found.MISSING


def test_a_letter_in_its_place_is_open_to_the_group(tmp_path: Path) -> None:
    move_into_place(stage(tmp_path, 1, [Envelope("A", documents(a=b"1"))]), {})
    assert oct(stat.S_IMODE((tmp_path / "2026-11-23/melding/a.docx").stat().st_mode)) == "0o640"
