"""What may go wrong, and when: storms of faults that come and go, drawn from the seed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Fault(StrEnum):
    """One kind of trouble. What it does stands where it strikes: in ports.py, client.py and machine.py."""

    CRASHES = "processes crash at any call"
    CRASHES_AT_COMMITS = "processes crash right before or after a commit"
    PAUSES = "processes are stopped for a while (SIGSTOP, a sleeping laptop)"
    DATABASE_AWAY = "the database cannot be reached"
    DATABASE_FLAKY = "the database answers now and then with an error"
    AMBIGUOUS_COMMITS = "commits take place, yet an error comes back"
    DISK_FULL = "the disk is full: no write, no spool"
    SLOW = "everything takes its time"
    UNREADABLE = "reads of the networks fail"
    SERVER_ERRORS = "publish calls end in doubt"
    REFUSALS = "publish calls are refused"
    LATE_EFFECTS = "posts take effect late"
    STALE_READS = "reads show the timeline of a while ago"
    SHORT_READS = "reads show only the newest posts"
    CREDENTIALS = "the credentials are refused (401)"
    BUDGET = "the budget is exhausted (402)"
    RATE_LIMITS = "too many requests (429)"
    CLOCK_MINUTES = "a machine's clock is a few minutes off"
    CLOCK_HOURS = "a machine's clock is hours off"
    CLOCK_YEARS = "a machine's clock is years off"
    CLOCK_DATABASE = "the clock of the database's server is off"
    PHONE = "messages to people do not go out"
    FOLDER_UNREADABLE = "the content folder cannot be read"
    FOLDER_EMPTY = "the content folder is empty"


LASTS: dict[Fault, tuple[timedelta, timedelta]] = {
    Fault.DATABASE_AWAY: (MINUTE, 20 * HOUR),
    Fault.DISK_FULL: (MINUTE, 6 * HOUR),
    Fault.UNREADABLE: (HOUR, 2 * DAY),
    Fault.CREDENTIALS: (HOUR, 2 * DAY),
    Fault.BUDGET: (HOUR, 2 * DAY),
    Fault.CLOCK_HOURS: (10 * MINUTE, DAY),
    Fault.CLOCK_YEARS: (10 * MINUTE, 2 * DAY),
    Fault.CLOCK_DATABASE: (10 * MINUTE, 2 * DAY),
    Fault.FOLDER_UNREADABLE: (MINUTE, DAY),
    Fault.FOLDER_EMPTY: (MINUTE, 12 * HOUR),
    Fault.PHONE: (HOUR, DAY),
}
WEIGHTS = {Fault.SERVER_ERRORS: 6, Fault.CRASHES_AT_COMMITS: 4, Fault.LATE_EFFECTS: 3, Fault.STALE_READS: 2}
USUAL = (6 * HOUR, 4 * DAY)
AROUND_A_SEND = (
    Fault.CRASHES_AT_COMMITS,
    Fault.PAUSES,
    Fault.AMBIGUOUS_COMMITS,
    Fault.SERVER_ERRORS,
    Fault.LATE_EFFECTS,
    Fault.STALE_READS,
    Fault.SHORT_READS,
)
# What may go wrong in one world, and how long it may be calm between two storms.
CLIMATES = ((tuple(Fault), 8 * DAY), (tuple(Fault), 8 * DAY), (AROUND_A_SEND, DAY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Some faults together, from `since` until `until` (aware UTC)."""

    faults: frozenset[Fault]
    since: datetime
    until: datetime
    intensity: float  # how likely a call is struck


@dataclass(slots=True)
class Weather:
    """`chance` is asked at every call that could be struck; in calm it costs no random number."""

    random: Random
    kinds: tuple[Fault, ...]
    calm: timedelta  # at most
    now: dict[Fault, float] = field(default_factory=dict)

    def forecast(self, after: datetime) -> Storm:
        """The next storm, after some calm."""
        random = self.random
        since = after + random.uniform(0.05, 1) * self.calm
        faults = frozenset(
            random.choices(self.kinds, [WEIGHTS.get(kind, 1) for kind in self.kinds], k=random.randint(1, 4))
        )
        shortest, longest = min((LASTS.get(fault, USUAL) for fault in sorted(faults)), key=lambda span: span[1])
        until = since + shortest + (longest - shortest) * random.random() ** 2
        return Storm(faults=faults, since=since, until=until, intensity=random.choice((0.1, 0.4, 0.9)))

    def begin(self, storm: Storm) -> None:
        self.now |= dict.fromkeys(storm.faults, storm.intensity)

    def clear(self) -> None:
        self.now.clear()

    def blows(self, fault: Fault) -> bool:
        return fault in self.now

    def strikes(self, fault: Fault, share: float = 1.0) -> bool:
        """Whether this call meets that fault; `share` of the storm's intensity."""
        intensity = self.now.get(fault)
        return intensity is not None and self.random.random() < intensity * share
