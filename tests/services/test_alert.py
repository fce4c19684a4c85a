"""What a look found becomes stored alerts and messages waiting, in one transaction."""

import pytest
from structlog.testing import capture_logs

from tests.services.alert_store import AlertRows
from tests.services.post_office import Hand, PostOffice
from veilleuse.domain.alert import Condition, Finding, Told
from veilleuse.services.alert import Alerts

ALL = frozenset(Condition)


def finding(condition: Condition = Condition.LIMIT_PASSED, account: str = "acme-x", person: str = "claire") -> Finding:
    return Finding(
        condition=condition, account=account, subject="", text=f"{account}: told.", remedy="Act.", person=person
    )


@pytest.fixture
def store() -> AlertRows:
    return AlertRows()


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def office() -> PostOffice:
    return PostOffice(people={"claire": 2, "hugo": 1, "nobody": 0})


@pytest.fixture
def alerts(store: AlertRows, office: PostOffice, clock: Hand) -> Alerts:
    return Alerts(store, office, clock)


def told(store: AlertRows) -> list[tuple[str, int, Told, str]]:
    return [(n.person, n.channel, n.what, n.account) for n in store.all_notifications()]


def test_a_finding_is_stored_and_written_to_each_channel_of_its_person_in_one_transaction(
    alerts: Alerts, store: AlertRows
) -> None:
    alerts.reconcile("acme-x", [finding()], ALL)
    assert store.writes == 1
    assert [alert.finding for alert in store.alerts()] == [finding()]
    assert told(store) == [("claire", 0, Told.OPENED, "acme-x"), ("claire", 1, Told.OPENED, "acme-x")]


def test_its_end_is_written_to_the_same_channels(alerts: Alerts, store: AlertRows, clock: Hand) -> None:
    alerts.reconcile("acme-x", [finding()], ALL)
    clock.wait(hours=1)
    alerts.reconcile("acme-x", [], ALL)
    assert store.alerts() == []
    assert told(store)[2:] == [("claire", 0, Told.CLEARED, "acme-x"), ("claire", 1, Told.CLEARED, "acme-x")]


def test_a_quiet_look_writes_nothing(alerts: Alerts, store: AlertRows) -> None:
    alerts.reconcile("acme-x", [], ALL)
    assert store.writes == 0


def test_a_look_at_one_account_ends_no_alert_of_another_nor_of_the_house(alerts: Alerts, store: AlertRows) -> None:
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    alerts.reconcile("acme-x", [finding()], ALL)
    alerts.reconcile("acme-facebook", [], ALL)
    assert [alert.finding.account for alert in store.alerts()] == ["", "acme-x"]


def test_a_finding_of_another_account_is_a_mistake_of_the_caller(alerts: Alerts, store: AlertRows) -> None:
    with pytest.raises(ValueError, match="another account"):
        alerts.reconcile("acme-x", [finding(account="acme-facebook")], ALL)
    assert store.writes == 0


def test_what_came_back_within_a_day_is_recognised(alerts: Alerts, store: AlertRows, clock: Hand) -> None:
    for found in ([finding()], [], [finding()]):
        alerts.reconcile("acme-x", found, ALL)
        clock.wait(hours=1)
    assert len(store.rows) == 1
    assert len(told(store)) == 4


def test_somebody_without_a_channel_is_logged_and_the_alert_is_stored_all_the_same(
    alerts: Alerts, store: AlertRows
) -> None:
    with capture_logs() as logs:
        alerts.reconcile("acme-x", [finding(person="nobody")], ALL)
    assert len(store.alerts()) == 1
    assert told(store) == []
    assert [(e["event"], e["person"]) for e in logs if e["log_level"] == "warning"] == [
        ("alert.nobody_to_tell", "nobody")
    ]


def test_time_alone_is_judged_account_by_account(alerts: Alerts, store: AlertRows, clock: Hand) -> None:
    for account in ("acme-x", "acme-facebook"):
        unreadable = finding(Condition.NETWORK_UNREADABLE, account=account)
        for _ in range(3):
            alerts.reconcile(account, [unreadable], ALL)
        clock.wait(minutes=5)
        alerts.reconcile(account, [], ALL)
    before = len(told(store))
    clock.wait(minutes=25)
    alerts.ripen()
    assert told(store)[before:] == [("claire", 0, Told.CLEARED, "acme-x"), ("claire", 1, Told.CLEARED, "acme-x")]
    clock.wait(minutes=5)
    alerts.ripen()
    assert store.alerts() == []
    writes = store.writes
    alerts.ripen()
    assert store.writes == writes


def test_a_test_message_takes_the_way_of_all_and_leaves_no_alert_open(alerts: Alerts, store: AlertRows) -> None:
    assert alerts.test(["claire", "hugo"]) == 3
    assert store.alerts() == []
    assert told(store) == [("claire", 0, Told.OPENED, ""), ("claire", 1, Told.OPENED, ""), ("hugo", 0, Told.OPENED, "")]
    assert {n.condition for n in store.all_notifications()} == {Condition.TEST}


def test_a_test_can_be_repeated_and_disturbs_no_real_alert(alerts: Alerts, store: AlertRows) -> None:
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    assert alerts.test(["hugo"]) == 1
    assert alerts.test(["hugo"]) == 1
    alerts.reconcile("", [finding(Condition.CONTENT_MISSING, account="")], ALL)
    assert [alert.finding.condition for alert in store.alerts()] == [Condition.CONTENT_MISSING]
