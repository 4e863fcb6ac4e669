"""What letters in a case have in common: top, copy line, legal references, rights of appeal, closing."""

from __future__ import annotations

from tools.letters.sheet import Sheet

APPROVED = "Brevet er godkjent elektronisk og har derfor ingen underskrift."
APPROVER = "{{ kontor.godkjenner }}"
APPROVED_DECISION = "Vedtaket er godkjent elektronisk av {{ kontor.godkjenner }}, og har derfor ingen underskrift."


def start(title: str, case: str) -> Sheet:
    """A letter in a case: address, references, heading, and what it is a copy of.

    Args:
        title: of the document, for Word's properties.
        case: expression of the case, such as ``endring.sak``.
    """
    reference = f"{{{{ {case}.saksnummer }}}}"
    handler = f"{case}.ansvarlig"
    sheet = Sheet(title)
    sheet.letter_top(reference, f"{{{{ {handler}.navn }}}}", f"{{{{ {handler}.telefon or kontor.telefon }}}}")
    heading(sheet)
    return sheet


def heading(sheet: Sheet) -> None:
    """The letter's title, and for a copy whom the letter went to."""
    with sheet.when("mottaker.rolle == 'copy'"):
        sheet.text("Dette er en kopi til deg.{% if brev.parter %} Brevet er sendt til {{ brev.parter }}.{% endif %}")
    sheet.title("{{ brev.tittel }}")


def concerning(sheet: Sheet, case: str) -> None:
    """Whose case it is, for a reader who is somebody else."""
    with sheet.when(f"mottaker.navn != {case}.bruker.navn"):
        sheet.text(f"Saken gjelder {{{{ {case}.bruker.navn }}}}.")


def by_reader(case: str, *, user: str, other: str) -> str:
    """Words that depend on whether the reader is the service's user."""
    return f"{{% if mottaker.navn == {case}.bruker.navn %}}{user}{{% else %}}{other}{{% endif %}}"


def legal_references(sheet: Sheet, opening: str = "Vi har brukt disse reglene:") -> None:
    """The rules that are valid on the letter's date, as the profile gives them."""
    sheet.heading("Reglene")
    sheet.text(
        "Kommunen skal tilby personlig assistanse, blant annet støttekontakt. "
        "Den som trenger det, har rett til nødvendig hjelp. "
        "Kommunen kan velge hva slags hjelp som passer.",
    )
    sheet.lead_in(opening)
    sheet.each("hjemmel in brev.hjemler", "{{ hjemmel | stor_forbokstav }}")


def rights_of_appeal(
    sheet: Sheet,
    *,
    parts: str = "",
    suspendable: bool = True,
    dismissal: bool = False,
    body: str = "Statsforvalteren",
    term: str = "klagefrist",
) -> None:
    """Everything a party must be told about contesting a decision.

    Args:
        sheet: the letter.
        parts: which parts of the decision can be contested alone, where it has any.
        suspendable: whether there is anything to hold back until the appeal is decided; a refusal has nothing.
        dismissal: what can be contested is that an appeal was dismissed; «vedtaket» would be what that appeal was about.
        body: who decides the appeal.
        term: the profile's name of the time to appeal.
    """
    subject = "at klagen er avvist" if dismissal else "vedtaket"
    disagreement = "at vi har avvist klagen, kan du klage på det" if dismissal else "vedtaket, kan du klage"
    contents = "at du klager på avvisningen," if dismissal else "hvilket vedtak du klager på, hva du vil ha endret,"
    sheet.heading(f"Du kan klage på {subject}")
    sheet.text(
        f"Er du uenig i {disagreement}. Fristen er {{{{ {term} }}}} fra den dagen du fikk dette brevet.{parts}",
    )
    sheet.text(
        f"Skriv {contents} og hvorfor. Skriv under, og send klagen til oss: "
        "{{ kontor.kommune }}, {{ kontor.enhet }}, {{ kontor.postadresse }}.",
    )
    sheet.text(
        f"Vi vurderer saken på nytt når vi får klagen. Gir vi deg ikke medhold i alt, sender vi klagen til {body}, "
        "som avgjør den. Sender du klagen etter fristen, må du forklare hvorfor. Da kan den likevel bli behandlet.",
    )
    sheet.heading("Dette har du også rett til")
    suspension = (
        "Utsatt iverksetting: Du kan be om at vedtaket ikke blir satt i verk før klagen er avgjort. Skriv det i klagen."
    )
    ombudsman = " Pasient- og brukerombudet gir også gratis råd." if body == "Statsforvalteren" else ""
    sheet.bullets(
        f"Hjelp: Vi gir deg veiledning om saken og hjelper deg med å skrive klagen hvis du ønsker det.{ombudsman}",
        "Innsyn: Du kan få se dokumentene i saken. Ta kontakt med saksbehandleren.",
        *([suspension] if suspendable else []),
        "Representant: Du kan la en annen klage eller uttale seg for deg. "
        "Den som ikke er advokat, må ha skriftlig fullmakt fra deg.",
    )


def close(sheet: Sheet, case: str, *, decision: bool = False, enclosed: tuple[str, str] | None = None) -> None:
    """Whom to ask and who writes, in a case; a decision is approved by somebody else besides.

    Args:
        sheet: the letter.
        case: expression of the case.
        decision: whether it is one.
        enclosed: what people enclose that no file is made for, as `Sheet.closing` has it.
    """
    handler = f"{case}.ansvarlig"
    sheet.closing(
        f"Kontakt {{{{ {handler}.navn }}}} på telefon {{{{ {handler}.telefon or kontor.telefon }}}} eller e-post "
        f"{{{{ {handler}.epost or kontor.epost }}}}. Ikke skriv personlige opplysninger i e-post.",
        f"{{{{ {handler}.navn }}}}{{% if {handler}.tittel %}}, {{{{ {handler}.tittel }}}}{{% endif %}}",
        APPROVED_DECISION if decision else APPROVED,
        also=APPROVER if decision else "",
        enclosed=enclosed,
    )
