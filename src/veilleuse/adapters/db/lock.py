"""One daemon on one SQLite file: a lock held for life, given back by the kernel however the daemon ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from veilleuse.language import sentence
from veilleuse.ports import AnotherDaemon, StoreUnavailable


class DaemonLock:
    """Locks `DATABASE.lock`. The file itself stays: what counts is who holds it."""

    def __init__(self, database: Path) -> None:
        database = database.resolve()  # two names of one file are one file
        self.path = database.with_name(f"{database.name}.lock")
        self._fd: int | None = None

    def __enter__(self) -> "DaemonLock":
        """Raises AnotherDaemon, naming its process if that is known; StoreUnavailable if the file cannot be made."""
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreUnavailable(
                sentence(
                    "The lock file {path} cannot be made: {why}. Check that its folder exists and that the user "
                    "who runs veilleuse may write in it.",
                    path=self.path,
                    why=error.strerror,
                )
            ) from None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(fd, 32).decode(errors="replace").strip()
            os.close(fd)
            who = sentence(" (process {pid})", pid=pid) if pid else ""
            raise AnotherDaemon(
                sentence(
                    "Another daemon{who} works on this database: it holds {path}. A SQLite file takes one daemon; "
                    "stop that one first, or use Postgres.",
                    who=who,
                    path=self.path,
                )
            ) from None
        with suppress(OSError):  # a full disk: that it is held counts, by whom is a courtesy
            os.ftruncate(fd, 0)
            os.write(fd, f"{os.getpid()}\n".encode())
        self._fd = fd
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
