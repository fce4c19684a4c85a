"""The look and the publish protocol, told as stories about one account."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.domain.posts import a_post
from tests.fake_network import FakeNetwork, Fault
from tests.services.house import House, posts
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Outcome, Proof, Published
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.post import Post
from veilleuse.ports import StoreUnavailable
from veilleuse.services.look import Action

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def texts(house: House) -> list[str]:
    return [payload.text for payload in house.network.sent]


def test_a_silent_account_speaks_once_and_then_waits_for_a_week() -> None:
    house = House(*posts(20))
    assert [report.action for report in house.look()] == [Action.PUBLISHED]
    assert house.look() == []
    assert [r.action for r in house.look(5 * DAY + 23 * HOUR)] == [Action.WAITS]
    assert len(texts(house)) == 1
    house.live_until(house.clock.now() + DAY)
    assert len(texts(house)) == 2


def test_a_human_who_posts_resets_the_clock_and_nothing_is_said() -> None:
    house = House(*posts(20))
    house.look()
    house.clock.advance(5 * DAY)
    house.network.human_posts("On recrute !")
    house.live_until(house.clock.now() + 5 * DAY + 23 * HOUR)
    assert len(texts(house)) == 1
    house.live_until(house.clock.now() + DAY)
    assert len(texts(house)) == 2


def test_an_account_that_a_human_keeps_alive_never_speaks() -> None:
    house = House(*posts(20))
    house.network.human_posts("Bonjour")
    for _ in range(60):
        house.live_until(house.clock.now() + 3 * DAY)
        house.network.human_posts("Encore nous")
    assert texts(house) == []


def test_a_quiet_account_reads_at_most_sixty_times_a_year() -> None:
    house = House(*posts(60))
    house.live_until(house.clock.now() + 365 * DAY)
    assert 52 <= len(texts(house)) <= 60
    assert house.network.reads <= 60


def test_replies_do_not_break_a_silence_unless_the_rule_says_so() -> None:
    house = House(*posts(3))
    house.network.human_posts("Merci Paul", kind=Kind.REPLY)
    assert [r.action for r in house.look()] == [Action.PUBLISHED]


def test_a_post_dated_2099_silences_nothing() -> None:
    house = House(*posts(3))
    house.network.human_posts("Du futur", at=house.clock.now() + 73 * 365 * DAY)
    house.look()
    house.live_until(house.clock.now() + 7 * DAY)
    assert len(texts(house)) == 1


def test_a_text_a_human_pasted_by_hand_is_not_said_again() -> None:
    house = House(*posts(2))
    house.network.human_posts("Bonjour de p0 !")
    house.look()
    house.live_until(house.clock.now() + 7 * DAY)
    assert texts(house) == ["Bonjour de p1 !"]
    assert {r.post_id: r.proof for r in house.store.receipts()} == {"p0": Proof.ALREADY_SAID, "p1": Proof.ANSWER}


def test_nothing_approved_calls_a_human_and_says_nothing() -> None:
    house = House(a_post("idea", approved_by=None))
    report = house.look()[0]
    assert report.action is Action.NEEDS_HUMAN
    assert "1 draft waits for approval" in house.open_alerts()["nothing_eligible"]
    assert texts(house) == []


def test_a_refused_post_is_set_aside_a_human_is_called_and_the_next_one_speaks() -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(ContentRefused("too many hashtags.")))
    assert house.look()[0].action is Action.PUBLISHED
    assert texts(house) == ["Bonjour de p1 !"]
    assert "It is not live" in house.open_alerts()["post_refused"]
    house.live_until(house.clock.now() + 30 * DAY)
    assert texts(house) == ["Bonjour de p1 !"]


def test_an_edited_post_is_tried_again_after_a_refusal() -> None:
    house = House(*posts(1))
    house.network.publish_faults.append(Fault(ContentRefused("too many hashtags.")))
    house.look()
    house.feed(a_post("p0", text="Sans hashtag"))
    house.force()
    assert texts(house) == ["Sans hashtag"]
    assert "post_refused" not in house.open_alerts()


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (CredentialsRefused("the token was revoked."), "credentials_refused"),
        (BudgetExhausted("no credits left."), "budget_exhausted"),
    ],
)
def test_an_account_that_is_refused_stops_and_goes_on_by_itself_when_mended(
    error: NetworkError, condition: str
) -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(error))
    house.look()
    assert condition in house.open_alerts()
    assert house.store.state("acme-x").stopped == str(error)
    house.live_until(house.clock.now() + DAY)
    assert len(texts(house)) == 1
    assert condition not in house.open_alerts()


@pytest.mark.parametrize("error", [Unreachable("no answer from DNS."), RateLimited("slow down.")])
def test_what_was_certainly_not_sent_is_tried_again_soon(error: NetworkError) -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(error))
    house.look()
    house.live_until(house.clock.now() + HOUR)
    assert texts(house) == ["Bonjour de p0 !"]


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer within 30 s."), ValueError("a bug in an adapter")])
def test_a_doubt_that_took_effect_is_found_by_reading_and_never_sent_again(error: Exception) -> None:
    house = House(*posts(3))
    house.network.publish_faults.append(Fault(error, effect=True))
    assert house.look()[0].action is Action.IN_DOUBT
    assert "outcome_unknown" in house.open_alerts()
    house.live_until(house.clock.now() + HOUR)
    assert house.store.receipts()[0].proof is Proof.READ_BACK
    assert "outcome_unknown" not in house.open_alerts()
    house.live_until(house.clock.now() + 5 * DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_a_doubt_without_effect_blocks_the_account_until_it_is_surely_absent() -> None:
    house = House(*posts(1))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s.")))
    house.look()
    house.live_until(house.clock.now() + 2 * HOUR)
    assert texts(house) == []
    house.live_until(house.clock.now() + 2 * DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_after_a_doubt_the_account_speaks_a_different_post_first() -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s.")))
    house.look()
    house.live_until(house.clock.now() + 4 * HOUR)
    assert texts(house) == ["Bonjour de p1 !"]


@pytest.mark.parametrize("later", [timedelta(seconds=30), HOUR, 5 * HOUR])
def test_a_doubt_whose_post_somebody_deleted_before_it_was_recognised_is_not_settled_by_its_absence(
    later: timedelta,
) -> None:
    house = House(*posts(4))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True))
    house.look()
    rewritten = house.network.timeline[-1] = replace(house.network.timeline[-1], text="as the network rewrote it")
    house.live_until(house.clock.now() + later)
    house.network.delete(rewritten.remote_id)
    house.live_until(house.clock.now() + 60 * DAY)
    assert texts(house) == [post.text for post in posts(4)]
    assert [doubt.outcome for doubt in house.store.unsettled()] == [Outcome.HELD]


def test_an_answer_that_names_a_post_of_before_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken for a publication, it would count as one week after week, while nothing is said."""
    house = House(*posts(20))
    house.look()
    monkeypatch.setattr(FakeNetwork, "publish", lambda *given: Published(remote_id="1"))
    assert house.look(7 * DAY)[0].action is Action.IN_DOUBT
    house.live_until(house.clock.now() + DAY)
    assert (len(texts(house)), len(house.store.receipts())) == (1, 1)
    assert "limit_passed" in house.open_alerts()


def test_a_late_effect_that_stands_behind_a_human_s_newer_post_is_still_found() -> None:
    house = House(*posts(2))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s."), effect=True))
    house.network.hidden.add("1")
    house.look()
    house.clock.advance(HOUR)
    house.network.human_posts("Bonjour à tous")
    house.look()
    assert house.store.unsettled("acme-x")[0].outcome is Outcome.HELD
    house.network.hidden.clear()
    house.force(HOUR)
    assert house.store.unsettled("acme-x") == []


def test_a_process_that_died_between_sending_and_recording_leaves_a_doubt_that_reading_settles() -> None:
    house = House(*posts(3))

    def dies() -> None:
        raise KeyboardInterrupt

    house.network.publish_faults.append(Fault(ValueError(), effect=True, meanwhile=dies))
    with pytest.raises(KeyboardInterrupt):
        house.look()
    assert house.store.unsettled("acme-x")[0].outcome is Outcome.OPEN
    house.store.retire("me")
    house.store.beat("me", house.clock.now(), timedelta(days=3650))
    house.look(HOUR)
    assert house.store.unsettled("acme-x")[0].outcome is Outcome.UNKNOWN


def test_a_stop_that_comes_between_deciding_and_sending_sends_nothing() -> None:
    house = House(*posts(1))
    house.stop = "recall of the blue tins"
    house.look()
    assert texts(house) == []
    house.stop = None
    house.live_until(house.clock.now() + HOUR)
    assert len(texts(house)) == 1


def test_a_clock_that_disagrees_with_the_network_sends_nothing() -> None:
    house = House(*posts(1))
    house.network.clock_error = timedelta(minutes=6)
    assert house.look()[0].action is Action.BLIND
    assert texts(house) == []
    house.network.clock_error = timedelta(minutes=4)
    house.live_until(house.clock.now() + HOUR)
    assert len(texts(house)) == 1


def test_a_network_that_cannot_be_read_says_nothing_and_calls_a_human_after_three_looks() -> None:
    house = House(*posts(1))
    house.network.read_faults.extend([Unreachable("no answer.")] * 3)
    house.look()
    house.live_until(house.clock.now() + timedelta(minutes=3))
    assert texts(house) == []
    told = [n.condition for n in house.store.all_notifications()]
    assert told == []
    house.live_until(house.clock.now() + timedelta(minutes=10))
    assert [n.condition.value for n in house.store.all_notifications()] == ["network_unreadable"]


def test_a_dry_run_does_everything_but_the_send_and_calls_nobody() -> None:
    house = House(*posts(1), dry_run=True)
    report = house.look()[0]
    assert (report.action, report.text) == (Action.WOULD_PUBLISH, "Bonjour de p0 !")
    assert texts(house) == []
    assert house.store.attempts() == []
    assert house.open_alerts() == {}


def test_after_an_outage_forty_accounts_speak_at_a_pace_and_once_each() -> None:
    names = tuple(f"acme-{n}" for n in range(40))
    house = House(names=names)
    house.feed(*(_for(name, n) for name in names for n in range(3)))
    started = house.clock.now()
    house.look()
    assert [len(network.sent) for network in house.networks.by_account.values()] == [1] * 40
    assert house.clock.now() - started >= timedelta(seconds=39 * 5)


def _for(name: str, place: int) -> Post:
    return replace(a_post(f"p{place}", place=place, text=f"{name} dit {place}"), account=name)


def test_a_claim_whose_commit_was_not_confirmed_does_not_silence_the_account() -> None:
    """Seed 1008 of the simulation: it slept for the hour that any forgotten claim stands."""
    house = House(*posts(1))
    store, well = house.store, type(house.store)

    class Mute(well):  # type: ignore[misc, valid-type]
        """It commits the claim, and its connection breaks before it says so."""

        def claim_due(self, *asked: object) -> list[str]:
            super().claim_due(*asked)
            raise StoreUnavailable("The connection was lost.")

    store.__class__ = Mute
    with pytest.raises(StoreUnavailable):
        house.look()
    store.__class__ = well
    house.look(timedelta(seconds=5))
    assert len(texts(house)) == 1


def test_a_claim_that_a_database_in_trouble_would_not_take_back_is_given_back_when_it_is_well() -> None:
    house = House(*posts(1))
    store, well = house.store, type(house.store)

    class Away(well):  # type: ignore[misc, valid-type]
        """As it was, but refusing every write that ends a look."""

        def finish_look(self, *_: object) -> None:
            raise StoreUnavailable("The database is locked.")

    store.__class__ = Away
    assert house.look()[0].action is Action.NEEDS_HUMAN
    store.__class__ = well
    house.look(timedelta(minutes=1))
    assert len(texts(house)) == 1
    assert store.claim_due("another", house.clock.now() + DAY, 10) == ["acme-x"]
