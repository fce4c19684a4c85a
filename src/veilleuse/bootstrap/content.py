"""The content folder: judged, synced, brought over from other tools, written out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from veilleuse.adapters.content.export import NewFolder
from veilleuse.adapters.content.foreign import read_foreign
from veilleuse.adapters.content.spreadsheet_writer import write_drafts
from veilleuse.adapters.content.tools import ANY, TOOLS
from veilleuse.adapters.networks import SPECS
from veilleuse.bootstrap.configuration import accounts_of
from veilleuse.bootstrap.database import open_reading
from veilleuse.bootstrap.folder import content_source
from veilleuse.config import Settings
from veilleuse.domain.account import Account
from veilleuse.domain.foreign import DateOrder, Draft, ForeignFile
from veilleuse.domain.judge import Judge
from veilleuse.ports import Clock
from veilleuse.services.bring import bring
from veilleuse.services.export import Exported, export
from veilleuse.services.rehearse import Rehearsal, rehearse
from veilleuse.services.sync import Sync


def rehearsal(settings: Settings, clock: Clock) -> Rehearsal:
    """What stands in the content folder, judged without the database."""
    return rehearse(content_source(settings, clock), clock, accounts_of(settings))


@contextmanager
def open_sync(settings: Settings, clock: Clock) -> Iterator[Sync]:
    """A sync of the existing database, beside a running daemon. Raises as `open_reading`."""
    with open_reading(settings) as store:
        yield Sync(content_source(settings, clock, store), store, clock, accounts_of(settings))


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
