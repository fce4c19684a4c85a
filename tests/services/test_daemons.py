"""Several daemons on one database (rule 13): two of them at once, one that dies, one that slept too long."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post
from tests.fake_network import FakeNetwork, Fault
from tests.services.house import START, House, posts
from veilleuse.domain.attempt import Attempt, Outcome, Proof
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.ports import Guard
from veilleuse.services.look import Action

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def texts(house: House) -> list[str]:
    return [payload.text for payload in house.network.sent]


@pytest.fixture
def two(open_again: OpenStore) -> tuple[House, House]:
    one = House(*posts(9), store=open_again(), daemon="one")
    return one, House(store=open_again(), daemon="two", beside=one)


def during_the_call(house: House, deed: Callable[[], None], *, effect: bool = True) -> None:
    """While the first daemon's call is under way, something else happens; then the answer is lost."""
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=effect, meanwhile=deed))


def test_what_one_daemon_looks_at_the_other_leaves_alone(two: tuple[House, House]) -> None:
    one, other = two
    seen: list[int] = []
    during_the_call(one, lambda: seen.append(len(other.look())))
    one.look()
    assert seen == [0]


def test_two_daemons_taking_turns_for_two_months_say_each_post_once(two: tuple[House, House]) -> None:
    one, other = two
    for turn in range(200):
        house = (one, other)[turn % 2]
        at = house.store.next_look_at()
        assert at is not None
        house.clock.advance(max(timedelta(0), at - house.clock.now()))
        house.rounds.until_quiet(lambda report: None)
        if house.clock.now() > START + 60 * DAY:
            break
    assert texts(one) == [f"Bonjour de p{n} !" for n in range(9)]


def test_a_daemon_thought_dead_that_comes_back_between_attempt_and_answer_is_not_answered_twice(
    two: tuple[House, House],
) -> None:
    """Stopped for longer than its life between the commit and the send; the other took over meanwhile."""
    one, other = two

    def the_other_takes_over() -> None:
        one.store.retire("one")
        assert other.look()[0].action is Action.IN_DOUBT  # it finds the open attempt: it reads, and sends nothing

    during_the_call(one, the_other_takes_over)
    one.look()
    one.clock.advance(HOUR)
    other.look()
    assert texts(one) == ["Bonjour de p0 !"]
    assert [receipt.proof for receipt in other.store.receipts()] == [Proof.READ_BACK]
    other.live_until(START + 5 * DAY)
    assert len(texts(one)) == 1


def test_a_daemon_that_slept_past_the_moment_to_send_sends_nothing(
    two: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    write = one.store.open_attempt

    def write_and_sleep(attempt: Attempt, guard: Guard) -> None:
        write(attempt, guard)
        one.clock.advance(timedelta(minutes=2))

    with monkeypatch.context() as slow:
        slow.setattr(one.store, "open_attempt", write_and_sleep)
        one.look()
    assert texts(one) == []
    assert one.store.attempts()[0].outcome is Outcome.REFUSED
    other.look(HOUR)
    assert len(texts(one)) == 1


def test_a_receipt_that_comes_late_from_a_daemon_thought_dead_is_taken_all_the_same(two: tuple[House, House]) -> None:
    one, other = two
    met: list[Action] = []

    def the_other_takes_over() -> None:
        one.store.retire("one")
        met.extend(report.action for report in other.look(HOUR))

    one.network.answered = the_other_takes_over
    one.look()
    one.network.answered = None
    assert met
    assert other.store.unsettled("acme-x") == []
    assert len(other.store.receipts()) == 1
    other.live_until(START + 5 * DAY)
    assert len(texts(one)) == 1


def test_a_crash_after_the_commit_is_settled_by_the_other_and_the_next_post_is_another(
    two: tuple[House, House],
) -> None:
    one, other = two

    def dies() -> None:
        raise KeyboardInterrupt

    during_the_call(one, dies, effect=False)
    with pytest.raises(KeyboardInterrupt):
        one.look()
    one.store.retire("one")
    other.live_until(START + 2 * DAY)
    assert texts(one) == ["Bonjour de p1 !"]


def test_two_daemons_with_one_account_each_do_not_wait_for_each_other(open_again: OpenStore) -> None:
    names = ("acme-x", "acme-y")
    one = House(names=names, store=open_again(), daemon="one")
    other = House(names=names, store=open_again(), daemon="two", beside=one)
    one.feed(a_post("p0"))
    jobs: list[Callable[[], None]] = []
    assert one.rounds.poll(jobs.append, lambda report: None, room=1) == 1
    assert len(other.look()) == 1
    jobs[0]()
    assert one.look() == other.look() == []


def test_a_daemon_with_an_old_configuration_leaves_a_new_account_to_who_knows_it(open_again: OpenStore) -> None:
    old = House(*posts(3), store=open_again(), daemon="old")
    new = House(names=("acme-x", "acme-new"), store=open_again(), daemon="new", beside=old)
    old.networks.by_account["acme-new"] = FakeNetwork(clock=old.clock, whose="43")
    new.store.apply(SyncChange(upserts=(replace(a_post("p9"), account="acme-new"),)), START)
    assert [report.account for report in old.look()] == ["acme-x"]
    assert [report.account for report in new.look(10 * SECOND)] == ["acme-new"]
    assert [payload.text for payload in old.networks.by_account["acme-new"].sent] == ["Bonjour de p9 !"]
