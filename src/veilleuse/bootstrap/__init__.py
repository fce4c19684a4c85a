"""The only place that builds adapters: from a configuration to a house that works, or to a store that can be read.

Each room is furnished when somebody first asks for what stands in it: `run --once` with nothing due needs neither the
spreadsheets of `import` nor the web client of `check --online`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from veilleuse.adapters.clock import SystemClock
    from veilleuse.adapters.content.tools import TOOLS
    from veilleuse.adapters.networks import SPECS
    from veilleuse.adapters.notify import check_address
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

ROOMS = {
    "veilleuse.adapters.notify": ("check_address",),
    "veilleuse.adapters.clock": ("SystemClock",),
    "veilleuse.adapters.content.tools": ("TOOLS",),
    "veilleuse.adapters.networks": ("SPECS",),
    "veilleuse.bootstrap.configuration": (
        "accounts_of",
        "load",
        "schemas",
    ),
    "veilleuse.bootstrap.content": (
        "export_queue",
        "import_drafts",
        "open_sync",
        "rehearsal",
    ),
    "veilleuse.bootstrap.database": (
        "ServerDatabase",
        "backup",
        "database_name",
        "open_reading",
        "restore",
        "upgrade",
    ),
    "veilleuse.bootstrap.doctor": (
        "free_space",
        "heartbeat_address",
        "open_examiner",
        "open_secrets",
        "places",
        "unreachable",
        "zone_data",
    ),
    "veilleuse.bootstrap.house": (
        "only_daemon",
        "open_house",
        "service_manager",
    ),
    "veilleuse.bootstrap.page": (
        "drop_place",
        "page_key",
    ),
    "veilleuse.bootstrap.secrets": (
        "Connections",
        "addresses",
        "heartbeat",
        "known_secrets",
        "missing_secrets",
        "notifier",
        "secrets_here",
    ),
}
_room_of = {name: room for room, names in ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _room_of:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_room_of[name]), name)
