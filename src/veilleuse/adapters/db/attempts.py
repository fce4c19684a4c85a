"""Attempts: written before each call, closed after it. What forbids one is checked as it is written."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Text, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from veilleuse.adapters.db.approvals import POLICY, SIGNERS, policy_of
from veilleuse.adapters.db.freezes import SILENCES
from veilleuse.adapters.db.images import image_columns, image_of
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.plans import HUSHED
from veilleuse.adapters.db.receipts import ACCOUNT, BOUND
from veilleuse.adapters.db.tables import accounts, approval_policies, attempts, freezes, posts, receipts, vetoes
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.approval import approver
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Payload
from veilleuse.domain.plan_words import hushed
from veilleuse.language import sentence
from veilleuse.ports import AttemptRefused, Guard

UNSETTLED = (Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD)

ID = bindparam("of_id", type_=Text)
POST, USE = bindparam("of_post", type_=Text), bindparam("of_use", type_=Integer)
NOW = bindparam("now", type_=Moment())

# Locks the account for the transaction, if it is this daemon's to speak for and its minimum gap has passed.
TAKE_TURN = (
    update(accounts)
    .where(
        accounts.c.name == ACCOUNT,
        accounts.c.enabled,
        accounts.c.claimed_by == bindparam("daemon"),
        or_(accounts.c.spoke_at.is_(None), accounts.c.spoke_at <= bindparam("spoke_before")),
    )
    .values(attempted_at=NOW)
)
TURN_OF = select(accounts.c.claimed_by, accounts.c.spoke_at).where(accounts.c.name == ACCOUNT, accounts.c.enabled)

# All else that could forbid an attempt, in one look; no row: the post does not stand. (Spelled with `or_`: SQLAlchemy
# writes an IN anew at each execution.)
_frozen = select(freezes.c.reason).where(SILENCES).limit(1)
_today = select(func.count()).where(receipts.c.account == ACCOUNT, receipts.c.at >= bindparam("day_start"))
_said = exists().where(BOUND, receipts.c.post_id == POST, receipts.c.use == USE)
_doubtful = exists().where(
    attempts.c.account == ACCOUNT,
    or_(
        attempts.c.outcome == Outcome.OPEN,
        attempts.c.outcome == Outcome.UNKNOWN,
        and_(attempts.c.outcome == Outcome.HELD, attempts.c.post_id == POST),
    ),
)
_vetoed = exists().where(vetoes.c.account == ACCOUNT, vetoes.c.post_id == POST, vetoes.c.digest == posts.c.digest)
FACTS = (
    select(
        posts.c.digest,
        posts.c.approved_by,
        *POLICY,
        _frozen.scalar_subquery().label("frozen"),
        _today.scalar_subquery().label("today"),
        _said.label("said"),
        _doubtful.label("doubtful"),
        _vetoed.label("vetoed"),
        HUSHED.label("hushed"),
    )
    .join_from(posts, approval_policies, posts.c.account == approval_policies.c.account, isouter=True)
    .where(
        posts.c.account == ACCOUNT, posts.c.id == POST, posts.c.missing_since.is_(None), posts.c.withdrawn_at.is_(None)
    )
)

INSERT = attempts.insert()
CLOSE = (
    update(attempts)
    .where(attempts.c.id == ID, attempts.c.outcome != Outcome.PUBLISHED)  # a receipt is a fact
    .values({name: bindparam(name) for name in ("outcome", "fault", "closed_at", "detail")})
)
COUNT = update(attempts).where(attempts.c.id == ID).values(empty_reads=attempts.c.empty_reads + 1)
DOUBTS = select(attempts).where(attempts.c.outcome.in_(UNSETTLED)).order_by(attempts.c.created_at)
DOUBTS_OF_ACCOUNT = DOUBTS.where(attempts.c.account == ACCOUNT)
NEWEST = select(attempts).order_by(attempts.c.created_at.desc()).limit(bindparam("most"))
NEWEST_OF_ACCOUNT = NEWEST.where(attempts.c.account == ACCOUNT)
OUTCOMES = select(attempts.c.account, attempts.c.outcome, func.count()).group_by(attempts.c.account, attempts.c.outcome)


class SqlAttempts(Part):
    def open_attempt(self, attempt: Attempt, guard: Guard) -> None:
        asked = {
            "of_account": attempt.account,
            "of_post": attempt.post_id,
            "of_use": attempt.use,
            "daemon": guard.daemon,
            "now": guard.now,
            "spoke_before": guard.spoke_before,
            "day_start": guard.day_start,
        }
        try:
            with self._db.write() as connection:
                if not connection.execute(TAKE_TURN, asked).rowcount:
                    turn = connection.execute(TURN_OF, asked).one_or_none()
                    raise AttemptRefused(_no_turn(turn, guard))
                facts = connection.execute(FACTS, asked).one_or_none()
                if why := _forbidden(connection, facts, attempt, guard):
                    raise AttemptRefused(why)
                connection.execute(INSERT, _row(attempt))
        except IntegrityError:
            raise AttemptRefused(sentence("another attempt is not settled yet.")) from None

    def close_attempt(
        self, attempt_id: str, outcome: Outcome, *, now: datetime, fault: Fault | None = None, detail: str = ""
    ) -> None:
        """What is published stays published."""
        ended = {"of_id": attempt_id, "outcome": outcome, "fault": fault, "closed_at": now, "detail": detail}
        with self._db.write_one() as connection:
            connection.execute(CLOSE, ended)

    def count_empty_read(self, attempt_id: str) -> None:
        with self._db.write_one() as connection:
            connection.execute(COUNT, {"of_id": attempt_id})

    def unsettled(self, account: str | None = None) -> list[Attempt]:
        doubts = DOUBTS if account is None else DOUBTS_OF_ACCOUNT
        with self._db.read() as connection:
            return [_attempt(row) for row in connection.execute(doubts, {"of_account": account})]

    def attempts(self, account: str | None = None, limit: int = 50) -> list[Attempt]:
        newest = NEWEST if account is None else NEWEST_OF_ACCOUNT
        with self._db.read() as connection:
            return [_attempt(row) for row in connection.execute(newest, {"of_account": account, "most": limit})]

    def outcomes(self) -> Mapping[tuple[str, Outcome], int]:
        with self._db.read() as connection:
            return {(account, outcome): count for account, outcome, count in connection.execute(OUTCOMES)}


def _no_turn(row: Row[Any, Any] | None, guard: Guard) -> str:
    if row is None:
        return sentence("the account is no longer in the configuration.")
    if row.claimed_by != guard.daemon:
        return sentence("another daemon has taken the account over.")
    return sentence(
        "the account spoke at {when} UTC, less than its minimum gap ago.", when=f"{row.spoke_at:%Y-%m-%d %H:%M}"
    )


def _forbidden(connection: Connection, facts: Row[Any] | None, attempt: Attempt, guard: Guard) -> str | None:
    if facts is None:
        return sentence("the post no longer stands in its file.")
    if facts.frozen is not None:
        return sentence("frozen: {reason}", reason=facts.frozen)
    if facts.hushed is not None:
        return hushed(facts.hushed)
    if facts.digest != attempt.digest:
        return sentence("the post changed since it was chosen.")
    if not _approved(connection, facts, attempt):
        return sentence("the post is no longer approved.")
    if facts.vetoed:
        return sentence("the post is vetoed.")
    if facts.said:
        return sentence("the post is already published.")
    if facts.doubtful:
        return sentence("another attempt is not settled yet.")
    if facts.today >= guard.max_per_day:
        return sentence("the account has spoken {count} times today, its maximum.", count=facts.today)
    return None


def _approved(connection: Connection, facts: Row[Any], attempt: Attempt) -> bool:
    """By the account's rule as it is now: a name in the file, or a signature under exactly this content."""
    policy = policy_of(facts)
    if approver(facts.approved_by, (), policy) is not None:
        return True
    asked = {"of_account": attempt.account, "of_post": attempt.post_id, "of_digest": attempt.digest}
    signers = [row.approver for row in connection.execute(SIGNERS, asked)]
    return approver(facts.approved_by, signers, policy) is not None


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
        "content_warning": payload.content_warning,
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
    payload = Payload(
        text=row.text, link=row.link, image=image_of(row), alt=row.alt, content_warning=row.content_warning
    )
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
