"""The content folder, as every round reads it."""

from functools import partial

from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.config import Settings
from veilleuse.domain.activity import Limits
from veilleuse.ports import Clock, Store


def content_source(settings: Settings, clock: Clock, store: Store | None = None) -> FolderSource:
    """Judged by what each account's own server allows, as the store knows it from its last examination."""

    return FolderSource(settings.content, accounts_of(settings), SPECS, clock, limits=partial(own_limits, store))


def own_limits(store: Store | None) -> dict[str, Limits]:
    """By account, what its own server allows, as far as that store knows."""
    examined = store.all_examined() if store else ()
    return {each.account: each.found.limits for each in examined if each.found and each.found.limits}
