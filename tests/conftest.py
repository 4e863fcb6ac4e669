"""What several test files share."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and no more; `bench/` measures.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    """One flag renews the texts in tests/golden."""
    parser.addoption("--update-golden", action="store_true", help="write what the tests saw into tests/golden")


@pytest.fixture
def root() -> Path:
    """The project's folder, which is Alta's workspace as well."""
    return ROOT


@pytest.fixture
def program() -> Callable[[str], str]:
    """Find a program of the system, such as ``soffice``; a test that needs one is skipped without it, but fails in CI."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is not None:
            return found
        reason = f"{name} is not installed (README.md, system packages)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)

    return find


@pytest.fixture
def office_python(program: Callable[[str], str]) -> str:
    """The Python that LibreOffice speaks with."""
    program("soffice")
    found = "/usr/bin/python3"
    if subprocess.run([found, "-c", "import uno"], capture_output=True, check=False).returncode:
        program("LibreOffice's python3-uno")
    return found
