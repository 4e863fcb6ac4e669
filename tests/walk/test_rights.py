"""Who may read what, whatever the umask; and that completion of words works in the shells that click knows."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
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


def test_what_a_killed_run_left_at_work_on_its_pdf_is_ended_by_the_next_and_nothing_else(office: SmallOffice) -> None:
    """As LibreOffice is, which outlives a run that is killed alone, and goes on to write letters into its folder."""
    (office.output / ".pdf" / "0-3").mkdir(parents=True)
    folders = (office.output / ".pdf" / "0-3", office.folder / "elsewhere")
    words = [f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}" for folder in folders]
    sleeping = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)", word]) for word in words]
    try:
        office.run()
        assert sleeping[0].poll() is not None
        assert sleeping[1].poll() is None
    finally:
        for process in sleeping:
            process.kill()
            process.wait()
    assert not (office.output / ".pdf").exists()


WATCHED = """
import os, sys
written, started = [], []
def hook(event, arguments):
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.append(os.fsdecode(arguments[0]) if not isinstance(arguments[0], int) else "")
    elif event in {"os.mkdir", "os.rename", "os.link", "os.symlink"}:
        written.append(os.fsdecode(arguments[event != "os.mkdir"]))
    elif event == "subprocess.Popen":
        started.append(arguments[1])
sys.addaudithook(hook)
from pipeline.cli import main
try:
    main(sys.argv[2:])
finally:
    inside = (os.path.realpath(sys.argv[1]), os.devnull)
    print("OUTSIDE", [path for path in written if path and not os.path.realpath(path).startswith(inside)])
    print("STARTED", started)
"""


def test_nothing_is_written_outside_the_workspace_and_no_process_names_anybody(
    office: SmallOffice, tmp_path: Path, root: Path, program: Callable[[str], str]
) -> None:
    program("soffice")
    apart = tmp_path / "apart"
    apart.mkdir()
    places = dict.fromkeys(("HOME", "TMPDIR", "TMP", "TEMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), str(apart))
    words = ["--workspace", str(office.folder), "run", "--pdf", "--as-of", "2026-11-23"]
    command = [sys.executable, "-B", "-c", WATCHED, str(office.folder), *words]
    result = subprocess.run(command, cwd=root, env={**os.environ, **places}, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    told = dict(line.split(" ", 1) for line in result.stdout.splitlines() if line.startswith(("OUTSIDE", "STARTED")))
    assert told["OUTSIDE"] == "[]"
    assert "soffice" in told["STARTED"]
    assert not any(word in told["STARTED"] for word in ("Kari", "Ola", "P-1", "P-2", "Gate", "C-1", "C-6"))
    settings = {"fontconfig", "dconf"}  # of the desktop's libraries, which ask for fonts and colours
    assert [path for path in apart.rglob("*") if path.is_file() and not settings & set(path.parts)] == []
    assert len(list(office.output.glob("2*/*/*.pdf"))) == 3


def test_a_folder_for_temporary_files_is_not_needed(office: SmallOffice, root: Path) -> None:
    words = ["--workspace", str(office.folder), "run", "--as-of", "2026-11-23"]
    places = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str(office.folder / "nowhere"))
    command = [sys.executable, "-m", "pipeline", *words]
    result = subprocess.run(command, cwd=root, env={**os.environ, **places}, capture_output=True, encoding="utf-8", check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert len(office.letters()) == 3


NOBODY = 65534

LOCKED_AWAY = {
    "the ledger": ("fristbrev.sqlite", 0o444, 3, "fristbrev.sqlite cannot be written: there is no right to write there"),
    "the ledger, unreadable": ("fristbrev.sqlite", 0o600, 3, "fristbrev.sqlite cannot be written"),
    "the workspace": (".", 0o755, 3, "cannot be written: there is no right to write there"),
    "the output": ("output", 0o755, 3, "cannot be written: there is no right to write there"),
    "the overview": ("output/overview", 0o755, 3, "overview 2026-11-24.html cannot be written"),
    "the lock": (".fristbrev.lock", 0o600, 3, "cannot be written: there is no right to write there"),
    "the log": ("fristbrev.log", 0o444, 0, ""),
    "the backups": ("backups", 0o700, 3, "backups cannot be written: there is no right to write there"),
    "the register": ("registers/book.xlsx", 0o600, 4, "book.xlsx cannot be opened"),
    "a template": ("templates/docx/decision.docx", 0o600, 3, "decision.docx: The file is there, but cannot be read"),
    "a letter": ("output/2026-11-23/decision/C-6*.docx", 0o600, 0, ""),
    "the profile": ("profile.toml", 0o600, 2, "Filen kan ikke leses."),
    "a dispatch list": ("output/2026-11-23/dispatch 1.xlsx", 0o600, 0, ""),
    "the letters": ("output/2026-11-23", 0o755, 0, ""),
}
"""What belongs to somebody else, with which rights, and how the night then ends and what it says."""


only_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody without the right"
)


@contextmanager
def nobody() -> Iterator[None]:
    """As an account that may read nothing of others."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def theirs(office: SmallOffice) -> Iterator[SmallOffice]:
    """An office after its first night, which belongs to that account."""
    for command in (("run",), ("letters", "--as-of", "2026-11-23"), ("verify",), ("restore",)):
        office.call(*command)  # what it imports lies where nobody else may read
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        other = SmallOffice(Path(name) / "office")
        other.run()
        for each in (other.folder, *other.folder.rglob("*")):
            os.chown(each, NOBODY, NOBODY)
        yield other


def close(path: Path) -> None:
    """As if it belonged to somebody else alone."""
    os.chown(path, 0, 0)
    path.chmod(0o700 if path.is_dir() else 0o600)


@only_root
def test_verify_names_what_it_may_not_read_and_goes_on(theirs: SmallOffice) -> None:
    first, second = sorted(theirs.output.glob("2*/notice/*.docx"))
    close(first)
    second.unlink()
    close(theirs.folder / "backups")
    with nobody():
        result = theirs.call("verify", "--as-of", "2026-11-23", "--json")
    assert sorted(each["code"] for each in json.loads(result.stdout)) == ["letter-closed", "letter-missing", "snapshots-closed"]
    assert (result.exit_code, result.stderr) == (1, "")


@only_root
def test_restore_says_that_it_may_not_read_the_backups(theirs: SmallOffice) -> None:
    (backup,) = (theirs.folder / "backups").glob("*.xlsx")
    theirs.change("Cases", "I2", "XYZ")
    for closed, command in ((backup, ("restore", "--backup", backup.name)), (backup.parent, ("restore",))):
        close(closed)
        with nobody():
            result = theirs.call(*command)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{closed} may not be read." in result.stderr


@only_root
def test_an_unsent_letter_that_may_not_be_read_is_left_and_the_others_are_made(theirs: SmallOffice) -> None:
    """As one that somebody has saved on a shared drive, where it now belongs to them alone."""
    (letter,) = theirs.output.glob("2*/decision/*.docx")
    close(letter)
    theirs.change("Cases", "H7", "Another reason.")
    theirs.change("Cases", "D3", date(2026, 11, 11))
    with nobody():
        result = theirs.run(day="2026-11-24")
    assert result.exit_code == 3
    assert f"Letter {letter.stem[-8:]} was left as it lies" in result.stderr
    assert letter.exists()
    assert list(theirs.output.glob("2026-11-24/notice/C-2*.docx")) != []


@only_root
def test_a_template_that_may_not_be_read_is_not_taken_from_the_profile_that_is_extended(theirs: SmallOffice) -> None:
    shared = theirs.folder / "shared"
    (shared / "templates" / "docx").mkdir(parents=True)
    for path in ("profile.toml", "templates/docx/notice.docx", "templates/docx/decision.docx"):
        (shared / path).write_bytes((theirs.folder / path).read_bytes())
    theirs.write_profile('extends = "shared/profile.toml"\n')
    close(theirs.folder / "templates" / "docx" / "decision.docx")
    with nobody():
        result = theirs.call("templates")
    assert "decision.docx: The file is there, but cannot be read" in result.stdout + result.stderr


@only_root
@pytest.mark.parametrize("what", LOCKED_AWAY)
def test_a_night_without_the_right_to_something_says_to_what_and_the_next_one_goes(theirs: SmallOffice, what: str) -> None:
    path, mode, code, said = LOCKED_AWAY[what]
    if what == "the backups":
        theirs.change("Cases", "I2", "XYZ")  # so that there is something to keep
    (locked,) = theirs.folder.glob(path) if path != "." else (theirs.folder,)
    before = locked.stat().st_mode
    os.chown(locked, 0, 0)
    locked.chmod(mode)
    with nobody():
        result = theirs.run(day="2026-11-24")
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert "unforeseen" not in result.stderr
    os.chown(locked, NOBODY, NOBODY)
    locked.chmod(before)
    with nobody():
        assert theirs.run(day="2026-11-25").exit_code == 0
    assert len(theirs.letters()) == len(list(theirs.output.glob("2*/*/*.docx"))) == 3


@pytest.mark.parametrize(("typed", "offered"), [("fristbrev ver", "verify"), ("fristbrev purge --as", "--as-of")])
def test_a_shell_completes_the_word(typed: str, offered: str) -> None:
    program = Path(sys.executable).with_name("fristbrev")
    words = {"_FRISTBREV_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    said = subprocess.run([program], env={**os.environ, **words}, capture_output=True, text=True, check=True).stdout
    assert said == f"plain,{offered}\n"
