"""The nightly run for the system's own clockwork: a systemd unit with its timer, a cron line, a task for Windows.

Only text is made here; who runs ``schedule`` looks at it and puts it in its place.
Sources: systemd.service(5), systemd.timer(5), crontab(5); Microsoft, «Task Scheduler Schema» and [MS-TSCH] 2.5.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from lxml import etree

from pipeline.texts import Texts

_NAMESPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"

_AS_DEFAULT: Final[dict[Any, str]] = {None: _NAMESPACE}  # lxml's stubs know no default namespace

_SERVICE: Final = """\
[Unit]
Description={title}
After=network-online.target remote-fs.target
Wants=network-online.target

[Service]
Type=oneshot
{user}WorkingDirectory={folder}
ExecStart={command}
UMask=0027
PrivateTmp=yes
NoNewPrivileges=yes
"""

_TIMER: Final = """\
[Unit]
Description={title}

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


@dataclass(frozen=True, slots=True)
class Night:
    """What is to be run every night.

    Attributes:
        command: program and arguments, with whole paths.
        folder: the workspace, with its whole path.
        at: the time of day.
        user: the account on Linux that the workspace belongs to; empty where it cannot be told.
    """

    command: Sequence[str]
    folder: str
    at: time
    user: str = ""


def unit_name(folder: str) -> str:
    """The name that tells the units of several workspaces apart.

    >>> unit_name("/srv/Øst og Ås/")
    'fristbrev-ost-og-as'
    """
    last = re.split(r"[/\\]", folder.rstrip("/\\"))[-1].replace("ø", "o").replace("Ø", "o").replace("æ", "ae")
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode().lower()
    return "-".join(("fristbrev", *re.findall(r"[a-z0-9]+", plain)))


def schedule(night: Night, today: date, texts: Texts) -> Mapping[str, bytes]:
    """The files by their names.

    Args:
        night: what is to be run, and when.
        today: the first day of the Windows task, which wants one.
        texts: the language of what is said in them.
    """
    name = unit_name(night.folder)
    title = texts("Fristbrev: letters and lists of the night, {folder}", folder=_percent(night.folder))
    service = _SERVICE.format(
        title=title,
        user=f"User={night.user}\n" if night.user else "",
        folder=_percent(night.folder),
        command=" ".join(_systemd_word(word) for word in night.command),
    )
    return {
        f"{name}.service": service.encode(),
        f"{name}.timer": _TIMER.format(title=title, at=night.at).encode(),
        f"{name}.cron": f"{night.at.minute} {night.at.hour} * * * {_cron_command(night.command)}\n".encode(),
        f"{name}.xml": _task(night, today, texts),
    }


def _percent(text: str) -> str:
    """A path as a unit takes it: specifiers begin with a percent sign."""
    return text.replace("%", "%%")


def _systemd_word(word: str) -> str:
    """A word of a command line in a unit: variables and specifiers are told apart from their signs, the rest is quoted."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{_percent(escaped)}"'


def _cron_command(command: Sequence[str]) -> str:
    """A command line of a crontab, where a percent sign ends the line unless it is escaped, inside quotes too."""
    return shlex.join(command).replace("%", "\\%")


def _task(night: Night, today: date, texts: Texts) -> bytes:
    """The task, to be taken in by ``schtasks /Create /XML`` or Task Scheduler's «Import Task»."""
    task = etree.Element(f"{{{_NAMESPACE}}}Task", nsmap=_AS_DEFAULT, version="1.2")
    start = datetime.combine(today, night.at).isoformat()
    program, *arguments = night.command
    _fill(
        task,
        {
            "RegistrationInfo": {
                "Description": texts("Fristbrev: letters and lists of the night, {folder}", folder=night.folder)
            },
            "Triggers": {
                "CalendarTrigger": {"Enabled": "true", "StartBoundary": start, "ScheduleByDay": {"DaysInterval": "1"}},
            },
            "Principals": {"Principal": {"LogonType": "Password", "RunLevel": "LeastPrivilege"}},
            "Settings": {
                "MultipleInstancesPolicy": "IgnoreNew",
                "DisallowStartIfOnBatteries": "false",
                "StopIfGoingOnBatteries": "false",
                "StartWhenAvailable": "true",
                "RunOnlyIfNetworkAvailable": "false",
                "Enabled": "true",
                "WakeToRun": "true",
                "ExecutionTimeLimit": "PT4H",
                "RestartOnFailure": {"Interval": "PT10M", "Count": "6"},
            },
            "Actions": {
                "Exec": {
                    "Command": program,
                    "Arguments": subprocess.list2cmdline(arguments),
                    "WorkingDirectory": night.folder,
                }
            },
        },
    )
    for element, attribute in (("Principals/t:Principal", "id"), ("Actions", "Context")):
        found = task.find(f"t:{element}", {"t": _NAMESPACE})
        if found is not None:
            found.set(attribute, "Author")
    etree.indent(task)
    return f'<?xml version="1.0" encoding="UTF-16"?>\n{etree.tostring(task, encoding="unicode")}\n'.encode("utf-16")


_Tree = Mapping[str, "str | _Tree"]


def _fill(parent: etree._Element, tree: _Tree) -> None:
    for name, value in tree.items():
        child = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
        if isinstance(value, str):
            child.text = value
        else:
            _fill(child, value)
