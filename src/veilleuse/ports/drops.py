"""Files that people drop on the page: judged in a temporary place, then put into the content folder."""

from typing import Protocol

from veilleuse.ports.content import ContentSource


class DropRefused(Exception):
    """A sentence for the person who dropped it: why it is not taken. Nothing was written."""


class DropPlace(Protocol):
    def stage(self, account: str, name: str, data: bytes) -> str:
        """Keep it for an hour at most, and name it by a token nobody can guess. Raises DropRefused."""
        ...

    def path(self, token: str) -> str:
        """Where it would stand, relative to the content folder. Raises DropRefused if it is kept no longer."""
        ...

    def source(self, token: str) -> ContentSource:
        """The content folder as it would be with it. Raises DropRefused."""
        ...

    def approvers(self, token: str) -> frozenset[str]:
        """Whom it names as approvers, of any post in it, fit or not. Raises DropRefused."""
        ...

    def obstacle(self, account: str) -> str | None:
        """Why nothing can be written for that account, as a sentence; None: it can."""
        ...

    def settle(self, token: str) -> str:
        """Put it into the content folder, whole, in the place of nothing; its path. Raises DropRefused."""
        ...

    def forget(self, token: str) -> None: ...

    def close(self) -> None:
        """Throw away what nobody let in."""
        ...
