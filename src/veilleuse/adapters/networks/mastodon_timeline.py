"""The timeline of a Mastodon account, read with its own token. What is known of it: docs/networks.md."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from veilleuse.adapters.networks.call import identifier
from veilleuse.adapters.networks.mastodon_server import NOT_THERE, Server
from veilleuse.adapters.networks.mastodon_text import PUBLIC, entry, kind, readable
from veilleuse.adapters.networks.snowflake import id_order
from veilleuse.domain.activity import Entry, Kind, Reading

_FIRST_READ = 20
_PAGE = 40  # the most it gives
_MOST = 200
_PAGES = 20  # what is not public fills pages without being an entry


def read(server: Server, number: str, cursor: str | None) -> Reading:
    entries: list[Entry] = []
    newest, oldest, reached = cursor, None, False
    for _ in range(_PAGES):
        page = server.asked(partial(_page, server, number, cursor, oldest))
        ids = sorted((identifier(status["id"]) for status in page), key=id_order)
        if not ids:
            reached = True
            break
        oldest, newest = ids[0], max(filter(None, (newest, ids[-1])), key=id_order)
        entries += [entry(status, _text(server, status)) for status in page if status["visibility"] in PUBLIC]
        if len(entries) >= _MOST or (cursor is None and entries):
            break
    return Reading(
        entries=tuple(sorted(entries, key=lambda e: id_order(e.remote_id), reverse=True)),
        complete=cursor is None or reached,
        cursor=newest,
        server_time=server.answer.date,
    )


def _page(server: Server, number: str, since: str | None, before: str | None) -> Any:
    """`since_id` with `max_id` walks back from the newest; `min_id` would begin with the oldest."""
    limit = _FIRST_READ if since is None else _PAGE
    return server.client.account_statuses(number, since_id=since, max_id=before, limit=limit)


def _text(server: Server, status: Mapping[str, Any]) -> str:
    """As written, where the HTML would not tell: a neighbour's mention shows no server, written or not."""
    if status.get("mentions") and kind(status) is Kind.POST:
        source = server.found(lambda: server.client.status_source(status["id"]), NOT_THERE | {403})
        if source is not None:
            return str(source["text"])
    return readable(status)
