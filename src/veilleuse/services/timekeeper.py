"""Whether this machine's clock may be believed: what the database's clock and the networks' say of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from veilleuse.ports import Clock

CLOCK_TOLERANCE = timedelta(minutes=5)
A_JUMP = timedelta(minutes=1)  # from one beat to the next, clocks do not drift so far apart
WORD_LIFE = timedelta(hours=12)  # what a network said of our clock is asked again after that


@dataclass(slots=True)
class Timekeeper:
    """Fulfils ports.Clock: this machine's time; once that is not believed, the best that others tell.

    A network that agrees with us outweighs all others. Without one, whoever contradicts us makes us stand aside. A
    database without a clock of its own (SQLite) is no witness: there each account's network judges that account alone.
    Safe to use from several threads.
    """

    machine: Clock
    _database: timedelta | None = None  # how far its clock is ahead of ours
    _words: dict[str, tuple[datetime, timedelta]] = field(default_factory=dict)  # account -> ours, its network's ahead
    _beaten_at: datetime | None = None
    _lock: Lock = field(default_factory=Lock)

    def now(self) -> datetime:
        with self._lock:
            now = self.machine.now()
            if not self._aside:
                return now
            told = [ahead for _, ahead in self._words.values()]
            return now + (told[-1] if told else self._database or timedelta(0))

    def sleep(self, seconds: float) -> None:
        self.machine.sleep(seconds)

    def beaten(self, before: datetime, database: datetime | None, after: datetime) -> None:
        """What the database's clock showed between two looks at ours. A jump of either voids what networks said."""
        with self._lock:
            ahead = None if database is None else _ahead(before, database, after)
            set_back = self._beaten_at is not None and before < self._beaten_at - A_JUMP
            known = self._database if self._database is not None and ahead is not None else ahead
            if set_back or (ahead is not None and known is not None and abs(ahead - known) > A_JUMP):
                self._words.clear()
            self._words = {name: word for name, word in self._words.items() if abs(before - word[0]) <= WORD_LIFE}
            self._database, self._beaten_at = ahead, after

    def heard(self, account: str, theirs: datetime, ours: datetime) -> bool:
        """What the clock of that account's network says; whether it agrees with ours."""
        with self._lock:
            self._words.pop(account, None)  # the last word stands last
            self._words[account] = (ours, theirs - ours)
        return abs(theirs - ours) <= CLOCK_TOLERANCE

    @property
    def aside(self) -> bool:
        """Whether this daemon must look at nothing, until its clock is mended."""
        with self._lock:
            return self._aside

    @property
    def outvoted(self) -> bool:
        """Both the networks and the database contradict us: nobody is left to ask."""
        with self._lock:
            return self._aside and bool(self._words) and _off(self._database)

    @property
    def database_off(self) -> timedelta | None:
        """How far the database's clock is ahead of ours, where a network says that it is the wrong one."""
        with self._lock:
            return self._database if self._acquitted and _off(self._database) else None

    @property
    def heard_of(self) -> frozenset[str]:
        """Accounts whose networks have spoken."""
        with self._lock:
            return frozenset(self._words)

    @property
    def _acquitted(self) -> bool:
        return any(not _off(ahead) for _, ahead in self._words.values())

    @property
    def _aside(self) -> bool:
        if self._database is None or self._acquitted:
            return False
        return bool(self._words) or _off(self._database)


def _off(ahead: timedelta | None) -> bool:
    return ahead is not None and abs(ahead) > CLOCK_TOLERANCE


def _ahead(before: datetime, theirs: datetime, after: datetime) -> timedelta:
    """How far their clock is ahead of ours, which moved on (or stood still with us) while they were asked."""
    return theirs - min(max(theirs, min(before, after)), max(before, after))
