"""Receipts: proofs of publication, kept for ever."""

from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, false, func, literal, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, activities, attempts, receipts
from veilleuse.adapters.db.types import Moment, Word
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.attempt import Outcome, Proof, Receipt

COLUMN = {field.name: field.name for field in fields(Receipt)} | {"image": "image_sha256"}


def bound_to(account: str) -> ColumnElement[bool]:
    """The receipts of an account's remote identity, under whatever name it was said; until that is proven, its own."""
    network = select(accounts.c.network).where(accounts.c.name == account).scalar_subquery()
    identity = select(accounts.c.remote_id).where(accounts.c.name == account).scalar_subquery()
    return or_(
        and_(receipts.c.network == network, receipts.c.identity == identity),
        and_(receipts.c.account == account, receipts.c.network == network, identity.is_(None)),
    )


class SqlReceipts(Part):
    def bound_ids(self, account: str) -> frozenset[str]:
        with self._db.read() as connection:
            return frozenset(connection.execute(select(receipts.c.remote_id).where(bound_to(account))).scalars())

    def record_receipt(self, receipt: Receipt) -> None:
        with self._db.write() as connection:
            if receipt.proof is not Proof.ALREADY_SAID:
                self._spoke(connection, receipt)
            self._insert(connection, receipt)
            if receipt.attempt_id is not None:
                connection.execute(
                    update(attempts)
                    .where(attempts.c.id == receipt.attempt_id, attempts.c.outcome != Outcome.PUBLISHED)
                    .values(outcome=Outcome.PUBLISHED, fault=None, closed_at=receipt.at, detail="")
                )

    def _spoke(self, connection: Connection, receipt: Receipt) -> None:
        """Our own clock moves, and what the timeline shows under this id is ours."""
        shown_at = (
            select(activities.c.at)
            .where(activities.c.account == receipt.account, activities.c.remote_id == receipt.remote_id)
            .scalar_subquery()
        )
        connection.execute(
            update(accounts)
            .where(accounts.c.name == receipt.account)
            .values(
                spoke_at=case(
                    (accounts.c.spoke_at > receipt.at, accounts.c.spoke_at), else_=literal(receipt.at, Moment())
                ),
                seen_by=case(
                    (accounts.c.seen_at == shown_at, literal(Author.VEILLEUSE, Word(Author))), else_=accounts.c.seen_by
                ),
            )
        )
        activity = self._db.insert(activities).values(
            account=receipt.account,
            remote_id=receipt.remote_id,
            at=receipt.at,
            created_at=receipt.at,
            first_seen_at=receipt.at,
            kind=Kind.POST,
            author=Author.VEILLEUSE,
            text=receipt.text,
            url=receipt.url,
        )
        key = [activities.c.account, activities.c.remote_id]
        connection.execute(activity.on_conflict_do_update(index_elements=key, set_={"author": Author.VEILLEUSE}))

    def _insert(self, connection: Connection, receipt: Receipt) -> None:
        """Once. If that use was already taken by another publication, both are facts: this one is the next use."""
        row = {COLUMN[field.name]: getattr(receipt, field.name) for field in fields(Receipt)}
        insert = self._db.insert(receipts).on_conflict_do_nothing().returning(receipts.c.id)
        if connection.execute(insert, row).first() is not None:
            return
        identity = and_(receipts.c.network == receipt.network, receipts.c.identity == receipt.identity)
        same_id = and_(identity, receipts.c.remote_id == receipt.remote_id)
        same_attempt = receipts.c.attempt_id == receipt.attempt_id if receipt.attempt_id else false()
        known = select(receipts.c.id).where(or_(same_id, same_attempt))
        if connection.execute(known).first() is None:
            last = select(func.max(receipts.c.use)).where(identity, receipts.c.post_id == receipt.post_id)
            connection.execute(insert, row | {"use": connection.execute(last).scalar_one() + 1})

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        newest = select(*(receipts.c[name].label(field) for field, name in COLUMN.items()))
        if account is not None:
            newest = newest.where(receipts.c.account == account)
        newest = newest.order_by(receipts.c.at.desc(), receipts.c.id.desc()).limit(limit)
        with self._db.read() as connection:
            return [_receipt(row) for row in connection.execute(newest)]


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(**row._mapping)
