"""The calls of one account to its Mastodon server, through Mastodon.py: their deadlines, and the answers' own JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from veilleuse.adapters.networks.call import Answer, ask
from veilleuse.adapters.networks.mastodon_errors import explain

if TYPE_CHECKING:
    import requests
    from mastodon import Mastodon as Client

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

NOT_THERE = frozenset({404, 410})


class Server:
    """`reading` and `sending` raise the errors of `domain.errors`; what is asked inside them, whatever it raises."""

    def __init__(
        self,
        session: requests.Session,
        transport: Transport,
        token: str,
        *,
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        self.client = _client(session, transport)
        self.client.access_token = token  # given at construction, it might be taken for a file's name
        self._transport = transport
        self._secrets = (token,)
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline

    @property
    def answer(self) -> Answer:
        """The last whole one."""
        assert self._transport.answer is not None
        return self._transport.answer

    def asked(self, call: Callable[[], Any]) -> Any:
        """The answer's own JSON: Mastodon.py's reading of it guesses at types."""
        call()
        return self.answer.json

    def found(self, call: Callable[[], Any], absent: frozenset[int] = NOT_THERE) -> Any:
        """The same; None if the server answers with one of these statuses."""
        try:
            return self.asked(call)
        except Exception:
            if self._transport.answer is not None and self._transport.answer.status in absent and self.answer.problem:
                return None
            raise

    @contextmanager
    def stranger(self) -> Iterator[Client]:
        """A client without the account's token and cookies."""
        import requests

        with requests.Session() as session:
            yield _client(session, self._transport)

    def reading(self, call: Callable[[], T]) -> T:
        self._transport.start(self._read_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._secrets, read=True))

    def sending(self, call: Callable[[], T], *, publishing: bool = False) -> T:
        self._transport.start(self._send_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._secrets, publishing=publishing))


def _client(session: requests.Session, transport: Transport) -> Client:
    from mastodon import Mastodon as Client

    transport.carry(session)
    return Client(
        api_base_url="https://mastodon.invalid",  # the transport puts the server's own address
        session=session,
        ratelimit_method="throw",  # its default sleeps
        mastodon_version="4.0.0",  # said, so that it does not ask; 4.0 brought /api/v2/instance
        version_check_mode="created",
        user_agent="veilleuse",
        lang="en",  # of the server's error messages
    )
