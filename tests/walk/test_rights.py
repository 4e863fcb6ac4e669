"""Who may read what, whatever the umask; and that completion of words works in the shells that click knows."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.walk.small_office import SmallOffice

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights in its own way")


@pytest.fixture(params=[0o000, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_office_reads_the_output_and_the_owner_alone_the_rest(office: SmallOffice, umask: None) -> None:
    office.run()
    output = [path for path in office.output.rglob("*") if not path.name.startswith(".")]
    assert {mode(path) for path in output if path.is_file()} == {0o640}
    assert {mode(path) for path in output if path.is_dir()} == {0o2750}
    for name in ("fristbrev.sqlite", "fristbrev.log"):
        assert mode(office.folder / name) == 0o600
    assert mode(office.folder / "backups") == 0o700
    assert {mode(path) for path in (office.folder / "backups").glob("*.xlsx")} == {0o600}


def test_no_name_of_a_file_tells_of_anybody(office: SmallOffice) -> None:
    office.run()
    names = " ".join(path.name for path in office.folder.rglob("*"))
    assert not any(word in names for word in ("Kari", "Ola", "P-1", "P-2", "Gate"))


def test_what_a_killed_run_left_of_temporary_files_is_gone_after_the_next(office: SmallOffice) -> None:
    for folder in (".staging-7", ".pdf"):
        (office.output / folder).mkdir(parents=True)
        (office.output / folder / "letter.docx").write_bytes(b"Kari")
    office.run()
    assert not (office.output / ".staging-7").exists()
    assert not (office.output / ".pdf").exists()


@pytest.mark.parametrize(("typed", "offered"), [("fristbrev ver", "verify"), ("fristbrev purge --as", "--as-of")])
def test_a_shell_completes_the_word(typed: str, offered: str) -> None:
    program = Path(sys.executable).with_name("fristbrev")
    words = {"_FRISTBREV_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    said = subprocess.run([program], env={**os.environ, **words}, capture_output=True, text=True, check=True).stdout
    assert said == f"plain,{offered}\n"
