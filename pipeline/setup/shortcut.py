"""The file that staff double-click on Windows: it runs the workspace and opens the overview.

Written from Microsoft's description of ``cmd``; no test has run it on a real Windows.
"""

from __future__ import annotations

from typing import Final

NAME: Final = "Fristbrev.cmd"

_LINES: Final = """\
@echo off
chcp 65001 >nul
title Fristbrev
cd /d "%~dp0"
set "FRISTBREV={program}"
if not exist "%FRISTBREV%" set "FRISTBREV=fristbrev"
"%FRISTBREV%" --workspace . run
if exist "{page}" start "" "{page}"
pause
"""


def shortcut(program: str, page: str) -> bytes:
    """The batch file: lines as ``cmd`` wants them, UTF-8 without a mark, and nothing outside ASCII before that is set.

    Args:
        program: the whole path of the command on the machine where it was made; elsewhere the one on the path is taken.
        page: the overview, below the workspace.
    """
    text = _LINES.format(program=program.replace("%", "%%"), page=page.replace("/", "\\").replace("%", "%%"))
    return text.replace("\n", "\r\n").encode()
