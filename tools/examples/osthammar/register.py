"""Östhammar's made-up register as it may look on Monday 23 November 2026: a case on each side of every rule.

Streets, telephone numbers and people exist nowhere. Their national ids have birth numbers from 980 on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from stdnum import luhn

from tools.examples.workspace import Planted, Rows

FIRST_NAMES: Final = (
    "Alva", "Bosse", "Cajsa", "Dino", "Ebba", "Folke", "Gry", "Hampus", "Iman", "Jorunn", "Kasper", "Lovisa", "Milan", "Nova",
    "Orvar", "Petronella", "Quentin", "Ronja", "Sixten", "Tyra", "Ulrik", "Vera", "Wilma", "Xerxes", "Ylva", "Zoran", "Åke",
    "Ängla", "Östen", "Amadou", "Britta", "Cornelis", "Disa", "Evald", "Fatima", "Göte", "Hedvig", "Ivar", "Jasmin", "Knut",
)  # fmt: skip
LAST_NAMES: Final = (
    "Almskog", "Björkvret", "Dalsund", "Ekhammar", "Fårskär", "Granbol", "Hökvik", "Igelsjö", "Järnvret", "Klubbsten",
    "Lärkmo", "Myrgrund", "Norrskata", "Ormbunke", "Pilvik", "Rävholm", "Snäckholm", "Tallbacke", "Uvberg",
)  # fmt: skip
STREETS: Final = (
    "Alkärrsgränd", "Blåmusselvägen", "Dvärgtallsstigen", "Ejderduvans väg", "Fyrlyktegatan", "Gäddvassen", "Hagtornsslingan",
    "Iskantsvägen", "Järnsandsgatan", "Klibbalsstigen", "Lotsuggleplan", "Mareldsvägen", "Notvarpsgränd", "Oljelyktans väg",
    "Pumphusbacken", "Rödspättegatan", "Skärgårdsnattens väg", "Tångruskestigen", "Utskärsgränd", "Vassbåtsvägen",
)  # fmt: skip
DAY: Final = re.compile(r"(\d{4}-)?\d\d-\d\d")
PLACES: Final = (("000 11", "Östhammar"), ("000 12", "Gimo"), ("000 13", "Öregrund"), ("000 14", "Alunda"))


def day(text: str) -> date:
    """A day as ``2026-11-23`` or, of 2026, ``11-23``."""
    return date.fromisoformat(text if len(text) > len("mm-dd") else f"2026-{text}")


def national_id(born: date, serial: int) -> str:
    """A personnummer with the birth number 980 to 998, which is given to nobody, and its check digit."""
    digits = f"{born:%y%m%d}{980 + serial % 19}"
    return f"{born:%Y%m%d}-{digits[6:]}{luhn.calc_check_digit(digits)}"


class Office:
    """The rows of every sheet, grown case by case."""

    def __init__(self) -> None:
        self.rows: Rows = {}

    def add(self, sheet: str, **values: Any) -> dict[str, Any]:
        """A row; a day may be written as text."""
        row = {name: day(value) if isinstance(value, str) and DAY.fullmatch(value) else value for name, value in values.items()}
        self.rows.setdefault(sheet, []).append(row)
        return row

    def person(self, born: str, home: Mapping[str, Any] | None = None, *, protect: str = "") -> str:
        """Somebody's key. ``home`` is whoever they live with."""
        n = len(self.rows.get("person", ()))
        address = {
            "adress": f"{STREETS[n % len(STREETS)]} {2 + 3 * (n // len(STREETS)) + n % 7}",
            "postnummer": PLACES[n % 4][0],
            "ort": PLACES[n % 4][1],
        }
        if home is not None:
            address = {name: home[name] for name in address}
        if protect == "skyddad folkbokföring":
            address = {}
        key = f"P-{n + 101}"
        self.add(
            "person",
            nummer=key,
            namn=f"{FIRST_NAMES[n % len(FIRST_NAMES)]} {LAST_NAMES[(n * 5 + n // len(FIRST_NAMES)) % len(LAST_NAMES)]}",
            född=born,
            personnummer=national_id(day(born), n),
            **address,
            telefon="" if protect else f"000-1{n % 10} {n:02d} {n * 7 % 100:02d}",
            kanal="digital brevlåda" if n % 4 == 3 else "brev",
            skyddad=protect,
        )
        return key

    def row_of(self, person: str) -> dict[str, Any]:
        """The row of somebody."""
        return next(row for row in self.rows["person"] if row["nummer"] == person)

    def case(self, number: int, person: str, received: str, handler: str = "LHM", **values: Any) -> str:
        """A request for a contact person; what is not said is as is usual."""
        usual = {"lagrum": "LSS", "inkommen_som": "brev"}
        key = f"2026-{number}"
        self.add("ärende", nummer=key, enskild=person, handläggare=handler, inkommen=received, **{**usual, **values})
        return key

    def investigated(self, number: int, person: str, received: str, ready: str, **values: Any) -> str:
        """A case that has been investigated, with word to the parties."""
        usual = {
            "underlag": "finns",
            "bekräftad": received,
            "bekräftad_per": "telefon",
            "utredningsmöte": received,
            "utredning_klockan": time(10),
            "utredning_sätt": "hembesök",
            "utredd": ready,
            "boende": "eget boende",
            "tillgodoses_annars": "nej",
            "sammanfattning": "Behovet av att komma ut och träffa andra är stort. Vi föreslår en kontaktperson.",
            "önskemål": "Någon i ungefär samma ålder som tycker om att fika och gå på bio.",
        }
        return self.case(number, person, received, **{**usual, **values})

    def decision(self, case: str, on: str, **values: Any) -> str:
        """A grant; what is not said is as is usual."""
        granted = {
            "träffar": 1,
            "per": "vecka",
            "syfte": "Bryta isolering, och våga delta i aktiviteter utanför hemmet.",
            "gäller_från": on,
            "gäller_till": day(on).replace(year=day(on).year + 1) - timedelta(days=1),
            "kontaktsekreterare": "KSB",
        }
        usual: dict[str, Any] = {
            "utfall": "bifall",
            "beslutad_av": "Lena Hamnmark",
            "motivering": "Utredningen visar ett behov av umgänge som inte är tillgodosett på annat sätt.",
        }
        refused = values.get("utfall") == "avslag"
        key = f"{case}-{1 + sum(row['ärende'] == case for row in self.rows.get('beslut', ()))}"
        self.add("beslut", nummer=key, ärende=case, datum=on, **{**usual, **({} if refused else granted), **values})
        return key

    def contact(self, born: str, *, home: Mapping[str, Any] | None = None, protect: str = "", silent: bool = True) -> str:
        """Somebody who wants to be a contact person."""
        person = self.person(born, home, protect=protect)
        self.add(
            "kontaktperson",
            person=person,
            anmäld="2025-09-01",
            registerutdrag="2025-10-01",
            tystnadsplikt="2025-10-06" if silent else None,
        )
        return person

    def assignment(self, decision: str, contact: str, found: str, **values: Any) -> str:
        """A contact person proposed for a decision."""
        key = f"{decision}-{1 + sum(row['beslut'] == decision for row in self.rows.get('uppdrag', ()))}"
        usual = {"nivå": "2", "matchning_klockan": time(15), "matchning_plats": "Biblioteket, samtalsrummet"}
        self.add("uppdrag", nummer=key, beslut=decision, kontaktperson=contact, föreslagen=found, **{**usual, **values})
        return key


RUNNING: Final = {
    "matchning": "passar",
    "avtalsdatum": "2025-12-10",
    "avtal_skickat": "2025-12-10",
    "avtal_i_retur": "2025-12-15",
    "till_hr": "2025-12-11",
    "startat": "2025-12-15",
}
"""An assignment that has run since last December."""
CARRIED_OUT: Final = {
    "skickat": "2025-12-02",
    "beställt": "2025-12-02",
    "mottaget": "2025-12-04",
    "verkställt": "2025-12-15",
    "genomförandeplan": "2026-01-08",
}
"""A decision of 1 December 2025 that has been carried out since."""


def register() -> tuple[Rows, tuple[Planted, ...]]:
    """The rows, and the faults to plant in them."""
    office = Office()
    _staff(office)
    _rates(office)
    for part in (_receipts, _investigations, _decisions, _waiting, _assignments, _running, _appeals, _protected):
        part(office)
    return office.rows, tuple(_faults(office.rows))


def _staff(office: Office) -> None:
    for signature, name, role, substitute in (
        ("LHM", "Lena Hamnmark", "biståndshandläggare", "SOB"),
        ("SOB", "Said Obelisk", "specialisthandläggare", "LHM"),
        ("KSB", "Karin Sjöbod", "kontaktsekreterare", "MFY"),
        ("MFY", "Malte Fyrvaktare", "kontaktsekreterare", "KSB"),
        ("ECH", "Elin Chefsnäs", "enhetschef", None),
    ):
        office.add(
            "medarbetare",
            signatur=signature,
            namn=name,
            roll=role,
            telefon=f"000-20 0{len(office.rows.get('medarbetare', ()))} 00",
            epost=f"{signature.lower()}@osthammar.invalid",
            ersättare=substitute,
            borta_från="2026-11-16" if signature == "MFY" else None,
            borta_till="2026-12-04" if signature == "MFY" else None,
        )
    office.add("fast_mottagare", namn="HR/Lön", adress="Box 0", postnummer="000 10", ort="Östhammar")


def _rates(office: Office) -> None:
    for name, fee, expenses in (("1", 10, 10), ("2", 25, 15), ("3", 40, 20)):
        office.add("nivå", namn=name, arvode_procent=fee, omkostnad_procent=expenses)
    for year, amount in ((2018, 45_500), (2024, 57_300), (2025, 58_800), (2026, 59_200)):
        office.add("basbelopp", från=f"{year}-01-01", till=f"{year}-12-31", belopp=amount)


def _receipts(office: Office) -> None:
    office.case(101, office.person("1991-03-14"), "11-18", underlag="saknas")
    office.case(102, office.person("1984-06-02"), "11-10", inkommen_som="telefon")
    told: dict[str, Any] = {"underlag": "saknas", "bekräftad": "10-20", "bekräftad_per": "telefon"}
    office.case(103, office.person("1979-01-30"), "10-16", **told, underlag_begärt="10-20", utredningsmöte="11-05",
                utredning_sätt="besök på socialförvaltningen", utredning_klockan=time(9))  # fmt: skip
    office.case(104, office.person("1968-11-11"), "10-19", "SOB", **told)


def _investigations(office: Office) -> None:
    child = office.person("2016-02-20")
    for number in range(2):
        home = office.row_of(child) if number == 0 else None
        office.add("företrädare", person=child, företräds_av=office.person("1986-05-17", home), slag="vårdnadshavare")
    booked: dict[str, Any] = {
        "underlag": "finns",
        "bekräftad": "11-06",
        "bekräftad_per": "brev",
        "utredning_klockan": time(13, 30),
    }
    office.case(105, child, "11-02", **booked, utredningsmöte="12-02", utredning_sätt="hembesök")
    office.case(106, office.person("1999-09-09"), "11-03", **booked, utredningsmöte="11-27", utredning_sätt="telefon")
    known = office.person("2001-04-04")
    office.case(107, known, "11-04", "SOB", **booked, utredningsmöte="11-26", utredning_sätt="telefon", känd_tidigare=True,
                önskad=office.person("1970-01-05", office.row_of(known)))  # fmt: skip
    office.investigated(
        108, office.person("1975-07-07"), "09-21", "11-19",
        boende="gruppboende", tillgodoses_annars="delvis", tillgodoses_genom="personal på boendet; nätverk",
        individuell_prövning="Personalen hinner inte med aktiviteter utanför boendet på kvällar.",
    )  # fmt: skip
    office.investigated(109, office.person("1988-12-24"), "08-31", "11-02", kommunicerad="11-04")


def _decisions(office: Office) -> None:
    met = {"tillgodoses_annars": "ja", "tillgodoses_genom": "anhöriga; förening"}
    refusal = {"utfall": "avslag", "motivering": "Behovet av umgänge är redan tillgodosett genom familjen och en förening."}
    for number, asked in ((110, "11-02"), (111, "11-16")):
        case = office.investigated(
            number, office.person(f"1990-0{number - 108}-15"), "09-14", "10-30", kommunicerad=asked, **met
        )
        office.decision(case, "11-20", **refusal)
    represented = office.person("1959-10-10")
    office.add("företrädare", person=represented, företräds_av=office.person("1972-02-02"), slag="god man",
               omfattning="bevaka rätt; sörja för person", från="2024-03-01")  # fmt: skip
    office.add("företrädare", person=represented, företräds_av=office.person("1966-06-06"), slag="förvaltare",
               omfattning="förvalta egendom", från="2024-03-01")  # fmt: skip
    office.decision(office.investigated(112, represented, "09-28", "11-09", kommunicerad="11-10"), "11-19")
    unlimited = office.investigated(113, office.person("1993-08-08"), "09-07", "10-20", kommunicerad="10-21", **met)
    office.decision(unlimited, "11-05", skickat="11-06", beställt="11-09", gäller_till=None)
    home = office.investigated(114, office.person("1997-05-25"), "09-29", "10-26", kommunicerad="10-28", boende="serviceboende")
    office.decision(
        home, "11-17", utfall="delvis bifall", träffar=2, per="månad", skickat="11-18", beställt="11-20", mottaget="11-20",
        inte_beviljat="Begäran gällde en träff i veckan.",
    )  # fmt: skip
    teenager = office.person("2009-01-20")
    office.add("företrädare", person=teenager, företräds_av=office.person("1980-04-12", office.row_of(teenager)),
               slag="vårdnadshavare")  # fmt: skip
    office.decision(
        office.investigated(115, teenager, "09-10", "11-03", kommunicerad="11-04"), "11-19", beställt="11-20", mottaget="11-23"
    )


def _waiting(office: Office) -> None:
    ordered = {"kontaktsekreterare": "KSB"}
    late = office.investigated(116, office.person("1982-02-28"), "05-11", "07-01")
    office.decision(late, "07-20", skickat="07-21", beställt="07-22", mottaget="07-24",
                    inte_verkställt_därför="ingen lämplig kontaktperson", **ordered)  # fmt: skip
    told = office.investigated(117, office.person("1964-04-30"), "05-20", "07-15", handler="SOB")
    office.decision(told, "08-10", skickat="08-11", beställt="08-12", mottaget="08-17", ivo_rapporterat="11-09",
                    kontaktsekreterare="MFY")  # fmt: skip
    paused = office.investigated(118, office.person("1995-10-02"), "2026-01-12", "02-20")
    decision = office.decision(paused, "03-02", skickat="03-03", beställt="03-04", mottaget="03-05", verkställt="04-01",
                               genomförandeplan="04-20")  # fmt: skip
    ended = {**RUNNING, "avtalsdatum": "03-25", "avtal_skickat": "03-25", "avtal_i_retur": "03-30", "till_hr": "03-26"}
    over = office.assignment(decision, office.contact("1957-03-03"), "03-10", **{**ended, "matchningsmöte": "03-20",
                             "startat": "04-01", "upphör": "08-20", "upphör_därför": "kontaktpersonen slutar",
                             "upphör_meddelat": "08-10"})  # fmt: skip
    office.add("kontakt", uppdrag=over, datum="2026-07-01", anledning="regelbunden")
    office.add("kontakt", uppdrag=over, datum="2026-08-19", anledning="avslut")


def _assignments(office: Office) -> None:
    def decided(number: int, born: str) -> str:
        case = office.investigated(number, office.person(born), "07-06", "08-24", kommunicerad="08-25")
        return office.decision(case, "09-07", skickat="09-08", beställt="09-09", mottaget="09-11")

    office.assignment(decided(119, "1987-07-01"), office.contact("1990-01-01"), "11-16", matchningsmöte="11-30")
    wanted = decided(120, "1992-02-19")
    living_with = office.rows["person"][-1]
    office.assignment(wanted, office.contact("1961-09-23", home=living_with), "11-12", matchningsmöte="12-01")
    ready = {"matchningsmöte": "11-12", "matchning": "passar", "avtalsdatum": "11-20"}
    office.assignment(decided(121, "1978-03-31"), office.contact("1983-12-12", silent=False), "11-02", **ready)
    office.assignment(decided(122, "1989-06-18"), office.contact("1994-05-05"), "11-03", **{**ready, "matchning": None})
    office.assignment(decided(123, "1971-01-17"), office.contact("1969-08-14", protect="sekretessmarkering"), "11-04", **ready)
    begun = office.investigated(124, office.person("1998-11-03"), "07-01", "08-20", kommunicerad="08-21")
    carried = office.decision(begun, "09-01", skickat="09-02", beställt="09-02", mottaget="09-04", verkställt="10-26")
    office.assignment(carried, office.contact("1985-10-29"), "10-05", matchningsmöte="10-12", matchning="passar",
                      avtalsdatum="10-21", avtal_skickat="10-21", till_hr="10-22", startat="10-26")  # fmt: skip
    office.contact("1976-06-26")


def _running(office: Office) -> None:
    def running(number: int, born: str, **values: Any) -> str:
        case = office.investigated(number, office.person(born), "2025-09-15", "2025-11-10", kommunicerad="2025-11-11")
        lasting = {"gäller_från": "2025-12-15", "gäller_till": "2027-12-14"}
        return office.decision(case, "2025-12-01", **{**lasting, **CARRIED_OUT, **values})

    def contacts(assignment: str, *days: str) -> None:
        for met in days:
            office.add("kontakt", uppdrag=assignment, datum=met, anledning="regelbunden")

    ending = running(125, "1996-01-08", gäller_till="2026-12-14")
    contacts(office.assignment(ending, office.contact("1960-12-01"), "2025-12-02", matchningsmöte="2025-12-08", **RUNNING),
             "2026-03-12", "2026-06-11", "2026-09-14")  # fmt: skip
    office.add("uppföljning", beslut=ending, mötesdag="2026-12-03", klockan=time(10, 15), plats="Exempelgatan 1, rum 4",
               anledning="årlig")  # fmt: skip
    several = running(126, "1974-09-12")
    for born in ("1988-02-08", "1991-07-27"):
        contacts(
            office.assignment(several, office.contact(born), "2025-12-02", matchningsmöte="2025-12-08", **RUNNING), "2026-06-11"
        )
    special = running(127, "2000-10-15", särskilda_skäl="Två personer behövs vid bad och ridning.")
    for number, born in enumerate(("1979-11-21", "1986-03-16")):
        last = {"upphör": "11-30", "upphör_därför": "byte av kontaktperson"} if number else {}
        key = office.assignment(special, office.contact(born), "2025-12-02", matchningsmöte="2025-12-08", **RUNNING, **last)
        contacts(key, "2026-03-10", "2026-06-09", "2026-09-10")
    office.add("uppföljning", beslut=special, mötesdag="2026-11-10", klockan=time(9), plats="Hemma", anledning="årlig",
               kallelse_skickad="2026-10-20", hållen="2026-11-10", utfall="fortsätter")  # fmt: skip


def _appeals(office: Office) -> None:
    for number, values in (
        (128, {"överklagat": "11-19"}),
        (129, {"överklagat": "11-09", "i_rätt_tid": "ja", "överklagan_bekräftad": "11-10", "överlämnat": "11-20",
               "omprövning": "Det har inte kommit fram något nytt. Behovet är tillgodosett genom familjen."}),
        (130, {"överklagat": "11-13", "i_rätt_tid": "nej", "överklagan_bekräftad": "11-16", "avvisat": "11-20"}),
    ):  # fmt: skip
        case = office.investigated(number, office.person(f"1981-0{number - 125}-09"), "07-13", "09-15", kommunicerad="09-16",
                                   tillgodoses_annars="ja", tillgodoses_genom="anhöriga")  # fmt: skip
        sent = "09-30" if number == 130 else "10-20"
        office.decision(case, sent, utfall="avslag", skickat=sent, **values)


def _protected(office: Office) -> None:
    office.case(131, office.person("1994-04-21", protect="sekretessmarkering"), "11-19", underlag="finns")
    hidden = office.person("2014-08-30", protect="skyddad folkbokföring")
    office.add("företrädare", person=hidden, företräds_av=office.person("1983-03-08"), slag="vårdnadshavare")
    office.case(132, hidden, "11-17", "SOB", underlag="finns")
    office.decision(office.investigated(133, hidden, "08-03", "10-01", kommunicerad="10-02"), "11-16")


def _faults(rows: Rows) -> Iterator[Planted]:
    def at(sheet: str, key: str) -> int:
        return next(n for n, row in enumerate(rows[sheet]) if row["nummer"] == key)

    yield Planted("ärende", at("ärende", "2026-104"), "inkommen", "förra veckan", "oläsligt datum")
    yield Planted("ärende", at("ärende", "2026-109"), "boende", "korttids", "okänt val")
    yield Planted("beslut", at("beslut", "2026-126-1"), "verkställt", "31.11.2025", "omöjligt datum")
    yield Planted("uppdrag", at("uppdrag", "2026-124-1-1"), "nivå", "9", "hänvisning till ingen")
