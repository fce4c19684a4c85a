"""Credentials swapped for somebody else's: noticed before the next word, not at the next examination."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fake_network import SPEC
from tests.services.house import House, posts
from veilleuse.domain.errors import Unreachable

WEEK = timedelta(days=8)


@pytest.fixture
def house() -> House:
    house = House(*posts(9))
    house.look()
    assert len(house.network.sent) == 1
    return house


def test_a_swapped_token_says_nothing_for_a_wrong_account_and_calls_a_human(house: House) -> None:
    house.networks.token, house.network.whose = "another", "77"
    report = house.force(WEEK)
    assert len(house.network.sent) == 1
    assert "credentials are those of acme-x (77) now, acme-x has always been 42. Nothing was sent" in report.reason
    assert "has always been 42" in house.open_alerts()["credentials_refused"]
    house.networks.token, house.network.whose = "token", "42"
    house.live_until(report.look_at)
    assert len(house.network.sent) == 2
    assert "credentials_refused" not in house.open_alerts()


def test_a_renewed_token_of_its_own_is_asked_whose_it_is_once(house: House) -> None:
    known = house.network.identified
    house.force(WEEK)
    assert house.network.identified == known
    house.networks.token = "renewed"
    house.force(WEEK)
    house.force(WEEK)
    assert house.network.identified == known + 1
    assert len(house.network.sent) == 4


def test_another_process_does_not_believe_what_this_one_has_proven(house: House) -> None:
    house.network.whose = "77"  # swapped while no daemon ran
    other = House(beside=house, store=house.store, daemon="other")
    other.force(WEEK)
    assert len(house.network.sent) == 1
    assert "credentials_refused" in other.open_alerts()


def test_while_the_network_does_not_say_whose_they_are_nothing_is_sent(house: House) -> None:
    house.networks.token = "renewed"
    house.network.identify_faults.append(Unreachable("X does not answer."))
    report = house.force(WEEK)
    assert (len(house.network.sent), report.reason) == (1, "acme-x/p1 was not published: X does not answer.")
    house.live_until(report.look_at)
    assert len(house.network.sent) == 2


def test_a_network_that_bills_the_question_is_not_asked_again(house: House) -> None:
    house.network.spec = replace(SPEC, bills=True)
    known, house.networks.token = house.network.identified, "renewed"
    house.force(WEEK)
    assert (house.network.identified, len(house.network.sent)) == (known, 2)
