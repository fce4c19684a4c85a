"""Walking the content folder: what stands in it for people, and what their programs leave beside it."""

import os
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PASSING = (".tmp", ".swp", ".swo", ".swx", ".bak", ".part", ".partial", ".filepart", ".crdownload", "~")
_UNREAD = frozenset({"thumbs.db", "desktop.ini", "icon\r", "lost+found"})  # what systems put into folders
_READ_ME = ("readme", "lisezmoi", "lisez-moi")
_CONFLICT = re.compile(  # Dropbox, Nextcloud; ownCloud; Syncthing
    r"\((?:.* )?(?:conflicted copy|copie en conflit)\b|_conflict-\d{8}-|\.sync-conflict-\d{8}-", re.IGNORECASE
)
_STOP = frozenset({"stop", "stop.txt"})


@dataclass(frozen=True, slots=True)
class Found:
    path: Path
    name: str  # relative to the root, with "/": for people and for the database

    @property
    def folders(self) -> Sequence[str]:
        """From the outermost to the one it stands in."""
        return self.name.split("/")[:-1]

    @property
    def is_stop(self) -> bool:
        return self.name.rpartition("/")[2].casefold() in _STOP

    @property
    def is_conflict(self) -> bool:
        """Whether a file service kept it beside the real one, because two people changed that at once."""
        return _CONFLICT.search(self.name.rpartition("/")[2]) is not None


@dataclass(slots=True)
class Tree:
    """Every visible file below a root, in the order of their names, and the folders that could not be opened."""

    files: list[Found] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)  # "folder/"


def walk(root: Path) -> Tree:
    """Raises OSError if the root itself cannot be opened.

    Links are followed, so that a Kubernetes ConfigMap works (its `..data` is hidden, the links beside it are not);
    a folder is entered once, and by its own name rather than by a link, so that links in a circle end.
    """
    tree = Tree()
    entered = {_identity(os.stat(root))}
    waiting = deque([("", list(os.scandir(root)))])
    while waiting:
        prefix, entries = waiting.popleft()
        for entry in sorted(entries, key=lambda each: (each.is_symlink(), each.name)):
            if _is_left_behind(entry.name):
                continue
            name = prefix + os.fsencode(entry.name).decode(errors="replace")
            try:
                if entry.is_dir():
                    identity = _identity(entry.stat())
                    if identity not in entered:
                        entered.add(identity)
                        waiting.append((f"{name}/", list(os.scandir(entry.path))))
                elif entry.is_file() or entry.is_symlink():  # a link to nothing is somebody's mistake: it is told
                    tree.files.append(Found(Path(entry.path), name))
            except OSError:
                tree.closed.append(f"{name}/")
    tree.files.sort(key=lambda found: (found.name.casefold(), found.name))
    return tree


def _is_left_behind(name: str) -> bool:
    """Hidden files, backups, locks and half-written copies."""
    plain = name.casefold()
    return (
        plain.startswith((".", "~$", "#"))
        or plain.endswith(_PASSING)
        or plain in _UNREAD
        or plain.split(".")[0] in _READ_ME
    )


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
