"""A house ready to work."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
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
from veilleuse.services.answers import Answers
from veilleuse.services.digest import Digest
from veilleuse.services.furnish import furnish
from veilleuse.services.house import House
from veilleuse.services.letters import Letters
from veilleuse.services.outage import Outage
from veilleuse.services.preview import Preview


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
    ids, host = RandomIds(), socket.gethostname()
    accounts = accounts_of(settings)
    content = content_source(settings, clock, store)
    people = {person.name: person for person in settings.people}
    networks = Connections(settings=settings, secrets=secrets)
    letters = Letters(store, notifier, clock, people)
    house = furnish(
        daemon=f"{host}-{os.getpid()}-{ids.new()[:8]}",
        host=host,
        keeper=settings.alerts_owner,
        people=people,
        accounts=accounts,
        specs=SPECS,
        store=store,
        networks=networks,
        mark=networks.mark,
        content=content,
        stops=content,
        notifier=notifier,
        clock=clock,
        ids=ids,
        spool=FileSpool(beside.with_name(f"{beside.name}.receipts")),
        outage=outage,
        preview=Preview(letters=letters),
        dry_run=dry_run,
    )
    digest = Digest(
        accounts=accounts,
        specs=SPECS,
        people=people,
        store=store,
        letters=letters,
        answers=Answers(specs=SPECS, store=store, networks=networks, clock=clock),
        clock=clock,
        zone=settings.timezone,
    )
    return replace(house, letters=letters, digest=digest)
