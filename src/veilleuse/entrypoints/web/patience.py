"""Patience with wrong passwords, and its end: who guesses waits. Kept in memory; a restart forgives."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address, ip_network

ADDRESS_MAY = 20  # wrong passwords from one address
NAME_MAY = 5  # for one name, from one address
WITHIN = 900.0  # seconds
REMEMBERED = 10_000  # addresses and names; the oldest are forgotten first

Key = tuple[str, ...]


class Patience:
    """Counts failures by address, and by address and name: nobody else can lock a person out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[Key, list[float]] = OrderedDict()

    def wait(self, address: str, name: str) -> float:
        """Seconds until another try is heard; 0: now."""
        with self._lock:
            near = _near(address)
            return max(self._wait((near,), ADDRESS_MAY), self._wait((near, name), NAME_MAY))

    def failed(self, address: str, name: str) -> None:
        now = self._clock()
        with self._lock:
            near = _near(address)
            for key in ((near,), (near, name)):
                self._failures[key] = [*self._recent(key), now]
                self._failures.move_to_end(key)
            while len(self._failures) > REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, address: str, name: str) -> None:
        with self._lock:
            self._failures.pop((_near(address), name), None)

    def _wait(self, key: Key, may: int) -> float:
        recent = self._recent(key)
        return max(0.0, recent[-may] + WITHIN - self._clock()) if len(recent) >= may else 0.0

    def _recent(self, key: Key) -> list[float]:
        since = self._clock() - WITHIN
        return [at for at in self._failures.get(key, ()) if at > since]


def _near(address: str) -> str:
    """All that one machine may call itself: of IPv6 each has a whole network."""
    try:
        told = ip_address(address)
    except ValueError:
        return address
    if isinstance(told, IPv4Address):
        return address
    return str(told.ipv4_mapped or ip_network((told.packed, 64), strict=False))
