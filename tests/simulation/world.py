"""A world from a seed: networks, machines, people, weather, and the oracle who watches."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.memory.accounts import Known
from tests.memory.store import MemoryStore
from tests.simulation.baton import Baton, Task
from tests.simulation.folder import Folder
from tests.simulation.ledger import Standing, Timeline, forget
from tests.simulation.lives import Lives
from tests.simulation.machine import Incarnation
from tests.simulation.oracle import Oracle, Read
from tests.simulation.people import People
from tests.simulation.ports import Machine
from tests.simulation.weather import CLIMATES, DAY, HOUR, Fault, Storm, Weather
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry
from veilleuse.domain.attempt import Attempt, Receipt
from veilleuse.domain.content import FolderState, SyncChange
from veilleuse.domain.hours import ALWAYS, Hours, parse_week
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule
from veilleuse.domain.timing import FARTHEST_LOOK
from veilleuse.ports import Store
from veilleuse.services.sync import Sync

BEGAN = datetime(2026, 9, 1, 7, tzinfo=UTC)
MONTHS_2 = timedelta(days=60)  # how long a world lasts
FAR = datetime(9000, 1, 1, tzinfo=UTC)
SETTLED = 4 * DAY  # of calm before the last judgement
RESTORE_TAKES = timedelta(minutes=30)  # at least: longer than a read may lag
PARIS = ZoneInfo("Europe/Paris")
RESTLESS = timedelta(minutes=20)


class SimulatedStore(MemoryStore):
    """The memory store on database time, and a backup of it."""

    def __init__(self, beating: Callable[[str], bool]) -> None:
        super().__init__()
        self._beating = beating

    def _free(self, known: Known, daemon: str, now: datetime) -> bool:
        if known.claimed_by not in (None, daemon) and self._beating(str(known.claimed_by)):
            return known.claimed_at is not None and known.claimed_at <= now - timedelta(minutes=15)
        return known.claimed_by != daemon or super()._free(known, daemon, now)

    def backup(self) -> dict[str, object]:
        return {
            name: {key: copy(each) for key, each in value.items()} if isinstance(value, dict) else copy(value)
            for name, value in vars(self).items()
            if name not in ("lock", "_beating")
        } | {"_seen": {name: {i: copy(seen) for i, seen in by_id.items()} for name, by_id in self._seen.items()}}

    def restore(self, backup: dict[str, object]) -> None:
        vars(self).update(backup)


class World:
    """`tell` receives each line of the story. `store` replaces the memory store (then no backup is restored)."""

    def __init__(
        self,
        seed: int,
        *,
        tell: Callable[[str], None] | None = None,
        store: Store | None = None,
        lives: bool = False,
    ) -> None:
        self.seed = seed
        self.random = random = Random(seed)
        self.telling = tell is not None
        self._tell = tell or (lambda line: None)
        self.baton = Baton(BEGAN)
        self.began = BEGAN
        self.specs = dict(SPECS)
        self.store: Store = store or SimulatedStore(self._beating)
        self.weather = Weather(random, *random.choice(CLIMATES))
        self.accounts = {account.name: account for account in self._some_accounts()}
        self.timelines = {n: Timeline(n, self.specs[a.network], f"id-{n}") for n, a in self.accounts.items()}
        self.folder = Folder(self.accounts.values(), self.specs)
        self.machines = [Machine(name) for name in ("ada", "bea", "cleo")[: random.choice((1, 2, 2, 3))]]
        self.incarnations: dict[str, Incarnation] = {}  # by machine
        self.spools: dict[str, list[Receipt]] = {machine.name: [] for machine in self.machines}
        self.outages_told: set[str] = set()
        self.reserves = random.choice((0.05, 0.05, 0.5))  # how much of what is written is reserve
        self.idleness = random.choice((4 * HOUR, 12 * HOUR, 2 * DAY))  # between two acts of people
        self.lives = Lives(self) if lives else None
        self.oracle = Oracle(self)
        self.people = People(self)
        self.counts = dict.fromkeys(("looks", "crashes", "posts", "doubts", "storms", "restores", "messages"), 0)
        self._paused: dict[str, datetime] = {}  # task -> since
        self._attempts: dict[str, tuple[Attempt, datetime]] = {}  # by key, and when it was committed
        self._tried: set[tuple[str, str]] = set()  # account, text as it stands in the file
        self._posts: dict[tuple[str, str], Post] = {}  # account, text as sent
        self._read_at: dict[str, datetime] = {}  # account -> as of when its timeline was last shown
        self._syncs: list[datetime] = []  # scans that came to their end, by when they began
        self._open: dict[str, Attempt] = {}  # task -> what it tries to say
        self._after_wrong_clock = timedelta(0)  # what a storm of clocks costs once it is over
        self._server_error = timedelta(0)  # how far the database's clock is off
        self._restless_until = BEGAN
        self._restored: list[tuple[datetime, datetime]] = []  # backup of, restored at
        self._backup: tuple[datetime, dict[str, object]] | None = None
        self._numbers = 0
        self.calm = False  # nothing goes wrong any more

    # --- the run ---

    def live(self, span: timedelta) -> None:
        """Let so much time pass, storms included, then calm, then the last judgement. Raises PromiseBroken."""
        try:
            self.people.begin()
            for machine in self.machines:
                self._start(machine)
            self._tick()
            self._next_storm()
            self.baton.at(BEGAN + DAY, self._daily)  # a backup of nothing would be a lost database
            self.baton.run(BEGAN + span)
            self._calm_for_good()
            self.baton.run(BEGAN + span + SETTLED)
            self.oracle.at_the_end()
            if self.baton.failure is not None:
                raise self.baton.failure
        finally:
            self.baton.close()

    def say(self, who: str, what: str) -> None:
        if self.telling:
            self._tell(f"{self.baton.now:%Y-%m-%d %H:%M:%S}  {who:<8} {what}")

    def _some_accounts(self) -> list[Account]:
        random = self.random
        names = random.sample(("acme-x", "acme-facebook", "beta-x", "beta-facebook"), random.choice((1, 2, 2, 3, 4)))
        return [
            Account(
                name=name,
                network=name.partition("-")[2],
                identity=name,
                owner="claire",
                approvers=("claire",),
                rule=self._a_rule(),
            )
            for name in sorted(names)
        ]

    def _a_rule(self) -> Rule:
        random = self.random
        week = random.choice(
            (ALWAYS, parse_week(["daily 08:00-20:00"]), parse_week(["Mon-Fri 09:00-12:00,14:00-18:00"]))
        )
        hours = Hours(zone=PARIS, week=week, holidays=random.choice((None, "FR")))
        max_silence, lead, min_gap = random.choice(((7, 1, 20), (3, 1, 20), (2, 0.5, 6), (14, 3, 48)))
        return Rule(hours=hours, max_silence=max_silence * DAY, lead=lead * DAY, min_gap=min_gap * HOUR)

    # --- weather ---

    def _next_storm(self) -> None:
        if self.calm:
            return
        storm = self.weather.forecast(self.baton.now)
        self.baton.at(storm.since, lambda: self._storm(storm))

    def _storm(self, storm: Storm) -> None:
        self._after_wrong_clock = timedelta(minutes=20)
        if self.calm:
            return
        self.counts["storms"] += 1
        self.weather.begin(storm)
        for fault in sorted(storm.faults):
            self.say("weather", f"{fault} ({storm.intensity:.0%}, until {storm.until:%m-%d %H:%M})")
        random, now = self.random, self.baton.now
        errors = {
            Fault.CLOCK_MINUTES: timedelta(minutes=4),
            Fault.CLOCK_HOURS: timedelta(hours=random.choice((1, 3, 13, 26))),
            Fault.CLOCK_YEARS: timedelta(days=random.choice((365, 800, 20000))),
        }
        for fault, error in errors.items():
            if fault in storm.faults:
                machine = random.choice(self.machines)
                machine.clock_error = error * random.choice((1, -1))
                if fault is not Fault.CLOCK_MINUTES and (self.server_time is None or len(storm.faults) > 1):
                    self.excuse(None, storm.until - now, "a clock is wrong")
                self.say(machine.name, f"its clock jumps by {machine.clock_error}")
        if Fault.CLOCK_DATABASE in storm.faults:
            self._server_error = random.choice((1, 20, 9000)) * HOUR * random.choice((1, -1))
            if storm.faults != {Fault.CLOCK_DATABASE}:
                self.excuse(None, storm.until - now + HOUR, "nobody is sure of the time")
        for fault, state in (
            (Fault.FOLDER_UNREADABLE, random.choice((FolderState.UNREADABLE, FolderState.MISSING))),
            (Fault.FOLDER_EMPTY, FolderState.EMPTY),
        ):
            if fault in storm.faults:
                self.folder.state = state
                self.folder.changed_at = now
        if storm.faults & {Fault.FOLDER_EMPTY, Fault.FOLDER_UNREADABLE}:
            self.excuse(None, storm.until - now + HOUR, "the folder is empty")
        if storm.faults & {Fault.SLOW, Fault.CRASHES, Fault.PHONE}:
            self.excuse(None, storm.until - now + 7 * HOUR * (Fault.PHONE in storm.faults) + HOUR, "a storm")
        self.wake_all()
        self.baton.at(storm.until, self._clear)

    def _clear(self) -> None:
        self.say("weather", "calm")
        self.weather.clear()
        self._server_error = timedelta(0)
        for machine in self.machines:
            if machine.clock_error:
                machine.clock_error = timedelta(0)
                self.excuse(None, self._after_wrong_clock, "a clock was wrong")
                self.say(machine.name, "its clock is right again")
        if self.folder.state is not FolderState.READABLE:
            self.folder.state = FolderState.READABLE
            self.folder.changed_at = self.baton.now
            self.excuse(None, HOUR, "the folder is back")
        self.wake_all()
        self._next_storm()

    def _calm_for_good(self) -> None:
        self.say("world", "from here on nothing goes wrong")
        self.calm = True
        self._clear()
        self.folder.stop_files.clear()
        self.folder.changed_at = self.baton.now
        self.wake_all()

    # --- machines ---

    def _start(self, machine: Machine) -> None:
        old = self.incarnations.get(machine.name)
        if old is None or old.task.dead:
            self._numbers += 1
            born = self.incarnations[machine.name] = Incarnation(self, machine, self._numbers)
            self.baton.start(born.task, born.live)

    def crash(self, task: Task, where: str) -> None:
        self.say(task.name, f"CRASH {where}")
        self.counts["crashes"] += 1
        down = self.random.choice((5, 5, 30, 600, 3600)) * timedelta(seconds=self.random.uniform(0.5, 2))
        self._kill(task, down)

    def _kill(self, task: Task, down: timedelta) -> None:
        self.interrupted(task)
        if any(m.clock_error and m.name == task.name.partition("/")[0] for m in self.machines):
            self._after_wrong_clock = FARTHEST_LOOK  # nobody is left who knows that the clock was ahead
        self.baton.kill(task)
        self._paused.pop(task.name, None)
        self.excuse(None, down + RESTLESS, "a process is down")
        machine = next(m for m in self.machines if m.name == task.name.partition("/")[0])
        self.baton.at(self.baton.now + down, lambda: self._start(machine))

    def pause(self, task: Task, span: timedelta) -> None:
        self.say(task.name, f"is stopped for {span}")
        self._paused[task.name] = self.baton.now
        self.excuse(None, span + RESTLESS, "a process is stopped")
        self.baton.sleep(task, self.baton.now + span)
        self._paused.pop(task.name, None)
        self.say(task.name, "goes on")

    def _beating(self, daemon: str) -> bool:
        lives = any(each.task.name == daemon and not each.task.dead for each in self.incarnations.values())
        return lives and self.baton.now - self._paused.get(daemon, self.baton.now) < timedelta(seconds=45)

    def wake_all(self) -> None:
        """Whoever naps looks up."""
        self._restless_until = max(self._restless_until, self.baton.now + RESTLESS)
        for each in self.incarnations.values():
            if each.napping and not each.task.dead:
                self.baton.wake(each.task, self.baton.now + timedelta(seconds=10 * self.random.random()))

    @property
    def server_time(self) -> datetime | None:
        """What the clock of the database shows; one daemon alone may work on a file, which has none."""
        return self.baton.now + self._server_error if len(self.machines) > 1 else None

    @property
    def restless(self) -> bool:
        return bool(self.weather.now) or self.baton.now < self._restless_until

    def next_message_at(self) -> datetime | None:
        due = self.store.due_notifications(FAR, 1)
        return due[0].next_try_at if due else None

    # --- backups ---

    def _daily(self) -> None:
        if isinstance(self.store, SimulatedStore):
            if self._backup is None or self.random.random() < 0.6:
                self._backup = self.baton.now, self.store.backup()
            self.baton.at(self.baton.now + DAY, self._daily)

    def restore_backup(self) -> None:
        """The daemons are stopped, last night's backup is put back, they start again."""
        if self.lives is not None:  # a plan begun since the backup would be forgotten: docs/reliability.md
            return
        if self.calm or self._backup is None or not isinstance(self.store, SimulatedStore):
            return
        taken_at, backup = self._backup
        self.counts["restores"] += 1
        self.say("people", f"the backup of {taken_at:%m-%d %H:%M} is restored")
        takes = RESTORE_TAKES + timedelta(minutes=self.random.randint(0, 60))
        for each in list(self.incarnations.values()):
            if not each.task.over:
                self._kill(each.task, takes)
        self.store.restore(backup)
        self._backup = None
        self._backup = taken_at, self.store.backup()
        self._restored.append((taken_at, self.baton.now))
        self._syncs = [begun for begun in self._syncs if begun <= taken_at]  # what was read since is forgotten
        self.oracle.unheard.clear()
        forget(iter(self.timelines.values()), taken_at)
        for machine, spool in self.spools.items():
            for receipt in spool:
                self.proof_kept(receipt, f"spool of {machine}")
        self.excuse(None, takes + HOUR, "a backup is restored")

    def restored_since(self, moment: datetime) -> bool:
        """Whether a backup older than that was restored after it."""
        return any(taken <= moment <= at for taken, at in self._restored)

    # --- what the ports report ---

    def closed(self, task: Task) -> None:
        self._open.pop(task.name, None)

    def excuse(self, account: str | None, span: timedelta, why: str) -> None:
        now = self.baton.now
        self._restless_until = max(self._restless_until, now + min(span, RESTLESS))
        self.oracle.excuse(account, now, now + span)

    def attempted(self, task: Task, attempt: Attempt) -> None:
        self._attempts[attempt.key] = attempt, self.baton.now
        self._open[task.name] = attempt
        self._tried.add((attempt.account, attempt.payload.text))
        self.say(task.name, f"{attempt.ref} is attempted")

    def interrupted(self, task: Task) -> None:
        """Whatever this task tried to say is in doubt now."""
        if (attempt := self._open.pop(task.name, None)) is not None:
            self.doubted(attempt.account)

    def published(self, task: Task, timeline: Timeline, standing: Standing) -> None:
        self.counts["posts"] += 1
        self.say("LEDGER", f"{timeline.account} #{standing.remote_id} by {task.name}: {standing.text!r}")
        self.oracle.published(timeline, standing, *self._attempts[standing.key])

    def proof_kept(self, receipt: Receipt, where: str) -> None:
        standing = self.timelines[receipt.account].standing[int(receipt.remote_id) - 1]
        self.oracle.believed(receipt, standing)
        standing.known_at = standing.known_at or self.baton.now

    def doubted(self, account: str) -> None:
        self.counts["doubts"] += 1
        self.excuse(account, timedelta(hours=3, minutes=45), "a doubt")
        self.people.wonder(account)

    def was_read(self, task: Task, timeline: Timeline, at: datetime, entries: list[Entry]) -> None:
        self._read_at[timeline.account] = at
        shown = frozenset(int(entry.remote_id) for entry in entries)
        self.oracle.reads[task.name, timeline.account] = Read(at, shown)

    def phone_rings(self, person: str, title: str, body: str) -> None:
        self.counts["messages"] += 1
        self.say("phone", f"{person}: {title}")
        for name in self.accounts:
            if name in body or name in title:
                self.oracle.called[name] = self.baton.now
        self.people.answer(title, body)

    @property
    def folder_readable(self) -> bool:
        return self.folder.state is FolderState.READABLE

    def synced(self, begun: datetime) -> None:
        self._syncs.append(begun)

    def read_before(self, account: str, moment: datetime) -> datetime:
        """When that file was read of which the queue knows; if it cannot be, when a backup was restored."""
        if self.folder.pages[f"{account}.toml"].broken and self._restored:
            return self._restored[-1][0]
        return max((begun for begun in self._syncs[-20:] if begun <= moment), default=BEGAN)

    def applied(self, change: SyncChange) -> None:
        for post in change.upserts:
            for text, _, _ in self.folder.said(post):
                self._posts[post.account, text] = post

    def sync_beside(self) -> None:
        """As `veilleuse sync` in somebody's terminal, without any trouble."""
        if self.folder_readable:
            begun = self.baton.now
            Sync(self.folder, self.store, self, self.accounts).run()
            for page in self.folder.pages.values():
                self.applied(SyncChange(upserts=tuple(page.posts.values())))
            self.synced(begun)

    def now(self) -> datetime:
        return self.baton.now

    def sleep(self, seconds: float) -> None:
        raise AssertionError("nobody sleeps in a sync")

    # --- what the people and the oracle ask ---

    def was_tried(self, post: Post) -> bool:
        return any((post.account, text) in self._tried for text, _, _ in self.folder.said(post))

    def post_of(self, account: str, text: str) -> Post | None:
        return self._posts.get((account, text))

    def sayable(self, account: str, at: datetime) -> list[Post]:
        """Approved posts that stand, are in time, and that nobody ever said or tried to say."""
        on_the_network = {standing.text for standing in self.timelines[account].standing}
        page = self.folder.pages[f"{account}.toml"]
        if page.broken:  # what was good before speaks on, if it was ever seen
            return []
        return [
            post
            for post in page.posts.values()
            if post.approved_by
            and (post.not_before is None or post.not_before <= at)
            and (post.not_after is None or at + DAY < post.not_after)
            and not self.was_tried(post)
            and not any(text in on_the_network for text, _, _ in self.folder.said(post))
        ]

    def has_nothing(self, account: str) -> bool:
        """Whether no approved post stands there that was not said: nothing now, nothing later."""
        page = self.folder.pages[f"{account}.toml"]
        read_at = self._read_at.get(account, BEGAN)  # on X nobody looks before it is due: each read costs money
        said = {each.text for each in self.timelines[account].standing if each.ours or each.visible_at <= read_at}
        approved = (post for post in page.posts.values() if post.approved_by)
        left = any(post.reserve or not said & {text for text, _, _ in self.folder.said(post)} for post in approved)
        return self.folder_readable and not page.broken and not left and not self.stopped(account)

    def stopped(self, account: str) -> bool:
        return any(name in ("", account) for name in self.folder.stop_files)

    def _tick(self) -> None:
        self.oracle.tick()
        self.baton.at(self.baton.now + HOUR, self._tick)
