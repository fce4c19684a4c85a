"""What networks have said of their rate limits, so that no call goes out that is known to be refused.

Kept by this process for as long as the network said. An app's limits are shared by all its accounts; apps and accounts
go by digests of their keys. Waiting is measured on a clock that never jumps, from the network's own Date.
"""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from veilleuse.adapters.networks.call import Answer
from veilleuse.domain.errors import BudgetExhausted, RateLimited
from veilleuse.language import sentence

NO_MONEY = timedelta(hours=6)  # after a 402, until one account of the app asks again
BUSY_APP = timedelta(minutes=15)  # Meta tells that an app's hour is used up, and not when it ends
LONGEST = timedelta(days=1)  # no limit lasts longer; a header that says so is wrong
FULL = 100  # percent, as Meta counts

# <name>-remaining and <name>-reset, by whom they bind: of X, Mastodon and Bluesky.
_OF_USER = ("x-rate-limit", "x-user-limit-24hour", "x-ratelimit", "ratelimit")
_OF_APP = ("x-app-limit-24hour",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shut:
    until: float  # on the clock of time.monotonic
    retry_at: datetime | None = None  # as the network said; None: it wants money
    why: str = ""


_shut: dict[tuple[str, ...], _Shut] = {}
_lock = threading.Lock()


def forget() -> None:
    """As if this process had just begun."""
    with _lock:
        _shut.clear()


def digest(*parts: str) -> str:
    """Names an app or an account without giving away its key."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


class Meter:
    """The limits one client is under. `app`: what names the app, a key of it; `user`: what names the account."""

    def __init__(self, title: str, host: str, *, app: str = "", user: str = "") -> None:
        self._title = title
        self.app = digest(host, app)
        self._user = digest(host, app, user)

    def check(self, method: str, path: str) -> None:
        """Raises RateLimited, or BudgetExhausted, if this call is known to be refused."""
        now = time.monotonic()
        with _lock:
            doors = [_shut.get(key) for key in ((self.app,), (self._user,), *self._keys(method, path))]
        shut = max((door for door in doors if door and door.until > now), key=lambda door: door.until, default=None)
        if shut is None:
            return
        if shut.retry_at is None:
            raise BudgetExhausted(shut.why, app=self.app)
        raise RateLimited(
            sentence(
                "{title} has said that its rate limit is used up until {time} UTC. Nothing was sent.",
                title=self._title,
                time=f"{shut.retry_at:%H:%M}",
            ),
            retry_at=shut.retry_at,
        )

    def note(self, method: str, path: str, answer: Answer) -> None:
        """Remember what the headers of this answer tell."""
        now = answer.date
        if now is None:
            return
        of_user, of_app = self._keys(method, path)
        for names, key in ((_OF_USER, of_user), (_OF_APP, of_app)):
            for name in names:
                if answer.headers.get(f"{name}-remaining", "").strip() == "0":
                    self._close(key, now, answer.moment(f"{name}-reset"))
        if answer.status == 429:
            self._close(of_user, now, answer.moment("retry-after"))
        if any(used >= FULL for used in _percents(answer.headers.get("x-app-usage"))):
            self._close((self.app,), now, now + BUSY_APP)
        minutes = max(regained_after(answer.headers.get("x-business-use-case-usage")), default=0)
        self._close((self._user,), now, now + timedelta(minutes=minutes))

    def broke(self, refusal: BudgetExhausted) -> BudgetExhausted:
        """The network wants money: no account of this app calls it for a while. What to raise in place of that."""
        until = time.monotonic() + NO_MONEY.total_seconds()
        with _lock:
            _shut[self.app,] = _Shut(until=until, why=str(refusal))
        return BudgetExhausted(str(refusal), app=self.app)

    def _keys(self, method: str, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (self._user, method, path), (self.app, method, path)

    def _close(self, key: tuple[str, ...], now: datetime, until: datetime | None) -> None:
        if until is None or not timedelta(0) < until - now <= LONGEST:
            return
        with _lock:
            _shut[key] = _Shut(until=time.monotonic() + (until - now).total_seconds(), retry_at=until)


def _percents(usage: str | None) -> Iterator[float]:
    """Of X-App-Usage: how much of its hour an app has used, by calls and by time."""
    for used in _object(usage).values():
        if isinstance(used, int | float):
            yield used


def regained_after(usage: str | None) -> Iterator[int]:
    """Minutes until access comes back, one for each limit that X-Business-Use-Case-Usage names."""
    try:
        for case in _object(usage).values():
            for limit in case:
                yield int(limit["estimated_time_to_regain_access"])
    except (ValueError, TypeError, KeyError):
        return


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
