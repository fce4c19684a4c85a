"""The heartbeat out: an outside watcher raises the alarm when it hears nothing, or hears that something is wrong.

It is healthchecks' protocol (https://healthchecks.io/docs/http_api/): GET the address, POST what is wrong to its /fail.
"""

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit, urlunsplit

import structlog

from veilleuse.language import speaking

log = structlog.get_logger()

TIMEOUT = 10.0  # seconds, for connecting and for each read


class HttpHeartbeat:
    """Without an address it is silent. The address is a secret and fetched anew for each beat.

    `language`: in which the watcher's people read what is wrong.
    """

    def __init__(self, address: Callable[[], str | None], *, language: str = "en") -> None:
        self._address = address
        self._language = language

    def beat(self, unwell: Sequence[str] = ()) -> None:
        """All is well, or what is not. Never raises: what is not heard is the watcher's to tell."""
        url = self._address()
        if url is None:
            return
        import requests  # 5 MB that a daemon without a heartbeat need not carry

        try:
            if unwell:
                with speaking(self._language):
                    body = "\n".join(map(str, unwell))
                answer = requests.post(_fail(url), data=body.encode(), timeout=TIMEOUT, allow_redirects=False)
            else:
                answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:  # its text holds the address
            log.warning("heartbeat.not_sent", why=type(error).__name__)
            return
        if answer.status_code >= 300:
            log.warning("heartbeat.refused", status=answer.status_code)


def _fail(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
