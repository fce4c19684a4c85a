"""What was written reaches its people: at least once, one message a channel, tried for ever."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from tests.fakes import FakeClock, MemoryStore
from tests.services.post_office import PostOffice
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.hours import Hours, parse_week
from veilleuse.domain.person import Person
from veilleuse.language import sentence
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
        self.people: dict[str, Person] = {}
        self.alerts = Alerts(self.store, self.office, self.clock, self.people, keeper="hugo")
        self.deliver = Deliver(self.store, self.office, self.clock, self.people)

    def tell(self) -> DeliveryReport:
        """As the daemon does every few seconds."""
        self.alerts.ripen()
        report = self.deliver.run()
        self.alerts.judge_channels(report.dead)
        return report

    def pass_time(self, length: timedelta, every: timedelta = timedelta(minutes=10)) -> None:
        end = self.clock.at + length
        while self.clock.at < end:
            self.clock.advance(every)
            self.tell()

    def read(self, person: str) -> list[str]:
        """The titles of what arrived."""
        return [letter.title for letter in self.office.letters if letter.person == person]

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
        assert house.deliver.run() == DeliveryReport(sent=2, failed=("claire's channel 1 is dead.",), owed=True)
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
    assert house.deliver.run().sent == 0
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


def test_what_a_second_daemon_has_sent_meanwhile_is_not_sent_again() -> None:
    house = House(claire=1, hugo=1)
    house.find("acme-x")
    house.find("acme-facebook", person="hugo")
    second = Deliver(house.store, house.office, house.clock)

    def other_daemon() -> None:  # while the first waits for a slow channel
        house.office.meanwhile = lambda: None
        house.find("acme-blog")
        second.run()

    house.office.meanwhile = other_daemon
    house.deliver.run()
    bodies = [letter.body for letter in house.office.letters]
    for account in ("acme-x", "acme-facebook", "acme-blog"):
        assert sum(f"{account}: it happened" in body for body in bodies) == 1
    assert house.waiting() == 0


def test_an_outage_that_forty_accounts_find_out_one_after_the_other_is_a_handful_of_messages() -> None:
    house = House()
    for number in range(40):
        house.find(f"acme-{number:02}", Condition.POST_REFUSED)
        for _ in range(9):
            house.clock.advance(timedelta(minutes=1))
            house.deliver.run(gather=GATHER)
    assert len(house.office.letters) <= 7
    house.clock.advance(timedelta(hours=1))
    house.deliver.run(gather=GATHER)
    assert house.waiting() == 0


def test_what_cannot_wait_comes_half_an_hour_after_another_message_and_takes_the_rest_along() -> None:
    house = House()
    house.find("acme-x")
    house.clock.advance(GATHER)
    assert house.deliver.run(gather=GATHER).sent == 1
    house.find("acme-facebook")
    house.find("acme-blog", Condition.RUNWAY_LOW)
    house.clock.advance(timedelta(minutes=29))
    assert house.deliver.run(gather=GATHER).sent == 0
    house.clock.advance(timedelta(minutes=1))
    assert house.deliver.run(gather=GATHER).sent == 1
    assert house.waiting() == 0


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
    house.people["claire"] = Person(name="claire")
    house.find("acme-x")
    house.office.people.clear()
    house.office.dead = {("claire", 0)}
    assert len(house.deliver.run().failed) == 1
    assert house.waiting() == 1


def test_what_calls_somebody_who_has_left_calls_whoever_has_the_account_now() -> None:
    house = House(claire=1, hugo=1)
    house.people["hugo"] = Person(name="hugo")
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.RUNWAY_LOW)
    house.tell()
    del house.office.people["claire"]
    house.find("acme-x", Condition.RUNWAY_LOW, person="hugo")
    house.tell()
    assert house.read("hugo") == ["veilleuse: acme-x: it happened"]
    tried = len(house.office.tried)
    house.pass_time(timedelta(days=6), every=timedelta(hours=1))
    assert len(house.office.tried) == tried, "she may be known to another daemon: nothing is tried or dropped here"
    assert [alert.finding.condition for alert in house.store.alerts()] == [Condition.RUNWAY_LOW]
    assert house.waiting() == 1
    house.pass_time(timedelta(days=2), every=timedelta(hours=1))
    assert house.waiting() == 0


def test_a_test_message_is_delivered_like_any_other() -> None:
    house = House()
    house.alerts.test(["claire"])
    assert house.deliver.run().sent == 1
    assert house.office.letters[0].title == "veilleuse: This is a test: alerts for claire arrive here"
    assert not house.office.letters[0].urgent


NIGHT = Hours(zone=ZoneInfo("Europe/Paris"), week=parse_week(["daily 00:00-08:00,20:00-24:00"]))


def test_whoever_does_not_answer_is_told_again_and_then_the_deputy_is_called() -> None:
    house = House(claire=1, hugo=1)
    house.people["claire"] = Person(name="claire", deputy="hugo")
    house.find("acme-x")
    house.tell()
    house.pass_time(timedelta(hours=5))
    assert house.read("claire") == [
        "veilleuse: acme-x: it happened",
        "veilleuse: still: acme-x: it happened",
        "veilleuse: still: acme-x: it happened",
    ]
    assert house.read("hugo")[0] == "veilleuse: acme-x: it happened"
    called = next(letter for letter in house.office.letters if letter.person == "hugo")
    assert "You are called as deputy" in called.body
    house.alerts.reconcile("acme-x", [], ALL)
    house.tell()
    assert house.read("claire")[-1] == house.read("hugo")[-1] == "veilleuse: all clear: acme-x: silent past its limit"


def test_once_acknowledged_nobody_is_told_again() -> None:
    house = House(claire=1, hugo=1)
    house.people["claire"] = Person(name="claire", deputy="hugo")
    house.find("acme-x")
    house.tell()
    [alert] = house.store.alerts()
    assert house.store.acknowledge(alert.id, "claire", house.clock.at)
    house.pass_time(timedelta(days=10), every=timedelta(hours=1))
    assert len(house.office.letters) == 1


def test_a_reminder_says_how_to_be_left_in_peace() -> None:
    house = House()
    house.find("acme-x")
    house.tell()
    house.pass_time(timedelta(hours=1))
    [alert] = house.store.alerts()
    assert f"veilleuse alerts ack {alert.id} --as claire" in house.office.letters[-1].body


def test_quiet_hours_hold_back_what_can_wait_until_they_end() -> None:
    house = House()
    house.people["claire"] = Person(name="claire", quiet_hours=NIGHT)
    house.clock.at = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)  # 20:30 in Paris
    house.find("acme-x", Condition.RUNWAY_LOW)
    house.pass_time(timedelta(hours=11, minutes=20))
    assert house.office.letters == []
    house.pass_time(timedelta(minutes=10))
    assert house.read("claire") == ["veilleuse: acme-x: it happened"]


def test_what_is_urgent_breaks_the_quiet_and_takes_along_what_waits() -> None:
    house = House()
    house.people["claire"] = Person(name="claire", quiet_hours=NIGHT)
    house.clock.at = datetime(2026, 11, 20, 22, tzinfo=UTC)
    house.find("acme-blog", Condition.RUNWAY_LOW)
    assert house.tell().sent == 0
    house.find("acme-x", Condition.LIMIT_PASSED)
    assert house.tell().sent == 1
    assert "acme-blog" in house.office.letters[0].body
    house.alerts.reconcile("acme-x", [], ALL)
    assert house.tell().sent == 0, "an all-clear can wait for the morning"


def test_a_test_does_not_wait_for_the_morning() -> None:
    house = House()
    house.people["claire"] = Person(name="claire", quiet_hours=NIGHT)
    house.clock.at = datetime(2026, 11, 20, 22, tzinfo=UTC)
    house.alerts.test(["claire"])
    assert house.tell().sent == 1


def test_a_channel_that_stays_dead_is_told_on_the_other_and_cleared_when_it_lives_again() -> None:
    house = House(claire=2)
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.POST_REFUSED)
    house.tell()
    house.pass_time(timedelta(hours=1))
    told = [letter for letter in house.office.letters if "claire's channel 1 is dead" in letter.title]
    assert [(letter.person, letter.channel) for letter in told] == [("claire", 1)]
    house.office.dead.clear()
    house.pass_time(timedelta(hours=2))
    assert house.office.letters[-1].title == "veilleuse: all clear: channel without answer"
    assert house.waiting() == 0


def test_a_channel_that_another_process_got_through_to_is_alive() -> None:
    house = House(claire=1, hugo=1)
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.POST_REFUSED)
    house.tell()
    house.pass_time(timedelta(hours=1))
    house.office.dead.clear()
    house.alerts.test(["claire"])  # as the alert asks for: `veilleuse alerts test claire`
    Deliver(house.store, house.office, house.clock).run(people=["claire"])
    house.tell()
    assert [alert.finding.condition for alert in house.store.alerts()] == [Condition.POST_REFUSED]


def test_what_failed_is_owed_until_it_arrives_whatever_arrives_elsewhere() -> None:
    house = House(claire=1, hugo=1)
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.POST_REFUSED)
    assert house.tell().owed
    house.find("acme-blog", Condition.POST_REFUSED, person="hugo")
    report = house.tell()
    assert (report.sent, report.failed, report.owed) == (1, (), True)
    house.deliver = Deliver(house.store, house.office, house.clock, house.people)
    assert house.tell().owed, "a restart does not forget it"
    house.office.dead.clear()
    house.clock.advance(timedelta(minutes=1))
    assert not house.tell().owed


def test_a_restart_does_not_take_a_dead_channel_for_living() -> None:
    house = House(claire=2)
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.POST_REFUSED)
    house.tell()
    house.pass_time(timedelta(hours=1))
    house.alerts = Alerts(house.store, house.office, house.clock, house.people)
    house.deliver = Deliver(house.store, house.office, house.clock, house.people)
    house.tell()
    assert [alert.finding.condition for alert in house.store.alerts()] == [
        Condition.POST_REFUSED,
        Condition.CHANNEL_DEAD,
    ]


def test_the_death_of_somebodys_only_channel_calls_the_keeper_of_alerts() -> None:
    house = House(claire=1, hugo=1)
    house.office.dead = {("claire", 0)}
    house.find("acme-x", Condition.POST_REFUSED)
    house.tell()
    house.pass_time(timedelta(hours=1))
    assert house.read("hugo") == ["veilleuse: claire's channel 1 is dead"]


def test_whoever_has_no_living_channel_left_has_the_keeper_called() -> None:
    house = House(claire=2, hugo=1)
    house.office.dead = {("claire", 0), ("claire", 1)}
    house.find("acme-x", Condition.POST_REFUSED)
    house.tell()
    house.pass_time(timedelta(hours=1))
    assert house.read("hugo") == ["veilleuse: 2 things need you"]
    assert "claire's channel 1 is dead" in house.office.letters[-1].body
    assert "claire's channel 2 is dead" in house.office.letters[-1].body


def test_where_the_keeper_is_cut_off_their_deputy_is_called_at_once() -> None:
    house = House(hugo=1, zoe=1)
    house.people["hugo"] = Person(name="hugo", deputy="zoe")
    house.office.dead = {("hugo", 0)}
    house.find("acme-x", Condition.POST_REFUSED, person="hugo")
    house.tell()
    house.pass_time(timedelta(hours=1))
    assert house.read("zoe") == ["veilleuse: hugo's channel 1 is dead"]


def test_each_person_reads_in_their_own_language() -> None:
    house = House(claire=1, hugo=1)
    house.people["claire"] = Person(name="claire", language="fr")
    for person in ("claire", "hugo"):
        text = sentence("{name} has nothing approved to say.", name=f"acme-{person}")
        remedy = sentence("Add approved posts to the content folder for {name}.", name=f"acme-{person}")
        finding = Finding(
            condition=Condition.NOTHING_ELIGIBLE,
            account=f"acme-{person}",
            subject="",
            text=text,
            remedy=remedy,
            person=person,
        )
        house.alerts.reconcile(f"acme-{person}", [finding], ALL)
    house.tell()
    assert house.read("hugo") == ["veilleuse: acme-hugo has nothing approved to say"]
    assert house.read("claire") == ["veilleuse\u00a0: acme-claire n’a plus rien d’approuvé à dire"]
