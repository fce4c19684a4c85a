"""Comparing what the files say with what is stored: what one sync must write.

Posts are shown one after the other and mostly answered at once, so that a folder of any size needs little memory: of a
post seen only its key's hash and its place are kept. What depends on posts still to come waits for the end.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from veilleuse.domain.attempt import Receipt
from veilleuse.domain.content import IndexedPost, Severity, Verdict
from veilleuse.domain.likeness import is_said_again
from veilleuse.domain.one_voice import OneVoice
from veilleuse.domain.phrases import all_of, date_in_full
from veilleuse.domain.post import Post, Source
from veilleuse.domain.text import text_id
from veilleuse.language import each_language, sentence

Key = tuple[str, str]  # account, id

_TEXT_ID = re.compile("[0-9a-f]{8}")  # as `text_id` makes them

WITHDRAW_AFTER = timedelta(seconds=60)  # between the scan that first misses a post and the one that withdraws it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the database knows."""

    index: Mapping[Key, IndexedPost]
    published: Collection[Key]
    said: Callable[[Key], Receipt | None]  # the newest receipt of a published post
    on_x: Mapping[str, Mapping[str, str]]  # X account -> text_id -> post id; empty unless there are several


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a comparison: what is still to be written."""

    upserts: tuple[Post, ...]
    found: frozenset[Key]
    missing: frozenset[Key]
    withdrawn: frozenset[Key]
    retracted: frozenset[Key]  # new posts, answered with "write it" before their twin was met
    waiting: frozenset[str]  # files with a post that is missing and not yet withdrawn
    contested: frozenset[str]  # files with a post that is not stored from there, because of what stands elsewhere


class Comparison:
    """`standing` are the files left unread in this sync because nothing changed in them."""

    def __init__(self, stored: Stored, *, standing: Collection[str]) -> None:
        self.unchanged = 0
        self.verdicts: dict[str, list[Verdict]] = defaultdict(list)
        self._stored = stored
        self._standing = standing
        self._files: list[str] = []
        self._seen: dict[int, int] = {}  # hash of the key -> file number and line, packed
        self._twice: dict[Key, list[Source]] = {}
        self._later: list[Post] = []  # changed, moved, or to be compared with what has not been shown yet
        self._found: set[Key] = set()
        self._contested: set[str] = set()
        self._voices = OneVoice(stored.on_x)
        self._spoken: dict[str, list[Key]] = defaultdict(list)  # file -> what was published from it
        self._nameless = frozenset(account for account, id in stored.published if _TEXT_ID.fullmatch(id))
        for key in stored.published:
            if key in stored.index:
                self._spoken[stored.index[key].file].append(key)

    def show(self, post: Post) -> Post | None:
        """One post as it stands in a file: to be written at once, or not."""
        key = (post.account, post.id)
        mark = hash(key)
        if mark in self._seen:
            self._again(post, key, self._place(self._seen[mark]))
            return None
        self._seen[mark] = self._packed(post.source)
        stored = self._stored.index.get(key)
        if stored is not None and stored.missing_since is None and stored.file in self._standing:
            self._twice[key] = [Source(file=stored.file), post.source]
            return None
        edited = key in self._stored.published and not post.reserve and self._was_edited(post, key)
        if edited and not (stored is not None and stored.reserve):  # a reserve post would be said again as it stood
            if stored is not None and stored.missing_since is not None:
                self._found.add(key)
            if stored is not None and stored.file != post.source.file:  # its row still names the other file
                self._contested.add(post.source.file)
            return None
        free = self._voices.claim(post)
        if stored is not None:
            return self._known(post, key, stored)
        if not free or (not post.named and post.source.file in self._spoken) or self._was_nameless(post):
            self._later.append(post)
            return None
        return post

    def _known(self, post: Post, key: Key, stored: IndexedPost) -> Post | None:
        if not stored.is_only_moved(post):
            self._later.append(post)
            return None
        if stored.missing_since is not None:
            self._found.add(key)
        else:
            self.unchanged += 1
        if stored.row_digest == post.row_digest:
            return None
        if stored.file == post.source.file:
            return post
        self._later.append(post)
        return None

    def close(self, now: datetime, broken: Collection[str]) -> Outcome:
        """`broken`: files that could not be read; what stood in them stands."""
        entering = [post for post in self._later if self._may_enter(post, broken)]
        for key, places in self._twice.items():
            self._refuse_all(key, places)
        missing, withdrawn, waiting = set(), set(), set()
        for key, stored in self._stored.index.items():
            if stored.file in broken or hash(key) in self._seen:
                continue
            if stored.missing_since is None:
                if stored.file in self._standing:
                    continue
                missing.add(key)
            elif now - stored.missing_since >= WITHDRAW_AFTER and key not in self._stored.published:
                withdrawn.add(key)
                continue
            if key not in self._stored.published:
                waiting.add(stored.file)
        return Outcome(
            upserts=tuple(post for post in entering if (post.account, post.id) not in self._twice),
            found=frozenset(self._found - self._twice.keys()),
            missing=frozenset(missing),
            withdrawn=frozenset(withdrawn),
            retracted=frozenset(self._twice.keys() - self._stored.index.keys()),
            waiting=frozenset(waiting),
            contested=frozenset(self._contested),
        )

    def _again(self, post: Post, key: Key, first: Source) -> None:
        if key not in self._twice and not post.named and first.file == post.source.file:
            message = sentence("The same text stands in {first} already: it is said once.", first=first)
            self._say(Severity.WARNING, post, message, sentence("Give each an id to say it twice, or take one out."))
        else:
            self._twice.setdefault(key, [first]).append(post.source)

    def _was_edited(self, post: Post, key: Key) -> bool:
        said = self._stored.said(key)
        if said is None or said.digest == post.digest:
            return False
        message = sentence("Already published on {day}: the edit is ignored.", day=_day(said))
        self._say(Severity.NOTE, post, message, sentence("Give it another id to say the new text."))
        return True

    def _may_enter(self, post: Post, broken: Collection[str]) -> bool:
        if post.source.file in broken:
            return False
        stored = self._stored.index.get((post.account, post.id))
        if stored is not None and stored.file in broken:
            self._twice.setdefault((post.account, post.id), [Source(file=stored.file), post.source])
            return False
        if rival := self._voices.rival(post, lambda key: self._stands_unseen(key, broken)):
            message = sentence("{rival} says the same text, and X forbids it on two accounts.", rival=rival)
            self._say(
                Severity.ERROR, post, message, sentence("Give {account} a wording of its own.", account=post.account)
            )
            self._contested.add(post.source.file)
            return False
        if stored is None and not post.named and (said := self._nearly_said(post)):
            message = sentence("Nearly the same was published on {day}: it is not queued again.", day=_day(said))
            self._say(Severity.WARNING, post, message, sentence("Add an id to say it again."))
            return False
        if stored is None and self._was_nameless(post) and (said := self._said_and_gone(post, broken)):
            message = sentence(
                "This was published on {day}, without an id: a name alone does not say it again.", day=_day(said)
            )
            self._say(
                Severity.WARNING,
                post,
                message,
                sentence("To say it again, write it once more without an id beside it."),
            )
            return False
        return True

    def _was_nameless(self, post: Post) -> bool:
        """Whether just this text was published under the name that a text without an id gets."""
        if not post.named or post.reserve or post.account not in self._nameless:
            return False
        return (post.account, text_id(post.text)) in self._stored.published

    def _said_and_gone(self, post: Post, broken: Collection[str]) -> Receipt | None:
        """What was said in this text, unless the row without an id still stands beside it."""
        key = (post.account, text_id(post.text))
        return None if hash(key) in self._seen or self._stands_unseen(key, broken) else self._stored.said(key)

    def _stands_unseen(self, key: Key, broken: Collection[str]) -> bool:
        stored = self._stored.index.get(key)
        return (
            stored is not None
            and hash(key) not in self._seen
            and (stored.file in self._standing or stored.file in broken)
        )

    def _nearly_said(self, post: Post) -> Receipt | None:
        """What was published from this file, stands in it no more, and reads nearly like this post."""
        for key in self._spoken.get(post.source.file, ()):
            if key[0] == post.account and hash(key) not in self._seen:
                said = self._stored.said(key)
                if said is not None and is_said_again(post.text, post.link, said.text):
                    return said
        return None

    def _refuse_all(self, key: Key, places: list[Source]) -> None:
        for place in places:
            others = [each for each in places if each is not place]
            self._contested.add(place.file)
            self.verdicts[place.file].append(
                Verdict(
                    severity=Severity.ERROR,
                    source=place,
                    message=sentence(
                        '"{id}" stands in {others} too. Neither is taken; what was queued before stays.',
                        id=key[1],
                        others=each_language(partial(all_of, others)),
                    ),
                    remedy=sentence("Take one out, or give it an id of its own."),
                    account=key[0],
                    post_id=key[1],
                )
            )

    def _say(self, severity: Severity, post: Post, message: str, remedy: str) -> None:
        self.verdicts[post.source.file].append(
            Verdict(
                severity=severity,
                source=post.source,
                message=message,
                remedy=remedy,
                account=post.account,
                post_id=post.id,
            )
        )

    def _packed(self, place: Source) -> int:
        """A hundred thousand places in few megabytes."""
        if not self._files or self._files[-1] != place.file:
            self._files.append(place.file)
        return len(self._files) << 32 | (place.line or 0)

    def _place(self, packed: int) -> Source:
        return Source(file=self._files[(packed >> 32) - 1], line=packed & 0xFFFFFFFF or None)


def _day(said: Receipt) -> str:
    """With the year: an edit may come long after."""
    return each_language(lambda: f"{date_in_full(said.at.date(), said.at.date())} {said.at.year}")
