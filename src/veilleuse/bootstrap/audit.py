"""What `veilleuse account audit` asks."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from veilleuse.adapters.networks import SPECS
from veilleuse.adapters.networks.public import PublicWeb
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.bootstrap.database import open_reading
from veilleuse.bootstrap.secrets import Connections, secrets_here
from veilleuse.config import Settings
from veilleuse.ports import Clock, DatabaseMissing, SchemaOlder
from veilleuse.services.audit import Auditor


@contextmanager
def open_auditor(settings: Settings | None, clock: Clock, *, own: bool) -> Iterator[Auditor]:
    """`own`: for accounts of one's own, which the database knows. Raises as `open_reading`."""
    with ExitStack() as stack:
        store = None
        if settings is not None:
            try:
                store = stack.enter_context(open_reading(settings))
            except (DatabaseMissing, SchemaOlder):
                if own:
                    raise
        yield Auditor(
            accounts=accounts_of(settings) if settings else {},
            specs=SPECS,
            public=PublicWeb(),
            clock=clock,
            networks=Connections(settings=settings, secrets=secrets_here()) if settings else None,
            store=store,
        )
