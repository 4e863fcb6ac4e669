"""A workspace for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.walk.small_office import SmallOffice


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """The small office, freshly furnished."""
    return SmallOffice(tmp_path / "office")
