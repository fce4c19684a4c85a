"""How an account hibernates, wakes and says farewell: by looks, step by step, each read back, through any crash."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

import pytest

from tests.domain.posts import a_post
from tests.fake_network import FakeNetwork, Fault
from tests.services.house import START, House, posts
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry
from veilleuse.domain.alert import Condition
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, NetworkError, OutcomeUnknown, Unreachable
from veilleuse.domain.farewell import as_farewell
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.plan import Plan, PlanKind, StepKind, StepState
from veilleuse.domain.post import Post
from veilleuse.ports import Network
from veilleuse.services import plans
from veilleuse.services.plans import CannotPlan
from veilleuse.services.status import Standing, status
from veilleuse.services.tasks import Tasks

DAY = timedelta(days=1)
FAREWELL = as_farewell(a_post("f", text="Au revoir, suivez-nous là-bas.", approved_by=None))
ELSEWHERE = "https://acme.test"


@dataclass(slots=True)
class Board:
    """A network that a program can hide an account on, and pin a post on. All else is the fake's."""

    fake: FakeNetwork
    out_of_sight: bool = False
    first: str | None = None
    deeds: list[str] = field(default_factory=list)  # what took effect, in order
    refuses: deque[NetworkError] = field(default_factory=deque)
    forgets: bool = False  # it says yes and does nothing
    shows: bool | None = None  # to strangers; None: as it is
    dies: str = ""  # the process, "before" or "after" the call

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fake, name)

    def hide(self) -> None:
        self._change("hide", lambda: setattr(self, "out_of_sight", True))

    def show(self) -> None:
        self._change("show", lambda: setattr(self, "out_of_sight", False))

    def hidden(self) -> bool:
        return self.out_of_sight

    def pin(self, post_id: str) -> None:
        self._change("pin", lambda: setattr(self, "first", post_id))

    def pinned(self, post_id: str) -> bool:
        return self.first == post_id

    def visible(self, entry: Entry) -> bool | None:
        return not self.out_of_sight if self.shows is None else self.shows

    def _change(self, name: str, change: Callable[[], None]) -> None:
        if self.refuses:
            raise self.refuses.popleft()
        dies, self.dies = self.dies, ""
        if dies == "before":
            raise SystemExit("killed before the call")
        if not self.forgets:
            change()
            self.deeds.append(name)
        if dies == "after":
            raise SystemExit("killed after the call")


class Home(House):
    """A house whose one account can be hidden, unless `able` is false."""

    def __init__(self, *given: Post, able: bool = True, beside: "Home | None" = None, daemon: str = "me") -> None:
        super().__init__(*given, beside=beside, daemon=daemon, store=beside.store if beside else None)
        self.board: Board = beside.board if beside else Board(self.network)
        self.able = able

    @contextmanager
    def open(self, account: Account) -> Iterator[Network]:
        yield cast(Network, self.board) if self.able else self.network

    @property
    def account(self) -> Account:
        return self.accounts["acme-x"]

    @property
    def plan(self) -> Plan | None:
        return plans.plan_now(self.store, self.account)

    def begin(self, make: Callable[[Plan | None], Plan]) -> None:
        before = self.plan
        plans.begin(self.store, make(before), before, self.clock.now())

    def hibernate(self, days: int | None = None) -> None:
        now = self.clock.now()
        until = None if days is None else now + days * DAY
        self.begin(lambda before: plans.hibernate(self.account, before, "claire", now, until))

    def wake(self, comeback: Post | None = None) -> None:
        self.begin(lambda before: plans.wake(self.account, before, "claire", self.clock.now(), comeback))

    def farewell(self, days: int = 30) -> None:
        now = self.clock.now()
        stays = days * DAY
        self.begin(lambda b: plans.farewell(self.account, b, "claire", now, FAREWELL, ELSEWHERE, stays))
        plans.store_farewell(self.store, FAREWELL, "claire", now)

    def call(self) -> list[str]:
        """What people are called for."""
        Tasks(accounts=self.accounts, specs=self.specs, store=self.store, clock=self.clock, alerts=self.alerts).call()
        tasks = [a.finding for a in self.store.alerts() if a.finding.condition is Condition.HUMAN_TASK]
        return [f"{finding.subject}: {finding.text}" for finding in tasks]

    @property
    def state(self) -> Standing:
        (one,) = status(self.accounts, self.store, self.clock.now())
        return one.state

    def restart(self) -> "Home":
        """The process was killed: another one takes its place, and the dead one's claims are free."""
        self.store.retire(self.daemon)
        return Home(beside=self, daemon=f"{self.daemon}'")

    def said(self) -> list[str]:
        return [payload.text for payload in self.network.sent]


def test_a_hibernating_account_is_hidden_says_nothing_and_calls_nobody() -> None:
    house = Home(*posts(3))
    house.network.human_posts("Bonjour", at=START - 2 * DAY)
    house.look()
    house.hibernate(90)
    house.live_until(START + 60 * DAY)
    assert (house.board.deeds, house.said(), house.state) == (["hide"], [], Standing.HIBERNATING)
    assert house.open_alerts() == {}
    assert house.call() == []


def test_an_account_long_silent_hibernates_without_an_alarm_for_what_it_had() -> None:
    house = Home()
    house.network.human_posts("Bonjour", at=START - 60 * DAY)
    house.look()
    assert "limit_passed" in house.open_alerts()
    house.hibernate()
    house.look(timedelta(hours=1))
    house.look(2 * DAY)
    assert house.open_alerts() == {}


def test_the_network_is_not_read_while_an_account_rests() -> None:
    house = Home(*posts(1))
    house.look()
    house.hibernate()
    house.look(timedelta(minutes=1))
    before = house.network.reads
    house.live_until(START + 30 * DAY)
    assert house.network.reads == before


def test_where_no_program_can_hide_it_a_person_is_called_with_the_steps_and_says_done() -> None:
    house = Home(*posts(3), able=False)
    house.hibernate()
    house.look()
    (task,) = house.call()
    assert "https://x.com/settings/audience_and_tagging" in task
    assert "by" in task
    plans.done(house.store, house.account, "claire", house.clock.now())
    house.look(timedelta(hours=1))
    assert house.call() == []
    assert house.plan is not None
    step = house.plan.step(StepKind.HIDE)
    assert step is not None
    assert (step.state, step.by) == (StepState.DONE, "claire")


def test_its_owner_is_reminded_some_days_before_the_end_and_after_it() -> None:
    house = Home()
    house.hibernate(30)
    house.live_until(START + 20 * DAY)
    assert house.call() == []
    house.live_until(START + 26 * DAY)
    assert "hibernates until" in house.call()[0]
    house.live_until(START + 40 * DAY)
    assert "was to hibernate until" in house.call()[0]
    assert house.said() == []


def test_a_network_that_refuses_to_hide_calls_a_person_with_its_reason() -> None:
    house = Home()
    house.board.refuses.append(CredentialsRefused("pages_manage_metadata is missing."))
    house.hibernate()
    house.look()
    (task,) = house.call()
    assert "pages_manage_metadata is missing." in task
    assert house.board.deeds == []


def test_what_a_network_took_and_did_not_do_calls_a_person() -> None:
    house = Home()
    house.board.forgets = True
    house.hibernate()
    house.look()
    assert "does not hold" in house.call()[0]


def test_what_a_person_does_by_hand_is_seen_where_the_network_tells() -> None:
    house = Home()
    house.board.refuses.append(CredentialsRefused("not with this token."))
    house.hibernate()
    house.look()
    house.board.out_of_sight = True
    house.live_until(START + DAY)
    assert house.call() == []


def test_a_network_that_does_not_answer_is_asked_again_later_and_then_tells_a_person() -> None:
    house = Home()
    house.board.refuses.extend([Unreachable("no connection.")] * 4)
    house.hibernate()
    house.look()
    assert house.call() == []
    house.live_until(START + timedelta(minutes=40))
    (task,) = house.call()
    assert "no connection." in task
    assert "Nothing was done before." in task
    house.live_until(START + DAY)
    assert (house.board.deeds, house.call()) == (["hide"], [])


def test_a_freeze_wins_over_every_step() -> None:
    house = Home()
    house.store.freeze(Freeze(account="acme-x", origin="command", by="paul", reason="recall", since=START))
    house.hibernate()
    house.look()
    assert (house.board.deeds, house.state) == ([], Standing.FROZEN)
    house.store.thaw(Freeze(account="acme-x", origin="command", by="paul", reason="", since=START))
    house.force(timedelta(hours=1))
    assert house.board.deeds == ["hide"]


def test_a_stop_file_of_this_very_moment_wins_too() -> None:
    house = Home()
    house.stop = "recall"
    house.hibernate()
    house.look()
    assert house.board.deeds == []


def test_a_woken_account_is_shown_then_says_its_comeback_then_lives_by_its_rule() -> None:
    comeback, *others = posts(4)
    house = Home(*others, comeback)
    house.network.human_posts("Bonjour", at=START - 2 * DAY)
    house.look()
    house.hibernate()
    house.live_until(START + 100 * DAY)
    house.wake(next(c.post for c in house.store.candidates("acme-x") if c.post.id == comeback.id))
    woken = house.clock.now()
    house.live_until(woken + timedelta(hours=3))
    assert house.board.deeds == ["hide", "show"]
    assert house.said() == [comeback.text]
    assert house.plan is None
    assert house.state is Standing.ALIVE
    house.live_until(woken + 7 * DAY)
    assert len(house.said()) == 2
    assert "limit_passed" not in house.open_alerts()


def test_woken_without_a_comeback_nothing_is_said_in_a_hurry_and_no_alarm_tells_of_the_months_gone_by() -> None:
    house = Home(*posts(4))
    house.network.human_posts("Bonjour", at=START - 2 * DAY)
    house.look()
    house.hibernate()
    house.live_until(START + 100 * DAY)
    house.wake()
    woken = house.clock.now()
    house.live_until(woken + 5 * DAY)
    assert (house.said(), house.open_alerts(), house.state) == (
        [],
        {"runway_low": house.open_alerts()["runway_low"]},
        Standing.ALIVE,
    )
    house.live_until(woken + 7 * DAY)
    assert len(house.said()) == 1


def test_a_comeback_that_the_network_will_not_take_calls_its_owner() -> None:
    house = Home(*posts(3))
    house.look()
    house.hibernate()
    house.look()
    house.clock.advance(60 * DAY)
    house.network.publish_faults.extend(Fault(Unreachable("X does not answer.")) for _ in range(99))
    house.wake(posts(3)[1])
    house.live_until(house.clock.now() + DAY / 12)
    assert "acme-x/p1 was not published: X does not answer." in house.open_alerts()["network_unreadable"]


def test_a_comeback_waits_until_strangers_see_the_account() -> None:
    first, comeback = posts(2)
    house = Home(first, comeback)
    house.look()
    assert house.said() == [first.text]
    house.hibernate()
    house.look(timedelta(hours=1))
    house.clock.advance(10 * DAY)
    house.board.shows = False
    house.wake(comeback)
    house.look()
    assert (house.board.deeds, house.said()) == (["hide", "show"], [first.text])
    house.board.shows = True
    house.live_until(START + 11 * DAY)
    assert house.said() == [first.text, comeback.text]


def test_a_farewell_is_said_once_pinned_left_for_its_readers_and_then_the_account_is_closed() -> None:
    house = Home(*posts(3))
    house.network.human_posts("Bonjour", at=START - 2 * DAY)
    house.look()
    house.farewell(30)
    house.live_until(START + DAY)
    assert house.said() == [FAREWELL.text]
    assert (house.board.deeds, house.board.first) == (["pin"], house.network.timeline[-1].remote_id)
    house.live_until(START + 29 * DAY)
    assert house.state is Standing.HIBERNATING
    house.live_until(START + 31 * DAY)
    assert (house.board.deeds, house.state) == (["pin", "hide"], Standing.CLOSED)
    house.feed(a_post("new", text="Encore nous !"))
    house.live_until(START + 90 * DAY)
    assert house.said() == [FAREWELL.text]
    assert house.open_alerts() == {}
    assert house.call() == []
    receipt = house.store.receipts("acme-x")[0]
    assert (receipt.approved_by, receipt.digest) == ("claire", FAREWELL.digest)
    assert [record.approver for record in house.store.approvals("acme-x") if record.post_id == FAREWELL.id] == [
        "claire"
    ]


def test_a_farewell_that_nobody_pins_is_left_as_long_and_closed_all_the_same() -> None:
    house = Home(able=False)
    house.farewell(10)
    house.live_until(START + 9 * DAY)
    assert "Pin to your profile" in house.call()[0]
    house.live_until(START + 11 * DAY)
    assert "deactivate" in house.call()[0]
    plans.done(house.store, house.account, "claire", house.clock.now())
    assert (house.state, house.call(), len(house.said())) == (Standing.CLOSED, [], 1)


def test_a_wrong_clock_closes_nothing() -> None:
    house = Home()
    house.farewell(30)
    house.live_until(START + DAY)
    house.clock.advance(400 * DAY)
    house.network.clock_error = -400 * DAY  # it is ours that is ahead
    house.force()
    assert (house.board.deeds, house.state) == (["pin"], Standing.HIBERNATING)
    assert "clock_off" in {alert.finding.condition.value for alert in house.store.alerts()}


def test_who_did_what_stands_in_the_trail() -> None:
    house = Home()
    house.farewell(1)
    house.live_until(START + 3 * DAY)
    told = [(deed.by, deed.act.value, deed.detail) for deed in reversed(house.store.deeds("acme-x"))]
    assert told == [
        ("claire", "said_farewell", ELSEWHERE),
        ("claire", "approved", FAREWELL.digest),
        ("veilleuse", "did", "say"),
        ("veilleuse", "did", "pin"),
        ("veilleuse", "did", "stay"),
        ("veilleuse", "did", "close"),
    ]


def test_a_farewell_in_doubt_is_read_for_and_never_said_again() -> None:
    house = Home()
    house.look()
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True))
    house.farewell()
    house.live_until(START + 2 * DAY)
    assert house.said() == [FAREWELL.text]
    assert house.board.deeds == ["pin"]


def test_a_farewell_that_the_network_refuses_tells_what_was_done_and_what_to_do() -> None:
    house = Home()
    house.look()
    house.network.publish_faults.append(Fault(ContentRefused("too many words.")))
    house.farewell()
    house.live_until(START + DAY)
    (task,) = house.call()
    assert "too many words." in task
    assert "Nothing was done before." in task
    assert house.said() == []


def test_a_farewell_called_off_before_it_is_said_is_not_said() -> None:
    house = Home(*posts(1))
    house.network.human_posts("Bonjour", at=START - DAY)
    house.look()
    house.farewell()
    plans.cancel(house.store, house.account, "claire", house.clock.now())
    house.live_until(START + 60 * DAY)
    assert house.said() == [posts(1)[0].text]


def test_a_farewell_said_cannot_be_unsaid_and_the_account_goes_on() -> None:
    house = Home(*posts(1))
    house.look()
    house.farewell()
    house.live_until(START + 2 * DAY)
    called_off = plans.cancel(house.store, house.account, "claire", house.clock.now())
    assert StepKind.SAY in called_off.left
    house.live_until(START + 30 * DAY)
    assert house.said().count(FAREWELL.text) == 1
    assert house.state is not Standing.CLOSED


def test_a_hidden_account_is_woken_not_called_off() -> None:
    house = Home()
    house.hibernate()
    house.look()
    with pytest.raises(CannotPlan, match="wake"):
        plans.cancel(house.store, house.account, "claire", house.clock.now())


def test_a_wake_called_off_sleeps_again() -> None:
    house = Home()
    house.hibernate()
    house.look()
    house.wake()
    plans.cancel(house.store, house.account, "claire", house.clock.now())
    house.look(timedelta(minutes=10))
    assert house.board.out_of_sight
    assert house.state is Standing.HIBERNATING


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (None, Home.wake),
        (Home.farewell, Home.hibernate),
        (Home.farewell, Home.wake),
        (Home.hibernate, Home.farewell),
        (Home.farewell, Home.farewell),
    ],
)
def test_plans_that_make_no_sense_are_refused_and_change_nothing(
    first: Callable[[Home], None] | None, then: Callable[[Home], None]
) -> None:
    house = Home()
    if first is not None:
        first(house)
    before = house.plan
    with pytest.raises(CannotPlan):
        then(house)
    assert house.plan == before


def test_a_closed_account_cannot_begin_anything() -> None:
    house = Home()
    house.farewell(1)
    house.live_until(START + 3 * DAY)
    for again in (house.hibernate, house.wake, house.farewell):
        with pytest.raises(CannotPlan, match="closed"):
            again()
    with pytest.raises(CannotPlan, match="closed"):
        plans.cancel(house.store, house.account, "claire", house.clock.now())


def test_who_changed_the_plan_meanwhile_is_not_overwritten() -> None:
    house = Home()
    house.hibernate()
    mine = house.plan
    assert mine is not None
    house.hibernate(30)
    with pytest.raises(CannotPlan, match="somebody else"):
        plans.begin(house.store, replace(mine, until=None), mine, house.clock.now())


@pytest.mark.parametrize("kind", [PlanKind.HIBERNATE, PlanKind.WAKE, PlanKind.FAREWELL])
@pytest.mark.parametrize("when", ["before the call", "after the call", "before it is kept", "after it is kept"])
def test_killed_at_any_step_another_process_goes_on_and_does_nothing_twice(kind: PlanKind, when: str) -> None:
    """The process dies once at each step that does something; its successor finishes the plan."""
    comeback = posts(1)[0]
    house = Home(comeback)
    house.network.human_posts("Bonjour", at=START - DAY)
    house.look()
    if kind is PlanKind.WAKE:
        house.hibernate()
        house.look(timedelta(minutes=1))
        house.wake(comeback)
    else:
        house.hibernate() if kind is PlanKind.HIBERNATE else house.farewell(2)
    board, killed = house.board, 0
    for step in range(12):
        kept = house.store.keep_plan
        lives = step % 2 == 1  # every second process
        board.dies = when.partition(" ")[0] if when.endswith("the call") and not lives else ""
        if when.endswith("is kept") and not lives:
            house.store.keep_plan = _dies(kept, after=when.startswith("after"))  # type: ignore[method-assign]
        try:
            house.live_until(house.clock.now() + DAY)
        except SystemExit:
            killed += 1
        house.store.keep_plan = kept  # type: ignore[method-assign]
        house = house.restart()
        house.clock.advance(timedelta(minutes=10))
        house.store.beat(house.daemon, house.clock.now(), timedelta(days=3650))
        house.store.ring(["acme-x"], house.clock.now())
    assert killed >= 1
    effects = {
        PlanKind.HIBERNATE: (["hide"], [], Standing.HIBERNATING),
        PlanKind.WAKE: (["hide", "show"], [comeback.text], None),
        PlanKind.FAREWELL: (["pin", "hide"], [FAREWELL.text], Standing.CLOSED),
    }
    deeds, said, state = effects[kind]
    assert [deed for n, deed in enumerate(board.deeds) if deed not in board.deeds[:n]] == deeds
    assert house.said() == said
    assert state in (None, house.state)
    assert len(board.deeds) == len(deeds), "done twice"


def _dies(keep: Callable[..., bool], *, after: bool) -> Callable[..., bool]:
    def die(*given: object) -> bool:
        if after:
            keep(*given)
        raise SystemExit("killed around the commit")

    return die


def test_a_plan_lost_in_a_backup_leaves_the_text_of_the_farewell_out_of_the_queue() -> None:
    house = Home(*posts(1))
    house.network.human_posts("Bonjour", at=START - DAY)
    house.store.apply(SyncChange(upserts=(replace(FAREWELL, approved_by=None),)), START)
    house.live_until(START + 30 * DAY)
    assert FAREWELL.text not in house.said()
