"""The heartbeat out: an outside watcher raises the alarm when it hears nothing, or hears that something is wrong.

It is healthchecks' protocol (https://healthchecks.io/docs/http_api/): GET the address, POST what is wrong to its /fail.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import structlog

from veilleuse.adapters.networks.call import Broken, NotSent
from veilleuse.language import speaking

log = structlog.get_logger()

TIMEOUT = 10.0  # seconds, total


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

        from veilleuse.adapters.networks.http import Transport

        transport = Transport()
        transport.start(TIMEOUT)
        try:
            with requests.Session() as session, suppress(requests.TooManyRedirects):  # none is followed
                transport.carry(session)
                session.mount("http://", transport)  # a watcher of one's own
                if unwell:
                    with speaking(self._language):
                        body = "\n".join(map(str, unwell))
                    session.post(_fail(url), data=body.encode(), allow_redirects=False)
                else:
                    session.get(url, allow_redirects=False)
        except (requests.RequestException, NotSent, Broken) as error:  # its text may hold the address
            log.warning("heartbeat.not_sent", why=type(error).__name__)
            return
        if transport.answer is not None and transport.answer.status >= 300:
            log.warning("heartbeat.refused", status=transport.answer.status)


def _fail(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
