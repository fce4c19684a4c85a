"""What the database keeps for the care of accounts: what they cost, their examinations, what people must do."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from veilleuse.domain.examination import Examined
from veilleuse.domain.task import Task


class ChargeStore(Protocol):
    def charge(self, account: str, day: date, items: Mapping[str, int]) -> None:
        """So many more of each item (`domain.prices`) were billed on that UTC day."""
        ...

    def charges(self, since: date) -> Mapping[str, Mapping[str, int]]:
        """By account, how many of each item were billed from that UTC day on."""
        ...


class ExaminationStore(Protocol):
    def claim_examination(self, account: str, now: datetime, until: datetime) -> bool:
        """Whether its examination is due and ours to do; nobody else is given it before `until`. New accounts are due.

        An examination put off by more than two days was put off by a wrong clock: it is due.
        """
        ...

    def examined(self, account: str) -> Examined | None: ...

    def all_examined(self) -> list[Examined]: ...

    def record_examination(self, examined: Examined) -> None: ...

    def bar(self, account: str, why: str | None) -> None:
        """No call is made for it until an examination is passed; None: it may be called again, and is looked at."""
        ...


class TaskStore(Protocol):
    def tasks(self) -> list[Task]: ...

    def save_tasks(self, tasks: Iterable[Task]) -> None:
        """Each in the place of the one of its account and kind."""
        ...


class CareStore(ChargeStore, ExaminationStore, TaskStore, Protocol):
    """All three."""
