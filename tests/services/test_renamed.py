"""An account gets another name in the configuration: the same presence, so nothing is forgotten, nothing said twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.domain.freeze import COMMAND, Freeze

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
