"""How people are reached."""

from typing import Protocol


class NotifyFailed(Exception):
    """The message did not go out. The text names person and channel, never the address."""

    @property
    def sentence(self) -> str:
        """Why, in every language."""
        why: str = self.args[0]
        return why


class Notifier(Protocol):
    def channels(self, person: str) -> int: ...

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        """Raises NotifyFailed."""
        ...
