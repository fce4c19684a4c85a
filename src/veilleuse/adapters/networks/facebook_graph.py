"""The calls of one Page to the Graph API through facebook-sdk: their version, their deadlines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from veilleuse.adapters.networks.call import Answer, ask
from veilleuse.adapters.networks.facebook_errors import UNKNOWN_PATH, error_codes, explain

if TYPE_CHECKING:
    import requests

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

# facebook-sdk 3.1.0 takes no version newer than 3.1 as an argument, and its default, 2.8, is long dead.
VERSION = "v26.0"

log = structlog.get_logger()


class Graph:
    """`reading` and `sending` raise the errors of `domain.errors`; what is asked inside them, whatever it raises."""

    def __init__(
        self,
        session: requests.Session,
        transport: Transport,
        token: str,
        *,
        page: str,
        secrets: tuple[str, ...],
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        import facebook

        transport.carry(session)
        self.api = facebook.GraphAPI(token, session=session)
        self.api.version = VERSION
        self.secrets = secrets
        self._page = page
        self.read_deadline = read_deadline  # seconds
        self._send_deadline = send_deadline
        self._transport = transport
        self._served_by = VERSION

    @property
    def answer(self) -> Answer | None:
        """The last whole one."""
        return self._transport.answer

    def found(self, path: str) -> Any:
        """Name and id of the object there; None if this server does not know the path."""
        try:
            return self.api.get_object(path, fields="id,name")
        except Exception:
            if self.answer is not None and (self.answer.status == 404 or error_codes(self.answer)[0] in UNKNOWN_PATH):
                return None
            raise

    def reading(self, call: Callable[[], T]) -> T:
        self._transport.start(self.read_deadline)
        result = ask(call, lambda error: explain(error, self.answer, self.secrets, read=True))
        self._check_version()
        return result

    def sending(self, call: Callable[[], T], *, publishing: bool = False) -> T:
        self._transport.start(self._send_deadline)
        return ask(call, lambda error: explain(error, self.answer, self.secrets, publishing=publishing))

    def _check_version(self) -> None:
        """Facebook answers an expired version in the next one, and then fields may be missing: say so once."""
        served_by = self.answer.headers.get("facebook-api-version", VERSION) if self.answer else VERSION
        if served_by != self._served_by:
            self._served_by = served_by
            log.warning("facebook.other_version", page=self._page, asked=VERSION, served_by=served_by)
