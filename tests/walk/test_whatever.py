"""Whatever happens at night: a full disk, another run, a register saved in the middle, clocks and zones."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.faults import BusyFor, ClockBack, Fault, LeftUndone, UnreadableWorkbook
from pipeline.files import run_lock
from pipeline.ledger.store import Ledger
from pipeline.register.workbook import read_workbook
from pipeline.run import Allowed, Clock, Patience, Report, Workspace, night
from pipeline.run import run as go
from tests.walk.small_office import SmallOffice, cases

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
NIGHT = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001 -- the office's wall clock


def at_station(number: int, do: Callable[[], object], day: date = MONDAY) -> Clock:
    """A clock in whose run something happens when so many stations have begun or ended."""
    seen = 0

    def ticks() -> float:
        nonlocal seen
        seen += 1
        if seen == number:
            do()
        return 0.0

    return Clock(day, lambda: NIGHT, ticks)


# ------------------------------------------------------------------ the disk


@pytest.fixture
def small_disk(office: SmallOffice) -> Iterator[SmallOffice]:
    """The office with its output on a disk of its own, of two megabytes."""
    office.output.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(office.output)]
    mounted = shutil.which("mount") and subprocess.run(mount, check=False, capture_output=True)
    if not mounted or mounted.returncode:
        if os.environ.get("CI"):
            pytest.fail("no small disk can be mounted here")
        pytest.skip("no small disk can be mounted here")
    yield office
    subprocess.run(["umount", str(office.output)], check=True)


def fill_up(folder: Path, free: int) -> Path:
    """Leave so many bytes of a small disk."""
    filler = folder / "filler"
    size = shutil.disk_usage(folder).free - free
    filler.write_bytes(b"\0" * size)
    return filler


@pytest.mark.parametrize("free", [0, 20_000, 100_000])
def test_a_full_disk_is_told_and_the_next_run_ends_where_an_undisturbed_one_does(
    small_disk: SmallOffice, tmp_path: Path, free: int
) -> None:
    undisturbed = SmallOffice(tmp_path / "undisturbed")
    undisturbed.run()
    filler = fill_up(small_disk.output, free)
    result = small_disk.run()
    assert result.exit_code == 3
    assert "there is no room left" in result.stderr
    assert not [path for path in small_disk.output.rglob("*") if path.name.startswith(".staging") or path.suffix == ".new"]
    filler.unlink()
    assert small_disk.run().exit_code == undisturbed.run().exit_code
    assert small_disk.letters() == undisturbed.letters()


def test_one_list_that_cannot_be_written_costs_only_itself(office: SmallOffice) -> None:
    (office.output / "overview" / "overdue.xlsx").mkdir(parents=True)
    result = office.run()
    assert result.exit_code == 3
    assert "overdue.xlsx cannot be written" in result.stderr
    assert len(office.letters()) == 3
    assert (office.output / "overview" / "overview.html").is_file()
    assert list((office.output / "overview").glob("*.xlsx")) != []
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        assert [run.finished for run in ledger.runs()] == [True]


def test_where_the_dispatch_list_cannot_be_written_the_next_one_names_its_letters(office: SmallOffice) -> None:
    (office.output / "2026-11-23" / "dispatch 1.xlsx").mkdir(parents=True)
    with pytest.raises(LeftUndone):
        go(Workspace(office.folder), at_station(0, lambda: None))
    assert len(office.letters()) == 3
    report = go(Workspace(office.folder), at_station(0, lambda: None, TUESDAY))
    assert len(report.made) == 3
    assert (office.output / "2026-11-24" / "dispatch 1.xlsx").is_file()


# ------------------------------------------------------------------ others


def test_of_two_runs_at_once_one_waits_and_each_letter_is_made_once(office: SmallOffice, root: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "--workspace", str(office.folder), "run", "--as-of", "2026-11-23"]
    runs = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    for run in runs:
        run.communicate()
    assert sorted(run.returncode for run in runs) in ([0, 0], [0, 4])
    assert len(list(office.output.glob("2*/*/*.docx"))) == len(office.letters()) == 3
    assert not list(office.output.glob("replaced/*"))


class Waiting:
    """Time that passes only while the run sleeps; when so many seconds have passed, what was in its way goes."""

    def __init__(self, goes_after: float, goes: Callable[[], object]) -> None:
        self.seconds = 0.0
        self._after, self._goes = goes_after, goes

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        if self.seconds >= self._after:
            self._goes()

    def night(self, office: SmallOffice, minutes: int) -> Report:
        clock = Clock(MONDAY, lambda: NIGHT, lambda: self.seconds)
        return night(Workspace(office.folder), clock, lambda _: None, Patience(minutes, self.sleep))


@pytest.fixture(params=["another run", *(["an open register"] if Path("/proc/self/mem").exists() else [])])
def in_the_way(request: pytest.FixtureRequest, office: SmallOffice) -> Iterator[Callable[[], None]]:
    """Something that makes the run busy; called, it goes."""
    with ExitStack() as held:
        if request.param == "another run":
            held.enter_context(run_lock(office.folder, NIGHT))
        else:
            apart, book = office.workbook.with_suffix(".apart"), office.workbook
            book.rename(apart)
            book.symlink_to("/proc/self/mem")  # a file that is there and cannot be read, by root neither

            def close() -> None:
                book.unlink()
                apart.rename(book)

            held.callback(close)
        yield held.close


def test_a_busy_night_is_tried_again_until_the_way_is_free(office: SmallOffice, in_the_way: Callable[[], None]) -> None:
    waiting = Waiting(5 * 60, in_the_way)
    assert len(waiting.night(office, 60).made) == 3
    assert waiting.seconds == 5 * 60


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_night_that_stays_busy_ends_with_its_window(
    office: SmallOffice, in_the_way: Callable[[], None], minutes: int
) -> None:
    waiting = Waiting(60 * 60, in_the_way)
    with pytest.raises(Fault) as fault:
        waiting.night(office, minutes)
    assert (fault.value.exit_code, waiting.seconds) == (4, 60 * minutes)
    assert not office.output.is_dir() or not list(office.output.rglob("*.docx"))


def test_who_meets_a_lock_is_told_whose_it_is_and_how_old(tmp_path: Path) -> None:
    with run_lock(tmp_path, NIGHT), pytest.raises(BusyFor) as busy, run_lock(tmp_path, NIGHT + timedelta(minutes=47)):
        pass
    assert busy.value.facts["minutes"] == 47
    assert str(os.getpid()) in str(busy.value.facts["owner"])


def test_a_lock_whose_holder_was_killed_is_free_and_said_to_be_stale(office: SmallOffice, root: Path) -> None:
    holding = (
        "import os, signal, sys; from datetime import datetime; from pathlib import Path; from pipeline.files import run_lock\n"
        "with run_lock(Path(sys.argv[1]), datetime(2026, 11, 23, 2, 0)): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", holding, str(office.folder)], cwd=root, check=False)
    result = office.run()
    assert result.exit_code == 0
    assert "2026-11-23 02:00) was ended by force" in result.stderr
    assert "by force" not in office.run().stderr


# ------------------------------------------------------------------ the folder of the letters


@pytest.mark.parametrize(
    "command",
    [("run",), ("run", "--lists-only"), ("purge",), ("withdraw", "--run", "2026-11-23"), ("sent", "--run", "2026-11-23")],
)
def test_a_drive_that_is_not_there_is_told_and_nothing_is_done(office: SmallOffice, command: tuple[str, ...]) -> None:
    assert office.run().exit_code == 0
    office.change("Cases", "D3", date(2026, 11, 12))
    away = office.output.rename(office.folder / "away")
    before = (office.folder / "fristbrev.sqlite").read_bytes()
    result = office.call(*command, "--as-of", "2026-11-24")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"should lie in {office.output}, and nothing of any run lies there" in result.stderr
    assert not list(office.output.rglob("*"))
    assert (office.folder / "fristbrev.sqlite").read_bytes() == before
    if office.output.exists():
        office.output.rmdir()
    away.rename(office.output)
    assert office.run(day="2026-11-24").exit_code == 0
    assert len(office.letters()) == 4


def test_a_letter_that_waits_and_is_gone_is_told_every_night_until_somebody_says_what_became_of_it(office: SmallOffice) -> None:
    office.run()
    (letter,) = office.output.glob("2*/decision/*.docx")
    content, id_ = letter.read_bytes(), letter.stem[-8:]
    letter.unlink()
    told = f"The letter «Decision» ({id_}) waits to be sent, and lies in its folder no more."
    page = office.output / "overview" / "overview.html"
    for day in ("2026-11-24", "2026-11-25"):
        assert office.run(day=day).exit_code == 0
        assert told in page.read_text(encoding="utf-8")
    letter.write_bytes(content)
    office.run(day="2026-11-26")
    assert told not in page.read_text(encoding="utf-8")
    letter.unlink()
    office.call("withdraw", "--id", id_, "--as-of", "2026-11-26")
    office.run(day="2026-11-27")
    assert told not in page.read_text(encoding="utf-8")
    assert "C-6 Decision to" in office.letters()


# ------------------------------------------------------------------ the register saved in the middle


def test_a_register_saved_during_the_run_counts_as_it_was_read(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))

    def save() -> None:
        office.write_register(cases(("C-9", "P-2", None, date(2026, 11, 11))))

    go(Workspace(office.folder), at_station(9, save))  # the register has been read
    assert list(office.letters()) == ["C-1 Notice to"]
    kept = [path for path in (office.folder / "backups").iterdir() if path.suffix == ".xlsx"]
    assert [read_workbook(path).sheets["Cases"].rows[1][0] for path in kept] == ["C-1"]


def test_a_register_that_is_read_while_it_is_saved_is_whole_or_refused(office: SmallOffice) -> None:
    versions = []
    for key in ("C-1", "C-2"):
        office.write_register(cases(*((f"{key}{n}", "P-1", None, date(2026, 11, 10)) for n in range(300))))
        versions.append(office.workbook.read_bytes())
    over = threading.Event()

    def save_again_and_again() -> None:
        while not over.is_set():
            for content in versions:
                half = len(content) // 2
                with office.workbook.open("wb", buffering=0) as file:
                    file.write(content[:half])
                    file.write(content[half:])

    saving = threading.Thread(target=save_again_and_again)
    saving.start()
    read: list[bytes] = []
    refused = 0
    try:
        for _ in range(60):
            try:
                read.append(read_workbook(office.workbook).content)
            except UnreadableWorkbook:
                refused += 1
    finally:
        over.set()
        saving.join()
    assert len(read) + refused == 60
    assert set(read) <= set(versions)


# ------------------------------------------------------------------ clocks


def test_a_clock_that_was_set_back_stops_the_run_unless_the_day_is_named(office: SmallOffice) -> None:
    go(Workspace(office.folder), at_station(0, lambda: None, TUESDAY))
    before = office.tree()
    with pytest.raises(ClockBack) as back:
        go(Workspace(office.folder), at_station(0, lambda: None, MONDAY))
    assert (back.value.facts["today"], back.value.facts["last"]) == (MONDAY, TUESDAY)
    assert office.tree() == before
    assert go(Workspace(office.folder), at_station(0, lambda: None, MONDAY), allowed=Allowed(day=True)).run.day == MONDAY


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows takes its time zone from elsewhere")
def test_the_local_day_decides_and_a_zone_further_west_is_a_clock_set_back(office: SmallOffice, root: Path) -> None:
    def run_in(zone: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "pipeline", "--workspace", str(office.folder), "run"]
        environment = os.environ | {"TZ": zone}
        today = subprocess.run(
            ["date", "+%F"], env=environment, capture_output=True, encoding="utf-8", check=True
        ).stdout.strip()
        result = subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8", check=False)
        return result.returncode, result.stderr, today

    # POSIX writes zones the other way round: these are 12 hours behind and 14 ahead of Greenwich, never on the same day
    west, east = run_in("WST12"), run_in("EST-14")
    assert west[2] < east[2]
    assert [code for code, _, _ in (west, east)] == [0, 0], west[1] + east[1]
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        assert [run.day.isoformat() for run in ledger.runs()] == [west[2], east[2]]
    code, said, _ = run_in("WST12")
    assert code == 2
    assert "by the clock" in said


def test_on_the_night_when_summer_time_ends_the_clock_may_go_back_an_hour(office: SmallOffice) -> None:
    times = iter([datetime(2026, 10, 25, 2, 59)] + [datetime(2026, 10, 25, 2, 1)] * 50)  # noqa: DTZ001 -- the wall clock
    office.write_register(cases(("C-1", "P-1", None, date(2026, 10, 12))))
    report = go(Workspace(office.folder), Clock(date(2026, 10, 25), lambda: next(times), lambda: 0.0))
    assert report.run.day == date(2026, 10, 25)
    assert list(office.letters()) == ["C-1 Notice to"]
    with suppress(Fault):
        go(Workspace(office.folder), Clock(date(2026, 10, 25), lambda: next(times), lambda: 0.0))
    assert list(office.letters()) == ["C-1 Notice to"]
    late, again = datetime(2026, 10, 25, 2, 59), datetime(2026, 10, 25, 2, 1)  # noqa: DTZ001 -- the wall clock
    with run_lock(office.folder, late), pytest.raises(Fault) as busy, run_lock(office.folder, again):
        pass
    assert "for -" not in str(busy.value)
