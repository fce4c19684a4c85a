"""The heartbeat out: an outside watcher (healthchecks and its like) raises the alarm when it hears nothing."""

from collections.abc import Callable

import requests
import structlog

log = structlog.get_logger()

TIMEOUT = 10.0  # seconds, for connecting and for each read


class HttpHeartbeat:
    """GETs an address; without one it is silent. The address is a secret and fetched anew for each beat."""

    def __init__(self, address: Callable[[], str | None]) -> None:
        self._address = address

    def beat(self) -> None:
        """Never raises: what is not heard is the watcher's to tell."""
        url = self._address()
        if url is None:
            return
        try:
            answer = requests.get(url, timeout=TIMEOUT, allow_redirects=False)
        except requests.RequestException as error:  # its text holds the address
            log.warning("heartbeat.not_sent", why=type(error).__name__)
            return
        if answer.status_code >= 300:
            log.warning("heartbeat.refused", status=answer.status_code)
