"""Approvals: signatures, and the names that stood in files. Rows are only ever added."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, select

from veilleuse.adapters.db.bulk import Bulk
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.tables import approval_policies, approvals, posts
from veilleuse.domain.approval import ApprovalPolicy, ApprovalRecord
from veilleuse.domain.rule import Approval
from veilleuse.language import sentence
from veilleuse.ports import PostChanged

ACCOUNT, POST = bindparam("of_account", type_=Text), bindparam("of_post", type_=Text)

SIGNED = select(approvals.c.post_id, approvals.c.digest, approvals.c.approver).where(
    approvals.c.account == ACCOUNT, approvals.c.mode == Approval.SIGNED
)
SIGNERS = SIGNED.where(approvals.c.post_id == POST, approvals.c.digest == bindparam("of_digest", type_=Text))
POLICY = (approval_policies.c.mode, approval_policies.c.approvers)  # of a row joined with its account's policy
STANDING = select(posts.c.digest).where(
    posts.c.account == ACCOUNT, posts.c.id == POST, posts.c.missing_since.is_(None), posts.c.withdrawn_at.is_(None)
)
NEWEST = select(approvals).order_by(approvals.c.at.desc(), approvals.c.post_id).limit(bindparam("most"))
NEWEST_OF_ACCOUNT = NEWEST.where(approvals.c.account == ACCOUNT)


class SqlApprovals(Part):
    def sign(self, record: ApprovalRecord) -> None:
        with self._db.write() as connection:
            standing = {"of_account": record.account, "of_post": record.post_id}
            if connection.execute(STANDING, standing).scalar() != record.digest:
                raise PostChanged(sentence("{ref} is not what stands in the queue any more.", ref=record.ref))
            connection.execute(self._db.insert(approvals).on_conflict_do_nothing(), asdict(record))

    def approvals(self, account: str | None = None, limit: int = 50) -> list[ApprovalRecord]:
        newest = NEWEST if account is None else NEWEST_OF_ACCOUNT
        with self._db.read() as connection:
            return [_record(row) for row in connection.execute(newest, {"of_account": account, "most": limit})]


def keep_file_approvals(
    db: Database, connection: Connection, stored: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    """Who is named in their files behind these rows of posts, and when that was first seen."""
    keep = Bulk(db.insert(approvals).on_conflict_do_nothing(), connection.dialect)
    keep.insert(connection, (_named(row, now) for row in stored if row["approved_by"] is not None))


def policy_of(row: Row[Any]) -> ApprovalPolicy | None:
    """From a row with the columns of `POLICY`."""
    return None if row.mode is None else ApprovalPolicy(mode=row.mode, approvers=row.approvers)


def _named(row: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {
        "account": row["account"],
        "mode": Approval.FILE,
        "post_id": row["id"],
        "digest": row["digest"],
        "approver": row["approved_by"],
        "at": now,
    }


def _record(row: Row[Any]) -> ApprovalRecord:
    return ApprovalRecord(**row._mapping)
