"""An examination: what a network tells of an account's credentials, kept until the next one, and what it means."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Examination
from veilleuse.domain.alert import Condition, Finding, in_every_language
from veilleuse.language import _

EXPIRY_WARNINGS = tuple(timedelta(days=days) for days in (1, 3, 7, 14))  # each is told once, on crossing

EXAMINED = frozenset(
    {
        Condition.CREDENTIALS_EXPIRE,
        Condition.MAY_NOT_POST,
        Condition.POST_NOT_PUBLIC,
        Condition.NETWORK_WARNS,
        Condition.EXAMINATION_FAILED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One account, as last examined. `found` is the last answer, of `at`; `trouble` why there is none since."""

    account: str
    due_at: datetime  # aware UTC, as all times
    at: datetime | None = None
    found: Examination | None = None
    visible: bool | None = None  # whether a stranger sees the newest post of ours; None: that cannot be told
    failures: int = 0  # in a row
    trouble: str | None = None
    refused: bool = False  # the network will not have these credentials, or they are somebody else's


def next_examination(account: str, now: datetime) -> datetime:
    """A day's examinations are spread over the day; each account keeps its minute. Aware UTC."""
    minute = int.from_bytes(hashlib.sha256(account.encode()).digest()[:4]) % (24 * 60)
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC) + timedelta(minutes=minute)
    return today if today > now + timedelta(hours=1) else today + timedelta(days=1)


def findings(account: Account, title: str, examined: Examined, now: datetime) -> list[Finding]:
    """Every condition of `EXAMINED` that holds of this account now. `title`: the network's name as people say it."""
    judges = (_expiry, _rights, _exposure, _warnings, _failure)
    return in_every_language(
        lambda: [
            Finding(
                condition=condition,
                account=account.name,
                subject=subject,
                text=text.format(name=account.name, title=title),
                remedy=remedy.format(name=account.name),
                person=account.owner,
            )
            for judge in judges
            for condition, subject, text, remedy in judge(account, examined, now)
        ]
    )


Found = Iterator[tuple[Condition, str, str, str]]  # condition, subject, text, remedy; {name} and {title} to be filled


def _expiry(account: Account, examined: Examined, now: datetime) -> Found:
    at = examined.found.expires_at if examined.found else None
    if at is None:
        return
    for window in EXPIRY_WARNINGS:
        if at - now <= window:
            text = _("The credentials of {name} on {title} die {when}.")
            if at <= now:
                text = _("The credentials of {name} on {title} died {when}.")
            yield (
                Condition.CREDENTIALS_EXPIRE,
                f"{window.days} days",
                text.replace("{when}", phrases.at(at, account.rule.zone, now)),
                _("Renew them, put them where the old ones are, then run `veilleuse check --online {name}`."),
            )
            return


def _rights(account: Account, examined: Examined, now: datetime) -> Found:
    if examined.found is not None and examined.found.may_post is False:
        yield (
            Condition.MAY_NOT_POST,
            "",
            _("{name} may not post: its credentials are accepted by {title}, but without that right."),
            _(
                "Make new ones with the right to post (docs/credentials.md), "
                "then run `veilleuse check --online {name}`."
            ),
        )


def _exposure(account: Account, examined: Examined, now: datetime) -> Found:
    if examined.visible is False:
        yield (
            Condition.POST_NOT_PUBLIC,
            "",
            _(
                "A stranger does not see the newest post of {name} on {title}: perhaps nobody but its administrators "
                "does."
            ),
            _(
                "Open the post in a private window, not logged in. An app in development mode publishes for its own "
                "administrators only: set it live."
            ),
        )


def _warnings(account: Account, examined: Examined, now: datetime) -> Found:
    if examined.found is not None and examined.found.warnings:
        yield (
            Condition.NETWORK_WARNS,
            "",
            f"{{name}}: {_literal(' '.join(map(str, examined.found.warnings)))}",
            _("See `veilleuse check --online {name}`. Posts still go out."),
        )


def _failure(account: Account, examined: Examined, now: datetime) -> Found:
    if examined.trouble is not None and not examined.refused:
        yield (
            Condition.EXAMINATION_FAILED,
            "",
            _("{name} cannot be examined: {why}").replace("{why}", _literal(f"{examined.trouble}")),
            _(
                "Nothing to do if it passes: it is tried again every hour. Nobody would be warned meanwhile if its "
                "credentials were about to die."
            ),
        )


def _literal(text: str) -> str:
    """Left alone by `format`."""
    return text.replace("{", "{{").replace("}", "}}")
