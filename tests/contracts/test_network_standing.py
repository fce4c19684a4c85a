"""One contract for every network that lets a program hide an account, or pin a post: done, read back, done again."""

import pytest

from tests.contracts.stage import PUBLISHING, SandboxStage, SteppedClock
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, Unreachable
from veilleuse.ports import Hiding, Pinning
from veilleuse.sandbox import Fault, Sandbox

HIDING = ("bluesky", "facebook", "mastodon")
PINNING = ("bluesky", "mastodon")


@pytest.fixture(params=HIDING)
def hiding(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> SandboxStage:
    return SandboxStage(request.param, *running)


@pytest.fixture(params=PINNING)
def pinning(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> SandboxStage:
    return SandboxStage(request.param, *running)


@pytest.mark.parametrize("name", PUBLISHING)
def test_what_a_network_cannot_do_it_does_not_claim(name: str, running: tuple[SteppedClock, Sandbox]) -> None:
    with SandboxStage(name, *running).open() as network:
        assert (isinstance(network, Hiding), isinstance(network, Pinning)) == (name in HIDING, name in PINNING)
        assert (network.spec.hides, network.spec.pins) == (name in HIDING, name in PINNING)


def test_an_account_is_hidden_and_shown_again_and_each_is_seen(hiding: SandboxStage) -> None:
    seen = []
    with hiding.open() as network:
        assert isinstance(network, Hiding)
        for act in (network.hide, network.hide, network.show, network.show):
            act()
            seen.append((network.hidden(), hiding.sandbox.presences[hiding.identity].hidden))
    assert seen == [(True, True), (True, True), (False, False), (False, False)]


def test_a_refusal_to_hide_is_one_that_a_human_must_answer(hiding: SandboxStage) -> None:
    hiding.sandbox.alter(hiding.identity, may_manage=False)
    with hiding.open() as network:
        assert isinstance(network, Hiding)
        with pytest.raises((CredentialsRefused, ContentRefused)):
            network.hide()
        assert not network.hidden()


def test_a_network_that_does_not_answer_has_perhaps_hidden_it_and_is_asked_again(hiding: SandboxStage) -> None:
    hiding.sandbox.fault(
        hiding.identity, "publish" if hiding.account.network == "bluesky" else "manage", Fault.RESET_AFTER
    )
    with hiding.open() as network:
        assert isinstance(network, Hiding)
        with pytest.raises(Unreachable):
            network.hide()
        assert network.hidden()
        network.hide()
        assert network.hidden()


def test_a_post_is_pinned_and_seen_to_be(pinning: SandboxStage) -> None:
    with pinning.open() as network:
        assert isinstance(network, Pinning)
        pinning.people_post("Bonjour")
        (first,) = (shown.id for shown in pinning.sandbox.timeline(pinning.identity))
        last = pinning.publish(network, "Au revoir")
        before = network.pinned(last)
        network.pin(last)
        network.pin(last)
        assert (before, network.pinned(last), network.pinned(first)) == (False, True, False)
    assert [shown.pinned for shown in pinning.sandbox.timeline(pinning.identity)] == [False, True]


def test_hiding_on_bluesky_leaves_the_rest_of_the_profile_alone(running: tuple[SteppedClock, Sandbox]) -> None:
    stage = SandboxStage("bluesky", *running)
    with stage.open() as network:
        assert isinstance(network, Hiding)
        assert isinstance(network, Pinning)
        network.pin(post := stage.publish(network, "Bonjour"))
        network.hide()
        assert (network.hidden(), network.pinned(post)) == (True, True)
        network.show()
        assert (network.hidden(), network.pinned(post)) == (False, True)
