"""What is asked of this process by signals, for as long as it lives: to end, or to read its configuration anew."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from queue import SimpleQueue


class Call(Enum):
    STOP = "stop"
    REREAD = "reread"


Calls = SimpleQueue[Call]  # the one queue a signal may come in the middle of

SIGNALS = {signal.SIGTERM: Call.STOP, signal.SIGINT: Call.STOP, signal.SIGHUP: Call.REREAD}


@contextmanager
def heard() -> Iterator[Calls]:
    """In the main thread. What is asked while one house closes and the next one opens is not lost."""
    calls = Calls()
    before = {
        number: signal.signal(number, lambda number, frame: calls.put(SIGNALS[signal.Signals(number)]))
        for number in SIGNALS
    }
    try:
        yield calls
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
