"""What is told of a night: on the terminal, in the log, on the overview, and by e-mail through a real server."""

from __future__ import annotations

import email
import json
import socket
import ssl
import stat
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from pipeline.faults import Busy
from pipeline.files import run_lock
from pipeline.profile.model import Mail
from pipeline.run import Clock, Patience, Workspace, night
from pipeline.run import log as logs
from pipeline.run.log import Log
from pipeline.run.mail import MailNotSent, send
from tests.walk.small_office import PROFILE, SmallOffice

TUESDAY = Clock(date(2026, 11, 24), lambda: datetime(2026, 11, 24, 2, 0), lambda: 0.0)  # noqa: DTZ001 -- the office's wall clock
PERSONAL = ("Kari", "Ola", "Åse", "Gate", "Hemmelig", "P-1", "C-1", "C-2", "week 45")


class Box:
    """A mailbox: the messages that the server took, and whether they came encrypted."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.encrypted: list[bool] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.refused = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        if address == self.refused:
            return "550 no such address"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        self.messages.append(email.message_from_bytes(envelope.content, policy=default))
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def box() -> Iterator[tuple[Box, str]]:
    """A server without encryption, as a relay inside the office's walls, and its address."""
    found = Box()
    controller = Controller(found, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield found, f"127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def guarded_box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Box, str]]:
    """A server that wants encryption and a login, with a certificate that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    found = Box()
    controller = Controller(
        found, hostname="localhost", port=free_port(), tls_context=context, auth_required=True, authenticator=found.authenticate
    )
    controller.start()
    yield found, f"localhost:{controller.port}"
    controller.stop()


def with_mail(office: SmallOffice, server: str, further: str = "") -> None:
    lines = f'[mail]\nserver = "{server}"\nfrom = "fristbrev@sted.invalid"\nto = ["leder@sted.invalid"]\n{further}\n'
    office.write_profile(f"{PROFILE}\n{lines}")


def mail(server: str, **further: str) -> Mail:
    return Mail.model_validate({"server": server, "from": "a@sted.invalid", "to": ["b@sted.invalid"], **further})


def log_of(office: SmallOffice) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (office.folder / "fristbrev.log").read_text("utf-8").splitlines()]


def text_of(message: Message) -> str:
    return str(message.get_payload())


# ------------------------------------------------------------------ three lines


def test_a_night_is_told_in_three_lines(office: SmallOffice) -> None:
    first, deadlines, letters, *_ = office.run().stdout.splitlines()
    assert first.startswith("10 rows read, 0 of them left out; ")
    assert first.endswith("The last good run was never.")
    assert deadlines == "Deadlines: 1 unknown, 1 overdue, 2 due soon."
    assert letters == "3 new letters, 2 withheld, 1 to be made by hand, 1 to look through."


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-23", "earlier today"), ("2026-11-24", "yesterday"), ("2026-11-26", "on 2026-11-23")],
)
def test_the_first_line_says_when_the_last_good_run_was(office: SmallOffice, day: str, said: str) -> None:
    office.run()
    assert office.run(day=day).stdout.splitlines()[0].endswith(f"The last good run was {said}.")


def test_the_record_of_a_run_has_seconds_and_memory_of_each_station(office: SmallOffice) -> None:
    office.run()
    record = json.loads((office.output / "2026-11-23" / "run 1.json").read_text("utf-8"))
    assert record["seconds"].keys() == record["megabytes"].keys()
    assert all(10 < megabytes < 4000 for megabytes in record["megabytes"].values())


# ------------------------------------------------------------------ the log


def test_the_log_tells_each_station_without_anything_personal(office: SmallOffice) -> None:
    office.run()
    lines = log_of(office)
    assert [lines[0]["event"], lines[-1]["event"]] == ["begun", "ended"]
    assert {"register", "plan", "fill", "write", "lists"} <= {line["station"] for line in lines if line["event"] == "station"}
    assert (lines[-1]["made"], lines[-1]["withheld"], lines[-1]["complete"]) == (3, 2, True)
    text = (office.folder / "fristbrev.log").read_text("utf-8")
    assert not any(word in text for word in PERSONAL)
    assert stat.S_IMODE((office.folder / "fristbrev.log").stat().st_mode) == 0o600


def test_a_failed_night_is_logged_with_its_station_and_kind(office: SmallOffice) -> None:
    office.workbook.write_bytes(b"")
    assert office.run().exit_code == 2
    (failed,) = [line for line in log_of(office) if line["event"] == "failed"]
    assert (failed["kind"], failed["station"], failed["exit"]) == ("EmptyFile", "register", 2)


def test_a_full_log_is_put_aside_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST", 200)
    now = datetime(2026, 11, 23, 2)  # noqa: DTZ001 -- the office's own time
    for number in range(100):
        Log(tmp_path, lambda: now).say("station", number=number)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["fristbrev.log", *(f"fristbrev.log.{number}" for number in range(1, 10))]
    numbers = [json.loads(line)["number"] for name in names for line in (tmp_path / name).read_text("utf-8").splitlines()]
    assert sorted(numbers) == list(range(min(numbers), 100))
    later = datetime.now() + timedelta(days=500)  # noqa: DTZ005, TID251 -- files have the machine's own times
    Log(tmp_path, lambda: later).say("begun")
    assert [path.name for path in tmp_path.iterdir()] == ["fristbrev.log"]


def test_a_log_that_cannot_be_written_stops_no_night(office: SmallOffice) -> None:
    (office.folder / "fristbrev.log").mkdir()
    result = office.run()
    assert (result.exit_code, result.stderr) == (0, "")


# ------------------------------------------------------------------ the overview


def test_a_failed_night_stands_in_red_on_the_overview_until_the_next_good_one(office: SmallOffice) -> None:
    office.run()
    page = office.output / "overview" / "overview.html"
    whole = office.workbook.read_bytes()
    office.workbook.write_bytes(b"")
    for day in ("2026-11-24", "2026-11-25"):
        office.run(day=day)
    said = page.read_text("utf-8")
    assert said.count('class="stale failed overdue" role="alert"') == 1
    assert "The run of 2026-11-25 failed: The register book.xlsx is empty" in said
    assert "The last good run was on 2026-11-23." in said
    office.workbook.write_bytes(whole)
    office.run(day="2026-11-26")
    assert "failed" not in page.read_text("utf-8").partition("<header")[2].partition("</header>")[0]


# ------------------------------------------------------------------ e-mail


def test_news_on_the_overdue_list_is_told_once_and_without_anything_personal(office: SmallOffice, box: tuple[Box, str]) -> None:
    found, server = box
    with_mail(office, server)
    for day in ("2026-11-23", "2026-11-24", "2026-12-02"):
        assert office.run(day=day).exit_code == 0
    assert [message["Subject"] for message in found.messages] == [
        "Fristbrev: 2 deadlines have passed since last time",
        "Fristbrev: 1 deadline has passed since last time",
    ]
    first = found.messages[0]
    assert (first["To"], first["From"], first["Auto-Submitted"]) == (
        "leder@sted.invalid",
        "fristbrev@sted.invalid",
        "auto-generated",
    )
    assert "10 rows read" in text_of(first)
    assert "New among the unknown and overdue: Answer 2." in text_of(first)
    assert not any(word in message.as_string() for message in found.messages for word in PERSONAL)


def test_a_failed_night_is_told_once_a_day_whatever_is_wrong_with_the_profile(
    office: SmallOffice, box: tuple[Box, str]
) -> None:
    found, server = box
    with_mail(office, server)
    office.run()
    office.write_profile((office.folder / "profile.toml").read_text("utf-8").replace('on = "case"', 'on = "kase"', 1))
    assert office.run(day="2026-11-24").exit_code == 2
    assert office.run(day="2026-11-24").exit_code == 2
    assert [message["Subject"] for message in found.messages[1:]] == ["Fristbrev: the run of 2026-11-24 failed"]
    assert "The last good run was" in text_of(found.messages[1])


def test_a_night_that_stays_busy_is_told_once_a_day_but_to_nobody_where_a_person_sees_it(
    office: SmallOffice, box: tuple[Box, str]
) -> None:
    found, server = box
    with_mail(office, server)
    office.run()
    page = (office.output / "overview" / "overview.html").read_bytes()
    with run_lock(office.folder, datetime(2026, 11, 24, 1, 0)):  # noqa: DTZ001 -- the office's wall clock
        with pytest.raises(Busy):
            night(Workspace(office.folder), TUESDAY, lambda _: None, Patience(attended=True))
        assert [office.run(day="2026-11-24").exit_code for _ in range(2)] == [4, 4]
    assert [message["Subject"] for message in found.messages[1:]] == ["Fristbrev: the run of 2026-11-24 failed"]
    assert "Another run is under way" in text_of(found.messages[1])
    assert (office.output / "overview" / "overview.html").read_bytes() == page  # it belongs to whoever holds the workspace


def test_a_server_that_is_not_there_is_told_and_the_night_goes_on(office: SmallOffice) -> None:
    with_mail(office, "127.0.0.1:1")
    result = office.run()
    assert result.exit_code == 3
    assert "3 new letters" in result.stdout
    assert result.stderr.strip() == (
        "The e-mail could not be sent through 127.0.0.1:1: it does not answer. See to it, or correct [mail] in profile.toml; "
        "letters and lists are as they would be."
    )
    assert len(office.letters()) == 3


def test_the_password_goes_only_over_an_encrypted_way(tmp_path: Path, guarded_box: tuple[Box, str]) -> None:
    found, server = guarded_box
    (tmp_path / "secret").write_text("right\n", encoding="utf-8")
    at = datetime(2026, 11, 23, 2)  # noqa: DTZ001 -- the office's own time
    send(mail(server, user="me", password_file="secret"), "S", ["line"], at, tmp_path)
    send(mail(server, user="me", password_env="SECRET"), "S", ["line"], at, tmp_path, {"SECRET": "right"})
    assert found.logins == [(b"me", b"right")] * 2
    assert found.encrypted == [True, True]


@pytest.mark.parametrize(
    ("further", "environ", "reason"),
    [
        ({"user": "me", "password_env": "SECRET"}, {"SECRET": "wrong"}, "it does not take the user's password"),
        ({"user": "me", "password_env": "SECRET"}, {}, "the password is not where the profile says"),
        ({"user": "me", "password_file": "nowhere"}, {}, "the password is not where the profile says"),
    ],
)
def test_a_login_that_fails_says_why(
    tmp_path: Path, guarded_box: tuple[Box, str], further: dict[str, str], environ: dict[str, str], reason: str
) -> None:
    with pytest.raises(MailNotSent, match=reason):
        send(mail(guarded_box[1], **further), "S", [], datetime(2026, 11, 23, 2), tmp_path, environ)  # noqa: DTZ001 -- as above
    assert guarded_box[0].messages == []


def test_no_password_is_sent_where_the_way_is_open_or_the_certificate_unknown(
    tmp_path: Path, box: tuple[Box, str], guarded_box: tuple[Box, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at, secret = datetime(2026, 11, 23, 2), {"SECRET": "right"}  # noqa: DTZ001 -- as above
    with pytest.raises(MailNotSent, match="offers no encryption"):
        send(mail(box[1], user="me", password_env="SECRET"), "S", [], at, tmp_path, secret)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailNotSent, match="certificate"):
        send(mail(guarded_box[1], user="me", password_env="SECRET"), "S", [], at, tmp_path, secret)
    assert guarded_box[0].logins == []


def test_an_address_that_the_server_refuses_is_told(tmp_path: Path, box: tuple[Box, str]) -> None:
    box[0].refused = "b@sted.invalid"
    with pytest.raises(MailNotSent, match="does not take the addresses"):
        send(mail(box[1]), "S", [], datetime(2026, 11, 23, 2), tmp_path)  # noqa: DTZ001 -- as above


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('server = "', 'server = "smtp://', "is no mail server"),
        ("leder@", "leder", "is no e-mail address"),
        ("[mail]", '[mail]\nuser = "me"', "«user» needs either"),
        ("[mail]", '[mail]\npassword_env = "SECRET"', "«user» needs either"),
        ("[mail]", '[mail]\npassword = "right"', "did you mean «password_env»"),
    ],
)
def test_a_mistake_in_the_table_is_told(office: SmallOffice, old: str, new: str, said: str) -> None:
    with_mail(office, "localhost")
    path = office.folder / "profile.toml"
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")
    result = office.call("letters")
    assert result.exit_code == 2
    assert said in result.stderr
