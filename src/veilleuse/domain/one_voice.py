"""X's rules forbid the same text on two accounts: each text belongs to the account that says it first."""

from collections.abc import Callable, Mapping

from veilleuse.domain.post import Post
from veilleuse.domain.text import text_id

Key = tuple[str, str]  # account, id


class OneVoice:
    """`stored`: X account -> text_id -> id of the post that stands with it; empty unless there are several."""

    def __init__(self, stored: Mapping[str, Mapping[str, str]]) -> None:
        self._on_x = frozenset(stored)
        self._said: dict[str, list[Key]] = {}  # text_id -> the stored posts that say it: rarely more than one
        for account, said in stored.items():
            for text, id in said.items():
                self._said.setdefault(text, []).append((account, id))
        self._holders: dict[str, str] = {}  # text_id -> account, of the posts met

    def claim(self, post: Post) -> bool:
        """Take the texts of this post for its account; False if another may have them: then ask `rival` at the end."""
        if post.account not in self._on_x:
            return True
        texts = [text_id(wording) for wording in post.wordings("x")]
        for text in texts:
            elsewhere = any(account != post.account for account, _ in self._said.get(text, ()))
            if elsewhere or self._holders.get(text, post.account) != post.account:
                return False
        self._holders.update(dict.fromkeys(texts, post.account))
        return True

    def rival(self, post: Post, stands: Callable[[Key], bool]) -> str | None:
        """The other account that says one of these texts; `stands` knows the stored posts that were not met."""
        if post.account not in self._on_x:
            return None
        for text in (text_id(wording) for wording in post.wordings("x")):
            if self._holders.setdefault(text, post.account) != post.account:
                return self._holders[text]
            for account, id in self._said.get(text, ()):
                if account != post.account and stands((account, id)):
                    return account
        return None
