"""[web]: where the status page is served, and who may say who is asking."""

import re
from collections.abc import Iterable
from ipaddress import ip_network

from veilleuse.config.model import Network, Person, Web
from veilleuse.config.section import Section
from veilleuse.config.values import listen, shown, text, texts, web_address


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
            "would be believed from nobody",
            'Name the proxy that sets it: trusted_proxies = ["127.0.0.1"].',
        )
    signs_in = web.user_header or any(person.password for person in people)
    if web.listen and not web.loopback and not signs_in and not section.failed:
        section.wrong(
            "listen",
            f'"{web.listen[0]}" is open to the network, and nobody could sign in',
            'Give somebody a password (`veilleuse passwd`), or listen on "127.0.0.1" only.',
        )
    return web


def _networks(value: object) -> tuple[Network, ...]:
    found = []
    for each in texts(value):
        try:
            found.append(ip_network(each))
        except ValueError:
            raise ValueError(f'"{shown(each)}" is no address; write, say, "127.0.0.1" or "172.16.0.0/12"') from None
    return tuple(found)


def _header(value: object) -> str:
    name = text(value)
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise ValueError(f'"{shown(name)}" is no name of a header; write, say, "Remote-User"')
    return name
