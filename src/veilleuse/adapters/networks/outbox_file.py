"""The outbox as a file: messages one below the other, as plain text that a person copies from.

    ----- 2026-11-20 09:00:00 UTC  4be0643f1d98573b -----
    Image: outbox-images/9f86d081884c7d65.png
    Alternative text: The workshop, seen from the street

    The text, ready to copy.
    ----- end of 4be0643f1d98573b -----

A message counts once its last line stands there: what a crash cut off is no message. The number in both lines cannot
stand in a text by chance. What a person deletes or adds between messages does no harm. The two lines around a message
are the same in every language; what stands below the first is in the language of the account.
"""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from veilleuse.adapters.networks.call import Broken, NotSent
from veilleuse.domain.activity import Entry
from veilleuse.language import _, sentence

_BEGIN = re.compile(r"^----- (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC  ([0-9a-f]{16}) -----\n", re.MULTILINE)
_LOCK_WITHIN = 5.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`at` is aware UTC; `image` is where its copy stands, relative to the file."""

    number: str
    at: datetime
    text: str
    image: str | None = None
    alt: str | None = None

    def __str__(self) -> str:
        head = f"----- {self.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC  {self.number} -----\n"
        image = _("Image: {file}").format(file=self.image) + "\n" if self.image else ""
        alt = _("Alternative text: {text}").format(text=" ".join(self.alt.split())) + "\n" if self.alt else ""
        return f"{head}{image}{alt}\n{self.text}\n{_end(self.number)}\n"


def entries(path: Path) -> list[Entry]:
    """Every whole message, oldest first; none while there is no file. Raises OSError."""
    try:
        written = path.read_bytes().decode(errors="replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return []
    return list(_parse(written))


def append(path: Path, message: Message) -> None:
    """One message, whole and on the disk. Raises NotSent if nothing was written, Broken if that is not known."""
    try:
        file = path.open("ab", buffering=0)
    except OSError as error:
        raise NotSent(sentence("{path} cannot be written ({why})", path=path, why=error.strerror)) from None
    with file, _alone(file.fileno(), path):
        # A line of its own, whatever stands before: an editor's file without an end, or half a message.
        block = f"\n{message}".encode()
        try:
            if os.write(file.fileno(), block) != len(block):
                raise Broken(sentence("{path} took only part of it (is the disk full?)", path=path))
            os.fsync(file.fileno())
        except OSError as error:
            raise Broken(
                sentence("{path} could not be written to its end ({why})", path=path, why=error.strerror)
            ) from None


def keep(path: Path, name: str, image: bytes) -> str:
    """A copy of the image beside the file, and where it stands. Raises NotSent."""
    folder = path.with_name(f"{path.stem}-images")
    copy = folder / name
    try:
        folder.mkdir(exist_ok=True)
        part = folder / f"{name}.part"
        with part.open("wb") as file:
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        part.replace(copy)
    except OSError as error:
        raise NotSent(sentence("{path} cannot be written ({why})", path=copy, why=error.strerror)) from None
    return f"{folder.name}/{name}"


@contextmanager
def _alone(descriptor: int, path: Path) -> Iterator[None]:
    until = time.monotonic() + _LOCK_WITHIN
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            if time.monotonic() >= until:
                raise NotSent(sentence("another program holds {path}", path=path)) from None
            time.sleep(0.05)
    yield


def _parse(written: str) -> Iterator[Entry]:
    position = 0
    while begin := _BEGIN.search(written, position):
        position = begin.end()
        end = written.find(f"\n{_end(begin[2])}", position)
        if end >= 0:
            _, _, text = written[begin.end() - 1 : end].partition("\n\n")
            at = datetime.strptime(begin[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
            yield Entry(remote_id=begin[2], text=text.strip(), created_at=at)
            position = end


def _end(number: str) -> str:
    return f"----- end of {number} -----"
