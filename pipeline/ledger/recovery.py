"""What a killed run left half done is finished or undone before the next one begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.ledger.model import Intent
from pipeline.ledger.store import Ledger
from pipeline.letters.write import is_in_place, sweep, take_back


@dataclass(frozen=True, slots=True)
class Recovered:
    """The ids of the obligations whose letters had come to their place, and of those that the plan will make again."""

    finished: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def recover(ledger: Ledger, output: Path) -> Recovered:
    """Finish or undo every intent, and remove what staging left behind.

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
    recovered = Recovered(_ids(finished), _ids(undone))
    ledger.confirm(recovered.finished)
    ledger.drop(recovered.undone)
    sweep(output)
    return recovered


def _ids(intents: tuple[Intent, ...]) -> tuple[str, ...]:
    return tuple(intent.version.obligation for intent in intents)
