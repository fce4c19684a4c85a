"""A task: what no program can do for an account, with a day by which somebody must have done it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.alert import Condition, Finding

NOTICE = timedelta(days=5)  # a task is told so long before its day


class TaskKind(StrEnum):
    """The value is stored; it is the subject of the task's alert."""

    LOG_IN = "log_in"  # X counts log-ins as activity, not posts by API


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of task of one account. Times are aware UTC."""

    account: str
    kind: TaskKind
    due_at: datetime
    done_at: datetime | None = None  # the last time
    done_by: str | None = None


def done(task: Task, by: str, now: datetime, every: timedelta) -> Task:
    """The same task, the next time."""
    return replace(task, due_at=now + every, done_at=now, done_by=by)


def reminded(account: Account, every: timedelta | None) -> bool:
    """Whether somebody must log in to this account from time to time; `every` is its network's own interval."""
    return every is not None and account.log_in_reminder and account.kind is not AccountKind.RESERVED


def findings(account: Account, title: str, tasks: Iterable[Task], now: datetime) -> list[Finding]:
    """A call for each task whose day is near or past. `title`: the network's name as people say it."""
    return [
        Finding(
            condition=Condition.HUMAN_TASK,
            account=account.name,
            subject=task.kind,
            text=_text(account, title, task, now),
            remedy="Then say so: `veilleuse alerts ack ID --as YOUR-NAME`, with the number `veilleuse alerts` shows.",
            person=account.owner,
        )
        for task in tasks
        if task.due_at - NOTICE <= now
    ]


def _text(account: Account, title: str, task: Task, now: datetime) -> str:
    zone = account.rule.zone
    day = phrases.day(task.due_at, zone, now)
    when = f"by {day}" if now < task.due_at else f"; it was due {day}"
    last = f" (last done {phrases.day(task.done_at, zone, now)} by {task.done_by})" if task.done_at else ""
    what = f"Log in to {account.name} on {title} in a browser or its app {when}{last}".replace(" ;", ";")
    return f"{what}: {title} counts log-ins as activity, not posts that come through its API."
