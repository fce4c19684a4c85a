"""The queue of one account: its posts, and what has happened to each of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, or_, select

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.posts import freeze_of, post_of
from veilleuse.adapters.db.receipts import bound_to
from veilleuse.adapters.db.tables import attempts, freezes, images, posts, receipts
from veilleuse.domain.attempt import Fault, Outcome
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.queue import Candidate

# Of an attempt that was refused, only these say something about its post.
TELLING = [Fault.CONTENT, Fault.ABSENT]


class SqlQueue(Part):
    def candidates(self, account: str) -> list[Candidate]:
        standing = (
            select(posts)
            .where(posts.c.account == account, posts.c.missing_since.is_(None), posts.c.withdrawn_at.is_(None))
            .order_by(posts.c.order_file, posts.c.order_position)
        )
        said = select(receipts.c.post_id, receipts.c.text, receipts.c.at).where(bound_to(account))
        refused = and_(attempts.c.outcome == Outcome.REFUSED, attempts.c.fault.in_(TELLING))
        tried = select(
            attempts.c.post_id,
            attempts.c.digest,
            attempts.c.outcome,
            attempts.c.fault,
            attempts.c.detail,
            attempts.c.closed_at,
        ).where(attempts.c.account == account, or_(attempts.c.outcome == Outcome.HELD, refused))
        with self._db.read() as connection:
            uses = _by_post(connection.execute(said.order_by(receipts.c.at)))
            tries = _by_post(connection.execute(tried.order_by(attempts.c.created_at)))
            return [_candidate(row, uses[row.id], tries[row.id]) for row in connection.execute(standing)]

    def image(self, sha256: str) -> bytes:
        """Raises KeyError if there is none."""
        with self._db.read() as connection:
            data: bytes | None = connection.execute(select(images.c.bytes).where(images.c.sha256 == sha256)).scalar()
        if data is None:
            raise KeyError(sha256)
        return data

    def freezes(self, now: datetime) -> list[Freeze]:
        holding = select(freezes).where(or_(freezes.c.until.is_(None), freezes.c.until > now)).order_by(freezes.c.since)
        with self._db.read() as connection:
            return [freeze_of(row) for row in connection.execute(holding)]


def _by_post(rows: Iterable[Row[Any]]) -> defaultdict[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(row)
    return found


def _candidate(row: Row[Any], uses: list[Row[Any]], tries: list[Row[Any]]) -> Candidate:
    refusals = [t.detail for t in tries if t.fault is Fault.CONTENT and t.digest == row.digest]
    releases: list[datetime] = [t.closed_at for t in tries if t.fault is Fault.ABSENT]
    return Candidate(
        post=post_of(row),
        uses=tuple(use.at for use in uses),
        said=frozenset(use.text for use in uses),
        held=any(t.outcome is Outcome.HELD for t in tries),
        refused=refusals[-1] if refusals else None,
        released_at=max(releases, default=None),
    )
