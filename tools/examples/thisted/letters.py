"""Thisted's Word templates in their first form: plain Danish, to the citizen, one look with the other examples."""

from __future__ import annotations

from typing import Final

from tools.letters.sheet import House, Row, Sheet

DANISH: Final = House(
    language="da-DK",
    sender=("{{ kontor.kommune }}", "{{ kontor.enhed }}"),
    foot=(
        "{{ kontor.kommune }}, {{ kontor.enhed }} · {{ kontor.postadresse }}",
        "Telefon {{ kontor.telefon }} · {{ kontor.email }} · {{ kontor.hjemmeside }} · CVR-nr. {{ kontor.cvr }}",
    ),
    running="{{ kontor.kommune }} · Brev {{ brev.id }} · {{ brev.dato }}",
    page=("Side", "af"),
    recipient="{{ modtager.navn }}",
    address=("linje", "modtager.adresse"),
    references=("Sagsnummer", "Dato", "Sagsbehandler", "Telefon"),
    date="{{ brev.dato }}",
    questions="Har du spørgsmål?",
    greeting="Venlig hilsen",
    company=(
        ("brev.bilag", "Bilag: {{ brev.bilag }}"),
        ("brev.parter and modtager.rolle == 'to'", "Brevet er også sendt til: {{ brev.parter }}"),
        ("brev.kopi_til", "Kopi til: {{ brev.kopi_til }}"),
    ),
    signature=("Sted og dato", "Underskrift"),
    styles={
        "Avsender": "Afsender",
        "Enhet": "Enhed",
        "Referanse": "Reference",
        "Tabell": "Tabel",
        "Avslutning": "Afslutning",
        "Sluttmerke": "Slutmærke",
        "Merknad": "Bemærkning",
        "Bunntekst": "Sidefodstekst",
    },
)

SIGNED: Final = "Brevet er godkendt elektronisk og har derfor ingen underskrift."
DECIDED: Final = "Afgørelsen er godkendt elektronisk og har derfor ingen underskrift."
WEEKDAY: Final = "{{{{ {0} | dato_med_ugedag | capitalize }}}}"


def _letter(title: str, case: str) -> Sheet:
    """A letter in a case: window, references, heading, and why somebody else than the citizen gets it."""
    sheet = Sheet(title, DANISH)
    handler = f"{case}.ansvarlig"
    sheet.letter_top(f"{{{{ {case}.sagsnummer }}}}", f"{{{{ {handler}.navn }}}}", f"{{{{ {handler}.telefon }}}}")
    sheet.title("{{ brev.titel }}")
    with sheet.when(f"modtager.navn != {case}.borger.navn"):
        sheet.text(
            f"Brevet er skrevet til {{{{ {case}.borger.navn }}}}. Du får det også, fordi du er værge eller partsrepræsentant."
        )
    return sheet


def _close(sheet: Sheet, case: str, approval: str = SIGNED) -> bytes:
    handler = f"{case}.ansvarlig"
    sheet.closing(
        f"Ring til {{{{ {handler}.navn }}}} på telefon {{{{ {handler}.telefon }}}}, eller skriv til {{{{ kontor.email }}}}. "
        "Skriv ikke private oplysninger i en almindelig e-mail.",
        f"{{{{ {handler}.navn }}}}",
        approval,
    )
    return sheet.content()


def _references(sheet: Sheet) -> None:
    sheet.text("Reglerne står i {{ brev.hjemler }}.")


def _how_to_complain(sheet: Sheet) -> None:
    sheet.heading("Du kan klage")
    sheet.text(
        "Er du uenig i afgørelsen, kan du klage til Ankestyrelsen. Klagen skal du sende til os inden {{ klagefrist "
        "}}, efter at "
        "du har fået brevet. Du kan skrive til {{ kontor.kommune }}, {{ kontor.enhed }}, {{ kontor.postadresse }}. "
        "Du kan også ringe til os på {{ kontor.telefon }}, så skriver vi klagen ned.",
    )
    sheet.text(
        "Et brev i Digital Post har du fået samme dag. Et brev med posten regner vi med, at du har fået "
        "{{ postbesørgelse }} efter datoen på brevet.",
    )
    sheet.text(
        "Vi ser på sagen igen, inden der er gået {{ genvurdering }}. Får du ikke ret i det hele, sender vi klagen videre til "
        "Ankestyrelsen, som afgør den. Klager du for sent, så skriv hvorfor. Klagen kan i særlige tilfælde blive "
        "behandlet alligevel.",
    )
    sheet.lead_in("Du har også ret til:")
    sheet.bullets(
        "at få hjælp af os til at skrive klagen",
        "at se papirerne i din sag",
        "at lade en anden tale eller klage for dig, når du har givet en fuldmagt.",
    )


def receipt() -> bytes:
    sheet = _letter("Kvittering", "henvendelse")
    sheet.text(
        "Tak for henvendelsen, som vi fik den {{ henvendelse.modtaget }}. Den handler om en {{ ydelsens_navn }}. "
        "Du får svar senest den {{ henvendelse.svar_senest }}.",
    )
    sheet.heading("Det sker der nu")
    sheet.bullets(
        "Vi taler med dig om, hvad du har brug for, og hvad du selv ønsker.",
        "Mangler vi oplysninger fra andre, spørger vi dig først.",
        "Når vi har det, vi skal bruge, bliver sagen lagt frem til visitation. Det skriver vi til dig om.",
        "Derefter får du en skriftlig afgørelse.",
    )
    sheet.heading("Godt at vide")
    sheet.bullets(
        "Støtten er frivillig. Du kan altid sige nej tak.",
        "Støtten er gratis, uanset hvad du tjener og ejer. Du betaler selv, når du deltager i noget, og for din transport.",
        "Du kan tage en, du stoler på, med til samtalen.",
    )
    sheet.text(
        "Kan vi ikke svare inden for {{ sagsbehandlingstid }}, skriver vi til dig, hvornår du får svar. "
        "Reglerne står i {{ brev.hjemler }}."
    )
    return _close(sheet, "henvendelse")


def put_forward() -> bytes:
    sheet = _letter("Besked om indstilling", "henvendelse")
    sheet.text(
        "Vi har nu de oplysninger, som vi skal bruge. Din sag om en {{ ydelsens_navn }} blev den {{ "
        "henvendelse.indstillet }} "
        "indstillet til visitation. Det betyder, at den er lagt frem til afgørelse.",
    )
    sheet.text("Du får svar senest den {{ henvendelse.svar_senest }}. Du skal ikke gøre noget, mens du venter.")
    sheet.heading("Det sker der nu")
    sheet.bullets(
        "Vi afgør, om du får støtten, hvor ofte, og hvor længe.",
        "Du får afgørelsen skriftligt, med vores grunde, og du kan klage over den.",
        "Får du støtten, begynder den så hurtigt, som det er muligt.",
    )
    sheet.text("Er der sket noget nyt, som har betydning for sagen, så ring til din sagsbehandler.")
    sheet.text("Du får brevet, fordi det står i {{ brev.hjemler }}.")
    return _close(sheet, "henvendelse")


def delay() -> bytes:
    case = "forsinkelse.henvendelse"
    sheet = _letter("Besked om forsinkelse", case)
    sheet.text(
        "Vi kan ikke nå at afgøre din sag om en {{ ydelsens_navn }} til tiden. "
        "Nu venter vi at kunne svare dig senest den {{ forsinkelse.forventet_svar }}. Det beklager vi.",
    )
    sheet.text(
        "Vi fik henvendelsen den {{ forsinkelse.henvendelse.modtaget }}, og du skulle have haft svar inden for {{ "
        "sagsbehandlingstid }}."
    )
    sheet.heading("Derfor tager det længere tid")
    for reason, text in {
        "vi mangler oplysninger fra andre": "Vi venter på oplysninger fra andre. Uden dem kan vi ikke afgøre sagen på "
        "et godt grundlag.",
        "vi mangler en samtale med dig": "Vi har endnu ikke fået talt nok med dig. Ring gerne til os, så finder vi en "
        "tid, der passer dig.",
        "vi har mange sager": "Vi har mange sager lige nu. Vi tager dem i den rækkefølge, de er kommet.",
    }.items():
        with sheet.when(f"forsinkelse.grund == '{reason}'"):
            sheet.text(text)
    sheet.heading("Det sker der nu")
    sheet.text(
        "Din sag ligger stadig hos os. Du skal ikke søge igen. Kan vi heller ikke nå den nye dato, skriver vi til dig igen. "
        "Reglen står i {{ brev.hjemler }}.",
    )
    return _close(sheet, case)


def _goals(sheet: Sheet) -> None:
    sheet.table(
        ("Mål", "Delmål på vejen"),
        (Row(("{{ punkt.tekst }}", "{{ punkt.delmål | liste }}"), each="punkt in bevilling.mål"),),
        (70, 90),
    )


def grant() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Bevilling", case)
    sheet.text(
        "Vi har besluttet, at du får en {{ ydelsens_navn }}. Det er svaret på henvendelsen, som vi fik "
        "den {{ bevilling.henvendelse.modtaget }}.",
    )
    sheet.table(
        ("Hvor ofte", "Fra", "Til"),
        (Row(("{{ bevilling.omfang | capitalize }}", "{{ bevilling.fra }}", "{{ bevilling.til }}")),),
        (70, 45, 45),
    )
    sheet.heading("Det arbejder vi hen mod")
    _goals(sheet)
    sheet.heading("Derfor har vi besluttet det")
    sheet.text("{{ bevilling.begrundelse }}")
    sheet.heading("Det sker der nu")
    sheet.text(
        "Støtten begynder så hurtigt, som det er muligt. Du får at vide, hvem der kommer, og I aftaler selv tiderne. "
        "Støtten er frivillig og gratis. Du betaler selv, når du deltager i noget, og for din transport.",
    )
    sheet.text(
        "Inden den {{ bevilling.til }} skriver du og din kontaktperson en status. Bagefter taler du, kontaktpersonen "
        "og vi om, "
        "hvordan det er gået med målene, og hvad der skal ske. Støtten kan ikke blive permanent. Undervejs ser vi på, om et "
        "almindeligt tilbud passer bedre til dig.",
    )
    sheet.heading("Det skal du fortælle os")
    sheet.text(
        "Sker der noget, som har betydning for støtten, skal du sige det til din sagsbehandler. Det kan være, at du flytter, "
        "eller at du får brug for mere eller mindre hjælp. Din kontaktperson har den samme pligt.",
    )
    _references(sheet)
    _how_to_complain(sheet)
    return _close(sheet, case, DECIDED)


def refusal() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Afslag", case)
    sheet.text(
        "Vi har besluttet, at du ikke får en {{ ydelsens_navn }}. Det er svaret på henvendelsen, som vi fik "
        "den {{ bevilling.henvendelse.modtaget }}. Du kan klage inden {{ klagefrist }}, efter at du har fået brevet.",
    )
    sheet.heading("Derfor har vi besluttet det")
    sheet.text("{{ bevilling.begrundelse }}")
    _references(sheet)
    sheet.heading("Andre muligheder")
    sheet.text("Vi hjælper dig gerne med at finde et andet tilbud. Ændrer din situation sig, kan du altid henvende dig igen.")
    _how_to_complain(sheet)
    return _close(sheet, case, DECIDED)


def contact_person() -> bytes:
    case = "støtte.henvendelse"
    sheet = _letter("Din kontaktperson", case)
    sheet.text(
        "Din {{ ydelsens_navn }} er {{ støtte.kontaktperson.navn }}. Du kan ringe eller sende en sms til "
        "{{ støtte.kontaktperson.telefon }}.",
    )
    sheet.table(
        ("Det første møde", "Aftalte tider"),
        (
            Row(
                (
                    WEEKDAY.format("støtte.første_kontakt"),
                    "{{ støtte.tidspunkter or 'Dem aftaler I, når I mødes.' }}",
                )
            ),
        ),
        (70, 90),
    )
    sheet.text("Passer det dig ikke, så sig til. Så finder I noget andet.")
    with sheet.when("støtte.måder"):
        sheet.text("I kan bruge tiden på flere måder: {{ støtte.måder | liste('eller') }}.")
    with sheet.when("støtte.henvendelse.form == 'opsøgende'"):
        sheet.text("Du skal ikke søge om noget, og vi har ikke truffet nogen afgørelse. Du kan sige nej tak, når du vil.")
    with sheet.when("støtte.bevilling"):
        sheet.text(
            "Støtten følger af vores afgørelse af den {{ støtte.bevilling.afgjort }}. Den gælder til den {{ "
            "støtte.bevilling.til }}."
        )
    sheet.heading("Det kan du regne med")
    sheet.bullets(
        "Kontaktpersonen er ansat i kommunen, er uddannet til opgaven og har tavshedspligt.",
        "I aftaler tiderne sammen.",
        "Er kontaktpersonen syg eller på ferie, laver vi en aftale med dig om, hvad der så skal ske.",
        "Det er gratis. Du betaler selv, når du deltager i noget, og for din transport.",
    )
    sheet.heading("Hvis noget ændrer sig")
    sheet.text(
        "Du og din kontaktperson skal fortælle os om ændringer, der har betydning for støtten. "
        "Reglerne om støtten står i {{ brev.hjemler }}.",
    )
    return _close(sheet, case)


def absence() -> bytes:
    case = "fraværsaftale.støtte.henvendelse"
    sheet = _letter("Aftale ved fravær", case)
    sheet.text(
        "Din kontaktperson {{ fraværsaftale.støtte.kontaktperson.navn }} er væk fra den {{ fraværsaftale.fra }}"
        "{% if fraværsaftale.til %} til den {{ fraværsaftale.til }}{% else %}, og vi ved ikke endnu, hvor længe{% endif %}. "
        "Her er det, vi har aftalt med dig.",
    )
    sheet.heading("Vores aftale")
    sheet.text("{{ fraværsaftale.aftale }}")
    with sheet.when("fraværsaftale.afløser"):
        sheet.text(
            "I mellemtiden kan du ringe til {{ fraværsaftale.afløser.navn }} på {{ fraværsaftale.afløser.telefon }}. "
            "{{ fraværsaftale.afløser.navn }} har også tavshedspligt.",
        )
    with sheet.when("not fraværsaftale.afløser"):
        sheet.text("Har du brug for noget i mellemtiden, kan du ringe til din sagsbehandler.")
    sheet.text(
        "Passer aftalen dig ikke, så sig til. Så finder vi en anden. Du får aftalen, fordi det står i {{ brev.hjemler }}."
    )
    return _close(sheet, case)


def status() -> bytes:
    """For the file: the goals are filled in, the rest is written by contact person and citizen together."""
    sheet = Sheet("Skriftlig status", DANISH)
    sheet.title("{{ brev.titel }}")
    sheet.text(
        "Sag {{ bevilling.henvendelse.sagsnummer }} · {{ bevilling.henvendelse.borger.navn }} · "
        "Kontaktperson {{ bevilling.kontaktperson.navn }}. Skriv status sammen med borgeren, og send den til Myndighed, "
        "{{ bevilling.henvendelse.ansvarlig.navn }}, senest den {{ brev.frist }}.",
    )
    sheet.text("Bevillingen gælder fra den {{ bevilling.fra }} til den {{ bevilling.til }}, {{ bevilling.omfang }}.")
    sheet.heading("Målene")
    sheet.table(
        ("Mål og delmål", "Hvor langt er vi nået?", "Nået"),
        (
            Row(
                ("{{ punkt.tekst }} ({{ punkt.delmål | liste }})", "", "☐ Ja  ☐ Delvist  ☐ Nej"),
                each="punkt in bevilling.mål",
            ),
        ),
        (55, 60, 45),
        row_height=24,
    )
    sheet.heading("Perioden")
    sheet.table(
        ("Vi har set på", "Det skriver vi"),
        tuple(
            Row((question, ""))
            for question in (
                "Hvad har støtten bestået i?",
                "Hvad har hjulpet, og hvad har ikke?",
                "Er der sket ændringer, som har betydning?",
                "Kan et almindeligt tilbud bruges nu?",
                "Borgerens egne ord",
                "Forslag: forlænges, ændres, ophører",
            )
        ),
        (60, 100),
        row_height=15,
    )
    sheet.heading("Underskrifter")
    sheet.signatures("{{ bevilling.henvendelse.borger.navn }}", "{{ bevilling.kontaktperson.navn }}")
    return sheet.content()


def invitation() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Indkaldelse til opfølgning", case)
    sheet.text(
        "Din bevilling af en {{ ydelsens_navn }} gælder til den {{ bevilling.til }}. Inden da vil vi gerne tale med "
        "dig om, hvordan det "
        "går, og hvad der skal ske. Din kontaktperson {{ bevilling.kontaktperson.navn }} er med.",
    )
    sheet.table(
        ("Dag", "Klokken", "Sted"),
        (Row((WEEKDAY.format("bevilling.opfølgningsmøde"), "{{ bevilling.klokkeslæt }}", "{{ bevilling.sted }}")),),
        (70, 25, 65),
    )
    sheet.text("Passer tiden eller stedet dig ikke, så ring til din sagsbehandler. Så finder vi noget andet.")
    sheet.heading("Det skal vi tale om")
    sheet.text("Vi tager udgangspunkt i de mål, som vi skrev i bevillingen:")
    _goals(sheet)
    sheet.bullets(
        "Hvad er gået godt, og hvad har været svært?",
        "Hvad viser den status, som du og din kontaktperson har skrevet?",
        "Skal støtten fortsætte, laves om eller slutte? Kan et almindeligt tilbud bruges?",
    )
    sheet.text("Du kan bruge arket, der følger med, til at forberede dig. Du kan tage en, du stoler på, med.")
    sheet.text("Samtalen følger af {{ brev.hjemler }}.")
    return _close(sheet, case)


def ending() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Ophør", case)
    sheet.text(
        "Vi har besluttet, at din støtte fra en {{ ydelsens_navn }} ophører den {{ bevilling.ophørt }}. "
        "Bevillingen af den {{ bevilling.afgjort }} gælder ikke efter den dag.",
    )
    sheet.heading("Derfor ophører støtten")
    for reason, text in {
        "mål nået": "Målene er nået. Det er flot!",
        "borgerens ønske": "Du har sagt, at du ikke ønsker støtten længere.",
        "almindeligt tilbud": "Du kan nu bruge et almindeligt tilbud i stedet.",
        "flyttet": "Du er flyttet. Har du stadig brug for støtte, kan du henvende dig til din nye kommune.",
        "ikke længere i målgruppen": "Du er ikke længere i den gruppe, som støtten er for.",
    }.items():
        with sheet.when(f"bevilling.ophørsgrund == '{reason}'"):
            sheet.text(text)
    sheet.text("{{ bevilling.ophørsbegrundelse }}")
    with sheet.when("bevilling.fulgt_op"):
        sheet.text("Vi talte om det ved opfølgningen den {{ bevilling.fulgt_op }}.")
    sheet.heading("Hvis du får brug for støtte igen")
    sheet.text("Støtten kan begynde igen. Ring til os, når du får brug for det.")
    _references(sheet)
    _how_to_complain(sheet)
    return _close(sheet, case, DECIDED)


def complaint_received() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Kvittering for klage", case)
    sheet.text(
        "Vi fik den {{ bevilling.klage_modtaget }} din klage over afgørelsen af den {{ bevilling.afgjort }}. "
        "Vi ser på sagen igen senest den {{ bevilling.deadlines.genvurdering.due }}. Du skal ikke gøre noget nu.",
    )
    sheet.heading("Det sker der nu")
    sheet.bullets(
        "Giver vi dig ret, får du en ny afgørelse.",
        "Giver vi dig ikke ret i det hele, sender vi klagen til Ankestyrelsen, og det skriver vi til dig om. "
        "Det er Ankestyrelsen, der afgør klagen.",
    )
    sheet.heading("Det kan du gøre")
    sheet.bullets(
        "Har du nye oplysninger, kan du sende dem til os.",
        "Du kan se papirerne i din sag.",
        "Du kan lade en anden tale for dig, når du har givet en fuldmagt.",
    )
    sheet.text("Reglerne om klage står i {{ brev.hjemler }}.")
    return _close(sheet, case)


def complaint_sent_on() -> bytes:
    case = "bevilling.henvendelse"
    sheet = _letter("Klagen er sendt videre", case)
    sheet.text(
        "Vi har set på din sag igen, men giver dig ikke ret i det hele. Derfor sendte vi den {{ "
        "bevilling.klage_videresendt }} din klage "
        "over afgørelsen af den {{ bevilling.afgjort }} til Ankestyrelsen. Du skal ikke gøre noget nu. "
        "Ankestyrelsen skriver til dig.",
    )
    sheet.heading("Derfor laver vi ikke afgørelsen om")
    sheet.text("{{ bevilling.klagevurdering }}")
    sheet.heading("Det kan du gøre")
    sheet.bullets(
        "Har du mere at sige, kan du skrive til Ankestyrelsen. Skriv vores sagsnummer, {{ bevilling.henvendelse.sagsnummer }}.",
        "Du kan få en kopi af det, som vi har sendt.",
        "Fortryder du klagen, kan du sige det til os eller til Ankestyrelsen.",
    )
    sheet.text("Reglerne om klage står i {{ brev.hjemler }}.")
    return _close(sheet, case)


def preparation() -> bytes:
    """The enclosure of the invitation: for the citizen, to write on before the talk."""
    sheet = Sheet("Ark til samtalen", DANISH)
    sheet.title("Ark til din samtale om støtten")
    sheet.text(
        "Arket er til dig. Du bestemmer selv, om du vil skrive på det, og om du vil vise det til os. "
        "Din kontaktperson kan hjælpe dig.",
    )
    sheet.heading("Dine mål")
    sheet.table(
        ("Mål", "Det er gået sådan her"),
        (Row(("{{ punkt.tekst }}", ""), each="punkt in bevilling.mål"),),
        (70, 90),
        row_height=16,
    )
    sheet.heading("Dine tanker")
    sheet.table(
        ("Spørgsmål", "Mit svar"),
        tuple(
            Row((question, ""))
            for question in (
                "Hvad har jeg været glad for?",
                "Hvad har været svært?",
                "Hvad vil jeg gerne kunne om et halvt år?",
                "Hvor ofte har jeg brug for støtte?",
                "Hvad vil jeg gerne have lavet om?",
            )
        ),
        (70, 90),
        row_height=18,
    )
    return sheet.content()


def letterhead() -> bytes:
    """The top and foot that all share; the body tells staff what the file is for."""
    sheet = Sheet("Brevhoved", DANISH)
    sheet.title("Brevhovedet")
    sheet.text(
        "Toppen og bunden på denne side står på alle breve og skemaer. Ret dem her, så ændres de alle sammen. "
        "Teksten i midten kommer ikke med i noget brev.",
    )
    return sheet.content()


def documents() -> dict[str, bytes]:
    """All files of the templates' folder by name."""
    return {
        f"{name}.docx": content
        for name, content in {
            "brevhoved": letterhead(),
            "kvittering": receipt(),
            "besked": put_forward(),
            "forsinkelse": delay(),
            "bevilling": grant(),
            "afslag": refusal(),
            "støtteperson": contact_person(),
            "fraværsaftale": absence(),
            "status": status(),
            "indkaldelse": invitation(),
            "samtaleark": preparation(),
            "ophør": ending(),
            "klage_modtaget": complaint_received(),
            "klage_videresendt": complaint_sent_on(),
        }.items()
    }
