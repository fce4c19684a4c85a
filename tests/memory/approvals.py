"""Who approved what, in memory."""

from datetime import datetime

from tests.memory.lock import one_at_a_time
from tests.memory.posts import MemoryPosts
from veilleuse.domain.approval import ApprovalPolicy, ApprovalRecord, approver
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Approval
from veilleuse.ports import PostChanged


@one_at_a_time
class MemoryApprovals(MemoryPosts):
    def __init__(self) -> None:
        super().__init__()
        self._approvals: dict[tuple[str, ...], ApprovalRecord] = {}
        self._policies: dict[str, ApprovalPolicy] = {}

    def apply(self, change: SyncChange, now: datetime) -> None:
        super().apply(change, now)
        for post in change.upserts:
            if post.approved_by is not None:
                self._keep(
                    ApprovalRecord(
                        account=post.account,
                        post_id=post.id,
                        approver=post.approved_by,
                        mode=Approval.FILE,
                        digest=post.digest,
                        at=now,
                    )
                )

    def sign(self, record: ApprovalRecord) -> None:
        stored = self._posts.get((record.account, record.post_id))
        if stored is None or not stored.stands or stored.post.digest != record.digest:
            raise PostChanged(f"{record.ref} is not what stands in the queue any more.")
        self._keep(record)

    def _keep(self, record: ApprovalRecord) -> None:
        self._approvals.setdefault(
            (record.account, record.mode, record.post_id, record.digest, record.approver), record
        )

    def approvals(self, account: str | None = None, limit: int = 50) -> list[ApprovalRecord]:
        wanted = sorted((r for r in self._approvals.values() if account in (None, r.account)), key=lambda r: r.post_id)
        return sorted(wanted, key=lambda r: r.at, reverse=True)[:limit]

    def _approved_by(self, post: Post) -> str | None:
        signed = [
            record.approver
            for record in self._approvals.values()
            if record.mode is Approval.SIGNED
            and (record.account, record.post_id, record.digest) == (post.account, post.id, post.digest)
        ]
        return approver(post.approved_by, signed, self._policies.get(post.account))
