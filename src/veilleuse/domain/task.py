"""A task: what no program can do for an account, with a day by which somebody must have done it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain import phrases
from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.alert import Condition, Finding, in_every_language
from veilleuse.language import _

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


def log_in_interval(account: Account, of_network: timedelta | None) -> timedelta | None:
    """How often somebody must log in to it, a name that is only kept above all; None: nobody needs to."""
    return (account.log_in_every or of_network) if account.log_in_reminder else None


def findings(account: Account, title: str, tasks: Iterable[Task], now: datetime) -> list[Finding]:
    """A call for each task whose day is near or past. `title`: the network's name as people say it."""
    return in_every_language(
        lambda: [
            Finding(
                condition=Condition.HUMAN_TASK,
                account=account.name,
                subject=task.kind,
                text=_text(account, title, task, now),
                remedy=_("Then say so: `veilleuse alerts ack ID --as YOUR-NAME`; `veilleuse alerts` shows the number."),
                person=account.owner,
            )
            for task in tasks
            if task.due_at - NOTICE <= now
        ]
    )


def _text(account: Account, title: str, task: Task, now: datetime) -> str:
    zone = account.rule.zone
    text = _("Log in to {name} on {title} in a browser or its app by {day}.")
    if task.due_at <= now:
        text = _("Log in to {name} on {title} in a browser or its app; it was due {day}.")
    said = [text, _why(account)]
    if task.done_at is not None:
        said.append(_("Last done {last} by {who}."))
    return " ".join(said).format(
        name=account.name,
        title=title,
        day=phrases.day(task.due_at, zone, now),
        last=phrases.day(task.done_at, zone, now) if task.done_at else "",
        who=task.done_by,
    )


def _why(account: Account) -> str:
    if account.kind is AccountKind.RESERVED:
        return _("It is a name you keep: a network may take one away that nobody logs in to.")
    if account.log_in_every is not None:
        return _("Its network wants somebody there from time to time.")
    return _("{title} counts log-ins as activity, not posts that come through its API.")
