"""Export: the posts of the queue that can still be said, as a folder of files that `sync` reads back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from veilleuse.domain.account import Account
from veilleuse.domain.post import Post
from veilleuse.ports import LookStore

Write = Callable[[Account, tuple[Post, ...]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written of one account."""

    account: str
    posts: int
    drafts: int
    said: int  # left out, because published: a new house must not say them again
    doubtful: int  # left out, because perhaps published


def export(store: LookStore, accounts: Iterable[Account], write: Write) -> list[Exported]:
    """Hand each account's posts to `write`, in the order of the files; an account without any is not written."""
    return [_export(store, account, write) for account in accounts]


def _export(store: LookStore, account: Account, write: Write) -> Exported:
    doubts = {attempt.post_id for attempt in store.unsettled(account.name)}
    candidates = store.candidates(account.name)
    said = [each for each in candidates if each.post.id not in doubts and each.uses and not each.post.reserve]
    left_out = doubts | {each.post.id for each in said}
    posts = tuple(sorted((each.post for each in candidates if each.post.id not in left_out), key=lambda p: p.order))
    if posts:
        write(account, posts)
    return Exported(
        account=account.name,
        posts=len(posts),
        drafts=sum(post.approved_by is None for post in posts),
        said=len(said),
        doubtful=len(candidates) - len(posts) - len(said),
    )
