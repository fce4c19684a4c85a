"""Approval: who said yes to exactly which content, and whether that makes a post speakable."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from veilleuse.domain.rule import Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRecord:
    """One person's yes to one content, kept for ever. `at`: when signed, or first seen in a file; aware UTC."""

    account: str
    post_id: str
    approver: str
    mode: Approval
    digest: str  # `Post.digest` of what was approved
    at: datetime

    @property
    def ref(self) -> str:
        return f"{self.account}/{self.post_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalPolicy:
    """Whose yes counts for one account, and how it must be given."""

    mode: Approval
    approvers: Collection[str]


def approver(named: str | None, signers: Collection[str], policy: ApprovalPolicy | None) -> str | None:
    """Who approved a post; None: nobody, it is a draft.

    `named` stands in its file; `signers` signed exactly its present content. A signature counts in either mode, a name
    in a file only where the rule says so. Without a policy (an account no daemon has met yet) what was judged when the
    file was read and the signature was given stands.
    """
    if policy is None:
        return min(signers, default=named)
    valid = [signer for signer in signers if signer in policy.approvers]
    if valid:
        return min(valid)
    return named if policy.mode is Approval.FILE and named in policy.approvers else None
