"""The files' texts in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.memory.lock import Locked, one_at_a_time
from veilleuse.domain.content import FileRecord, IndexedPost, SyncChange
from veilleuse.domain.farewell import PLACE
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.post import Post

Key = tuple[str, str]
FreezeKey = tuple[str, str, str]  # account, network, origin


@dataclass
class Stored:
    post: Post
    missing_since: datetime | None = None
    withdrawn: bool = False

    @property
    def stands(self) -> bool:
        return self.missing_since is None and not self.withdrawn


@one_at_a_time
class MemoryPosts(Locked):
    def __init__(self) -> None:
        super().__init__()
        self._posts: dict[Key, Stored] = {}
        self._images: dict[str, bytes] = {}
        self._files: dict[str, FileRecord] = {}
        self._freezes: dict[FreezeKey, Freeze] = {}

    def files(self) -> Mapping[str, FileRecord]:
        return dict(self._files)

    def index(self) -> Mapping[Key, IndexedPost]:
        return {
            key: IndexedPost(
                account=stored.post.account,
                id=stored.post.id,
                file=stored.post.source.file,
                digest=stored.post.digest,
                row_digest=stored.post.row_digest,
                missing_since=stored.missing_since,
                reserve=stored.post.reserve,
            )
            for key, stored in self._posts.items()
            if not stored.withdrawn and stored.post.source.file != PLACE
        }

    def apply(self, change: SyncChange, now: datetime) -> None:
        self._images.update(change.images)
        self._posts.update({(post.account, post.id): Stored(post) for post in change.upserts})
        for key in change.found & self._posts.keys():
            self._posts[key].missing_since = None
        for key in change.missing & self._posts.keys():
            self._posts[key].missing_since = self._posts[key].missing_since or now
        for key in change.withdrawn & self._posts.keys():
            self._posts[key].withdrawn = True
        self._files.update({file.path: file for file in change.files})
        for path in change.gone:
            self._files.pop(path, None)

    def set_stops(self, stops: Iterable[Freeze]) -> None:
        held = {key: freeze for key, freeze in self._freezes.items() if freeze.file is not None}
        self._freezes = {key: freeze for key, freeze in self._freezes.items() if key not in held}
        for stop in stops:
            old = held.get(_key(stop))
            self._freezes[_key(stop)] = old if old and old.reason == stop.reason else stop

    def freeze(self, freeze: Freeze) -> None:
        self._freezes[_key(freeze)] = freeze

    def thaw(self, freeze: Freeze) -> bool:
        return self._freezes.pop(_key(freeze), None) is not None

    def image(self, sha256: str) -> bytes:
        return self._images[sha256]

    def freezes(self, now: datetime) -> list[Freeze]:
        holding = (f for f in self._freezes.values() if f.until is None or f.until > now)
        return sorted(holding, key=lambda freeze: freeze.since)


def _key(freeze: Freeze) -> FreezeKey:
    return freeze.account, freeze.network, freeze.origin
