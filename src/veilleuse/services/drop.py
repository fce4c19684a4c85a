"""Drop: posts that somebody brings by way of the page, judged as a sync would, before anything enters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from veilleuse.domain.account import Account
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.post import Post
from veilleuse.language import sentence
from veilleuse.ports import Clock, DropPlace, DropRefused, FileUnreadable, Store
from veilleuse.services.sync import Sync

SHEET_WORDS = frozenset({"text", "texte"})
NAMED = 5  # of those who may not have approved it
REMEMBERED = 100  # whose dropped file is whose; more than are ever kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What would become of a dropped file. Nothing has entered yet."""

    token: str
    account: str
    path: str  # where it would stand, relative to the content folder
    posts: tuple[Post, ...]  # those that are not left out
    added: tuple[str, ...]  # ACCOUNT/ID
    changed: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    obstacle: str | None  # why it cannot be taken; None: it can

    @property
    def drafts(self) -> int:
        return sum(1 for post in self.posts if post.approved_by is None)


class Drops:
    def __init__(self, place: DropPlace, store: Store, clock: Clock, accounts: Mapping[str, Account]) -> None:
        self._place = place
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._owners: dict[str, tuple[str, str]] = {}

    def stage(self, account: str, name: str, data: bytes, by: str) -> str:
        """Keep it to be judged; the token by which that person finds it again. Raises DropRefused."""
        token = self._place.stage(account, name, data)
        self._owners[token] = (account, by)
        while len(self._owners) > REMEMBERED:
            self._owners.pop(next(iter(self._owners)))
        return token

    def judge(self, token: str, by: str) -> Judged:
        """Raises DropRefused, StoreUnavailable."""
        account = self._own(token, by)
        path, source = self._place.path(token), self._place.source(token)
        report = Sync(source, self._store, self._clock, self._accounts).run(dry_run=True)
        posts: list[Post] = []
        for file in source.scan().files:
            if file.path == path:
                try:
                    posts += [item for item in file.parse() if isinstance(item, Post)]
                except FileUnreadable:
                    posts = []  # the report says why
        verdicts = [v for record in report.files if record.path == path for v in record.verdicts]
        verdicts += [verdict for verdict in report.passing if verdict.source.file == path]
        entering = {post.ref for post in posts}
        return Judged(
            token=token,
            account=account,
            path=path,
            posts=tuple(posts),
            added=tuple(ref for ref in report.added if ref in entering),
            changed=tuple(ref for ref in report.changed if ref in entering),
            verdicts=tuple(sorted(verdicts, key=lambda verdict: list(Severity).index(verdict.severity))),
            obstacle=self._obstacle(account, posts, self._place.approvers(token), by),
        )

    def confirm(self, token: str, by: str) -> Judged:
        """Put it into the content folder; the daemon reads it within seconds. Raises DropRefused, StoreUnavailable."""
        judged = self.judge(token, by)
        if judged.obstacle:
            raise DropRefused(judged.obstacle)
        path = self._place.settle(token)
        self._owners.pop(token, None)
        self._store.note(
            Deed(
                at=self._clock.now(),
                by=by,
                act=Act.DROPPED,
                account=judged.account,
                subject=path,
                detail=", ".join(post.id for post in judged.posts),
            )
        )
        return judged

    def forget(self, token: str, by: str) -> None:
        self._own(token, by)
        self._owners.pop(token, None)
        self._place.forget(token)

    def _own(self, token: str, by: str) -> str:
        account, owner = self._owners.get(token, ("", ""))
        if owner != by or account not in self._accounts:
            raise DropRefused(sentence("This file is kept no longer. Drop it again."))
        return account

    def _obstacle(self, account: str, posts: list[Post], approvers: Iterable[str], by: str) -> str | None:
        """The page knows who drops it: a file may name nobody else as its approver.

        Not even beside a post that is left out: once a server takes longer texts, an image stands there or an account
        is new, the daemon lets it in, and nobody is asked.
        """
        others = sorted({name for name in approvers if name.casefold() != by})
        if others:
            return sentence(
                "It says that {others} approved it, and you are {by}. Leave the approver out: it can be signed here.",
                others=", ".join(name[:80] for name in others[:NAMED]),
                by=by,
            )
        if not posts:
            return sentence("There is no post in it that could enter.")
        return self._place.obstacle(account)


def pasted(text: str) -> tuple[str, bytes]:
    """What stands in the box, as a file: rows copied from a spreadsheet if its first line names a text column."""
    first = text.strip().partition("\n")[0].strip().lower()
    for separator in ("\t", ";", ","):
        if SHEET_WORDS & {cell.strip().strip('"') for cell in first.split(separator)}:
            return "pasted.csv", text.encode()
    return "text.txt", text.encode()
