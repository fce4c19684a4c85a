"""How the posts of a folder sound together: what no post can be told by itself. It warns, and refuses nothing."""

from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from veilleuse.domain.account import Account
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Post, Source
from veilleuse.language import each_language, ngettext, sentence

ASKLESS = 8  # posts in a row that ask the reader nothing
_QUESTIONS = ("?", "\uff1f", "\u037e")


@dataclass(slots=True)
class _Twins:
    first: Source
    count: int = 0


@dataclass(slots=True)
class _Row:
    """Posts of one account, one after the other, that ask nothing."""

    length: int = 0
    last: Post | None = None  # the last of them that was read now: a warning can stand there
    remembered: deque[tuple[tuple[str, str], bool]] = field(default_factory=deque)  # place of the file, does it ask


class Chorus:
    """Remembers the posts of unchanged files, then hears every post as it is read, file by file.

    Costs a look at its text, and a hash if there are two networks or it is for X.
    """

    def __init__(self, accounts: Mapping[str, Account]) -> None:
        self._accounts = accounts
        self._networks = len({account.network for account in accounts.values()}) > 1
        self._said_on: dict[int, str] = {}  # hash of a text -> the first account that says it
        self._on_x: dict[int, int] = {}  # hash of account, text and link -> hash of the id
        self._twins: dict[tuple[str, str, str], _Twins] = {}  # file, one account, the other
        self._rows: dict[str, _Row] = defaultdict(_Row)
        self._warned: dict[str, Post] = {}  # account -> the post at which the row was long enough

    def remember(self, post: Post) -> None:
        """A post of a file that is not read again; those of one account in the order of the files."""
        account = self._accounts[post.account]
        texts = post.wordings(account.network)
        if not post.reserve:
            self._rows[post.account].remembered.append((_place(post), _ask(texts)))
        if self._networks:
            for text in texts:
                self._said_on.setdefault(_sound(text), post.account)
        if account.network == "x":
            self._repeats(post, [_sound(text) for text in texts])

    def hear(self, post: Post) -> None:
        account = self._accounts.get(post.account)
        if account is None:
            return
        texts = post.wordings(account.network)
        if not post.reserve and post.account not in self._warned:
            row = self._rows[post.account]
            while row.remembered and row.remembered[0][0] < _place(post):
                self._count(post.account, None, row.remembered.popleft()[1])
            self._count(post.account, post, _ask(texts))
        on_x = account.network == "x"
        if self._networks or on_x:
            sounds = [_sound(text) for text in texts]
            if self._networks:
                self._compare(post, account.network, sounds)
            if on_x and self._repeats(post, sounds):
                self._count_twins(post, post.account)

    def _count(self, account: str, post: Post | None, asks: bool) -> None:
        row = self._rows[account]
        row.length, row.last = (0, None) if asks else (row.length + 1, post or row.last)
        if row.length >= ASKLESS and row.last is not None:
            self._warned.setdefault(account, row.last)

    def _compare(self, post: Post, network: str, sounds: list[int]) -> None:
        for sound in sounds:
            other = self._said_on.setdefault(sound, post.account)
            if other != post.account and self._accounts[other].network != network:
                self._count_twins(post, other)
                return

    def _count_twins(self, post: Post, other: str) -> None:
        self._twins.setdefault((post.source.file, other, post.account), _Twins(post.source)).count += 1

    def _repeats(self, post: Post, sounds: list[int]) -> bool:
        """Whether another post of this account says one of these."""
        name = hash(post.id)
        said = [self._on_x.setdefault(hash((post.account, sound, post.link)), name) for sound in sounds]
        return said.count(name) < len(said)

    def verdicts(self) -> Mapping[str, list[Verdict]]:
        """What there is to say of each file, by its path: of each pair of accounts, and of each account, once."""
        for account, row in self._rows.items():
            while row.remembered:
                self._count(account, None, row.remembered.popleft()[1])
        found: dict[str, list[Verdict]] = {}
        for (file, other, account), twins in self._twins.items():
            verdict = Verdict(
                severity=Severity.WARNING,
                source=twins.first,
                message=each_language(partial(_doubled, twins.count, other, account)),
                remedy=sentence("Give it other words, or take it out.")
                if other == account
                else sentence(
                    'Give each network its own words: variants = {{ {network} = "..." }}.',
                    network=self._accounts[account].network,
                ),
                account=account,
            )
            found.setdefault(file, []).append(verdict)
        for account, post in self._warned.items():
            verdict = Verdict(
                severity=Severity.WARNING,
                source=post.source,
                message=sentence(
                    "{count} posts of {account} in a row ask the reader nothing.", count=ASKLESS, account=account
                ),
                remedy=sentence("Talk with people: end one of them with a question."),
                account=account,
            )
            found.setdefault(post.source.file, []).append(verdict)
        return found


def _doubled(count: int, one: str, other: str) -> str:
    if one == other:
        return ngettext(
            "A post of {account} says what another of its posts says, and X refuses identical texts.",
            "{count} posts of {account} say what others of its posts say, and X refuses identical texts.",
            count,
        ).format(count=count, account=one)
    return ngettext(
        "A post says the same on {one} and {other}: who follows both reads everything twice.",
        "{count} posts say the same on {one} and {other}: who follows both reads everything twice.",
        count,
    ).format(count=count, one=one, other=other)


def _ask(texts: tuple[str, ...]) -> bool:
    return any(mark in text for text in texts for mark in _QUESTIONS)


def _sound(text: str) -> int:
    return hash(" ".join(text.split()))


def _place(post: Post) -> tuple[str, str]:
    """Where its file stands among the others."""
    file = post.source.file
    return file.casefold(), file
