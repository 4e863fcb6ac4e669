"""The measuring programs of `bench/` still run, at sizes that measure nothing, and what both sides make still says the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.long


def run(*arguments: str) -> str:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, encoding="utf-8", stdout=subprocess.PIPE).stdout


@pytest.mark.parametrize("program", ["bench.run", "bench.deadlines", "bench.lists"])
def test_a_small_register_is_measured(program: str) -> None:
    assert run(program, "60").strip()


@pytest.mark.parametrize("measures", [("docxtpl", "one process"), ("docxtpl of the run",)])
def test_both_sides_make_letters_that_say_the_same(measures: Sequence[str], tmp_path: Path) -> None:
    for what in measures:
        assert '"letters per second"' in run("bench.letters", "--measure", what, str(tmp_path))
