"""The promises of the design, judged by what stands on the networks and by who was called."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.simulation.ledger import Standing, Timeline
from veilleuse.domain.attempt import Attempt, Receipt
from veilleuse.domain.hours import ALWAYS
from veilleuse.domain.text import normalise

if TYPE_CHECKING:
    from tests.simulation.world import World

SKEW = timedelta(minutes=12)  # two clocks within five minutes, a call within its deadline
CHANCE = timedelta(minutes=30)  # calm, open time in which a due account must have spoken
PHONE = timedelta(hours=2)  # calm time in which a human must have been called
MUTE = timedelta(hours=20)  # a look each half day, a channel tried again after six hours
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FOREVER = timedelta(days=60)  # excuses older than that are forgotten


class PromiseBroken(Exception):
    """The world showed what must never be."""


@dataclass(slots=True)
class Read:
    """The last read of an account by one incarnation: what it could know. `at` is as of when the timeline was shown."""

    at: datetime
    shown: frozenset[int]


@dataclass(slots=True)
class Oracle:
    world: "World"
    excused: dict[str, list[list[datetime]]] = field(default_factory=dict)  # account -> spans of trouble, merged
    called: dict[str, datetime] = field(default_factory=dict)  # account -> when somebody last heard its name
    empty_since: dict[str, datetime] = field(default_factory=dict)
    unheard: set[str] = field(default_factory=set)  # people whom the last message did not reach
    trouble_until: datetime = LONG_AGO  # of the whole house
    reads: dict[tuple[str, str], Read] = field(default_factory=dict)  # daemon, account

    # --- what a send must respect ---

    def published(self, timeline: Timeline, new: Standing, attempt: Attempt, opened_at: datetime) -> None:
        read = self.reads.get((new.daemon, timeline.account))
        earlier = timeline.standing[: new.remote_id - 1]
        lives = self.world.lives
        if lives is not None and (wrong := lives.forbids(timeline.account, new, opened_at)):
            self._broken("never against a plan", wrong)
        if lives is not None and lives.meant(timeline.account, new.text):
            self._never_twice(timeline, new, [s for s in earlier if s.text == new.text], read)
            self._no_flood(timeline, new)
            self._not_stopped(timeline, attempt)
            return
        self._approved(timeline, new, attempt, opened_at)
        self._never_twice(timeline, new, [s for s in earlier if s.text == new.text], read)
        self._no_flood(timeline, new)
        self._needed(timeline, new, earlier, read)
        self._not_stopped(timeline, attempt)

    def _approved(self, timeline: Timeline, new: Standing, attempt: Attempt, opened_at: datetime) -> None:
        payload = attempt.payload
        said = (payload.text, payload.link, payload.image.sha256 if payload.image else None)
        if new.payload != payload:
            self._broken("never unapproved", f"{attempt.ref} was sent otherwise than it was written down")
        since = self.world.read_before(timeline.account, opened_at)
        if not self.world.folder.was_approved(timeline.account, said, since, opened_at):
            self._broken("never unapproved", f"{attempt.ref} went out; it stood not approved since {since:%d %H:%M:%S}")

    def _needed(self, timeline: Timeline, new: Standing, earlier: list[Standing], read: Read | None) -> None:
        """It never posts more than the rule needs: what the last read showed was old enough."""
        rule = self.world.accounts[timeline.account].rule
        if read is None or rule.hours.week != ALWAYS or rule.hours.holidays:  # before a closed day it may speak early
            return
        shown = [s.created_at for s in earlier if s.remote_id in read.shown and s.visible(read.at)]
        if shown and new.created_at - max(shown) < rule.max_silence - rule.lead - SKEW:
            self._broken(
                "never needlessly", f"{timeline.account} spoke {new.created_at - max(shown)} after the last post"
            )

    def _not_stopped(self, timeline: Timeline, attempt: Attempt) -> None:
        folder = self.world.folder
        stops = [folder.stop_files.get(name) for name in ("", timeline.account)]
        if self.world.folder_readable and any(since is not None and since < attempt.created_at for since in stops):
            self._broken("never while stopped", f"{attempt.ref} went out under a STOP file")

    def believed(self, receipt: Receipt, standing: Standing) -> None:
        """A receipt must tell the truth: this very text stands there, and for this very use."""
        use = (receipt.post_id, receipt.use)
        if standing.known_at is not None and standing.proves != use:
            what = f"{standing.remote_id} proves {receipt.account}/{use}, and proved {standing.proves}"
            self._broken("never lost", what)
        standing.proves = use
        if normalise(receipt.text) != normalise(standing.text):
            self._broken(
                "never lost", f"{receipt.account}/{receipt.post_id} is taken for published as {standing.text!r}"
            )

    def _never_twice(self, timeline: Timeline, new: Standing, same: list[Standing], read: Read | None) -> None:
        post = self.world.post_of(timeline.account, new.text)
        for old in same:
            if post is not None and post.reserve and new.created_at - old.created_at > post.reserve_gap - SKEW:
                continue
            seen = read is not None and old.recognisable(read.at)  # also behind a short read: then it must ask
            excusable = old.gone_at is not None or self.world.restored_since(old.created_at) or not old.ours
            if old.known_at is None and not seen and excusable:
                continue  # what no program can know
            what = f"{timeline.account} says again what stands there as {old.remote_id}: {new.text!r}"
            self._broken("never twice", f"{what} ({'there' if seen else 'not there'} at the last read)")

    def _no_flood(self, timeline: Timeline, new: Standing) -> None:
        rule = self.world.accounts[timeline.account].rule
        known = [s for s in timeline.ours() if s is not new and s.known_at is not None]
        if known and new.created_at - known[-1].created_at < rule.min_gap - SKEW:
            self._broken(
                "never a flood", f"{timeline.account} spoke twice within {new.created_at - known[-1].created_at}"
            )
        day = new.created_at.astimezone(rule.zone).date()
        today = [s for s in known if s.created_at.astimezone(rule.zone).date() == day]
        if len(today) >= rule.max_per_day:
            self._broken("never a flood", f"{timeline.account} spoke {len(today) + 1} times on {day}")

    # --- what time must not bring ---

    def excuse(self, account: str | None, since: datetime, until: datetime) -> None:
        if account is None:
            self.trouble_until = max(self.trouble_until, until)
        for name in self.world.accounts if account is None else (account,):
            spans = self.excused.setdefault(name, [])
            if spans and since <= spans[-1][1]:
                spans[-1][1] = max(spans[-1][1], until)
            else:
                spans.append([since, until])
                while spans[0][1] < since - FOREVER:
                    del spans[0]

    def tick(self) -> None:
        """Each hour: has anybody been silent for too long without an excuse?"""
        now = self.world.baton.now
        if self.unheard and self.world.next_message_at() is None:
            self._broken("never mute", f"what did not reach {', '.join(sorted(self.unheard))} is not tried again")
        for name, timeline in self.world.timelines.items():
            if self.world.lives is not None and self.world.lives.hushed(name):
                self.excuse(name, now, now + timedelta(minutes=70))
                self.empty_since.pop(name, None)
                continue
            if self.world.stopped(name) or not self.world.sayable(name, now):
                self.excuse(name, now, now + timedelta(minutes=70))
            self._silence(name, timeline, now)
            self._empty(name, now)

    def _silence(self, name: str, timeline: Timeline, now: datetime) -> None:
        rule = self.world.accounts[name].rule
        since = timeline.silent_since(now) or self.world.began
        if self.world.lives is not None:
            since = max(since, self.world.lives.woken_at.get(name, since))
        if now <= since + rule.max_silence:
            return
        limit = since + rule.max_silence
        if self._calm(name, max(limit, now - FOREVER), now, PHONE) and self.called.get(name, since) <= since:
            self._broken("never mute", f"{name} is silent since {since:%m-%d %H:%M} and nobody was called")
        latest = limit - 0.4 * rule.lead
        opening = rule.hours.next_open(latest)
        must = latest
        if opening is None or opening > limit - CHANCE:
            last = rule.hours.last_span(after=since + rule.min_gap, before=latest)
            if last is not None and last[1] - last[0] > 2 * CHANCE:
                must = last[1] - CHANCE
        if self._calm(name, must, now, CHANCE, open_only=True):
            self._broken(
                "never silent", f"{name} is silent since {since:%m-%d %H:%M}, its limit was {limit:%m-%d %H:%M}"
            )

    def _empty(self, name: str, now: datetime) -> None:
        """Somebody must hear of a queue in which nothing is left, within a look and the time a channel may take."""
        if not self.world.has_nothing(name):
            self.empty_since.pop(name, None)
            return
        since = self.empty_since.setdefault(name, now)
        well = max(since, self.trouble_until)
        if now > well + MUTE and self.called.get(name, LONG_AGO) < since - timedelta(days=1):
            self._broken("never mute", f"{name} has nothing to say since {since:%m-%d %H:%M} and nobody was called")

    def _calm(self, name: str, since: datetime, until: datetime, needed: timedelta, *, open_only: bool = False) -> bool:
        """Whether there was so much unexcused time on end (in its open hours)."""
        begin = since
        for trouble in [*self.excused.get(name, []), [until, until]]:
            end = min(trouble[0], until)
            if end - begin >= needed:
                hours = self.world.accounts[name].rule.hours
                if not open_only:
                    return True
                opens = hours.next_open(begin)
                if opens is not None and opens + needed <= end and hours.is_open(opens + needed):
                    return True
            begin = max(begin, trouble[1])
        return False

    # --- what must hold when all is calm again ---

    def at_the_end(self) -> None:
        """After days without any fault: nothing is lost, nothing hangs."""
        world = self.world
        if any(world.spools.values()):
            self._broken("never lost", "receipts are left in the spool")
        if world.lives is not None:
            for wrong in world.lives.at_the_end():
                self._broken("never half done", wrong)
        for name, timeline in world.timelines.items():
            recorded = {receipt.remote_id for receipt in world.store.receipts(name, 10**9)}
            for s in timeline.ours():
                forgotten = world.restored_since(s.created_at)
                if s.gone_at is None and str(s.remote_id) not in recorded and not forgotten:
                    self._broken("never lost", f"{name}: {s.remote_id} stands there, and no receipt tells of it")
            stale = [a for a in world.store.unsettled(name) if a.created_at < world.baton.now - timedelta(hours=5)]
            if any(attempt.outcome.value != "held" for attempt in stale):
                self._broken("never lost", f"{name}: a doubt hangs for ever")
            stored = {candidate.post.id for candidate in world.store.candidates(name)}
            standing = world.folder.pages[f"{name}.toml"].posts.values()
            lost = [post.id for post in standing if post.named and post.id not in stored]
            if lost:
                self._broken("never lost", f"{name}: {', '.join(lost)} stand in the folder, and not in the queue")

    def _broken(self, promise: str, what: str) -> None:
        broken = PromiseBroken(f"{promise}: {what}")
        self.world.say("ORACLE", str(broken))
        self.world.baton.fail(broken)
