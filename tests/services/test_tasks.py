"""What no program can do: a task for a human, with a day, until somebody says that it is done."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fake_network import SPEC
from tests.services.house import START, House, posts
from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.task import NOTICE, TaskKind, log_in_interval
from veilleuse.services.tasks import Tasks, tick_off

DAY = timedelta(days=1)
EVERY = timedelta(days=30)


class Desk:
    def __init__(self, **fields: Any) -> None:
        self.house = House(*posts(20))
        (account,) = self.house.accounts.values()
        account = replace(account, **fields)
        self.tasks = Tasks(
            accounts={account.name: account},
            specs={"x": replace(SPEC, log_in_every=EVERY)},
            store=self.house.store,
            clock=self.house.clock,
            alerts=self.house.alerts,
        )
        self.tasks.call()

    def live(self, span: timedelta) -> None:
        """The bell rings twice a day."""
        for _ in range(span // (DAY / 2)):
            self.house.clock.advance(DAY / 2)
            self.tasks.call()

    def called(self) -> int:
        """How often somebody was told to do it."""
        return sum(n.condition.value == "human_task" for n in self.house.store.all_notifications())

    def acknowledge(self) -> None:
        (alert,) = self.house.store.alerts(account="acme-x")
        assert tick_off(self.house.store, EVERY, alert, "claire", self.house.clock.now()) is not None


def test_somebody_is_called_five_days_before_and_once() -> None:
    desk = Desk()
    desk.live(EVERY - NOTICE - DAY)
    assert desk.called() == 0
    desk.live(2 * DAY)
    assert desk.called() == 1
    text = desk.house.open_alerts()["human_task"]
    assert text.startswith("Log in to acme-x on X in a browser or its app by Sunday 20 December. X counts log-ins")
    desk.live(20 * DAY)
    assert desk.called() == 1
    assert "it was due" in desk.house.open_alerts()["human_task"]


def test_done_it_falls_due_thirty_days_later_and_says_who_did_it_last() -> None:
    desk = Desk()
    desk.live(EVERY)
    desk.acknowledge()
    desk.live(DAY)
    assert desk.house.open_alerts() == {}
    (task,) = desk.house.store.tasks()
    assert (task.kind, task.due_at, task.done_by) == (TaskKind.LOG_IN, START + 2 * EVERY, "claire")
    desk.live(EVERY - NOTICE)
    assert desk.called() == 2  # the end of the first was no news
    assert "by claire" in desk.house.open_alerts()["human_task"]


@pytest.mark.parametrize(
    "fields",
    [{"log_in_reminder": False}, {"log_in_reminder": False, "kind": AccountKind.RESERVED}],
    ids=["switched off", "switched off of a kept name"],
)
def test_whoever_needs_no_reminder_gets_none(fields: dict[str, object]) -> None:
    desk = Desk(**fields)
    desk.live(2 * EVERY)
    assert desk.called() == 0


def test_a_name_that_is_only_kept_is_logged_in_to_all_the_same() -> None:
    desk = Desk(kind=AccountKind.RESERVED)
    desk.live(EVERY)
    assert desk.called() == 1
    assert "a network may take one away that nobody logs in to" in desk.house.open_alerts()["human_task"]


@pytest.mark.parametrize("of_network", [None, EVERY])
def test_an_account_may_have_an_interval_of_its_own(of_network: timedelta | None) -> None:
    desk = Desk(log_in_every=3 * EVERY)
    desk.tasks = replace(desk.tasks, specs={"x": replace(SPEC, log_in_every=of_network)})
    (task,) = desk.house.store.tasks()
    assert task.due_at == START + 3 * EVERY
    assert log_in_interval(desk.tasks.accounts["acme-x"], of_network) == 3 * EVERY


def test_a_reminder_switched_off_ends_the_call() -> None:
    desk = Desk()
    desk.live(EVERY)
    assert desk.called() == 1
    account: Account = desk.tasks.accounts["acme-x"]
    desk.tasks = replace(desk.tasks, accounts={"acme-x": replace(account, log_in_reminder=False)})
    desk.live(DAY)
    assert desk.house.open_alerts() == {}


def test_an_alert_that_asks_for_no_task_ticks_none_off() -> None:
    house = House()
    house.look()
    alert = house.store.alerts()[0]
    assert tick_off(house.store, EVERY, alert, "claire", house.clock.now()) is None
