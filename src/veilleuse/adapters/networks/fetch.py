"""A page or a feed of the open web, its redirects followed."""

from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from urllib.parse import urljoin, urlsplit

from veilleuse.adapters.networks.call import Answer
from veilleuse.domain.errors import Unreachable
from veilleuse.language import sentence

_HOPS = 4
_REDIRECTS = frozenset({301, 302, 307, 308})


def fetch(url: str, headers: Mapping[str, str], deadline: float) -> tuple[Answer, str]:
    """The last answer, and where it stands. The deadline in seconds, total. Raises NotSent, Broken, Unreachable."""
    import requests

    from veilleuse.adapters.networks.http import Transport

    address, until = url, monotonic() + deadline
    for _ in range(_HOPS):
        parts = urlsplit(address)
        transport = Transport(f"{parts.scheme}://{parts.netloc}")
        transport.start(until - monotonic())
        with requests.Session() as session:
            transport.carry(session)
            there = parts._replace(scheme="https", netloc="feed", fragment="").geturl()
            with suppress(requests.TooManyRedirects):  # the transport holds the answer that asked for it
                session.get(there, headers={"User-Agent": "veilleuse", **headers}, allow_redirects=False)
        answer = transport.answer
        assert answer is not None
        if answer.status not in _REDIRECTS or "location" not in answer.headers:
            return answer, address
        address = urljoin(address, answer.headers["location"])
        if urlsplit(address).scheme not in ("http", "https"):
            break
    raise Unreachable(sentence("The address {url} sends its readers from one address to the next.", url=url))
