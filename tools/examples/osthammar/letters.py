"""The first form of Östhammar's letters and forms: plain Swedish, in the look that all letters have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.examples.osthammar.account import account_form
from tools.letters.sheet import House, Row, Sheet

SWEDISH: Final = House(
    language="sv-SE",
    sender=("{{ kontor.kommun }}", "{{ kontor.enhet }}"),
    foot=(
        "{{ kontor.kommun }}, {{ kontor.enhet }} · {{ kontor.postadress }} · Besök: {{ kontor.besöksadress }}",
        "Telefon {{ kontor.telefon }} · {{ kontor.epost }} · {{ kontor.webbplats }} · Org.nr {{ kontor.organisationsnummer }}",
    ),
    running="{{ kontor.kommun }} · Brev {{ brev.id }} · {{ brev.datum }}",
    page=("Sida", "av"),
    recipient="{{ mottagare.namn }}",
    address=("rad", "mottagare.adress"),
    references=("Vår beteckning", "Datum", "Handläggare", "Telefon"),
    date="{{ brev.datum }}",
    questions="Har du frågor?",
    greeting="Med vänlig hälsning",
    company=(
        ("brev.bilagor", "Bilagor: {{ brev.bilagor }}"),
        ("brev.parter and mottagare.roll == 'to'", "Brevet har också skickats till: {{ brev.parter }}"),
        ("brev.kopia_till", "Kopia till: {{ brev.kopia_till }}"),
    ),
    signature=("Ort och datum", "Underskrift"),
    address_first=False,
    styles={
        "Avsender": "Avsändare",
        "Adresse": "Adress",
        "Referanse": "Referens",
        "Sluttmerke": "Slutmärke",
        "Merknad": "Anmärkning",
        "Bunntekst": "Sidfotstext",
        "Styring": "Styrning",
    },
)
APPROVED: Final = "Brevet är godkänt elektroniskt och har därför ingen underskrift."
DECIDED: Final = "Beslutet är fattat av {{ beslut.beslutad_av }} och godkänt elektroniskt. Därför har det ingen underskrift."
OFFICE: Final = "{{ kontor.kommun }}, {{ kontor.enhet }}, {{ kontor.postadress }}"
MEETINGS: Final = (
    "{{ beslut.träffar }} {% if beslut.träffar == 1 %}träff{% else %}träffar{% endif %} "
    "{% if beslut.per == 'vecka' %}i veckan{% else %}i månaden{% endif %}"
)
HOURS: Final = "{{ beslut.timmar_minst }}–{{ beslut.timmar_högst }} timmar per månad"
ENDS: Final = "{% if uppdrag.beslut.gäller_till %}till {{ uppdrag.beslut.gäller_till }}{% else %}tills vidare{% endif %}"
UNTIL: Final = "{% if beslut.gäller_till %}{{ beslut.gäller_till }}{% else %}tills vidare{% endif %}"


def documents() -> Mapping[str, bytes]:
    """Every template by its file name, the same bytes each time."""
    made = {
        "brevhuvud": letterhead,
        "bekräftelse": receipt,
        "kallelse_utredning": talk,
        "kommunicering": hearing,
        "beslut": grant,
        "avslag": refusal,
        "beställning": order,
        "kallelse_uppföljning": review,
        "överklagande_mottaget": appeal_received,
        "överklagande_överlämnat": appeal_sent_on,
        "avvisning": appeal_dismissed,
        "matchningsmöte": matching,
        "matchningsmöte_kontaktperson": matching_contact,
        "avtal": agreement,
        "anställningsuppgifter": employment_facts,
        "genomförandeplan": plan,
        "uppdrag_upphör": assignment_ends,
        "mottagningsbevis": receipt_of_service,
        "tystnadsförbindelse": confidentiality,
    }
    return {**{f"{name}.docx": make().content() for name, make in made.items()}, "redovisning.xlsx": account_form()}


# ------------------------------------------------------------------ what letters have in common


def _letter(title: str, number: str, person: str) -> Sheet:
    """A letter with address, references and heading.

    Args:
        title: of the document, for Word's properties.
        number: expression of what the letter's reference is.
        person: expression of the member of staff who answers for it.
    """
    sheet = Sheet(title, SWEDISH)
    sheet.letter_top(f"{{{{ {number} }}}}", f"{{{{ {person}.namn }}}}", f"{{{{ {person}.telefon or kontor.telefon }}}}")
    sheet.title("{{ brev.titel }}")
    return sheet


def _file(title: str, note: str) -> Sheet:
    """A document for the case file: no address."""
    sheet = Sheet(title, SWEDISH)
    sheet.title("{{ brev.titel }}")
    sheet.text(note)
    return sheet


def _concerning(sheet: Sheet, case: str) -> None:
    """Whose case it is, for a reader who is somebody else."""
    with sheet.when(f"mottagare.namn != {case}.enskild.namn"):
        sheet.text(f"Ärendet gäller {{{{ {case}.enskild.namn }}}}.")


def _by_reader(case: str, *, self: str, other: str) -> str:
    """Words that depend on whether the reader is the one whom the case is about."""
    return f"{{% if mottagare.namn == {case}.enskild.namn %}}{self}{{% else %}}{other}{{% endif %}}"


def _close(sheet: Sheet, person: str, *, approval: str = APPROVED) -> None:
    """Whom to ask, and who writes."""
    sheet.closing(
        f"Kontakta {{{{ {person}.namn }}}} på telefon {{{{ {person}.telefon or kontor.telefon }}}} eller e-post "
        f"{{{{ {person}.epost or kontor.epost }}}}. Skriv inget personligt i e-post.",
        f"{{{{ {person}.namn }}}}, {{{{ {person}.roll }}}}",
        approval,
    )


def _appeal(sheet: Sheet, title: str = "Så här överklagar du") -> None:
    """Everything that a party must be told about contesting a decision."""
    sheet.heading(title)
    sheet.text(
        "Är du inte nöjd med beslutet kan du överklaga det till {{ kontor.domstol }}. "
        f"Skriv till domstolen, men skicka eller lämna brevet till oss: {OFFICE}. "
        "Överklagandet ska ha kommit till oss inom {{ överklagandetid }} från den dag då du fick det här beslutet.",
    )
    with sheet.unsplit():
        sheet.lead_in("Skriv i överklagandet:")
        sheet.bullets(
            "vilket beslut du överklagar: nummer {{ beslut.nummer }} av den {{ brev.datum }}",
            "hur du vill att beslutet ska ändras, och varför",
            "ditt namn, personnummer, adress och telefonnummer.",
        )
    sheet.text(
        "Vi prövar först om vi själva ska ändra beslutet. Gör vi inte det skickar vi överklagandet vidare till domstolen. "
        "Kommer det för sent kan vi inte ta upp det. Din handläggare hjälper dig att överklaga om du vill. "
        "Du kan också låta ett ombud med fullmakt överklaga för dig.",
    )


# ------------------------------------------------------------------ the case


def letterhead() -> Sheet:
    sheet = Sheet("Brevhuvud", SWEDISH)
    sheet.title("Brevhuvudet")
    sheet.text(
        "Sidhuvudet och sidfoten i den här filen används i alla brev och blanketter. Ändra dem här, på ett ställe. "
        "Första sidan har egna. Brev som inte är skickade görs på nytt nästa natt.",
    )
    return sheet


def receipt() -> Sheet:
    sheet = _letter("Bekräftelse av begäran", "ärende.nummer", "ärende.handläggare")
    subject = _by_reader("ärende", self="", other=" för {{ ärende.enskild.namn }}")
    sheet.text(
        f"Den {{{{ ärende.inkommen }}}} fick vi en begäran om kontaktperson{subject}. "
        "{{ ärende.handläggare.namn }} handlägger ärendet.",
    )
    with sheet.when("ärende.underlag == 'saknas'"):
        sheet.heading("Vi behöver ett intyg")
        sheet.text(
            "Vi saknar ett medicinskt underlag. Det behövs för att vi ska kunna se om "
            f"{_by_reader('ärende', self='du', other='{{ ärende.enskild.namn }}')} hör till den grupp som lagen gäller "
            "(personkretsen, 1 § LSS). Underlaget kan vara ett läkarintyg eller ett utlåtande av en psykolog.",
        )
        sheet.text(f"Skicka det till oss så snart du kan, helst inom {{{{ underlagstid }}}}: {OFFICE}.")
        sheet.text("Behöver du hjälp med att få fram underlaget? Hör av dig, så hjälper vi till.")
    with sheet.when("ärende.underlag == 'finns'"):
        sheet.text("Vi har det medicinska underlag som behövs. Du behöver inte skicka något mer nu.")
    sheet.heading("Så går det till")
    sheet.steps(
        "Vi bokar en tid för ett samtal om behov och önskemål. Vi kan ses hos oss eller hemma. Ibland räcker telefonen.",
        "Vi utreder om behovet finns, och om det redan är tillgodosett på något annat sätt.",
        "Du får läsa utredningen och säga vad du tycker innan vi beslutar.",
        "Du får ett skriftligt beslut. Det går att överklaga.",
    )
    sheet.text(
        "Vi räknar med att kunna besluta senast den {{ ärende.deadlines.utredning.due }}. Tar det längre tid hör vi av oss."
    )
    sheet.note("Vi handlägger ärendet enligt {{ brev.lagrum }}.")
    _close(sheet, "ärende.handläggare")
    return sheet


def talk() -> Sheet:
    sheet = _letter("Kallelse till samtal", "ärende.nummer", "ärende.handläggare")
    subject = _by_reader("ärende", self="", other=" för {{ ärende.enskild.namn }}")
    sheet.text(
        f"Vi vill träffas och prata om begäran om kontaktperson{subject}. Passar inte tiden? Hör av dig, så hittar vi en ny."
    )
    sheet.table(
        ("Dag", "Klockan", "Så ses vi"),
        (Row(("{{ ärende.utredningsmöte | datum_med_veckodag }}", "{{ ärende.utredning_klockan }}", PLACE)),),
        (62, 26, 72),
    )
    sheet.heading("Det här pratar vi om")
    sheet.bullets(
        "Hur ser vardagen och fritiden ut? Vad fungerar bra, och vad saknas?",
        "Får "
        + _by_reader("ärende", self="du", other="{{ ärende.enskild.namn }}")
        + " redan stöd av anhöriga, en förening, skolan, ett nätverk eller personal?",
        "Vad ska en kontaktperson bidra med, och hur ofta?",
        "Finns det någon särskild person som önskas? Det får inte vara någon i samma hushåll.",
    )
    sheet.heading("Före samtalet")
    sheet.bullets(
        "Du får ta med dig någon som du litar på.",
        "Säg till om du behöver tolk eller annat stöd.",
    )
    sheet.note("Vi handlägger ärendet enligt {{ brev.lagrum }}.")
    _close(sheet, "ärende.handläggare")
    return sheet


PLACE: Final = (
    "{% if ärende.utredning_sätt == 'hembesök' %}Hemma hos dig"
    "{% elif ärende.utredning_sätt == 'telefon' %}Vi ringer upp"
    "{% else %}{{ kontor.besöksadress }}{% endif %}"
)


def hearing() -> Sheet:
    sheet = _letter("Utredning för synpunkter", "ärende.nummer", "ärende.handläggare")
    _concerning(sheet, "ärende")
    sheet.text(
        "Vi har utrett begäran om kontaktperson som kom den {{ ärende.inkommen }}. Innan vi beslutar får du läsa vad vi har "
        "kommit fram till och säga vad du tycker.",
    )
    sheet.text(
        "Vill du lämna synpunkter? Gör det senast den {{ ärende.deadlines.yttrande.due }}. Du kan ringa, skriva eller komma "
        "till oss. Hör du inte av dig beslutar vi ändå.",
    )
    sheet.heading("Det här har vi kommit fram till")
    sheet.text("{{ ärende.sammanfattning }}")
    with sheet.when("ärende.tillgodoses_annars in ['delvis', 'ja']"):
        sheet.text(
            "Vi bedömer att behovet "
            "{% if ärende.tillgodoses_annars == 'delvis' %}till en del {% endif %}redan är tillgodosett genom "
            "{{ ärende.tillgodoses_genom | lista }}.",
        )
    with sheet.when("ärende.individuell_prövning"):
        sheet.text("Vår prövning i det här ärendet: {{ ärende.individuell_prövning }}")
    with sheet.when("ärende.önskemål"):
        sheet.heading("Önskemål")
        sheet.text("{{ ärende.önskemål }}")
    sheet.note("Du har rätt att ta del av uppgifterna och yttra dig enligt {{ brev.lagrum }}.")
    _close(sheet, "ärende.handläggare")
    return sheet


# ------------------------------------------------------------------ decisions


def grant() -> Sheet:
    sheet = _letter("Beslut om kontaktperson", "beslut.nummer", "beslut.ärende.handläggare")
    subject = _by_reader("beslut.ärende", self="Du", other="{{ beslut.ärende.enskild.namn }}")
    sheet.text(
        f"{subject} beviljas en kontaktperson."
        "{% if beslut.utfall == 'delvis bifall' %} En del av begäran avslås.{% endif %}"
    )
    sheet.heading("Det här är beviljat")
    sheet.table(
        ("Insats", "Hur ofta", "Från", "Till"),
        (Row(("Kontaktperson", MEETINGS, "{{ beslut.gäller_från }}", UNTIL)),),
        (38, 42, 40, 40),
    )
    sheet.text(f"Det motsvarar ungefär {HOURS}.")
    sheet.text("Syftet med insatsen: {{ beslut.syfte }}")
    with sheet.when("beslut.särskilda_skäl"):
        sheet.text("Det finns särskilda skäl för mer än en kontaktperson: {{ beslut.särskilda_skäl }}")
    with sheet.when("beslut.utfall == 'delvis bifall'"):
        sheet.heading("Det här är inte beviljat")
        sheet.text("{{ beslut.inte_beviljat }}")
    sheet.heading("Därför har vi beslutat så")
    sheet.text("{{ beslut.motivering }}")
    with sheet.when("beslut.ärende.individuell_prövning"):
        sheet.text("Vår prövning i det här ärendet: {{ beslut.ärende.individuell_prövning }}")
    sheet.lead_in("Beslutet grundas på:")
    sheet.each("regel in brev.lagrum", "{{ regel }}")
    sheet.heading("Det här händer nu")
    sheet.bullets(
        "Kontaktsekreteraren söker en lämplig kontaktperson och tar hänsyn till önskemål.",
        "När vi har hittat någon bjuder vi in till ett möte, så att ni kan se om ni passar för varandra.",
        "Tillsammans skriver vi en genomförandeplan: vad ni ska göra, hur ofta och när.",
        "Minst en gång om året följer vi upp hur det går. Säg till oss om behovet ändras innan dess.",
    )
    with sheet.when("beslut.gäller_till"):
        sheet.text(
            "Beslutet gäller till och med {{ beslut.gäller_till }}. Vi hör av oss före dess, så att du kan begära ett nytt."
        )
    sheet.text("Skriv under mottagningsbeviset som ligger med och skicka tillbaka det.")
    _appeal(sheet)
    _close(sheet, "beslut.ärende.handläggare", approval=DECIDED)
    return sheet


def refusal() -> Sheet:
    sheet = _letter("Avslag", "beslut.nummer", "beslut.ärende.handläggare")
    _concerning(sheet, "beslut.ärende")
    sheet.text(
        "Vi avslår begäran om kontaktperson som kom den {{ beslut.ärende.inkommen }}. "
        "Beslutet går att överklaga inom {{ överklagandetid }} från den dag då du fick det.",
    )
    sheet.heading("Därför har vi beslutat så")
    sheet.text("{{ beslut.motivering }}")
    with sheet.when("beslut.ärende.tillgodoses_annars == 'ja'"):
        sheet.text(
            "Vi bedömer att behovet redan är tillgodosett genom {{ beslut.ärende.tillgodoses_genom | lista }}. "
            "Då har man inte rätt till insatsen.",
        )
    with sheet.when("beslut.ärende.individuell_prövning"):
        sheet.text("Vår prövning i det här ärendet: {{ beslut.ärende.individuell_prövning }}")
    sheet.lead_in("Beslutet grundas på:")
    sheet.each("regel in brev.lagrum", "{{ regel }}")
    sheet.heading("Andra möjligheter")
    sheet.text("Vi berättar gärna om annat stöd och om aktiviteter i kommunen. Ändras behovet kan du begära insatsen på nytt.")
    sheet.text("Skriv under mottagningsbeviset som ligger med och skicka tillbaka det.")
    _appeal(sheet)
    _close(sheet, "beslut.ärende.handläggare", approval=DECIDED)
    return sheet


def order() -> Sheet:
    sheet = _file(
        "Beställning", "Till akten. Uppgifterna förs in i verksamhetssystemet, där beställningen skickas till utföraren."
    )
    sheet.table(
        ("Uppgift", "Innehåll"),
        (
            Row(("Beslut", "{{ beslut.nummer }}, {{ beslut.datum }}")),
            Row(("Den enskilde", "{{ beslut.ärende.enskild.namn }}")),
            Row(("Insats", "Kontaktperson enligt {{ beslut.ärende.lagrum }}")),
            Row(("Omfattning", f"{MEETINGS}, ungefär {HOURS}")),
            Row(("Tid", f"{{{{ beslut.gäller_från }}}} – {UNTIL}")),
            Row(("Beställs senast", "{{ brev.frist }}")),
            Row(("Biståndshandläggare", "{{ beslut.ärende.handläggare.namn }}")),
        ),
        (45, 115),
    )
    sheet.heading("Syfte")
    sheet.text("{{ beslut.syfte }}")
    sheet.heading("Önskemål om kontaktperson")
    sheet.text("{{ beslut.ärende.önskemål or 'Inga särskilda.' }}")
    sheet.text("Kontaktpersonen får inte höra till den enskildes hushåll.")
    sheet.heading("Att göra")
    sheet.bullets(
        "Kontaktsekreteraren bekräftar att beställningen är mottagen, inom {{ bekräftelse_av_beställning }}.",
        "Beslutet ska vara verkställt senast den {{ beslut.deadlines.verkställighet.due }}. "
        "Efter det rapporteras det till IVO.",
    )
    return sheet


def review() -> Sheet:
    sheet = _letter("Kallelse till uppföljning", "uppföljning.beslut.nummer", "uppföljning.beslut.ärende.handläggare")
    case = "uppföljning.beslut.ärende"
    subject = _by_reader(case, self="din insats", other=f"insatsen för {{{{ {case}.enskild.namn }}}}")
    sheet.text(
        f"Vi vill följa upp {subject} med kontaktperson"
        "{% if uppföljning.anledning == 'årlig' %}. Det gör vi minst en gång om året{% endif %}. "
        "Passar inte tiden? Hör av dig, så hittar vi en ny.",
    )
    sheet.table(
        ("Dag", "Klockan", "Plats"),
        (Row(("{{ uppföljning.mötesdag | datum_med_veckodag }}", "{{ uppföljning.klockan }}", "{{ uppföljning.plats }}")),),
        (62, 26, 72),
    )
    sheet.heading("Det här pratar vi om")
    sheet.bullets(
        "Hur fungerar träffarna? Blir de av så ofta som det står i beslutet?",
        "Når ni det som står i genomförandeplanen?",
        "Behövs insatsen också i fortsättningen, mer eller mindre ofta?",
    )
    with sheet.when("uppföljning.beslut.gäller_till"):
        sheet.text(
            "Beslutet gäller till och med {{ uppföljning.beslut.gäller_till }}. Ska insatsen fortsätta efter det behövs ett "
            "nytt beslut. Det kan du begära på mötet.",
        )
    sheet.text("Du får ta med dig någon som du litar på. Säg till om du behöver tolk eller annat stöd.")
    _close(sheet, case + ".handläggare")
    return sheet


# ------------------------------------------------------------------ appeals


def appeal_received() -> Sheet:
    sheet = _letter("Bekräftelse av överklagande", "beslut.nummer", "beslut.ärende.handläggare")
    _concerning(sheet, "beslut.ärende")
    sheet.text(
        "Den {{ beslut.överklagat }} fick vi ett överklagande av beslutet om kontaktperson från den {{ beslut.datum }}. "
        "Du behöver inte göra något nu.",
    )
    sheet.heading("Så går det till")
    sheet.steps(
        "Vi ser efter om överklagandet kom i rätt tid.",
        "Vi prövar om beslutet ska ändras. Ändrar vi det får du ett nytt beslut.",
        "Ändrar vi det inte som du vill skickar vi överklagandet och handlingarna till {{ kontor.domstol }}, som avgör saken.",
    )
    sheet.text(
        "Vi räknar med att vara klara senast den {{ beslut.deadlines.överlämna.due }}. Du får ett brev när det är gjort."
    )
    sheet.text(f"Vill du lägga till något? Skicka det till {OFFICE}.")
    sheet.note("Vi handlägger överklagandet enligt {{ brev.lagrum }}.")
    _close(sheet, "beslut.ärende.handläggare")
    return sheet


def appeal_sent_on() -> Sheet:
    sheet = _letter("Överlämnat överklagande", "beslut.nummer", "beslut.ärende.handläggare")
    _concerning(sheet, "beslut.ärende")
    sheet.text(
        "Vi har prövat överklagandet av beslutet från den {{ beslut.datum }}. Vi ändrar inte beslutet. "
        "Den {{ beslut.överlämnat }} överlämnade vi överklagandet och handlingarna till {{ kontor.domstol }}. "
        "Domstolen skriver till dig.",
    )
    sheet.heading("Därför ändrar vi inte beslutet")
    sheet.text("{{ beslut.omprövning }}")
    sheet.heading("Det här kan du göra")
    sheet.bullets(
        "Har du mer att säga kan du skriva till domstolen. Skriv beslutets nummer: {{ beslut.nummer }}.",
        "Du kan få se de handlingar som vi har skickat.",
        "Vill du inte fortsätta kan du ta tillbaka överklagandet hos domstolen.",
    )
    sheet.note("Vi har handlagt överklagandet enligt {{ brev.lagrum }}.")
    _close(sheet, "beslut.ärende.handläggare")
    return sheet


def appeal_dismissed() -> Sheet:
    sheet = _letter("Avvisning", "beslut.nummer", "beslut.ärende.handläggare")
    _concerning(sheet, "beslut.ärende")
    sheet.text(
        "Överklagandet av beslutet från den {{ beslut.datum }} kom till oss den {{ beslut.överklagat }}. Då hade tiden "
        "gått ut. Därför avvisar vi överklagandet. Det betyder att det inte prövas.",
    )
    sheet.heading("Därför avvisar vi överklagandet")
    sheet.text(
        "Ett beslut går att överklaga inom {{ överklagandetid }} från den dag då man fick del av det. "
        "Reglerna står i {{ brev.lagrum }}.",
    )
    sheet.text("Du kan när som helst begära en kontaktperson på nytt. Då gör vi en ny utredning.")
    _appeal(sheet, "Du kan överklaga att vi avvisar")
    _close(sheet, "beslut.ärende.handläggare")
    return sheet


# ------------------------------------------------------------------ the assignment


def matching() -> Sheet:
    case = "uppdrag.beslut.ärende"
    sheet = _letter("Inbjudan till matchningsmöte", "uppdrag.beslut.nummer", "uppdrag.beslut.kontaktsekreterare")
    wanting = _by_reader(case, self="dig", other=f"{{{{ {case}.enskild.namn }}}}")
    sheet.text(f"Vi tror att vi har hittat en kontaktperson som passar {wanting}. Nu vill vi att ni träffas.")
    _meeting(sheet)
    sheet.heading("På mötet")
    sheet.bullets(
        "Ni berättar lite om er själva och vad ni tycker om att göra.",
        "Vi pratar om hur ofta ni ska ses, var, och hur ni når varandra.",
        "Efteråt frågar vi hur det kändes. Det går bra att säga nej. Då söker vi vidare.",
    )
    _close(sheet, "uppdrag.beslut.kontaktsekreterare")
    return sheet


def matching_contact() -> Sheet:
    sheet = _letter("Inbjudan till matchningsmöte", "uppdrag.nummer", "uppdrag.beslut.kontaktsekreterare")
    sheet.text(
        "Tack för att du vill vara kontaktperson! Vi tror att det här uppdraget passar dig. "
        "Nu vill vi att du och den som ska få stödet träffas.",
    )
    _meeting(sheet)
    sheet.heading("På mötet")
    sheet.bullets(
        "Ni berättar lite om er själva och vad ni tycker om att göra.",
        "Vi pratar om hur ofta ni ska ses, och om vad en kontaktperson gör och inte gör.",
        "Efteråt bestämmer ni var för sig om ni vill gå vidare.",
    )
    sheet.text("Du har tystnadsplikt om allt som du får veta, också om det inte blir något uppdrag.")
    _close(sheet, "uppdrag.beslut.kontaktsekreterare")
    return sheet


def _meeting(sheet: Sheet) -> None:
    sheet.table(
        ("Dag", "Klockan", "Plats"),
        (
            Row(
                (
                    "{{ uppdrag.matchningsmöte | datum_med_veckodag }}",
                    "{{ uppdrag.matchning_klockan }}",
                    "{{ uppdrag.matchning_plats }}",
                )
            ),
        ),
        (62, 26, 72),
    )
    sheet.text("Passar inte tiden? Hör av dig, så hittar vi en ny.")


def agreement() -> Sheet:
    sheet = _letter("Avtal om uppdrag som kontaktperson", "uppdrag.nummer", "uppdrag.beslut.kontaktsekreterare")
    sheet.text(
        "Här är avtalet om ditt uppdrag. Skriv under, behåll en kopia, och skicka avtalet till oss inom "
        f"{{{{ avtal_i_retur_inom }}}}: {OFFICE}.",
    )
    sheet.heading("1. Parter och uppdrag")
    sheet.table(
        ("Uppgift", "Innehåll"),
        (
            Row(("Uppdragsgivare", "{{ kontor.kommun }}, {{ kontor.enhet }}")),
            Row(("Kontaktperson", "{{ mottagare.namn }}")),
            Row(("Uppdrag", "Nummer {{ uppdrag.nummer }}, kontaktperson enligt {{ brev.lagrum }}")),
            Row(("Omfattning", MEETINGS.replace("beslut.", "uppdrag.beslut."))),
            Row(
                (
                    "Tid",
                    "Från {{ uppdrag.avtalsdatum }} " + ENDS,
                )
            ),
        ),
        (45, 115),
    )
    sheet.heading("2. Arvode och omkostnader")
    sheet.table(
        ("Ersättning", "Beräknas så", "Per månad"),
        (
            Row(("Arvode, nivå {{ uppdrag.nivå.namn }}", _share("arvode"), "{{ uppdrag.arvode | belopp }}")),
            Row(("Omkostnader", _share("omkostnad"), "{{ uppdrag.omkostnad | belopp }}")),
        ),
        (52, 72, 36),
    )
    sheet.text(
        "Beloppen följer SKR:s rekommendationer och prisbasbeloppet, som är {{ uppdrag.basbelopp.belopp | belopp }} i år. De "
        "räknas om vid varje årsskifte. Arvodet är skattepliktigt. Redovisa träffarna på blanketten som ligger med, senast "
        "den 5 i månaden efter.",
    )
    sheet.heading("3. Ditt uppdrag")
    sheet.bullets(
        "Du är en medmänniska som hjälper till att bryta isolering och ger stöd på fritiden.",
        "Ni följer genomförandeplanen, som vi skriver tillsammans.",
        "Du har tystnadsplikt, också när uppdraget är slut. Skriv bara uppdragets nummer i post, e-post och redovisning.",
        "Hör av dig till kontaktsekreteraren om något inte fungerar, eller om någon far illa.",
        "Vi har regelbunden kontakt med dig, och när uppdraget ska avslutas.",
    )
    sheet.heading("4. Uppsägning")
    sheet.text(
        "Uppdraget upphör när insatsen upphör. Du och kommunen kan också avsluta det skriftligt med en månads varsel. "
        "Vid allvarliga brott mot avtalet upphör det genast.",
    )
    sheet.heading("5. Underskrifter")
    with sheet.unsplit():
        sheet.signatures("För kommunen", "Kontaktperson")
    _close(sheet, "uppdrag.beslut.kontaktsekreterare", approval="Avtalet gäller när båda har skrivit under.")
    return sheet


def _share(of: str) -> str:
    return f"{{{{ uppdrag.nivå.{of}_procent }}}} % av prisbasbeloppet / 12"


def employment_facts() -> Sheet:
    sheet = _letter("Anställningsuppgifter", "uppdrag.nummer", "uppdrag.beslut.kontaktsekreterare")
    sheet.text("Vi har skrivit avtal med en kontaktperson. Här är uppgifterna för löneutbetalningen.")
    person = "uppdrag.kontaktperson.person"
    sheet.table(
        ("Uppgift", "Innehåll"),
        (
            Row(("Namn", f"{{{{ {person}.namn }}}}")),
            Row(("Personnummer", f"{{{{ {person}.personnummer }}}}")),
            Row(("Adress", f"{{{{ {person}.adress }}}}, {{{{ {person}.postnummer }}}} {{{{ {person}.ort }}}}")),
            Row(("Uppdrag", "Kontaktperson, nummer {{ uppdrag.nummer }}")),
            Row(("Avtalsdatum", "{{ uppdrag.avtalsdatum }}")),
            Row(
                (
                    "Slutar senast",
                    "{% if uppdrag.beslut.gäller_till %}{{ uppdrag.beslut.gäller_till }}{% else %}tills vidare{% endif %}",
                )
            ),
            Row(("Arvode per månad", "{{ uppdrag.arvode | belopp }}, " + _share("arvode"))),
            Row(("Omkostnader per månad", "{{ uppdrag.omkostnad | belopp }}, " + _share("omkostnad"))),
        ),
        (50, 110),
    )
    sheet.text(
        "Beloppen gäller i år och räknas om när prisbasbeloppet ändras. Bankuppgifter lämnar kontaktpersonen själv till er."
    )
    _close(sheet, "uppdrag.beslut.kontaktsekreterare")
    return sheet


def plan() -> Sheet:
    sheet = _file(
        "Genomförandeplan",
        "Skrivs tillsammans med den enskilde, senast den {{ brev.frist }}. Planen läggs i akten. Den enskilde får en kopia.",
    )
    sheet.table(
        ("Uppgift", "Innehåll"),
        (
            Row(("Den enskilde", "{{ beslut.ärende.enskild.namn }}")),
            Row(("Beslut", f"{{{{ beslut.nummer }}}}, {MEETINGS}, till {UNTIL}")),
            Row(("Kontaktperson", "{{ beslut.pågår.kontaktperson.person.namn | lista or 'inte utsedd' }}")),
            Row(("Kontaktsekreterare", "{{ beslut.kontaktsekreterare.namn }}")),
        ),
        (45, 115),
    )
    sheet.heading("Syfte")
    sheet.text("{{ beslut.syfte }}")
    sheet.heading("Mål och hur vi når dem")
    sheet.table(
        ("Det här vill jag", "Så gör vi", "När"),
        (Row(("", "", "")),) * 3,
        (60, 70, 30),
        row_height=11,
    )
    sheet.heading("Träffarna")
    sheet.table(("Dag och tid", "Var vi ses", "Så når vi varandra"), (Row(("", "", "")),) * 2, (45, 55, 60), row_height=11)
    sheet.heading("Det här ska kontaktpersonen tänka på")
    sheet.table(("Önskemål och stöd",), (Row(("",)),), (160,), row_height=16)
    sheet.heading("Underskrifter")
    with sheet.unsplit():
        sheet.signatures("Den enskilde eller företrädare", "Kontaktsekreterare")
    return sheet


def assignment_ends() -> Sheet:
    sheet = _letter("Uppdraget avslutas", "uppdrag.nummer", "uppdrag.beslut.kontaktsekreterare")
    sheet.text("Ditt uppdrag som kontaktperson avslutas den {{ uppdrag.upphör }}. Tack för det du har gjort!")
    sheet.heading("Det här behöver du göra")
    sheet.bullets(
        "Lämna in den sista redovisningen senast den 5 i månaden efter.",
        "Lämna tillbaka eller förstör det du har om uppdraget.",
        "Vi ringer dig för att prata om hur uppdraget har varit. Du får gärna ringa först.",
    )
    sheet.text("Tystnadsplikten gäller också när uppdraget är slut.")
    with sheet.when("uppdrag.upphör_därför != 'kontaktpersonen slutar'"):
        sheet.text("Vill du ha ett nytt uppdrag? Säg till, så hör vi av oss när någon behöver en kontaktperson.")
    _close(sheet, "uppdrag.beslut.kontaktsekreterare")
    return sheet


# ------------------------------------------------------------------ enclosures


def receipt_of_service() -> Sheet:
    sheet = Sheet("Mottagningsbevis", SWEDISH)
    sheet.title("Mottagningsbevis")
    sheet.text(
        f"Skriv under och skicka tillbaka till {OFFICE}. Tiden för att överklaga räknas från den dag då du fick beslutet."
    )
    sheet.table(
        ("Uppgift", "Innehåll"),
        (
            Row(("Brev", "{{ brev.titel }}, {{ beslut.nummer }}, {{ brev.datum }}")),
            Row(("Mottagare", "{{ mottagare.namn }}")),
            Row(("Jag fick beslutet den", "")),
        ),
        (50, 110),
        row_height=11,
    )
    sheet.text("Underskriften betyder bara att du har fått beslutet, inte att du är nöjd med det.")
    sheet.heading("Underskrift")
    sheet.signatures("{{ mottagare.namn }}")
    return sheet


def confidentiality() -> Sheet:
    sheet = Sheet("Tystnadsförbindelse", SWEDISH)
    sheet.title("Tystnadsförbindelse för kontaktpersoner")
    sheet.text(f"Läs, skriv under, och skicka till {OFFICE}. Behåll en kopia själv.")
    sheet.heading("Det här lovar jag")
    sheet.bullets(
        "Jag berättar inte för andra vad jag får veta om personliga förhållanden. Det gäller också familj och vänner.",
        "Jag säger inte vem jag är kontaktperson för om personen inte har sagt ja.",
        "Jag ser till att ingen annan kan läsa det jag får eller skriver om uppdraget.",
        "Jag lägger inte ut bilder eller uppgifter om personen på nätet.",
        "Jag skriver bara uppdragets nummer, aldrig namnet, i redovisning och e-post.",
    )
    sheet.heading("Det här vet jag")
    sheet.bullets(
        "Tystnadsplikten gäller också när uppdraget är slut.",
        "Jag får prata med kontaktsekreteraren om uppdraget.",
        "Den som bryter mot tystnadsplikten kan straffas.",
    )
    sheet.heading("Underskrift")
    sheet.signatures("{{ mottagare.namn }}")
    return sheet
