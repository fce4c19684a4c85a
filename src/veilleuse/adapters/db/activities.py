"""What each account's timeline has shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.receipts import bound_to
from veilleuse.adapters.db.tables import accounts, activities, receipts
from veilleuse.domain.activity import Author, Entry
from veilleuse.domain.attempt import Proof

KNOWN = 200  # ids a baseline holds


class SqlActivities(Part):
    def record_reading(self, account: str, entries: Sequence[Entry], kinds: Collection[str], now: datetime) -> None:
        if not entries:
            return
        ids = [entry.remote_id for entry in entries]
        ours = select(receipts.c.remote_id).where(
            bound_to(account), receipts.c.remote_id.in_(ids), receipts.c.proof != Proof.ALREADY_SAID
        )
        newest = (
            select(activities.c.at, activities.c.author)
            .where(activities.c.account == account, activities.c.remote_id.in_(ids), activities.c.kind.in_(kinds))
            .order_by(activities.c.at.desc())
            .limit(1)
        )
        with self._db.write() as connection:
            own = frozenset(connection.execute(ours).scalars())
            remember = self._db.insert(activities).on_conflict_do_nothing()
            connection.execute(remember, [_row(account, entry, own, now) for entry in entries])
            if shown := connection.execute(newest).one_or_none():
                earlier = or_(accounts.c.seen_at.is_(None), accounts.c.seen_at < shown.at)
                connection.execute(
                    update(accounts)
                    .where(and_(accounts.c.name == account, earlier))
                    .values(seen_at=shown.at, seen_by=shown.author)
                )

    def known_ids(self, account: str) -> frozenset[str]:
        newest = (
            select(activities.c.remote_id)
            .where(activities.c.account == account)
            .order_by(activities.c.first_seen_at.desc(), activities.c.at.desc())
            .limit(KNOWN)
        )
        with self._db.read() as connection:
            return frozenset(connection.execute(newest).scalars())


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
