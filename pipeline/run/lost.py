"""Ledger and letters belong together: where one of them is gone, nothing is done until it is back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from pipeline.faults import Fault
from pipeline.ledger.store import Ledger
from pipeline.run.workspace import Workspace
from pipeline.texts import message


class LostLedger(Fault):
    """Letters lie in the output, but the ledger that remembers them is gone."""

    sentence = message(
        "The ledger {file} is not there, but letters lie in {folder}: nobody could tell which of them were sent, "
        "and each would be made again. Put the ledger back from its backup. "
        "To begin afresh, move the letters out of the folder first."
    )


class OlderLedger(Fault):
    """Letters lie in the output that were made after the ledger ends: an older copy was put in its place."""

    sentence = message(
        "The ledger {file} ends with the run of {last}, but letters of {day} lie in {folder}: it is older than they are, and "
        "each of them would be made again. Put the ledger back that belongs to them. Is there none any more, write into the "
        "register which of these letters were sent, and move the folders from {day} on out of {folder}."
    )


class LostOutput(Fault):
    """The ledger remembers letters, but the folder where they lie is gone: the drive is not there, or it was moved."""

    sentence = message(
        "The letters of earlier runs should lie in {folder}, and nothing of any run lies there: "
        "the drive may be missing, or the folder was moved. Nothing was done. Bring it back and run again. "
        "To begin afresh, move the ledger {file} away too."
    )


def refuse_without_memory(workspace: Workspace, ledger: Ledger) -> None:
    """Raise where letters were made of which the ledger knows nothing."""
    if not ledger.runs() and any(workspace.output.glob("[12]*-*-*/*/*.docx")):
        raise LostLedger(file=ledger.path.name, folder=workspace.output.name)


def refuse_with_older_memory(workspace: Workspace, ledger: Ledger) -> None:
    """Raise where a run left letters after the last one that the ledger knows of; it knows of a run before its first letter."""
    last = max(((run.day, run.nth) for run in ledger.runs()), default=None)
    if last is None:
        return
    for day, nth, record in sorted(_records(workspace.output)):
        if (day, nth) > last and _has_letters(workspace.output, record):
            raise OlderLedger(file=ledger.path.name, folder=workspace.output.name, last=last[0], day=day)


def _records(output: Path) -> Iterator[tuple[date, int, Path]]:
    """What each run has left for programs, with its day and which run of the day it was."""
    for path in output.glob("[12]???-??-??/* *.json"):
        found = re.fullmatch(r".* (\d+)\.json", path.name)
        with suppress(ValueError):
            if found:
                yield date.fromisoformat(path.parent.name), int(found[1]), path


def _has_letters(output: Path, record: Path) -> bool:
    try:
        letters = json.loads(record.read_bytes())["letters"]
        return any((output / letter["file"]).is_file() for letter in letters)
    except (OSError, ValueError, KeyError, TypeError):  # not one of ours, or damaged
        return False


def refuse_without_letters(workspace: Workspace, ledger: Ledger) -> None:
    """Raise where nothing lies in the output though the ledger remembers runs: each leaves at least its record there."""
    if any(run.finished for run in ledger.runs()) and not any(workspace.output.glob("[12]*-*-*")):
        raise LostOutput(file=ledger.path.name, folder=str(workspace.output))
