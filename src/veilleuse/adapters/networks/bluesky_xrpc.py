"""XRPC: the calls of one account to its Bluesky server, and the one session that those which send need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from veilleuse.adapters.networks.bluesky_errors import explain
from veilleuse.adapters.networks.bluesky_session import Session
from veilleuse.adapters.networks.call import ask, quote
from veilleuse.domain.errors import CredentialsRefused, NetworkError, Unreachable
from veilleuse.language import sentence

if TYPE_CHECKING:
    import requests

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

HOME = "https://bsky.social"


class Xrpc:
    """Every failure is one of `domain.errors`; `take` finds what is wanted in an answer, or the answer is odd."""

    def __init__(self, *, http: requests.Session, transport: Transport, handle: str, password: str) -> None:
        self._http = http
        self._transport = transport
        self._handle = handle
        self._password = password
        self._session: Session | None = None

    def start(self, seconds: float) -> None:
        """All calls from now on end within so many seconds, together."""
        self._transport.start(seconds)

    @property
    def date(self) -> datetime | None:
        """The server's clock at its last answer, aware UTC."""
        return self._transport.answer.date if self._transport.answer else None

    def session(self) -> Session:
        """Logged in at the first use, as the configured account."""
        if self._session is None:
            self._session = self._log_in()
        return self._session

    def ask(self, method: str, question: Mapping[str, Any], take: Callable[[Any], T]) -> T:
        """A question to which anybody may have the answer."""
        return self._call("GET", method, take, read=True, params=question)

    def own(self, method: str, question: Mapping[str, Any], take: Callable[[Any], T]) -> T:
        """A question to which the account alone may have the answer."""
        return self._call("GET", method, take, read=True, params=question, headers=self._signed())

    def send(self, method: str, take: Callable[[Any], T], *, publishing: bool = False, **options: Any) -> T:
        headers = {**self._signed(), **options.pop("headers", {})}
        return self._call("POST", method, take, publishing=publishing, headers=headers, **options)

    def _signed(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.session().token}"}

    def record(self, repo: str, collection: str, key: str) -> Mapping[str, Any] | None:
        """The record there; None if the server says that there is none."""
        found = self.standing(repo, collection, key)
        return None if found is None else found[0]

    def standing(self, repo: str, collection: str, key: str) -> tuple[Mapping[str, Any], str] | None:
        """The same, with the CID that names exactly this state of it."""
        asked = {"repo": repo, "collection": collection, "rkey": key}
        try:
            return self.ask("com.atproto.repo.getRecord", asked, lambda body: (dict(body["value"]), str(body["cid"])))
        except Unreachable:
            answer = self._transport.answer
            if answer is not None and answer.status == 400 and answer.problem.get("error") == "RecordNotFound":
                return None
            raise

    def _log_in(self) -> Session:
        session = self._call(
            "POST",
            "com.atproto.server.createSession",
            lambda body: Session.of(body, self.date),
            read=True,
            json={"identifier": self._handle, "password": self._password},
        )
        if self._handle.casefold() not in (session.handle.casefold(), session.did):
            raise CredentialsRefused(
                sentence(
                    "The app password opens @{theirs} on Bluesky, but this account is configured as @{ours}. Nothing "
                    "was published. Put the app password of @{ours}, or correct `handle`.",
                    theirs=quote(session.handle, (self._password,)),
                    ours=self._handle,
                )
            )
        return session

    def _call(
        self,
        verb: str,
        method: str,
        take: Callable[[Any], T],
        *,
        read: bool = False,
        publishing: bool = False,
        **options: Any,
    ) -> T:
        def call() -> T:
            response = self._http.request(verb, f"{HOME}/xrpc/{method}", allow_redirects=False, **options)
            if response.status_code != 200:
                raise LookupError
            return take(response.json())

        def explained(error: Exception) -> NetworkError:
            said = (self._password, self._session.token if self._session else "")
            answer = self._transport.answer
            return explain(error, answer, said, handle=self._handle, read=read, publishing=publishing)

        return ask(call, explained)
