from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

import psutil
import pytest

from pipeline.letters import workers
from pipeline.letters.fill import Filling, fill
from pipeline.letters.template import TemplateEnvironment
from pipeline.letters.workers import FEW, START, Hands, by_several, meanwhile
from pipeline.profile.expressions import EMPTY
from pipeline.register.model import View
from tests.letters.made_up import case, person, planned, profile, templates, view, word

CASES = FEW + 30


def squares(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Each number's square, and the process that found it."""
    return [(number * number, os.getpid()) for number in numbers]


def slow_squares(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """As `squares`, slow enough that each process gets a share."""
    time.sleep(0.1)
    return squares(numbers)


def killed(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """As `squares`, but a worker that meets a large number is ended from outside."""
    if multiprocessing.parent_process() is not None and max(numbers) >= CASES - 50:
        os.kill(os.getpid(), signal.SIGKILL)
    return squares(numbers)


def test_the_work_comes_back_in_its_order_whoever_does_it() -> None:
    found = list(by_several(slow_squares, range(CASES), Hands(2)))
    assert [square for square, _ in found] == [number * number for number in range(CASES)]
    processes = {process for _, process in found}
    assert os.getpid() in processes
    assert len(processes) == 2


@pytest.mark.parametrize(("count", "hands"), [(FEW - 1, 4), (CASES, 1)])
def test_few_letters_are_not_worth_a_process(count: int, hands: int) -> None:
    assert {process for _, process in by_several(squares, range(count), Hands(hands))} == {os.getpid()}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_where_a_process_is_killed_the_rest_is_made_here() -> None:
    found = list(by_several(killed, range(CASES), Hands(2)))
    assert [square for square, _ in found] == [number * number for number in range(CASES)]


@pytest.mark.parametrize(("workers_", "elsewhere"), [(1, False), (2, START == "fork")])
def test_a_work_goes_on_in_a_process_of_its_own_where_there_are_hands_for_it(workers_: int, elsewhere: bool) -> None:
    done = meanwhile(os.getpid, Hands(workers_))
    assert (done() != os.getpid()) is elsewhere


@pytest.mark.parametrize("workers_", [1, 2])
def test_what_such_a_work_raises_is_raised_where_one_waits_for_it(workers_: int) -> None:
    done = meanwhile(lambda: 1 // 0, Hands(workers_))
    with pytest.raises(ZeroDivisionError):
        done()


def test_a_work_whose_process_is_killed_is_done_here() -> None:
    here = os.getpid()
    done = meanwhile(lambda: os.getpid() if os.getpid() == here else os.kill(os.getpid(), signal.SIGTERM), Hands(2))
    assert done() == here


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_where_the_run_is_killed_its_processes_go_too() -> None:
    script = (
        "import os, time; from pipeline.letters.workers import Hands, by_several\n"
        "def slowly(numbers):\n    os.write(1, b'%d\\n' % os.getpid())\n    time.sleep(60)\n    return list(numbers)\n"
        f"if __name__ == '__main__': list(by_several(slowly, range({CASES}), Hands(2)))"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, encoding="utf-8") as killed_run:
        assert killed_run.stdout is not None
        found = [psutil.Process(int(killed_run.stdout.readline())) for _ in range(2)]
        killed_run.kill()
    assert psutil.wait_procs(found, timeout=30)[1] == []


def test_one_is_told_how_far_it_has_come() -> None:
    told: list[tuple[int, int]] = []
    list(by_several(squares, range(120), Hands(1, lambda done, of: told.append((done, of)))))
    assert told == [(50, 120), (100, 120), (120, 120)]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_letters_are_the_same_whoever_fills_them(start: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if start not in multiprocessing.get_all_start_methods():
        pytest.skip("this system does not fork")
    monkeypatch.setattr(workers, "START", start)
    seen, found = many_letters()
    here, there = (
        fill(planned(seen), Filling(seen, found, TemplateEnvironment(seen.rules.calendar), Hands(count))) for count in (1, 2)
    )
    assert (len(here[0]), len(here[1])) == (CASES - CASES // 10, CASES // 10)
    assert here == there
    assert [bytes(letter.content) for letter in here[0]] == [bytes(letter.content) for letter in there[0]]
    assert len({id(letter.content.package) for letter in there[0]}) == 1  # type: ignore[attr-defined]  # a letter in Word


def many_letters() -> tuple[View, Any]:
    """A register with a letter a case, every tenth with a blank."""
    cases = (
        case(f"C-{number}", person="P-1", received=date(2026, 11, 10), reason=EMPTY if number % 10 == 0 else f"Reason {number}")
        for number in range(1, CASES + 1)
    )
    seen = view(profile({"dated": "received"}), person("P-1", name="Kari"), *cases)
    return seen, templates(notice__docx=word("{{ case.number }} {{ case.reason }}", header=["{{ case.received }}"]))
