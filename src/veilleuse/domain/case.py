"""A case: one post before its judge, and the verdicts so far."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.post import Source
from veilleuse.domain.written import Wrong
from veilleuse.language import N_, sentence

Value = TypeVar("Value")

COLUMNS = (
    *(N_("id"), N_("text"), N_("link"), N_("image"), N_("alt"), N_("content warning"), N_("priority"), N_("reserve")),
    *(N_("not before"), N_("not after"), N_("approved by")),
)


class Case:
    """What was written for one account, and where."""

    __slots__ = ("account", "failed", "fields", "locate", "post_id", "source", "verdicts")

    def __init__(
        self, account: str, fields: Mapping[str, object], source: Source, locate: Callable[[str], Source] | None
    ) -> None:
        self.account = account
        self.fields = fields
        self.source = source
        self.locate = locate
        self.post_id = ""
        self.failed = False
        self.verdicts: list[Verdict] = []

    def read(self, key: str, meaning: Callable[[object], Value]) -> Value | None:
        """What the value of that key means; None if there is none, or if it is wrong, which is then said."""
        value = self.fields.get(key)
        if value is None:
            return None
        try:
            return meaning(value)
        except Wrong as wrong:
            name = key.replace("_", " ")  # of a column, in the reader's language; of a key in TOML there is but one
            named = name if self.locate else sentence(name)
            message = sentence("{key}: {what}", key=named, what=wrong.message)
            self.refuse(key, message, wrong.remedy)
            return None

    def refuse(self, key: str, message: str, remedy: str) -> None:
        self.failed = True
        self.say(Severity.ERROR, key, message, remedy)

    def say(self, severity: Severity, key: str, message: str, remedy: str = "") -> None:
        self.verdicts.append(
            Verdict(
                severity=severity,
                source=self.locate(key) if self.locate else self.source,
                message=message,
                remedy=remedy,
                account=self.account,
                post_id=self.post_id,
            )
        )
