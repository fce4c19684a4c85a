"""A blog seen through its RSS or Atom feed: watched only. What is known of feeds: docs/networks.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import NoReturn

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, Answer, ask
from veilleuse.adapters.networks.feed_errors import explain, judge
from veilleuse.adapters.networks.fetch import fetch
from veilleuse.adapters.networks.since import Since, cursor_after
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import ContentRefused
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

SPEC = NetworkSpec(
    name="feed",
    title="Feed",
    keys=(Key(name="url", help=N_("the address of the blog's RSS or Atom feed")),),
    identity_key="url",
    secrets=(),
    limit=20_000,  # nothing is ever measured: nothing is published
    measure=len,
    link_in_text=True,
    publishes=False,
    blog=True,
    idle_read=timedelta(hours=6),
)

ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What a feed said last, so that it need not be sent again."""

    headers: Mapping[str, str]
    entries: tuple[Entry, ...]


_kept: dict[str, _Kept] = {}  # by address; for the life of this process


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A reader of one feed. The deadline in seconds, total for a read and its redirects."""
    yield Feed(url=account.identity, deadline=read_deadline)


class Feed:
    """One feed. Implements `ports.Network` as far as reading goes."""

    spec = SPEC

    def __init__(self, *, url: str, deadline: float) -> None:
        self._url = url
        self._deadline = deadline

    def identify(self) -> None:
        """A feed has no owner that it could name."""

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        answer = ask(lambda: self._fetch(), lambda error: explain(error, self._url))
        kept = _kept.get(self._url)
        if kept is None or answer.status != 304:
            entries = ask(lambda: judge(answer, self._url), lambda error: explain(error, self._url))
            told = answer.headers
            asked = {"If-None-Match": told.get("etag"), "If-Modified-Since": told.get("last-modified")}
            kept = _Kept(headers={name: value for name, value in asked.items() if value}, entries=entries)
            _kept[self._url] = kept
        fresh = Since.of(cursor).new(kept.entries)
        return Reading(
            entries=fresh,
            complete=cursor is None or bool(kept.entries),  # an emptied feed is suspicious, not silent
            cursor=cursor_after(fresh, cursor, answer.date),
            server_time=answer.date,
        )

    def _fetch(self) -> Answer:
        kept = _kept.get(self._url)
        answer, _ = fetch(self._url, {"Accept": ACCEPT, **(kept.headers if kept else {})}, self._deadline)
        return answer

    def prepare(self, payload: Payload, image: bytes | None) -> NoReturn:
        raise ContentRefused(sentence("A feed is only watched: nothing can be published there."))

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> NoReturn:
        raise ContentRefused(sentence("A feed is only watched: nothing can be published there."))
