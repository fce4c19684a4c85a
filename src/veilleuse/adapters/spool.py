"""The spool: receipts the database would not take, one file each, on disk before `keep` returns."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from veilleuse.domain.attempt import Proof, Receipt
from veilleuse.ports import StoreUnavailable

log = structlog.get_logger()


class FileSpool:
    """A folder, made when first needed. A file's name holds the digest of its content, so a torn one is known."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._refused: set[Path] = set()  # reported, and tried again by the next process

    def keep(self, receipt: Receipt) -> None:
        """Raises OSError if the disk will not take it either; then only reading the network can tell."""
        content = json.dumps({**asdict(receipt), "at": receipt.at.isoformat()}, ensure_ascii=False).encode()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{receipt.at:%Y%m%dT%H%M%S}-{_digest(content)}.json"
        with self._locked() as folder:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with open(file, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(file)
            os.fsync(folder)  # the name is as durable as the content

    def replay(self, record: Callable[[Receipt], None]) -> int:
        """Oldest first. What cannot be read is set aside as `*.corrupt`; what the database refuses stays."""
        taken = 0
        for path, receipt in self._kept():
            try:
                record(receipt)
            except StoreUnavailable:
                break
            except Exception:
                # One receipt the database will never take must not hold up the others.
                self._refused.add(path)
                log.exception("spool.refused", file=str(path), account=receipt.account, post=receipt.post_id)
                continue
            path.unlink(missing_ok=True)
            taken += 1
            log.info("spool.replayed", account=receipt.account, post=receipt.post_id, remote_id=receipt.remote_id)
        return taken

    def _kept(self) -> list[tuple[Path, Receipt]]:
        if not self._folder.is_dir():
            return []
        kept = []
        with self._locked():
            for path in sorted(set(self._folder.glob("*.json")) - self._refused):
                try:
                    kept.append((path, _read(path)))
                except (ValueError, TypeError, KeyError) as why:
                    aside = path.rename(path.with_suffix(".corrupt"))
                    log.error(
                        "spool.corrupt", file=str(aside), why=str(why), remedy="compare it with the network by hand"
                    )
        return kept

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Nobody, in this process or another, reads a file half written. Yields the open folder."""
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(folder)


def _read(path: Path) -> Receipt:
    content = path.read_bytes()
    if not path.stem.endswith(_digest(content)):
        raise ValueError("the content is not what was written")
    fields: dict[str, Any] = json.loads(content)
    return Receipt(**{**fields, "at": datetime.fromisoformat(fields["at"]), "proof": Proof(fields["proof"])})


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
