"""Letters: what is no alert is written once, in its reader's language, and sent until it arrives."""

from collections.abc import Callable, Collection
from datetime import datetime

import structlog

from veilleuse.domain import phrases
from veilleuse.domain.letter import Letter, LetterKind
from veilleuse.domain.person import People, known
from veilleuse.language import speaking
from veilleuse.ports import Clock, LetterStore, Notifier, NotifyFailed
from veilleuse.services.deliver import (
    BATCH,
    DEAD_AFTER,
    LEASE,
    LEFT,
    RETRY_EVERY,
    UNDER_WAY,
    DeliveryReport,
    retry_after,
    unanswered,
)

log = structlog.get_logger()


class Letters:
    """All methods raise StoreUnavailable. At least once, as alerts are delivered; none is urgent."""

    def __init__(self, store: LetterStore, notifier: Notifier, clock: Clock, people: People) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._people = people
        self._why: dict[tuple[str, int], str] = {}  # a channel failed last

    def write(self, kind: LetterKind, about: str, person: str, say: Callable[[], tuple[str, str]]) -> bool:
        """To each channel of that person, unless it was written before. `say` gives title and body."""
        if self._store.is_written(kind, person, about):
            return False
        with speaking(known(self._people, person).language), phrases.lasting():
            title, body = say()
        return self._store.write(self._each_channel(kind, about, person, title, body, self._clock.now())) > 0

    def begin(self, kind: LetterKind, about: str, person: str) -> None:
        """Take that one for sent: before it nothing was due."""
        self._store.write(self._each_channel(kind, about, person, "", "", None))

    def newest(self, kind: LetterKind, person: str) -> str | None:
        """What the last one of that kind to that person was about."""
        return self._store.newest_letter(kind, person)

    def send(self, reached: Collection[tuple[str, int]] = ()) -> DeliveryReport:
        """Each that is due, unless its reader rests. A channel that fails is tried once for all that wait for it.

        `reached`: channels that have just taken a message; what has failed on them before is tried again.
        """
        now, alive = self._clock.now(), set(reached)
        sent, failed, dead = 0, dict[tuple[str, int], str](), dict[tuple[str, int], str]()
        for letter in self._store.due_letters(now + RETRY_EVERY, BATCH):
            line, at = (letter.person, letter.channel), letter.next_try_at or now
            if letter.tries >= DEAD_AFTER and letter.person in self._people:
                dead.setdefault(line, self._why.get(line) or unanswered(line))
            if line in alive and at > now + UNDER_WAY:
                self._store.put_off(letter.id, tries=letter.tries, next_try_at=now)
            elif at > now:
                continue
            if not self._goes(letter, now) or not self._lease(letter):
                continue
            if line in failed:
                self._put_off(letter, now)
            elif why := self._send(letter, now):
                failed[line] = self._why[line] = why
                if letter.tries + 1 >= DEAD_AFTER:
                    dead[line] = why
            else:
                sent += 1
                alive.add(line)
                dead.pop(line, None)
        return DeliveryReport(sent=sent, failed=tuple(failed.values()), dead=dead)

    def _goes(self, letter: Letter, now: datetime) -> bool:
        left = letter.person not in self._people  # or is another daemon's
        return now - letter.created_at >= LEFT if left else not self._people[letter.person].rests(now)

    def _lease(self, letter: Letter) -> bool:
        """Whether it is ours to send now: another daemon may have sent it while others took their time here."""
        now = self._clock.now()
        return self._store.lease_letter(letter.id, now=now, until=now + LEASE)

    def _put_off(self, letter: Letter, now: datetime) -> None:
        again = now + retry_after(letter.tries)
        self._store.put_off(letter.id, tries=letter.tries + 1, next_try_at=again)

    def _send(self, letter: Letter, now: datetime) -> str | None:
        """None: it went out, or its channel or reader is configured no more. Else why not, in a sentence."""
        about = log.bind(kind=letter.kind, person=letter.person, channel=letter.channel + 1)
        if 0 < self._notifier.channels(letter.person) <= letter.channel or letter.person not in self._people:
            self._store.put_off(letter.id, tries=letter.tries, next_try_at=None)
            return None
        try:
            self._notifier.send(letter.person, letter.channel, title=letter.title, body=letter.body, urgent=False)
        except NotifyFailed as why:
            about.warning("letter.failed", reason=str(why))
            self._put_off(letter, now)
            return why.sentence
        self._store.put_off(letter.id, tries=letter.tries + 1, next_try_at=None)
        about.info("letter.sent", about=letter.about)
        return None

    def _each_channel(
        self, kind: LetterKind, about: str, person: str, title: str, body: str, due: datetime | None
    ) -> list[Letter]:
        return [
            Letter(
                id=0,
                kind=kind,
                about=about,
                person=person,
                channel=channel,
                title=title,
                body=body,
                created_at=self._clock.now(),
                next_try_at=due,
            )
            for channel in range(self._notifier.channels(person))
        ]
