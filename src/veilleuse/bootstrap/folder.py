"""The content folder, as every round reads it."""

from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.config import Settings
from veilleuse.domain.activity import Limits
from veilleuse.ports import Clock, Store


def content_source(settings: Settings, clock: Clock, store: Store | None = None) -> FolderSource:
    """Judged by what each account's own server allows, as the store knows it from its last examination."""

    def limits() -> dict[str, Limits]:
        examined = store.all_examined() if store else ()
        return {each.account: each.found.limits for each in examined if each.found and each.found.limits}

    return FolderSource(settings.content, accounts_of(settings), SPECS, clock, limits=limits)
