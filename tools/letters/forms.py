"""Enclosures: forms to sign and fill in by hand, and the guidelines for contractors."""

from __future__ import annotations

from tools.letters.sheet import Row, Sheet

CASE_NUMBER = "{{ oppdrag.sak.saksnummer }}"
OFFICE = "{{ kontor.kommune }}, {{ kontor.enhet }}, {{ kontor.postadresse }}"


def confidentiality_declaration() -> Sheet:
    sheet = Sheet("Taushetserklæring")
    sheet.title("Taushetserklæring for oppdragstakere")
    sheet.text(f"Les erklæringen, skriv under, og send den til {OFFICE}. Ta vare på en kopi selv.")
    sheet.heading("Dette lover jeg")
    sheet.bullets(
        "Jeg forteller ikke til andre det jeg får vite om personlige forhold gjennom oppdraget. "
        "Det gjelder også venner, familie og andre oppdragstakere.",
        "Jeg sier heller ikke til andre hvem jeg har oppdrag for, uten at personen selv eller vergen har sagt ja.",
        "Jeg passer på at ingen andre kan lese det jeg får eller skriver om oppdraget.",
        "Jeg legger ikke ut bilder av eller opplysninger om personen på nettet.",
        "Jeg bruker bare saksnummeret, aldri navnet, på timelister og i e-post.",
        "Jeg leverer tilbake eller sletter det jeg har om oppdraget, når det er slutt.",
    )
    sheet.heading("Dette vet jeg")
    sheet.bullets(
        "Taushetsplikten gjelder så lenge jeg lever, også etter at oppdraget er slutt.",
        "Jeg kan snakke med saksbehandleren i kommunen om det som gjelder oppdraget.",
        "Er noen i fare, skal jeg varsle. Da går plikten til å hindre skade foran taushetsplikten.",
        "Brudd på taushetsplikten kan være straffbart og kan føre til at avtalen blir sagt opp.",
    )
    sheet.heading("Underskrift")
    sheet.signatures("{{ mottaker.navn }}")
    return sheet


def training_plan() -> Sheet:
    sheet = Sheet("Målplan og kontrakt for trening")
    sheet.title("Målplan og kontrakt for trening")
    sheet.text(
        f"Sak {CASE_NUMBER}. Avtalt tid er {{{{ oppdrag.timer_per_uke }}}} timer per uke. "
        f"Fyll ut planen sammen, skriv under begge to, og send en kopi til {OFFICE}.",
    )
    sheet.heading("Mål")
    sheet.table(
        ("Dette vil vi nå", "Slik merker vi at det går framover", "Innen"),
        (Row(("", "", "")),) * 3,
        (66, 66, 28),
        row_height=13,
    )
    sheet.heading("Trening i uken")
    sheet.table(
        ("Dag og tid", "Hva vi gjør", "Hvor vi møtes"),
        (Row(("", "", "")),) * 3,
        (38, 72, 50),
        row_height=11,
    )
    sheet.heading("Dette er vi enige om")
    sheet.bullets(
        "Vi møter til avtalt tid og sier fra tidlig hvis en av oss ikke kan.",
        "Vi trener på en måte som er trygg, og stopper hvis noe gjør vondt.",
        "Vi går gjennom målene etter omtrent 3 måneder og endrer planen hvis den ikke passer.",
        "Saksbehandleren hjelper oss hvis noe ikke fungerer.",
    )
    sheet.text("Er den som trener under 18 år, skriver en foresatt også under.")
    sheet.heading("Underskrifter")
    sheet.signatures("Den som trener", "{{ mottaker.navn }}, treningskompis")
    return sheet


def loan_agreement() -> Sheet:
    sheet = Sheet("Låneavtale for utstyr")
    sheet.title("Låneavtale for utstyr")
    sheet.text(f"{{{{ kontor.kommune }}}} låner ut utstyr til fritidsaktiviteten i sak {CASE_NUMBER}. Lånet er gratis.")
    sheet.heading("Utstyr")
    sheet.table(
        ("Utstyr", "Antall", "Tilstand ved utlån", "Leveres tilbake innen"),
        (Row(("", "", "", "")),) * 5,
        (62, 18, 42, 38),
        row_height=10,
    )
    sheet.heading("Vilkår")
    sheet.bullets(
        "Utstyret er kommunens eiendom og skal bare brukes til aktiviteten.",
        "Låneren tar godt vare på utstyret og låner det ikke bort.",
        "Blir noe ødelagt, borte eller utrygt å bruke, sier låneren fra til kommunen med en gang. "
        "Låneren skal ikke betale for vanlig slitasje.",
        "Utstyret leveres tilbake på datoen i tabellen, eller når tilbudet blir avsluttet.",
    )
    sheet.text("Er låneren under 18 år, skriver en foresatt under.")
    sheet.heading("Underskrifter")
    sheet.signatures("For {{ kontor.kommune }}", "Låner eller foresatt")
    sheet.heading("Tilbakelevert")
    sheet.table(("Dato", "Merknad", "Mottatt av"), (Row(("", "", "")),), (35, 80, 45), row_height=10)
    sheet.note("Fylles ut når utstyret kommer tilbake.")
    return sheet


def letterhead() -> Sheet:
    """The top and foot that all share; the body tells staff what the file is for."""
    sheet = Sheet("Brevhode")
    sheet.title("Brevhodet")
    sheet.text(
        "Toppteksten og bunnteksten i denne filen brukes på alle brev og skjemaer. Endre dem her, ett sted. "
        "Førstesiden har egen topp og bunn. Brev som ikke er sendt, lages på nytt neste natt.",
    )
    return sheet


def evaluation_form() -> Sheet:
    sheet = Sheet("Evalueringsskjema")
    sheet.title("Evalueringsskjema")
    sheet.text(
        "Sak {{ evaluering.sak.saksnummer }}. Skriv det du vil si om tilbudet, og ta skjemaet med til møtet. "
        "Du trenger ikke å svare på alt.",
    )
    sheet.heading("Slik har det vært")
    sheet.table(
        ("Spørsmål", "Svar"),
        tuple(
            Row((question, ""))
            for question in (
                "Hva har fungert godt?",
                "Hva kan bli bedre?",
                "Har målet vært riktig? Er det nådd?",
                "Passer timene?",
                "Passer aktivitetene og formen på tilbudet?",
                "Hva ønsker du framover?",
            )
        ),
        (60, 100),
        row_height=20,
    )
    sheet.heading("Hva bør skje videre?")
    sheet.table(
        ("Sett kryss", "Forslag"),
        (Row(("☐", "Tilbudet fortsetter som nå")), Row(("☐", "Tilbudet endres")), Row(("☐", "Tilbudet avsluttes"))),
        (30, 130),
    )
    return sheet


def reference_form() -> Sheet:
    sheet = Sheet("Referanseskjema")
    sheet.title("Referanseskjema")
    sheet.text(
        f"{{{{ mottaker.navn }}}} vil bli oppdragstaker hos {{{{ kontor.kommune }}}} og har oppgitt deg som referanse. "
        f"Fyll ut skjemaet, skriv under, og send det til {OFFICE}. Søkeren kan få se svarene.",
    )
    sheet.heading("Om deg som er referanse")
    sheet.table(
        ("Opplysning", "Svar"),
        tuple(Row((label, "")) for label in ("Navn", "Telefon", "Hvordan kjenner du søkeren, og hvor lenge?")),
        (60, 100),
        row_height=10,
    )
    sheet.heading("Om søkeren")
    sheet.table(
        ("Spørsmål", "Svar"),
        tuple(
            Row((question, ""))
            for question in (
                "Holder søkeren avtaler?",
                "Hvordan er søkeren sammen med andre mennesker?",
                "Kan søkeren holde på taushetsplikten?",
                "Hvordan løser søkeren uventede situasjoner?",
                "Vil du anbefale søkeren til oppdraget? Hvorfor?",
            )
        ),
        (60, 100),
        row_height=17,
    )
    sheet.heading("Underskrift")
    sheet.signatures("Referansen")
    return sheet


def iplos() -> Sheet:
    sheet = Sheet("Informasjon om IPLOS-registeret")
    sheet.title("Informasjon om IPLOS-registeret")
    sheet.text(
        "IPLOS er opplysninger som kommunen registrerer om den som søker om eller får helse- og omsorgstjenester. "
        "Her får du vite hva det betyr for deg.",
    )
    sheet.heading("Dette registrerer vi")
    sheet.bullets(
        "Hvilke tjenester det er søkt om, og hva som er innvilget eller avslått.",
        "Hvor mange timer tjenesten er på, og når den begynner og slutter.",
        "Hva du trenger hjelp til, slik vi blir enige om det i kartleggingen.",
    )
    sheet.heading("Hva opplysningene brukes til")
    sheet.text(
        "Kommunen bruker opplysningene i saken og til å planlegge tjenestene. "
        "Opplysninger sendes også til Kommunalt pasient- og brukerregister (KPR), som brukes til statistikk og planlegging.",
    )
    sheet.heading("Dine rettigheter")
    sheet.bullets(
        "Du kan få se det som er registrert om deg, og få rettet det som er feil.",
        "Spør saksbehandleren om du har rett til å si nei til at noe sendes videre.",
        "Spør oss på telefon {{ kontor.telefon }} hvis du lurer på noe.",
    )
    return sheet


def guidelines() -> Sheet:
    sheet = Sheet("Retningslinjer for oppdragstakere")
    sheet.title("Retningslinjer for oppdragstakere")
    sheet.text("Her står det viktigste om oppdraget ditt. Er du i tvil om noe, ring oss på telefon {{ kontor.telefon }}.")
    sheet.heading("Oppgaven din")
    sheet.bullets(
        "Du hjelper en annen til å ha en aktiv og meningsfull fritid sammen med andre.",
        "Dere bestemmer sammen hva dere gjør, innenfor målet og timene som er avtalt.",
        "Du er et medmenneske med et oppdrag. Husarbeid, pleie og behandling er andres oppgaver.",
    )
    sheet.heading("Tid og avtaler")
    sheet.bullets(
        "Hold avtalene. Si fra så tidlig du kan til den du skal møte, hvis du blir syk eller forsinket.",
        "Blir du borte mer enn én uke, sier du fra til saksbehandleren.",
        "Bruk ikke flere timer enn det som står i avtalen, uten at saksbehandleren har sagt ja.",
    )
    sheet.heading("Taushetsplikt og personvern")
    sheet.bullets(
        "Det du får vite, blir hos deg. Taushetsplikten varer også etter at oppdraget er slutt.",
        "Bruk saksnummeret på timelister, kvitteringer og i e-post, aldri navnet.",
        "Ta ikke bilder, og legg ikke ut noe på nettet, uten at personen eller vergen har sagt ja.",
        "Gi ikke ut din eller andres private adresse.",
    )
    sheet.heading("Penger og gaver")
    sheet.bullets(
        "Hold din egen og den andres økonomi atskilt. Lån ikke penger, verken den ene eller den andre veien.",
        "Ta ikke imot gaver eller arv. En blomst eller en kaffekopp er greit.",
        "Legg ikke ut for noe uten at det er avtalt. Ta vare på kvitteringen.",
    )
    sheet.heading("Bil og kjøring")
    sheet.bullets(
        "Kjør bare når det er avtalt. Du må ha førerkort, og bilen må være forsikret.",
        "Før kilometerne samme dag, enten på timelisten eller på reiseregningen.",
    )
    sheet.heading("Når noe skjer")
    sheet.bullets(
        "Ved akutt fare: ring 113 (ambulanse), 110 (brann) eller 112 (politi).",
        "Si fra til saksbehandleren samme dag ved skade, ulykke, vold eller trusler, eller hvis noen er blitt borte. "
        "Send også avviksmeldingen.",
        "Er du bekymret for den du har oppdrag for, må du ta det opp med saksbehandleren.",
    )
    sheet.heading("Timeliste og betaling")
    sheet.bullets(
        "Lever én timeliste for hver måned og hvert saksnummer, senest den {{ timelistedag }}. i måneden etter.",
        "Legg ved kvitteringer. Vi betaler bare for det som er avtalt.",
    )
    sheet.heading("Oppfølging")
    sheet.bullets(
        "Vi ringer deg etter omtrent 3 måneder, og vi møtes til evaluering minst én gang i året.",
        "Du kan be om veiledning når som helst.",
    )
    return sheet
