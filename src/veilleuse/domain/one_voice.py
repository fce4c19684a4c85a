"""X's rules forbid the same text on two accounts: each text belongs to the account that says it first."""

from collections.abc import Callable, Mapping

from veilleuse.domain.post import Post
from veilleuse.domain.text import text_id

Key = tuple[str, str]  # account, id


class OneVoice:
    """`stored`: X account -> text_id -> id of the post that stands with it; empty unless there are several."""

    def __init__(self, stored: Mapping[str, Mapping[str, str]]) -> None:
        self._stored = stored
        self._holders: dict[str, str] = {}  # text_id -> account, of the posts met

    def claim(self, post: Post) -> bool:
        """Take the texts of this post for its account; False if another may have them: then ask `rival` at the end."""
        if post.account not in self._stored:
            return True
        texts = [text_id(wording) for wording in post.wordings("x")]
        others = [said for account, said in self._stored.items() if account != post.account]
        for text in texts:
            if self._holders.get(text, post.account) != post.account or any(text in said for said in others):
                return False
        self._holders.update(dict.fromkeys(texts, post.account))
        return True

    def rival(self, post: Post, stands: Callable[[Key], bool]) -> str | None:
        """The other account that says one of these texts; `stands` knows the stored posts that were not met."""
        if post.account not in self._stored:
            return None
        for text in (text_id(wording) for wording in post.wordings("x")):
            if self._holders.setdefault(text, post.account) != post.account:
                return self._holders[text]
            for account, said in self._stored.items():
                if account != post.account and text in said and stands((account, said[text])):
                    return account
        return None
