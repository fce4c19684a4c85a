"""WordPress's REST API as it stands on one site: where it is, who asks, what a clean answer is."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from veilleuse.adapters.networks.call import Answer
from veilleuse.adapters.networks.wordpress_errors import NoRest
from veilleuse.language import sentence

if TYPE_CHECKING:
    import requests

    from veilleuse.adapters.networks.http import Transport

_HERE = "https://wordpress"  # the transport puts the site's own address in its place
_Root = tuple[str, bool]  # a path; whether the route stands in the query instead of behind it
_ROOTS: tuple[_Root, ...] = (("/wp-json", False), ("/", True))  # with pretty addresses, and without


class Refused(Exception):
    """The answer is no success, or no JSON; the transport holds it."""


class Api:
    """One site's API, with one user's password. `home` is the address the site gives itself, once it was found."""

    def __init__(self, session: requests.Session, transport: Transport, site: str, user: str, password: str) -> None:
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self.home = site
        self.secrets = (user, password, "".join(password.split()), basic)
        self._session = session
        self._transport = transport
        self._headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        self._root: _Root | None = None

    @property
    def answer(self) -> Answer:
        """The last whole one."""
        assert self._transport.answer is not None
        return self._transport.answer

    def find(self) -> None:
        """Look at both places where the API may stand. Raises Refused, NoRest."""
        elsewhere = ""
        for root in _ROOTS:
            if self._root is not None:
                return
            try:
                index = self._ask("GET", root, "/", {"_fields": "home,namespaces"})
            except Refused:
                if self.answer.status not in (200, 301, 302, 307, 308, 404):
                    raise
                elsewhere = elsewhere or _origin(self.answer.headers.get("location", ""))
                continue
            if isinstance(index, dict) and "namespaces" in index:
                self._root, self.home = root, str(index.get("home") or self.home).rstrip("/")
        if self._root is None:
            moved = (
                sentence(" The site sends its visitors to {elsewhere}: write that as `base_url`.", elsewhere=elsewhere)
                if elsewhere
                else ""
            )
            mend = moved or sentence(" Correct `base_url`.")
            raise NoRest(sentence("no REST API stands at this address.{mend}", mend=mend))

    def call(
        self,
        method: str,
        route: str,
        query: Mapping[str, str] = MappingProxyType({}),
        **sent: Any,
    ) -> Any:
        """The JSON of a clean answer; `sent` as `requests` takes it. Raises Refused on any other."""
        self.find()
        assert self._root is not None
        return self._ask(method, self._root, f"/wp/v2{route}", query, **sent)

    def rows(self, route: str, query: Mapping[str, str]) -> list[Any]:
        """The list that stands there. Raises Refused: an empty object is not an empty timeline."""
        found = self.call("GET", route, query)
        if not isinstance(found, list):
            raise Refused
        return found

    def total(self, shown: int) -> int:
        """How many there are in all, of which the last list has shown so many."""
        told = self.answer.headers.get("x-wp-total", "")
        return int(told) if told.isdigit() else shown

    def _ask(self, method: str, root: _Root, route: str, query: Mapping[str, str], **sent: Any) -> Any:
        from requests import TooManyRedirects

        path, in_query = root
        asked = {"rest_route": route, **query} if in_query else query
        address = _HERE + (path if in_query else path + route)
        with suppress(TooManyRedirects):  # the transport holds the answer that asked for it
            self._session.request(method, address, params=asked, headers=self._headers, allow_redirects=False, **sent)
        said = _json(self.answer)
        if not 200 <= self.answer.status < 300 or said is None:
            raise Refused
        return said


def _json(answer: Answer) -> Any:
    """The body, or what stands behind the notices that PHP may print before it."""
    if (whole := answer.json) is not None:
        return whole
    text = answer.body.decode(errors="replace")
    starts = [at for before in "\n>" for opening in "{[" if (at := text.find(before + opening)) >= 0]
    try:
        return json.loads(text[min(starts) + 1 :])
    except ValueError:
        return None


def _origin(address: str) -> str:
    """Scheme and host of an address to which an answer sends its caller; no call is ever sent after it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.scheme and parts.netloc else ""
