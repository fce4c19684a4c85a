"""What our store says to its database, recorded from one run of it, to be said again by the bare driver.

So the driver does the same work: the same statements with the same values, in the same transactions. What is left
between the two is what SQLAlchemy and we cost. How much is said at all is printed beside it: waste would help us.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event


@dataclass
class Transaction:
    """`alone`: its only statement commits itself, or changes nothing."""

    statements: list[tuple[str, Any]] = field(default_factory=list)
    alone: bool = True


class Recorded:
    def __init__(self) -> None:
        self.transactions: list[Transaction] = []
        self._open: dict[Connection, Transaction] = {}

    def per(self, posts: int) -> str:
        statements = sum(len(one.statements) for one in self.transactions)
        commits = sum(1 for one in self.transactions if any(map(_writes, one.statements)))
        return f"{statements / posts:.1f} statements in {commits / posts:.1f} commits a post"

    def begins(self, connection: Connection) -> None:
        self._open[connection] = Transaction()

    def says(self, connection: Connection, cursor: object, statement: str, values: Any, *_: object) -> None:
        self._open[connection].statements.append((statement, values))

    def commits(self, connection: Connection) -> None:
        done = self._open.pop(connection)
        done.alone = False
        self.transactions.append(done)

    def ends(self, connection: Connection) -> None:
        """Nothing to commit: reads, or a statement on a connection that commits each by itself."""
        self.transactions.append(self._open.pop(connection))


def _writes(said: tuple[str, Any]) -> bool:
    return not said[0].startswith("SELECT")


@contextmanager
def recording() -> Iterator[Recorded]:
    """Everything said by any engine of this process meanwhile."""
    kept = Recorded()
    heard: dict[str, Callable[..., None]] = {
        "begin": kept.begins,
        "before_cursor_execute": kept.says,
        "commit": kept.commits,
        "rollback": kept.ends,
    }
    for name, hear in heard.items():
        event.listen(Engine, name, hear)
    try:
        yield kept
    finally:
        for name, hear in heard.items():
            event.remove(Engine, name, hear)
