"""What a look found becomes stored alerts and messages waiting, in one transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.fakes import FakeClock, MemoryStore
from tests.services.post_office import PostOffice
from veilleuse.domain.alert import Condition, Finding, Told
from veilleuse.services.alert import Alerts

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALL = frozenset(Condition)


class CountingStore(MemoryStore):
    """`writes` counts transactions."""

    writes = 0

    def save_alerts(self, **changes: Any) -> None:
        self.writes += 1
        super().save_alerts(**changes)


def finding(condition: Condition = Condition.LIMIT_PASSED, account: str = "acme-x", person: str = "claire") -> Finding:
    return Finding(
        condition=condition, account=account, subject="", text=f"{account}: told.", remedy="Act.", person=person
    )


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def office() -> PostOffice:
    return PostOffice(people={"claire": 2, "hugo": 1, "nobody": 0})


@pytest.fixture
def alerts(store: CountingStore, office: PostOffice, clock: FakeClock) -> Alerts:
    return Alerts(store, office, clock)


def told(store: CountingStore) -> list[tuple[str, int, Told, str]]:
    return [(n.person, n.channel, n.what, n.account) for n in store.all_notifications()]


def test_a_finding_is_stored_and_written_to_each_channel_of_its_person_in_one_transaction(
    alerts: Alerts, store: CountingStore
) -> None:
    alerts.reconcile("acme-x", [finding()], ALL)
    assert store.writes == 1
    assert [alert.finding for alert in store.alerts()] == [finding()]
    assert told(store) == [("claire", 0, Told.OPENED, "acme-x"), ("claire", 1, Told.OPENED, "acme-x")]


def test_its_end_is_written_to_the_same_channels(alerts: Alerts, store: CountingStore, clock: FakeClock) -> None:
    alerts.reconcile("acme-x", [finding()], ALL)
    clock.advance(timedelta(hours=1))
    alerts.reconcile("acme-x", [], ALL)
    assert store.alerts() == []
    assert told(store)[2:] == [("claire", 0, Told.CLEARED, "acme-x"), ("claire", 1, Told.CLEARED, "acme-x")]


def test_a_quiet_look_writes_nothing(alerts: Alerts, store: CountingStore) -> None:
    alerts.reconcile("acme-x", [], ALL)
    assert store.writes == 0


def test_a_look_at_one_account_ends_no_alert_of_another_nor_of_the_house(alerts: Alerts, store: CountingStore) -> None:
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    alerts.reconcile("acme-x", [finding()], ALL)
    alerts.reconcile("acme-facebook", [], ALL)
    assert [alert.finding.account for alert in store.alerts()] == ["", "acme-x"]


def test_a_finding_of_another_account_is_a_mistake_of_the_caller(alerts: Alerts, store: CountingStore) -> None:
    with pytest.raises(ValueError, match="another account"):
        alerts.reconcile("acme-x", [finding(account="acme-facebook")], ALL)
    assert store.writes == 0


def test_what_came_back_within_a_day_is_recognised(alerts: Alerts, store: CountingStore, clock: FakeClock) -> None:
    for found in ([finding()], [], [finding()]):
        alerts.reconcile("acme-x", found, ALL)
        clock.advance(timedelta(hours=1))
    assert len(store.alerts(since=NOW)) == 1
    assert len(told(store)) == 4


def test_somebody_without_a_channel_is_logged_and_the_alert_is_stored_all_the_same(
    alerts: Alerts, store: CountingStore
) -> None:
    with capture_logs() as logs:
        alerts.reconcile("acme-x", [finding(person="nobody")], ALL)
    assert len(store.alerts()) == 1
    assert told(store) == []
    assert [(e["event"], e["person"]) for e in logs if e["log_level"] == "warning"] == [
        ("alert.nobody_to_tell", "nobody")
    ]


def test_time_alone_is_judged_account_by_account(alerts: Alerts, store: CountingStore, clock: FakeClock) -> None:
    for account in ("acme-x", "acme-facebook"):
        unreadable = finding(Condition.NETWORK_UNREADABLE, account=account)
        for _ in range(3):
            alerts.reconcile(account, [unreadable], ALL)
        clock.advance(timedelta(minutes=5))
        alerts.reconcile(account, [], ALL)
    before = len(told(store))
    clock.advance(timedelta(minutes=25))
    alerts.ripen()
    assert told(store)[before:] == [("claire", 0, Told.CLEARED, "acme-x"), ("claire", 1, Told.CLEARED, "acme-x")]
    clock.advance(timedelta(minutes=5))
    alerts.ripen()
    assert store.alerts() == []
    writes = store.writes
    alerts.ripen()
    assert store.writes == writes


def test_what_is_open_about_an_account_configured_no_more_ends_without_a_word(
    alerts: Alerts, store: CountingStore, clock: FakeClock
) -> None:
    for account in ("acme-x", "acme-gone"):
        alerts.reconcile(account, [finding(account=account)], ALL)
    alerts.reconcile("acme-gone", [finding(Condition.CONTENT_INVALID, "acme-gone")], {Condition.CONTENT_INVALID})
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, "")], ALL)
    before = len(told(store))
    alerts.let_go(["acme-x"], {Condition.CONTENT_INVALID})
    assert len(told(store)) == before
    assert [(a.finding.account, a.finding.condition) for a in store.alerts()] == [
        ("acme-x", Condition.LIMIT_PASSED),
        ("acme-gone", Condition.CONTENT_INVALID),
        ("", Condition.CONTENT_MISSING),
    ]


def test_a_test_message_takes_the_way_of_all_and_leaves_no_alert_open(alerts: Alerts, store: CountingStore) -> None:
    assert alerts.test(["claire", "hugo"]) == 3
    assert store.alerts() == []
    assert told(store) == [("claire", 0, Told.OPENED, ""), ("claire", 1, Told.OPENED, ""), ("hugo", 0, Told.OPENED, "")]
    assert {n.condition for n in store.all_notifications()} == {Condition.TEST}


def test_a_test_can_be_repeated_and_disturbs_no_real_alert(alerts: Alerts, store: CountingStore) -> None:
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    assert alerts.test(["hugo"]) == 1
    assert alerts.test(["hugo"]) == 1
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    assert [alert.finding.condition for alert in store.alerts()] == [Condition.CONTENT_MISSING]
