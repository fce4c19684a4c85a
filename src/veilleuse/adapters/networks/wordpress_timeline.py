"""The articles of a blog, newest first, as its API lists them. What is known of it: docs/networks.md."""

from collections.abc import Mapping
from datetime import timedelta

from veilleuse.adapters.networks.since import Since, cursor_after
from veilleuse.adapters.networks.wordpress_api import Api
from veilleuse.adapters.networks.wordpress_post import entry
from veilleuse.domain.activity import Entry, Reading

_PAGE = 100
_FIRST_READ = 10
_MOST = 200
_FIELDS = "id,date_gmt,link,title,content"


def read(api: Api, cursor: str | None) -> Reading:
    since = Since.of(cursor)
    window = {"after": (since.at - timedelta(seconds=1)).isoformat()} if cursor else {}
    size = _PAGE if cursor else _FIRST_READ
    found: list[Entry] = []
    for number in range(1, _MOST // _PAGE + 1) if cursor else (1,):
        page, total = _page(api, number, size, window)
        found += page
        if number * size >= total:
            break
    now, fresh = api.answer.date, since.new(found)
    return Reading(
        entries=fresh,
        complete=cursor is None or number * size >= total,
        cursor=cursor_after(fresh, cursor, now),
        server_time=now,
    )


def _page(api: Api, number: int, size: int, window: Mapping[str, str]) -> tuple[list[Entry], int]:
    """One page of all that is published, and how many there are in all."""
    asked = {"status": "publish", "per_page": str(size), "page": str(number), "_fields": _FIELDS, **window}
    posts = api.rows("/posts", {**asked, "context": "edit"})
    total = api.total(len(posts))
    if len(posts) < min(size, total - (number - 1) * size):  # others' articles, which an Author may not edit
        mine = {post["id"]: post for post in posts}
        posts = [mine.get(post["id"], post) for post in api.rows("/posts", asked)]
    return [entry(post) for post in posts], total
