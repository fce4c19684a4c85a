"""A human settles what reading could not: the evidence, the verdict, and what follows from it."""

from datetime import timedelta

import pytest

from tests.conftest import OpenStore
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.domain.attempt import Outcome, Proof, Receipt, receipt_of
from veilleuse.domain.errors import OutcomeUnknown
from veilleuse.services import resolve
from veilleuse.services.resolve import CannotResolve, Evidence

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def texts(house: House) -> list[str]:
    return [payload.text for payload in house.network.sent]


def doubtful(house: House, *, effect: bool = True) -> House:
    """Sent into the dark; then a human posted, so that reading alone cannot tell what became of it."""
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s."), effect=effect))
    if effect:
        house.network.hidden.add("1")
    house.look()
    house.clock.advance(HOUR)
    house.network.human_posts("Bonjour à tous")
    house.look()
    return house


@pytest.fixture
def house() -> House:
    return doubtful(House(*posts(3)))


@pytest.fixture
def on_any_store(open_again: OpenStore) -> House:
    return doubtful(House(*posts(3), store=open_again()))


def the_doubt(house: House) -> Evidence:
    return resolve.doubt(house.store, house.accounts["acme-x"], "p0", house.clock.now())


def says_published(house: House, said: str) -> None:
    account = house.accounts["acme-x"]
    resolve.published(house.store, account, the_doubt(house), said, "claire", house.clock.now())


def says_absent(house: House) -> None:
    resolve.not_published(house.store, house.accounts["acme-x"], the_doubt(house), "claire", house.clock.now())


def test_the_evidence_is_what_was_said_when_what_came_back_and_what_the_account_shows(on_any_store: House) -> None:
    house = on_any_store
    found = the_doubt(house)
    assert found.attempt.payload.text == "Bonjour de p0 !"
    assert found.attempt.created_at == START
    assert found.attempt.detail.startswith("no answer within 30 s. Held: the account shows something newer")
    assert [entry.text for entry in found.near] == ["Bonjour à tous"]
    assert not found.under_way


def test_published_is_a_receipt_with_the_human_s_word_as_its_proof(on_any_store: House) -> None:
    house = on_any_store
    says_published(house, "https://x.example/1")
    receipt = house.store.receipts()[0]
    assert (receipt.remote_id, receipt.url, receipt.proof) == ("1", "https://x.example/1", Proof.HUMAN)
    assert receipt.at == START
    assert house.store.unsettled("acme-x") == []
    assert house.store.attempts()[0].detail.endswith("claire found it on the account: https://x.example/1.")


def test_what_is_published_is_not_said_again_and_the_alert_ends(house: House) -> None:
    assert "outcome_held" in house.open_alerts()
    assert "`veilleuse resolve acme-x/p0`" in house.store.alerts(account="acme-x")[-1].finding.remedy
    says_published(house, "1")
    house.network.hidden.clear()
    house.live_until(START + 30 * DAY)
    assert "outcome_held" not in house.open_alerts()
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de p1 !", "Bonjour de p2 !"]


def test_not_published_is_released_behind_the_others_and_who_said_so_is_kept() -> None:
    house = doubtful(House(*posts(3)), effect=False)
    says_absent(house)
    attempt = house.store.attempts()[0]
    assert attempt.outcome is Outcome.REFUSED
    assert attempt.detail.endswith("claire looked at the account: it is not there. It may be said again later.")
    house.live_until(START + 30 * DAY)
    assert texts(house) == ["Bonjour de p1 !", "Bonjour de p2 !", "Bonjour de p0 !"]


def test_a_released_post_waits_a_day_even_if_it_is_alone() -> None:
    house = doubtful(House(*posts(1)), effect=False)
    says_absent(house)
    house.look(8 * DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_a_human_who_was_wrong_is_put_right_by_the_next_read(house: House) -> None:
    says_absent(house)
    house.network.hidden.clear()
    house.store.ring(["acme-x"], house.clock.now())
    house.live_until(START + 40 * DAY)
    assert sorted(texts(house)) == ["Bonjour de p0 !", "Bonjour de p1 !", "Bonjour de p2 !"]


def test_two_doubts_in_a_row_stop_the_account_until_one_is_settled() -> None:
    house = doubtful(House(*posts(4)), effect=False)
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer.")))
    house.look(7 * DAY)
    house.live_until(house.clock.now() + HOUR)
    house.network.human_posts("Encore nous")
    house.live_until(house.clock.now() + 9 * DAY)
    assert [a.outcome for a in house.store.unsettled("acme-x")] == [Outcome.HELD, Outcome.HELD]
    assert texts(house) == []
    says_absent(house)
    house.live_until(house.clock.now() + DAY)
    assert texts(house) == ["Bonjour de p2 !"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("https://x.example/", "names no post"),
        ("  ", "names no post"),
        ("https://x.example/2", "is the proof of acme-x/p1 already"),
    ],
)
def test_a_verdict_that_cannot_be_is_refused_and_changes_nothing(house: House, said: str, why: str) -> None:
    house.network.human_posts("Au revoir")
    house.live_until(START + 9 * DAY)
    said = said.replace("/2", f"/{house.store.receipts()[0].remote_id}")
    with pytest.raises(CannotResolve, match=why):
        says_published(house, said)
    assert house.store.unsettled("acme-x")[0].outcome is Outcome.HELD


def test_what_stood_there_before_the_attempt_cannot_be_it() -> None:
    house = House(*posts(2))
    old = house.network.human_posts("Ancien", at=START - 30 * DAY)
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer.")))
    house.look()
    house.clock.advance(HOUR)
    with pytest.raises(CannotResolve, match="stood there before"):
        says_published(house, old.remote_id)


def test_a_call_that_may_be_under_way_is_nobody_s_to_settle() -> None:
    house = House(*posts(1))

    def settle_now() -> None:
        with pytest.raises(CannotResolve, match="being sent at this moment"):
            the_doubt(house)

    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True, meanwhile=settle_now))
    house.look()
    assert house.store.unsettled("acme-x")[0].outcome is Outcome.UNKNOWN


def test_an_answer_that_comes_after_the_human_s_word_is_a_fact_all_the_same(on_any_store: House) -> None:
    house = on_any_store
    says_absent(house)
    attempt = house.store.attempts()[0]
    house.store.record_receipt(_late(house, attempt.id))
    assert house.store.attempts()[0].outcome is Outcome.PUBLISHED


def _late(house: House, attempt_id: str) -> Receipt:
    attempt = next(a for a in house.store.attempts() if a.id == attempt_id)
    return receipt_of(
        attempt, network="x", identity="42", remote_id="1", url=None, at=house.clock.now(), proof=Proof.ANSWER
    )


def test_what_is_not_in_doubt_is_not_settled(house: House) -> None:
    with pytest.raises(CannotResolve, match="acme-x/p7 is not in doubt"):
        resolve.doubt(house.store, house.accounts["acme-x"], "p7", house.clock.now())
    with pytest.raises(CannotResolve, match="nothing to answer for"):
        resolve.gap_answered(house.store, house.accounts["acme-x"], "claire", house.clock.now())
