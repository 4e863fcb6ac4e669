"""How a form is filled in: enclosed with a letter, with merge fields, or ready on its own, with fields in Word."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tools.letters import controls
from tools.letters.sheet import NORWEGIAN, House

_PROFILE: Final[Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "profile.toml").read_text(encoding="utf-8")
)
_OFFICE: Final[Mapping[str, str]] = _PROFILE["office"]


YOUR_NAME: Final = "Navnet ditt"
"""Above the name of whoever has the assignment: a contractor or somebody employed, who is none."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form says of the office and the assignment, and what it has where somebody writes.

    Attributes:
        municipality: whose form it is.
        unit: the office in it.
        postal_address: where the form is sent.
        telephone: where one asks.
        time_sheet_day: the day of the next month by which time sheets are handed in.
        case: the case number.
        contractor: who has the assignment.
        kilometre_rate: kroner.
        text: room for an answer of this name.
        day: room for a date of this name.
        tick: a box with its label.
        box: a box whose label stands elsewhere.
    """

    municipality: str
    unit: str
    postal_address: str
    telephone: str
    time_sheet_day: str
    case: str
    contractor: str
    kilometre_rate: str
    text: Callable[[str], str]
    day: Callable[[str], str]
    tick: Callable[[str], str]
    box: Callable[[str], str]

    @property
    def office(self) -> str:
        """Where to send it."""
        return f"{self.municipality}, {self.unit}, {self.postal_address}"


ENCLOSED: Final = Filling(
    municipality="{{ kontor.kommune }}",
    unit="{{ kontor.enhet }}",
    postal_address="{{ kontor.postadresse }}",
    telephone="{{ kontor.telefon }}",
    time_sheet_day="{{ timelistedag }}",
    case="{{ oppdrag.sak.saksnummer }}",
    contractor="{{ mottaker.navn }}",
    kilometre_rate="{{ oppdrag.kilometersats | tall(2) }}",
    text=lambda _: "",
    day=lambda _: "",
    tick=lambda label: f"☐ {label}",
    box=lambda _: "☐",
)
READY: Final = Filling(
    municipality=_PROFILE["office"]["municipality"],
    unit=_OFFICE["enhet"],
    postal_address=_OFFICE["postadresse"],
    telephone=_OFFICE["telefon"],
    time_sheet_day=str(_PROFILE["terms"]["timelistedag"]),
    case=controls.text("Saksnummer"),
    contractor=controls.text("Oppdragstaker"),
    kilometre_rate="",
    text=controls.text,
    day=controls.day,
    tick=controls.tick,
    box=controls.box,
)

IN_EXCEL: Final = replace(READY, case="", contractor="")
"""A cell is a field as it is."""


def house(title: str) -> House:
    """The look of a ready form: the office's own words in the place of merge fields."""
    words = {f"{{{{ kontor.{name} }}}}": str(value) for name, value in _OFFICE.items()}
    words["{{ kontor.kommune }}"] = READY.municipality
    first, second = NORWEGIAN.foot
    return replace(
        NORWEGIAN,
        sender=(READY.municipality, READY.unit),
        foot=(_exchanged(first, words), _exchanged(second, words)),
        running=f"{READY.municipality} · {title}",
    )


def _exchanged(text: str, words: Mapping[str, str]) -> str:
    for field, word in words.items():
        text = text.replace(field, word)
    return text
