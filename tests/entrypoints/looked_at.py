"""Accounts as a daemon would have left them in the database."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.entrypoints.cli_house import CliHouse, now
from veilleuse import bootstrap
from veilleuse.domain.activity import Entry
from veilleuse.domain.alert import Condition, Finding
from veilleuse.services.alert import Alerts

ME = "daemon-1"
LIFE = timedelta(days=1)


class NoPhone:
    """Nobody has a channel: alerts are only stored."""

    def channels(self, person: str) -> int:
        return 0

    def send(self, person: str, channel: int, *, title: str, body: str, urgent: bool) -> None:
        raise AssertionError("nobody has a channel")


def look(house: CliHouse, account: str = "acme-x", /, *, posted: timedelta | None = None, **state: Any) -> None:
    """A look at one account, which somebody posted on so long ago; then what else it is to have found."""
    at = now()
    with house.store() as store:
        store.register(bootstrap.load(house.config).accounts, at)
        store.ring([account], at)
        store.beat(ME, at, LIFE)
        store.claim_due(ME, at, 100)
        if posted is not None:
            store.record_reading(account, [_entry(at - posted)], {"post"}, at)
        found: dict[str, Any] = {"read_at": at, "next_look_at": at + LIFE, "reason": "looked at"}
        store.finish_look(ME, replace(store.state(account), **(found | state)))
        store.retire(ME)


def need_human(house: CliHouse, *conditions: Condition, account: str = "acme-x", person: str = "claire") -> None:
    """A look that found these conditions."""
    with house.store() as store:
        alerts = Alerts(store, NoPhone(), bootstrap.SystemClock())
        alerts.reconcile(account, list(_findings(conditions, account, person)), frozenset(Condition))


def _findings(conditions: Iterable[Condition], account: str, person: str) -> Iterable[Finding]:
    for condition in conditions:
        yield Finding(
            condition=condition,
            account=account,
            subject="",
            text=f"{account or 'the house'}: {condition}.",
            remedy="Act.",
            person=person,
        )


def _entry(at: datetime) -> Entry:
    return Entry(remote_id="1", text="Bonjour", created_at=at)
