"""Approve: a person signs exactly what stands in the queue. The signature is kept for ever, and any change voids it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Approval
from veilleuse.ports import ApprovalStore, AuditStore


class SigningStore(ApprovalStore, AuditStore, Protocol):
    def ring(self, accounts: Iterable[str], now: datetime) -> None: ...


def sign(store: SigningStore, post: Post, person: str, now: datetime) -> ApprovalRecord:
    """Sign this content; its account is looked at soon. `now` is aware UTC.

    Raises PostChanged if something else stands in the queue by now: then nothing was signed.
    """
    record = ApprovalRecord(
        account=post.account, post_id=post.id, approver=person, mode=Approval.SIGNED, digest=post.digest, at=now
    )
    store.sign(record)
    store.note(Deed(at=now, by=person, act=Act.APPROVED, account=post.account, subject=post.id, detail=record.digest))
    store.ring([post.account], now)
    return record
