"""Attempts: written before each call, closed after it. What forbids one is checked as it is written: `guard`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Text, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from veilleuse.adapters.db.guard import check
from veilleuse.adapters.db.images import image_columns, image_of
from veilleuse.adapters.db.part import Part
from veilleuse.adapters.db.receipts import ACCOUNT
from veilleuse.adapters.db.tables import attempts
from veilleuse.domain.attempt import Attempt, Fault, Outcome, Payload
from veilleuse.language import sentence
from veilleuse.ports import AttemptRefused, Guard

UNSETTLED = (Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD)

ID = bindparam("of_id", type_=Text)

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
        try:
            with self._db.write() as connection:
                check(connection, attempt, guard)
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
