"""Decisions: grant in full or in part, refusal, change, ending."""

from __future__ import annotations

from tools.letters import correspondence
from tools.letters.correspondence import by_reader
from tools.letters.sheet import Row, Sheet

PERIOD_END = "{% if sak.gjelder_til %}{{ sak.gjelder_til }}{% else %}Inntil videre{% endif %}"


def grant() -> Sheet:
    sheet = correspondence.start("Vedtak", "sak")
    correspondence.concerning(sheet, "sak")
    subject = by_reader("sak", user="Du", other="{{ sak.bruker.navn }}")
    with sheet.when("sak.utfall == 'innvilget'"):
        sheet.text(
            f"{subject} får tilbud om {{{{ tjenestenavn }}}}. Vi har innvilget søknaden som vi mottok {{{{ sak.mottatt }}}}."
        )
    with sheet.when("sak.utfall == 'delvis innvilget'"):
        sheet.text(
            f"{subject} får tilbud om {{{{ tjenestenavn }}}}. "
            "Vi har innvilget en del av søknaden som vi mottok {{ sak.mottatt }}. Resten av søknaden er avslått.",
        )
    sheet.heading("Dette er innvilget")
    sheet.table(
        ("Tilbud", "Timer per uke", "Fra", "Til"),
        (Row(("{{ sak.tiltak | liste | stor_forbokstav }}", "{{ sak.timer_per_uke }}", "{{ sak.gjelder_fra }}", PERIOD_END)),),
        (58, 30, 36, 36),
    )
    sheet.text("Målet med tilbudet: {{ sak.formål }}")
    with sheet.when("sak.metode == 'Fritid med bistand'"):
        sheet.text(
            "Vi bruker metoden Fritid med bistand. Det betyr at vi hjelper til med å finne en fritidsaktivitet sammen "
            "med andre, "
            "og at støtten trappes ned når deltakelsen går bra.",
        )
    with sheet.when("sak.metode == 'treningskontakt'"):
        sheet.text(
            "Vi bruker metoden treningskontakt. Det betyr at timene brukes til trening etter en målplan som "
            f"{by_reader('sak', user='du', other='{{ sak.bruker.navn }}')} lager sammen med oppdragstakeren.",
        )
    with sheet.when("sak.utfall == 'delvis innvilget'"):
        sheet.heading("Dette er ikke innvilget")
        sheet.text("{{ sak.ikke_innvilget }}")
    sheet.heading("Dette skjer nå")
    sheet.text(
        "Du trenger ikke å gjøre noe nå. Vi tar kontakt for å avtale det første møtet, og saksbehandleren er med på møtet. "
        "Tilbudet er gratis, men vi dekker ikke egne utgifter til aktivitetene, for eksempel billetter.",
    )
    sheet.text(
        "Minst én gang i året går vi gjennom tilbudet sammen. Si fra til oss hvis behovet endrer seg før det. "
        "Vil vi endre eller avslutte tilbudet, får du et varsel først, slik at du kan si hva du mener.",
    )
    sheet.heading("Derfor har vi bestemt dette")
    sheet.text(
        "Vi har lagt vekt på søknaden, på det som kom fram i kartleggingsmøtet {{ sak.kartlagt }} om interesser, ønsker "
        "og behov, "
        "og på den faglige vurderingen i fagmøtet {{ sak.fagmøte }}.",
    )
    sheet.text("{{ sak.begrunnelse }}")
    with sheet.when("sak.avlaster_pårørende"):
        sheet.text("Tilbudet skal også avlaste pårørende som har særlig tyngende omsorgsarbeid.")
    with sheet.when("sak.utfall == 'delvis innvilget'"):
        sheet.text(
            "Vi mener at tilbudet i tabellen dekker behovet for nødvendig hjelp. "
            "Derfor har vi avslått den delen av søknaden som går ut over dette. "
            "Du kan klage på avslaget på samme måte som på resten av vedtaket.",
        )
    correspondence.legal_references(sheet)
    correspondence.rights_of_appeal(
        sheet,
        parts=" Du kan klage på hele vedtaket eller på deler av det, for eksempel hva slags tilbud det gjelder, timene eller "
        "perioden.",
    )
    correspondence.close(sheet, "sak", decision=True)
    return sheet


def refusal() -> Sheet:
    sheet = correspondence.start("Avslag på søknad", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi har avslått søknaden om {{ tjenestenavn }} som vi mottok {{ sak.mottatt }}. "
        f"Det betyr at {by_reader('sak', user='du', other='{{ sak.bruker.navn }}')} ikke får det tilbudet som det ble søkt om. "
        "Du kan klage innen {{ klagefrist }} fra den dagen du fikk dette brevet.",
    )
    sheet.heading("Derfor har vi bestemt dette")
    sheet.text(
        "Vi har vurdert behovet ut fra søknaden"
        "{% if sak.kartlagt %}, kartleggingsmøtet {{ sak.kartlagt }}{% endif %} og drøftingen i fagmøtet {{ sak.fagmøte }}.",
    )
    sheet.text("{{ sak.begrunnelse }}")
    correspondence.legal_references(sheet)
    sheet.heading("Andre muligheter")
    sheet.text(
        "Vi gir gjerne råd om andre fritidstilbud i kommunen. Endrer situasjonen seg, kan det søkes på nytt når som helst.",
    )
    correspondence.rights_of_appeal(sheet, suspendable=False)
    correspondence.close(sheet, "sak", decision=True)
    return sheet


def change() -> Sheet:
    sheet = correspondence.start("Vedtak om endring", "endring.sak")
    correspondence.concerning(sheet, "endring.sak")
    sheet.text(
        "Vi har endret vedtaket fra {{ endring.sak.vedtaksdato }} om {{ tjenestenavn }} ({{ endring.sak.tiltak }}). "
        "Endringen gjelder fra {{ endring.gjelder_fra }}.",
    )
    sheet.heading("Dette er endret")
    sheet.text("{{ endring.forslag }}")
    sheet.text(
        "Vedtaket gjelder {% if endring.sak.gjelder_til %}til {{ endring.sak.gjelder_til }}{% else %}inntil videre{% endif %}. "
        "Det som ikke er nevnt her, er som før.",
    )
    sheet.text("Målet med tilbudet: {{ endring.sak.formål }}")
    sheet.heading("Derfor har vi bestemt dette")
    _heard(sheet)
    sheet.text("{{ endring.begrunnelse }}")
    correspondence.legal_references(sheet)
    correspondence.rights_of_appeal(sheet, parts=" Du kan klage på hele endringen eller på deler av den.")
    correspondence.close(sheet, "endring.sak", decision=True)
    return sheet


def ending() -> Sheet:
    sheet = correspondence.start("Vedtak om avslutning", "endring.sak")
    correspondence.concerning(sheet, "endring.sak")
    with sheet.when("endring.sak.avslutningsgrunn == 'mål nådd'"):
        sheet.text("Gratulerer, målet med tilbudet er nådd!")
    sheet.text(
        "Vi avslutter tilbudet om {{ tjenestenavn }} ({{ endring.sak.tiltak }}) fra {{ endring.gjelder_fra }}. "
        "Fra den dagen gjelder ikke vedtaket fra {{ endring.sak.vedtaksdato }} lenger.",
    )
    sheet.heading("Dette avslutter vi")
    sheet.table(
        ("Tilbud", "Timer per uke", "Avsluttes"),
        (
            Row(
                (
                    "{{ endring.sak.tiltak | liste | stor_forbokstav }}",
                    "{{ endring.sak.timer_per_uke }}",
                    "{{ endring.gjelder_fra }}",
                )
            ),
        ),
        (80, 35, 45),
    )
    sheet.text("Målet med tilbudet var: {{ endring.sak.formål }}")
    sheet.heading("Derfor har vi bestemt dette")
    with sheet.when("endring.sak.avslutningsgrunn == 'mål nådd'"):
        sheet.text("Målet med tilbudet er nådd, og deltakelsen fungerer nå uten støtte fra oss.")
    with sheet.when("endring.sak.avslutningsgrunn == 'brukers ønske'"):
        wisher = by_reader("endring.sak", user="du", other="{{ endring.sak.bruker.navn }}")
        sheet.text(f"Vi avslutter tilbudet fordi {wisher} ønsker det.")
    with sheet.when("endring.sak.avslutningsgrunn == 'flyttet'"):
        sheet.text("Kommunen kan ikke gi tilbudet etter flytting. Ta kontakt med den nye kommunen for å søke der.")
    _heard(sheet)
    sheet.text("{{ endring.begrunnelse }}")
    with sheet.when("endring.sak.avslutningsgrunn != 'flyttet'"):
        sheet.heading("Hvis behovet kommer tilbake")
        sheet.text("Det kan søkes på nytt når som helst. Ta kontakt med oss, så hjelper vi med søknaden.")
    correspondence.legal_references(sheet)
    correspondence.rights_of_appeal(sheet)
    correspondence.close(sheet, "endring.sak", decision=True)
    return sheet


def _heard(sheet: Sheet) -> None:
    with sheet.when("endring.varsel_sendt"):
        sheet.text(
            "Vi varslet om dette {{ endring.varsel_sendt }}. "
            "{% if endring.uttalelse_mottatt %}Vi fikk en uttalelse {{ endring.uttalelse_mottatt }} og har vurdert den."
            "{% else %}Vi fikk ingen uttalelse innen fristen.{% endif %}",
        )
