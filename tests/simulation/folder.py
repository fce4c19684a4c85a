"""The content folder in memory, edited by people while daemons read it; it remembers what was approved when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from veilleuse.domain.account import Account
from veilleuse.domain.content import FolderState, Severity, Verdict
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Image, Post, Source
from veilleuse.ports import ContentFile, FileUnreadable, Scan

Said = tuple[str, str | None, str | None]  # text as sent, link beside it, image


@dataclass(slots=True)
class Approved:
    """From when until when this content stood approved. Aware UTC; `until` None: it still does."""

    since: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Page:
    """One file: its posts by id, in order."""

    path: str
    account: str
    posts: dict[str, Post] = field(default_factory=dict)
    version: int = 0
    broken: bool = False


class Folder:
    """Fulfils ports.ContentSource through `scan`, `stops` and `image`; `touch` after every change."""

    def __init__(self, accounts: Iterable[Account], specs: dict[str, NetworkSpec]) -> None:
        self.pages = {f"{a.name}.toml": Page(f"{a.name}.toml", a.name) for a in accounts}
        self.networks = {account.name: specs[account.network] for account in accounts}
        self.stop_files: dict[str, datetime] = {}  # account ("" for all) -> since when it stands there
        self.state = FolderState.READABLE
        self.approved: dict[str, dict[Said, list[Approved]]] = {name: {} for name in self.networks}
        self.images: dict[str, bytes] = {}
        self.changed_at: datetime | None = None

    # --- what the daemons see ---

    def scan(self) -> Scan:
        if self.state is not FolderState.READABLE:
            return Scan(state=self.state, detail="/content")
        files = tuple(self._file(page) for _, page in sorted(self.pages.items()))
        return Scan(state=self.state, files=files, stops=self._stops())

    def stops(self) -> tuple[tuple[str, str, str], ...]:
        return () if self.state in (FolderState.MISSING, FolderState.UNREADABLE) else self._stops()

    def image(self, sha256: str) -> bytes:
        return self.images[sha256]

    def _stops(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((name, f"{name}/STOP" if name else "STOP", "rappel produit") for name in sorted(self.stop_files))

    def _file(self, page: Page) -> ContentFile:
        posts, broken, path = tuple(page.posts.values()), page.broken, page.path

        def parse() -> Iterator[Post | Verdict]:
            if broken:
                source = Source(file=path)
                raise FileUnreadable(Verdict(severity=Severity.ERROR, source=source, message="not TOML"))
            yield from posts

        fingerprint = f"{page.version}{'?' if broken else ''}"
        return ContentFile(path=path, fingerprint=fingerprint, parse=parse, accounts=(page.account,))

    # --- what people do ---

    def touch(self, page: Page, now: datetime) -> None:
        page.version += 1
        self.changed_at = now
        standing = {said for post in page.posts.values() if post.approved_by for said in self.said(post)}
        history = self.approved[page.account]
        for said, lives in history.items():
            if lives[-1].until is None and said not in standing:
                lives[-1].until = now
        for said in standing:
            lives = history.setdefault(said, [])
            if not lives or lives[-1].until is not None:
                lives.append(Approved(now))

    def said(self, post: Post) -> list[Said]:
        """What its publication would put on the network, in each wording."""
        spec = self.networks[post.account]
        link = None if spec.link_in_text else post.link
        image = post.image.sha256 if post.image else None
        return [(spec.compose(text, post.link), link, image) for text in post.wordings(spec.name)]

    def was_approved(self, account: str, said: Said, since: datetime, until: datetime) -> bool:
        """Whether it stood approved at some moment of that time."""
        lives = self.approved[account].get(said, [])
        return any(life.since <= until and (life.until is None or life.until > since) for life in lives)

    def add_image(self, name: str) -> Image:
        sha256 = name.encode().hex().ljust(64, "0")[:64]
        self.images[sha256] = name.encode()
        return Image(sha256=sha256, media_type="image/png", size=len(name), name=f"{name}.png")
