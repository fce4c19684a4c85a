"""A marker as an empty file in the state directory."""

from contextlib import suppress
from pathlib import Path


class FileMarker:
    """Where the folder cannot be written, it marks in memory: told once a process is better than never."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._told = path.exists()

    def set(self) -> bool:
        if self._told:
            return False
        self._told = True
        with suppress(OSError):
            self._path.touch()
        return True

    def clear(self) -> bool:
        if not self._told:
            return False
        self._told = False
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        return True
