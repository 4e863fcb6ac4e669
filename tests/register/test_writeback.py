"""The register is at every moment the whole old or the whole new file, and nobody's save is overwritten."""

# ruff: noqa: DTZ001 -- times of day in Excel and in marks have no zone

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipeline.faults import Busy, Fault, Unwritable
from pipeline.files import digest, run_lock
from pipeline.findings import Place
from pipeline.register.archive import Unspliceable
from pipeline.register.backups import back_up, backups_of
from pipeline.register.beside import marks
from pipeline.register.splice import Refusal
from pipeline.register.writeback import (
    Change,
    NoBackup,
    RegisterChanged,
    RegisterOpen,
    recover_register,
    restore,
    write_back,
)
from tests.register.rich_books import FILE, TITLE, excel_mark, packed, plain

AT = datetime(2026, 11, 23, 2, 0)
DAY = date(2026, 11, 20)
CELL = Place(FILE, TITLE, 2, 2)
CHANGES: Mapping[Place, Change] = {CELL: Change(DAY)}
STEPS = ("journal", "backup", "new file", "link", "exchange", "end")
NOBODY = 65534

unprivileged = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="takes another user's place")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """The shared folder with the register in it."""
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / FILE).write_bytes(plain())
    return folder


@pytest.fixture
def register(share: Path) -> Path:
    return share / FILE


@pytest.fixture
def backups(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def write(register: Path, backups: Path, done: Callable[[str], None] = lambda _: None) -> None:
    """Write the date into the cell, having read the register just now."""
    write_back(register, digest(register.read_bytes()), CHANGES, backups, AT, done=done)


def cell(register: Path, address: str = "B2") -> object:
    """What a cell of the register holds."""
    return openpyxl.load_workbook(register)[TITLE][address].value


def names(folder: Path) -> set[str]:
    """What lies in a folder, the lock aside, which stays on some systems."""
    return {path.name for path in folder.iterdir() if path.name != ".fristbrev.lock"}


def test_the_date_stands_in_its_cell_and_the_old_version_in_the_backups(register: Path, backups: Path) -> None:
    before = register.read_bytes()
    written = write_back(register, digest(before), CHANGES, backups, AT)
    assert (written.written, written.refused) == ((CELL,), {})
    assert cell(register) == datetime(2026, 11, 20)
    assert names(register.parent) == {FILE}
    (backup,) = backups_of(register, backups)
    assert (backup.path.read_bytes(), backup.day) == (before, AT.date())
    assert backup.path.name == f"register 2026-11-23 {digest(before)[:8]}.xlsx"
    assert names(backups) == {backup.path.name}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in its own way")
def test_the_register_keeps_its_rights_and_the_backup_is_its_owner_s_alone(register: Path, backups: Path) -> None:
    register.chmod(0o664)
    write(register, backups)
    assert stat.S_IMODE(register.stat().st_mode) == 0o664
    (backup,) = backups_of(register, backups)
    assert (stat.S_IMODE(backup.path.stat().st_mode), stat.S_IMODE(backups.stat().st_mode)) == (0o600, 0o700)


def test_a_register_behind_a_link_is_written_where_it_lies(register: Path, backups: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(register)
    write(link, backups)
    assert link.is_symlink()
    assert cell(register) == datetime(2026, 11, 20)


def test_a_second_time_nothing_is_written(register: Path, backups: Path) -> None:
    write(register, backups)
    content, inode = register.read_bytes(), register.stat().st_ino
    written = write_back(register, digest(content), {CELL: Change(DAY)}, backups, AT)
    assert written.refused == {CELL: Refusal.CHANGED}
    assert (register.read_bytes(), register.stat().st_ino) == (content, inode)
    assert len(backups_of(register, backups)) == 1


def test_only_a_cell_that_still_holds_what_was_read_is_written(register: Path, backups: Path) -> None:
    taken, own = Place(FILE, TITLE, 2, 3), Place(FILE, TITLE, 3, 4)
    changes = {taken: Change("ny"), own: Change(3, was=2.5), CELL: Change(DAY)}
    written = write_back(register, digest(register.read_bytes()), changes, backups, AT)
    assert (set(written.written), written.refused) == ({own, CELL}, {taken: Refusal.CHANGED})
    assert (cell(register, "C2"), cell(register, "D3")) == ("æøå", 3)


def test_another_file_than_was_read_is_left_alone(register: Path, backups: Path) -> None:
    before = register.read_bytes()
    with pytest.raises(RegisterChanged):
        write_back(register, digest(b"another"), CHANGES, backups, AT)
    assert register.read_bytes() == before
    assert backups_of(register, backups) == ()


def test_a_workbook_that_cannot_be_spliced_is_left_alone(register: Path, backups: Path) -> None:
    register.write_bytes(packed({"xl/workbook.xml": b"<workbook/>"}))
    before = register.read_bytes()
    with pytest.raises(Unspliceable):
        write(register, backups)
    assert (register.read_bytes(), names(register.parent)) == (before, {FILE})


# ------------------------------------------------------------------ open files


@pytest.mark.parametrize(
    ("mark", "content", "who", "since"),
    [
        (f"~${FILE}", excel_mark("Åse Prøve"), "Åse Prøve", "2026-11-22 08:15"),
        (f".~lock.{FILE}#", b"Kari,k,pc,20.11.2026 09:30,x;", "Kari", "2026-11-20 09:30"),
        (f".~lock.{FILE}#", b"", "Somebody", "2026-11-22 08:15"),
    ],
)
def test_an_open_register_waits_and_the_fault_says_for_whom(
    register: Path, backups: Path, mark: str, content: bytes, who: str, since: str
) -> None:
    before, path = register.read_bytes(), register.with_name(mark)
    path.write_bytes(content)
    left = datetime(2026, 11, 22, 8, 15).timestamp()
    os.utime(path, (left, left))
    with pytest.raises(RegisterOpen) as fault:
        write(register, backups)
    facts = fault.value.facts
    assert (facts["file"], facts["who"], f"{facts['day']} {facts['time']}") == (FILE, who, since)
    assert (register.read_bytes(), path.read_bytes()) == (before, content)
    path.unlink()
    assert marks(register) == ()
    write(register, backups)


@pytest.mark.parametrize("step", STEPS[:3])
def test_somebody_who_opens_it_meanwhile_is_waited_for(register: Path, backups: Path, step: str) -> None:
    before = register.read_bytes()

    def opened(done: str) -> None:
        if done == step:
            register.with_name(f"~${FILE}").write_bytes(excel_mark("Kari"))

    with pytest.raises(RegisterOpen):
        write(register, backups, opened)
    assert register.read_bytes() == before
    assert names(register.parent) == {FILE, f"~${FILE}"}


# ------------------------------------------------------------------ others who save


@pytest.mark.parametrize("step", STEPS[:3])
def test_a_register_exchanged_meanwhile_stays_theirs(register: Path, backups: Path, step: str) -> None:
    theirs = packed({"theirs": b"1"})

    def saved(done: str) -> None:
        if done == step:
            other = register.with_name("other")
            other.write_bytes(theirs)
            other.replace(register)

    with pytest.raises(RegisterChanged):
        write(register, backups, saved)
    assert (register.read_bytes(), names(register.parent)) == (theirs, {FILE})


@pytest.mark.parametrize("step", STEPS[:4])
def test_a_register_written_into_meanwhile_stays_theirs_in_the_last_instant_too(
    register: Path, backups: Path, step: str
) -> None:
    theirs = packed({"theirs": b"1"})

    def saved(done: str) -> None:
        if done == step:
            register.write_bytes(theirs)

    with pytest.raises(RegisterChanged):
        write(register, backups, saved)
    assert (register.read_bytes(), names(register.parent)) == (theirs, {FILE})


def test_two_versions_of_theirs_are_both_kept(register: Path, backups: Path) -> None:
    first, second = packed({"theirs": b"1"}), packed({"theirs": b"2"})

    def saved(done: str) -> None:
        if done == "link":
            register.write_bytes(first)
        if done == "exchange":
            register.write_bytes(second)

    with pytest.raises(RegisterChanged):
        write(register, backups, saved)
    assert (register.read_bytes(), names(register.parent)) == (second, {FILE})
    assert first in {backup.path.read_bytes() for backup in backups_of(register, backups)}


def test_of_two_at_once_the_second_is_sent_away(register: Path, backups: Path) -> None:
    backups.mkdir()
    before = register.read_bytes()
    with run_lock(backups, AT), pytest.raises(Busy):
        write(register, backups)
    assert register.read_bytes() == before


# ------------------------------------------------------------------ killed


KILLED = """
    import os
    from datetime import date, datetime
    from pathlib import Path
    from pipeline.findings import Place
    from pipeline.register.writeback import Change, write_back
    from pipeline.files import digest
    register = Path({register!r})
    def done(step):
        if step == {step!r}:
            os._exit(9)
    changes = {{Place("register.xlsx", "Ting", 2, 2): Change(date(2026, 11, 20))}}
    write_back(register, digest(register.read_bytes()), changes, Path({backups!r}), datetime(2026, 11, 23, 2), done=done)
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_it_is_the_whole_old_or_the_whole_new_file(
    register: Path, backups: Path, step: str, root: Path, tmp_path: Path
) -> None:
    before = register.read_bytes()
    undisturbed = tmp_path / "other" / FILE
    undisturbed.parent.mkdir()
    shutil.copy(register, undisturbed)
    write(undisturbed, tmp_path / "other backups")
    program = textwrap.dedent(KILLED).format(register=str(register), backups=str(backups), step=step)
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 9
    after = undisturbed.read_bytes()
    assert register.read_bytes() == (after if step in {"exchange", "end"} else before)
    assert recover_register(register, backups) is (step not in {"journal", "backup", "new file", "link"})
    assert recover_register(register, backups)
    assert names(register.parent) == {FILE}
    assert {name for name in names(backups) if name.endswith(".json")} == set()
    if register.read_bytes() == before:
        write(register, backups)
    assert register.read_bytes() == after
    assert [backup.path.read_bytes() for backup in backups_of(register, backups)] == [before]


def test_stopped_while_no_version_stands_in_its_place_the_old_one_comes_back(register: Path, backups: Path) -> None:
    before = register.read_bytes()

    def stopped(done: str) -> None:
        if done == "link":
            register.unlink()  # as Windows may leave it: the old version has its other name, the new one is not there yet
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(register, backups, stopped)
    assert (register.read_bytes(), names(register.parent)) == (before, {FILE})


# ------------------------------------------------------------------ drives that do not oblige


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.name == "posix"
        and shutil.which("mount")
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)], check=False, capture_output=True)
    )
    if not mounted or mounted.returncode:
        if os.environ.get("CI"):
            pytest.fail("no small disk can be mounted here")
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def filled_up(folder: Path, free: int) -> None:
    """Leave so many bytes on a small disk."""
    size = 64 * 1024 - sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) - free
    (folder / "filler").write_bytes(b"\0" * max(size, 0) if free else b"")
    if not free:
        with (folder / "filler").open("ab", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 512):
                    pass
            except OSError:
                return


def test_a_share_without_room_stays_as_it_was(tiny_disk: Path, backups: Path) -> None:
    register = tiny_disk / FILE
    register.write_bytes(plain())
    before = register.read_bytes()
    filled_up(tiny_disk, 0)
    with pytest.raises(Unwritable) as fault:
        write(register, backups)
    assert fault.value.facts["reason"] == "there is no room left"
    assert (register.read_bytes(), names(tiny_disk)) == (before, {FILE, "filler"})


def test_without_room_for_the_backup_nothing_is_written(tiny_disk: Path, register: Path) -> None:
    before = register.read_bytes()
    backups = tiny_disk / "backups"
    backups.mkdir()
    filled_up(tiny_disk, 0)
    with pytest.raises(Fault):
        write(register, backups)
    assert (register.read_bytes(), names(register.parent)) == (before, {FILE})
    assert backups_of(register, backups) == ()


AS_ANOTHER = """
    import codecs, os
    from datetime import date, datetime
    from pathlib import Path
    from pipeline.faults import Unwritable
    from pipeline.findings import Place
    from pipeline.register.writeback import Change, write_back
    from pipeline.files import digest
    codecs.lookup("cp437")  # what another account may not load from this one's Python
    os.setgroups([])
    os.setgid({nobody})
    os.setuid({nobody})
    register = Path({register!r})
    changes = {{Place("register.xlsx", "Ting", 2, 2): Change(date(2026, 11, 20))}}
    try:
        write_back(register, digest(register.read_bytes()), changes, Path({backups!r}), datetime(2026, 11, 23, 2))
    except Unwritable as fault:
        print(fault.facts["reason"])
"""


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that every account may go through, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@unprivileged
@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "reason"),
    [
        (0o755, 0o666, "there is no right to write there, or someone has the file open"),
        (0o777, 0o444, "it is marked as read-only"),
    ],
)
def test_where_the_account_may_not_write_the_register_stays_as_it_was(
    open_place: Path, root: Path, folder_mode: int, file_mode: int, reason: str
) -> None:
    backups = open_place / "backups"
    backups.mkdir(mode=0o700)
    os.chown(backups, NOBODY, NOBODY)
    register = open_place / "share" / FILE
    register.parent.mkdir()
    register.write_bytes(plain())
    register.chmod(file_mode)
    register.parent.chmod(folder_mode)
    before = register.read_bytes()
    program = textwrap.dedent(AS_ANOTHER).format(nobody=NOBODY, register=str(register), backups=str(backups))
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, check=False, capture_output=True, text=True)
    assert ran.stdout.strip() == reason, ran.stderr
    assert (register.read_bytes(), names(register.parent)) == (before, {FILE})


# ------------------------------------------------------------------ restore


def test_a_backup_comes_back_and_the_version_it_replaces_is_kept(register: Path, backups: Path) -> None:
    before = register.read_bytes()
    write(register, backups)
    after = register.read_bytes()
    (backup,) = backups_of(register, backups)
    kept = restore(register, backup.path.name, backups, datetime(2026, 11, 24, 9))
    assert (register.read_bytes(), kept.read_bytes()) == (before, after)
    assert [each.path for each in backups_of(register, backups)] == [kept, backup.path]
    restore(register, kept.name, backups, datetime(2026, 11, 25, 9))
    assert register.read_bytes() == after


def test_a_backup_comes_back_where_the_register_is_gone(register: Path, backups: Path) -> None:
    before = register.read_bytes()
    write(register, backups)
    register.unlink()
    (backup,) = backups_of(register, backups)
    assert restore(register, backup.path.name, backups, AT) == backup.path
    assert register.read_bytes() == before


def test_backups_are_kept_for_thirty_days_and_the_latest_for_good(register: Path, backups: Path) -> None:
    days = [date(2026, 9, 1), date(2026, 10, 23), date(2026, 10, 24), date(2026, 11, 22)]
    for day in days:
        back_up(register, day.isoformat().encode(), backups, day)
    write(register, backups)
    assert [backup.day for backup in backups_of(register, backups)] == [AT.date(), *days[:1:-1]]
    write_back(register, digest(register.read_bytes()), {CELL: Change("x", was=DAY)}, backups, datetime(2027, 5, 1))
    assert [backup.day for backup in backups_of(register, backups)] == [date(2027, 5, 1)]


def test_an_open_register_is_not_restored_over(register: Path, backups: Path) -> None:
    write(register, backups)
    after = register.read_bytes()
    (backup,) = backups_of(register, backups)
    register.with_name(f"~${FILE}").write_bytes(excel_mark("Kari"))
    with pytest.raises(RegisterOpen):
        restore(register, backup.path.name, backups, AT)
    assert register.read_bytes() == after


@pytest.mark.parametrize("name", ["nothing.xlsx", "../share/register.xlsx", ""])
def test_a_backup_that_is_not_there_is_told(register: Path, backups: Path, name: str) -> None:
    write(register, backups)
    with pytest.raises(NoBackup):
        restore(register, name, backups, AT)


def test_another_register_s_backups_are_not_listed(register: Path, backups: Path) -> None:
    write(register, backups)
    (backup,) = backups_of(register, backups)
    shutil.copy(backup.path, backups / "register eldre 2026-11-23 12345678.xlsx")
    (backups / "register i dag.xlsx").write_bytes(io.BytesIO().getvalue())
    assert backups_of(register, backups) == (backup,)
