"""Lookers: threads that look at accounts, a share for each network, so that a slow one delays no other."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from veilleuse.services.look import LookReport
from veilleuse.services.rounds import Rounds, Submit

SHARE = 8  # threads a network; they begin when there is work for them


class Lookers:
    """A bulkhead a network. What is due there waits in the database, not in line before a hanging network."""

    def __init__(self, networks: Iterable[str], took: Callable[[float], None], share: int = SHARE) -> None:
        """`took` is told how many seconds each look took."""
        self._took = took
        self._share = share
        self._pools = {
            network: ThreadPoolExecutor(share, thread_name_prefix=f"look-{network}")
            for network in sorted(set(networks))
        }

    def poll(self, rounds: Rounds, done: Callable[[LookReport], None]) -> int:
        """Claim what is due on each network that has room, and have it looked at; how many. Raises StoreUnavailable."""
        return sum(
            rounds.poll(self._line(pool), done, room=room, network=network)
            for network, pool in self._pools.items()
            if (room := 2 * self._share - rounds.in_flight_on(network)) > 0
        )

    def _line(self, pool: ThreadPoolExecutor) -> Submit:
        return lambda look: pool.submit(self._timed, look)

    def _timed(self, look: Callable[[], None]) -> None:
        begun = time.monotonic()
        try:
            look()
        finally:
            self._took(time.monotonic() - begun)

    def submit(self, network: str, job: Callable[[], None]) -> None:
        """Something else to do there, in line with the looks."""
        self._pools[network].submit(job)

    def stop(self) -> None:
        """Wait for what has begun; what has not is freed with our claims."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools.values():
            pool.shutdown(wait=True)
