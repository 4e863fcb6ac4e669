"""The forms that are no letter and come with none: applications and checklists, to print or to fill in with Word."""

from __future__ import annotations

from tools.letters import controls, reporting
from tools.letters.controls import box, choice, day, text, tick
from tools.letters.filling import READY, house
from tools.letters.sheet import Row, Sheet

TWO = (60, 100)
MORE = "Skriv litt om hvert punkt. Bruk eget ark hvis du trenger mer plass."
MEANWHILE = "Kommunen behandler opplysningene for å avgjøre søknaden. Du kan få se dem og få rettet det som er feil."


def application_for_support() -> Sheet:
    sheet = _start(
        "Søknad om støttekontakt",
        "Skjemaet gjelder støttekontakt, treningskompis, aktivitetsgruppe og hjelp til å bli med i en frivillig organisasjon. "
        f"Skriv det du kan. Vi hjelper deg gjerne: ring {READY.telephone}. Send skjemaet til {READY.office}. "
        "Ikke send det i e-post.",
    )
    sheet.heading("1 Den som trenger tilbudet")
    _asked(sheet, *PERSON, ("Trenger du tolk? Hvilket språk?", text("Tolk og språk")))
    sheet.heading("2 Hvem søker?")
    sheet.table(
        ("Sett kryss", "Sett kryss"),
        (
            Row((tick("Jeg søker for meg selv"), tick("Jeg er forelder og søker for barnet mitt"))),
            Row((tick("Jeg er verge (vedtak om vergemål ligger ved)"), tick("Jeg har fullmakt (fullmakten ligger ved)"))),
        ),
        (80, 80),
    )
    sheet.text(
        "Er du en annen enn den som trenger tilbudet, fyller du ut her. Foreldre som bor hver for seg, får hvert sitt brev."
    )
    sheet.table(
        ("Opplysning", "Søker", "Den andre forelderen eller vergen"),
        tuple(
            Row((label, text(f"{label}, søker"), text(f"{label}, den andre")))
            for label in ("Navn", "Fødselsnummer", "Adresse", "Postnummer og sted", "Telefon")
        ),
        (40, 60, 60),
        row_height=8,
    )
    sheet.heading("3 Dette ønsker jeg")
    sheet.table(
        ("Sett kryss ved det du ønsker", "Sett kryss ved det du ønsker"),
        (
            Row((tick("Støttekontakt"), tick("Aktivitetsgruppe"))),
            Row((tick("Treningskompis"), tick("Hjelp til å bli med i en frivillig organisasjon"))),
        ),
        (80, 80),
    )
    sheet.text(MORE, keep=True)
    _answers(
        sheet,
        "Hva vil du gjerne gjøre i fritiden?",
        "Hva er viktigst for deg?",
        "Hva hindrer deg i å delta på egen hånd?",
        "Hva gjør du i fritiden nå, og hvem hjelper deg?",
        "Når passer det, og hvor mye tid ønsker du?",
        "Andre tjenester du har, skole eller arbeid",
    )
    sheet.heading("4 Opplysninger fra andre")
    sheet.text(f"{tick('Kommunen kan hente de opplysningene som trengs for å avgjøre søknaden, fra dem jeg skriver her:')}")
    _answers(sheet, "For eksempel fastlege, skole eller barnehage", height=12)
    sheet.heading("5 Underskrift")
    sheet.text(f"Når vi har fått søknaden, skriver vi til deg og sier når du får svar. {MEANWHILE}")
    sheet.signatures("Søker", "Den andre forelderen eller vergen")
    return sheet


def application_to_become() -> Sheet:
    sheet = _start(
        "Søknad om å bli støttekontakt",
        "Vil du bli støttekontakt, treningskompis eller leder av en aktivitetsgruppe? "
        f"Fyll ut skjemaet, og send det til {READY.office}. Spørsmål? Ring {READY.telephone}.",
    )
    sheet.heading("1 Om deg")
    _asked(
        sheet,
        ("Navn", text("Navn")),
        ("Fødselsdato", day("Fødselsdato")),
        ("Adresse, postnummer og sted", text("Adresse, postnummer og sted")),
        ("Telefon", text("Telefon")),
        ("E-post", text("E-post")),
        ("Språk du snakker", text("Språk")),
        ("Førerkort og bil", choice("Førerkort og bil", "Førerkort og bil", "Bare førerkort", "Ingen av delene")),
    )
    sheet.heading("2 Hva slags oppdrag vil du ha?")
    sheet.table(
        ("Oppdrag", "Hvem for", "Når"),
        (
            Row((tick("Støttekontakt"), tick("Barn"), tick("Ettermiddager"))),
            Row((tick("Treningskompis"), tick("Ungdom"), tick("Kvelder"))),
            Row((tick("Leder av gruppe"), tick("Voksne"), tick("Helger"))),
        ),
        (54, 53, 53),
    )
    sheet.text(MORE, keep=True)
    _answers(
        sheet,
        "Hvorfor vil du bli støttekontakt?",
        "Interesser og aktiviteter du liker",
        "Utdanning, arbeid, kurs og erfaring",
        "Hvor mange timer kan du i uken, og hvor lenge?",
    )
    sheet.heading("3 To referanser", new_page=True)
    sheet.table(
        ("Navn", "Telefon", "Hvordan kjenner referansen deg?"),
        tuple(
            Row(tuple(text(f"{label}, referanse {number}") for label in ("Navn", "Telefon", "Forhold")))
            for number in ("1", "2")
        ),
        (55, 35, 70),
        row_height=10,
    )
    sheet.heading("4 Dette vet jeg")
    sheet.table(
        ("Sett kryss", "Det gjelder"),
        (
            Row((box("Politiattest"), "Jeg må vise politiattest før jeg kan begynne.")),
            Row((box("Taushetsplikt"), "Jeg får taushetsplikt, og den varer også etter at oppdraget er slutt.")),
            Row((box("Referanser"), "Kommunen kan ringe referansene.")),
        ),
        (25, 135),
    )
    sheet.heading("5 Underskrift")
    sheet.text(f"Vi tar kontakt for å avtale et intervju. {MEANWHILE}")
    sheet.signatures("Søker")
    return sheet


def application_for_card() -> Sheet:
    sheet = _start(
        "Søknad om ledsagerbevis",
        "Ledsagerbevis er for den som trenger følge for å delta i kultur og fritid. Ledsageren kommer inn gratis der ordningen "
        f"gjelder. Send skjemaet til {READY.office}. Ikke send det i e-post.",
    )
    sheet.heading("1 Den som skal ha beviset")
    _asked(sheet, *PERSON)
    sheet.text(
        f"{tick('Det er første gang jeg søker')}     {tick('Jeg vil fornye beviset')}     {tick('Jeg har mistet beviset')}",
    )
    sheet.heading("2 Søker, hvis det er en annen")
    _asked(
        sheet,
        ("Navn", text("Søkerens navn")),
        ("Adresse, postnummer og sted", text("Søkerens adresse")),
        ("Telefon", text("Søkerens telefon")),
        ("Jeg er", choice("Jeg er", "forelder", "verge", "fullmektig")),
    )
    sheet.heading("3 Behovet for følge")
    _answers(
        sheet,
        "Hva trenger du hjelp til når du er ute?",
        "Hvor lenge har det vart, og hvor lenge vil det vare?",
        "Hva vil du bruke beviset til?",
        height=14,
    )
    sheet.heading("4 Dette ligger ved", new_page=True)
    sheet.table(
        ("Sett kryss", "Vedlegg"),
        (
            Row((box("Uttalelse"), "Uttalelse fra fastlege, spesialist eller andre som kjenner behovet")),
            Row((box("Bilde"), "Bilde i passformat")),
            Row((box("Fullmakt"), "Vedtak om vergemål eller fullmakt, hvis du søker for en annen")),
        ),
        (25, 135),
    )
    sheet.heading("5 Underskrift")
    sheet.text(MEANWHILE)
    sheet.signatures("Søker")
    return sheet


def start_checklist() -> Sheet:
    sheet = _start(
        "Sjekkliste for oppstart av oppdrag",
        "For saksbehandleren: fra vedtaket er sendt, til oppdraget er i gang. Datoene føres også i saksregisteret.",
    )
    _asked(sheet, ("Saksnummer", READY.case), ("Oppdragstaker", READY.contractor), ("Saksbehandler", text("Saksbehandler")))
    for heading, steps in START.items():
        sheet.heading(heading)
        sheet.table(
            ("Gjort", "Hva", "Dato", "Merknad"),
            tuple(Row((box(step), step, day(f"Dato: {step}"), text(f"Merknad: {step}"))) for step in steps),
            (16, 74, 28, 42),
            row_height=6.5,
        )
    return sheet


START = {
    "Før avtalen": (
        "Intervjuet er holdt",
        "To referanser er sjekket",
        "Politiattesten er vist og ikke for gammel",
        "Taushetserklæringen er signert",
        "Oppstartssamtalen er holdt",
        "Oppdragstakeren bor ikke sammen med brukeren",
    ),
    "Avtalen": (
        "Avtalen er laget og sendt med timeliste og skjemaer",
        "Avtalen er kommet i retur underskrevet",
        "Kontonummer og skattekort er meldt til lønn",
        "Tjenesten er registrert i Profil",
    ),
    "Det første møtet": (
        "Saksbehandleren er med på møtet",
        "Forventninger, rolle og oppgaver er avklart",
        "Faste dager, møtested og avlysning er avtalt",
        "Kjøring, utgifter og eventuelt utstyr er avtalt",
        "Partene vet hvem de ringer når noe skjer",
    ),
    "Etterpå": (
        "Startdatoen er ført i registeret",
        "Veiledning er avtalt",
        "Samtale etter tre måneder er satt opp",
    ),
}

PERSON = (
    ("Navn", text("Navn")),
    ("Fødselsnummer", text("Fødselsnummer")),
    ("Adresse", text("Adresse")),
    ("Postnummer og sted", text("Postnummer og sted")),
    ("Telefon", text("Telefon")),
    ("Brev på", choice("Målform", "bokmål", "nynorsk")),
    ("Brev sendes", choice("Kanal", "digitalt", "i posten")),
)


def report() -> Sheet:
    return reporting.report(READY, house("Rapportskjema"))


def deviation() -> Sheet:
    return reporting.deviation(READY, house("Avviksmelding"))


def content(sheet: Sheet) -> bytes:
    """The file's bytes, with a field in the place of each mark."""
    return controls.fillable(sheet.content())


def _start(title: str, text: str) -> Sheet:
    sheet = Sheet(title, house(title))
    sheet.title(title)
    sheet.text(text)
    return sheet


def _asked(sheet: Sheet, *rows: tuple[str, str]) -> None:
    sheet.table(("Opplysning", "Svar"), tuple(Row(row) for row in rows), TWO, row_height=8)


def _answers(sheet: Sheet, *questions: str, height: float = 16) -> None:
    sheet.table(("Spørsmål", "Svar"), tuple(Row((one, text(one))) for one in questions), TWO, row_height=height)
