"""What a stranger gets of the open web: a page or a feed, without credentials."""

from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from urllib.parse import urljoin, urlsplit

from veilleuse.adapters.networks.call import Answer
from veilleuse.domain.errors import Unreachable
from veilleuse.language import sentence

_HOPS = 4
REDIRECTS = frozenset({301, 302, 303, 307, 308})


def get(url: str, headers: Mapping[str, str], deadline: float, origin: str | None = None) -> Answer:
    """One answer; a redirect is not followed. `origin` is called in the place of the address's own host.

    The deadline in seconds, total. Raises NotSent, Broken.
    """
    import requests

    from veilleuse.adapters.networks.http import Transport

    parts = urlsplit(url)
    transport = Transport(origin or f"{parts.scheme}://{parts.netloc}")
    transport.start(deadline)
    with requests.Session() as session:
        transport.carry(session)
        there = parts._replace(scheme="https", netloc="stranger", fragment="").geturl()
        with suppress(requests.TooManyRedirects):  # the transport holds the answer that asked for it
            session.get(there, headers=headers, allow_redirects=False)
    assert transport.answer is not None
    return transport.answer


def fetch(url: str, headers: Mapping[str, str], deadline: float) -> tuple[Answer, str]:
    """The last answer, its redirects followed, and where it stands. The deadline in seconds, total.

    Raises NotSent, Broken, Unreachable.
    """
    address, until = url, monotonic() + deadline
    for _ in range(_HOPS):
        answer = get(address, {"User-Agent": "veilleuse", **headers}, until - monotonic())
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer, address
        address = urljoin(address, answer.headers["location"])
        if urlsplit(address).scheme not in ("http", "https") or not address.isprintable():  # it stands in messages
            break
    raise Unreachable(sentence("The address {url} sends its readers from one address to the next.", url=url))
