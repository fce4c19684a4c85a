"""Messages through Apprise, to a real SMTP server and a real webhook on loopback."""

import email
import email.policy
import json
import logging
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from subprocess import run
from time import monotonic
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from veilleuse.adapters.notify import AppriseNotifier, check_address
from veilleuse.ports import NotifyFailed

PASSWORD = "Kanari-Vogel_7f3a"
TITLE = "veilleuse: « Noël » : il reste 3 jours à acme-x ☕"
BODY = "acme-x se tait depuis 8 jours : œuvre, naïveté, 15 €.\n  Que faire : <approuver> & *publier* :smile:\n\nVoilà."


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


class Post(Controller):
    """An SMTP server. With a certificate it asks for STARTTLS and a password."""

    def __init__(self, mailbox: Mailbox, tls: ssl.SSLContext | None = None) -> None:
        options: dict[str, Any] = {}
        if tls is not None:
            options = {
                "tls_context": tls,
                "require_starttls": True,
                "auth_required": True,
                "authenticator": self._authenticate,
            }
        super().__init__(mailbox, hostname="127.0.0.1", port=_free_port(), server_hostname="veilleuse.test", **options)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: Any
    ) -> AuthResult:
        assert isinstance(auth, LoginPassword)
        return AuthResult(success=auth.password == PASSWORD.encode(), handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@pytest.fixture
def dead_port() -> Iterator[int]:
    """A port nobody listens on, and nobody else can take meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_port(mailbox: Mailbox, authority: trustme.CA) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    post = Post(mailbox, context)
    post.start()
    yield post.port
    post.stop()


@pytest.fixture
def plain_port(mailbox: Mailbox) -> Iterator[int]:
    post = Post(mailbox)
    post.start()
    yield post.port
    post.stop()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, Any]], Callable[[int], None]]]:
    """Where it listens, what it was told, and how to make it answer another status."""
    told: list[dict[str, Any]] = []
    status = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status[0])
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"127.0.0.1:{server.server_port}", told, lambda answer: status.__setitem__(0, answer)
        server.shutdown()
        thread.join()


def tell(*addresses: str, channel: int = 0, urgent: bool = False, timeout: float = 10) -> None:
    AppriseNotifier({"claire": addresses}, timeout=timeout).send(
        "claire", channel, title=TITLE, body=BODY, urgent=urgent
    )


def mailtos(port: int, password: str = PASSWORD) -> str:
    return f"mailtos://veilleuse:{password}@127.0.0.1:{port}?from=veilleuse@acme.test&to=claire@acme.test"


def arrived(mailbox: Mailbox) -> tuple[str, str, str]:
    (mail,) = mailbox.mails
    return str(mail["Subject"]), mail.get_content_type(), mail.get_content().replace("\r\n", "\n").strip()


@pytest.mark.usefixtures("trusted")
def test_a_french_mail_arrives_intact_over_starttls_with_a_password(mailbox: Mailbox, secure_port: int) -> None:
    tell(mailtos(secure_port))
    assert arrived(mailbox) == (TITLE, "text/plain", BODY)
    assert mailbox.recipients == ["claire@acme.test"]


def test_a_french_mail_arrives_intact_without_encryption(mailbox: Mailbox, plain_port: int) -> None:
    tell(f"mailto://127.0.0.1:{plain_port}?from=veilleuse@acme.test&to=claire@acme.test")
    assert arrived(mailbox) == (TITLE, "text/plain", BODY)
    assert "Apprise" not in mailbox.mails[0].as_string()


def test_a_webhook_gets_plain_text_and_the_urgency(
    webhook: tuple[str, list[dict[str, Any]], Callable[[int], None]],
) -> None:
    host, told, _ = webhook
    tell(f"json://{host}/hook")
    tell(f"json://{host}/hook", urgent=True)
    assert [(message["title"], message["message"], message["type"]) for message in told] == [
        (TITLE, BODY, "info"),
        (TITLE, BODY, "failure"),
    ]


def test_a_channel_is_its_own(webhook: tuple[str, list[dict[str, Any]], Callable[[int], None]], dead_port: int) -> None:
    host, told, _ = webhook
    notifier = AppriseNotifier({"claire": [f"json://127.0.0.1:{dead_port}", f"json://{host}"], "hugo": []})
    assert [notifier.channels(person) for person in ("claire", "hugo", "nobody")] == [2, 0, 0]
    notifier.send("claire", 1, title=TITLE, body=BODY, urgent=False)
    assert len(told) == 1
    for person in ("hugo", "nobody"):
        with pytest.raises(NotifyFailed, match=rf"{person} has no channel 1.*\[people.{person}\]"):
            notifier.send(person, 0, title=TITLE, body=BODY, urgent=False)


@pytest.mark.parametrize("scheme", ["json", "mailto", "mailtos"])
def test_a_dead_port_fails_quickly_and_without_the_address(scheme: str, dead_port: int) -> None:
    address = f"{scheme}://veilleuse:{PASSWORD}@127.0.0.1:{dead_port}?from=veilleuse@acme.test&to=claire@acme.test"
    before = monotonic()
    with pytest.raises(NotifyFailed) as failed:
        tell("json://127.0.0.1", address, channel=1)
    assert monotonic() - before < 5
    assert str(failed.value) == f"claire's channel 2 ({scheme}) did not take the message: connection refused."
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__ or failed.value.__context__ is None


def test_a_server_that_never_answers_is_left_after_the_total_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        before = monotonic()
        # Apprise's worker is let go by closing the socket, so that it does not outlive the test.
        with pytest.raises(NotifyFailed, match=r"\(json\) did not take the message: no answer in time\."):
            tell(f"json://127.0.0.1:{silent.getsockname()[1]}", timeout=0.3)
        assert monotonic() - before < 3


@pytest.mark.parametrize(("status", "reason"), [(401, "it answered 401"), (503, "it answered 503")])
def test_a_refusal_is_told_by_its_status(
    webhook: tuple[str, list[dict[str, Any]], Callable[[int], None]], status: int, reason: str
) -> None:
    host, _, answer = webhook
    answer(status)
    with pytest.raises(NotifyFailed, match=rf"claire's channel 1 \(json\) did not take the message: {reason}\."):
        tell(f"json://veilleuse:{PASSWORD}@{host}")


def test_a_certificate_nobody_vouches_for_is_refused(mailbox: Mailbox, secure_port: int) -> None:
    with pytest.raises(NotifyFailed, match=r"\(mailtos\) did not take the message: its certificate is not trusted\."):
        tell(mailtos(secure_port))
    assert mailbox.mails == []


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_said_without_saying_it(mailbox: Mailbox, secure_port: int) -> None:
    with pytest.raises(NotifyFailed) as failed:
        tell(mailtos(secure_port, "Wrong-" + PASSWORD))
    assert "it answered 535" in str(failed.value)
    assert PASSWORD not in str(failed.value)
    assert mailbox.mails == []


def test_an_address_apprise_does_not_know_is_a_failure_like_any_other() -> None:
    with pytest.raises(NotifyFailed, match=r"claire's channel 1 \(nonsense\) .*veilleuse check"):
        tell(f"nonsense://{PASSWORD}")


def test_a_message_too_long_for_its_channel_arrives_in_parts(
    webhook: tuple[str, list[dict[str, Any]], Callable[[int], None]],
) -> None:
    host, told, _ = webhook
    body = "\n".join(f"{number}: une ligne parmi d'autres" for number in range(2000))
    AppriseNotifier({"claire": [f"json://{host}"]}).send("claire", 0, title=TITLE, body=body, urgent=False)
    assert len(told) > 1
    assert "".join("".join(message["message"].split()) for message in told) == "".join(body.split())


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("mailtos://claire:secret@smtp.acme.test?to=claire@acme.test", None),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", None),
        ("json://127.0.0.1/hook", None),
        ("nonsense://secret", "does not understand this nonsense address"),
        ("slack://", "does not understand this slack address"),
        ("secret", "does not understand this unknown address"),
        ("", "does not understand this unknown address"),
        ("json://secret/a, json://secret/b", "several addresses in one"),
        ("mailtos://secret:secret@smtp.acme.test?to=claire@acme.test,hugo@acme.test", "several addresses in one"),
        ("mailtos://claire:secret@smtp.acme.test?to=claire@acme.test&cc=hugo@acme.test", None),
    ],
)
def test_an_address_is_judged_without_sending_anything(address: str, problem: str | None) -> None:
    said = check_address(address)
    assert (said is None) == (problem is None)
    assert problem is None or problem in str(said)
    assert "secret" not in str(said)


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """What reaches the root logger, of everybody at every level; the test's own SMTP server aside."""
    written = StringIO()
    handler, root = logging.StreamHandler(written), logging.getLogger()
    handler.addFilter(lambda record: record.name != "mail.log")
    level = root.level
    root.setLevel(logging.NOTSET)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.usefixtures("trusted")
def test_no_address_reaches_any_log_at_any_level(
    logged: StringIO, capfd: pytest.CaptureFixture[str], secure_port: int, dead_port: int
) -> None:
    logging.getLogger("witness").debug("somebody listens")
    tell(mailtos(secure_port))
    check_address(f"slack://{PASSWORD}")
    for address in (
        mailtos(secure_port, "Wrong-" + PASSWORD),
        mailtos(dead_port),
        f"json://veilleuse:{PASSWORD}@127.0.0.1:{dead_port}/?+X-Token={PASSWORD}",
        f"nonsense://{PASSWORD}",
    ):
        with pytest.raises(NotifyFailed):
            tell(address)
    printed = capfd.readouterr()
    assert "somebody listens" in logged.getvalue()
    for text in (logged.getvalue(), printed.out, printed.err):
        assert PASSWORD not in text
        assert "claire@acme.test" not in text


def test_apprise_is_loaded_at_the_first_message_only() -> None:
    code = (
        "import sys; from veilleuse.adapters.notify import AppriseNotifier; "
        "AppriseNotifier({'claire': ['json://127.0.0.1']}).channels('claire'); print('apprise' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
