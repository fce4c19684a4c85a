"""[web]: where the status page is served, and who may say who is asking."""

import re
from collections.abc import Iterable
from ipaddress import ip_network

from veilleuse.config.model import Network, Person, Web
from veilleuse.config.section import Section
from veilleuse.config.values import listen, shown, text, texts, web_address
from veilleuse.language import sentence


def read_web(section: Section, people: Iterable[Person]) -> Web:
    web = Web(
        listen=section.take("listen", listen, None),
        address=section.take("address", web_address, None),
        trusted_proxies=section.take("trusted_proxies", _networks, ()),
        user_header=section.take("user_header", _header, None),
        metrics_from=section.take("metrics_from", _networks, ()),
    )
    if web.user_header and not web.trusted_proxies:
        section.wrong(
            "user_header",
            sentence("would be believed from nobody"),
            sentence('Name the proxy that sets it: trusted_proxies = ["127.0.0.1"].'),
        )
    signs_in = web.user_header or any(person.password for person in people)
    if web.listen and not web.loopback and not signs_in and not section.failed:
        section.wrong(
            "listen",
            sentence('"{host}" is open to the network, and nobody could sign in', host=web.listen[0]),
            sentence('Give somebody a password (`veilleuse passwd`), or listen on "127.0.0.1" only.'),
        )
    return web


def _networks(value: object) -> tuple[Network, ...]:
    found = []
    for each in texts(value):
        try:
            found.append(ip_network(each))
        except ValueError:
            raise ValueError(
                sentence('"{address}" is no address; write, say, "127.0.0.1" or "172.16.0.0/12"', address=shown(each))
            ) from None
    return tuple(found)


def _header(value: object) -> str:
    name = text(value)
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise ValueError(sentence('"{name}" is no name of a header; write, say, "Remote-User"', name=shown(name)))
    return name
