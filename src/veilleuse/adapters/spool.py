"""The spool: receipts the database would not take, one file each, on disk before `keep` returns."""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import structlog

from veilleuse.domain.attempt import Proof, Receipt
from veilleuse.ports import StoreUnavailable

log = structlog.get_logger()


class FileSpool:
    """A folder, made when first needed. A file's name holds the digest of its content, so a torn one is known."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, receipt: Receipt) -> None:
        """Raises OSError if the disk will not take it either; then only reading the network can tell."""
        content = json.dumps({**asdict(receipt), "at": receipt.at.isoformat()}, ensure_ascii=False).encode()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / f"{receipt.at:%Y%m%dT%H%M%S}-{_digest(content)}.json"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        try:
            os.write(file, content)
            os.fsync(file)
        finally:
            os.close(file)
        folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)  # the name is as durable as the content
        finally:
            os.close(folder)

    def replay(self, record: Callable[[Receipt], None]) -> int:
        """Oldest first. What cannot be read is set aside as `*.corrupt`; what the database refuses stays."""
        taken = 0
        for path in sorted(self._folder.glob("*.json")):
            try:
                receipt = _read(path)
            except (ValueError, TypeError, KeyError) as why:
                aside = path.rename(path.with_suffix(".corrupt"))
                log.error(
                    "spool.corrupt", file=str(aside), reason=str(why), remedy="compare it with the network by hand"
                )
                continue
            try:
                record(receipt)
            except StoreUnavailable:
                break
            except Exception:
                # One receipt the database will never take must not hold up the others, nor the start.
                log.exception("spool.refused", file=str(path), account=receipt.account, post=receipt.post_id)
                continue
            path.unlink()
            taken += 1
            log.info("spool.replayed", account=receipt.account, post=receipt.post_id, remote_id=receipt.remote_id)
        return taken


def _read(path: Path) -> Receipt:
    content = path.read_bytes()
    if not path.stem.endswith(_digest(content)):
        raise ValueError("the content is not what was written")
    fields: Mapping[str, str] = json.loads(content)
    return Receipt(**{**fields, "at": datetime.fromisoformat(fields["at"]), "proof": Proof(fields["proof"])})  # type: ignore[arg-type]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
