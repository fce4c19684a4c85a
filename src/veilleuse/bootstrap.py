"""The only place that builds adapters: from a configuration to a house that works, or to a store that can be read."""

import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.content.export import NewFolder
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.content.foreign import read_foreign
from veilleuse.adapters.content.spreadsheet_writer import write_drafts
from veilleuse.adapters.content.tools import ANY, TOOLS
from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.upgrade import UpgradeReport
from veilleuse.adapters.db.upgrade import upgrade as upgrade_database
from veilleuse.adapters.heartbeat import HttpHeartbeat
from veilleuse.adapters.ids import RandomIds
from veilleuse.adapters.marker import FileMarker
from veilleuse.adapters.networks import SPECS, connect
from veilleuse.adapters.notify import AppriseNotifier
from veilleuse.adapters.notify import check as check_address
from veilleuse.adapters.sd_notify import ServiceManager
from veilleuse.adapters.spool import FileSpool
from veilleuse.config import Person, SecretMissing, SecretSource, Settings, database_location
from veilleuse.config import load as load_file
from veilleuse.domain.account import Account
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.domain.foreign import DateOrder, Draft, ForeignFile
from veilleuse.domain.judge import Judge
from veilleuse.ports import Clock, Heartbeat, Network, Notifier, Store, StoreUnavailable
from veilleuse.services.alert import Alerts
from veilleuse.services.bring import bring
from veilleuse.services.deliver import Deliver
from veilleuse.services.export import Exported, export
from veilleuse.services.house import House
from veilleuse.services.look import Look
from veilleuse.services.observe import Observe
from veilleuse.services.outage import Outage
from veilleuse.services.pace import Pace
from veilleuse.services.publish import Publish
from veilleuse.services.rehearse import Rehearsal, rehearse
from veilleuse.services.rounds import Rounds
from veilleuse.services.settle import Settle
from veilleuse.services.stops import Stops
from veilleuse.services.sync import Sync

__all__ = ["SPECS", "TOOLS", "SystemClock", "check_address"]


def load(path: Path) -> Settings:
    """Read the configuration. Raises ConfigInvalid."""
    return load_file(path, SPECS)


def schemas() -> dict[str, str]:
    """The JSON Schemas of configuration and posts, by file name."""
    from veilleuse.config.schema import schemas as made

    return made(SPECS)


def secrets_here() -> SecretSource:
    """The secrets of this process: systemd's credentials, /run/secrets, its environment."""
    return SecretSource.from_environ(os.environ)


def accounts_of(settings: Settings) -> dict[str, Account]:
    return {account.name: account for account in settings.accounts}


def service_manager() -> ServiceManager:
    return ServiceManager()


def upgrade(settings: Settings, clock: Clock) -> UpgradeReport:
    """Bring the database to this program's schema, made if missing; a SQLite file is backed up first.

    Raises StoreUnfit (AnotherDaemon, SchemaNewer), StoreUnavailable, SecretMissing.
    """
    location = database_location(settings, secrets_here())
    with DaemonLock(location) if isinstance(location, Path) else nullcontext():
        return upgrade_database(location, clock.now())


def database_name(settings: Settings) -> str:
    """The database as people may see it: a path, or an address without user and password. Raises SecretMissing."""
    location = database_location(settings, secrets_here())
    if isinstance(location, Path):
        return str(location)
    parts = urlsplit(location)
    return f"postgresql://{parts.netloc.rpartition('@')[2]}{parts.path}"


def rehearsal(settings: Settings, clock: Clock) -> Rehearsal:
    """What stands in the content folder, judged without the database."""
    return rehearse(_source(settings, clock), clock, accounts_of(settings))


@contextmanager
def open_sync(settings: Settings, clock: Clock) -> Iterator[Sync]:
    """A sync of the existing database, beside a running daemon. Raises as `open_reading`."""
    with open_reading(settings) as store:
        yield Sync(_source(settings, clock), store, clock, accounts_of(settings))


def import_drafts(
    file: Path, tool: str | None, account: Account, output: Path, clock: Clock, order: DateOrder | None
) -> tuple[ForeignFile, list[Draft]]:
    """Another tool's file as drafts in a new spreadsheet; none is written if all of it is left out.

    Raises FileUnreadable, DatesUnclear, FileExistsError, OSError.
    """
    foreign = read_foreign(file, TOOLS[tool] if tool else ANY)
    now = clock.now()
    drafts = bring(foreign, account, Judge(account, SPECS, now), now, order)
    write_drafts(output, account, [draft for draft in drafts if not draft.left_out])
    return foreign, drafts


def export_queue(settings: Settings, accounts: Mapping[str, Account], folder: Path) -> list[Exported]:
    """The queue of these accounts into a new folder. Raises FileExistsError, OSError, and as `open_reading`."""
    with open_reading(settings) as store:
        return export(store, accounts.values(), NewFolder(folder, list(accounts), store.image).write)


def _source(settings: Settings, clock: Clock) -> FolderSource:
    return FolderSource(settings.content, accounts_of(settings), SPECS, clock)


@contextmanager
def open_reading(settings: Settings) -> Iterator[Store]:
    """The store beside a running daemon. Never makes one. Raises StoreUnfit, StoreUnavailable, SecretMissing."""
    store = open_store(database_location(settings, secrets_here()))
    try:
        yield store
    finally:
        store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connections:
    """Clients with each account's secrets, fetched anew for every look: a renewed token needs no restart."""

    settings: Settings
    secrets: SecretSource

    def open(self, account: Account) -> AbstractContextManager[Network]:
        refs = self.settings.credentials.get(account.name, {})
        try:
            found = self.secrets.account_secrets(account.name, SPECS[account.network], refs)
        except SecretMissing as missing:
            raise CredentialsRefused(" ".join(f"{missing}.".split())) from None
        return connect(account, found)


def notifier(people: Iterable[Person]) -> Notifier:
    """What reaches exactly these people. Raises SecretMissing naming the person."""
    return AppriseNotifier(addresses(people, secrets_here()))


def addresses(people: Iterable[Person], secrets: SecretSource) -> dict[str, list[str]]:
    """Each person's Apprise addresses. Raises SecretMissing naming the person."""
    found: dict[str, list[str]] = {}
    for person in people:
        try:
            found[person.name] = [secrets.resolve(ref) for ref in person.notify]
        except SecretMissing as missing:
            raise SecretMissing(f"people.{person.name}.notify: {missing}") from None
    return found


def missing_secrets(settings: Settings, secrets: SecretSource) -> list[str]:
    """A sentence for each account whose secrets cannot all be had, naming the places looked at."""
    sentences = []
    for account in settings.accounts:
        try:
            secrets.account_secrets(account.name, SPECS[account.network], settings.credentials.get(account.name, {}))
        except SecretMissing as missing:
            sentences.append(str(missing))
    return sentences


def known_secrets(settings: Settings, secrets: SecretSource) -> list[str]:
    """Every secret value there is, to be taken out of logs; what is missing cannot leak."""
    values: list[str] = []
    refs = [ref for person in settings.people for ref in person.notify]
    for ref in (*refs, settings.heartbeat_url):
        if ref is not None:
            with suppress(SecretMissing):
                values.append(secrets.resolve(ref))
    if settings.database is not None:
        with suppress(SecretMissing):
            address = secrets.resolve(settings.database)
            if "://" in address or "=" in address:  # of a file, people must see which it is
                values.append(address)
    for account in settings.accounts:
        spec, own = SPECS[account.network], settings.credentials.get(account.name, {})
        for secret in spec.secrets:  # one by one: that one is missing must not hide the others
            with suppress(SecretMissing):
                values += secrets.account_secrets(account.name, replace(spec, secrets=(secret,)), own).values()
    return values


def heartbeat(settings: Settings) -> Heartbeat:
    """The one `heartbeat_url` asks for; silent without it. Raises SecretMissing."""
    ref, secrets = settings.heartbeat_url, secrets_here()
    if ref is not None:
        secrets.resolve(ref)
    return HttpHeartbeat(lambda: secrets.resolve(ref) if ref is not None else None)


@contextmanager
def open_house(
    settings: Settings,
    *,
    clock: Clock | None = None,
    notifier: Notifier | None = None,
    dry_run: bool = False,
) -> Iterator[House]:
    """A house ready to work, alone on its SQLite file, its schema brought up to date. It is closed at the end.

    Raises StoreUnfit (AnotherDaemon, SchemaNewer), StoreUnavailable, SecretMissing.
    """
    clock, secrets = clock or SystemClock(), secrets_here()
    location = database_location(settings, secrets)
    notifier = notifier or AppriseNotifier(addresses(settings.people, secrets))
    beside = location if isinstance(location, Path) else _state_folder(settings) / "veilleuse"
    outage = Outage(
        notifier=notifier,
        marker=FileMarker(beside.with_name(f"{beside.name}.outage-told")),
        person=settings.alerts_owner,
    )
    with ExitStack() as stack:
        try:
            if isinstance(location, Path):
                stack.enter_context(DaemonLock(location))
            upgrade_database(location, clock.now())
            store = open_store(location)
            stack.callback(store.close)
            if isinstance(location, Path):
                store.bury_all()
            house = _furnish(settings, secrets, store, clock, notifier, outage, beside, dry_run)
            house.open_doors()  # the first to write, where the schema is up to date
        except StoreUnavailable as error:
            outage.tell(str(error))
            raise
        stack.callback(house.close_doors)
        yield house


def _state_folder(settings: Settings) -> Path:
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
    accounts = accounts_of(settings)
    source = _source(settings, clock)
    spool = FileSpool(beside.with_name(f"{beside.name}.receipts"))
    alerts = Alerts(store, notifier, clock)
    look = Look(
        accounts=accounts,
        specs=SPECS,
        store=store,
        networks=Connections(settings=settings, secrets=secrets),
        clock=clock,
        observe=Observe(store=store, clock=clock, settle=Settle(store=store)),
        publish=Publish(
            store=store,
            clock=clock,
            ids=ids,
            spool=spool,
            daemon=daemon,
            stopped=Stops(store=store, source=source, clock=clock),
        ),
        alerts=alerts,
        pace=Pace(),
        daemon=daemon,
        dry_run=dry_run,
    )
    return House(
        daemon=daemon,
        accounts=accounts,
        store=store,
        clock=clock,
        keeper=settings.alerts_owner,
        sync=Sync(source, store, clock, accounts),
        alerts=alerts,
        deliver=Deliver(store, notifier, clock),
        rounds=Rounds(store=store, clock=clock, alerts=alerts, look=look, accounts=accounts, daemon=daemon),
        spool=spool,
        outage=outage,
    )
