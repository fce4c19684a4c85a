"""Many rows into one table: Core writes the statement once, the driver takes the rows.

For each row Core asks anew what each of its values means; with the columns of a post that costs three times the insert.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import JSON, Boolean, Connection, Dialect
from sqlalchemy.sql.dml import Insert
from sqlalchemy.types import TypeEngine

from veilleuse.adapters.db.types import Duration, Moment, Word

T = TypeVar("T")

BATCH = 2000  # rows handed to the driver at once: memory stays flat however long the list
RECURRING = (Boolean, Duration, Moment, Word)  # a few values of these stand in row after row: each is converted once


class Bulk:
    """An insert whose rows name every column of its table. None is NULL, whatever the type."""

    def __init__(self, statement: Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._named = not compiled.positional  # how this driver takes parameters
        columns = statement.table.columns
        self._names = tuple(columns.keys()) if self._named else tuple(compiled.positiontup or ())
        self._pick = itemgetter(*self._names)
        processors = [_processor(columns[name].type, dialect) for name in self._names]
        self._processed = [(place, process) for place, process in enumerate(processors) if process is not None]

    def insert(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        for batch in batches(map(self._parameters, rows)):
            connection.exec_driver_sql(self._sql, batch)

    def _parameters(self, row: Mapping[str, Any]) -> Any:
        values = list(self._pick(row))
        for place, process in self._processed:
            if values[place] is not None:
                values[place] = process(values[place])
        return dict(zip(self._names, values, strict=True)) if self._named else tuple(values)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver takes; None: nothing need be done."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is not None and isinstance(kind, RECURRING):
        return lru_cache(process)
    if process is not None and isinstance(kind, JSON):
        nothing = process({})  # what most posts have
        return lambda value: nothing if value == {} else process(value)
    return process


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
