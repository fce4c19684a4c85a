"""Charges, examinations and tasks in memory."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from tests.memory.accounts import MemoryAccounts
from tests.memory.lock import one_at_a_time
from veilleuse.adapters.db.care import NEVER_PUT_OFF
from veilleuse.domain.examination import Examined
from veilleuse.domain.task import Task, TaskKind


@one_at_a_time
class MemoryCare(MemoryAccounts):
    def __init__(self) -> None:
        super().__init__()
        self._charges: Counter[tuple[str, date, str]] = Counter()
        self._examined: dict[str, Examined] = {}
        self._tasks: dict[tuple[str, TaskKind], Task] = {}

    def charge(self, account: str, day: date, items: Mapping[str, int]) -> None:
        self._charges.update({(account, day, item): count for item, count in items.items()})

    def charges(self, since: date) -> Mapping[str, Mapping[str, int]]:
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (account, day, item), count in self._charges.items():
            if day >= since:
                found[account][item] += count
        return found

    def claim_examination(self, account: str, now: datetime, until: datetime) -> bool:
        before = self._examined.get(account)
        if before is not None and now < before.due_at <= now + NEVER_PUT_OFF:
            return False
        self._examined[account] = replace(before or Examined(account=account, due_at=until), due_at=until)
        return True

    def examined(self, account: str) -> Examined | None:
        return self._examined.get(account)

    def all_examined(self) -> list[Examined]:
        return [self._examined[account] for account in sorted(self._examined)]

    def record_examination(self, examined: Examined) -> None:
        found = examined.found and replace(examined.found, server_time=None)
        self._examined[examined.account] = replace(examined, found=found)

    def bar(self, account: str, why: str | None) -> None:
        self._known[account].state = replace(self._known[account].state, barred=why)

    def tasks(self) -> list[Task]:
        return [self._tasks[key] for key in sorted(self._tasks)]

    def save_tasks(self, tasks: Iterable[Task]) -> None:
        self._tasks.update({(task.account, task.kind): task for task in tasks})
