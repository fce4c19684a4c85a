"""An attempt: one try to publish, written before the call and closed after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain.post import Image

SEND_WITHIN = timedelta(seconds=30)  # from the attempt's commit to the first byte of the call


class Outcome(StrEnum):
    OPEN = "open"  # written, not closed: the call may be under way, or its daemon died
    PUBLISHED = "published"
    REFUSED = "refused"  # certainly not live
    UNKNOWN = "unknown"  # perhaps live: only reading settles it
    HELD = "held"  # a doubt only a human can settle: blocks its post, no longer its account


class Fault(StrEnum):
    """Why an attempt was refused."""

    CONTENT = "content"  # the network will not have this post: it is set aside
    CREDENTIALS = "credentials"
    BUDGET = "budget"
    RATE = "rate"
    UNREACHABLE = "unreachable"  # nothing was sent
    TOO_LATE = "too_late"  # the moment to send had passed, or a freeze came between: nothing was sent
    ABSENT = "absent"  # a doubt settled by reading: it never appeared


UNSETTLED = frozenset({Outcome.OPEN, Outcome.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """Exactly what is sent. Frozen when the attempt is written."""

    text: str  # composed: what a reader will see
    link: str | None = None
    image: Image | None = None
    alt: str | None = None
    content_warning: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Times are aware UTC. `baseline` holds the ids seen before the call: none of them can be this post."""

    id: str
    account: str
    post_id: str
    use: int  # 0 for a queued post; the n-th use of a reserve post
    digest: str  # of the post as approved
    approved_by: str
    payload: Payload
    key: str  # client-made, sent where the network knows idempotency keys
    baseline: frozenset[str]
    cursor: str | None  # where the reads that settle this attempt begin
    created_at: datetime
    send_before: datetime
    prepared: Mapping[str, str] = field(default_factory=dict)  # what `prepare` left on the network (media ids)
    outcome: Outcome = Outcome.OPEN
    fault: Fault | None = None
    closed_at: datetime | None = None
    detail: str = ""  # a sentence for people
    empty_reads: int = 0  # complete reads in a row, after the deadline, that showed nothing new

    @property
    def ref(self) -> str:
        return f"{self.account}/{self.post_id}"


class Proof(StrEnum):
    """How we know that a post is live."""

    ANSWER = "answer"  # the network's answer to our call
    READ_BACK = "read_back"  # found on the timeline after a doubt
    HUMAN = "human"  # somebody has looked and says so
    ALREADY_SAID = "already_said"  # found on the timeline without any attempt of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A network's own answer to a publish call."""

    remote_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLive:
    """A network's exact answer that a publish call has made nothing visible so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof of publication, kept for ever. `at` is aware UTC."""

    account: str
    network: str
    identity: str  # the remote identity it is bound to, so that a renamed account cannot say it again
    remote_id: str
    post_id: str
    use: int
    digest: str
    text: str
    link: str | None
    image: str | None  # SHA-256
    approved_by: str
    url: str | None
    at: datetime
    proof: Proof
    attempt_id: str | None = None


def receipt_of(
    attempt: Attempt, *, network: str, identity: str, remote_id: str, url: str | None, at: datetime, proof: Proof
) -> Receipt:
    """The proof that this attempt's payload is live under `remote_id` since `at` (aware UTC)."""
    payload = attempt.payload
    return Receipt(
        account=attempt.account,
        network=network,
        identity=identity,
        remote_id=remote_id,
        post_id=attempt.post_id,
        use=attempt.use,
        digest=attempt.digest,
        text=payload.text,
        link=payload.link,
        image=payload.image.sha256 if payload.image else None,
        approved_by=attempt.approved_by,
        url=url,
        at=at,
        proof=proof,
        attempt_id=attempt.id,
    )
