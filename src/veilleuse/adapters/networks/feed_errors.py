"""What a feed's answer holds, or what its failure means. Nothing is ever published through one: every failure is a read
that failed."""

import hashlib
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from veilleuse.adapters.networks.call import Answer, no_answer, storable
from veilleuse.adapters.networks.hypertext import plain
from veilleuse.domain.activity import Entry
from veilleuse.domain.errors import Gone, NetworkError, RateLimited, Unreachable
from veilleuse.language import sentence

_MOST = 200
_ID = re.compile(r"[!-~]{1,200}")


def judge(answer: Answer, url: str) -> tuple[Entry, ...]:
    """The newest entries of a feed, in any order it has them. Raises Unreachable, Gone, RateLimited."""
    if answer.status == 429:
        raise RateLimited(
            sentence("The feed at {url} asks to come back later (429).", url=url), retry_at=answer.retry_at
        )
    if answer.status == 410:  # RFC 9110: gone, and likely for good; a 404 may come back
        raise Gone(sentence("The feed at {url} is gone for good (HTTP 410).", url=url))
    if answer.status != 200:
        raise Unreachable(
            sentence("The feed at {url} answers with an error (HTTP {status}).", url=url, status=answer.status)
        )
    feed = parsed(answer.body)
    if not feed.version:
        raise Unreachable(
            sentence(
                "What stands at {url} is no feed{elsewhere}. Correct `url`.", url=url, elsewhere=_elsewhere(feed.feed)
            )
        )
    entries = tuple(_entries(feed.entries))
    if feed.entries and not entries:
        raise Unreachable(
            sentence(
                "The entries of the feed at {url} bear no date: nobody can tell how long it has been silent.", url=url
            )
        )
    return tuple(sorted(entries, key=lambda entry: entry.created_at, reverse=True)[:_MOST])


def parsed(body: bytes) -> Any:
    """What feedparser makes of it. As a stream: it takes bytes for the name of a file of this machine, and opens it."""
    import feedparser

    return feedparser.parse(BytesIO(body))


def explain(error: Exception, url: str) -> NetworkError:
    title = sentence("The feed at {url}", url=url)
    return no_answer(title, error, publishing=False) or Unreachable(
        sentence("{title} could not be understood.", title=title)
    )


def _entries(items: list[Mapping[str, Any]]) -> Iterator[Entry]:
    """Those that say when they were published. A feed that says only when each was changed is taken at its word."""
    for item in items:
        moment = item.get("published_parsed") or item.get("updated_parsed")
        if moment is None:
            continue
        link = str(item.get("link") or "")
        yield Entry(
            remote_id=_identifier(str(item.get("id") or link or item.get("title") or moment)),
            text=storable(plain(str(item.get("title") or item.get("summary") or ""))),
            created_at=datetime.fromtimestamp(timegm(moment), UTC),
            url=link if link.startswith(("http://", "https://")) else None,
        )


def _identifier(told: str) -> str:
    """What every database takes as an id."""
    return told if _ID.fullmatch(told) else hashlib.sha256(told.encode(errors="replace")).hexdigest()


def _elsewhere(page: Mapping[str, Any]) -> str:
    """The feeds that a web page names."""
    kinds = ("application/rss+xml", "application/atom+xml")
    named = [str(link.get("href")) for link in page.get("links", ()) if link.get("type") in kinds]
    named = [href for href in named if href.isprintable()]  # a message may be read in a terminal
    return sentence(", but a page that names this one: {feed}", feed=storable(named[0])[:200]) if named else ""
