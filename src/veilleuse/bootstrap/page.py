"""What the status page needs beside a house."""

from functools import partial
from pathlib import Path

from veilleuse.adapters.content.drop import DropFolder
from veilleuse.adapters.networks import SPECS
from veilleuse.adapters.page_key import page_key as key_in
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.bootstrap.folder import own_limits
from veilleuse.bootstrap.house import state_folder
from veilleuse.bootstrap.secrets import secrets_here
from veilleuse.config import Settings, database_location
from veilleuse.ports import Clock, DropPlace, Store


def page_key(settings: Settings) -> bytes:
    """What signs the page's cookies: kept in the state directory, beside a SQLite database."""
    location = database_location(settings, secrets_here())
    beside = location if isinstance(location, Path) else state_folder(settings) / "veilleuse"
    return key_in(beside.with_name(f"{beside.name}.page-key"))


def drop_place(settings: Settings, clock: Clock, store: Store) -> DropPlace:
    """What is dropped is judged by what each account's own server allows, as what is synced."""
    return DropFolder(settings.content, accounts_of(settings), SPECS, clock, partial(own_limits, store))
