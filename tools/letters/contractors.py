"""Letters to contractors and organisations: police certificate, welcome, agreements. None of them names the service's user."""

from __future__ import annotations

from tools.letters import correspondence, notices
from tools.letters.sheet import Row, Sheet

CASE = "oppdrag.sak"
HOURLY_RATE = "{{ oppdrag.timesats | tall(2) }} kroner"
KILOMETRE_RATE = "{{ oppdrag.kilometersats | tall(2) }} kroner"
PERIOD = (
    "Fra {{ oppdrag.avtaledato }} "
    "{% if oppdrag.sak.gjelder_til %}til {{ oppdrag.sak.gjelder_til }}{% else %}så lenge vedtaket gjelder{% endif %}"
)
TERMINATION = (
    "Avtalen gjelder i perioden som står i punkt 2, og faller bort hvis tilbudet i saken blir avsluttet. "
    "Begge parter kan si den opp skriftlig med rimelig varsel. Ved vesentlig brudd på avtalen kan den sies opp straks."
)
ADULTS = "oppdragstaker.attestgrunnlag == 'voksne'"
MINORS = "oppdragstaker.attestgrunnlag == 'mindreårige'"
CHILD_WELFARE = "oppdragstaker.attestgrunnlag == 'barnevern'"
PRINCIPAL = Row(("Oppdragsgiver", "{{ kontor.kommune }}, {{ kontor.enhet }}", "{{ kontor.postadresse }}"))


def police_certificate_request() -> Sheet:
    sheet = Sheet("Anmodning om politiattest")
    sheet.letter_top("{{ brev.id }}", "", "{{ kontor.telefon }}")
    correspondence.heading(sheet)
    sheet.text(
        "Du må vise oss politiattest før du kan begynne som oppdragstaker hos oss. Søk om attesten nå. "
        "Politiet bruker ofte et par uker, og attesten kan ikke være eldre enn {{ politiattest_gyldig }} når vi inngår "
        "avtalen.",
    )
    sheet.text("Bekreftelsen på formål på neste side må følge søknaden. Du søker selv, på en av disse måtene:")
    sheet.heading("Digitalt (går raskest)")
    sheet.bullets(
        "Gå til politiet.no, søk etter «politiattest», og logg inn.",
        "Last opp bekreftelsen på formål.",
        "Attesten kommer i den digitale postkassen din.",
    )
    sheet.heading("Med post")
    sheet.bullets(
        "Fyll ut søknadsskjemaet for politiattest. Er du under 18 år, må en foresatt også skrive under.",
        "Legg ved bekreftelsen på formål og kopi av legitimasjon med bilde og underskrift.",
        "Send alt til {{ kontor.politiattest_adresse }}.",
    )
    sheet.heading("Når du har fått attesten")
    sheet.text(
        "Vis den til oss så snart du får den. Vi noterer bare at vi har sett den, når den er utstedt, og når vi så den. "
        "Vi tar ikke kopi. Kravet om attest følger av {{ brev.hjemler }}.",
    )
    sheet.closing(
        "Ring oss på telefon {{ kontor.telefon }} eller skriv til {{ kontor.epost }}.",
        "{{ kontor.godkjenner }}",
        correspondence.APPROVED,
    )
    sheet.new_letterhead()
    sheet.title("Bekreftelse på formål med politiattest")
    sheet.text("{{ kontor.kommune }} bekrefter at søkeren er tilbudt et oppdrag som krever politiattest.")
    sheet.heading("Søkeren og oppdraget")
    sheet.table(
        ("Opplysning", "Innhold"),
        (
            Row(("Søkerens navn", "{{ oppdragstaker.person.navn }}")),
            Row(("Født", "{{ oppdragstaker.person.fødselsdato }}")),
            Row(("Oppdrag", "Oppdragstaker i helse- og omsorgstjenesten (støttekontakt og lignende)")),
            Row(("Formål", "Oppdraget gjelder voksne. Oppdragstakeren er alene med tjenestemottakeren."), when=ADULTS),
            Row(
                ("Formål", "Oppdraget gjelder barn og unge under 18 år. Oppdragstakeren har ansvar for mindreårige."),
                when=MINORS,
            ),
            Row(
                ("Formål", "Oppdraget er et tiltak fra barnevernet. Oppdragstakeren har ansvar for mindreårige."),
                when=CHILD_WELFARE,
            ),
            Row(("Hjemmel", "{{ brev.hjemler | liste | stor_forbokstav }}")),
        ),
        (45, 115),
    )
    sheet.heading("Oppdragsgiveren")
    sheet.table(
        ("Opplysning", "Innhold"),
        (
            Row(("Virksomhet", "{{ kontor.kommune }}, {{ kontor.enhet }}")),
            Row(("Organisasjonsnummer", "{{ kontor.organisasjonsnummer }}")),
            Row(("Adresse", "{{ kontor.postadresse }}")),
            Row(("Telefon og e-post", "{{ kontor.telefon }}, {{ kontor.epost }}")),
            Row(("Kontaktperson", "{{ kontor.godkjenner }}")),
            Row(("Dato for bekreftelsen", "{{ brev.dato }}")),
        ),
        (45, 115),
    )
    sheet.heading("Underskrift")
    sheet.signatures("For {{ kontor.kommune }}, {{ kontor.godkjenner }}")
    return sheet


def welcome() -> Sheet:
    sheet = correspondence.start("Velkommen som oppdragstaker", CASE)
    sheet.text(
        "Takk for at du vil bruke av tiden din på et oppdrag som betyr mye for en annen! "
        "Her er det du trenger å vite og gjøre før du begynner. Les også retningslinjene som ligger ved. Oppdraget har "
        "saksnummer {{ oppdrag.sak.saksnummer }} "
        "og gjelder {{ oppdrag.timer_per_uke }} timer per uke "
        "{% if oppdrag.form == 'aktivitetsgruppe' %}i en aktivitetsgruppe{% else %}som {{ oppdrag.form }}{% endif %}.",
    )
    sheet.heading("Dette må du gjøre før du begynner")
    with sheet.when("not oppdrag.oppdragstaker.taushetserklæring"):
        sheet.bullets("Skriv under taushetserklæringen som ligger ved, og send den til oss.", goes_on=True)
    with sheet.when("not oppdrag.oppdragstaker.attest_vist"):
        sheet.bullets("Vis oss politiattesten så snart du har fått den fra politiet.", goes_on=True)
    with sheet.when("oppdrag.form == 'treningskompis'"):
        sheet.bullets(
            "Fyll ut målplanen som ligger ved, sammen med den du skal trene med. Begge skriver under.",
            goes_on=True,
        )
    sheet.bullets(
        "Vent på avtalen. Den får du fra oss. Skriv under og send den tilbake.",
        "Kom på det første møtet. Vi avtaler tid, og saksbehandleren er med.",
    )
    sheet.heading("I det første møtet")
    sheet.text(
        "Vi blir enige om hva dere skal gjøre, når og hvor dere møtes, hva som er din oppgave, og hva som ikke er det. "
        "Vi snakker også om hva du gjør hvis noe uventet skjer. "
        "I oppstartssamtalen {{ oppdrag.startsamtale }} fikk du vite mer om hva oppdraget går ut på.",
    )
    sheet.heading("Dette kan du regne med fra oss")
    sheet.bullets(
        "Du får veiledning når du trenger det. Ta kontakt, også om det som virker lite.",
        "Saksbehandleren ringer deg omtrent 3 måneder etter at du begynte.",
        "Minst én gang i året møtes vi og ser på hvordan det går.",
        "Du får betalt for avtalte timer som du fører på timelisten.",
    )
    sheet.text("Det du får vite om andre gjennom oppdraget, har du taushetsplikt om, også når oppdraget er slutt.")
    correspondence.close(sheet, CASE)
    return sheet


def evaluation_invitation() -> Sheet:
    case = "evaluering.sak"
    sheet = correspondence.start("Innkalling til evaluering for oppdragstaker", case)
    sheet.text(
        "Vi inviterer deg til et møte om oppdraget i sak {{ evaluering.sak.saksnummer }}. Passer ikke tidspunktet, må du si "
        "fra til saksbehandleren så snart du kan. Da finner vi et nytt.",
    )
    notices.evaluation_time(sheet)
    sheet.heading("Dette skal vi snakke om")
    sheet.bullets(
        "Hva har fungert godt, og hva kan bli bedre?",
        "Passer timene og aktivitetene?",
        "Får du den veiledningen du trenger?",
        "Skal oppdraget fortsette som nå, endres eller avsluttes?",
    )
    sheet.text(
        "Tenk gjerne gjennom spørsmålene før møtet. Du kan bruke skjemaet som ligger ved. "
        "Skriv saksnummeret på det, aldri navnet på den du har oppdrag for.",
    )
    sheet.heading("Hvem som er med")
    sheet.text(
        "Den du har oppdrag for, er med i møtet, og ofte også pårørende. De har fått hver sin innkalling. "
        "Vi evaluerer minst én gang i året. Det følger av {{ brev.hjemler }}.",
    )
    correspondence.close(sheet, case)
    return sheet


def engagement_agreement() -> Sheet:
    return _agreement(employed=False)


def employment_agreement() -> Sheet:
    sheet = _agreement(employed=True)
    sheet.exchange(
        {
            "Oppdragstakeren": "Arbeidstakeren",
            "oppdragstakeren": "arbeidstakeren",
            "Oppdragsgiver": "Arbeidsgiver",
            "Godtgjøring per time": "Lønn per time",
            "3 Godtgjøring": "3 Lønn",
            TERMINATION: "Avtalen gjelder i perioden som står i punkt 2. Blir tilbudet i saken avsluttet, "
            "avklarer kommunen hva det betyr for arbeidsforholdet. Oppsigelse følger reglene i arbeidsmiljøloven.",
        },
    )
    return sheet


def _agreement(*, employed: bool) -> Sheet:
    sheet = correspondence.start("Arbeidsavtale" if employed else "Oppdragsavtale", CASE)
    sheet.text(
        "Avtalen gjelder oppdraget i sak {{ oppdrag.sak.saksnummer }}. Les den, skriv under, og send den tilbake til oss "
        "senest {{ returfrist }} etter at du fikk den. Du kan ikke begynne før vi har fått den.",
    )
    sheet.text(
        "Dette er en arbeidsavtale. Du blir ansatt i kommunen for de timene som står i avtalen."
        if employed
        else "Dette er en oppdragsavtale. Du blir oppdragstaker og ikke ansatt i kommunen.",
    )
    sheet.heading("1 Partene")
    sheet.table(
        ("Part", "Navn", "Adresse"),
        (
            PRINCIPAL,
            Row(
                ("Arbeidstaker" if employed else "Oppdragstaker", "{{ mottaker.navn }}", "{{ mottaker.adresse | join(', ') }}")
            ),
        ),
        (32, 62, 66),
    )
    sheet.heading("2 Oppdraget")
    with sheet.when("oppdrag.form == 'støttekontakt'"):
        sheet.text("Oppdragstakeren er støttekontakt for én person og hjelper til med en aktiv og sosial fritid.")
    with sheet.when("oppdrag.form == 'treningskompis'"):
        sheet.text(
            "Oppdragstakeren er treningskompis for én person og trener sammen med personen etter målplanen. "
            "{% if oppdrag.oppdragstaker.kurs_treningskompis %}Oppdragstakeren har gjennomført kurset Treningskompis."
            "{% else %}Oppdragstakeren har god kompetanse innen trening og helse.{% endif %}",
        )
    with sheet.when("oppdrag.form == 'aktivitetsgruppe'"):
        sheet.text(
            "Oppdragstakeren leder eller hjelper til i en aktivitetsgruppe "
            "og sørger for at deltakeren i saken blir tatt imot og er med.",
        )
    sheet.table(
        ("Vilkår", "Avtalt"),
        (
            Row(("Oppdrag", "{{ oppdrag.form | stor_forbokstav }}, oppdrag {{ oppdrag.nummer }}")),
            Row(("Timer", "{{ oppdrag.timer_per_uke }} timer per uke")),
            Row(("Aktiviteter", "{{ oppdrag.aktiviteter }}"), when="oppdrag.aktiviteter"),
            Row(("Særskilte tiltak", "{{ oppdrag.særskilte_tiltak }}"), when="oppdrag.særskilte_tiltak"),
            Row(("Periode", PERIOD)),
            Row(("Godtgjøring per time", HOURLY_RATE)),
            Row(("Godtgjøring per kilometer", KILOMETRE_RATE)),
        ),
        (50, 110),
    )
    sheet.heading("3 Godtgjøring, utgifter og timelister")
    sheet.text(
        "Kommunen betaler for timer som er brukt sammen med brukeren innenfor det avtalte timetallet, og for avtalt "
        "kjøring med "
        "egen bil. Endres kommunens satser, gjelder de nye satsene fra den dagen de er vedtatt. "
        "Andre utgifter dekkes bare når de er avtalt på forhånd og kan vises med kvittering.",
    )
    sheet.text(
        "Oppdragstakeren leverer én timeliste for hver måned, senest den {{ timelistedag }}. i måneden etter. "
        "Timelisten har saksnummer, aldri navnet på brukeren.",
    )
    sheet.heading("4 Taushetsplikt og politiattest")
    sheet.text(
        "Oppdragstakeren har skrevet under taushetserklæring {{ oppdrag.oppdragstaker.taushetserklæring }} og har vist "
        "politiattest "
        "{{ oppdrag.oppdragstaker.attest_vist }}. Taushetsplikten gjelder også etter at oppdraget er slutt. "
        "Oppdragstakeren må si fra til kommunen dersom det skjer noe som har betydning for kravet om politiattest.",
    )
    sheet.heading("5 Veiledning og samarbeid")
    sheet.text(
        "Kommunen gir veiledning, tar kontakt etter omtrent 3 måneder og kaller inn til evaluering minst én gang i året. "
        "Oppdragstakeren deltar i evalueringen og sier fra så snart som mulig ved sykdom, avlysning, skade eller ulykke, "
        "og når noe i oppdraget ikke fungerer.",
    )
    if employed:
        _employment(sheet)
    else:
        sheet.heading("6 Oppdragsforholdet")
        sheet.text(
            "Oppdragstakeren er ikke ansatt i kommunen. Avtalen gir derfor ikke rett til feriepenger, sykepenger eller pensjon "
            "fra kommunen som arbeidsgiver. Den som kjører i oppdraget, må ha førerkort og lovpålagt forsikring for bilen.",
        )
    with sheet.unsplit():
        sheet.heading("7 Varighet og oppsigelse")
        sheet.text(
            f"{TERMINATION} Hver part får ett eksemplar av avtalen. Oppdraget bygger på {{{{ brev.hjemler }}}}.",
            keep=True,
        )
        sheet.heading("Underskrifter")
        sheet.signatures("For {{ kontor.kommune }}", "{{ mottaker.navn }}")
        _enclosures(sheet)
    return sheet


def _employment(sheet: Sheet) -> None:
    sheet.heading("6 Arbeidsforholdet")
    sheet.bullets(
        "Arbeidstakeren er ansatt i kommunen på deltid. Stillingen følger oppdraget i punkt 2.",
        "Lønnen utbetales etter godkjent timeliste. Kommunen trekker skatt.",
        "Arbeidstakeren har rett til ferie og feriepenger etter ferieloven.",
        "Ved sykdom gir arbeidstakeren beskjed samme dag. Sykepenger følger folketrygdloven og kommunens egne regler.",
        "Pensjon følger kommunens pensjonsordning.",
        "Kommunen har yrkesskadeforsikring for arbeidstakeren.",
        "Den som kjører i arbeidet, må ha førerkort og lovpålagt forsikring for bilen.",
    )


def reference_request() -> Sheet:
    sheet = Sheet("Vi trenger to referanser")
    sheet.letter_top("{{ brev.id }}", "", "{{ kontor.telefon }}")
    correspondence.heading(sheet)
    sheet.text(
        "Takk for at du vil bli oppdragstaker. Før vi kan tilby deg et oppdrag, trenger vi to referanser. "
        "Gi skjemaet som ligger ved, til to personer som kjenner deg godt. "
        "Be dem om å sende det til oss innen {{ returfrist }}.",
    )
    sheet.heading("Hvem kan være referanse?")
    sheet.bullets(
        "En leder, lærer eller en annen som har sett deg i arbeid eller frivillig innsats.",
        "Ikke noen i familien din eller noen du bor sammen med.",
    )
    sheet.heading("Dette skjer videre")
    sheet.text("Når vi har fått referansene, ber vi deg om politiattest, og vi inviterer deg til en oppstartssamtale.")
    sheet.closing(
        "Ring oss på telefon {{ kontor.telefon }} eller skriv til {{ kontor.epost }}.",
        "{{ kontor.godkjenner }}",
        correspondence.APPROVED,
    )
    return sheet


def organisation_agreement() -> Sheet:
    sheet = correspondence.start("Avtale med frivillig organisasjon", CASE)
    sheet.text(
        "Avtalen gjelder deltakelse i sak {{ oppdrag.sak.saksnummer }}. Les den, skriv under, og send den tilbake til oss "
        "senest {{ returfrist }} etter at dere fikk den.",
    )
    sheet.heading("1 Partene")
    sheet.table(
        ("Part", "Navn", "Adresse"),
        (
            Row(("Kommune", *PRINCIPAL.cells[1:])),
            Row(("Organisasjon", "{{ oppdrag.organisasjon.navn }}", "{{ mottaker.adresse | join(', ') }}")),
        ),
        (32, 62, 66),
    )
    sheet.text("Kontaktperson i organisasjonen er {{ oppdrag.organisasjon.leder }}.")
    sheet.heading("2 Deltakelsen")
    sheet.table(
        ("Vilkår", "Avtalt"),
        (
            Row(("Deltaker", "Personen i sak {{ oppdrag.sak.saksnummer }}")),
            Row(("Aktiviteter", "{{ oppdrag.aktiviteter }}"), when="oppdrag.aktiviteter"),
            Row(("Timer", "{{ oppdrag.timer_per_uke }} timer per uke")),
            Row(("Periode", PERIOD)),
        ),
        (50, 110),
    )
    sheet.heading("3 Dette gjør organisasjonen")
    sheet.bullets(
        "Organisasjonen tar imot deltakeren på lik linje med andre medlemmer og sørger for at deltakeren kjenner en voksen "
        "i gruppen.",
        "Organisasjonen sier fra til kommunen når noe ikke fungerer, og når deltakeren ikke lenger kommer.",
        "Kontaktpersonen holder personlige opplysninger om deltakeren for seg selv, også etter at avtalen er slutt.",
    )
    sheet.heading("4 Dette gjør kommunen")
    sheet.bullets(
        "Kommunen er med på det første møtet mellom deltakeren og kontaktpersonen.",
        "Kommunen gir kontaktpersonen de opplysningene som trengs for å gjennomføre aktiviteten, og ikke mer.",
        "Kommunen følger opp tett i starten og gir råd underveis.",
    )
    sheet.heading("5 Godtgjøring og utstyr")
    sheet.text(
        "{% if oppdrag.godtgjøring %}Kommunen betaler organisasjonen {{ oppdrag.godtgjøring }} kroner per måned. "
        "Andre utgifter dekkes bare når de er avtalt skriftlig på forhånd."
        "{% else %}Kommunen betaler bare for det som partene har avtalt skriftlig i et tillegg til denne avtalen.{% endif %} "
        "{% if oppdrag.låneavtale %}For utstyr som kommunen låner ut, gjelder låneavtalen av {{ oppdrag.låneavtale }}."
        "{% else %}Avtalen omfatter ikke lån av utstyr.{% endif %}",
    )
    with sheet.unsplit():
        sheet.heading("6 Varighet og oppsigelse")
        sheet.text(
            "Når aktiviteten går bra og deltakeren ønsker det, kan deltakelsen fortsette uten støtte fra kommunen. "
            "Da avslutter vi avtalen. Begge parter kan ellers si den opp skriftlig med rimelig varsel. "
            "Hver part får ett eksemplar av avtalen. Den bygger på {{ brev.hjemler }}.",
            keep=True,
        )
        sheet.heading("Underskrifter")
        sheet.signatures("For {{ kontor.kommune }}", "For {{ oppdrag.organisasjon.navn }}")
        _enclosures(sheet)
    return sheet


def cooperation_agreement() -> Sheet:
    """Between the municipality and an organisation, whoever takes part; each participant has an agreement besides."""
    handler = "samarbeid.ansvarlig"
    sheet = Sheet("Samarbeidsavtale med frivillig organisasjon")
    sheet.letter_top("{{ brev.id }}", f"{{{{ {handler}.navn }}}}", f"{{{{ {handler}.telefon or kontor.telefon }}}}")
    correspondence.heading(sheet)
    sheet.text(
        "Avtalen gjelder samarbeidet om en aktiv fritid sammen med andre. Les den, skriv under, og send den tilbake til oss "
        "senest {{ returfrist }} etter at dere fikk den.",
    )
    sheet.heading("1 Partene")
    sheet.table(
        ("Part", "Navn", "Adresse"),
        (
            Row(("Kommune", *PRINCIPAL.cells[1:])),
            Row(("Organisasjon", "{{ samarbeid.organisasjon.navn }}", "{{ mottaker.adresse | join(', ') }}")),
        ),
        (32, 62, 66),
    )
    sheet.text(
        f"Kontaktpersoner er {{{{ samarbeid.organisasjon.leder }}}} i organisasjonen og {{{{ {handler}.navn }}}} i kommunen.",
    )
    sheet.heading("2 Målet med samarbeidet")
    sheet.text(
        "Alle skal kunne delta i organisasjonslivet, også de som trenger hjelp for å komme i gang. "
        "Kommunen finner personer som ønsker å være med, og organisasjonen tar imot dem på lik linje med andre medlemmer.",
    )
    with sheet.when("samarbeid.tilbud"):
        sheet.text("Disse aktivitetene er åpne: {{ samarbeid.tilbud }}.")
    sheet.heading("3 Dette gjør organisasjonen")
    sheet.bullets(
        "Organisasjonen har en kontaktperson som kommunen kan ringe.",
        "Organisasjonen tar imot deltakere når det er plass, og sier fra når det ikke er det.",
        "Den som har ansvar for barn og unge, har vist politiattest etter organisasjonens egne regler.",
        "Kontaktpersonen sier fra til kommunen samme dag ved ulykke eller skade, eller når noe ikke er trygt.",
    )
    sheet.heading("4 Dette gjør kommunen")
    sheet.bullets(
        "Kommunen spør organisasjonen før den foreslår et tilbud for noen.",
        "Kommunen er med på det første møtet og gir råd og veiledning så lenge det trengs.",
        "Kommunen inviterer kontaktpersonen til kurs og temakvelder for oppdragstakere.",
    )
    sheet.heading("5 Den enkelte deltakeren")
    sheet.text(
        "For hver deltaker skriver partene en egen avtale. Der står timene, godtgjøringen og det som lånes ut av utstyr. "
        "Kommunen gir bare de opplysningene som trengs for å gjennomføre aktiviteten. "
        "Organisasjonen holder dem for seg selv, også etter at avtalen er slutt.",
    )
    with sheet.unsplit():
        sheet.heading("6 Varighet")
        sheet.text(
            "Avtalen gjelder fra {{ samarbeid.avtaledato }} "
            "{% if samarbeid.gjelder_til %}til {{ samarbeid.gjelder_til }}{% else %}til en av partene sier den opp{% endif %}. "
            "Partene går gjennom samarbeidet minst én gang i året. Begge kan si opp avtalen skriftlig med rimelig varsel. "
            "Hver part får ett eksemplar. Kommunens oppgave står i {{ brev.hjemler }}.",
            keep=True,
        )
        sheet.heading("Underskrifter")
        sheet.signatures("For {{ kontor.kommune }}", "For {{ samarbeid.organisasjon.navn }}")
        _enclosures(sheet)
    return sheet


def _enclosures(sheet: Sheet) -> None:
    with sheet.when("brev.vedlegg"):
        sheet.note("Vedlegg: {{ brev.vedlegg }}")
