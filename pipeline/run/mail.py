"""E-mail through the office's own server: that a night failed, or that the overdue list has news. Nothing personal is in it."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final

from pipeline.faults import Fault
from pipeline.profile.model import Mail
from pipeline.texts import message

_PATIENCE: Final = 20.0
"""Seconds to wait for the server."""
_SMTP: Final = 25
_SMTPS: Final = 465


class MailNotSent(Fault):
    """The e-mail could not be sent."""

    sentence = message(
        "The e-mail could not be sent through {server}: {reason}. See to it, or correct [mail] in profile.toml; "
        "letters and lists are as they would be."
    )
    exit_code = 3


def send(
    mail: Mail, subject: str, lines: list[str], at: datetime, folder: Path, environ: Mapping[str, str] = os.environ
) -> None:
    """Send a plain text to the addresses of the profile.

    Encrypted from the start at port 465, elsewhere as soon as the server offers it; a password goes only to a server
    whose certificate is in order. Without a password an encrypted way to an unknown server is no worse than an open one.

    Args:
        mail: the profile's table.
        subject: in one line.
        lines: of the text.
        at: the time.
        folder: the workspace, where a password file is looked for.
        environ: where a password may stand.

    Raises:
        MailNotSent: why it could not be sent.
    """
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = mail.sender, ", ".join(mail.to), subject
    letter["Date"] = format_datetime(at.astimezone())
    letter["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2].strip(" >") or None)
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n".join(lines) + "\n")
    try:
        secret = password(mail, folder, environ)
        with connect(mail) as server:
            if mail.user:
                server.login(mail.user, secret)
            refused = server.send_message(letter)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailNotSent(server=mail.server, reason=_reason(error)) from error
    if refused:
        raise MailNotSent(server=mail.server, reason=message("the server does not take all of the addresses"))


def check(mail: Mail, folder: Path, environ: Mapping[str, str] = os.environ) -> None:
    """See whether the server answers and takes the password; nothing is sent.

    Raises:
        MailNotSent: why not.
    """
    try:
        secret = password(mail, folder, environ)
        with connect(mail) as server:
            if mail.user:
                server.login(mail.user, secret)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailNotSent(server=mail.server, reason=_reason(error)) from error


def connect(mail: Mail) -> smtplib.SMTP:
    """A server that answers, encrypted where it can be.

    Raises:
        OSError: it does not answer, or its certificate is not in order.
        SMTPException: it answers as no mail server does, or offers no encryption for a password.
    """
    host, _, port = mail.server.partition(":")
    context = ssl.create_default_context()
    if not mail.user:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if int(port or _SMTP) == _SMTPS:
        return smtplib.SMTP_SSL(host, _SMTPS, timeout=_PATIENCE, context=context)
    server = smtplib.SMTP(host, int(port or _SMTP), timeout=_PATIENCE)
    try:
        _encrypt(server, context, needed=bool(mail.user))
    except BaseException:
        server.close()
        raise
    return server


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext, *, needed: bool) -> None:
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    elif needed:
        raise smtplib.SMTPNotSupportedError


class NoPassword(ValueError):
    """The password is not where the profile says."""


def password(mail: Mail, folder: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The password, from the environment or from a file; empty where nobody logs in.

    Raises:
        NoPassword: it is not there.
    """
    if not mail.user:
        return ""
    if mail.password_env:
        found = environ.get(mail.password_env, "")
    else:
        try:
            found = (folder / (mail.password_file or "")).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            found = ""
    if not found:
        raise NoPassword
    return found


def _reason(error: Exception) -> str:
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (NoPassword, message("the password is not where the profile says")),
        (smtplib.SMTPAuthenticationError, message("it does not take the user's password")),
        (smtplib.SMTPNotSupportedError, message("it offers no encryption or no login, so the password was not sent")),
        (smtplib.SMTPRecipientsRefused, message("the server does not take the addresses")),
        (smtplib.SMTPSenderRefused, message("the server does not take the sender")),
        (smtplib.SMTPException, message("it answers as no mail server does, or refuses")),
        (ssl.SSLError, message("its certificate is not in order")),
        (UnicodeError, message("there is no such server")),
        (OSError, message("it does not answer")),
    )
    return next((reason for kind, reason in reasons if isinstance(error, kind)), message("it does not answer"))
