"""Messages to people through Apprise: mail, Slack, Teams, webhooks and a hundred more.

Addresses are secrets: what goes wrong is told by person, number and kind of channel, and a reason picked from a closed
list. Apprise's own log repeats hosts and recipients; it is read here for that reason and goes nowhere else.
"""

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from veilleuse.language import N_, _, sentence
from veilleuse.ports import NotifyFailed

TOTAL_TIMEOUT = 30.0  # seconds, for one message on one channel, retries and all

REASONS = (
    ("certificate_verify_failed", N_("its certificate is not trusted")),
    ("name resolution|name or service not known|getaddrinfo|no address associated", N_("its name cannot be resolved")),
    ("connection refused", N_("connection refused")),
    ("network is unreachable|no route to host", N_("no route to it")),
    ("timed out|timeout", N_("no answer in time")),
    ("starttls extension not supported", N_("it offers no encryption (STARTTLS)")),
)
STATUS = re.compile(r"error=(\d{3})\b|\((\d{3}), b|refused: (\d{3})\b")


class AppriseNotifier:
    """`addresses` holds each person's Apprise URLs, in the order of their `notify`."""

    def __init__(self, addresses: Mapping[str, Sequence[str]], *, timeout: float = TOTAL_TIMEOUT) -> None:
        self._addresses = addresses
        self._timeout = timeout

    def channels(self, person: str) -> int:
        return len(self._addresses.get(person, ()))

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        if not 0 <= channel < self.channels(person):
            raise NotifyFailed(
                sentence(
                    "{person} has no channel {number}: add `notify` to [people.{person}].",
                    person=person,
                    number=channel + 1,
                )
            )
        address = self._addresses[person][channel]
        try:
            why = _send(address, title, body, urgent, self._timeout)
        except Exception as error:  # any of 180 plugins may raise anything, with the address in it
            why = sentence("the program failed ({kind})", kind=type(error).__name__)
        if why is not None:
            raise NotifyFailed(
                sentence(
                    "{person}'s channel {number} ({kind}) did not take the message: {why}.",
                    person=person,
                    number=channel + 1,
                    kind=_kind(address),
                    why=why,
                )
            )


def check_address(address: str) -> str | None:
    """What is wrong with that address, in a sentence without it; None: Apprise understands it. Nothing is sent."""
    services = _load(address)
    if not services:
        return _(
            "Apprise does not understand this {kind} address: its form is on https://appriseit.com/services/."
        ).format(kind=_kind(address))
    if sum(map(len, services)) > 1:  # if one of them fails, it is tried again, and the others get it every time
        return _("these are several addresses in one: write one `notify` entry for each.")
    return None


def _send(address: str, title: str, body: str, urgent: bool, timeout: float) -> str | None:
    """None: it went out. Else the reason."""
    services = _load(address)
    if not services:
        return sentence("Apprise does not understand the address: run `veilleuse check`")
    kind = "failure" if urgent else "info"
    with services.notify(
        title=title, body=body, notify_type=kind, body_format="text", timeout=timeout, log_level=logging.DEBUG
    ) as result:
        return None if result else _reason(result.status.name, (entry.message for entry in result.logs()))


def _load(address: str) -> Any:
    """Apprise with that one address; empty if it does not understand it."""
    # At DEBUG, for `_reason`; never further, whatever the root logger wants.
    logger = logging.getLogger("apprise")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    # Half a second and 44 MB: paid at the first message, not at every start.
    import apprise

    asset = apprise.AppriseAsset(
        app_id="veilleuse",
        app_desc="veilleuse",
        app_url="",
        async_mode=False,
        interpret_emojis=False,
        allow_templates=False,
    )
    services = apprise.Apprise(asset=asset)
    services.add(address)
    for service in services:
        # A chat with short messages gets several: refused as too long it would be tried for ever in vain.
        service.overflow_mode = apprise.OverflowMode.SPLIT
    return services


def _reason(status: str, lines: Iterable[str]) -> str:
    text = "\n".join(lines).lower()
    for pattern, reason in REASONS:
        if re.search(pattern, text):
            return sentence(reason)
    if code := STATUS.search(text):
        return sentence("it answered {code}", code=next(filter(None, code.groups())))
    return sentence("no answer in time") if status == "TIMEOUT" else sentence("it gave no reason")


def _kind(address: str) -> str:
    """The scheme, which tells mail from chat and holds no secret."""
    scheme, colon, _ = address.partition("://")
    return scheme.lower() if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) else "unknown"
