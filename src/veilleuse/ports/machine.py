"""The machine we run on: its clock, its randomness, who started us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC."""
        ...

    def sleep(self, seconds: float) -> None: ...


class Ids(Protocol):
    def new(self) -> str:
        """A random id of 32 hex digits."""
        ...


class ServiceManager(Protocol):
    """Who started us and watches us (systemd); silent where there is none."""

    watchdog_interval: timedelta | None

    def ready(self) -> None: ...

    def reloading(self) -> None:
        """The configuration is read anew; `ready` ends it."""
        ...

    def status(self, sentence: str) -> None: ...

    def watchdog(self) -> None: ...

    def stopping(self) -> None: ...


class Heartbeat(Protocol):
    """Tells an outside watcher that all is well, or what is not."""

    def beat(self, unwell: Sequence[str] = ()) -> None:
        """`unwell`: sentences that hold no secret. Never raises."""
        ...
