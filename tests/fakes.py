"""Fakes that stand in for the world: a clock, ids, a store."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from tests.memory.store import MemoryStore

__all__ = ["FakeClock", "MemoryStore", "SequentialIds"]


@dataclass
class FakeClock:
    """Stands still until told. Sleeping moves it."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def advance(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


class SequentialIds:
    """00...01, 00...02: the same in every run."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"{next(self._numbers):032x}"


class Phone:
    """A notifier with one channel for everybody, and what came over it."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def channels(self, person: str) -> int:
        return 1

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        self.titles.append(title)
