"""What lies beside a register: who has it open, and what looks like a second version of it."""

# ruff: noqa: DTZ001 -- LibreOffice writes the time of the office, without a zone

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.register.beside import doubles, excel_user, libreoffice_user
from tests.register.rich_books import FILE, excel_mark


@pytest.mark.parametrize("name", ["Kari Nordmann", "Åse Ødegård", "Łukasz", "x" * 52])
def test_excel_s_mark_tells_who(name: str) -> None:
    assert len(excel_mark(name)) == 165
    assert excel_user(excel_mark(name)) == name


@pytest.mark.parametrize("content", [b"", b"\0" * 165, b" " * 20])
def test_a_mark_that_tells_nothing_is_a_mark_all_the_same(content: bytes) -> None:
    assert excel_user(content) == ""


@pytest.mark.parametrize(
    ("line", "who", "since"),
    [
        ("Åse Prøve,ase,pc7,22.11.2026 02:46,file:///C:/x;", "Åse Prøve", datetime(2026, 11, 22, 2, 46)),
        (",ase,pc7,22.11.2026 02:46,file:///home/x;\n", "ase", datetime(2026, 11, 22, 2, 46)),
        (",,,,;", "", None),
        ("", "", None),
        ("a,b,c,yesterday,d;", "a", None),
    ],
)
def test_libreoffice_s_mark_tells_who_and_since_when(line: str, who: str, since: datetime | None) -> None:
    assert libreoffice_user(line.encode()) == (who, since)


@pytest.mark.parametrize(
    ("name", "double"),
    [
        ("register-PC7.xlsx", True),
        ("register-Åses bærbare.xlsx", True),
        ("register (1).xlsx", True),
        ("register (12).xlsx", True),
        ("register-2025.xlsx", False),
        ("register-2026-11-23.xlsx", False),
        ("register 2025.xlsx", False),
        ("register (gammel).xlsx", False),
        ("registeret-PC7.xlsx", False),
        ("register-PC7.docx", False),
        (f"~${FILE}", False),
    ],
)
def test_a_second_version_beside_the_register_is_seen(tmp_path: Path, name: str, double: bool) -> None:
    register, path = tmp_path / FILE, tmp_path / name
    register.write_bytes(b"")
    path.write_bytes(b"")
    assert doubles(register) == ((path,) if double else ())
