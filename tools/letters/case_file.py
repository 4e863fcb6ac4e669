"""Documents for the file, with what the register holds filled in: case report, start talk, the talk after three months."""

from __future__ import annotations

from tools.letters.sheet import Row, Sheet

FACT = ("Opplysning", "Fra registeret")
FACT_WIDTHS = (55, 105)


def case_report() -> Sheet:
    sheet = _start("Saksutredning", "sak")
    sheet.heading("1 Søknaden")
    sheet.table(
        FACT,
        (
            Row(("Saken gjelder", "{{ sak.bruker.navn }}")),
            Row(("Søker", "{{ sak.søker.navn }}")),
            Row(("Søknad mottatt", "{{ sak.mottatt }}")),
            Row(("Søknadsform", "{{ sak.søknadsform | stor_forbokstav }}"), when="sak.søknadsform"),
            Row(("Ønsket løsning", "{{ sak.ønsket_tiltak | liste | stor_forbokstav }}"), when="sak.ønsket_tiltak"),
            Row(("Lovet svar innen", "{{ sak.nytt_svar_innen or sak.svar_innen }}"), when="sak.svar_innen"),
        ),
        FACT_WIDTHS,
    )
    sheet.heading("2 Kartleggingen")
    sheet.table(
        FACT,
        (
            Row(("Kartleggingsmøte", "{{ sak.kartlagt }}")),
            Row(("Sted", "{{ sak.kartlegging_sted | stor_forbokstav }}"), when="sak.kartlegging_sted"),
            Row(("Informert om IPLOS", "{{ sak.iplos_informert | ja_nei('Ja', 'Nei') }}"), when="sak.iplos_informert"),
            Row(
                ("Løsningene A til D drøftet", "{{ sak.løsninger_drøftet | ja_nei('Ja', 'Nei') }}"),
                when="sak.løsninger_drøftet",
            ),
            Row(("Interesser og ønsker", "{{ sak.interesser }}"), when="sak.interesser"),
        ),
        FACT_WIDTHS,
    )
    sheet.lead_in("Skriv her hva kartleggingen viste om:")
    sheet.bullets(
        "Ressurser og funksjon, og hva som hindrer en aktiv fritid",
        "Nettverk, familie og andre tjenester",
        "Hva som er prøvd før, og hvordan det gikk",
    )
    sheet.heading("3 Lovgrunnlaget")
    sheet.lead_in("Disse reglene er aktuelle på datoen for utredningen:")
    sheet.each("hjemmel in brev.hjemler", "{{ hjemmel | stor_forbokstav }}")
    sheet.heading("4 Skjønnsvurderingen")
    sheet.lead_in("Skriv her hvordan hensynene er veid mot hverandre:")
    sheet.bullets(
        "Hva er nødvendig hjelp for denne personen?",
        "Hvilken løsning passer: støttekontakt (A), treningskompis (B), aktivitetsgruppe (C) "
        "eller frivillig organisasjon (D)? Kan flere brukes sammen?",
        "Skal metoden Fritid med bistand eller treningskontakt brukes?",
        "Hva mener den saken gjelder, og hva mener pårørende?",
        "Skal tilbudet også avlaste pårørende?",
    )
    sheet.heading("5 Konklusjonen", new_page=True)  # its form and the signature stand on one page
    sheet.table(
        ("Forslag", "Skriv her"),
        tuple(
            Row((label, "")) for label in ("Løsning", "Timer per uke", "Mål", "Periode", "Det som ikke foreslås, og hvorfor")
        ),
        FACT_WIDTHS,
        row_height=9,
    )
    sheet.heading("Underskrift")
    sheet.signatures("{{ sak.ansvarlig.navn }}")
    return sheet


def interview() -> Sheet:
    """The interview with somebody who wants to become a contractor."""
    sheet = Sheet("Sjekkliste for intervju")
    sheet.title("{{ brev.tittel }}")
    sheet.table(
        FACT,
        (
            Row(("Søker", "{{ oppdragstaker.person.navn }}")),
            Row(("Meldte seg", "{{ oppdragstaker.meldt_interesse }}")),
            Row(("Oppdrag for", ATTENDS_TO)),
            Row(("Kurset Treningskompis", "{{ oppdragstaker.kurs_treningskompis }}"), when="oppdragstaker.kurs_treningskompis"),
        ),
        FACT_WIDTHS,
    )
    sheet.heading("Før samtalen")
    _ticks(
        sheet,
        "Søkeren har fått tid og sted, og vet hvem som er med",
        "Søkeren er bedt om å ta med legitimasjon og navn på to referanser",
        "Det er avtalt hvem av oss som spør, og hvem som skriver",
    )
    sheet.heading("Dette spør vi om")
    sheet.table(
        ("Tema", "Svar"),
        tuple(
            Row((topic, ""))
            for topic in (
                "Hvorfor vil du bli oppdragstaker?",
                "Erfaring, utdanning og kurs",
                "Interesser og aktiviteter",
                "Hvem vil du helst ha oppdrag for?",
                "Hvor mye tid, hvilke dager, og hvor lenge?",
                "Førerkort og bil, språk, dyr hjemme",
                "Hvordan vil du møte noen som blir sint, lei seg eller ikke vil være med?",
                "Hvordan vil du holde på taushetsplikten?",
                "Er det noe vi må ta hensyn til for at oppdraget skal bli trygt?",
            )
        ),
        (66, 94),
        row_height=12,
    )
    sheet.heading("Dette forteller vi om")
    _ticks(
        sheet,
        "Oppdraget, rollen og grensene for den",
        "Referanser, politiattest og taushetserklæring",
        "Avtale, lønn, kjøring og utgifter, timeliste",
        "Oppstartssamtale, opplæring, veiledning og temakvelder",
        "Avviksmelding, og hvem som kan ringes",
    )
    sheet.heading("Vurdering og videre")
    sheet.table(
        ("Vi er enige om", "Skriv her"),
        tuple(Row((label, "")) for label in ("Egnet? Til hva slags oppdrag?", "Neste steg, hvem og når")),
        (66, 94),
        row_height=14,
    )
    sheet.heading("Underskrift")
    sheet.signatures("For {{ kontor.kommune }}")
    return sheet


def _ticks(sheet: Sheet, *things: str) -> None:
    sheet.table(("Hva", "Gjort"), tuple(Row((thing, "☐")) for thing in things), (140, 20))


ATTENDS_TO = (
    "{% if oppdragstaker.attestgrunnlag == 'voksne' %}Voksne"
    "{% elif oppdragstaker.attestgrunnlag == 'mindreårige' %}Barn og unge{% else %}Barn i tiltak fra barnevernet{% endif %}"
)


def start_talk() -> Sheet:
    sheet = _start("Oppstartssamtale for oppdragstakere", "oppdrag.sak")
    sheet.table(
        FACT,
        (
            Row(("Oppdrag", "{{ oppdrag.form | stor_forbokstav }}, oppdrag {{ oppdrag.nummer }}")),
            Row(("Oppdragstaker", "{{ oppdrag.oppdragstaker.person.navn }}")),
            Row(("Timer per uke", "{{ oppdrag.timer_per_uke }}")),
            Row(("Aktiviteter", "{{ oppdrag.aktiviteter }}"), when="oppdrag.aktiviteter"),
            Row(("Veiledning", "{{ oppdrag.veiledning }}"), when="oppdrag.veiledning"),
        ),
        FACT_WIDTHS,
    )
    sheet.heading("Dette går vi gjennom")
    sheet.table(
        ("Tema", "Gjort", "Avtalt"),
        tuple(
            Row((topic, "☐", ""))
            for topic in (
                "Forventninger og behov",
                "Målet i vedtaket",
                "Brukerens ressurser og grenser",
                "Hvordan og når dere møtes",
                "Rolle, ansvar og oppgaver",
                "Taushetsplikt i praksis",
                "Sykdom, avlysning og akutte hendelser",
                "Utgifter, kjøring og forsikring av bil",
                "Gaver og penger",
                "Avvik og meldinger",
                "Kontaktperson i kommunen",
                "Timeliste med saksnummer, aldri navn",
            )
        ),
        (66, 16, 78),
        row_height=8,
    )
    sheet.heading("Papirene")
    sheet.table(
        ("Papir", "Dato i registeret"),
        (
            Row(("Referanser sjekket", _date_or_missing("referanser_sjekket"))),
            Row(("Politiattest vist", _date_or_missing("attest_vist"))),
            Row(("Taushetserklæring signert", _date_or_missing("taushetserklæring"))),
        ),
        FACT_WIDTHS,
    )
    sheet.heading("Underskrifter")
    sheet.signatures("For {{ kontor.kommune }}", "{{ oppdrag.oppdragstaker.person.navn }}")
    return sheet


def _date_or_missing(column: str) -> str:
    field = f"oppdrag.oppdragstaker.{column}"
    return f"{{% if {field} %}}{{{{ {field} }}}}{{% else %}}Mangler{{% endif %}}"


def three_month_talk() -> Sheet:
    sheet = _start("Samtale etter tre måneder", "oppdrag.sak")
    sheet.table(
        FACT,
        (
            Row(("Oppdrag", "{{ oppdrag.form | stor_forbokstav }}, oppdrag {{ oppdrag.nummer }}")),
            Row(("Oppdragstaker", "{{ oppdrag.oppdragstaker.person.navn }}")),
            Row(("Startet", "{{ oppdrag.startet }}")),
            Row(("Samtalen holdes innen", "{{ oppdrag.deadlines.tremånederssamtale.due }}")),
            Row(("Timer per uke", "{{ oppdrag.timer_per_uke }}")),
            Row(("Veiledning", "{{ oppdrag.veiledning }}"), when="oppdrag.veiledning"),
        ),
        FACT_WIDTHS,
    )
    sheet.heading("Spørsmål")
    sheet.table(
        ("Vi spør om", "Svar"),
        tuple(
            Row((question, ""))
            for question in (
                "Hvordan har oppstarten vært?",
                "Møtes dere så ofte som avtalt?",
                "Passer aktivitetene?",
                "Er det noe som er vanskelig eller utrygt?",
                "Er rollen og oppgavene klare?",
                "Trengs det mer eller annen veiledning? Skal brukeren være med?",
                "Er timelister og utgifter i orden?",
            )
        ),
        (70, 90),
        row_height=11,
    )
    sheet.heading("Avtalt videre")
    sheet.table(("Hva", "Hvem", "Når"), (Row(("", "", "")),) * 3, (90, 40, 30), row_height=9)
    sheet.heading("Underskrift")
    sheet.signatures("{{ oppdrag.sak.ansvarlig.navn }}")
    return sheet


def _start(title: str, case: str) -> Sheet:
    reference = f"{{{{ {case}.saksnummer }}}}"
    sheet = Sheet(title)
    sheet.title("{{ brev.tittel }}")
    sheet.text(
        f"Sak {reference} · {{{{ brev.dato }}}} · Saksbehandler {{{{ {case}.ansvarlig.navn }}}}",
    )
    return sheet
