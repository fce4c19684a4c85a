"""The only place that builds adapters: from a configuration to a house that works, or to a store that can be read."""

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.content.tools import TOOLS
from veilleuse.adapters.networks import SPECS
from veilleuse.adapters.notify import check as check_address
from veilleuse.bootstrap.configuration import accounts_of, load, schemas
from veilleuse.bootstrap.content import export_queue, import_drafts, open_sync, rehearsal
from veilleuse.bootstrap.database import ServerDatabase, backup, database_name, open_reading, restore, upgrade
from veilleuse.bootstrap.doctor import (
    free_space,
    heartbeat_address,
    open_examiner,
    open_secrets,
    places,
    unreachable,
    zone_data,
)
from veilleuse.bootstrap.house import only_daemon, open_house, service_manager
from veilleuse.bootstrap.page import drop_place, page_key
from veilleuse.bootstrap.secrets import (
    Connections,
    addresses,
    heartbeat,
    known_secrets,
    missing_secrets,
    notifier,
    secrets_here,
)

__all__ = [
    "SPECS",
    "TOOLS",
    "Connections",
    "ServerDatabase",
    "SystemClock",
    "accounts_of",
    "addresses",
    "backup",
    "check_address",
    "database_name",
    "drop_place",
    "export_queue",
    "free_space",
    "heartbeat",
    "heartbeat_address",
    "import_drafts",
    "known_secrets",
    "load",
    "missing_secrets",
    "notifier",
    "only_daemon",
    "open_examiner",
    "open_house",
    "open_reading",
    "open_secrets",
    "open_sync",
    "page_key",
    "places",
    "rehearsal",
    "restore",
    "schemas",
    "secrets_here",
    "service_manager",
    "unreachable",
    "upgrade",
    "zone_data",
]
