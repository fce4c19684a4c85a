"""What forbids an attempt, looked at in the transaction that writes it."""

from typing import Any

from sqlalchemy import Connection, Integer, Row, Text, and_, bindparam, exists, func, or_, select, update

from veilleuse.adapters.db.approvals import POLICY, SIGNERS, policy_of
from veilleuse.adapters.db.freezes import SILENCES
from veilleuse.adapters.db.plans import HUSHED
from veilleuse.adapters.db.receipts import ACCOUNT, BOUND
from veilleuse.adapters.db.tables import accounts, approval_policies, attempts, freezes, posts, receipts, vetoes
from veilleuse.adapters.db.types import Moment
from veilleuse.domain.approval import approver
from veilleuse.domain.attempt import Attempt, Outcome
from veilleuse.domain.plan_words import hushed
from veilleuse.language import sentence
from veilleuse.ports import AttemptRefused, Guard

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
        posts.c.not_before,
        posts.c.not_after,
        posts.c.reserve,
        posts.c.max_uses,
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


def check(connection: Connection, attempt: Attempt, guard: Guard) -> None:
    """Locks the account until the transaction ends. Raises AttemptRefused."""
    asked = {
        "of_account": attempt.account,
        "of_post": attempt.post_id,
        "of_use": attempt.use,
        "daemon": guard.daemon,
        "now": guard.now,
        "spoke_before": guard.spoke_before,
        "day_start": guard.day_start,
    }
    if not connection.execute(TAKE_TURN, asked).rowcount:
        raise AttemptRefused(_no_turn(connection.execute(TURN_OF, asked).one_or_none(), guard))
    if why := _forbidden(connection, connection.execute(FACTS, asked).one_or_none(), attempt, guard):
        raise AttemptRefused(why)


def _no_turn(row: Row[Any, Any] | None, guard: Guard) -> str:
    if row is None:
        return sentence("the account is no longer in the configuration.")
    if row.claimed_by != guard.daemon:
        return sentence("another daemon has taken the account over.")
    return sentence(
        "the account spoke at {when} UTC, less than its minimum gap ago.", when=f"{row.spoke_at:%Y-%m-%d %H:%M}"
    )


def _forbidden(
    connection: Connection, facts: Row[*tuple[Any, ...]] | None, attempt: Attempt, guard: Guard
) -> str | None:
    if facts is None:
        return sentence("the post no longer stands in its file.")
    if facts.frozen is not None:
        return sentence("frozen: {reason}", reason=facts.frozen)
    if facts.hushed is not None:
        return hushed(facts.hushed)
    if facts.digest != attempt.digest:
        return sentence("the post changed since it was chosen.")
    if (facts.not_before and guard.now < facts.not_before) or (facts.not_after and guard.now >= facts.not_after):
        return sentence("its dates do not allow it now.")
    if not _approved(connection, facts, attempt):
        return sentence("the post is no longer approved.")
    if facts.vetoed:
        return sentence("the post is vetoed.")
    most = facts.max_uses if facts.reserve else 1
    if facts.said or (most is not None and attempt.use >= most):
        return sentence("the post is already published.")
    if facts.doubtful:
        return sentence("another attempt is not settled yet.")
    if facts.today >= guard.max_per_day:
        return sentence("the account has spoken {count} times today, its maximum.", count=facts.today)
    return None


def _approved(connection: Connection, facts: Row[*tuple[Any, ...]], attempt: Attempt) -> bool:
    """By the account's rule as it is now: a name in the file, or a signature under exactly this content."""
    policy = policy_of(facts)
    if approver(facts.approved_by, (), policy) is not None:
        return True
    asked = {"of_account": attempt.account, "of_post": attempt.post_id, "of_digest": attempt.digest}
    signers = [row.approver for row in connection.execute(SIGNERS, asked)]
    return approver(facts.approved_by, signers, policy) is not None
