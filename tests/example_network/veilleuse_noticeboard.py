"""A notice board for veilleuse: each post is a text file in a folder that a screen in the hall shows."""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Published
from veilleuse.domain.errors import Unreachable
from veilleuse.domain.network import Key, NetworkSpec

SPEC = NetworkSpec(
    name="noticeboard",
    title="Notice board",
    keys=(Key(name="path", help="the folder that the screen shows"),),
    identity_key="path",
    secrets=(),
    limit=500,
    measure=len,
    link_in_text=True,
)


@contextmanager
def connect(account, secrets):
    yield NoticeBoard(Path(account.identity))


class NoticeBoard:
    spec = SPEC

    def __init__(self, folder):
        self._folder = folder

    def identify(self):
        return None  # a folder cannot tell whose it is

    def read(self, remote_id, cursor):
        try:
            notes = sorted(((note.stat().st_mtime, note) for note in self._folder.glob("*.txt")), reverse=True)
            entries = tuple(
                Entry(remote_id=note.name, text=note.read_text("utf-8"), created_at=datetime.fromtimestamp(at, UTC))
                for at, note in notes[:200]
            )
        except OSError as error:
            raise Unreachable(f"The notice board cannot be read: {error.strerror}.") from None
        return Reading(entries=entries, complete=len(notes) <= 200, cursor=None, server_time=None)

    def prepare(self, payload, image):
        return {}

    def publish(self, remote_id, payload, prepared, key):
        note = self._folder / f"{key}.txt"
        try:
            note.write_text(payload.text, "utf-8")
        except OSError as error:
            raise Unreachable(f"The notice board cannot be written: {error.strerror}.") from None
        return Published(remote_id=note.name)
