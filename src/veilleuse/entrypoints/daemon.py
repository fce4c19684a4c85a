"""The daemon: bells that ring, threads that look, and a clean end. Every due time lives in the database."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor as JobThreads
from apscheduler.schedulers.background import BackgroundScheduler

from veilleuse.config import Settings
from veilleuse.entrypoints.calls import Call, Calls
from veilleuse.entrypoints.lookers import Lookers
from veilleuse.entrypoints.timings import Timings
from veilleuse.entrypoints.troubles import Troubles
from veilleuse.language import _, sentence
from veilleuse.ports import Heartbeat, ServiceManager, StoreUnfit
from veilleuse.services.deliver import GATHER
from veilleuse.services.house import House

log = structlog.get_logger()

POLL = timedelta(seconds=5)
AGAIN = 0.2  # seconds until what looks have ended makes room for more, while accounts are due
SCAN = timedelta(seconds=10)
DELIVER = timedelta(seconds=5)
CARE = timedelta(minutes=1)
BEAT = timedelta(seconds=15)
HEARTBEAT = timedelta(minutes=1)
STUCK_AFTER = 120.0  # seconds without a finished poll: the watchdog is no longer told that all is well


class Daemon:
    """Runs one house until it is told to stop. Deadlines of network calls bound how long stopping takes (30 s)."""

    def __init__(
        self,
        house: House,
        system: ServiceManager,
        heartbeat: Heartbeat,
        *,
        calls: Calls,
        timings: Timings,
        reread: Callable[[], Settings | str],
    ) -> None:
        """`reread` gives the configuration as it stands now, or why it cannot be used."""
        self._house = house
        self._system = system
        self._heartbeat = heartbeat
        self._calls = calls
        self._timings = timings
        self._reread = reread
        self._stop = threading.Event()
        self._lookers = Lookers((account.network for account in house.accounts.values()), timings.looked)
        self._polled = time.monotonic()  # the clock of the machine may jump, this one does not
        self._troubles = Troubles(house.outage)
        self._last_arrived = True  # so went the last message
        self._owed = False  # whether one before it is tried again and again
        self._unfit: StoreUnfit | None = None  # why this program must not go on with this database

    def run(self, refused: str = "") -> Settings | None:
        """Blocks until it is told to stop, or to go on with another configuration: that one.

        `refused`: why a newer configuration than this house's cannot be used. Raises StoreUnavailable if the database
        cannot be had at the start, SchemaNewer if a newer program changed it.
        """
        house, system = self._house, self._system
        with self._bells():
            self._judge_configuration(refused)
            system.ready()
            log.info("daemon.started", daemon=house.daemon, accounts=len(house.accounts))
            following = self._wait()
            self._stop.set()
            log.info("daemon.stopping", in_flight=house.rounds.in_flight, comes_back=following is not None)
            if following is None:
                system.stopping()
        self._lookers.stop()
        with self._troubles.watch("stop"):  # what is not given back now is free when our life has run out
            house.close_doors()
        log.info("daemon.stopped")
        if self._unfit is not None:  # told last: no job is left to take it for an outage that is over
            house.outage.tell(self._unfit.args[0])
            raise self._unfit
        return following

    def _wait(self) -> Settings | None:
        while self._calls.get() is Call.REREAD:
            self._system.reloading()
            found = self._reread()
            if not isinstance(found, str):
                return found
            self._judge_configuration(found)
            self._system.ready()
        return None

    def _judge_configuration(self, refused: str) -> None:
        if refused:
            log.error("configuration.refused", why=refused)
        told = _("The new configuration is refused, the one before goes on: {why}").format(why=refused)
        self._system.status(told if refused else "")
        with self._troubles.watch("configuration"):
            self._house.judge_configuration(refused)

    @contextmanager
    def _bells(self) -> Iterator[None]:
        scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": JobThreads(7)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        bells = {
            self._beat: BEAT,
            self._poll: POLL,
            self._scan: SCAN,
            self._deliver: DELIVER,
            self._care: CARE,
            self._tell_watcher: HEARTBEAT,
        }
        for ring, every in bells.items():
            scheduler.add_job(ring, "interval", seconds=every.total_seconds(), id=ring.__name__)
        scheduler.start()
        keeper = threading.Thread(target=self._keep_watch, args=(scheduler, bells), name="watch", daemon=True)
        keeper.start()
        self._scan()
        self._poll()
        self._care()
        try:
            yield
        finally:
            scheduler.shutdown(wait=True)
            keeper.join()

    def _keep_watch(self, scheduler: BackgroundScheduler, bells: dict[Callable[[], None], timedelta]) -> None:
        """Tell systemd that all is well, by a clock that never jumps; wake the bells if the machine's clock did.

        APScheduler keeps its times by the machine's clock: set back by an hour, it would be silent for an hour.
        """
        system, every = self._system, POLL
        if system.watchdog_interval is not None:
            every = min(every, system.watchdog_interval)
        while not self._stop.wait(every.total_seconds()):
            if time.monotonic() - self._polled < STUCK_AFTER:
                system.watchdog()
            now = self._house.clock.now()
            for ring, interval in bells.items():
                job = scheduler.get_job(ring.__name__)
                if job is not None and job.next_run_time > now + 2 * interval:
                    log.warning("clock.jumped", bell=ring.__name__, was_due=job.next_run_time)
                    job.modify(next_run_time=now)

    def _poll(self) -> None:
        house = self._house
        with self._troubles.watch("poll"):
            end = time.monotonic() + POLL.total_seconds()
            while not self._stop.is_set() and self._lookers.poll(house.rounds, lambda report: None):
                if time.monotonic() > end or self._stop.wait(AGAIN):
                    break
            house.replay_spool()
        self._polled = time.monotonic()

    def _beat(self) -> None:
        with self._troubles.watch("beat"):
            try:
                self._house.beat()
            except StoreUnfit as unfit:  # it claims nothing any more; started again, it would be as unfit
                log.critical("daemon.unfit", why=str(unfit))
                self._unfit = unfit
                self._stop.set()
                self._calls.put(Call.STOP)

    def _scan(self) -> None:
        with self._troubles.watch("scan"):
            if self._house.timekeeper.aside:
                return
            self._house.sync_content()
            self._timings.synced(self._house.clock.now().timestamp())

    def _deliver(self) -> None:
        with self._troubles.watch("deliver"):
            report = self._house.tell(gather=GATHER)
            if report.sent or report.failed:
                self._last_arrived = not report.failed
            self._owed = report.owed

    def _care(self) -> None:
        """Examine whose day it is, in line with the looks of their networks; call for what people must do or mend."""
        house = self._house
        with self._troubles.watch("care"):
            if house.timekeeper.aside:
                return
            house.tasks.call()
            house.astray()
            for name in house.examine.due():
                self._lookers.submit(house.accounts[name].network, partial(house.examine.daily, name))

    def _tell_watcher(self) -> None:
        """Silence is an alarm too: of a machine that is gone, nobody else can tell."""
        self._heartbeat.beat(self.unwell())

    def unwell(self) -> list[str]:
        """What is not well just now, in sentences that hold no secret."""
        found: list[str] = []
        if time.monotonic() - self._polled >= STUCK_AFTER:
            found.append(sentence("no look was finished for two minutes"))
        if not self._troubles.ended_before(STUCK_AFTER):
            found.append(sentence("a job failed within two minutes; the log says which"))
        if self._house.timekeeper.aside:
            found.append(sentence("this machine's clock is wrong: the daemon stands aside"))
        if self._owed or not self._last_arrived:
            found.append(sentence("the last alert did not arrive"))
        return found
