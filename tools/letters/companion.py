"""The decision on a companion card, which goes with the card where it is granted."""

from __future__ import annotations

from tools.letters import correspondence
from tools.letters.correspondence import by_reader
from tools.letters.sheet import Row, Sheet

CASE = "ledsagerbevis"


def decision() -> Sheet:
    sheet = Sheet("Vedtak om ledsagerbevis")
    handler = f"{CASE}.ansvarlig"
    sheet.letter_top(
        "{{ ledsagerbevis.nummer }}", f"{{{{ {handler}.navn }}}}", f"{{{{ {handler}.telefon or kontor.telefon }}}}"
    )
    correspondence.heading(sheet)
    correspondence.concerning(sheet, CASE)
    subject = by_reader(CASE, user="Du", other="{{ ledsagerbevis.bruker.navn }}")
    with sheet.when("ledsagerbevis.utfall == 'innvilget'"):
        _granted(sheet, subject)
    with sheet.when("ledsagerbevis.utfall == 'avslag'"):
        sheet.text(
            f"{subject} får ikke ledsagerbevis. Vi har avslått søknaden som vi mottok {{{{ ledsagerbevis.mottatt }}}}.",
        )
        sheet.heading("Derfor har vi bestemt dette")
        sheet.text("{{ ledsagerbevis.begrunnelse }}")
        sheet.text("Endrer situasjonen seg, kan du søke på nytt når som helst.")
    sheet.heading("Reglene")
    sheet.text("Ledsagerbevis er en ordning som kommunen selv har bestemt. Det står ikke noe om den i loven.")
    sheet.lead_in("Vi har brukt disse reglene:")
    sheet.each("hjemmel in brev.hjemler", "{{ hjemmel | stor_forbokstav }}")
    correspondence.rights_of_appeal(sheet, suspendable=False, body="{{ kontor.klagenemnd }}", term="ledsagerbevis_klagefrist")
    enclosed = ("ledsagerbevis.utfall == 'innvilget'", "Vedlegg: Ledsagerbevis")
    correspondence.close(sheet, CASE, decision=True, enclosed=enclosed)
    return sheet


def _granted(sheet: Sheet, subject: str) -> None:
    sheet.text(
        f"{subject} får ledsagerbevis. Vi har innvilget søknaden som vi mottok {{{{ ledsagerbevis.mottatt }}}}. "
        "Beviset ligger ved dette brevet.",
    )
    sheet.table(
        ("Ledsagerbevis", "Gjelder fra", "Gjelder til"),
        (
            Row(
                (
                    "{{ ledsagerbevis.bruker.navn }}",
                    "{{ ledsagerbevis.vedtaksdato }}",
                    "{% if ledsagerbevis.gjelder_til %}{{ ledsagerbevis.gjelder_til }}{% else %}Uten tidsgrense{% endif %}",
                )
            ),
        ),
        (70, 45, 45),
    )
    with sheet.when("ledsagerbevis.begrunnelse"):
        sheet.text("{{ ledsagerbevis.begrunnelse }}")
    sheet.heading("Slik bruker du beviset")
    sheet.bullets(
        "Vis beviset når billetten kjøpes. Den som har beviset, betaler for seg selv. Ledsageren kommer inn gratis der "
        "ordningen gjelder.",
        "Den som har beviset, velger selv hvem som er ledsager: en venn, en i familien eller en støttekontakt.",
        "Beviset gjelder i hele landet, hos dem som er med i ordningen. Spør på stedet før du drar.",
        "Beviset er personlig. Ingen andre kan bruke det.",
    )
    sheet.text("Si fra til oss hvis beviset blir borte, eller hvis navnet endrer seg. Da lager vi et nytt.")
    with sheet.when("ledsagerbevis.gjelder_til"):
        sheet.text("Ønskes et nytt bevis når dette går ut, må det søkes på nytt. Send søknaden minst fire uker før.")
