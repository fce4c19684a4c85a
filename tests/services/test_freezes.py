"""Freezing and thawing beside a house at work, told as stories."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.domain.attempt import Attempt, Outcome
from veilleuse.domain.attempt import Fault as Why
from veilleuse.domain.errors import ContentRefused, Unreachable
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.ports import Guard
from veilleuse.services.freezes import costs, freeze, thaw
from veilleuse.services.look import Action

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEANT = Freeze(account="acme-x", origin=COMMAND, by="claire", reason="recall of the blue tins", since=START)


def frozen(house: House, meant: Freeze = MEANT) -> None:
    freeze(house.store, house.accounts, replace(meant, since=house.clock.now()))


def thawed(house: House, meant: Freeze = MEANT) -> None:
    thaw(house.store, house.accounts, meant, house.clock.now())


def test_a_frozen_account_says_nothing_however_long_and_its_owner_is_reminded_every_week() -> None:
    house = House(*posts(5))
    house.look()
    frozen(house)
    house.live_until(house.clock.now() + 30 * DAY)
    assert len(house.network.sent) == 1
    told = [n.text for n in house.store.all_notifications() if n.condition.value == "frozen"]
    assert len(told) == 5
    assert told[0].startswith("acme-x is frozen by claire since ")
    assert "acme-x passes its limit Friday 27 November at 11:00" in told[0]


def test_a_frozen_account_that_passes_its_limit_calls_its_owner_again() -> None:
    house = House(*posts(5))
    house.look()
    frozen(house)
    house.clock.advance(HOUR)
    house.force()
    house.live_until(START + 7 * DAY)
    assert "limit_passed" in house.open_alerts()
    assert "To thaw it: `veilleuse thaw acme-x`." in " ".join(a.finding.remedy for a in house.store.alerts())


def test_thawing_gives_the_all_clear_and_an_account_not_near_its_limit_stays_quiet() -> None:
    house = House(*posts(5))
    house.look()
    frozen(house)
    house.look()
    house.clock.advance(2 * DAY)
    thawed(house)
    assert [report.action for report in house.look()] == [Action.WAITS]
    assert "frozen" not in house.open_alerts()
    assert len(house.network.sent) == 1


def test_thawing_after_a_month_says_one_post_and_then_keeps_the_old_rhythm() -> None:
    house = House(*posts(9))
    house.look()
    frozen(house)
    house.live_until(house.clock.now() + 30 * DAY)
    thawed(house)
    house.look()
    house.live_until(house.clock.now() + 5 * DAY)
    assert len(house.network.sent) == 2


def test_forty_accounts_thawed_at_once_speak_once_each_and_one_after_the_other() -> None:
    names = tuple(f"acme-{n}" for n in range(40))
    house = House(names=names)
    house.feed(*(replace(a_post(f"p{n}", place=n, text=f"{a} dit {n}"), account=a) for a in names for n in range(3)))
    everyone = replace(MEANT, account="")
    frozen(house, everyone)
    house.look()
    assert all(not network.sent for network in house.networks.by_account.values())
    house.clock.advance(10 * DAY)
    thawed(house, everyone)
    began = house.clock.now()
    house.look()
    house.live_until(began + DAY)
    said = [network.timeline[0].created_at for network in house.networks.by_account.values()]
    assert all(len(network.sent) == 1 for network in house.networks.by_account.values())
    assert all(b - a >= timedelta(seconds=5) for a, b in pairwise(sorted(said)))
    assert all(network.reads <= 4 for network in house.networks.by_account.values())


def test_a_freeze_between_two_tries_of_one_look_stops_the_second() -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(ContentRefused("no."), meanwhile=lambda: frozen(house)))
    house.look()
    assert house.network.sent == []


def test_a_freeze_after_the_attempt_is_written_still_comes_before_the_bytes() -> None:
    house = House(*posts(1))
    write = house.store.open_attempt

    def write_then_freeze(attempt: Attempt, guard: Guard) -> None:
        write(attempt, guard)
        frozen(house)

    house.store.open_attempt = write_then_freeze  # type: ignore[method-assign]
    house.look()
    assert house.network.sent == []
    attempt = house.store.attempts()[0]
    assert (attempt.outcome, attempt.fault) == (Outcome.REFUSED, Why.TOO_LATE)
    assert attempt.detail.startswith("frozen by claire since today at 11:00")


def test_a_freeze_ends_by_itself_and_the_account_then_speaks() -> None:
    house = House(*posts(1))
    frozen(house, replace(MEANT, until=START + 3 * HOUR))
    assert [report.action for report in house.look()] == [Action.WAITS]
    house.live_until(START + 3 * HOUR - timedelta(seconds=1))
    assert house.network.sent == []
    house.live_until(START + 3 * HOUR)
    assert len(house.network.sent) == 1


def test_a_frozen_account_is_still_read_so_that_nothing_is_said_on_top_of_a_human_s_post() -> None:
    house = House(*posts(3))
    frozen(house)
    house.look()
    house.clock.advance(DAY)
    house.network.human_posts("Nous revoilà")
    house.look(2 * DAY)
    thawed(house)
    assert [report.action for report in house.look()] == [Action.WAITS]
    assert house.network.sent == []


def test_a_network_that_cannot_be_read_does_not_hide_the_freeze() -> None:
    house = House(*posts(1))
    frozen(house)
    house.network.read_faults.extend([Unreachable("no answer.")] * 3)
    house.look()
    assert "frozen" in house.open_alerts()


def test_what_a_freeze_costs_names_the_first_to_pass_its_limit_first() -> None:
    house = House(names=("acme-a", "acme-b"))
    house.networks.by_account["acme-a"].human_posts("Un", at=START - DAY)
    house.networks.by_account["acme-b"].human_posts("Deux", at=START - 3 * DAY)
    house.look()
    everyone = replace(MEANT, account="", network="x")
    price = costs(house.store, house.accounts, everyone)
    assert [(cost.account, cost.limit) for cost in price] == [("acme-b", START + 4 * DAY), ("acme-a", START + 6 * DAY)]
