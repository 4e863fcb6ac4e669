"""Several offices in one run: each as if it were alone, one picture of all, here and on a cluster."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from tests.walk.small_office import PROFILE, TODAY, SmallOffice, cases
from tests.walk.test_bad_input import STOPPING, Spoil

NAMES = ("Holm", "Åsnes", "Berg", "Dal", "Eid", "Fjell", "Gran", "Haug", "Ilsvik", "Lund", "Moen", "Nes")


def offices(folder: Path, names: tuple[str, ...]) -> dict[str, SmallOffice]:
    """Offices of their own, the n-th with n new cases; in a folder whose name has a blank and a letter outside ASCII."""
    made = {}
    for number, name in enumerate(names, 1):
        office = made[name] = SmallOffice(folder / "felles mappe æ" / name)
        office.write_profile(PROFILE.replace("Sted", name, 1))
        days = (date(2026, 11, 10) + timedelta(days=each % 9) for each in range(number))
        office.write_register(cases(*((f"C-{each}", "P-1", None, day) for each, day in enumerate(days, 1))))
    return made


def together(folder: Path, made: Mapping[str, SmallOffice], *options: str) -> Result:
    """Run them all from a folder that is no workspace itself."""
    named = [str(office.folder) for office in made.values()]
    arguments = ["--workspace", str(folder / "sentral"), "--language", "en", "run", *named, "--as-of", TODAY, *options]
    return CliRunner().invoke(main, arguments)


class _Cells(HTMLParser):
    """The rows of the page's one table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.rows[-1][-1] += data


def picture(folder: Path) -> tuple[str, list[dict[str, str]]]:
    """The page of all, and its rows by heading."""
    page = (folder / "sentral" / "output" / "overview" / "overview together.html").read_text(encoding="utf-8")
    cells = _Cells()
    cells.feed(page)
    heading, *rows = cells.rows
    return page, [dict(zip(heading, row, strict=False)) for row in rows]


@pytest.mark.long
def test_twelve_offices_in_one_run_have_each_their_own_letters_once_and_one_picture(tmp_path: Path) -> None:
    made = offices(tmp_path, NAMES)
    result = together(tmp_path, made)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "12 of 12 offices ran to their end." in result.stdout
    first = {name: office.made() for name, office in made.items()}
    for number, office in enumerate(made.values(), 1):
        assert list(office.letters()) == sorted(f"C-{each} Notice to" for each in range(1, number + 1))

    page, rows = picture(tmp_path)
    assert {row["Office"]: int(row["Letters to send"]) for row in rows[:-1]} == {name: n for n, name in enumerate(NAMES, 1)}
    assert {row["The night"] for row in rows[:-1]} == {"✓ ran"}
    assert rows[-1]["Office"] == "Together"
    assert rows[-1]["Figures of"] == str(0)  # the first number after the cell that spans three
    assert str(sum(range(1, 13))) in rows[-1].values()
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 12
    assert not re.search(r"Kari|Ola|Gate|C-1|P-1", page)  # numbers alone

    assert together(tmp_path, made).exit_code == 0
    assert {name: set(office.letters()) for name, office in made.items()} == {
        name: {Path(file).stem.rpartition(" ")[0] for file in files if file.endswith(".docx")} for name, files in first.items()
    }


BREAKING = [case for case in STOPPING if case.id in {"workbook missing", "csv renamed", "column misspelt", "profile no TOML"}]
REST = [case for case in STOPPING if case not in BREAKING]


ALL = [*BREAKING, *(pytest.param(*case.values, id=str(case.id), marks=pytest.mark.long) for case in REST)]
TURNS = {case.values[2]: number % 3 for number, case in enumerate(ALL)}


@pytest.mark.parametrize(("spoil", "code", "sentence"), ALL)
def test_a_fault_in_one_office_leaves_the_others_as_they_would_be_alone(
    tmp_path: Path, spoil: Spoil, code: int, sentence: str
) -> None:
    alone = offices(tmp_path / "alone", NAMES[:3])
    made = offices(tmp_path, NAMES[:3])
    broken = NAMES[TURNS[sentence]]
    spoil(made[broken])
    result = together(tmp_path, made)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert "2 of 3 offices ran to their end." in result.stdout
    for name in set(NAMES[:3]) - {broken}:
        assert alone[name].run().exit_code == 0
        assert made[name].made() == alone[name].made()
    _, rows = picture(tmp_path)
    assert [row["The night"] for row in rows[:-1]] == [
        "✗ failed" if code == 2 else "! ran, something left undone",
        "✓ ran",
        "✓ ran",
    ]


def test_what_is_asked_of_one_office_is_not_asked_of_several(tmp_path: Path) -> None:
    made = offices(tmp_path, NAMES[:1])
    for option in ("--json", "--accept-changes", "--allow-many"):
        result = together(tmp_path, made, option)
        assert (result.exit_code, list(made["Holm"].letters())) == (2, [])
        assert "are for one workspace" in result.stderr


# ------------------------------------------------------------------ on a cluster


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own, on the loopback; the scheduler's address."""
    started = []

    def start(*arguments: str) -> None:
        started.append(subprocess.Popen([sys.executable, "-m", *arguments], cwd=folder, stderr=subprocess.DEVNULL))

    told = folder / "scheduler.json"
    start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)
    )
    for _ in range(2):
        start("distributed.cli.dask_worker", "--scheduler-file", str(told), "--nthreads", "1", "--no-dashboard", "--no-nanny")
    try:
        yield _address(told)
    finally:
        for process in started:
            process.kill()
            process.wait()


def _address(told: Path) -> str:
    import distributed

    with distributed.Client(scheduler_file=str(told), set_as_default=False, timeout=60) as client:  # type: ignore[no-untyped-call]  # theirs
        client.wait_for_workers(2, timeout=60)
        return str(client.scheduler.address)


@pytest.mark.long
def test_on_a_cluster_it_is_the_same_run(tmp_path: Path) -> None:
    made, alone = offices(tmp_path, NAMES[:4]), offices(tmp_path / "alone", NAMES[:4])
    made["Berg"].workbook.unlink()
    with cluster(tmp_path) as address:
        result = together(tmp_path, made, "--cluster", address)
    assert result.exit_code == 2
    assert "The register book.xlsx is not there." in result.stderr
    assert "3 of 4 offices ran to their end." in result.stdout
    for name in ("Holm", "Åsnes", "Dal"):
        assert alone[name].run().exit_code == 0
        assert made[name].made() == alone[name].made()
    assert [row["Office"] for row in picture(tmp_path)[1]] == ["Berg", "Holm", "Åsnes", "Dal", "Together"]


def test_a_cluster_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    result = together(tmp_path, offices(tmp_path, NAMES[:1]), "--cluster", "nonsense://nowhere")
    assert result.exit_code == 2
    assert "The cluster nonsense://nowhere does not answer" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_cluster_needs_to_know_which_workspaces(tmp_path: Path) -> None:
    office = SmallOffice(tmp_path)
    result = office.call("run", "--cluster", "tcp://127.0.0.1:1")
    assert (result.exit_code, "name them" in result.stderr) == (2, True)
