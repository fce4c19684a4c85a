"""All that was said: our receipts, and what the timeline showed beside them. Read page by page, the oldest first."""

from collections.abc import Callable, Iterator
from heapq import merge
from typing import Any

from sqlalchemy import BindParameter, Row, Select, Text, and_, bindparam, func, or_, select, union

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, activities, approvals, attempts, receipts
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.archive import Saying
from veilleuse.domain.attempt import Proof

PAGE = 500

_account = bindparam("account", type_=Text)
_key: BindParameter[Any] = bindparam("key")
_at = bindparam("at", type_=Moment())

ACCOUNTS = union(select(receipts.c.account), select(activities.c.account))
_approved_at = (
    select(func.min(approvals.c.at))
    .where(
        approvals.c.account == receipts.c.account,
        approvals.c.post_id == receipts.c.post_id,
        approvals.c.digest == receipts.c.digest,
        approvals.c.approver == receipts.c.approved_by,
    )
    .scalar_subquery()
)
OURS = (
    select(
        receipts,
        receipts.c.id.label("key"),
        attempts.c.alt,
        attempts.c.content_warning,
        _approved_at.label("approved_at"),
    )
    .outerjoin(attempts, attempts.c.id == receipts.c.attempt_id)
    .where(receipts.c.account == _account)
    .order_by(receipts.c.at, receipts.c.id)
    .limit(PAGE)
)
OURS_NEXT = OURS.where(or_(receipts.c.at > _at, and_(receipts.c.at == _at, receipts.c.id > _key)))
_told = select(receipts.c.id).where(receipts.c.account == _account, receipts.c.remote_id == activities.c.remote_id)
THEIRS = (
    select(activities, activities.c.remote_id.label("key"), accounts.c.network)
    .outerjoin(accounts, accounts.c.name == activities.c.account)
    .where(activities.c.account == _account, ~_told.exists())
    .order_by(activities.c.at, activities.c.remote_id)
    .limit(PAGE)
)
THEIRS_NEXT = THEIRS.where(or_(activities.c.at > _at, and_(activities.c.at == _at, activities.c.remote_id > _key)))


class SqlArchive(Part):
    """Fulfils ports.archive.ArchiveStore."""

    def archived(self) -> list[str]:
        with self._db.read() as connection:
            return sorted(connection.execute(ACCOUNTS).scalars())

    def sayings(self, account: str) -> Iterator[Saying]:
        ours = self._pages(account, OURS, OURS_NEXT, _ours)
        theirs = self._pages(account, THEIRS, THEIRS_NEXT, _theirs)
        return merge(ours, theirs, key=lambda saying: saying.at)

    def _pages(
        self, account: str, first: Select[Any], following: Select[Any], saying: Callable[[Row[Any]], Saying]
    ) -> Iterator[Saying]:
        """From where the last page ended: no transaction is open while what was read is written elsewhere."""
        query, asked = first, {"account": account}
        while True:
            with self._db.read() as connection:
                rows = connection.execute(query, asked).all()
            yield from map(saying, rows)
            if len(rows) < PAGE:
                return
            query, asked = following, {"account": account, "at": rows[-1].at, "key": rows[-1].key}


def _ours(row: Row[Any]) -> Saying:
    return Saying(
        account=row.account,
        network=row.network,
        at=row.at,
        by=Author.HUMAN if row.proof is Proof.ALREADY_SAID else Author.VEILLEUSE,
        kind=Kind.POST,
        text=row.text,
        remote_id=row.remote_id,
        url=row.url,
        link=row.link,
        image=row.image_sha256,
        alt=row.alt,
        content_warning=row.content_warning,
        post=f"{row.account}/{row.post_id}",
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        proof=row.proof,
    )


def _theirs(row: Row[Any]) -> Saying:
    return Saying(
        account=row.account,
        network=row.network or "",
        at=row.at,
        by=row.author,
        kind=row.kind,
        text=row.text,
        remote_id=row.remote_id,
        url=row.url,
    )
