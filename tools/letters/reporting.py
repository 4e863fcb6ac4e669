"""What a contractor writes to the office: the report on an assignment, and word of something that went wrong."""

from __future__ import annotations

from tools.letters.filling import ENCLOSED, YOUR_NAME, Filling
from tools.letters.sheet import NORWEGIAN, House, Row, Sheet

NO_NAMES = "Bruk saksnummeret. Skriv aldri navnet på den du har oppdrag for."


def report(filling: Filling = ENCLOSED, house: House = NORWEGIAN) -> Sheet:
    sheet = Sheet("Rapportskjema", house)
    sheet.title("Rapport om oppdraget")
    sheet.text(
        f"Fyll ut skjemaet når saksbehandleren ber om det, og før evalueringen. {NO_NAMES} Send det til {filling.office}.",
    )
    sheet.table(
        ("Opplysning", "Svar"),
        (
            Row(("Saksnummer", filling.case)),
            Row((YOUR_NAME, filling.contractor)),
            Row(("Rapporten gjelder tiden", _from_to(filling))),
        ),
        (60, 100),
        row_height=8,
    )
    sheet.heading("Slik har det gått")
    sheet.table(
        ("Spørsmål", "Svar"),
        tuple(
            Row((question, filling.text(question)))
            for question in (
                "Hvor ofte har dere møttes? Hvis det ble færre timer enn avtalt: hvorfor?",
                "Hva har dere gjort sammen?",
                "Hva har fungert godt?",
                "Hva har vært vanskelig?",
                "Går det framover mot målet i vedtaket?",
                "Bør noe endres: timene, aktivitetene eller formen på tilbudet?",
                "Trenger du veiledning eller opplæring? Om hva?",
            )
        ),
        (60, 100),
        row_height=14,
    )
    sheet.heading("Vil du snakke med oss?")
    sheet.text(f"{filling.tick('Ja, ring meg')}     {filling.tick('Nei, ikke nå')}")
    sheet.heading("Underskrift")
    sheet.signatures("Den som har oppdraget")
    return sheet


def _from_to(filling: Filling) -> str:
    return f"{filling.day('Fra dato')}  til  {filling.day('Til dato')}"


def deviation(filling: Filling = ENCLOSED, house: House = NORWEGIAN) -> Sheet:
    sheet = Sheet("Avviksmelding", house)
    sheet.title("Avviksmelding")
    sheet.text(
        "Ved akutt fare: ring 113 (ambulanse), 110 (brann) eller 112 (politi) først. "
        f"Ring oss på telefon {filling.telephone} samme dag, og send skjemaet til {filling.office}. {NO_NAMES}",
    )
    sheet.table(
        ("Opplysning", "Svar"),
        (
            Row(("Saksnummer", filling.case)),
            Row(("Hvem melder", filling.contractor)),
            Row(("Dato for hendelsen", filling.day("Dato for hendelsen"))),
            Row(("Klokkeslett og sted", filling.text("Klokkeslett og sted"))),
        ),
        (60, 100),
        row_height=7,
    )
    sheet.heading("Hva gjelder det?")
    left = ("Skade eller ulykke", "Vold eller trusler", "Noen ble borte", "Sykdom eller medisiner", "Taushetsplikten")
    right = ("Avtaler som ikke ble holdt", "Penger eller gaver", "Bil og kjøring", "Utstyr som ikke var trygt", "Noe annet")
    sheet.table(
        ("Sett kryss", "Sett kryss"),
        tuple(Row((filling.tick(one), filling.tick(other))) for one, other in zip(left, right, strict=True)),
        (80, 80),
    )
    sheet.heading("Hva skjedde?")
    sheet.table(
        ("Spørsmål", "Svar"),
        tuple(
            Row((question, filling.text(question)))
            for question in (
                "Hva skjedde?",
                "Hva ble gjort med en gang, og hvem er varslet?",
                "Hvordan kan vi hindre at det skjer igjen?",
            )
        ),
        (60, 100),
        row_height=18,
    )
    sheet.heading("Underskrift")
    sheet.signatures("Den som melder")
    sheet.heading("Fylles ut av kommunen", new_page=True)
    sheet.table(
        ("Oppfølging", "Svar"),
        (
            Row(("Mottatt dato og av hvem", filling.text("Mottatt dato og av hvem"))),
            Row(("Hvor alvorlig er det?", f"{filling.tick('Lite')}   {filling.tick('Middels')}   {filling.tick('Alvorlig')}")),
            Row(("Ført i kommunens avvikssystem, nummer", filling.text("Nummer i avvikssystemet"))),
            Row(("Årsak", filling.text("Årsak"))),
            Row(("Tiltak, ansvarlig og frist", filling.text("Tiltak, ansvarlig og frist"))),
            Row(("Svar gitt til den som meldte", filling.day("Svar gitt"))),
            Row(("Lukket dato", filling.day("Lukket dato"))),
        ),
        (60, 100),
        row_height=14,
    )
    sheet.text("Melderen skal få vite hva som ble gjort. Det kan være et tema i veiledningen.")
    return sheet
