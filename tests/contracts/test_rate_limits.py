"""A limit that a network has told: the next call fails without going out, for as long as it said."""

from collections.abc import Iterator

import pytest

from tests.contracts.stage import SandboxStage, SteppedClock
from veilleuse.adapters.networks import rates
from veilleuse.domain.errors import BudgetExhausted, RateLimited
from veilleuse.sandbox import Fault, Sandbox


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    rates.forget()
    yield
    rates.forget()


@pytest.mark.parametrize("network", ["x", "facebook", "mastodon", "bluesky"])
def test_after_a_refusal_the_next_read_does_not_go_out(network: str, running: tuple[SteppedClock, Sandbox]) -> None:
    stage = SandboxStage(network, *running)
    with stage.open() as first:
        first.identify()
    stage.sandbox.fault(stage.identity, "read", Fault.RATE)
    for _ in range(2):  # the second would be answered well
        with stage.open() as again, pytest.raises(RateLimited) as refusal:
            again.read(stage.number, None)
        assert refusal.value.retry_at is not None
        assert refusal.value.retry_at > stage.clock.now()
    rates.forget()
    with stage.open() as later:
        assert later.read(stage.number, None).entries == ()


def test_what_binds_one_account_leaves_another_alone(running: tuple[SteppedClock, Sandbox]) -> None:
    bound, free = SandboxStage("x", *running), SandboxStage("x", *running)
    bound.sandbox.fault(bound.identity, "read", Fault.RATE)
    with bound.open() as network, pytest.raises(RateLimited):
        network.read(bound.number, None)
    with free.open() as network:
        assert network.read(free.number, None).entries == ()


def test_without_money_the_other_accounts_of_the_app_do_not_even_ask(running: tuple[SteppedClock, Sandbox]) -> None:
    one, other, stranger = (SandboxStage("x", *running) for _ in range(3))
    shared = {name: one.secrets[name] for name in ("api_key", "api_secret")}
    other.sandbox.alter(other.identity, secrets={**other.secrets, **shared})
    one.sandbox.fault(one.identity, "read", Fault.MONEY)
    apps = []
    for stage, secrets in ((one, one.secrets), (other, {**other.secrets, **shared})):
        with stage.open(secrets) as network, pytest.raises(BudgetExhausted) as refusal:
            network.read(stage.number, None)
        apps.append(refusal.value.app)
    assert apps[0] == apps[1] != ""
    with stranger.open() as network:
        assert network.read(stranger.number, None).entries == ()
