"""Years of supply: people who write, forget, post by hand and answer late, and what the runway warnings tell them.

`python -m tests.simulation.supply 200` prints the figures of so many account-years.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.domain.posts import a_candidate, utc
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import REOPEN_SILENTLY, Alert, Condition, Told
from veilleuse.domain.alert_policy import reconcile
from veilleuse.domain.hours import Hours, parse_week
from veilleuse.domain.queue import Candidate, speakers
from veilleuse.domain.rule import Rule, due, turn
from veilleuse.domain.runway import runway
from veilleuse.domain.shortage import on_reserve, running_dry
from veilleuse.domain.view import View

DAY = timedelta(days=1)
LOOK = timedelta(hours=12)
START, YEAR = utc("2026-09-01 09:00"), timedelta(days=365)
PARIS = ZoneInfo("Europe/Paris")
SCOPE = frozenset({Condition.RUNWAY_LOW, Condition.NOTHING_ELIGIBLE, Condition.LIVING_ON_RESERVES})
IN_TIME = timedelta(days=7)


@dataclass
class AccountYear:
    """One account through one year. `told` holds every word: when, of what, which kind."""

    seed: int
    told: list[tuple[datetime, Condition, str, Told]] = field(default_factory=list)
    dry: list[tuple[datetime, datetime | None]] = field(default_factory=list)  # when; first word; at once is in time
    needless: int = 0  # warned of, and neither filled up nor dry by the day that was named
    flickers: int = 0  # the same warning opened anew although nothing was added in between

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        quiet = ((date(2026, 12, 24), date(2027, 1, 2)),) if self.random.random() < 0.5 else ()
        silence = self.random.choice((3, 7, 7, 7, 14, 30))
        hours = Hours(
            zone=PARIS,
            week=parse_week([self.random.choice(("Mon-Fri 09:00-18:00", "daily 08:00-20:00", "Tue,Thu 09:00-12:00"))]),
            holidays=self.random.choice(("FR", None)),
            quiet_days=quiet,
        )
        self.rule = Rule(hours=hours, max_silence=silence * DAY, lead=min(DAY, silence * DAY / 3))
        self.account = Account(name="acme-x", network="facebook", identity="1", owner="claire", rule=self.rule)
        self.by_hand = self.random.choice((0.0, 0.0, 1 / 40, 1 / 10, 1 / 6))  # posts a day
        self.answers_within = self.random.choice((1, 3, 10, 40)) * DAY
        self.habit = self.random.choice((None, 30, 60))  # writes every so many days, whatever is said
        self.last = START
        self.spoke: datetime | None = None
        self.posts: list[Candidate] = []
        self.alerts: dict[int, Alert] = {}
        self.fills_at: datetime | None = None
        self.warned: dict[str, tuple[datetime, datetime]] = {}  # subject: when told, and the day named
        self.filled_at = START

    def run(self) -> "AccountYear":
        self._write(START)
        now = START
        while now < START + YEAR:
            self._people(now)
            self._look(now)
            now += LOOK
        return self

    def _write(self, now: datetime) -> None:
        """Some posts; one in four is dated, and may expire before its turn."""
        for _ in range(self.random.choice((2, 4, 8, 12))):
            number = len(self.posts)
            dated = self.random.random() < 0.25
            over = now + self.random.randrange(3, 60) * DAY if dated else None
            reserve = self.random.random() < 0.1
            self.posts.append(a_candidate(f"p{number}", place=number, not_after=over, reserve=reserve))
        self.filled_at = now
        self.warned.clear()

    def _people(self, now: datetime) -> None:
        if self.random.random() < self.by_hand / 2:
            self.last = now
        if self.fills_at is not None and now >= self.fills_at:
            self.fills_at = None
            self._write(now)
        if self.habit is not None and now - self.filled_at >= self.habit * DAY:
            self._write(now)

    def _look(self, now: datetime) -> None:
        next_due = due(self.rule, self.account.name, self.last, now)
        at = turn(self.rule, next_due, self.spoke)
        ready = (
            speakers(self.posts, self.account.network, now, self.last) if at is not None and at <= now + LOOK else []
        )
        if ready:
            spoken = ready[0]
            self.posts = [
                replace(c, uses=(*c.uses, now), said=c.said | {c.post.text}) if c.post.id == spoken.post.id else c
                for c in self.posts
            ]
            self.last = self.spoke = now
            next_due = due(self.rule, self.account.name, self.last, now)
        elif at is not None and at <= now and (not self.dry or now - self.dry[-1][0] > self.rule.max_silence):
            first = min((when for when, *_ in self.told if when >= self.filled_at), default=None)
            short_from_the_start = first is not None and first - self.filled_at <= LOOK
            self.dry.append((now, min(first, now - IN_TIME) if first and short_from_the_start else first))
        self._judge(now, self._view(now))

    def _view(self, now: datetime) -> View:
        state = AccountState(name="acme-x", seen_at=self.last, spoke_at=self.spoke, read_at=now)
        name, network = self.account.name, self.account.network
        standing = [alert.finding for alert in self.alerts.values() if alert.open]
        return View(
            account=self.account,
            title="Facebook",
            state=state,
            due=due(self.rule, name, self.last, now),
            runway=runway(self.rule, name, network, self.posts, self.last, now),
            candidates=self.posts,
            unsettled=(),
            freeze=None,
            now=now,
            warned_of={finding.subject for finding in standing if finding.condition is Condition.RUNWAY_LOW},
        )

    def _judge(self, now: datetime, view: View) -> None:
        found = [*running_dry(view), *on_reserve(view)]
        known = [a for a in self.alerts.values() if a.resolved_at is None or a.resolved_at > now - REOPEN_SILENTLY]
        changes = reconcile(known, found, SCOPE, now)
        for alert in changes.opened:
            self.alerts[len(self.alerts) + 1] = replace(alert, id=len(self.alerts) + 1)
        for alert in changes.updated:
            self.alerts[alert.id] = alert
        for finding, what in changes.told:
            self._hear(now, finding.condition, finding.subject, what, view.runway.until)
        for subject, (_, named) in list(self.warned.items()):
            if now >= named:
                del self.warned[subject]
                self.needless += not self.dry or self.dry[-1][0] < named - 2 * self.rule.max_silence

    def _hear(self, now: datetime, condition: Condition, subject: str, what: Told, until: datetime | None) -> None:
        self.told.append((now, condition, subject, what))
        if what is Told.CLEARED:
            self.warned.pop(subject, None)
            return
        if self.fills_at is None:
            self.fills_at = now + self.answers_within * (0.1 + self.random.random())
        if condition is Condition.RUNWAY_LOW and what is Told.OPENED and until is not None:
            again = [w for w, c, s, t in self.told[:-1] if c is condition and s == subject and t is what]
            self.flickers += bool(again) and again[-1] > self.filled_at
            self.warned[subject] = (now, until)


def figures(years: int) -> dict[str, float]:
    """Of so many account-years."""
    told: Counter[str] = Counter()
    runs = [AccountYear(seed).run() for seed in range(years)]
    dry = [event for run in runs for event in run.dry]
    for run in runs:
        for _, condition, _, what in run.told:
            told[f"{condition} {what}"] += 1
    unannounced = [when for when, first in dry if first is None]
    late = [when for when, first in dry if first is not None and when - first < IN_TIME]
    return {
        "account-years": years,
        "dry queues": len(dry),
        "never announced": len(unannounced),
        "announced less than 7 days before": len(late),
        "needless warnings a year": sum(run.needless for run in runs) / years,
        "repeated warnings a year": sum(run.flickers for run in runs) / years,
        **{f"{kind} a year": count / years for kind, count in sorted(told.items())},
    }


def lines(found: dict[str, float]) -> Iterator[str]:
    for name, value in found.items():
        yield f"{name:<40} {value:g}"


if __name__ == "__main__":
    sys.stdout.write("\n".join(lines(figures(int(sys.argv[1])))) + "\n")
