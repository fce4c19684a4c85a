"""The store's contract: alerts, and the messages about them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from tests.conftest import OpenStore
from tests.contracts.samples import HOUR, MINUTE, NOW
from veilleuse.domain.alert import Alert, Condition, Finding, Told
from veilleuse.language import sentence, speaking
from veilleuse.ports import Store

FINDING = Finding(
    condition=Condition.RUNWAY_LOW,
    account="acme-x",
    subject="",
    text="acme-x dure jusqu'à vendredi.",
    remedy="Ajouter un post.",
    person="claire",
)
ALERT = Alert(id=0, finding=FINDING, strikes=1, opened_at=NOW, seen_at=NOW, told_at=NOW)


def save(
    store: Store,
    *,
    opened: tuple[Alert, ...] = (),
    updated: tuple[Alert, ...] = (),
    told: tuple[tuple[Finding, Told, int], ...] = (),
) -> None:
    store.save_alerts(opened=opened, updated=updated, told=told, now=NOW)


def test_an_alert_is_kept_whole(store: Store) -> None:
    alert = replace(ALERT, strikes=3, absent_since=NOW + MINUTE, told_at=None)
    save(store, opened=(alert,))
    [kept] = store.alerts()
    assert kept == replace(alert, id=kept.id)
    assert kept.id > 0


def test_an_open_alert_is_open_once(open_again: OpenStore) -> None:
    stores = [open_again(), open_again()]

    def open_it(n: int) -> None:
        save(stores[n % 2], opened=(ALERT,), told=((FINDING, Told.OPENED, 0),))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(open_it, range(8)))
    assert len(stores[0].alerts()) == 1
    assert len(stores[0].all_notifications()) == 1


def test_alerts_differ_by_condition_account_and_subject(store: Store) -> None:
    others = (
        replace(FINDING, subject="p1"),
        replace(FINDING, account=""),
        replace(FINDING, condition=Condition.LIMIT_PASSED),
    )
    save(store, opened=tuple(replace(ALERT, finding=finding) for finding in (FINDING, *others)))
    assert [alert.finding for alert in store.alerts()] == [FINDING, *others]
    assert [alert.finding for alert in store.alerts(account="")] == [others[1]]


def test_an_alert_changes_and_is_resolved(store: Store) -> None:
    save(store, opened=(ALERT,))
    [alert] = store.alerts()
    seen = replace(alert, strikes=2, seen_at=NOW + HOUR, finding=replace(FINDING, text="acme-x dure jusqu'à demain."))
    save(store, updated=(seen,))
    assert store.alerts() == [seen]
    resolved = replace(seen, resolved_at=NOW + 2 * HOUR)
    save(store, updated=(resolved,))
    assert store.alerts() == []
    assert store.alerts(since=NOW + HOUR) == [resolved]
    assert store.alerts(since=NOW + 2 * HOUR) == []


def test_a_resolved_alert_may_open_anew_or_come_back(store: Store) -> None:
    save(store, opened=(ALERT,))
    [first] = store.alerts()
    save(store, updated=(replace(first, resolved_at=NOW),))
    save(store, updated=(first,))
    assert store.alerts() == [first]
    save(store, updated=(replace(first, resolved_at=NOW),))
    save(store, opened=(ALERT,))
    [second] = store.alerts()
    assert second.id != first.id


def test_a_resolved_alert_does_not_come_back_beside_an_open_one(store: Store) -> None:
    save(store, opened=(ALERT,))
    [first] = store.alerts()
    save(store, updated=(replace(first, resolved_at=NOW),))
    save(store, opened=(ALERT,))
    save(store, updated=(first,))
    assert [alert.id for alert in store.alerts()] != [first.id]
    assert len(store.alerts()) == 1


def test_a_test_message_leaves_no_open_alert(store: Store) -> None:
    finding = replace(FINDING, condition=Condition.TEST)
    for _ in range(2):
        save(store, opened=(replace(ALERT, finding=finding, resolved_at=NOW),), told=((finding, Told.OPENED, 0),))
    assert store.alerts() == []
    assert len(store.due_notifications(NOW)) == 2


def test_what_is_told_becomes_one_message_a_channel_due_now(store: Store) -> None:
    save(store, opened=(ALERT,), told=((FINDING, Told.OPENED, 0), (FINDING, Told.OPENED, 1)))
    [alert] = store.alerts()
    first, second = store.due_notifications(NOW)
    assert (first.alert_id, first.person, first.channel, first.what) == (alert.id, "claire", 0, Told.OPENED)
    assert (first.condition, first.account, first.text, first.remedy) == (
        Condition.RUNWAY_LOW,
        "acme-x",
        FINDING.text,
        FINDING.remedy,
    )
    assert (first.created_at, first.tries, first.next_try_at) == (NOW, 0, NOW)
    assert second.channel == 1
    save(store, updated=(replace(alert, resolved_at=NOW),), told=((FINDING, Told.CLEARED, 0),))
    assert [(n.alert_id, n.what) for n in store.all_notifications()][2:] == [(alert.id, Told.CLEARED)]


def test_a_message_is_due_until_it_is_delivered(store: Store) -> None:
    save(store, opened=(ALERT,), told=((FINDING, Told.OPENED, 0), (FINDING, Told.OPENED, 1)))
    failed, sent = store.due_notifications(NOW)
    store.reschedule([failed.id], tries=1, next_try_at=NOW + MINUTE)
    store.reschedule([sent.id], tries=1, next_try_at=None)
    assert store.due_notifications(NOW) == []
    assert store.due_notifications(NOW + MINUTE) == [replace(failed, tries=1, next_try_at=NOW + MINUTE)]
    assert [n.next_try_at for n in store.all_notifications()] == [NOW + MINUTE, None]


def test_a_message_is_leased_once_until_its_time_is_over(store: Store) -> None:
    save(store, opened=(ALERT,), told=tuple((FINDING, Told.OPENED, channel) for channel in range(3)))
    due, waits, sent = (notification.id for notification in store.all_notifications())
    store.reschedule([waits], tries=1, next_try_at=NOW + HOUR)
    store.reschedule([sent], tries=1, next_try_at=None)

    def lease(at: datetime) -> frozenset[int]:
        return store.lease([due, waits, sent], now=at, beyond=at + 4 * MINUTE, until=at + 2 * MINUTE)

    assert lease(NOW) == {due, waits}
    assert lease(NOW) == lease(NOW + MINUTE) == frozenset()
    assert lease(NOW + 2 * MINUTE) == {due, waits}


def test_the_longest_due_messages_come_first_and_no_more_than_asked(store: Store) -> None:
    save(store, opened=(ALERT,), told=tuple((FINDING, Told.OPENED, n) for n in range(5)))
    ids = [n.id for n in store.due_notifications(NOW)]
    store.reschedule(ids[:2], tries=1, next_try_at=NOW + MINUTE)
    assert [n.id for n in store.due_notifications(NOW + HOUR, limit=4)] == [*ids[2:], ids[0]]


def test_an_alert_is_acknowledged_by_who_came_first(store: Store) -> None:
    save(store, opened=(ALERT,))
    [alert] = store.alerts()
    assert store.acknowledge(alert.id, "anna", NOW)
    assert store.acknowledge(alert.id, "claire", NOW + HOUR)
    assert store.alerts() == [replace(alert, acked_at=NOW, acked_by="anna")]
    assert not store.acknowledge(alert.id + 1, "anna", NOW)
    save(store, updated=(replace(alert, resolved_at=NOW),))
    assert not store.acknowledge(alert.id, "anna", NOW + timedelta(days=1))


def test_an_acknowledgement_stands_against_a_look_that_was_under_way(store: Store) -> None:
    save(store, opened=(ALERT,))
    [read_before] = store.alerts()
    assert store.acknowledge(read_before.id, "claire", NOW + HOUR)
    save(store, updated=(replace(read_before, strikes=2, told_at=NOW + HOUR, repeats=1),))
    [now] = store.alerts()
    assert (now.acked_by, now.strikes, now.repeats) == ("claire", 2, 1)


def test_a_new_life_that_is_announced_was_seen_by_nobody(store: Store) -> None:
    save(store, opened=(ALERT,))
    [first] = store.alerts()
    store.acknowledge(first.id, "claire", NOW + HOUR)
    save(store, updated=(replace(first, opened_at=NOW + HOUR),))
    assert store.alerts()[0].acked_by == "claire"
    save(store, updated=(replace(first, opened_at=NOW + HOUR, told_at=NOW + HOUR),))
    assert store.alerts()[0].acked_by is None


def test_what_was_said_in_every_language_is_kept_so(store: Store) -> None:
    said = sentence("{span} ago", span=3)
    save(
        store,
        opened=(replace(ALERT, finding=replace(FINDING, text=said)),),
        told=((replace(FINDING, text=said), Told.OPENED, 0),),
    )
    for kept in (store.alerts()[0].finding.text, store.all_notifications()[0].text):
        assert kept == "3 ago"
        with speaking("fr"):
            assert f"{kept}" == "il y a 3"


def test_what_waits_to_be_sent_is_counted(store: Store) -> None:
    assert store.undelivered() == 0
    save(store, opened=(ALERT,), told=((FINDING, Told.OPENED, 0), (FINDING, Told.OPENED, 1)))
    first, second = store.all_notifications()
    store.reschedule([first.id], tries=3, next_try_at=NOW + HOUR)
    assert store.undelivered() == 2
    store.reschedule([second.id], tries=1, next_try_at=None)
    assert store.undelivered() == 1
