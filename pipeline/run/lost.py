"""Ledger and letters belong together: where one of them is gone, nothing is done until it is back."""

from __future__ import annotations

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


def refuse_without_letters(workspace: Workspace, ledger: Ledger) -> None:
    """Raise where nothing lies in the output though the ledger remembers runs: each leaves at least its record there."""
    if any(run.finished for run in ledger.runs()) and not any(workspace.output.glob("[12]*-*-*")):
        raise LostOutput(file=ledger.path.name, folder=str(workspace.output))
