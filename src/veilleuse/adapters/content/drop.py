"""Files dropped on the page: a temporary place to judge them in, and the one way into the content folder."""

import os
import re
import secrets
import tempfile
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from veilleuse.adapters.content.approvers import approvers
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.content.reader import PARSERS
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Limits
from veilleuse.domain.content import FolderState
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import sentence
from veilleuse.ports import Clock, ContentSource, DropRefused, Scan

LARGEST = 10_000_000  # bytes
KEPT = 20  # files waiting for a yes; the oldest goes first
KEPT_FOR = 3600.0  # seconds
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    account: str
    path: str  # relative, as it would stand
    root: Path  # a folder with nothing but that file in it
    until: float


class DropFolder:
    """Fulfils ports.DropPlace on the content folder of one house."""

    def __init__(
        self,
        root: Path,
        accounts: Mapping[str, Account],
        specs: Mapping[str, NetworkSpec],
        clock: Clock,
        limits: Callable[[], Mapping[str, Limits]] = dict,
    ) -> None:
        self._root = root
        self._accounts = accounts
        self._specs = specs
        self._clock = clock
        self._limits = limits
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._staging: tempfile.TemporaryDirectory[str] | None = None

    def stage(self, account: str, name: str, data: bytes) -> str:
        if len(data) > LARGEST:
            raise DropRefused(
                sentence("This file is larger than {most} MB. Divide it into several.", most=LARGEST // 1_000_000)
            )
        if not data.strip():
            raise DropRefused(sentence("There is nothing in it."))
        token = secrets.token_urlsafe(18)
        path = f"{account}/{self._name(name)}"
        with self._lock:
            root = self._place(token)
            target = root / path
            target.parent.mkdir(parents=True)
            target.write_bytes(data)
            self._held[token] = _Held(account=account, path=path, root=root, until=time.monotonic() + KEPT_FOR)
            while len(self._held) > KEPT:
                self._remove(next(iter(self._held)))
        return token

    def path(self, token: str) -> str:
        return self._find(token).path

    def source(self, token: str) -> ContentSource:
        held = self._find(token)
        house = (self._accounts, self._specs, self._clock)
        return _With(
            FolderSource(self._root, *house, limits=self._limits),
            FolderSource(held.root, *house, images=self._root, limits=self._limits),
        )

    def approvers(self, token: str) -> frozenset[str]:
        held = self._find(token)
        return approvers(held.root / held.path, held.path)

    def obstacle(self, account: str) -> str | None:
        place = self._root / account
        if not self._root.is_dir():
            return sentence("The content folder {folder} is not there.", folder=self._root)
        if not place.resolve().is_relative_to(self._root.resolve()):
            return sentence("{folder} leads out of the content folder.", folder=place)
        if not os.access(place if place.exists() else self._root, os.W_OK | os.X_OK):
            return sentence("The content folder is read-only for this service: {folder}.", folder=self._root)
        return None

    def settle(self, token: str) -> str:
        held = self._find(token)
        if why := self.obstacle(held.account):
            raise DropRefused(why)
        wanted = self._root / held.path
        try:
            wanted.parent.mkdir(exist_ok=True)
            written = _put((held.root / held.path).read_bytes(), wanted)
        except OSError as failed:
            raise DropRefused(
                sentence("It could not be written to {folder}: {why}.", folder=wanted.parent, why=failed.strerror)
            ) from None
        self.forget(token)
        return f"{held.account}/{written.name}"

    def forget(self, token: str) -> None:
        with self._lock:
            if token in self._held:
                self._remove(token)

    def close(self) -> None:
        """Throw away what nobody let in."""
        with self._lock:
            self._held.clear()
            if self._staging is not None:
                self._staging.cleanup()
                self._staging = None

    def _name(self, given: str) -> str:
        """A safe one that says when it came: never another account's name, never one that folders are read past."""
        given = PurePosixPath(given.replace("\\", "/")).name
        suffix = PurePosixPath(given).suffix.lower()
        if suffix not in PARSERS:
            raise DropRefused(
                sentence(
                    "Posts are read from {suffixes} files; this one is called {name}.",
                    suffixes=", ".join(sorted(PARSERS)),
                    name=f'"{given[:80]}"',
                )
            )
        plain = unicodedata.normalize("NFKD", PurePosixPath(given).stem).encode("ascii", "ignore").decode().lower()
        stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-")
        return f"{self._clock.now():%Y-%m-%d}-{stem or 'posts'}{suffix}"

    def _find(self, token: str) -> _Held:
        with self._lock:
            held = self._held.get(token)
            if held is not None and held.until > time.monotonic():
                return held
        raise DropRefused(sentence("This file is kept no longer. Drop it again."))

    def _place(self, token: str) -> Path:
        if self._staging is None:
            self._staging = tempfile.TemporaryDirectory(prefix="veilleuse-drop-", ignore_cleanup_errors=True)
        return Path(self._staging.name) / token

    def _remove(self, token: str) -> None:
        held = self._held.pop(token)
        for found in sorted(held.root.rglob("*"), reverse=True):
            with suppress(OSError):
                found.rmdir() if found.is_dir() else found.unlink()
        with suppress(OSError):
            held.root.rmdir()


class _With:
    """The content folder, and one more file in it."""

    def __init__(self, folder: FolderSource, dropped: FolderSource) -> None:
        self._folder = folder
        self._dropped = dropped

    def scan(self) -> Scan:
        found, dropped = self._folder.scan(), self._dropped.scan()
        files = sorted((*found.files, *dropped.files), key=lambda file: (file.path.casefold(), file.path))
        return replace(found, state=FolderState.READABLE, files=tuple(files))

    def stops(self) -> tuple[tuple[str, str, str], ...]:
        return self._folder.stops()

    def image(self, sha256: str) -> bytes:
        return self._dropped.image(sha256)


def _put(data: bytes, wanted: Path) -> Path:
    """Write beside it under a hidden name, then give it its own: nobody reads half a file, none is replaced."""
    hidden = wanted.with_name(f".{wanted.name}.{secrets.token_hex(4)}")
    file = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
    try:
        with open(file, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(file)
        for number in range(1, 1000):
            free = wanted if number == 1 else wanted.with_stem(f"{wanted.stem}-{number}")
            with suppress(FileExistsError):
                os.link(hidden, free)
                _settle_names(free.parent)
                return free
        raise FileExistsError(0, "a thousand files of that name are there", str(wanted))
    finally:
        hidden.unlink()


def _settle_names(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
