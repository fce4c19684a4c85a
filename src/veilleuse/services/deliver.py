"""Delivery: what waits for a channel leaves as one message; what fails is tried again, for ever."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from veilleuse.domain.alert import PRESSING, URGENT, Condition, Notification, Told
from veilleuse.domain.alert_message import compose
from veilleuse.domain.person import People, known
from veilleuse.language import sentence, speaking
from veilleuse.ports import AlertStore, Clock, Notifier, NotifyFailed

log = structlog.get_logger()

GATHER = timedelta(seconds=30)  # what the daemon waits for company: forty accounts failing together are one message
# A network goes down for all its accounts, and each finds it out when it is read: what follows a message waits longer.
AFTER_A_MESSAGE = timedelta(hours=1)
PRESSING_AFTER_A_MESSAGE = timedelta(minutes=30)
RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
RETRY_EVERY = timedelta(hours=6)  # after those
LEASE = timedelta(minutes=2)  # a message under way is nobody else's; longer than one send may last
UNDER_WAY = 2 * LEASE  # put off for no longer, somebody is sending it: daemons' clocks differ
LEFT = timedelta(days=7)  # what calls somebody not known here may be another daemon's to send; so long, then nobody's
DEAD_AFTER = 4  # failures in a row, some twenty minutes, make a channel dead
BATCH = 10_000  # notifications considered at once


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """Of one run, in messages. `failed` holds a sentence for each that did not go out; all are tried again."""

    sent: int
    failed: tuple[str, ...]
    dead: Mapping[tuple[str, int], str] = field(default_factory=dict)  # channels that failed often, and why
    owed: bool = False  # whether anything that failed, now or before, waits for another try
    reached: frozenset[tuple[str, int]] = field(default=frozenset(), compare=False)  # channels that took a message

    def with_those_of(self, other: "DeliveryReport") -> "DeliveryReport":
        """Both runs as one."""
        dead = {**other.dead, **self.dead}
        return replace(self, sent=self.sent + other.sent, failed=self.failed + other.failed, dead=dead)


class Deliver:
    """Sends what the alerts have written. At least once: a message is marked after it went, outside any transaction."""

    def __init__(self, store: AlertStore, notifier: Notifier, clock: Clock, people: People | None = None) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._people = {} if people is None else people
        self._dead: dict[tuple[str, int], str] = {}
        self._owing: set[tuple[str, int]] = set()  # channels whose last message failed
        self._sent_at: dict[tuple[str, int], datetime] = {}

    def run(self, *, gather: timedelta = timedelta(0), people: Collection[str] | None = None) -> DeliveryReport:
        """One message for each channel that has something due, `gather` old at least. Raises StoreUnavailable.

        Whoever gathers also leaves a pause after each message on a channel. With `people`, nothing of anybody else is
        touched.
        """
        ready = [group for group in self._ready(gather) if people is None or group[0].person in people]
        outcomes = {
            (group[0].person, group[0].channel): self._send(mine)
            for group in ready
            if not self._let_go(group) and (mine := self._lease(group))
        }
        reached = frozenset(line for line, why in outcomes.items() if why is None)
        return DeliveryReport(
            sent=len(reached),
            failed=tuple(why for why in outcomes.values() if why is not None),
            dead=dict(self._dead),
            owed=bool(self._owing),
            reached=reached,
        )

    def _ready(self, gather: timedelta) -> list[list[Notification]]:
        """By person and channel, channels in good standing first: a dead one takes its time to fail.

        A message due takes along those waiting for a later try, so that a channel come back to life is caught up with.
        """
        now = self._clock.now()
        waiting = defaultdict(list)
        for notification in self._store.due_notifications(now + RETRY_EVERY, BATCH):
            waiting[notification.person, notification.channel].append(notification)
        known_here = {line: group for line, group in waiting.items() if not self._stranger(line[0])}
        self._owing = {line for line, group in known_here.items() if any(n.tries for n in group)}
        # By what waits: a restart forgets why, not that; and another process may have got through meanwhile.
        self._dead = {
            line: self._dead.get(line) or unanswered(line)
            for line, group in known_here.items()
            if max(n.tries for n in group) >= DEAD_AFTER
        }

        def rank(group: Sequence[Notification]) -> tuple[bool, bool]:
            return (all(n.tries > 0 for n in group), all(n.condition not in URGENT for n in group))

        return sorted((group for group in waiting.values() if self._goes(group, now, gather)), key=rank)

    def _goes(self, group: Sequence[Notification], now: datetime, gather: timedelta) -> bool:
        """Whether something of it is due; in quiet hours, whether that cannot wait."""
        due = [n for n in group if _due(n, now, gather)]
        if self._stranger(group[0].person):
            return any(now - n.created_at >= LEFT for n in due)
        sent_at = self._sent_at.get((group[0].person, group[0].channel))
        if gather and sent_at is not None and sent_at <= now:
            due = [n for n in due if now - sent_at >= _pause(n)]
        return any(map(_cannot_wait, due)) if known(self._people, group[0].person).rests(now) else bool(due)

    def _let_go(self, group: Sequence[Notification]) -> bool:
        """Whether that channel is no longer configured, or nobody of that name.

        The person's other channels carry the same alerts; whoever has their accounts now is called anew.
        """
        person, channel = group[0].person, group[0].channel
        gone = 0 < self._notifier.channels(person) <= channel or self._stranger(person)
        if gone:
            log.warning("notification.channel_gone", person=person, channel=channel + 1, notifications=len(group))
            self._mark(group, lambda tries: (tries, None))
            self._dead.pop((person, channel), None)
            self._owing.discard((person, channel))
        return gone

    def _stranger(self, person: str) -> bool:
        """Whether they stand in the configuration no more, or not yet."""
        return bool(self._people) and person not in self._people and not self._notifier.channels(person)

    def _lease(self, group: Sequence[Notification]) -> Sequence[Notification]:
        """What of it is ours to send now: another daemon may have been sending while others took their time here."""
        now = self._clock.now()
        ours = self._store.lease((n.id for n in group), now=now, beyond=now + UNDER_WAY, until=now + LEASE)
        return [n for n in group if n.id in ours]

    def _send(self, group: Sequence[Notification]) -> str | None:
        """None: it went out. Else why not, in a sentence."""
        now = self._clock.now()
        person, channel = group[0].person, group[0].channel
        about = log.bind(person=person, channel=channel + 1, notifications=len(group))
        with speaking(known(self._people, person).language):
            message = compose(group, now)
        try:
            self._notifier.send(person, channel, title=message.title, body=message.body, urgent=message.urgent)
        except NotifyFailed as why:
            about.warning("notification.failed", reason=str(why))
            self._mark(group, lambda tries: (tries + 1, now + retry_after(tries)))
            self._owing.add((person, channel))
            if max(n.tries for n in group) + 1 >= DEAD_AFTER:
                self._dead[person, channel] = why.sentence
            return str(why)
        self._dead.pop((person, channel), None)
        self._owing.discard((person, channel))
        self._sent_at[person, channel] = now
        self._mark(group, lambda tries: (tries + 1, None))
        about.info("notification.sent", title=message.title)
        return None

    def _mark(self, group: Sequence[Notification], mark: Callable[[int], tuple[int, datetime | None]]) -> None:
        ids_by_tries = defaultdict(list)
        for notification in group:
            ids_by_tries[notification.tries].append(notification.id)
        for tries, ids in ids_by_tries.items():
            counted, next_try_at = mark(tries)
            self._store.reschedule(ids, tries=counted, next_try_at=next_try_at)


def _due(notification: Notification, now: datetime, gather: timedelta) -> bool:
    at = notification.next_try_at
    if at is None:
        return False
    by_a_wrong_clock = max(at, notification.created_at) > now + RETRY_EVERY  # else it would wait until that year
    return by_a_wrong_clock or (at <= now and notification.created_at <= now - gather)


def _cannot_wait(notification: Notification) -> bool:
    """A test was asked for by somebody who waits for it."""
    call = notification.what is not Told.CLEARED
    return (call and notification.condition in PRESSING) or notification.condition is Condition.TEST


def _pause(notification: Notification) -> timedelta:
    """How long after a message on its channel it waits for company."""
    if notification.condition is Condition.TEST:
        return timedelta(0)
    return PRESSING_AFTER_A_MESSAGE if _cannot_wait(notification) else AFTER_A_MESSAGE


def unanswered(line: tuple[str, int]) -> str:
    """What is said of a dead channel when nobody remembers why it is."""
    return sentence("Channel {number} of {person} takes no message.", person=line[0], number=line[1] + 1)


def retry_after(tries: int) -> timedelta:
    """After that many failed tries before this one."""
    return RETRY_AFTER[tries] if tries < len(RETRY_AFTER) else RETRY_EVERY
