"""What a killed run left half done is finished or undone before the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.ledger.model import Intent
from pipeline.ledger.store import Ledger
from pipeline.letters.write import Found, is_in_place, look, sweep, take_back


@dataclass(frozen=True, slots=True)
class Recovered:
    """The ids of the obligations whose letters had come to their place, and of those that the plan will make again."""

    finished: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def recover(ledger: Ledger, output: Path, day: date) -> Recovered:
    """Finish or undo every intent, and remove what staging left behind.

    Args:
        ledger: what was intended.
        output: the output folder.
        day: the as-of day of the run that recovers.

    An envelope whose files all lie in their place as intended is confirmed.
    Of any other, its files go, those that it was to replace come back, and the intent is dropped: the plan makes it again.
    Killed in its turn, it does the same when it is run again.

    Raises:
        Unwritable: a file cannot be removed or moved.
    """
    intents = ledger.unconfirmed()
    finished = tuple(intent for intent in intents if is_in_place(output, intent.files, intent.moves))
    undone = tuple(intent for intent in intents if intent not in finished)
    for intent in undone:
        take_back(output, intent.files, intent.moves)
    _settle_withdrawals(ledger, output, day)
    recovered = Recovered(_ids(finished), _ids(undone))
    ledger.confirm(recovered.finished)
    ledger.drop(recovered.undone)
    sweep(output)
    return recovered


def _settle_withdrawals(ledger: Ledger, output: Path, day: date) -> None:
    """A letter that is out of its place was withdrawn; one that still lies there was not, and the plan decides again."""
    waiting = ledger.withdrawals()
    gone = [
        obligation
        for obligation, moves in waiting.items()
        if all(look(output, move.path, move.digest) is Found.MISSING for move in moves)
    ]
    killed = next((run.number for run in ledger.runs() if not run.finished), None)
    ledger.withdraw(killed, day, gone)
    ledger.drop(obligation for obligation in waiting if obligation not in gone)


def _ids(intents: tuple[Intent, ...]) -> tuple[str, ...]:
    return tuple(intent.version.obligation for intent in intents)
