"""What the office writes about an appeal, from its receipt to the answer of the appeal body."""

from __future__ import annotations

from tools.letters import correspondence
from tools.letters.sheet import Sheet


def received() -> Sheet:
    sheet = correspondence.start("Vi har mottatt klagen", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi mottok klagen {{ sak.klage_mottatt }}. Den gjelder vedtaket om {{ tjenestenavn }} fra {{ sak.påklaget }}. "
        "Vi vurderer saken på nytt innen {{ sak.deadlines.klage_oversendes.due }}. Du trenger ikke å gjøre noe nå.",
    )
    with sheet.when("sak.klage_sen_grunn"):
        sheet.text("Klagen kom etter fristen. Vi behandler den likevel: {{ sak.klage_sen_grunn }}")
    with sheet.when("sak.klage_for_sen and not sak.klage_sen_grunn"):
        sheet.text(
            "Klagen kan ha kommet etter fristen. Derfor vurderer vi først om vi kan behandle den. "
            "Har du en grunn til at den kom sent, kan du skrive til oss om det.",
        )
    sheet.heading("Dette skjer videre")
    sheet.bullets(
        "Vi går gjennom klagen og vurderer om vedtaket skal endres.",
        "Endrer vi vedtaket, får du et nytt vedtak fra oss.",
        "Endrer vi ikke alt du klager på, sender vi klagen til Statsforvalteren og skriver til deg om det. "
        "Det er Statsforvalteren som avgjør klagen.",
    )
    sheet.heading("Dette kan du gjøre")
    sheet.bullets(
        "Har du nye opplysninger, kan du sende dem til {{ kontor.kommune }}, {{ kontor.enhet }}, {{ kontor.postadresse }}.",
        "Du kan få se dokumentene i saken. Ta kontakt med saksbehandleren.",
        "Du kan få hjelp til å skrive mer i klagen, eller la en annen uttale seg for deg. "
        "Den som ikke er advokat, må ha skriftlig fullmakt.",
    )
    sheet.text("Reglene om klage står i {{ brev.hjemler }}.")
    correspondence.close(sheet, "sak")
    return sheet


def sent_on() -> Sheet:
    sheet = correspondence.start("Klagen er sendt til Statsforvalteren", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi har vurdert klagen på vedtaket om {{ tjenestenavn }} fra {{ sak.påklaget }}. Vi endrer ikke alt som "
        "det er klaget på. Derfor sendte vi klagen til Statsforvalteren {{ sak.klage_oversendt }}. "
        "Du trenger ikke å gjøre noe nå. Statsforvalteren skriver til deg når klagen er avgjort.",
    )
    sheet.heading("Derfor endrer vi ikke vedtaket")
    sheet.text("{{ sak.klagevurdering }}")
    sheet.heading("Dette kan du gjøre")
    sheet.bullets(
        "Har du noe å legge til, kan du skrive til Statsforvalteren. Oppgi saksnummeret vårt, {{ sak.saksnummer }}.",
        "Du kan få se det vi har sendt til Statsforvalteren, og de andre dokumentene i saken.",
        "Vil du ikke klage likevel, kan du si fra til oss eller til Statsforvalteren.",
    )
    sheet.text("Reglene om klage står i {{ brev.hjemler }}.")
    correspondence.close(sheet, "sak")
    return sheet


def dismissed() -> Sheet:
    """A late appeal that is not taken up is a decision of its own, open to appeal."""
    sheet = correspondence.start("Klagen er avvist", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi mottok klagen {{ sak.klage_mottatt }}. Den gjelder vedtaket om {{ tjenestenavn }} fra {{ sak.påklaget }}. "
        "Vi behandler ikke klagen. Det kalles å avvise den. Vedtaket gjelder som før.",
    )
    sheet.heading("Derfor avviser vi klagen")
    sheet.text("{{ sak.klagevurdering }}")
    with sheet.when("sak.klage_for_sen"):
        sheet.text(
            "En klage som kommer etter fristen, kan bli behandlet når den som klager, ikke kan lastes for det, eller når "
            "særlige grunner taler for det. Vi har vurdert begge deler.",
        )
    sheet.text("Endrer behovet seg, kan du søke på nytt når som helst.")
    sheet.lead_in("Vi har brukt disse reglene:")
    sheet.each("hjemmel in brev.hjemler", "{{ hjemmel | stor_forbokstav }}")
    correspondence.rights_of_appeal(sheet, suspendable=False, dismissal=True)
    correspondence.close(sheet, "sak", decision=True)
    return sheet


def granted() -> Sheet:
    """The office changes its own decision."""
    sheet = correspondence.start("Vedtak etter klage", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi har vurdert klagen på vedtaket om {{ tjenestenavn }} fra {{ sak.påklaget }}, og gir medhold i den. "
        "Vedtaket er endret. Klagen blir ikke sendt til Statsforvalteren.",
    )
    sheet.heading("Det nye vedtaket")
    sheet.text("{{ sak.klagevedtak_innhold }}")
    sheet.heading("Begrunnelsen")
    sheet.text("{{ sak.klagevurdering }}")
    sheet.heading("Dette skjer videre")
    sheet.text("Vi setter vedtaket i verk så snart vi kan, og tar kontakt med deg om det.")
    sheet.heading("Utgifter til klagen")
    sheet.text(
        "Har du hatt utgifter som var nødvendige for å få vedtaket endret, kan du kreve å få dem dekket. "
        "Skriv til oss innen {{ sakskostnadsfrist }} fra den dagen du fikk dette brevet.",
    )
    correspondence.legal_references(sheet)
    correspondence.rights_of_appeal(sheet, suspendable=False)
    correspondence.close(sheet, "sak", decision=True)
    return sheet


CHANGED = "sak.klageutfall in ['medhold', 'delvis medhold']"


def answered() -> Sheet:
    """What the appeal body has decided, and what that means."""
    sheet = correspondence.start("Statsforvalteren har svart på klagen", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi fikk Statsforvalterens svar {{ sak.klage_avgjort }}. "
        "Svaret gjelder klagen på vedtaket om {{ tjenestenavn }} fra {{ sak.påklaget }}. "
        "Statsforvalteren sender også svaret til den som har klaget.",
    )
    sheet.heading("Svaret")
    for condition, words in (
        ("sak.klageutfall == 'medhold'", "Statsforvalteren er enig i klagen og har endret vedtaket."),
        ("sak.klageutfall == 'delvis medhold'", "Statsforvalteren er enig i noe av klagen og har endret en del av vedtaket."),
        ("sak.klageutfall == 'stadfestet'", "Statsforvalteren er enig med kommunen. Vedtaket gjelder som før."),
        (
            "sak.klageutfall == 'opphevet'",
            "Statsforvalteren har opphevet vedtaket. Det gjelder ikke lenger, og vi må behandle saken på nytt.",
        ),
        ("sak.klageutfall == 'avvist'", "Statsforvalteren har avvist klagen. Vedtaket gjelder som før."),
    ):
        with sheet.when(condition):
            sheet.text(words)
    sheet.heading("Dette skjer videre")
    with sheet.when(CHANGED):
        sheet.bullets(
            "Vi retter oss etter det Statsforvalteren har bestemt. Du trenger ikke å søke på nytt.",
            "Vi tar kontakt innen {{ sak.deadlines.klagesvar_følges_opp.due }} for å avtale det som trengs.",
        )
    with sheet.when("sak.klageutfall == 'opphevet'"):
        sheet.bullets(
            "Du trenger ikke å søke på nytt. Vi tar kontakt innen {{ sak.deadlines.klagesvar_følges_opp.due }} "
            "om hvordan vi går fram.",
            "Du får et nytt vedtak, som du kan klage på.",
        )
    with sheet.when("sak.klageutfall in ['stadfestet', 'avvist']"):
        sheet.bullets(
            "Klagesaken er ferdig hos oss. Vi gjør ikke noe mer med den.",
            "Endrer behovet seg, kan du søke på nytt når som helst.",
        )
    sheet.text(
        "I Statsforvalterens brev står begrunnelsen, og om det er noe mer du kan gjøre. "
        "Du kan få se dokumentene i saken hos oss.",
    )
    sheet.text("Reglene om klage står i {{ brev.hjemler }}.")
    correspondence.close(sheet, "sak")
    return sheet
