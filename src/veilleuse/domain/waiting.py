"""Who waits for something of us on a network: other people's words that no word of ours has answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Awaited(StrEnum):
    ANSWER = "answer"
    MODERATION = "moderation"  # a blog's comment that nobody has let through yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One thing that somebody said to the account. `id` is what an answer names; `at` is aware UTC."""

    id: str
    author: str
    at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How many wait: people for an answer, comments for moderation."""

    awaited: Awaited
    count: int
    link: str | None = None  # to begin with
    whole: bool = True  # False: there may be more than were read


def waits(words: Sequence[Word], answered: Collection[str], *, whole: bool) -> tuple[Wait, ...]:
    """The people whose words are not among the ids `answered`, each counted once; the link of whoever waits longest.

    `words` newest first: some networks tell whole seconds only.
    """
    left = sorted((word for word in reversed(words) if word.id not in answered), key=lambda word: word.at)
    if not left:
        return ()
    people = {word.author for word in left}
    return (Wait(awaited=Awaited.ANSWER, count=len(people), link=left[0].link, whole=whole),)
