"""What stands on a Page, one's own or somebody else's, back to a time: an id would be lost with a deleted post."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from veilleuse.adapters.networks.call import identifier, storable
from veilleuse.adapters.networks.facebook_graph import Graph
from veilleuse.adapters.networks.since import Since, cursor_after, cursor_at
from veilleuse.domain.activity import Entry, Reading

_PAGE = 25
_MOST = 200
_FIELDS = "id,created_time,message,permalink_url,status_type,from,is_published"


def read(graph: Graph, page_id: str, cursor: str | None, site: str) -> Reading:
    """`site` is Facebook's public address."""
    since = Since.of(cursor)
    entries: list[Entry] = []
    after: str | None = None
    while True:
        page = graph.api.get_connections(page_id, "published_posts", fields=_FIELDS, limit=_PAGE, after=after)
        posts = [_entry(post, site) for post in page["data"] if _own(post, page_id)]
        entries += since.new(posts)
        reached = any(post.created_at < since.at or post.remote_id == since.remote_id for post in posts)
        paging = page.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after") if "next" in paging else None
        if cursor is None or reached or after is None or len(entries) >= _MOST:
            break
    assert graph.answer is not None
    return Reading(
        entries=since.new(entries),
        # Nothing at all, where there was something: Facebook says so too when a right was lost.
        complete=cursor is None or reached or (after is None and bool(entries)),
        cursor=cursor_after(entries, cursor, graph.answer.date),
        server_time=graph.answer.date,
    )


def survey(graph: Graph, name: str, since: datetime, site: str) -> Reading | None:
    """As `ports.Surveying`; None if no Page of that name is shown."""
    page = graph.found(name)
    if page is None:
        return None
    page_id = identifier(page["id"])
    reading = read(graph, page_id, cursor_at(since), site)
    return reading if reading.entries else read(graph, page_id, None, site)


def _own(post: Mapping[str, Any], page_id: str) -> bool:
    """Published by the Page itself, not by a visitor on it."""
    author = post.get("from")
    return post.get("is_published", True) and (author is None or str(author.get("id")) == page_id)


def _entry(post: Mapping[str, Any], site: str) -> Entry:
    return Entry(
        remote_id=identifier(post["id"]),
        text=storable(post.get("message") or ""),
        created_at=datetime.fromisoformat(post["created_time"]).astimezone(UTC),
        url=post.get("permalink_url") or f"{site}/{post['id']}",
    )
