"""Thisted's made-up register on Monday 23 November 2026: a citizen for each side of each rule, and planted faults.

Everybody and everything in it is made up. The CPR numbers have 60 added to the day, as Danish test numbers have.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, Final

from tools.examples.workspace import Planted, Rows

STAFF: Final = (
    ("MKR", "Mette Krogsbæk", "00 00 01 11", "myndighed", "", ""),
    ("JTH", "Jens Thyholm", "00 00 01 12", "myndighed", "", ""),
    ("LKV", "Lone Kvistgård", "00 00 01 21", "støtte-/kontaktperson", "pædagogisk", "misbrug"),
    ("PVE", "Per Vesterklit", "00 00 01 22", "støtte-/kontaktperson", "sundhedsfaglig", "psykiatri"),
    ("SNA", "Sanne Nørhede", "00 00 01 23", "støtte-/kontaktperson", "pædagogisk", "hjemløshed"),
)
PLACES: Final = (
    ("7700", "Thisted"),
    ("7752", "Snedsted"),
    ("7741", "Frøstrup"),
    ("7730", "Hanstholm"),
    ("7755", "Bedsted Thy"),
)
GOALS: Final = (
    ("Komme ud blandt andre mennesker", "gå en tur hver uge; besøge værestedet en gang om måneden"),
    ("Få styr på posten", "åbne Digital Post sammen; lave en mappe til breve"),
    ("Holde aftaler med lægen", "skrive aftaler i en kalender; følges ad til lægen"),
    ("Blive boende", "betale husleje til tiden; tale med boligforeningen"),
)
GRANTED: Final = (
    "Du er meget alene og har svært ved at tage kontakt til andre. En fast kontaktperson kan hjælpe dig i gang.",
    "Du har ikke kunnet holde aftaler med de tilbud, du har fået. Du har brug for en, der kommer hjem til dig.",
    "Du er ved at miste din bolig og har brug for støtte til at tale med boligforeningen og kommunen.",
)


def d(text: str) -> date:
    """A day of the demo's years, as ``11-20`` (2026) or ``2027-01-15``."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


class Office:
    """The rows of all sheets by column name, filled citizen by citizen."""

    def __init__(self) -> None:
        self.rows: Rows = {}
        for initials, name, telephone, role, training, more in STAFF:
            self.add(
                "medarbejder",
                initialer=initials,
                navn=name,
                telefon=telephone,
                email=f"{initials.lower()}@thisted.invalid",
                rolle=role,
                uddannelse=training,
                efteruddannelse=more,
            )
        self.add("fravær", medarbejder="LKV", fra=d("12-01"), til=d("12-18"), årsag="ferie", afløser="SNA")
        self.add("fravær", medarbejder="PVE", fra=d("11-16"), til=None, årsag="sygdom", afløser="SNA")
        self.add("fravær", medarbejder="JTH", fra=d("11-23"), til=d("11-27"), årsag="ferie", afløser="MKR")

    def add(self, sheet: str, **values: Any) -> dict[str, Any]:
        self.rows.setdefault(sheet, []).append(values)
        return values

    def citizen(self, name: str, born: str, street: str = "", channel: str = "brev", **values: Any) -> str:
        """A person; a street without a number of its own is nobody's real one."""
        number = len(self.rows.get("borger", ())) + 101
        day = date.fromisoformat(born)
        postcode, place = PLACES[len(street) % len(PLACES)] if street else ("", "")
        self.add(
            "borger",
            nummer=f"B-{number}",
            navn=name,
            cpr=f"{day.day + 60:02}{day:%m%y}-{number * 7 % 1000:04}",
            adresse=street,
            postnummer=postcode,
            by=place,
            telefon=f"00 00 02 {number % 100:02}",
            kanal=channel,
            **values,
        )
        return f"B-{number}"

    def case(self, citizen: str, received: str, handler: str = "MKR", **values: Any) -> str:
        number = f"26/{1000 + 37 * (len(self.rows.get('henvendelse', ())) + 1)}"
        told = {"fra_hvem": "borger", "målgruppe": "sindslidelse", "ønsker_støtte": True, "form": "bevilling"}
        self.add(
            "henvendelse", sagsnummer=number, borger=citizen, modtaget=d(received), sagsbehandler=handler, **(told | values)
        )
        return number

    def grant(self, case: str, decided: str, start: str, end: str, **values: Any) -> str:
        """A granted period with two goals."""
        turn = len(self.rows.get("bevilling", ()))
        number = f"{case}-{1 + sum(row['henvendelse'] == case for row in self.rows.get('bevilling', ()))}"
        told = {"begrundelse": GRANTED[turn % len(GRANTED)], "omfang": ("en gang om ugen", "hver anden uge")[turn % 2]}
        period = {"afgjort": d(decided), "udfald": "bevilget", "fra": d(start), "til": d(end)}
        self.add("bevilling", nummer=number, henvendelse=case, **(told | period | values))
        for n in (1, 2):
            text, steps = GOALS[(turn + n) % len(GOALS)]
            self.add("mål", bevilling=number, nummer=n, tekst=text, delmål=steps, status="i gang")
        return number

    def support(self, case: str, grant: str | None, staff: str, start: str | None, **values: Any) -> str:
        number = f"S-{len(self.rows.get('støtte', ())) + 201}"
        begun = {"startet": d(start), "brev_sendt": d(start)} if start else {}
        told: dict[str, Any] = {"tidspunkter": "Tirsdag eftermiddag", "måder": "besøg hjemme; telefon"}
        self.add("støtte", nummer=number, henvendelse=case, bevilling=grant, kontaktperson=staff, **(told | begun | values))
        return number

    def met(self, support: str, *days: str, form: str = "besøg hjemme") -> None:
        for day in days:
            self.add("kontakt", støtte=support, dato=d(day), form=form)

    def assessed(self, support: str, *days: str, outcome: str = "støtten fortsætter") -> None:
        for day in days:
            self.add("vurdering", støtte=support, dato=d(day), udfald=outcome)


def register() -> tuple[Rows, tuple[Planted, ...]]:
    """The rows of the whole office, and the faults to plant in them."""
    office = Office()
    _before_a_decision(office)
    _decided(office)
    _running(office)
    _ending_and_complaints(office)
    _outreach(office)
    _protected(office)
    return office.rows, PLANTED


def _before_a_decision(office: Office) -> None:
    """Received, put forward, late."""
    office.case(office.citizen("Aksel Prøvensen", "1971-03-04", "Hvarrevej 3"), "11-19", form=None)
    helped = office.citizen("Birthe Demoholm", "1958-07-19", "Marehalmvej 12", "digital post")
    office.add(
        "partsrepræsentant",
        borger=helped,
        navn="Carl Demoholm",
        slag="partsrepræsentant",
        adresse="Klitrosevej 7",
        postnummer="7700",
        by="Thisted",
        kanal="brev",
        fra=d("11-02"),
    )
    office.case(helped, "11-12", "JTH", fra_hvem="pårørende")
    office.case(
        office.citizen("Dorte Eksempelgaard", "1983-11-30", "Lyngbakken 21"),
        "10-19",
        kvitteret=d("10-21"),
        indstillet=d("11-20"),
    )
    waiting = office.case(
        office.citizen("Ejner Skabelund", "1966-01-15", "Tangvej 8"),
        "09-29",
        "JTH",
        målgruppe="misbrug",
        kvitteret=d("10-01"),
    )
    office.add("oplysning", henvendelse=waiting, hos="praktiserende læge", bedt_om=d("10-12"), modtaget=d("10-23"))
    office.add("oplysning", henvendelse=waiting, hos="misbrugscenter", bedt_om=d("11-02"))
    office.add("forsinkelse", henvendelse=waiting, forventet_svar=d("12-21"), grund="vi mangler oplysninger fra andre")
    office.case(
        office.citizen("Frida Tænkehøj", "1990-05-08", "Strandsivvej 14"),
        "09-21",
        kvitteret=d("09-23"),
        indstillet=d("11-10"),
        besked_sendt=d("11-12"),
    )
    promised = office.case(
        office.citizen("Gunnar Fiktivsen", "1949-09-27", "Brændingen 5"),
        "08-31",
        kvitteret=d("09-02"),
        indstillet=d("11-16"),
        besked_sendt=d("11-18"),
    )
    office.add("forsinkelse", henvendelse=promised, forventet_svar=d("11-18"), grund="vi har mange sager", sendt=d("10-23"))


def _decided(office: Office) -> None:
    """Granted or refused in these days; granted, and not begun."""
    ward = office.citizen("Hanne Påfundsdal", "1977-02-11", "Havtornvej 30")
    office.add(
        "partsrepræsentant",
        borger=ward,
        navn="Ivan Værgemose",
        slag="værge",
        adresse="Bakkestien 2",
        postnummer="7752",
        by="Snedsted",
        kanal="digital post",
        fra=d("2025-03-01"),
    )
    case = office.case(ward, "10-12", kvitteret=d("10-14"), indstillet=d("11-09"), besked_sendt=d("11-10"))
    office.grant(case, "11-20", "12-01", "2027-11-30")
    refused = office.case(
        office.citizen("Jytte Opfindelund", "1988-12-02", "Sandmarksvej 41", "digital post"),
        "10-05",
        kvitteret=d("10-07"),
        indstillet=d("11-12"),
        besked_sendt=d("11-13"),
    )
    office.add(
        "bevilling",
        nummer=f"{refused}-1",
        henvendelse=refused,
        afgjort=d("11-20"),
        udfald="afslag",
        begrundelse="Du får allerede bostøtte hver uge og holder dine aftaler. Derfor hører du ikke til den gruppe, "
        "som støtten er for.",
    )
    case = office.case(
        office.citizen("Kaj Sandkassen", "1969-06-23", "Klitlyngen 9"),
        "09-14",
        "JTH",
        målgruppe="misbrug; hjemløshed",
        kvitteret=d("09-15"),
        indstillet=d("10-19"),
        besked_sendt=d("10-20"),
    )
    grant = office.grant(case, "10-26", "11-02", "2027-04-30", sendt=d("10-27"))
    office.support(case, grant, "SNA", None, første_kontakt=d("11-26"), tidspunkter="Torsdag formiddag")


def _running(office: Office) -> None:
    """Support that goes on: absence with and without an agreement, status, follow-up, a change."""
    case = _older(office, office.citizen("Lis Modelkær", "1974-10-10", "Engblommevej 6"), "02-02")
    grant = office.grant(case, "03-09", "03-16", "2027-03-15", sendt=d("03-10"))
    support = office.support(case, grant, "LKV", "03-23", første_kontakt=d("03-23"))
    office.met(support, "04-21", "05-22", "06-22", "07-20", "08-21", "09-22", "10-20", "11-17")
    office.assessed(support, "06-22", "09-21")
    office.add(
        "fraværsaftale",
        støtte=support,
        fra=d("12-01"),
        til=d("12-18"),
        aftale="Sanne kommer tirsdag den 8. december i stedet. De andre uger taler I sammen i telefonen om tirsdagen.",
        afløser="SNA",
    )
    case = _older(office, office.citizen("Mogens Attraplund", "1962-04-18", "Rørsangervej 17"), "03-02", "JTH")
    grant = office.grant(case, "04-13", "04-20", "2027-04-19", sendt=d("04-14"))
    support = office.support(case, grant, "PVE", "04-27", første_kontakt=d("04-27"))
    office.met(support, "05-26", "06-26", "07-27", "08-26", "09-25", "10-27", "11-10")
    office.assessed(support, "07-27", "10-26")
    office.add(
        "ændring", bevilling=grant, meldt=d("11-03"), meldt_af="medarbejder", hvad="Borgeren er sagt op i sin bolig til nytår."
    )
    case = _older(office, office.citizen("Nanna Øvelsgaard", "1995-08-29", "Vibevej 11", "digital post"), "11-10")
    grant = office.grant(case, "2025-12-15", "2026-01-19", "2027-01-22", sendt=d("2025-12-16"))
    support = office.support(case, grant, "LKV", "01-26", første_kontakt=d("01-26"))
    office.met(support, *(f"{month:02}-2{month % 6}" for month in range(2, 11)), "11-19")
    office.assessed(support, "04-24", "07-24", "10-23")
    case = _older(office, office.citizen("Ove Tegnestue", "1955-03-14", "Hjelmevej 28"), "11-24")
    grant = office.grant(
        case,
        "2025-12-08",
        "2026-01-05",
        "2027-01-04",
        sendt=d("2025-12-09"),
        status_modtaget=d("11-09"),
        opfølgningsmøde=d("12-03"),
        klokkeslæt=time(10, 30),
        sted="Hjemme hos dig",
    )
    support = office.support(case, grant, "SNA", "01-12", første_kontakt=d("01-12"))
    office.met(support, *(f"{month:02}-1{month % 3}" for month in range(2, 12)), form="ledsagelse")
    office.assessed(support, "04-10", "07-10", "10-12")


def _older(office: Office, citizen: str, received: str, handler: str = "MKR") -> str:
    """A case of last winter, with all that came before its decision."""
    year = 2025 if received > "10" else 2026
    day = d(f"{year}-{received}")
    told, put_forward = day + timedelta(days=2), day + timedelta(days=21)
    return office.case(citizen, f"{day}", handler, kvitteret=told, indstillet=put_forward, besked_sendt=put_forward)


def _ending_and_complaints(office: Office) -> None:
    case = _older(office, office.citizen("Poul Forlægsen", "1980-11-05", "Mågevej 4"), "01-12")
    grant = office.grant(
        case,
        "02-16",
        "02-23",
        "2027-02-22",
        sendt=d("02-17"),
        fulgt_op=d("11-12"),
        deltog="borger; myndighed; leverandør",
        opfølgningens_udfald="almindeligt tilbud",
        ophør_afgjort=d("11-19"),
        ophørt=d("12-31"),
        ophørsgrund="almindeligt tilbud",
        ophørsbegrundelse="Du kommer nu på værestedet to gange om ugen og har selv kontakt med din læge.",
    )
    support = office.support(case, grant, "SNA", "03-02", første_kontakt=d("03-02"))
    office.met(support, *(f"{month:02}-0{month % 3 + 1}" for month in range(4, 12)))
    office.assessed(support, "06-01", "09-01")
    refused = {"udfald": "afslag", "begrundelse": "Du har sagt, at du klarer dig med hjælp fra din familie og bostøtten."}
    for name, born, street, more in (
        ("Rita Kladdeholt", "1986-07-07", "Ternevej 19", {"klage_modtaget": d("11-16")}),
        (
            "Svend Mockup",
            "1953-02-20",
            "Digevej 33",
            {
                "klage_modtaget": d("10-28"),
                "klage_kvitteret": d("10-29"),
                "genvurderet": d("11-18"),
                "genvurdering_udfald": "fastholdt",
                "klagevurdering": "Klagen har ingen nye oplysninger. Du får fortsat bostøtte og holder dine aftaler.",
                "klage_videresendt": d("11-19"),
            },
        ),
    ):
        case = _older(office, office.citizen(name, born, street), "08-17", "JTH")
        office.add(
            "bevilling",
            nummer=f"{case}-1",
            henvendelse=case,
            afgjort=d("10-05"),
            sendt=d("10-06"),
            **refused,
            **more,
        )


def _outreach(office: Office) -> None:
    """Support without a decision: about to begin, going on, and followed by a grant."""
    homeless = office.citizen("Thora Stilladsen", "1992-01-28", channel="via medarbejder")
    case = office.case(
        homeless, "11-16", "JTH", fra_hvem="opsøgende arbejde", målgruppe="hjemløshed", form="opsøgende", ønsker_støtte=True
    )
    office.support(
        case, None, "SNA", None, første_kontakt=d("11-25"), tidspunkter="", måder="kontakt i det offentlige rum; SMS"
    )
    case = office.case(
        office.citizen("Ulrik Papfabrik", "1979-09-09", channel="via medarbejder"),
        "06-08",
        fra_hvem="fagperson",
        målgruppe="misbrug; hjemløshed",
        form="opsøgende",
    )
    support = office.support(case, None, "LKV", "06-15", første_kontakt=d("06-12"), måder="kontakt i det offentlige rum; SMS")
    office.met(support, "07-14", "08-13", "09-15", "10-06", form="offentligt rum")
    office.assessed(support, "09-14", outcome="klar til bostøtte (§ 85)")


def _protected(office: Office) -> None:
    """With protected address, also one whose protection should have been renewed; and somebody at the same address."""
    case = _older(
        office,
        office.citizen("Vera Skjulhede", "1987-04-01", "Gemmestien 13", beskyttet=True, beskyttet_til=d("2027-05-31")),
        "09-28",
    )
    office.grant(case, "11-19", "12-01", "2027-05-31")
    office.case(office.citizen("William Skjulhede", "1985-06-30", "Gemmestien 13"), "11-18")
    office.case(
        office.citizen(
            "Yrsa Dækningslund", "1970-12-12", "Lukkevænget 2", "digital post", beskyttet=True, beskyttet_til=d("10-31")
        ),
        "11-13",
    )


PLANTED: Final = (
    Planted("henvendelse", 4, "indstillet", "uge 46", "Uleselig dato"),
    Planted("oplysning", 1, "bedt_om", "2.13.2026", "Umulig dato"),
    Planted("kontakt", 0, "form", "hjemmebesøg", "Ukendt valg"),
    Planted("bevilling", 4, "afgjort", "", "Mangler"),
    Planted("støtte", 5, "kontaktperson", "PVX", "Henvisning til ingen"),
)
"""What stands wrong in the register, on purpose."""
