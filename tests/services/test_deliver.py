"""What was written reaches its people: at least once, one message a channel, tried for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.fakes import FakeClock, MemoryStore
from tests.services.post_office import PostOffice
from veilleuse.domain.alert import Condition, Finding
from veilleuse.services.alert import Alerts
from veilleuse.services.deliver import GATHER, Deliver, DeliveryReport

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ALL = frozenset(Condition)


class House:
    """Alerts and their delivery around one store."""

    def __init__(self, **people: int) -> None:
        self.clock = FakeClock(NOW)
        self.store = MemoryStore()
        self.office = PostOffice(people=people or {"claire": 1})
        self.alerts = Alerts(self.store, self.office, self.clock)
        self.deliver = Deliver(self.store, self.office, self.clock)

    def find(self, account: str, condition: Condition = Condition.LIMIT_PASSED, person: str = "claire") -> None:
        finding = Finding(
            condition=condition,
            account=account,
            subject="",
            text=f"{account}: it happened.",
            remedy="Act.",
            person=person,
        )
        self.alerts.reconcile(account, [finding], ALL)

    def waiting(self) -> int:
        return sum(1 for n in self.store.all_notifications() if n.next_try_at is not None)


def test_each_channel_gets_one_message_with_all_that_waits_for_it() -> None:
    house = House(claire=2, hugo=1)
    house.find("acme-x")
    house.find("acme-blog", Condition.RUNWAY_LOW)
    house.find("acme-facebook", person="hugo")
    assert house.deliver.run() == DeliveryReport(sent=3, failed=())
    assert {(letter.person, letter.channel, letter.title) for letter in house.office.letters} == {
        ("claire", 0, "veilleuse: 2 things need you"),
        ("claire", 1, "veilleuse: 2 things need you"),
        ("hugo", 0, "veilleuse: acme-facebook: it happened"),
    }
    assert all(letter.urgent for letter in house.office.letters)
    assert house.deliver.run() == DeliveryReport(sent=0, failed=())
    assert house.waiting() == 0


def test_one_cause_on_forty_two_accounts_is_one_message() -> None:
    house = House()
    for number in range(42):
        house.find(f"acme-{number:02}", Condition.CREDENTIALS_REFUSED)
    assert house.deliver.run() == DeliveryReport(sent=1, failed=())
    assert house.office.letters[0].title.startswith("veilleuse: 42 accounts: credentials refused: acme-00, ")


def test_a_dead_channel_is_tried_after_1_5_15_and_60_minutes_then_every_6_hours_for_ever() -> None:
    house = House()
    house.office.dead = {("claire", 0)}
    house.find("acme-x")
    tries = []
    start = house.clock.at
    for _ in range(3 * 24 * 60):
        before = len(house.office.tried)
        house.deliver.run()
        if len(house.office.tried) > before:
            tries.append((house.clock.at - start) / timedelta(minutes=1))
        house.clock.advance(timedelta(minutes=1))
    assert tries[:8] == [0, 1, 6, 21, 81, 81 + 360, 81 + 720, 81 + 1080]
    assert house.waiting() == 1
    house.office.dead.clear()
    house.clock.advance(timedelta(hours=6))
    assert house.deliver.run().sent == 1
    assert "acme-x: it happened. (noticed 3 days ago)" in house.office.letters[0].body
    assert house.waiting() == 0


def test_a_dead_channel_says_so_and_holds_up_no_other() -> None:
    house = House(claire=2, hugo=1)
    house.office.dead = {("claire", 0)}
    house.find("acme-x")
    house.find("acme-facebook", person="hugo")
    with capture_logs() as logs:
        assert house.deliver.run() == DeliveryReport(sent=2, failed=("claire's channel 1 is dead.",))
    assert {(letter.person, letter.channel) for letter in house.office.letters} == {("claire", 1), ("hugo", 0)}
    assert [(e["person"], e["channel"], e["reason"]) for e in logs if e["event"] == "notification.failed"] == [
        ("claire", 1, "claire's channel 1 is dead.")
    ]


def test_channels_in_good_standing_go_first_and_urgent_ones_before_others() -> None:
    house = House(claire=1, hugo=1, zoe=1)
    house.office.dead = {("claire", 0)}
    house.find("acme-a", person="claire")
    house.deliver.run()
    house.clock.advance(timedelta(minutes=1))
    house.find("acme-b", Condition.RUNWAY_LOW, person="hugo")
    house.find("acme-c", Condition.LIMIT_PASSED, person="zoe")
    house.office.tried.clear()
    house.deliver.run()
    assert [person for person, _ in house.office.tried] == ["zoe", "hugo", "claire"]


def test_a_channel_back_to_life_is_caught_up_with_at_the_next_message() -> None:
    house = House()
    house.office.dead = {("claire", 0)}
    house.find("acme-x")
    for minutes in (0, 1, 5, 15, 60):
        house.clock.advance(timedelta(minutes=minutes))
        house.deliver.run()
    house.office.dead.clear()
    house.clock.advance(timedelta(minutes=10))
    assert house.deliver.run() == DeliveryReport(sent=0, failed=())
    house.find("acme-facebook")
    assert house.deliver.run() == DeliveryReport(sent=1, failed=())
    assert "acme-x" in house.office.letters[0].body
    assert "acme-facebook" in house.office.letters[0].body
    assert house.waiting() == 0


def test_killed_while_sending_it_is_sent_again_two_minutes_later() -> None:
    house = House()
    house.find("acme-x")

    def killed() -> None:
        raise KeyboardInterrupt

    house.office.meanwhile = killed
    with pytest.raises(KeyboardInterrupt):
        house.deliver.run()
    house.office.meanwhile = lambda: None
    assert house.deliver.run().sent == 0
    house.clock.advance(timedelta(minutes=2))
    assert house.deliver.run().sent == 1


def test_a_message_under_way_is_not_sent_by_a_second_daemon() -> None:
    house = House()
    house.find("acme-x")
    second = Deliver(house.store, house.office, house.clock)
    reports: list[DeliveryReport] = []

    def other_daemon() -> None:
        house.office.meanwhile = lambda: None
        reports.append(second.run())

    house.office.meanwhile = other_daemon
    assert house.deliver.run().sent == 1
    assert reports == [DeliveryReport(sent=0, failed=())]
    assert len(house.office.letters) == 1


def test_company_is_waited_for_but_no_longer_than_the_first_may_wait() -> None:
    house = House()
    house.find("acme-x")
    house.clock.advance(timedelta(seconds=20))
    house.find("acme-facebook")
    assert house.deliver.run(gather=GATHER).sent == 0
    house.clock.advance(timedelta(seconds=10))
    assert house.deliver.run(gather=GATHER).sent == 1
    assert house.office.letters[0].title == "veilleuse: 2 things need you"


def test_a_channel_no_longer_configured_is_let_go_because_the_others_carry_the_same() -> None:
    house = House(claire=2)
    house.find("acme-x")
    house.office.people["claire"] = 1
    assert house.deliver.run() == DeliveryReport(sent=1, failed=())
    assert house.office.tried == [("claire", 0)]
    assert house.waiting() == 0


def test_a_person_left_without_any_channel_is_never_forgotten() -> None:
    house = House(claire=1)
    house.find("acme-x")
    house.office.people.clear()
    house.office.dead = {("claire", 0)}
    assert len(house.deliver.run().failed) == 1
    assert house.waiting() == 1


def test_a_test_message_is_delivered_like_any_other() -> None:
    house = House()
    house.alerts.test(["claire"])
    assert house.deliver.run().sent == 1
    assert house.office.letters[0].title == "veilleuse: This is a test: alerts for claire arrive here"
    assert not house.office.letters[0].urgent
