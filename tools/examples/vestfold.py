"""Makes the twelve municipalities' registers under ``examples/vestfold/kommuner``, and a letterhead: the same bytes every time.

Each is an office of its own: its people, staff, rates and place, and a part of the demo's kinds of cases.
The templates are the shared ones; one municipality has a letterhead in a colour of its own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.build import workbook_bytes
from tools.demo_cases import numbered
from tools.demo_office import STAFF, Demo
from tools.demo_register import ROOT, Rows, double, expose, plant, workbook
from tools.examples.workspace import EXAMPLES

FOLDER: Final = EXAMPLES / "vestfold" / "kommuner"
LETTERHEAD: Final = FOLDER / "lyngmo" / "templates" / "docx" / "brevhode.docx"


@dataclass(frozen=True, slots=True)
class Municipality:
    """What is each municipality's own.

    Attributes:
        folder: its workspace under `FOLDER`.
        place: its postcode and place.
        cases: how many it has.
        hourly, kilometre: its rates of this year, in kroner.
    """

    folder: str
    place: tuple[str, str]
    cases: int
    hourly: int
    kilometre: float


MUNICIPALITIES: Final = (
    Municipality("furuvik", ("3907", "Furuvik"), 40, 211, 3.8),
    Municipality("granholt", ("3914", "Granholt"), 34, 203, 3.7),
    Municipality("havnesund", ("3921", "Havnesund"), 30, 208, 3.7),
    Municipality("krokelv", ("3928", "Krokelv"), 26, 199, 3.5),
    Municipality("lyngmo", ("3935", "Lyngmo"), 22, 203, 3.7),
    Municipality("mjelde", ("3942", "Mjelde"), 18, 206, 3.7),
    Municipality("nordvaag", ("3949", "Nordvåg"), 16, 214, 4.0),
    Municipality("ospelund", ("3956", "Ospelund"), 14, 203, 3.7),
    Municipality("rognholt", ("3963", "Rognholt"), 12, 201, 3.7),
    Municipality("solbukta", ("3970", "Solbukta"), 10, 205, 3.8),
    Municipality("tangenes", ("3977", "Tangenes"), 8, 203, 3.7),
    Municipality("vardaasen", ("3984", "Vardåsen"), 6, 198, 3.5),
)


def register(number: int) -> bytes:
    """The workbook of the n-th municipality."""
    own = MUNICIPALITIES[number]
    profile = load_profile(FOLDER / own.folder / "profile.toml")
    demo = Demo(seed=20261123 + number, names_from=61 * (number + 1))
    cases = sorted(islice(numbered()[number::3], own.cases), key=lambda case: case[1])
    for spec, case in cases:
        demo.case(spec, case)
    demo.free_contractors()
    planted = [fault for spec, case in cases for fault in (*plant(demo.rows, spec, case), *expose(demo.rows, spec, case))]
    planted = list(double(demo.rows, planted))
    _make_own(demo, profile, own, number)
    return workbook_bytes(workbook(profile, demo.rows, planted))


def letterhead() -> bytes:
    """The letterhead that `LETTERHEAD` has for itself: the shared one in green."""
    out = io.BytesIO()
    with zipfile.ZipFile(ROOT / "templates" / "docx" / LETTERHEAD.name) as shared, zipfile.ZipFile(out, "w") as own:
        for member in shared.infolist():
            own.writestr(member, shared.read(member).replace(b"174A5B", b"2F5D3A"), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _make_own(demo: Demo, profile: Profile, own: Municipality, number: int) -> None:
    """Give the municipality its place, its rates and its staff."""
    for row in (*demo.rows["person"], *demo.rows["organisasjon"]):
        if row["poststed"]:
            row["postnummer"], row["poststed"] = own.place
    demo.rows["sats"][-1] |= {"timesats": own.hourly, "kilometersats": own.kilometre}
    initials = {old: f"{old[1:]}{'ABCDEFGHIJKL'[number]}" for old in (*STAFF, "RPR")}
    _rename(demo.rows, profile, initials)
    for row in demo.rows["ansatt"]:
        row["navn"] = " ".join(next(demo.names))
        row["epost"] = f"{row['initialer'].lower()}@{own.folder}.invalid"


def _rename(rows: Rows, profile: Profile, initials: Mapping[str, str]) -> None:
    """Give the staff other initials, wherever a row refers to them."""
    for sheet in profile.sheets.values():
        names = [column.name for column in sheet.columns.values() if column.to == "ansatt" and column.stored]
        for row in rows.get(sheet.name, ()):
            row.update({name: initials[row[name]] for name in names if row.get(name) in initials})
    for row in rows["ansatt"]:
        row["initialer"] = initials[row["initialer"]]


def main() -> None:
    """Write the registers and the letterhead."""
    for number, own in enumerate(MUNICIPALITIES):
        folder = FOLDER / own.folder
        target = folder / load_profile(folder / "profile.toml").register_file.workbook
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(register(number))
    LETTERHEAD.parent.mkdir(parents=True, exist_ok=True)
    LETTERHEAD.write_bytes(letterhead())


if __name__ == "__main__":
    main()
