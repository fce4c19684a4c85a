"""What the house must know of a network without talking to it: names, secrets, lengths."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from veilleuse.domain.activity import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of `[accounts.NAME]` that this network understands."""

    name: str
    required: bool = True
    choices: tuple[str, ...] = ()  # the words it may be; none: any text
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret of an account on this network, resolved by convention (see config)."""

    name: str
    required: bool = True
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSpec:
    """The facts of one network. Adapters declare one each; parsers, judges and pages read it."""

    name: str
    title: str  # as people say it: "X", "Facebook"
    keys: tuple[Key, ...]
    identity_key: str  # which key names the remote presence: two accounts of one identity are a configuration error
    secrets: tuple[Secret, ...]
    limit: int  # longest text, in the unit `measure` counts
    measure: Callable[[str], int]  # length as this network counts it, of the composed text
    link_in_text: bool  # the link is part of the text (X) or a field of its own (Facebook)
    image_with_link: bool = True  # one post may carry both
    image_types: frozenset[str] = field(default_factory=frozenset)  # media types
    image_max_bytes: int = 0
    alt_max: int = 1000  # characters of alternative text
    # After a doubt: how long a complete read must show nothing before a post is surely absent. None: never sure.
    absence_after: timedelta | None = None
    publishes: bool = True  # False: watched only; nearing its limit calls a human
    blog: bool = False  # it speaks in articles, and is graded as a blog: `domain.grade`
    by_hand: bool = False  # a person carries each message on: they are told that one waits
    # How often to read while the account is not near its limit. None: never (X bills each item read).
    idle_read: timedelta | None = None

    content_warnings: bool = False  # it can show a warning first and the text to who wants to read it
    hides: bool = False  # a program can hide an account there: `ports.Hiding`
    pins: bool = False  # and make a post stand first: `ports.Pinning`
    answers: bool = False  # it tells who waits for an answer, free of charge: `ports.Answering`
    bills: bool = False  # each call costs money: `domain.prices`
    log_in_every: timedelta | None = None  # how often somebody must log in by hand for the account to count as active

    def within(self, limits: Limits | None) -> "NetworkSpec":
        """As one account's own server has it, where that tells."""
        if limits is None:
            return self
        return replace(
            self,
            limit=limits.length or self.limit,
            alt_max=limits.alt or self.alt_max,
            image_max_bytes=limits.image_bytes or self.image_max_bytes,
        )

    def compose(self, text: str, link: str | None) -> str:
        """The text as the network will hold it."""
        return with_link(text, link) if self.link_in_text else text

    def length(self, composed: str, content_warning: str | None = None) -> int:
        """As the network counts a composed text and the warning before it."""
        warned = self.measure(content_warning) if content_warning and self.content_warnings else 0
        return self.measure(composed) + warned


def with_link(text: str, link: str | None) -> str:
    """How a link stands in a text."""
    return f"{text}\n{link}" if link else text
