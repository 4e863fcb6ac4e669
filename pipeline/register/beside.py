"""What other programs leave beside a register: the mark of whoever has it open, and a second version of it."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

# ------------------------------------------------------------------ marks of open files


@dataclass(frozen=True, slots=True)
class Mark:
    """What a program leaves beside a workbook while somebody has it open.

    Attributes:
        who: the name that the program knows its user by; empty where it tells none.
        since: when it was left, by the clock of whoever keeps the folder; a killed program leaves it for good.
    """

    who: str
    since: datetime


def excel_user(content: bytes) -> str:
    """Who has a workbook open by the file ``~$…`` that Excel leaves: 165 bytes, the name as UTF-16 from byte 57 on.

    Source: LibreOffice, ``svl/source/misc/msodocumentlockfile.cxx``.
    """
    length = int.from_bytes(content[55:57], "little")
    name = content[57 : 57 + 2 * length].decode("utf-16-le", errors="ignore").strip("\0 ")
    return name or content[1 : 1 + content[0]].decode("cp1252", errors="ignore").strip() if content else ""


def libreoffice_user(content: bytes) -> tuple[str, datetime | None]:
    """Who has a workbook open, and since when, by the file ``.~lock.…#``: ``name,account,host,22.11.2026 02:46,profile;``."""
    fields = [field.strip() for field in content.decode("utf-8", errors="replace").rstrip(";\r\n").split(",")]
    who = next((field for field in fields[:2] if field), "")
    since = None
    if len(fields) > 3:
        with suppress(ValueError):
            since = datetime.strptime(fields[3], "%d.%m.%Y %H:%M")  # noqa: DTZ007 -- the office's own time
    return who, since


def marks(register: Path) -> tuple[Mark, ...]:
    """Who has the register open, as far as their programs tell."""
    found: list[Mark] = []
    for mark in (register.with_name(f"~${register.name}"), register.with_name(f".~lock.{register.name}#")):
        try:
            left = datetime.fromtimestamp(mark.stat().st_mtime)  # noqa: DTZ006 -- the office's own time
        except OSError:
            continue
        content = b""
        with suppress(OSError):  # Excel keeps it to itself on some drives; that it lies there is enough
            content = mark.read_bytes()
        if mark.name.startswith("~$"):
            found.append(Mark(excel_user(content), left))
        else:
            who, since = libreoffice_user(content)
            found.append(Mark(who, since or left))
    return tuple(found)


# ------------------------------------------------------------------ second versions

_DOUBLE: Final = re.compile(r" \(\d+\)|-(?![\d. -]+$).+")
"""What a program that keeps folders alike puts behind a name where two people saved at once: a number, or the computer's name.
A year or a day behind it is the office's own doing.
"""


def doubles(register: Path) -> tuple[Path, ...]:
    """The files beside the register that look like a second version of it, saved by somebody at the same time."""
    stem, beside = register.stem, register.parent.glob(f"*{register.suffix}")
    return tuple(
        sorted(path for path in beside if path.stem.startswith(stem) and _DOUBLE.fullmatch(path.stem.removeprefix(stem)))
    )
