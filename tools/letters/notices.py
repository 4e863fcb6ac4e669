"""Notices before a decision, and the invitation to the yearly evaluation."""

from __future__ import annotations

from tools.letters import correspondence
from tools.letters.correspondence import by_reader
from tools.letters.sheet import Row, Sheet

FOR_USER = by_reader("sak", user="", other=" for {{ sak.bruker.navn }}")
LEGAL_REFERENCE = "Brevet er sendt etter {{ brev.hjemler }}."


def preliminary_notice() -> Sheet:
    sheet = correspondence.start("Foreløpig melding", "sak")
    sheet.text(
        f"Vi mottok søknaden om {{{{ tjenestenavn }}}}{FOR_USER} {{{{ sak.mottatt }}}}. Du får svar innen "
        f"{{{{ sak.svar_innen }}}}.",
    )
    sheet.text(
        "Vi kan ikke svare med en gang, fordi vi først må bli kjent med behovet og utrede saken. "
        "Du trenger ikke å gjøre noe før vi tar kontakt.",
    )
    sheet.heading("Slik går vi fram")
    sheet.steps(
        "Vi ringer eller skriver til deg og avtaler et kartleggingsmøte. Vi kommer gjerne hjem til deg, eller vi kan møtes på "
        "kontoret.",
        "I møtet snakker vi om interesser, ønsker og behov, og om hva vi kan tilby. "
        "Vi forteller også hvilke opplysninger kommunen må registrere (IPLOS).",
        "Vi utreder saken og drøfter den i et fagmøte.",
        "Du får et skriftlig vedtak. Er du uenig i vedtaket, kan du klage på det.",
    )
    sheet.heading("Dette kan du gjøre")
    sheet.bullets(
        "Har du opplysninger som vi bør kjenne til, kan du sende dem nå eller ta dem med til møtet.",
        "Du kan ta med deg noen du stoler på.",
        "Si fra om du trenger tolk eller tilrettelegging, eller om telefonnummer eller adresse endrer seg.",
    )
    sheet.text(f"Klarer vi ikke å svare innen fristen, skriver vi til deg igjen og sier hvorfor. {LEGAL_REFERENCE}")
    correspondence.close(sheet, "sak")
    return sheet


def renewed_preliminary_notice() -> Sheet:
    sheet = correspondence.start("Ny foreløpig melding", "sak")
    sheet.text(
        f"Svaret på søknaden om {{{{ tjenestenavn }}}}{FOR_USER} blir forsinket. "
        "Vi skrev at du skulle få svar innen {{ sak.svar_innen }}. Den nye fristen er {{ sak.nytt_svar_innen }}. Vi beklager.",
    )
    sheet.heading("Derfor tar det lengre tid")
    with sheet.when("not sak.kartlagt"):
        sheet.text("Vi har ikke holdt kartleggingsmøtet ennå. Uten det kan vi ikke vurdere behovet godt nok.")
    with sheet.when("sak.kartlagt"):
        sheet.text("Vi holdt kartleggingsmøtet {{ sak.kartlagt }}, men trenger mer tid til å utrede saken.")
    with sheet.when("sak.pauser"):
        sheet.lead_in("Saken har også måttet vente:")
        sheet.each(
            "pause in sak.pauser",
            "Fra {{ pause.fra }}{% if pause.til %} til {{ pause.til }}{% endif %}: {{ pause.grunn }}",
        )
    sheet.heading("Dette skjer videre")
    sheet.text(
        "Vi arbeider videre med saken. Du trenger ikke å sende søknaden på nytt. "
        "Har du nye opplysninger, kan du sende dem til oss. "
        "Når saken er ferdig utredet, får du et skriftlig vedtak som du kan klage på.",
    )
    sheet.text(LEGAL_REFERENCE)
    correspondence.close(sheet, "sak")
    return sheet


WEEKDAYS = "['Mandag', 'Tirsdag', 'Onsdag', 'Torsdag', 'Fredag', 'Lørdag', 'Søndag']"


def mapping_invitation() -> Sheet:
    sheet = correspondence.start("Innkalling til kartleggingsmøte", "sak")
    sheet.text(
        f"Vi inviterer til et møte om søknaden om {{{{ tjenestenavn }}}}{FOR_USER}. "
        "Passer ikke tidspunktet, må du si fra til saksbehandleren så snart du kan. Da finner vi et nytt.",
    )
    sheet.table(
        ("Dag", "Klokkeslett", "Sted"),
        (Row((weekday("sak.kartlegging_avtalt"), "{{ sak.kartlegging_klokkeslett }}", MEETING_PLACE)),),
        (60, 30, 70),
    )
    sheet.heading("Dette skal vi snakke om")
    sheet.bullets(
        "Hvilke interesser, ønsker og behov har du eller den som søknaden gjelder?",
        "Hva kan hjelpe: støttekontakt, treningskompis, aktivitetsgruppe eller en frivillig organisasjon?",
        "Hva skjer videre i saken?",
    )
    sheet.text("Den som søknaden gjelder, kan være med på hele eller deler av møtet når det passer.")
    sheet.heading("Før møtet")
    sheet.bullets(
        "Tenk gjennom hva som er viktigst for en god fritid.",
        "Du kan ta med deg noen du stoler på.",
        "Si fra om du trenger tolk eller annen tilrettelegging.",
    )
    sheet.heading("Opplysninger som vi registrerer")
    sheet.text(
        "Kommunen må registrere opplysninger om den som søker om tjenester. Det kalles IPLOS. "
        "Les informasjonen som ligger ved. Vi går også gjennom den i møtet.",
    )
    sheet.text("Møtet er en del av saksbehandlingen etter {{ brev.hjemler }}.")
    correspondence.close(sheet, "sak")
    return sheet


def weekday(column: str) -> str:
    """A day with its name in front, as an invitation writes it."""
    return f"{{{{ {WEEKDAYS}[{column}.weekday()] }}}} {{{{ {column} }}}}"


MEETING_PLACE = (
    "{% if sak.kartlegging_sted == 'hjemme hos søker' %}Hjemme hos deg"
    "{% elif sak.kartlegging_sted == 'saksbehandlers kontor' %}{{ kontor.besøksadresse }}"
    "{% else %}Det stedet som vi har avtalt{% endif %}"
)


def evaluation_invitation() -> Sheet:
    case = "evaluering.sak"
    sheet = correspondence.start("Innkalling til evaluering", case)
    whose = by_reader(case, user="tilbudet ditt", other="tilbudet til {{ evaluering.sak.bruker.navn }}")
    sheet.text(
        f"Vi inviterer til et møte om {whose}. Passer ikke tidspunktet, må du si fra til saksbehandleren så snart du kan. "
        "Da finner vi et nytt.",
    )
    evaluation_time(sheet)
    sheet.heading("Dette skal vi snakke om")
    sheet.bullets(
        "Hva har fungert godt, og hva kan bli bedre?",
        "Er målet med tilbudet fortsatt riktig?",
        "Passer timene, aktivitetene og formen på tilbudet?",
        "Skal tilbudet fortsette som nå, endres eller avsluttes?",
    )
    sheet.text(
        "Tenk gjerne gjennom spørsmålene før møtet, og bruk skjemaet som ligger ved. "
        "Si fra om du trenger tolk eller annen tilrettelegging."
    )
    sheet.heading("Etter møtet")
    sheet.text(
        "Fortsetter tilbudet som nå, gjelder vedtaket videre. Mener vi at tilbudet bør endres eller avsluttes, "
        "sender vi først et varsel til den som vedtaket gjelder, med frist for å si sin mening.",
    )
    sheet.text("Vi evaluerer tilbudet minst én gang i året. Det følger av {{ brev.hjemler }}.")
    correspondence.close(sheet, case)
    return sheet


def evaluation_time(sheet: Sheet) -> None:
    """When and where, in a table."""
    sheet.table(
        ("Dag", "Klokkeslett", "Sted"),
        (Row((weekday("evaluering.møtedato"), "{{ evaluering.klokkeslett }}", "{{ evaluering.sted }}")),),
        (60, 30, 70),
    )


def advance_notice() -> Sheet:
    case = "endring.sak"
    sheet = correspondence.start("Forhåndsvarsel", case)
    correspondence.concerning(sheet, case)
    offer = "tilbudet om {{ tjenestenavn }} ({{ endring.sak.tiltak }})"
    comment = "Du kan si hva du mener før vi bestemmer oss. Fristen for å uttale seg er {{ endring.deadlines.uttale.due }}."
    with sheet.when("endring.slag == 'endring'"):
        sheet.text(f"Vi vurderer å endre {offer}. {comment}")
    with sheet.when("endring.slag == 'avslutning'"):
        sheet.text(f"Vi vurderer å avslutte {offer}. {comment}")
    sheet.heading("Dette vurderer vi")
    sheet.text("{{ endring.forslag }}")
    sheet.text("{{ endring.begrunnelse }}")
    sheet.heading("Slik uttaler du deg")
    sheet.bullets(
        "Skriv til {{ kontor.kommune }}, {{ kontor.enhet }}, {{ kontor.postadresse }}, eller ring saksbehandleren. "
        "Vi kan også avtale et møte.",
        "Du kan få se dokumentene i saken før du uttaler deg.",
        "Du kan la noen uttale seg for deg. Den som ikke er advokat, må ha skriftlig fullmakt.",
        "Trenger du mer tid, må du si fra før fristen går ut.",
    )
    sheet.heading("Dette skjer videre")
    sheet.text(
        "Tilbudet fortsetter som nå til vi har bestemt oss. Vi avgjør saken når fristen er ute, eller når "
        "{% if brev.parter %}alle som har fått varselet, har uttalt seg{% else %}vi har fått uttalelsen{% endif %}. "
        "Uttaler du deg ikke, bruker vi de opplysningene vi har.",
    )
    sheet.text(
        "Du kan ikke klage på dette varselet. Blir tilbudet endret eller avsluttet, får du et vedtak som du kan klage på. "
        f"{LEGAL_REFERENCE}",
    )
    correspondence.close(sheet, case)
    return sheet
