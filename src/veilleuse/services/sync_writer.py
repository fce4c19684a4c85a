"""Writing the posts of a sync in portions, so that memory and transactions stay small however large the folder is.

Each portion is right by itself: a crash between two leaves a queue that the next sync completes, because what the
files were judged to be is written last.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from veilleuse.domain.content import IndexedPost, SyncChange
from veilleuse.domain.post import Post
from veilleuse.ports import ContentSource, ImageChanged, PostStore

PORTION = 1000  # posts
PORTION_BYTES = 16_000_000  # of images

Key = tuple[str, str]


class SyncWriter:
    """`index` tells new posts from changed ones. A dry writer only counts."""

    def __init__(
        self, source: ContentSource, store: PostStore, index: Mapping[Key, IndexedPost], now: datetime, *, dry: bool
    ) -> None:
        self.added: list[str] = []  # ACCOUNT/ID
        self.changed: list[str] = []
        self.accounts: set[str] = set()  # that got something
        self.interrupted: set[str] = set()  # files whose image changed between judging and writing
        self._source = source
        self._store = store
        self._index = index
        self._now = now
        self._dry = dry
        self._posts: list[Post] = []
        self._images: dict[str, bytes] = {}
        self._bytes = 0

    def write(self, post: Post) -> None:
        if not self._dry:
            if post.image is not None and post.image.sha256 not in self._images:
                try:
                    self._images[post.image.sha256] = self._source.image(post.image.sha256)
                except ImageChanged:
                    self.interrupted.add(post.source.file)
                    return
                self._bytes += post.image.size
            self._posts.append(post)
        stored = self._index.get((post.account, post.id))
        if stored is None:
            self.added.append(post.ref)
        elif not stored.is_only_moved(post):
            self.changed.append(post.ref)
        self.accounts.add(post.account)
        if len(self._posts) >= PORTION or self._bytes >= PORTION_BYTES:
            self.finish(SyncChange())

    def retract(self, keys: Collection[Key]) -> None:
        """Forget new posts; those written already must be withdrawn."""
        if keys:
            self._posts = [post for post in self._posts if (post.account, post.id) not in keys]
            refs = {f"{account}/{post_id}" for account, post_id in keys}
            self.added = [ref for ref in self.added if ref not in refs]

    def finish(self, change: SyncChange) -> None:
        """Write what is left, together with the rest of the change."""
        change = replace(change, upserts=tuple(self._posts), images=dict(self._images))
        if change and not self._dry:
            self._store.apply(change, self._now)
        self._posts, self._images, self._bytes = [], {}, 0
