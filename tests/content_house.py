"""A content folder as people leave it, and the accounts it speaks for."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.domain.posts import utc
from tests.fakes import FakeClock, MemoryStore
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Proof, Receipt
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.hours import Hours
from veilleuse.domain.post import Post
from veilleuse.domain.rule import Rule
from veilleuse.ports import FileUnreadable, Store
from veilleuse.services.sync import Sync, SyncReport

NOW = utc("2026-11-20 10:00")
RULE = Rule(hours=Hours(zone=ZoneInfo("Europe/Paris")))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
JPEG = b"\xff\xd8\xff\xe0" + bytes(50)


def an_account(name: str, network: str = "x", *, language: str = "fr", rule: Rule = RULE, **more: Any) -> Account:
    return Account(name=name, network=network, identity=name, owner="claire", language=language, rule=rule, **more)


ACCOUNTS = {
    account.name: account
    for account in (
        an_account("acme-x"),
        an_account("acme-facebook", "facebook"),
        an_account("acme-uk", "facebook", language="en", approvers=("claire", "anna")),
    )
}


class Folder:
    """The folder, read for some accounts at a clock that stands still."""

    def __init__(self, root: Path, accounts: Mapping[str, Account] = ACCOUNTS, store: Store | None = None) -> None:
        self.root = root
        self.clock = FakeClock(NOW)
        self.accounts = accounts
        self.store = store or MemoryStore()
        self.source = FolderSource(root, accounts, SPECS, self.clock)
        self.store.register(accounts.values(), NOW)
        self._remote_ids = count(1)

    def write(self, path: str, content: str | bytes, encoding: str = "utf-8") -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))

    def delete(self, path: str) -> None:
        (self.root / path).unlink()

    def read(self) -> tuple[list[Post], list[Verdict]]:
        """Every file judged, without any store."""
        posts: list[Post] = []
        verdicts: list[Verdict] = []
        for file in self.source.scan().files:
            try:
                for item in file.parse():
                    if isinstance(item, Post):
                        posts.append(item)
                    else:
                        verdicts.append(item)
            except FileUnreadable as unreadable:
                verdicts.append(unreadable.verdict)
        return posts, verdicts

    def posts(self) -> list[Post]:
        return self.read()[0]

    def verdicts(self, *severities: Severity) -> list[str]:
        return [str(verdict) for verdict in self.read()[1] if verdict.severity in (severities or tuple(Severity))]

    def sync(self, *, dry_run: bool = False) -> SyncReport:
        return Sync(self.source, self.store, self.clock, self.accounts).run(dry_run=dry_run)

    def wait(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def queue(self, account: str = "acme-x") -> dict[str, str]:
        """What the account may say: id -> text."""
        return {each.post.id: each.post.text for each in self.store.candidates(account)}

    def publish(self, account: str, post_id: str) -> None:
        """As if the post had gone out now."""
        post = next(each.post for each in self.store.candidates(account) if each.post.id == post_id)
        self.store.record_receipt(
            Receipt(
                account=account,
                network=self.accounts[account].network,
                identity=account,
                remote_id=str(next(self._remote_ids)),
                post_id=post_id,
                use=0,
                digest=post.digest,
                text=post.text,
                link=post.link,
                image=None,
                approved_by="claire",
                url=None,
                at=self.clock.now(),
                proof=Proof.ANSWER,
            )
        )


def toml(*posts: str, top: str = 'approved_by = "claire"') -> str:
    """A file of posts, each given as its lines."""
    return "\n".join([top, *(f"\n[[post]]\n{post}" for post in posts), ""])
