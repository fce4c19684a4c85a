"""Accounts as anybody may read them, without credentials: Mastodon, Bluesky, and whatever has a feed."""

from datetime import datetime
from urllib.parse import urljoin

from veilleuse.adapters.networks import bluesky, mastodon_public
from veilleuse.adapters.networks.bluesky_tid import tid
from veilleuse.adapters.networks.call import READ_DEADLINE, Answer, ask
from veilleuse.adapters.networks.feed import ACCEPT
from veilleuse.adapters.networks.feed_errors import explain, judge, parsed
from veilleuse.adapters.networks.fetch import fetch
from veilleuse.adapters.networks.mastodon_public import NotMastodon
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Kind
from veilleuse.domain.address import Place
from veilleuse.domain.audit import Subject, Survey, reached
from veilleuse.domain.errors import Unreachable
from veilleuse.domain.rule import Rule
from veilleuse.language import sentence

_APP = "https://bsky.app"
_FEEDS = ("application/atom+xml", "application/rss+xml")
_COMMENTS = "comments"  # WordPress names a feed of comments beside that of its articles


class PublicWeb:
    """Implements `ports.networks.PublicAccounts`."""

    def survey(self, place: Place, since: datetime) -> Survey:
        match place.network:
            case "bluesky":
                return _bluesky(place, since)
            case "mastodon":
                try:
                    return _mastodon(place, since)
                except NotMastodon:  # other sites write their addresses so too
                    return _web(place, since)
        return _web(place, since)


def _mastodon(place: Place, since: datetime) -> Survey:
    entries, complete = mastodon_public.read(place, since)
    handle = place.handle if "@" in place.handle else f"{place.handle}@{place.origin.partition('://')[2]}"
    return _survey(place, "Mastodon", f"@{handle}", entries, since, complete=complete)


def _bluesky(place: Place, since: datetime) -> Survey:
    """By its server's records, which are open to all; that of bsky.app's own server where the address names none."""
    app = place.origin.startswith(_APP) or place.origin.endswith(".bsky.social")
    account = Account(
        name="survey",
        network="bluesky",
        identity=place.handle,
        owner="",
        rule=Rule(),
        options={} if app else {"base_url": place.origin},
    )
    with bluesky.connect(account, {"app_password": ""}) as network:
        reading = network.read(place.handle, tid(since, 0))
        entries = reading.entries or network.read(place.handle, None).entries
    posts = [each for each in entries if each.kind is Kind.POST]
    return _survey(place, "Bluesky", f"@{place.handle}", posts, since, complete=reading.complete)


def _web(place: Place, since: datetime) -> Survey:
    """A feed, or a page that names its feed."""
    answer, where = _get(place.address)
    named = ask(lambda: _named(answer), lambda error: explain(error, where)) if answer.status == 200 else None
    if named is not None:
        where = urljoin(where, named)
        answer, where = _get(where)
    entries = ask(lambda: judge(answer, where), lambda error: explain(error, where))
    return _survey(place, sentence("Blog"), place.handle, list(entries), since, complete=False, blog=True, url=where)


def _get(address: str) -> tuple[Answer, str]:
    return ask(lambda: fetch(address, {"Accept": ACCEPT}, READ_DEADLINE), lambda error: explain(error, address))


def _named(answer: Answer) -> str | None:
    """The feed that a web page names; None for a feed. Raises Unreachable if the page names none."""
    found = parsed(answer.body)
    if found.get("version"):
        return None
    links = [
        link for link in found.feed.get("links", ()) if link.get("type") in _FEEDS and _is_readable(link.get("href"))
    ]
    links.sort(key=lambda link: _COMMENTS in f"{link.get('href')}{link.get('title')}".lower())
    if not links:
        raise Unreachable(
            sentence("This page names no feed, so nobody can tell when something new stands there. Name its feed.")
        )
    return str(links[0]["href"])


def _is_readable(href: object) -> bool:
    """An address that may stand in a message: what moves a terminal's cursor is none."""
    return bool(href) and str(href).isprintable()


def _survey(
    place: Place,
    network: str,
    handle: str,
    entries: list[Entry] | tuple[Entry, ...],
    since: datetime,
    *,
    complete: bool,
    blog: bool = False,
    url: str | None = None,
) -> Survey:
    subject = Subject(
        name=place.address, network=network, handle=handle, own=False, blog=blog, url=url or place.address
    )
    return Survey(subject=subject, entries=tuple(entries), known_from=reached(entries, since, complete=complete))
