"""What an address on the web says of the account behind it: which network, which name. Pure: nothing is asked."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from veilleuse.language import N_, sentence

_X = re.compile(r"(?:www\.|mobile\.)?(?:x|twitter)\.com")
_X_PAGES = frozenset({"home", "explore", "search", "i", "intent", "share", "settings", "hashtag", "login"})
_FACEBOOK = re.compile(r"(?:www\.|m\.|web\.|[a-z]{2}-[a-z]{2}\.)?(?:facebook|fb)\.com")
_BEFORE_NAME = frozenset({"pg", "pages", "people", "p"})
_BSKY_APP = re.compile(r"(?:www\.)?bsky\.app")
_WRONG = N_('"{address}" is no web address; write it whole, from "https://" on')
_NAME = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`network` is its name here, "web" where only the page itself can tell. `origin` is scheme and host."""

    address: str
    network: str
    handle: str
    origin: str


def is_address(argument: str) -> bool:
    """Whether it can be no account's name: those hold small letters, digits and "-" only."""
    return any(sign in argument for sign in "./:@")


def place(argument: str) -> Place:
    """Of a web address, or of @name@server. Raises ValueError "what is wrong; the mend"."""
    if found := re.fullmatch(r"@?([\w.-]+)@([\w.-]+\.\w+)", argument, re.ASCII):
        name, server = found.groups()
        origin = f"https://{server}"
        return Place(address=f"{origin}/@{name}", network="mastodon", handle=f"{name}@{server}", origin=origin)
    address = argument if "://" in argument else f"https://{argument}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(sentence(_WRONG, address=argument)) from None
    if "@" in parts.netloc:
        raise ValueError(sentence("an address holds a user or a password; write the address alone"))
    if parts.scheme not in ("http", "https") or not host:
        raise ValueError(sentence(_WRONG, address=argument))
    origin = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    steps = [step for step in parts.path.split("/") if step]
    network, handle = _whose(host, steps, parse_qs(parts.query))
    return Place(address=address, network=network, handle=handle, origin=origin)


def _whose(host: str, steps: list[str], query: dict[str, list[str]]) -> tuple[str, str]:
    first = steps[0] if steps else ""
    if _X.fullmatch(host) and first and first.lower() not in _X_PAGES:
        return "x", first.removeprefix("@")
    if _FACEBOOK.fullmatch(host) and first:
        if first == "profile.php":
            return "facebook", next(iter(query.get("id", ())), "")
        return "facebook", steps[-1] if first in _BEFORE_NAME else first
    if host.endswith(".bsky.social"):
        return "bluesky", host
    if len(steps) >= 2 and first == "profile" and (_BSKY_APP.fullmatch(host) or "." in steps[1] or ":" in steps[1]):
        return "bluesky", steps[1].removeprefix("@")
    name = (
        first.removeprefix("@") if first.startswith("@") else steps[1] if steps[:1] == ["users"] and steps[1:] else ""
    )
    if name and len(steps) <= 2 and _NAME.fullmatch(name.replace("@", "")):
        return "mastodon", name
    return "web", host
