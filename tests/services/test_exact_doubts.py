"""A network that tells exactly what became of one call: its word outweighs the timeline, and is asked for."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from tests.fake_network import FakeNetwork, Fault
from tests.services.house import House, posts
from veilleuse.domain.attempt import Fault as Refusal
from veilleuse.domain.attempt import NotLive, Outcome, Payload, Proof, Published
from veilleuse.domain.errors import NetworkError, OutcomeUnknown, Unreachable

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
LOST = OutcomeUnknown("no answer within 30 s.")


@dataclass
class KeyedNetwork(FakeNetwork):
    """Each call has a key of its own, under which its post stands, as on Bluesky."""

    keys: dict[str, str] = field(default_factory=dict)
    trace_faults: deque[NetworkError] = field(default_factory=deque)
    asked: int = 0

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        return {**super().prepare(payload, image), "key": self.clock.now().isoformat()}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        shown = self.ids
        try:
            return super().publish(remote_id, payload, prepared, key)
        finally:
            if self.ids > shown:
                self.keys[prepared["key"]] = str(self.ids)

    def trace(self, remote_id: str, prepared: Mapping[str, str]) -> Published | NotLive | None:
        self.asked += 1
        if self.trace_faults:
            raise self.trace_faults.popleft()
        if "key" not in prepared:
            return None
        found = self.keys.get(prepared["key"])
        return NotLive() if found is None else Published(remote_id=found, url=f"https://x.example/{found}")


@pytest.fixture
def house() -> House:
    house = House(*posts(3))
    house.networks.by_account["acme-x"] = KeyedNetwork(clock=house.clock)
    return house


def keyed(house: House) -> KeyedNetwork:
    network = house.network
    assert isinstance(network, KeyedNetwork)
    return network


def in_doubt(house: House, *, effect: bool) -> None:
    house.network.publish_faults.append(Fault(LOST, effect=effect))
    house.look()
    assert [attempt.outcome for attempt in house.store.unsettled("acme-x")] == [Outcome.UNKNOWN]


def test_a_post_that_the_network_shows_otherwise_is_found_by_its_key(house: House) -> None:
    in_doubt(house, effect=True)
    house.network.timeline[-1] = replace(house.network.timeline[-1], text="Bonjour de… (lire la suite)")
    house.force(10 * SECOND)
    (receipt,) = house.store.receipts()
    assert (receipt.proof, receipt.remote_id) == (Proof.READ_BACK, house.network.timeline[-1].remote_id)
    house.live_until(house.clock.now() + 5 * DAY)
    assert len(house.network.sent) == 1


def test_the_same_words_of_a_human_are_not_taken_for_ours(house: House) -> None:
    in_doubt(house, effect=True)
    ours = house.network.timeline[-1].remote_id
    house.network.human_posts(house.network.timeline[-1].text, at=house.clock.now())
    house.force(10 * SECOND)
    assert ours in {receipt.remote_id for receipt in house.store.receipts()}
    assert house.store.unsettled("acme-x") == []


def test_what_never_took_effect_is_absent_only_when_no_call_can_be_under_way(house: House) -> None:
    in_doubt(house, effect=False)
    house.force(60 * SECOND)
    assert [attempt.outcome for attempt in house.store.unsettled("acme-x")] == [Outcome.UNKNOWN]
    house.force(31 * SECOND)
    assert house.store.attempts("acme-x", 9)[-1].fault is Refusal.ABSENT
    house.live_until(house.clock.now() + HOUR)
    assert len(house.network.sent) == 1


def test_something_new_by_a_human_holds_nothing_that_is_known_to_be_absent(house: House) -> None:
    in_doubt(house, effect=False)
    house.network.human_posts("On recrute !")
    house.force(91 * SECOND)
    assert house.store.unsettled("acme-x") == []
    assert house.store.attempts("acme-x", 9)[-1].fault is Refusal.ABSENT


def test_a_question_that_fails_settles_nothing(house: House) -> None:
    in_doubt(house, effect=False)
    keyed(house).trace_faults.append(Unreachable("X: no answer. Nothing was published."))
    house.force(2 * HOUR)
    assert [attempt.outcome for attempt in house.store.unsettled("acme-x")] == [Outcome.UNKNOWN]
    assert house.network.sent == []


def test_without_a_doubt_nothing_is_asked(house: House) -> None:
    house.live_until(house.clock.now() + 30 * DAY)
    assert len(house.network.sent) > 2
    assert keyed(house).asked == 0
