"""The posts and reposts of a Bluesky account, read from its repository, which is open to everybody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from veilleuse.adapters.networks.bluesky_record import entry
from veilleuse.adapters.networks.bluesky_tid import moment
from veilleuse.adapters.networks.bluesky_xrpc import Xrpc
from veilleuse.domain.activity import Entry, Reading

_FIRST_READ = 25
_PAGE = 100  # com.atproto.repo.listRecords: the most
_MOST = 200
_AHEAD = timedelta(minutes=1)  # a Date names whole seconds only, and clocks differ a little


def read(server: Xrpc, did: str, collections: Sequence[str], handle: str, cursor: str | None) -> Reading:
    """The cursor is the key of the newest record seen."""
    found, complete = [], True
    for collection in collections:
        records, reached = _records(server, did, collection, handle, cursor)
        found += records
        complete &= reached
    now = server.date
    # A key from the future (a phone's wrong clock makes one) must not hide those that come before it.
    past = [one.remote_id for one in found if now is None or (moment(one.remote_id) or now) <= now + _AHEAD]
    return Reading(
        entries=tuple(sorted(found, key=lambda one: one.remote_id, reverse=True)),
        complete=complete,
        cursor=max(past, default=cursor),
        server_time=now,
    )


def _records(server: Xrpc, did: str, collection: str, handle: str, since: str | None) -> tuple[list[Entry], bool]:
    """Newer than the key `since`, newest first; and whether they reach back to it."""

    def listed(body: Any) -> tuple[list[Entry], str | None]:
        return [entry(found, handle) for found in body["records"]], body.get("cursor")

    records: list[Entry] = []
    before: str | None = None
    while True:
        limit = _FIRST_READ if since is None else _PAGE
        asked = {"repo": did, "collection": collection, "limit": limit, "cursor": before}
        page, before = server.ask("com.atproto.repo.listRecords", asked, listed)
        new = [one for one in page if since is None or one.remote_id > since]
        records += new
        if since is None or len(new) < len(page) or before is None or not page:
            return records, True
        if len(records) >= _MOST:
            return records, False
