"""A house ready to work."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.upgrade import upgrade as upgrade_database
from veilleuse.adapters.ids import RandomIds
from veilleuse.adapters.marker import FileMarker
from veilleuse.adapters.networks import SPECS
from veilleuse.adapters.notify import AppriseNotifier
from veilleuse.adapters.sd_notify import ServiceManager
from veilleuse.adapters.spool import FileSpool
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.bootstrap.folder import content_source
from veilleuse.bootstrap.secrets import Connections, addresses, secrets_here
from veilleuse.config import SecretSource, Settings, database_location
from veilleuse.ports import Clock, Notifier, Store, StoreUnavailable
from veilleuse.services.alert import Alerts
from veilleuse.services.answers import Answers
from veilleuse.services.clock_watch import ClockWatch
from veilleuse.services.deliver import Deliver
from veilleuse.services.digest import Digest
from veilleuse.services.examine import Examine
from veilleuse.services.house import House
from veilleuse.services.letters import Letters
from veilleuse.services.look import Look
from veilleuse.services.observe import Observe
from veilleuse.services.outage import Outage
from veilleuse.services.pace import Pace
from veilleuse.services.preview import Preview
from veilleuse.services.prove import Prove
from veilleuse.services.publish import Publish
from veilleuse.services.rounds import Rounds
from veilleuse.services.settle import Settle
from veilleuse.services.spending import Spending
from veilleuse.services.stops import Stops
from veilleuse.services.sync import Sync
from veilleuse.services.tasks import Tasks
from veilleuse.services.timekeeper import Timekeeper


def service_manager() -> ServiceManager:
    return ServiceManager()


@contextmanager
def open_house(
    settings: Settings,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    dry_run: bool = False,
    alone: bool = False,
) -> Iterator[House]:
    """A house ready to work, alone on its SQLite file, its schema brought up to date. It is closed at the end.

    `alone`: it stands within `only_daemon`.

    Raises StoreUnfit (AnotherDaemon, SchemaNewer), StoreUnavailable, SecretMissing.
    """
    clock, secrets = clock or SystemClock(), secrets_here()
    location = database_location(settings, secrets)
    notifier = notifier or AppriseNotifier(addresses(settings.people, secrets))
    beside = location if isinstance(location, Path) else state_folder(settings) / "veilleuse"
    outage = _outage(settings, notifier, beside)
    with ExitStack() as stack:
        try:
            if isinstance(location, Path) and not alone:
                stack.enter_context(DaemonLock(location))
            upgrade_database(location, clock.now())
            store = open_store(location)
            stack.callback(store.close)
            if isinstance(location, Path):
                store.bury_all()
            house = _furnish(settings, secrets, store, clock, notifier, outage, beside, dry_run)
            house.open_doors()  # the first to write, where the schema is up to date
        except StoreUnavailable as error:
            outage.tell(error.args[0])
            raise
        stack.callback(house.close_doors)
        yield house


@contextmanager
def only_daemon(settings: Settings) -> Iterator[None]:
    """Alone on this SQLite file, from one house to the next. Raises AnotherDaemon, StoreUnavailable, SecretMissing."""
    secrets = secrets_here()
    location = database_location(settings, secrets)
    with ExitStack() as stack:
        if isinstance(location, Path):
            try:
                stack.enter_context(DaemonLock(location))
            except StoreUnavailable as error:
                _outage(settings, AppriseNotifier(addresses(settings.people, secrets)), location).tell(error.args[0])
                raise
        yield


def _outage(settings: Settings, notifier: Notifier, beside: Path) -> Outage:
    marker = FileMarker(beside.with_name(f"{beside.name}.outage-told"))
    owner = settings.alerts_owner
    tongue = next((person.language for person in settings.people if person.name == owner), "en")
    return Outage(notifier=notifier, marker=marker, person=owner, language=tongue)


def state_folder(settings: Settings) -> Path:
    """Where what the database cannot take is kept: systemd's state directory, else beside the configuration."""
    return Path(os.environ.get("STATE_DIRECTORY", "").partition(":")[0] or settings.path.parent)


def _furnish(
    settings: Settings,
    secrets: SecretSource,
    store: Store,
    clock: Clock,
    notifier: Notifier,
    outage: Outage,
    beside: Path,
    dry_run: bool,
) -> House:
    ids = RandomIds()
    daemon = f"{socket.gethostname()}-{os.getpid()}-{ids.new()[:8]}"
    timekeeper = Timekeeper(clock)
    accounts = accounts_of(settings)
    source = content_source(settings, clock, store)
    spool = FileSpool(beside.with_name(f"{beside.name}.receipts"))
    people = {person.name: person for person in settings.people}
    alerts = Alerts(store, notifier, timekeeper, people, settings.alerts_owner)
    letters = Letters(store, notifier, clock, people)
    networks = Connections(settings=settings, secrets=secrets)
    spending = Spending(store=store)
    look = Look(
        accounts=accounts,
        specs=SPECS,
        store=store,
        networks=networks,
        clock=clock,
        observe=Observe(store=store, clock=clock, settle=Settle(store=store), timekeeper=timekeeper),
        publish=Publish(
            store=store,
            clock=clock,
            ids=ids,
            spool=spool,
            daemon=daemon,
            stopped=Stops(store=store, source=source, clock=clock),
            prove=Prove(mark=networks.mark),
        ),
        alerts=alerts,
        pace=Pace(),
        spending=spending,
        daemon=daemon,
        dry_run=dry_run,
        preview=Preview(letters=letters),
    )
    return House(
        daemon=daemon,
        accounts=accounts,
        store=store,
        clock=clock,
        timekeeper=timekeeper,
        clock_watch=ClockWatch(
            host=socket.gethostname(),
            keeper=settings.alerts_owner,
            accounts=accounts,
            specs=SPECS,
            store=store,
            networks=networks,
            clock=clock,
            timekeeper=timekeeper,
            spending=spending,
            alerts=alerts,
        ),
        keeper=settings.alerts_owner,
        sync=Sync(source, store, clock, accounts),
        alerts=alerts,
        deliver=Deliver(store, notifier, timekeeper, people),
        examine=Examine(
            accounts=accounts,
            specs=SPECS,
            store=store,
            networks=networks,
            clock=clock,
            alerts=alerts,
            spending=spending,
        ),
        tasks=Tasks(accounts=accounts, specs=SPECS, store=store, clock=clock, alerts=alerts),
        rounds=Rounds(
            store=store,
            clock=clock,
            alerts=alerts,
            look=look,
            accounts=accounts,
            daemon=daemon,
            timekeeper=timekeeper,
        ),
        spool=spool,
        outage=outage,
        letters=letters,
        digest=Digest(
            accounts=accounts,
            specs=SPECS,
            people=people,
            store=store,
            letters=letters,
            answers=Answers(specs=SPECS, store=store, networks=networks, clock=clock),
            clock=clock,
            zone=settings.timezone,
        ),
    )
