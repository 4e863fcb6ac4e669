from __future__ import annotations

import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.faults import Busy, Unwritable
from pipeline.files import (
    LONGEST_NAME,
    digest,
    make_folder,
    replace_or_beside,
    run_lock,
    safe_name,
    write_atomically,
    write_file,
)

DAY = date(2026, 11, 23)
NIGHT = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001 -- the office's wall clock, as the command line passes it
NOBODY = 65534

# The child of a fork here does one thing and ends; from Python 3.12 on, a fork beside pytest-xdist's threads warns.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2026/0141", "2026-0141"),
        ("2026-0141", "2026-0141"),
        (r"a\b:c*d?e\"f<g>h|i".replace("\\", "/"), "a-b-c-d-e--f-g-h-i"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("..", "_"),
        ("", "_"),
        ("   ", "_"),
        ("Møteplan. . ", "Møteplan"),
        (".skjult", "skjult"),
        ("linje\nto\tog  tre", "linje to og tre"),
        ("null\x00byte\x7f", "null-byte-"),
        ("gnp.\u202excod", "gnp.-xcod"),
        ("A\u030asgard", "Åsgard"),
        ("CON", "CON_"),
        ("con.docx", "con_.docx"),
        ("nul .txt", "nul_.txt"),
        ("LPT1.tar.gz", "LPT1_.tar.gz"),
        ("com¹", "com¹_"),
        ("conrad", "conrad"),
        ("COM10", "COM10"),
        ("conin$", "conin$_"),
        ("å" * 100, "å" * 60),
        ("x" * 200 + ".xlsx", "x" * 115 + ".xlsx"),
        ("x" * 119 + " y", "x" * 119),
    ],
)
def test_a_name_is_taken_by_every_system(text: str, name: str) -> None:
    assert safe_name(text) == name


@given(st.text(), st.integers(min_value=20, max_value=LONGEST_NAME))
@example("CON" + " " * 30 + ".a", 20)
@example("\u0344" * 40, 20)
@example("x" * 16 + " .abc", 20)
@example("nul." + "x" * 40, 20)
def test_a_safe_name_is_one_part_of_a_path_and_stays_as_it_is(text: str, longest: int) -> None:
    name = safe_name(text, longest)
    assert name
    assert not set(name) & set('/\\:*?"<>|\x00\n\r\t')
    assert name == name.strip(". ")
    assert len(name.encode()) <= longest
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name, longest) == name


def test_a_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "oversikt.html"
    write_atomically(file, b"old")
    write_atomically(file, b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("oversikt.html", b"new")]


def test_what_is_in_the_way_is_named_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "oversikt.html").mkdir()
    with pytest.raises(Unwritable, match="something else stands in its place"):
        write_atomically(tmp_path / "oversikt.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["oversikt.html"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unwritable, match="its folder is not there"):
        write_atomically(tmp_path / "borte" / "oversikt.html", b"")


def test_a_list_that_nobody_has_open_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "forfalt.xlsx"
    file.write_bytes(b"old")
    assert replace_or_beside(file, b"new", DAY) == file
    assert file.read_bytes() == b"new"


def in_a_child(do: Callable[[], object]) -> str:
    """What `do` gives or raises in a process of its own, which may give up rights that this one keeps."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            said = str(do())
        except BaseException as error:  # noqa: BLE001 -- the child must end here, whatever happens
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as said_by_child:
        said = said_by_child.read()
    os.waitpid(child, 0)
    return said


as_root = pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user can reach (pytest's own they cannot), where nobody can replace what is someone else's."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o1777)
        yield folder


@as_root
def test_a_list_that_cannot_be_replaced_is_written_beside_with_the_day(shared: Path) -> None:
    theirs = shared / "forfalt.xlsx"
    theirs.write_bytes(b"old")

    def replace() -> Path:
        os.setuid(NOBODY)
        return replace_or_beside(theirs, b"new", DAY)

    assert in_a_child(replace) == str(shared / "forfalt 2026-11-23.xlsx")
    assert theirs.read_bytes() == b"old"
    assert (shared / "forfalt 2026-11-23.xlsx").read_bytes() == b"new"
    assert len(list(shared.iterdir())) == 2


@as_root
def test_a_folder_without_the_right_to_write_is_named(shared: Path) -> None:
    shared.chmod(0o755)

    def write() -> None:
        os.setuid(NOBODY)
        write_atomically(shared / "forfalt.xlsx", b"new")

    said = in_a_child(write)
    assert said.startswith("Unwritable: ")
    assert "no right to write" in said


@pytest.mark.skipif(os.name == "nt", reason="limits on what a process may write are POSIX")
def test_a_file_that_does_not_fit_leaves_the_old_one_whole(tmp_path: Path) -> None:
    file = tmp_path / "forfalt.xlsx"
    write_atomically(file, b"old")

    def write() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        write_atomically(file, b"x" * 100_000)

    assert in_a_child(write).startswith("Unwritable: ")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("forfalt.xlsx", b"old")]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in its own way")
def test_files_and_folders_are_open_to_the_group_whatever_the_umask(tmp_path: Path) -> None:
    def write() -> None:
        os.umask(0o077)
        make_folder(tmp_path / "output" / "2026-11-23")
        write_file(tmp_path / "output" / "2026-11-23" / "brev.docx", b"")

    assert in_a_child(write) == "None"
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.rglob("*")}
    assert modes == {"output": "0o2750", "2026-11-23": "0o2750", "brev.docx": "0o640"}


def test_a_folder_that_is_there_keeps_its_rights(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir(mode=0o755)
    before = (tmp_path / "output").stat().st_mode
    make_folder(tmp_path / "output")
    assert (tmp_path / "output").stat().st_mode == before


def test_a_second_run_is_told_who_holds_the_workspace_since_when(tmp_path: Path) -> None:
    with run_lock(tmp_path, NIGHT), pytest.raises(Busy) as caught, run_lock(tmp_path, NIGHT):
        pytest.fail("two runs at once")
    owner = str(caught.value.facts["owner"])
    assert owner.startswith(f"{os.getpid()}@")
    assert owner.endswith(", 2026-11-23 02:00")


def test_the_lock_is_free_after_the_run_and_after_a_run_that_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="it broke"), run_lock(tmp_path, NIGHT):
        raise RuntimeError("it broke")
    with run_lock(tmp_path, NIGHT):
        assert (tmp_path / ".fristbrev.owner").exists()
    assert not (tmp_path / ".fristbrev.owner").exists()


def test_the_lock_of_a_killed_run_is_stale(tmp_path: Path, root: Path) -> None:
    killed = (
        "import os, sys; from datetime import datetime; from pathlib import Path; from pipeline.files import run_lock\n"
        "with run_lock(Path(sys.argv[1]), datetime(2026, 11, 22, 2)): os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], cwd=root, check=False)
    assert (tmp_path / ".fristbrev.owner").exists()
    with run_lock(tmp_path, NIGHT):
        assert "2026-11-23" in (tmp_path / ".fristbrev.owner").read_text(encoding="utf-8")


def test_a_digest_is_sha_256() -> None:
    assert digest(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
