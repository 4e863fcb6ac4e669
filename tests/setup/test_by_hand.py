"""A register that `init` made, kept by hand in LibreOffice; and one that LibreOffice has saved."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pipeline.cli import main
from pipeline.profile.load import load_profile

TODAY = "2026-11-23"
TYPIST = Path(__file__).with_name("typist.py")

TYPED: dict[str, list[dict[str, str]]] = {
    "ansatt": [{"initialer": "ABC", "navn": "Ane Byråsen"}],
    "person": [
        {"nummer": "P-001", "navn": "Ola Prøvesen", "fødselsdato": "3.2.1990", "adresse": "Eksempelveien 1",
         "postnummer": "0150", "poststed": "Oslo", "målform": "nb", "kanal": "post"},
        {"nummer": "P-002", "navn": "Kari Eksempel", "fødselsdato": "01.12.1985", "adresse": "Prøvegata 2 b",
         "postnummer": "9510", "poststed": "Alta"},
        {"nummer": "P-003", "navn": "Lise Hemmelig", "fødselsdato": "24.12.70", "adressesperre": "fortrolig"},
    ],
    "sak": [
        {"saksnummer": "2026/0001", "bruker": "P-001", "søker": "P-001", "saksbehandler": "ABC", "mottatt": "3.9.2026",
         "ønsket_tiltak": "støttekontakt; aktivitetsgruppe", "kartlagt": "22.09.2026", "iplos_informert": "ja",
         "utredet": "1.10.2026", "fagmøte": "5.10.26", "utfall": "innvilget", "vedtaksdato": "6.10.2026",
         "tiltak": "støttekontakt", "timer_per_uke": "3,5", "formål": "Komme seg ut", "begrunnelse": "Er mye alene",
         "gjelder_fra": "12.10.2026", "vedtak_sendt": "6.10.2026"},
        {"saksnummer": "2026/0002", "bruker": "P-003", "søker": "P-003", "saksbehandler": "ABC", "mottatt": "16.11.2026"},
    ],
    "oppdragstaker": [{"person": "P-002", "attestgrunnlag": "voksne", "referanser_sjekket": "8.10.2026",
                       "attest_utstedt": "2.10.2026", "attest_vist": "9.10.2026", "taushetserklæring": "9.10.2026"}],
    "oppdrag": [{"nummer": "2026/0001-1", "sak": "2026/0001", "form": "støttekontakt", "oppdragstaker": "P-002",
                 "timer_per_uke": "3", "avtaledato": "12.10.2026", "startet": "20.10.2026"}],
    "evaluering": [{"sak": "2026/0001", "møtedato": "1.12.2026", "klokkeslett": "14:30", "sted": "Rådhuset"}],
    "sats": [{"gyldig_fra": "1.1.2026", "timesats": "185,50", "kilometersats": "5,3"}],
}  # fmt: skip


def findings(workspace: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["--workspace", str(workspace), "validate", "--as-of", TODAY, "--json"])
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def type_into(register: Path, cells: list[tuple[str, str, str]], python: str) -> None:
    made = register.with_name("typed.xlsx")
    subprocess.run([python, TYPIST, register, made], input=json.dumps(cells), text=True, check=True, timeout=120)
    made.replace(register)


def test_a_register_filled_in_by_hand_has_no_finding_but_the_true_ones(tmp_path: Path, office_python: str) -> None:
    workspace = tmp_path / "office"
    assert CliRunner().invoke(main, ["init", str(workspace)]).exit_code == 0
    profile = load_profile(workspace / "profile.toml")
    register = workspace / profile.register_file.workbook
    cells = []
    for name, rows in TYPED.items():
        columns = [column.name for column in profile.sheets[name].stored_columns]
        for number, row in enumerate(rows, start=2):
            cells += [(profile.sheets[name].title, _cell(columns.index(c), number), typed) for c, typed in row.items()]
    type_into(register, cells, office_python)
    assert findings(workspace) == []

    saker = [column.name for column in profile.sheets["sak"].stored_columns]
    mistakes = [("mottatt", 3, "uke 47"), ("utfall", 2, "kanskje")]
    type_into(register, [("Saker", _cell(saker.index(name), row), typed) for name, row, typed in mistakes], office_python)
    assert [(found["cell"], found["value"]) for found in findings(workspace)] == [
        (_cell(saker.index(name), row), typed) for name, row, typed in sorted(mistakes, key=lambda mistake: mistake[1])
    ]


def _cell(column: int, row: int) -> str:
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters, column = chr(ord("A") + rest) + letters, column - 1
    return f"{letters}{row}"


def test_a_register_saved_by_libreoffice_is_read_as_before(tmp_path: Path, root: Path, program: Callable[[str], str]) -> None:
    for name in ("profile.toml", "templates", "registers"):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        copy(root / name, tmp_path / name)
    before = findings(tmp_path)
    [register] = (tmp_path / "registers").glob("*.xlsx")
    command = [program("soffice"), f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless"]
    saved = tmp_path / "saved"
    subprocess.run([*command, "--convert-to", "xlsx", "--outdir", saved, register], check=True, capture_output=True)
    (saved / register.name).replace(register)
    assert before
    assert findings(tmp_path) == before
