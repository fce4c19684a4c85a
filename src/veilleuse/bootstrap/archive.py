"""All that was said, written out of the database."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from veilleuse.adapters import archive
from veilleuse.adapters.db.store import open_store
from veilleuse.bootstrap.secrets import secrets_here
from veilleuse.config import Settings, database_location
from veilleuse.domain.archive import Saying

read_archive = archive.read


def write_archive(settings: Settings, accounts: Sequence[str], folder: Path) -> int:
    """Of these accounts, or of all that ever said something, into a new folder; how many sayings.

    Raises KeyError for an account that never said anything, FileExistsError, OSError, and as `open_reading`.
    """
    store = open_store(database_location(settings, secrets_here()))
    try:
        known = store.archived()
        for name in accounts:
            if name not in known:
                raise KeyError(name)

        def sayings() -> Iterator[Saying]:
            for name in accounts or known:
                yield from store.sayings(name)

        return archive.write(folder, sayings(), store.image)
    finally:
        store.close()
