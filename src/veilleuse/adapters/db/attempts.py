"""Attempts: written before each call, closed after it. What forbids one is checked as it is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from veilleuse.adapters.db.images import image_columns, image_of
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.receipts import bound_to
from veilleuse.adapters.db.tables import accounts, attempts, freezes, posts, receipts
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Payload
from veilleuse.ports import AttemptRefused, Guard

UNSETTLED = (Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD)


class SqlAttempts(Part):
    def open_attempt(self, attempt: Attempt, guard: Guard) -> None:
        try:
            with self._db.write() as connection:
                _take_turn(connection, attempt, guard)
                _check(connection, attempt, guard)
                connection.execute(attempts.insert(), _row(attempt))
        except IntegrityError:
            raise AttemptRefused("another attempt is not settled yet.") from None

    def close_attempt(
        self, attempt_id: str, outcome: Outcome, *, now: datetime, fault: Fault | None = None, detail: str = ""
    ) -> None:
        """What is published stays published: a receipt is a fact."""
        with self._db.write() as connection:
            connection.execute(
                update(attempts)
                .where(attempts.c.id == attempt_id, attempts.c.outcome != Outcome.PUBLISHED)
                .values(outcome=outcome, fault=fault, closed_at=now, detail=detail)
            )

    def count_empty_read(self, attempt_id: str) -> None:
        with self._db.write() as connection:
            connection.execute(
                update(attempts).where(attempts.c.id == attempt_id).values(empty_reads=attempts.c.empty_reads + 1)
            )

    def unsettled(self, account: str) -> list[Attempt]:
        doubts = (
            select(attempts)
            .where(attempts.c.account == account, attempts.c.outcome.in_(UNSETTLED))
            .order_by(attempts.c.created_at)
        )
        with self._db.read() as connection:
            return [_attempt(row) for row in connection.execute(doubts)]

    def attempts(self, account: str | None = None, limit: int = 50) -> list[Attempt]:
        newest = select(attempts).order_by(attempts.c.created_at.desc()).limit(limit)
        if account is not None:
            newest = newest.where(attempts.c.account == account)
        with self._db.read() as connection:
            return [_attempt(row) for row in connection.execute(newest)]


def _take_turn(connection: Connection, attempt: Attempt, guard: Guard) -> None:
    """Lock the account for this transaction, if it is ours to speak for and its minimum gap has passed."""
    quiet = or_(accounts.c.spoke_at.is_(None), accounts.c.spoke_at <= guard.spoke_before)
    turn = (
        update(accounts)
        .where(accounts.c.name == attempt.account, accounts.c.enabled, accounts.c.claimed_by == guard.daemon, quiet)
        .values(attempted_at=guard.now)
    )
    if connection.execute(turn).rowcount:
        return
    row = connection.execute(
        select(accounts.c.claimed_by, accounts.c.spoke_at).where(accounts.c.name == attempt.account, accounts.c.enabled)
    ).one_or_none()
    if row is None:
        raise AttemptRefused("the account is no longer in the configuration.")
    if row.claimed_by != guard.daemon:
        raise AttemptRefused("another daemon has taken the account over.")
    raise AttemptRefused(f"the account spoke at {row.spoke_at:%Y-%m-%d %H:%M} UTC, less than its minimum gap ago.")


def _check(connection: Connection, attempt: Attempt, guard: Guard) -> None:
    """One look at all else that could forbid it."""
    frozen = (
        select(freezes.c.reason)
        .where(
            freezes.c.account.in_(["", attempt.account]),
            or_(freezes.c.until.is_(None), freezes.c.until > guard.now),
        )
        .limit(1)
    )
    today = select(func.count()).where(receipts.c.account == attempt.account, receipts.c.at >= guard.day_start)
    said = exists().where(
        bound_to(attempt.account), receipts.c.post_id == attempt.post_id, receipts.c.use == attempt.use
    )
    doubtful = exists().where(
        attempts.c.account == attempt.account,
        or_(
            attempts.c.outcome.in_([Outcome.OPEN, Outcome.UNKNOWN]),
            and_(attempts.c.outcome == Outcome.HELD, attempts.c.post_id == attempt.post_id),
        ),
    )
    facts = connection.execute(
        select(
            posts.c.digest,
            posts.c.approved_by,
            frozen.scalar_subquery().label("frozen"),
            today.scalar_subquery().label("today"),
            said.label("said"),
            doubtful.label("doubtful"),
        ).where(
            posts.c.account == attempt.account,
            posts.c.id == attempt.post_id,
            posts.c.missing_since.is_(None),
            posts.c.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if why := _forbidden(facts, attempt, guard):
        raise AttemptRefused(why)


def _forbidden(facts: Row[Any] | None, attempt: Attempt, guard: Guard) -> str | None:
    if facts is None:
        return "the post no longer stands in its file."
    if facts.frozen is not None:
        return f"frozen: {facts.frozen}"
    if facts.digest != attempt.digest:
        return "the post changed since it was chosen."
    if facts.approved_by is None:
        return "the post is no longer approved."
    if facts.said:
        return "the post is already published."
    if facts.doubtful:
        return "another attempt is not settled yet."
    if facts.today >= guard.max_per_day:
        return f"the account has spoken {facts.today} times today, its maximum."
    return None


def _row(attempt: Attempt) -> Mapping[str, Any]:
    payload = attempt.payload
    return {
        "id": attempt.id,
        "account": attempt.account,
        "post_id": attempt.post_id,
        "use": attempt.use,
        "digest": attempt.digest,
        "approved_by": attempt.approved_by,
        "text": payload.text,
        "link": payload.link,
        "alt": payload.alt,
        "key": attempt.key,
        "baseline": sorted(attempt.baseline),
        "cursor": attempt.cursor,
        "created_at": attempt.created_at,
        "send_before": attempt.send_before,
        "prepared": dict(attempt.prepared),
        "outcome": attempt.outcome,
        "fault": attempt.fault,
        "closed_at": attempt.closed_at,
        "detail": attempt.detail,
        "empty_reads": attempt.empty_reads,
        **image_columns(payload.image),
    }


def _attempt(row: Row[Any]) -> Attempt:
    payload = Payload(text=row.text, link=row.link, image=image_of(row), alt=row.alt)
    return Attempt(
        id=row.id,
        account=row.account,
        post_id=row.post_id,
        use=row.use,
        digest=row.digest,
        approved_by=row.approved_by,
        payload=payload,
        key=row.key,
        baseline=frozenset(row.baseline),
        cursor=row.cursor,
        created_at=row.created_at,
        send_before=row.send_before,
        prepared=row.prepared,
        outcome=row.outcome,
        fault=row.fault,
        closed_at=row.closed_at,
        detail=row.detail,
        empty_reads=row.empty_reads,
    )
