"""Receipts: proofs of publication, kept for ever."""

from dataclasses import fields
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, Text, and_, bindparam, case, func, literal, or_, select, update

from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import accounts, activities, attempts, receipts
from veilleuse.adapters.db.types import Moment, Word
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.attempt import Outcome, Proof, Receipt

COLUMN = {field.name: field.name for field in fields(Receipt)} | {"image": "image_sha256"}

ACCOUNT = bindparam("of_account", type_=Text)
AT = bindparam("said_at", type_=Moment())

# The receipts of an account's remote identity, under whatever name it was said; until that is proven, its own.
_network = select(accounts.c.network).where(accounts.c.name == ACCOUNT).scalar_subquery()
_identity = select(accounts.c.remote_id).where(accounts.c.name == ACCOUNT).scalar_subquery()
BOUND = or_(
    and_(receipts.c.network == _network, receipts.c.identity == _identity),
    and_(receipts.c.account == ACCOUNT, receipts.c.network == _network, _identity.is_(None)),
)
BOUND_IDS = select(receipts.c.remote_id).where(BOUND)

# Our own clock moves, and what the timeline shows under this id is ours.
_shown_at = (
    select(activities.c.at)
    .where(activities.c.account == ACCOUNT, activities.c.remote_id == bindparam("said_as"))
    .scalar_subquery()
)
SPOKE = (
    update(accounts)
    .where(accounts.c.name == ACCOUNT)
    .values(
        spoke_at=case((accounts.c.spoke_at > AT, accounts.c.spoke_at), else_=AT),
        seen_by=case(
            (accounts.c.seen_at == _shown_at, literal(Author.VEILLEUSE, Word(Author))), else_=accounts.c.seen_by
        ),
    )
)
PUBLISHED = (
    update(attempts)
    .where(attempts.c.id == bindparam("of_id"), attempts.c.outcome != Outcome.PUBLISHED)
    .values(outcome=Outcome.PUBLISHED, fault=None, closed_at=AT)
)

_presence = and_(receipts.c.network == bindparam("network"), receipts.c.identity == bindparam("identity"))
KNOWN = select(receipts.c.id).where(
    or_(
        and_(_presence, receipts.c.remote_id == bindparam("remote_id")),
        receipts.c.attempt_id == bindparam("attempt_id"),
    )
)
LAST_USE = select(func.max(receipts.c.use)).where(_presence, receipts.c.post_id == bindparam("post_id"))
NEWEST = (
    select(*(receipts.c[name].label(field) for field, name in COLUMN.items()))
    .order_by(receipts.c.at.desc(), receipts.c.id.desc())
    .limit(bindparam("most"))
)
NEWEST_OF_ACCOUNT = NEWEST.where(receipts.c.account == ACCOUNT)


class SqlReceipts(Part):
    def bound_ids(self, account: str) -> frozenset[str]:
        with self._db.read() as connection:
            return frozenset(connection.execute(BOUND_IDS, {"of_account": account}).scalars())

    def record_receipt(self, receipt: Receipt) -> None:
        said = {"of_account": receipt.account, "said_at": receipt.at}
        with self._db.write() as connection:
            if receipt.proof is not Proof.ALREADY_SAID:
                connection.execute(SPOKE, said | {"said_as": receipt.remote_id})
                connection.execute(self._ours, _activity(receipt))
            self._keep(connection, receipt)
            if receipt.attempt_id is not None:
                connection.execute(PUBLISHED, {"of_id": receipt.attempt_id, "said_at": receipt.at})

    def _keep(self, connection: Connection, receipt: Receipt) -> None:
        """Once. If that use was already taken by another publication, both are facts: this one is the next use."""
        row = {column: getattr(receipt, field) for field, column in COLUMN.items()}
        if connection.execute(self._insert, row).first() is not None:
            return
        if connection.execute(KNOWN, row).first() is None:
            last: int = connection.execute(LAST_USE, row).scalar_one()
            connection.execute(self._insert, row | {"use": last + 1})

    @cached_property
    def _insert(self) -> Any:
        return self._db.insert(receipts).on_conflict_do_nothing().returning(receipts.c.id)

    @cached_property
    def _ours(self) -> Any:
        key = [activities.c.account, activities.c.remote_id]
        return self._db.insert(activities).on_conflict_do_update(index_elements=key, set_={"author": Author.VEILLEUSE})

    def receipts(self, account: str | None = None, limit: int = 50) -> list[Receipt]:
        newest = NEWEST if account is None else NEWEST_OF_ACCOUNT
        with self._db.read() as connection:
            return [_receipt(row) for row in connection.execute(newest, {"of_account": account, "most": limit})]


def _activity(receipt: Receipt) -> dict[str, Any]:
    return {
        "account": receipt.account,
        "remote_id": receipt.remote_id,
        "at": receipt.at,
        "created_at": receipt.at,
        "first_seen_at": receipt.at,
        "kind": Kind.POST,
        "author": Author.VEILLEUSE,
        "text": receipt.text,
        "url": receipt.url,
    }


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(**row._mapping)
