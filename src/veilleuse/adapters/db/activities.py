"""What each account's timeline has shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row, Text, bindparam, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.receipts import ACCOUNT, BOUND
from veilleuse.adapters.db.tables import accounts, activities, receipts
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.activity import Author, Entry
from veilleuse.domain.attempt import Proof

KNOWN = 200  # ids a baseline holds

_ids = bindparam("ids", type_=Text, expanding=True)
OURS = select(receipts.c.remote_id).where(BOUND, receipts.c.remote_id.in_(_ids), receipts.c.proof != Proof.ALREADY_SAID)
SHOWN = (
    select(activities.c.at, activities.c.author)
    .where(
        activities.c.account == ACCOUNT,
        activities.c.remote_id.in_(_ids),
        activities.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(activities.c.at.desc())
    .limit(1)
)
_at = bindparam("at", type_=Moment())
SEEN = (
    update(accounts)
    .where(accounts.c.name == ACCOUNT, or_(accounts.c.seen_at.is_(None), accounts.c.seen_at < _at))
    .values(seen_at=_at, seen_by=bindparam("author", type_=accounts.c.seen_by.type))
)
NEWEST_IDS = (
    select(activities.c.remote_id)
    .where(activities.c.account == ACCOUNT)
    .order_by(activities.c.first_seen_at.desc(), activities.c.at.desc())
    .limit(KNOWN)
)

TIMELINE = (
    select(activities)
    .where(
        activities.c.account == ACCOUNT,
        activities.c.at >= bindparam("since", type_=Moment()),
        activities.c.at <= bindparam("until", type_=Moment()),
    )
    .order_by(activities.c.at, activities.c.remote_id)
)


class SqlActivities(Part):
    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        if not entries:
            return
        read = {"of_account": account, "ids": [entry.remote_id for entry in entries], "kinds": list(kinds)}
        with self._db.write() as connection:
            own = frozenset(connection.execute(OURS, read).scalars())
            connection.execute(self._remember, [_row(account, entry, own, now) for entry in entries])
            if shown := connection.execute(SHOWN, read).one_or_none():
                connection.execute(SEEN, {"of_account": account, "at": shown.at, "author": shown.author})

    @cached_property
    def _remember(self) -> Any:
        return self._db.insert(activities).on_conflict_do_nothing()

    def known_ids(self, account: str) -> frozenset[str]:
        with self._db.read() as connection:
            return frozenset(connection.execute(NEWEST_IDS, {"of_account": account}).scalars())

    def timeline(self, account: str, since: datetime, until: datetime) -> list[Entry]:
        with self._db.read() as connection:
            found = connection.execute(TIMELINE, {"of_account": account, "since": since, "until": until})
            return [_entry(row) for row in found]


def _entry(row: Row[Any]) -> Entry:
    return Entry(remote_id=row.remote_id, text=row.text, created_at=row.created_at, kind=row.kind, url=row.url)


def _row(account: str, entry: Entry, own: frozenset[str], now: datetime) -> dict[str, Any]:
    return {
        "account": account,
        "remote_id": entry.remote_id,
        "at": min(entry.created_at, now),
        "created_at": entry.created_at,
        "first_seen_at": now,
        "kind": entry.kind,
        "author": Author.VEILLEUSE if entry.remote_id in own else Author.HUMAN,
        "text": storable(entry.text),
        "url": entry.url,
    }


def storable(text: str) -> str:
    """What strangers wrote, without what Postgres cannot hold: NUL and broken surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
