"""Faults on demand: what a network, or the way to it, may do to one call."""

import threading
from collections import defaultdict, deque
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    # The network refuses; nothing takes effect. Its module knows the words.
    DUPLICATE = "duplicate"
    RATE = "rate"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"  # the account may not: suspended, or without the right
    SUSPENDED = "suspended"  # the account itself, by the network
    VANISHED = "vanished"  # it stands there no more
    MONEY = "money"
    CONTENT = "content"
    JSON_LIST = "json_list"
    BUSY = "busy"  # an error of the server, no effect
    HTML = "html"
    REDIRECT = "redirect"
    RESET = "reset"
    # The call takes effect, and the answer is lost or spoilt.
    BUSY_AFTER = "busy_after"
    HTML_AFTER = "html_after"
    SILENCE_AFTER = "silence_after"
    RESET_AFTER = "reset_after"
    EMPTY_AFTER = "empty_after"  # 2xx without a body
    NO_ID_AFTER = "no_id_after"  # 2xx without what was asked
    DRIP = "drip"  # a right answer, one byte at a time, headers too
    NO_CONTENT_TYPE = "no_content_type"
    WRONG_DATE = "wrong_date"  # a day late
    NO_DATE = "no_date"


SORTS = frozenset({"identify", "read", "hear", "prepare", "publish", "manage"})

REFUSALS = frozenset(
    {
        Fault.DUPLICATE,
        Fault.RATE,
        Fault.UNAUTHORIZED,
        Fault.FORBIDDEN,
        Fault.SUSPENDED,
        Fault.VANISHED,
        Fault.MONEY,
        Fault.CONTENT,
        Fault.JSON_LIST,
        Fault.BUSY,
    }
)


@dataclass(slots=True)
class Faults:
    """Queued per account and sort of call; each is used once. Thread-safe."""

    _queues: defaultdict[tuple[str, str], deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, identity: str, sort: str, fault: Fault, times: int = 1) -> None:
        if sort not in SORTS:
            raise ValueError(f"no such sort of call: {sort} (one of {', '.join(sorted(SORTS))})")
        with self._lock:
            self._queues[identity, sort].extend([fault] * times)

    def take(self, identity: str, sort: str) -> Fault | None:
        with self._lock:
            queue = self._queues[identity, sort]
            return queue.popleft() if queue else None
