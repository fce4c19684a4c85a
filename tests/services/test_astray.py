"""Two daemons with different configurations: whoever started last says which accounts there are; the other tells."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.conftest import OpenStore
from tests.services.house import House
from veilleuse.services.astray import Astray

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Two:
    """ada's configuration has a new account; bob's file is the old one."""

    ada: House
    bob: House
    watch: Astray

    def told(self) -> list[str]:
        self.watch()
        return [alert.finding.text for alert in self.ada.store.alerts()]


@pytest.fixture
def two(open_again: OpenStore) -> Two:
    ada = House(names=("acme-x", "acme-new"), store=open_again(), daemon="ada")
    bob = House(names=("acme-x",), store=open_again(), daemon="bob", beside=ada)
    watch = Astray(
        host="ada", keeper="claire", accounts=ada.accounts, store=ada.store, alerts=ada.alerts, clock=ada.clock
    )
    return Two(ada, bob, watch)


def test_an_account_that_a_daemon_with_an_old_file_takes_out_is_told_of_after_an_hour(two: Two) -> None:
    assert two.told() == []
    two.ada.clock.advance(HOUR - MINUTE)
    assert two.told() == []
    two.ada.clock.advance(MINUTE)
    (told,) = two.told()
    assert told == (
        "Nobody looks at acme-new: ada has them in its configuration, and another daemon, started later, has not."
    )


def test_one_daemon_after_the_other_may_get_its_new_configuration(two: Two) -> None:
    two.told()
    two.ada.clock.advance(30 * MINUTE)
    two.bob.store.register(two.ada.accounts.values(), two.ada.clock.now())
    two.told()
    two.ada.clock.advance(2 * HOUR)
    assert two.told() == []
