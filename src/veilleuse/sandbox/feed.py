"""A blog's feed: RSS 2.0 (rssboard.org), or Atom (RFC 4287) where the address ends in `.atom`.

Conditional requests: RFC 9110.
"""

import hashlib
from datetime import datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from veilleuse.sandbox.ledger import Ledger, Presence, Shown
from veilleuse.sandbox.wire import Call, Request, Response


class Feed:
    name = "feed"
    secrets: tuple[str, ...] = ()

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def number(self, identity: str) -> str:
        """A feed is its address."""
        return identity

    def post_id(self, presence: Presence, number: int) -> str:
        return f"{presence.identity}#{number}"

    def understand(self, request: Request, now: datetime) -> Call | Response | None:
        """None: no feed stands at this path."""
        feeds = (presence for presence in self._ledger.presences.values() if presence.network == self.name)
        feed = next((feed for feed in feeds if urlsplit(feed.identity).path == request.path), None)
        if feed is None or request.method != "GET":
            return None
        return Call(presence=feed, sort="read", act=lambda: self._act(request, feed), refuse=refuse)

    def _act(self, request: Request, feed: Presence) -> Response:
        shown = self._ledger.timeline(feed.identity)
        atom = request.path.endswith(".atom")
        body = (_atom if atom else _rss)(feed, shown).encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status=304, headers={"ETag": tag})
        kind = "application/atom+xml" if atom else "application/rss+xml"
        return Response(status=200, body=body, headers={"Content-Type": f"{kind}; charset=utf-8", "ETag": tag})


def _rss(feed: Presence, shown: tuple[Shown, ...]) -> str:
    """Oldest first: no document promises an order."""
    items = "".join(
        f"<item><title>{escape(one.text)}</title><guid>{escape(one.id)}</guid><link>{escape(one.id)}</link>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate></item>"
        for one in shown
    )
    head = f"<title>{escape(feed.title)}</title><link>{escape(feed.identity)}</link><description/>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'


def _atom(feed: Presence, shown: tuple[Shown, ...]) -> str:
    """`updated` is later than `published`, as after a correction."""
    entries = "".join(
        f'<entry><id>{escape(one.id)}</id><title>{escape(one.text)}</title><link href="{escape(one.id)}"/>'
        f"<published>{one.created_at.isoformat()}</published><updated>2026-11-20T08:59:00Z</updated></entry>"
        for one in shown
    )
    head = f"<id>{escape(feed.identity)}</id><title>{escape(feed.title)}</title><updated>2026-11-20T08:59:00Z</updated>"
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'


def refuse(fault: str) -> Response:
    """A web server's own answers."""
    statuses = {"rate": 429, "unauthorized": 401, "forbidden": 403, "money": 402, "content": 404, "duplicate": 404}
    headers = {"Content-Type": "text/html", "Retry-After": "600"}
    return Response(status=statuses.get(fault, 500), body=b"<html></html>", headers=headers)
