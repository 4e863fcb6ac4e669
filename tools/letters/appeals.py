"""What the office writes about an appeal: that it has come in, and that it is sent on."""

from __future__ import annotations

from tools.letters import correspondence
from tools.letters.sheet import Sheet


def received() -> Sheet:
    sheet = correspondence.start("Vi har mottatt klagen", "sak")
    correspondence.concerning(sheet, "sak")
    sheet.text(
        "Vi mottok klagen {{ sak.klage_mottatt }}. Den gjelder vedtaket om {{ tjenestenavn }} fra {{ sak.vedtaksdato }}. "
        "Vi vurderer saken på nytt innen {{ sak.deadlines.klage_oversendes.due }}. Du trenger ikke å gjøre noe nå.",
    )
    with sheet.when("sak.klage_sen_grunn"):
        sheet.text("Klagen kom etter fristen. Vi behandler den likevel: {{ sak.klage_sen_grunn }}")
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
        "Vi har vurdert klagen på vedtaket om {{ tjenestenavn }} fra {{ sak.vedtaksdato }}. Vi endrer ikke alt som "
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
