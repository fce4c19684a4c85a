"""An alert: a condition that needs a human, open until it is resolved."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from veilleuse.domain import phrases
from veilleuse.language import LANGUAGES, Sentence, speaking


class Condition(StrEnum):
    """What can need a human. The value is stored and shown by `--json`."""

    RUNWAY_LOW = "runway_low"
    NOTHING_ELIGIBLE = "nothing_eligible"
    LIVING_ON_RESERVES = "living_on_reserves"
    MESSAGE_WAITS = "message_waits"  # in an outbox, for a person to carry on
    NEAR_LIMIT = "near_limit"  # of an account that is only watched
    LIMIT_PASSED = "limit_passed"
    HOURS_CLOSED = "hours_closed"
    POST_REFUSED = "post_refused"
    POST_EXPIRED = "post_expired"
    POST_NOT_VISIBLE = "post_not_visible"
    OUTCOME_UNKNOWN = "outcome_unknown"
    OUTCOME_HELD = "outcome_held"
    CREDENTIALS_REFUSED = "credentials_refused"
    BUDGET_EXHAUSTED = "budget_exhausted"
    NETWORK_UNREADABLE = "network_unreadable"
    FEED_GONE = "feed_gone"  # of a blog that is only watched
    TIMELINE_GAP = "timeline_gap"
    CLOCK_OFF = "clock_off"
    FROZEN = "frozen"
    CREDENTIALS_EXPIRE = "credentials_expire"
    MAY_NOT_POST = "may_not_post"
    POST_NOT_PUBLIC = "post_not_public"
    NETWORK_WARNS = "network_warns"
    EXAMINATION_FAILED = "examination_failed"
    HUMAN_TASK = "human_task"
    PROGRAM_FAILED = "program_failed"
    CHANNEL_DEAD = "channel_dead"
    CONTENT_INVALID = "content_invalid"
    CONTENT_MISSING = "content_missing"
    CONFIGURATION_REFUSED = "configuration_refused"
    TEST = "test"


OPEN_AFTER = 3  # looks in a row before a transient condition is told
CLEAR_AFTER = timedelta(minutes=30)  # a restless condition must stay gone this long
REOPEN_SILENTLY = timedelta(days=1)  # coming back within this time is not told at once

TRANSIENT = frozenset({Condition.NETWORK_UNREADABLE, Condition.CLOCK_OFF, Condition.EXAMINATION_FAILED})
RESTLESS = TRANSIENT | {Condition.CONTENT_MISSING}  # a share comes and goes: told at once, over once it stays
# Told as they happen; their end is no news.
NEWS = frozenset({Condition.POST_EXPIRED, Condition.POST_NOT_VISIBLE, Condition.MESSAGE_WAITS, Condition.HUMAN_TASK})
URGENT = frozenset(
    {
        Condition.LIMIT_PASSED,
        Condition.NOTHING_ELIGIBLE,
        Condition.CREDENTIALS_REFUSED,
        Condition.BUDGET_EXHAUSTED,
        Condition.MAY_NOT_POST,
        Condition.OUTCOME_HELD,
        Condition.CONTENT_MISSING,
    }
)

# Of those, what cannot wait for the morning; an empty queue is told days before its account falls silent.
PRESSING = URGENT - {Condition.NOTHING_ELIGIBLE}

# What a person knows already, or was told in good time: no failure of a command that meets it.
MILD = NEWS | {Condition.RUNWAY_LOW, Condition.LIVING_ON_RESERVES, Condition.FROZEN, Condition.TEST}


DAY = timedelta(days=1)
# Until somebody says that it was seen, it is told again: so long after each word about it, the last pause for ever.
REPEAT_URGENT: tuple[timedelta, ...] = (timedelta(hours=1), timedelta(hours=4), DAY, 3 * DAY, 7 * DAY)
REPEAT: tuple[timedelta, ...] = (DAY, 3 * DAY, 7 * DAY)
REPEAT_MILD: tuple[timedelta, ...] = (7 * DAY,)
ESCALATE_URGENT = timedelta(hours=4)  # unseen for so long, it calls the deputy
ESCALATE = 3 * DAY
NEVER_ESCALATED = NEWS | {Condition.FROZEN, Condition.TEST}  # known to whoever did it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A condition found true now. `account` is "" for the whole house; `subject` tells two of a kind apart.

    It is kept, and read later by people of different languages: its sentences are said in all of them.
    """

    condition: Condition
    account: str
    subject: str
    text: str  # what happened, whether anything went live
    remedy: str  # what to do next
    person: str  # whom it calls

    @property
    def key(self) -> tuple[Condition, str, str]:
        return (self.condition, self.account, self.subject)


def in_every_language(find: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a pure search finds; its sentences, made by `_`, in every language and for readers of another day."""
    found: dict[str, list[Finding]] = {}
    for language in LANGUAGES:
        with speaking(language), phrases.lasting():
            found[language] = list(find())
        if not found[language]:  # as most looks: what is not there need not be said again
            return []
    return [
        replace(
            versions[0],
            text=Sentence.of({language: str(one.text) for language, one in zip(LANGUAGES, versions, strict=True)}),
            remedy=Sentence.of({language: str(one.remedy) for language, one in zip(LANGUAGES, versions, strict=True)}),
        )
        for versions in zip(*found.values(), strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A finding with a life, or with several: one that comes back within a day keeps its row. Times aware UTC."""

    id: int
    finding: Finding
    strikes: int  # looks in a row that found it
    opened_at: datetime  # start of its present (or last) life
    seen_at: datetime  # last look that found it
    told_at: datetime | None = None  # last word about it, opening or all-clear; None: never announced
    absent_since: datetime | None = None
    repeats: int = 0  # words about its present life, after the first
    escalated_at: datetime | None = None  # when its deputy was called
    acked_at: datetime | None = None
    acked_by: str | None = None
    resolved_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.resolved_at is None

    @property
    def budding(self) -> bool:
        """A transient condition not yet found often enough to be believed."""
        return self.finding.condition in TRANSIENT and self.strikes < OPEN_AFTER and not self.announced

    @property
    def announced(self) -> bool:
        """Whether its present life was told, so that its end deserves an all-clear."""
        return self.told_at is not None and self.told_at >= self.opened_at

    @property
    def repeats_after(self) -> timedelta:
        """How long after the last word it is told again, if nobody has seen it."""
        pauses = REPEAT_URGENT if self.finding.condition in PRESSING else REPEAT
        if self.finding.condition in MILD:
            pauses = REPEAT_MILD
        return pauses[min(self.repeats, len(pauses) - 1)]

    @property
    def escalates_after(self) -> timedelta:
        """How long after its opening it calls the deputy, if nobody has seen it."""
        if self.finding.condition in PRESSING:
            return ESCALATE_URGENT
        return DAY if self.finding.condition in URGENT else ESCALATE


class Told(StrEnum):
    """What a notification says about its alert."""

    OPENED = "opened"
    REPEATED = "repeated"
    ESCALATED = "escalated"  # to the deputy: the first word they hear of it
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One message about one alert on one channel of one person. Delivery is at least once."""

    id: int
    alert_id: int
    person: str
    channel: int  # index into the person's `notify`; the address itself is a secret and never stored
    what: Told
    condition: Condition
    account: str
    text: str
    remedy: str
    created_at: datetime
    tries: int = 0
    next_try_at: datetime | None = None  # None: delivered
