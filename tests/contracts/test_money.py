"""A quiet account on X for a year, through the real adapter and the services: what is billed, and what it costs."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import cast

import pytest

from tests.contracts.stage import SandboxStage
from tests.fake_network import FakeNetworks
from tests.services.house import START, House, posts
from veilleuse.adapters.networks import x
from veilleuse.domain.account import Account
from veilleuse.domain.prices import X_POST, X_POST_READ, X_USER_READ, usd
from veilleuse.ports import Network
from veilleuse.sandbox import Sandbox


class RealX:
    """Opens the real client against a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._presence = sandbox.add("x", "acme")
        self._address = {"base_url": sandbox.base_url}

    def mark(self, account: str) -> str:
        return "the only credentials there are"

    def open(self, account: Account) -> AbstractContextManager[Network]:
        return x.connect(replace(account, identity="acme", options=self._address), self._presence.secrets)


@pytest.fixture
def house() -> Iterator[House]:
    house = House(*posts(70))
    with Sandbox(house.clock) as sandbox:
        house.networks = cast(FakeNetworks, RealX(sandbox))
        house.specs["x"] = x.SPEC
        yield house


def test_a_quiet_year_reads_sixty_items_at_most_and_costs_about_a_dollar(house: House) -> None:
    house.live_until(START + timedelta(days=365))
    items = house.store.charges(date(2026, 1, 1))["acme-x"]
    assert 52 <= items[X_POST] <= 60
    assert items[X_POST_READ] <= 60
    assert items[X_USER_READ] == 1  # whose account it is, asked once
    assert items.keys() == {X_POST, X_POST_READ, X_USER_READ}
    assert usd(items) < Decimal("1.25")


def billed(stage: SandboxStage, *calls: str) -> dict[str, int]:
    with stage.open() as network:
        for call in calls:
            if call == "read":
                network.read(stage.number, None)
            else:
                network.identify()
        return dict(cast(x.X, network).billed())


@pytest.fixture
def on_x(running: tuple[object, Sandbox]) -> SandboxStage:
    return SandboxStage("x", *running)  # type: ignore[arg-type]


def test_an_answer_without_posts_costs_nothing(on_x: SandboxStage) -> None:
    assert billed(on_x, "read") == {}


def test_the_same_post_and_the_same_account_are_billed_once_a_day(on_x: SandboxStage) -> None:
    on_x.people_post("Un", "Deux")
    assert billed(on_x, "read", "read", "who", "who") == {X_POST_READ: 2, X_USER_READ: 1}
    assert billed(on_x, "read") == {}  # by the next client as well
    on_x.clock.sleep(24 * 3600)
    assert billed(on_x, "read") == {X_POST_READ: 2}
