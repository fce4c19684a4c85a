"""Export: the posts of the queue that can still be said, as a folder of files that `sync` reads back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from veilleuse.domain.account import Account
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Candidate
from veilleuse.ports import LookStore

Write = Callable[[Account, tuple[Post, ...]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written of one account."""

    account: str
    posts: int
    drafts: int
    said: int  # left out: published, or perhaps published; a new house must not say them again


def export(store: LookStore, accounts: Iterable[Account], write: Write) -> list[Exported]:
    """Hand each account's posts to `write`, in the order of the files; an account without any is not written."""
    return [_export(store, account, write) for account in accounts]


def _export(store: LookStore, account: Account, write: Write) -> Exported:
    candidates = store.candidates(account.name)
    posts = tuple(sorted((each.post for each in candidates if not _is_said(each)), key=lambda post: post.order))
    if posts:
        write(account, posts)
    return Exported(
        account=account.name,
        posts=len(posts),
        drafts=sum(post.approved_by is None for post in posts),
        said=len(candidates) - len(posts),
    )


def _is_said(candidate: Candidate) -> bool:
    return candidate.held or (bool(candidate.uses) and not candidate.post.reserve)
