"""An account gets another name, or another handle, in the configuration: whose it is, the network proves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post
from tests.fake_network import FakeNetwork, Fault
from tests.services.house import START, House, posts
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.services import resolve
from veilleuse.services.resolve import CannotResolve

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def house(open_again: OpenStore) -> House:
    return House(*posts(3), store=open_again())


def under_a_new_name(house: House) -> House:
    """The configuration and the folder say acme; the presence and its credentials are the same."""
    renamed = House(names=("acme",), store=house.store, beside=house)
    house.networks.by_account["acme"] = house.network
    house.store.register([replace(renamed.accounts["acme"], identity="acme-x")], house.clock.now())
    house.store.apply(
        SyncChange(
            upserts=tuple(replace(post, account="acme") for post in posts(3)),
            withdrawn=frozenset(("acme-x", post.id) for post in posts(3)),
        ),
        house.clock.now(),
    )
    return renamed


def test_a_post_held_because_the_network_rewrote_it_is_not_said_under_the_new_name(house: House) -> None:
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True))
    house.look()
    house.network.timeline[-1] = replace(house.network.timeline[-1], text="as the network rewrote it")
    house.live_until(START + 5 * HOUR)
    renamed = under_a_new_name(house)
    renamed.live_until(START + 30 * DAY)
    assert [payload.text for payload in house.network.sent] == [post.text for post in posts(3)]
    assert [(doubt.ref, doubt.outcome) for doubt in house.store.unsettled()] == [("acme/p0", Outcome.HELD)]


def test_a_doubt_whose_post_appears_only_under_the_new_name_gets_its_receipt(house: House) -> None:
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True))
    house.look()
    house.network.hidden.add(house.network.timeline[-1].remote_id)
    renamed = under_a_new_name(house)
    renamed.look()
    house.network.hidden.clear()
    renamed.live_until(START + 5 * DAY)
    assert [payload.text for payload in house.network.sent].count(a_post("p0").text) == 1


def test_a_frozen_account_stays_frozen(house: House) -> None:
    house.store.freeze(Freeze(account="acme-x", origin=COMMAND, by="claire", reason="recall", since=START))
    house.look()
    under_a_new_name(house).live_until(START + 20 * DAY)
    assert house.network.sent == []


def with_another_handle(house: House) -> None:
    """The configuration of acme-x names another handle: of the same presence, or of another."""
    house.accounts["acme-x"] = replace(house.accounts["acme-x"], identity="acme-france")
    house.store.register(house.accounts.values(), house.clock.now())


def test_a_handle_that_changed_lets_no_text_go_unseen_that_was_pasted_before(house: House) -> None:
    house.network.human_posts("Bonjour à tous", at=START - 9 * DAY)
    house.look()
    house.network.human_posts(a_post("p1").text)
    for n in range(8):  # a first read shows five
        house.network.human_posts(f"Encore {n}")
    with_another_handle(house)
    house.live_until(START + 30 * DAY)
    assert [payload.text for payload in house.network.sent] == [a_post("p0").text, a_post("p2").text]


def test_another_presence_under_the_old_name_hears_all_that_the_first_one_heard(house: House) -> None:
    house.look()
    house.force(DAY)
    other = FakeNetwork(clock=house.clock, handle="acme-france", whose="99")
    house.networks.by_account["acme-x"] = other
    with_another_handle(house)
    house.live_until(START + 20 * DAY)
    assert [payload.text for payload in other.sent] == [post.text for post in posts(3)][: len(other.sent)] != []


def test_a_verdict_waits_until_it_is_proven_whose_post_it_is(house: House) -> None:
    """Bound to nobody, its receipt would count for nobody, and the post would be said again."""
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer.")))
    house.look()
    house.clock.advance(HOUR)
    with_another_handle(house)
    store, account, now = house.store, house.accounts["acme-x"], house.clock.now()
    with pytest.raises(CannotResolve, match="has changed in the configuration and was not read since"):
        resolve.published(store, account, resolve.doubt(store, account, "p0", now), "7", "claire", now)
    house.look()
    resolve.published(store, account, resolve.doubt(store, account, "p0", now), "7", "claire", now)
    assert store.candidates("acme-x")[0].uses
