"""What the parts of the store share: the database, and cutting long work into pieces."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from veilleuse.adapters.db.engine import Database

T = TypeVar("T")

BATCH = 2000  # rows handed to the driver at once: memory stays flat however long the list


class Part:
    """One part of the store, on one database."""

    def __init__(self, db: Database) -> None:
        self._db = db


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
