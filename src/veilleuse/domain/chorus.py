"""How the posts of one sync sound together: what no post can be told by itself. It warns, and refuses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from veilleuse.domain.account import Account
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Post, Source

ASKLESS = 8  # posts in a row that ask the reader nothing
_QUESTIONS = ("?", "\uff1f", "\u037e")


@dataclass(slots=True)
class _Twins:
    first: Source
    count: int = 0


class Chorus:
    """Hears every post as it is read, file by file; costs a look at its text, and a hash if there are two networks."""

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._networks = len({account.network for account in accounts.values()}) > 1
        self._said_on: dict[int, str] = {}  # hash of a text -> the first account that says it
        self._twins: dict[tuple[str, str, str], _Twins] = {}  # file, one account, the other
        self._askless: dict[str, int] = {}  # account -> posts in a row
        self._warned: dict[str, Post] = {}  # account -> the post at which the row was long enough

    def hear(self, post: Post) -> None:
        account = self._accounts.get(post.account)
        if account is None:
            return
        texts = post.wordings(account.network)
        if not post.reserve and post.account not in self._warned:
            self._count(post, any(mark in text for text in texts for mark in _QUESTIONS))
        if self._networks:
            self._compare(post, account.network, texts)

    def _count(self, post: Post, asks: bool) -> None:
        self._askless[post.account] = 0 if asks else self._askless.get(post.account, 0) + 1
        if self._askless[post.account] == ASKLESS:
            self._warned[post.account] = post

    def _compare(self, post: Post, network: str, texts: tuple[str, ...]) -> None:
        for text in texts:
            other = self._said_on.setdefault(hash(" ".join(text.split())), post.account)
            if self._accounts[other].network != network:
                twins = self._twins.setdefault((post.source.file, other, post.account), _Twins(post.source))
                twins.count += 1
                return

    def verdicts(self) -> Mapping[str, list[Verdict]]:
        """What there is to say of each file, by its path: of each pair of accounts, and of each account, once."""
        found: dict[str, list[Verdict]] = {}
        for (file, other, account), twins in self._twins.items():
            posts = "A post says" if twins.count == 1 else f"{twins.count} posts say"
            verdict = Verdict(
                severity=Severity.WARNING,
                source=twins.first,
                message=f"{posts} the same on {other} and {account}: who follows both reads everything twice.",
                remedy=f'Give each network its own words: variants = {{ {self._accounts[account].network} = "..." }}.',
                account=account,
            )
            found.setdefault(file, []).append(verdict)
        for account, post in self._warned.items():
            verdict = Verdict(
                severity=Severity.WARNING,
                source=post.source,
                message=f"{ASKLESS} posts of {account} in a row ask the reader nothing.",
                remedy="Talk with people: end one of them with a question.",
                account=account,
            )
            found.setdefault(post.source.file, []).append(verdict)
        return found
