"""An outbox: a local file to which messages are added, for a person to carry them to a network without an API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.networks.call import ask, doubt, no_answer
from veilleuse.adapters.networks.outbox_file import Message, append, entries, keep
from veilleuse.adapters.networks.since import Since, cursor_after, cursor_at
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Identity, Reading
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import ContentRefused, Unreachable
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.language import N_, sentence, speaking
from veilleuse.ports import Clock, Network

T = TypeVar("T")

SPEC = NetworkSpec(
    name="outbox",
    title="Outbox",
    keys=(Key(name="path", help=N_("the text file to which messages are added")),),
    identity_key="path",
    secrets=(),
    limit=20_000,
    measure=len,
    link_in_text=True,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    image_max_bytes=50_000_000,
    absence_after=None,  # the file itself tells
    by_hand=True,
)

_FIRST_READ = 10
_MOST = 200


@contextmanager
def connect(account: Account, secrets: Mapping[str, str], *, clock: Clock | None = None) -> Iterator[Network]:
    """The file. Its folder must be there; the file itself is made with the first message."""
    yield Outbox(path=Path(account.identity), clock=clock or SystemClock(), language=account.language)


class Outbox:
    """One file. Implements `ports.Network` and `Tracing`."""

    spec = SPEC

    def __init__(self, *, path: Path, clock: Clock, language: str = "en") -> None:
        self._path = path
        self._clock = clock
        self._language = language  # of whoever carries the messages over

    def identify(self) -> Identity:
        return Identity(remote_id=str(self._path), handle=self._path.name)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        found = Since.of(cursor).new(self._entries())
        kept = found[: _MOST if cursor else _FIRST_READ]
        return Reading(
            entries=kept,
            complete=cursor is None or len(kept) == len(found),
            cursor=cursor_after(kept, cursor, self._clock.now()),
            server_time=self._clock.now(),
        )

    def cursor_at(self, moment: datetime) -> str:
        return cursor_at(moment)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if SPEC.measure(payload.text) > SPEC.limit:
            raise ContentRefused(
                sentence("The text is longer than {limit} characters. It is not in the outbox.", limit=SPEC.limit)
            )
        number = uuid4().hex[:16]
        if payload.image is None or image is None:
            return {"number": number}
        name = f"{payload.image.sha256[:16]}.{payload.image.media_type.rpartition('/')[2]}"
        return {"number": number, "image": self._writing(lambda: keep(self._path, name, image), publishing=False)}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        message = Message(
            number=prepared["number"],
            at=self._clock.now(),
            text=payload.text,
            image=prepared.get("image"),
            alt=payload.alt,
        )
        with speaking(self._language):
            self._writing(lambda: append(self._path, message), publishing=True)
        return Published(remote_id=message.number)

    def trace(self, remote_id: str, prepared: Mapping[str, str]) -> Published | NotLive | None:
        """Whether the message stands there, whole."""
        number = prepared.get("number")
        if number is None:
            return None
        return Published(remote_id=number) if any(e.remote_id == number for e in self._entries()) else NotLive()

    def _entries(self) -> list[Entry]:
        try:
            return entries(self._path)
        except OSError as error:
            raise Unreachable(
                sentence("The outbox {path} cannot be read ({why}).", path=self._path, why=error.strerror)
            ) from None

    def _writing(self, call: Callable[[], T], *, publishing: bool) -> T:
        title = sentence("The outbox {path}", path=self._path)
        return ask(
            call,
            lambda error: (
                no_answer(title, error, publishing=publishing)
                or doubt(title, sentence("the program failed while writing"), publishing=publishing)
            ),
        )
