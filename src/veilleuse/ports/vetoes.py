"""What the database keeps of vetoes."""

from typing import Protocol

from veilleuse.domain.veto import Veto


class VetoStore(Protocol):
    def veto(self, veto: Veto) -> None:
        """Keep it; a second one on the same content changes nothing.

        Raises PostChanged unless a post with exactly that digest stands in the queue.
        """
        ...

    def release(self, account: str, post_id: str) -> bool:
        """Take back every veto on that post; whether there was one."""
        ...

    def vetoes(self, account: str | None = None) -> list[Veto]:
        """Those in force, newest first."""
        ...
