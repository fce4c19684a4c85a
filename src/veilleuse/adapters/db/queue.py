"""The queue of one account: its posts, and what has happened to each of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from veilleuse.adapters.db.approvals import POLICY, SIGNED, policy_of
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.posts import post_of
from veilleuse.adapters.db.receipts import ACCOUNT, BOUND
from veilleuse.adapters.db.tables import approval_policies, attempts, images, posts, receipts, vetoes
from veilleuse.domain.approval import approver
from veilleuse.domain.attempt import Fault, Outcome
from veilleuse.domain.queue import NO_REASON, Candidate
from veilleuse.language import sentence

# Each post with its account's policy, and who vetoed exactly this content.
_its_veto = and_(vetoes.c.account == posts.c.account, vetoes.c.post_id == posts.c.id, vetoes.c.digest == posts.c.digest)
STANDING = (
    select(posts, *POLICY, vetoes.c.by.label("vetoed_by"))
    .join_from(posts, approval_policies, posts.c.account == approval_policies.c.account, isouter=True)
    .join(vetoes, _its_veto, isouter=True)
    .where(posts.c.account == ACCOUNT, posts.c.missing_since.is_(None), posts.c.withdrawn_at.is_(None))
)
SAID = select(receipts.c.post_id, receipts.c.text, receipts.c.at).where(BOUND).order_by(receipts.c.at)

# Of all attempts, only these say something about their post.
_telling = or_(
    attempts.c.outcome == Outcome.HELD,
    and_(attempts.c.outcome == Outcome.REFUSED, attempts.c.fault.in_([Fault.CONTENT, Fault.ABSENT])),
)
TRIED = (
    select(
        attempts.c.post_id,
        attempts.c.digest,
        attempts.c.outcome,
        attempts.c.fault,
        attempts.c.detail,
        attempts.c.closed_at,
        attempts.c.cursor,
    )
    .where(attempts.c.account == ACCOUNT, _telling)
    .order_by(attempts.c.created_at)
)

BYTES = select(images.c.bytes).where(images.c.sha256 == bindparam("sha256"))


class SqlQueue(Part):
    def candidates(self, account: str) -> list[Candidate]:
        asked = {"of_account": account}
        with self._db.read() as connection:
            standing = connection.execute(STANDING, asked).all()
            if not standing:
                return []
            uses = _by_post(connection.execute(SAID, asked))
            tries = _by_post(connection.execute(TRIED, asked))
            signed = _by_post(connection.execute(SIGNED, asked))
        found = [_candidate(row, uses[row.id], tries[row.id], signed[row.id]) for row in standing]
        return sorted(found, key=lambda candidate: candidate.post.order)  # a database would sort as its locale says

    def image(self, sha256: str) -> bytes:
        """Raises KeyError if there is none."""
        with self._db.read() as connection:
            data: bytes | None = connection.execute(BYTES, {"sha256": sha256}).scalar()
        if data is None:
            raise KeyError(sha256)
        return data


def _by_post(rows: Iterable[Row[Any]]) -> defaultdict[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.post_id].append(row)
    return found


def _candidate(
    row: Row[Any],
    uses: list[Row[Any]],
    tries: list[Row[Any]],
    signed: list[Row[Any]],
) -> Candidate:
    post, policy = post_of(row), policy_of(row)
    approved_by = approver(post.approved_by, [s.approver for s in signed if s.digest == row.digest], policy)
    refusals = [t.detail or sentence(NO_REASON) for t in tries if t.fault is Fault.CONTENT and t.digest == row.digest]
    releases = [t for t in tries if t.fault is Fault.ABSENT]
    return Candidate(
        post=post if post.approved_by == approved_by else replace(post, approved_by=approved_by),
        uses=tuple(use.at for use in uses),
        said=frozenset(use.text for use in uses),
        held=any(t.outcome is Outcome.HELD for t in tries),
        refused=refusals[-1] if refusals else None,
        vetoed_by=row.vetoed_by,
        released_at=max((t.closed_at for t in releases), default=None),
        released_from=releases[0].cursor if releases else None,
    )
