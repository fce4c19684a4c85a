"""Many rows into one table: Core writes the statement once, the driver takes the rows.

For each row Core asks anew what each of its values means; with the columns of a post that costs three times the insert.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import Insert

T = TypeVar("T")

BATCH = 2000  # rows handed to the driver at once: memory stays flat however long the list


class Bulk:
    """An insert whose rows name every column of its table. None is NULL, whatever the type."""

    def __init__(self, statement: Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._named = not compiled.positional  # how this driver takes parameters
        columns = statement.table.columns
        self._names = tuple(columns.keys()) if self._named else tuple(compiled.positiontup or ())
        self._pick = itemgetter(*self._names)
        processors = [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names]
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


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
