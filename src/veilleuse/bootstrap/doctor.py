"""What `veilleuse check --online` asks: each account's network, and the machine."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from veilleuse.adapters import machine
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.networks import SPECS
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.bootstrap.database import open_reading
from veilleuse.bootstrap.house import state_folder
from veilleuse.bootstrap.secrets import Connections, notifier, secrets_here
from veilleuse.config import Settings, database_location
from veilleuse.ports import Clock, DatabaseMissing, SchemaOlder, Store
from veilleuse.services.alert import Alerts
from veilleuse.services.examine import Examine
from veilleuse.services.spending import Spending

free_space, unreachable, zone_data = machine.free_space, machine.unreachable, machine.zone_data


@contextmanager
def open_examiner(settings: Settings, clock: Clock) -> Iterator[Examine]:
    """Examines beside a running daemon; before there is a database, nothing of it is kept.

    Raises StoreUnavailable, StoreUnfit, SecretMissing.
    """
    with ExitStack() as stack:
        store: Store
        try:
            store = stack.enter_context(open_reading(settings))
        except (DatabaseMissing, SchemaOlder):
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            store = open_store(Path(folder, "veilleuse.db"), create=True)
            stack.callback(store.close)
            store.register(settings.accounts, clock.now())
        yield Examine(
            accounts=accounts_of(settings),
            specs=SPECS,
            store=store,
            networks=Connections(settings=settings, secrets=secrets_here()),
            clock=clock,
            alerts=Alerts(store, notifier(settings.people), clock),
            spending=Spending(store=store),
        )


def places(settings: Settings) -> dict[str, Path]:
    """The folders we read and write, by what people call them. Raises SecretMissing."""
    location = database_location(settings, secrets_here())
    found = {"content": settings.content, "state": state_folder(settings)}
    return {"database": location.parent, **found} if isinstance(location, Path) else found


def open_secrets(settings: Settings) -> list[Path]:
    """Files with secrets that everybody on this machine may read."""
    source = secrets_here()
    files = {
        path
        for account in settings.accounts
        for secret in SPECS[account.network].secrets
        for path in source.files(account.name, secret, settings.credentials.get(account.name, {}))
    }
    return sorted(path for path in files if machine.others_may_read(path))


def heartbeat_address(settings: Settings) -> str | None:
    """Raises SecretMissing."""
    return None if settings.heartbeat_url is None else secrets_here().resolve(settings.heartbeat_url)
