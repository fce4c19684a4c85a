"""The key that signs who is signed in on the page: made once, kept where nobody else may read."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import structlog

BYTES = 32

log = structlog.get_logger()


def page_key(path: Path) -> bytes:
    """The key in that file, made if missing. Where it cannot be kept, everybody signs in again after a restart."""
    with suppress(OSError):
        held = path.read_bytes()
        if len(held) == BYTES:
            return held
    key = secrets.token_bytes(BYTES)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(file, "wb") as stream:
            stream.write(key)
        os.replace(fresh, path)
    except OSError as why:
        log.warning("page.key_not_kept", file=str(path), why=why.strerror)
    return key
