"""Make the demo: ``registers/saksregister.xlsx`` and ``docs/demo.md``, the same bytes every time.

Run from the project's root: ``python -m tools.demo_register``.
Everything and everybody in it is made up: `tools.demo_cases` has the cases, `tools.demo_office` grows their rows,
and this module plants the faults and writes the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from pipeline.findings import column_letters
from pipeline.profile.load import load_profile
from pipeline.profile.model import Profile
from pipeline.register.build import build_workbook, workbook_bytes
from pipeline.texts import texts_in
from tools.demo_cases import FAULTS, IMPOSSIBLE, PHASES, STAGES, TRACKS, Spec, back, numbered, phase_of
from tools.demo_office import Demo

ROOT: Final = Path(__file__).parents[1]

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Planted:
    """A value that replaces a good one once the workbook is built: sheet, the row's number among the sheet's rows, column."""

    sheet: str
    row: int
    column: str
    value: str | None
    case: str
    fault: str


def plant(rows: Rows, spec: Spec, number: str) -> Iterator[Planted]:
    """Spoil a case, each fault in the sheet where its phase keeps its facts."""
    for fault in spec.faults:
        sheet, column, value = FAULT_CELLS[phase_of(spec.stage), fault]
        row = max(n for n, values in enumerate(rows[sheet]) if values.get("sak", values.get("saksnummer")) == number)
        written = value if isinstance(value, str) else None
        if callable(value):
            rows[sheet][row][column] = value(rows[sheet][row])
        yield Planted(sheet, row, column, written, number, fault)


def expose(rows: Rows, spec: Spec, number: str) -> Iterator[Planted]:
    """An address in the row of somebody whose address no register may hold."""
    if "address" in spec.facts:
        user = next(case["bruker"] for case in rows["sak"] if case["saksnummer"] == number)
        row = next(n for n, person in enumerate(rows["person"]) if person["nummer"] == user)
        yield Planted("person", row, "adresse", spec.facts["address"], number, "strengt")


def double(rows: Rows, planted: Iterable[Planted]) -> Iterator[Planted]:
    """Put the double rows in, the lowest first, and move the faults that stand below them."""
    found = list(planted)
    for fault in sorted((fault for fault in found if fault.fault == "dobbelt"), key=lambda fault: -fault.row):
        rows[fault.sheet].insert(fault.row + 1, dict(rows[fault.sheet][fault.row]))
        found = [
            replace(other, row=other.row + 1)
            if other.sheet == fault.sheet and (other.row > fault.row or other == fault)
            else other
            for other in found
        ]
    yield from found


FaultCell = tuple[str, str, str | Callable[[dict[str, Any]], date] | None]

FAULT_CELLS: Final[Mapping[tuple[str, str], FaultCell]] = {
    ("Søknad", "mangler"): ("sak", "søker", ""),
    ("Søknad", "uleselig"): ("sak", "mottatt", "3. uke i oktober"),
    ("Søknad", "ukjent"): ("sak", "søknadsform", "telefon"),
    ("Søknad", "brutt"): ("sak", "saksbehandler", "KLO"),
    ("Søknad", "rekkefølge"): ("sak", "foreløpig_melding_sendt", lambda row: back(row["mottatt"] - timedelta(days=7))),
    ("Søknad", "feilverdi"): ("sak", "svar_innen", "#REF!"),
    ("Søknad", "dobbelt"): ("sak", "saksnummer", None),
    ("Utredning og vedtak", "mangler"): ("sak", "begrunnelse", ""),
    ("Utredning og vedtak", "uleselig"): ("sak", "fagmøte", "før høstferien"),
    ("Utredning og vedtak", "ukjent"): ("sak", "utfall", "ja, innvilges"),
    ("Utredning og vedtak", "brutt"): ("sak", "søker", "P-9999"),
    ("Utredning og vedtak", "rekkefølge"): ("sak", "utredet", lambda row: back(row["kartlagt"] - timedelta(days=10))),
    ("Utredning og vedtak", "tekst"): ("sak", "timer_per_uke", "ca. 4"),
    ("Utredning og vedtak", "feilverdi"): ("sak", "gjelder_fra", "#REF!"),
    ("Utredning og vedtak", "dobbelt"): ("pause", "fra", None),
    ("Iverksetting", "mangler"): ("oppdrag", "oppdragstaker", ""),
    ("Iverksetting", "uleselig"): ("oppdrag", "startsamtale", "13.13.2026"),
    ("Iverksetting", "ukjent"): ("oppdrag", "form", "turvenn"),
    ("Iverksetting", "brutt"): ("oppdrag", "oppdragstaker", "P-9998"),
    ("Iverksetting", "rekkefølge"): ("oppdrag", "avtale_sendt", lambda row: back(row["avtaledato"] - timedelta(days=4))),
    ("Iverksetting", "tekst"): ("oppdrag", "timer_per_uke", "tre"),
    ("Iverksetting", "feilverdi"): ("oppdrag", "avtaledato", "#REF!"),
    ("Iverksetting", "dobbelt"): ("oppdrag", "nummer", None),
    ("Løpende", "mangler"): ("sak", "gjelder_fra", ""),
    ("Løpende", "uleselig"): ("evaluering", "holdt", "i mars"),
    ("Løpende", "ukjent"): ("evaluering", "utfall", "fortsetter"),
    ("Løpende", "brutt"): ("sak", "saksbehandler", "XYZ"),
    ("Løpende", "rekkefølge"): ("oppdrag", "startet", lambda row: back(row["første_møte"] - timedelta(days=8))),
    ("Løpende", "tekst"): ("oppdrag", "timer_per_uke", "3-4"),
    ("Løpende", "feilverdi"): ("sak", "tjeneste_registrert", "#REF!"),
    ("Løpende", "dobbelt"): ("evaluering", "møtedato", None),
    ("Endring og avslutning", "mangler"): ("endring", "gjelder_fra", ""),
    ("Endring og avslutning", "uleselig"): ("endring", "varsel_sendt", "32.10.2026"),
    ("Endring og avslutning", "ukjent"): ("endring", "slag", "pause"),
    ("Endring og avslutning", "brutt"): ("endring", "sak", "2026/9999"),
    ("Endring og avslutning", "rekkefølge"): (
        "endring",
        "uttalelse_mottatt",
        lambda row: back(row["varsel_sendt"] - timedelta(days=5)),
    ),
    ("Endring og avslutning", "tekst"): ("sak", "timer_per_uke", "2 t"),
    ("Endring og avslutning", "feilverdi"): ("endring", "varsel_sendt", "#REF!"),
    ("Endring og avslutning", "dobbelt"): ("endring", "nummer", None),
}


def make() -> tuple[Rows, tuple[Planted, ...]]:
    """The rows of the whole office, and the faults to plant in them."""
    demo = Demo()
    cases = numbered()
    for spec, number in cases:
        demo.case(spec, number)
    demo.free_contractors()
    demo.companion_cards()
    planted = [fault for spec, number in cases for fault in plant(demo.rows, spec, number)]
    planted += [fault for spec, number in cases for fault in expose(demo.rows, spec, number)]
    return demo.rows, tuple(double(demo.rows, planted))


def workbook(profile: Profile, rows: Rows, planted: Iterable[Planted]) -> Workbook:
    """The register with its faults planted."""
    book = build_workbook(profile, texts_in(profile.office.language), profile.register_file.workbook, rows)
    for fault in planted:
        if fault.value is not None:
            cell = book[profile.sheets[fault.sheet].title].cell(fault.row + 2, _column(profile, fault))
            number_format = cell.number_format
            cell.value = fault.value or None
            cell.number_format = number_format
    return book


def document(profile: Profile, rows: Rows, planted: Iterable[Planted]) -> str:
    """``docs/demo.md``; raises `ValueError` where a cell of the two tables would be empty."""
    cases = numbered()
    counts = ", ".join(f"{sheet.title} {len(rows.get(name, ()))}" for name, sheet in profile.sheets.items())
    return PAGE.format(
        cases=len(cases),
        faulty=sum(bool(spec.faults) for spec, _ in cases),
        counts=counts,
        tracks="\n".join(_table(("Steg", *TRACKS.values()), _track_rows(cases))),
        faults="\n".join(_table(("Fase", *FAULTS.values()), _fault_rows(cases))),
        notes="\n".join(f"- **{number}** {spec.note}." for spec, number in cases if spec.note),
        planted="\n".join(_table(("Celle", "Sak", "Feil", "Kolonne", "Det står"), _planted_rows(profile, planted))),
    )


PAGE: Final = """# Demoregisteret

`registers/saksregister.xlsx` er et oppdiktet saksregister slik det kan se ut mandag 23. november 2026: {cases} saker.
{faulty} av dem har feil som er lagt inn med vilje.
Alle mennesker, veier, telefonnumre og vurderinger er oppdiktet; fødselsnumrene er syntetiske (måned + 80).
Registeret og denne siden lages av `python -m tools.demo_register`, med samme innhold hver gang.

Rader i arkene: {counts}.

## Steg og løsning

Hvert steg i rutinen for hver av løsningene A til D, og for saker som kombinerer flere.
Til vedtaket er fattet, gjelder kolonnen den løsningen som er ønsket.

{tracks}

## Fase og feil

Hver slags feil i hver fase.
De to siste kolonnene er ingen feil, men stopper automatiske brev på samme måte.

{faults}

## Saker som er verdt å se på

{notes}

Saksbehandler AKT er borte til 11. desember og TVE på ubestemt tid; sakene deres ligger på vikaren BSO.

Utenom sakene: Arket Ledsagerbevis har ett vedtak som er innvilget og ett avslag, begge skal sendes.
Det har også en søknad som skulle vært avgjort, og et bevis som snart går ut.
Arket Samarbeidsavtaler har en avtale som skal sendes, og en som snart går ut.
En som har meldt seg som oppdragstaker, skal intervjues.

## Feil som er lagt inn

Kontrollen av registeret finner disse. En dobbel nøkkel meldes på begge radene.

{planted}

I tillegg kommer tre advarsler som hører hjemme i et virkelig register:
Brukeren som er fylt 18 år, har fremdeles to foreldre stående.
En oppdragstaker har en politiattest som er eldre enn tre måneder på avtaledagen.
"""

Cases = list[tuple[Spec, str]]


def _track_rows(cases: Cases) -> Iterator[tuple[str, ...]]:
    for stage, title in STAGES.items():
        cells = (", ".join(number for spec, number in cases if (spec.stage, spec.track) == (stage, track)) for track in TRACKS)
        yield title, *cells


def _fault_rows(cases: Cases) -> Iterator[tuple[str, ...]]:
    for phase, stages in PHASES.items():
        for_phase = [(spec, number) for spec, number in cases if spec.stage in stages]
        cells = (", ".join(number for spec, number in for_phase if _shows(spec, fault)) for fault in FAULTS)
        yield phase, *(cell or IMPOSSIBLE.get((phase, fault), "") for cell, fault in zip(cells, FAULTS, strict=True))


def _shows(spec: Spec, fault: str) -> bool:
    match fault:
        case "fortrolig":
            return spec.protect in {"fortrolig", "contractor", "home"}
        case "strengt":
            return spec.protect in {"strengt", "parent"}
        case _:
            return fault in spec.faults


def _planted_rows(profile: Profile, planted: Iterable[Planted]) -> Iterator[tuple[str, ...]]:
    order = list(profile.sheets)
    for fault in sorted(planted, key=lambda fault: (order.index(fault.sheet), fault.row, _column(profile, fault))):
        sheet = profile.sheets[fault.sheet]
        address = f"{sheet.title}!{column_letters(_column(profile, fault))}{fault.row + 2}"
        yield address, fault.case, FAULTS[fault.fault], sheet.columns[fault.column].heading, _written(fault)


def _written(fault: Planted) -> str:
    if fault.fault == "dobbelt":
        return "samme nøkkel som raden over"
    return {None: "en dato som kommer for tidlig", "": "ingenting"}.get(fault.value, f"«{fault.value}»")


def _column(profile: Profile, fault: Planted) -> int:
    names = [column.name for column in profile.sheets[fault.sheet].stored_columns]
    return names.index(fault.column) + 1


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        if not all(row):
            raise ValueError(f"a cell of the row {row[0]} is empty")
        yield "| " + " | ".join(row) + " |"


def main() -> None:
    """Write both files."""
    profile = load_profile(ROOT / "profile.toml")
    rows, planted = make()
    target = ROOT / profile.register_file.workbook
    target.write_bytes(workbook_bytes(workbook(profile, rows, planted)))
    (ROOT / "docs" / "demo.md").write_text(document(profile, rows, planted), encoding="utf-8", newline="\n")
    print(f"{target.name}: {sum(map(len, rows.values()))} rows, {len(planted)} planted faults")


if __name__ == "__main__":
    main()
