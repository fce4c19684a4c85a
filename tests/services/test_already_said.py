"""What stands on the timeline already: pasted by a human, said before a backup, deleted, hidden, or out of sight."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import OpenStore
from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.upgrade import back_up
from veilleuse.domain.attempt import Fault as Refusal
from veilleuse.domain.attempt import Proof
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import OutcomeUnknown, Unreachable
from veilleuse.services.look import Action

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def texts(house: House) -> list[str]:
    return [payload.text for payload in house.network.sent]


def live(house: House, span: timedelta) -> None:
    house.live_until(house.clock.now() + span)


def test_a_text_pasted_by_hand_is_published_and_the_same_look_goes_on_to_the_next_post(open_again: OpenStore) -> None:
    house = House(*posts(2), store=open_again())
    house.network.human_posts("Bonjour de p0 !", at=START - 10 * DAY)
    assert [report.action for report in house.look()] == [Action.PUBLISHED]
    assert texts(house) == ["Bonjour de p1 !"]
    assert {r.post_id: r.proof for r in house.store.receipts()} == {"p0": Proof.ALREADY_SAID, "p1": Proof.ANSWER}


def test_a_text_pasted_as_the_network_rewrites_it_is_still_known() -> None:
    house = House(a_post("p0", text="L'été — c'est ici : https://acme.fr/ete ☀️"), *posts(2)[1:])
    house.network.human_posts("L&#39;été — c&#39;est ici\u00a0: https://acme.fr/ete ☀", at=START - 10 * DAY)
    house.look()
    assert texts(house) == ["Bonjour de p1 !"]


def test_a_text_that_only_resembles_is_another_post() -> None:
    house = House(a_post("p0", text="Fermés le 12 décembre"))
    house.network.human_posts("Fermés le 19 décembre", at=START - 10 * DAY)
    house.look()
    assert texts(house) == ["Fermés le 12 décembre"]


def test_a_reserve_post_pasted_by_hand_counts_as_a_use_and_rests() -> None:
    house = House(a_post("r", reserve=True, variants={"x": ("Un", "Deux", "Trois")}))
    house.look()
    house.clock.advance(DAY)
    house.network.human_posts("Deux")
    live(house, 80 * DAY)
    assert texts(house) == ["Un"]
    live(house, 30 * DAY)
    assert texts(house) == ["Un", "Trois"]


def test_a_restored_backup_says_nothing_twice_and_goes_on_to_the_next_post(tmp_path: Path) -> None:
    path, backup = tmp_path / "house.db", tmp_path / "backup.db"
    house = House(*posts(9), store=open_store(path, create=True))
    live(house, 8 * DAY)
    db = Database(path)
    back_up(db, backup)
    db.close()
    live(house, 21 * DAY)
    said = texts(house)
    house.store.close()

    restored = House(store=open_store(backup))
    restored.clock.at = house.clock.now()
    restored.networks.by_account["acme-x"] = house.network
    house.network.clock = restored.clock
    restored.look()
    live(restored, 22 * DAY)
    restored.store.close()
    assert len(said) > 3
    assert texts(restored) == [f"Bonjour de p{n} !" for n in range(len(texts(restored)))]
    assert len(texts(restored)) >= len(said) + 3


def test_our_post_deleted_by_a_human_is_not_replaced_before_its_time() -> None:
    house = House(*posts(3))
    house.look()
    house.network.delete("1")
    for _ in range(10):
        house.force(12 * HOUR)
    assert texts(house) == ["Bonjour de p0 !"]
    live(house, 2 * DAY)
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de p1 !"]


def test_a_post_that_the_network_does_not_show_is_told_once_with_what_it_may_mean() -> None:
    house = House(*posts(3))
    house.network.hidden.add("1")
    house.look()
    live(house, 6.6 * DAY)  # past the spread, whatever it is
    assert "X does not show acme-x/p0, published Friday 20 November at 11:00" in house.open_alerts()["post_not_visible"]
    live(house, 7 * DAY)  # the next post is visible: no longer news, and no all-clear
    assert "post_not_visible" not in house.open_alerts()
    told = [n.what.value for n in house.store.all_notifications() if n.condition.value == "post_not_visible"]
    assert told == ["opened"]


def test_a_post_that_is_shown_is_not_missed() -> None:
    house = House(*posts(9))
    live(house, 40 * DAY)
    assert not [n for n in house.store.all_notifications() if n.condition.value == "post_not_visible"]


def test_looking_for_our_post_costs_no_read_of_its_own() -> None:
    house = House(*posts(9))
    house.look()
    before = house.network.reads
    live(house, 6 * DAY)
    assert house.network.reads == before


def test_a_post_dated_2099_silences_nothing(open_again: OpenStore) -> None:
    house = House(*posts(3), store=open_again())
    house.network.human_posts("Du futur", at=START + 73 * 365 * DAY)
    house.look()
    live(house, 7 * DAY)
    assert len(texts(house)) == 1


def test_pages_of_timeline_are_caught_up_and_a_text_among_them_is_known() -> None:
    house = House(*posts(2))
    house.network.human_posts("Bonjour")
    house.look()
    house.clock.advance(DAY)
    for n in range(150):
        house.network.human_posts("Bonjour de p0 !" if n == 20 else f"Salon, jour {n}")
    live(house, 9 * DAY)
    assert texts(house) == ["Bonjour de p1 !"]
    assert "timeline_gap" not in house.open_alerts()


@pytest.fixture
def with_a_gap() -> House:
    """More happened than one read shows: what was said in between nobody has read."""
    house = House(*posts(3))
    house.network.human_posts("Bonjour")
    house.look()
    house.clock.advance(6 * DAY)
    for n in range(250):
        house.network.human_posts("Bonjour de p0 !" if n == 20 else f"Salon, jour {n}")
    house.force(DAY)
    return house


def test_a_gap_that_does_not_close_holds_the_account_and_asks(with_a_gap: House) -> None:
    live(with_a_gap, 20 * DAY)
    assert texts(with_a_gap) == []
    assert "one read shows" in with_a_gap.open_alerts()["timeline_gap"]
    assert "limit_passed" in with_a_gap.open_alerts()
    assert with_a_gap.store.state("acme-x").reason.startswith("stopped: part of its timeline could not be read")


def test_a_post_of_ours_that_no_read_has_shown_closes_no_gap() -> None:
    """A stale read let us speak; the next shows our post alone, and not what a human had pasted before it."""
    house = House(*posts(3))
    house.network.human_posts("Bonjour")
    house.look()
    house.clock.advance(6.5 * DAY)
    pasted = house.network.human_posts("Bonjour de p1 !")
    house.network.hidden.add(pasted.remote_id)
    live(house, DAY)
    assert texts(house) == ["Bonjour de p0 !"]
    house.network.hidden.clear()
    house.network.most = 1
    live(house, 8 * DAY)
    assert texts(house) == ["Bonjour de p0 !"]
    assert "timeline_gap" in house.open_alerts()


def test_a_gap_is_read_over_once_and_not_again_at_every_look(with_a_gap: House) -> None:
    assert with_a_gap.force(DAY).action is Action.NEEDS_HUMAN
    assert with_a_gap.store.state("acme-x").cursor == "251"


def test_a_gap_that_a_human_has_answered_for_is_over(with_a_gap: House) -> None:
    with_a_gap.feed()
    with_a_gap.store.note_gap("acme-x", None)
    with_a_gap.force()
    live(with_a_gap, 8 * DAY)
    assert "timeline_gap" not in with_a_gap.open_alerts()
    assert len(texts(with_a_gap)) == 1


def test_a_timeline_that_shows_nothing_at_all_is_not_believed() -> None:
    house = House(*posts(3))
    house.network.human_posts("Bonjour")
    house.look()
    house.network.shows_nothing = True
    live(house, 8 * DAY)
    assert texts(house) == []
    assert "shows nothing at all, though there were posts" in house.open_alerts()["network_unreadable"]
    house.network.shows_nothing = False
    live(house, DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_it_is_believed_at_the_third_read_in_a_row_only() -> None:
    """A read that shows nothing may hide what a restored backup has forgotten."""
    house = House(*posts(3))
    house.look()
    live(house, 7 * DAY)
    assert house.store.state("acme-x").cursor == "1"  # p0 was seen before p1 was said
    house.network.shows_nothing = True
    seen = [house.force(7 * DAY).action, *(house.force(HOUR).action for _ in range(2))]
    assert seen == [Action.BLIND, Action.BLIND, Action.PUBLISHED]


def test_a_timeline_emptied_of_nothing_but_our_own_posts_is_believed() -> None:
    house = House(*posts(3))
    house.look()
    house.force(DAY)  # our post is seen, and reading goes on from it
    house.network.delete("1")
    house.network.shows_nothing = True
    live(house, 7 * DAY)
    assert len(texts(house)) == 2


def test_an_effect_that_comes_after_it_was_surely_absent_is_found_before_the_post_is_said_again() -> None:
    house = House(*posts(3))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s."), effect=True))
    house.network.hidden.add("1")
    house.look()
    live(house, 4 * HOUR)
    assert house.store.attempts()[-1].fault is Refusal.ABSENT
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de p1 !"]
    house.network.hidden.clear()  # it stands behind p1 now, where no ordinary read looks
    live(house, 60 * DAY)
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de p1 !", "Bonjour de p2 !"]
    assert {r.post_id: r.proof for r in house.store.receipts()}["p0"] is Proof.ALREADY_SAID


def test_a_released_post_that_cannot_be_looked_for_is_not_said() -> None:
    house = House(*posts(1))
    house.network.publish_faults.append(Fault(OutcomeUnknown("no answer within 30 s.")))
    house.look()
    live(house, DAY + 2 * HOUR)
    assert texts(house) == []
    house.network.read_faults.extend([Unreachable("no answer.")] * 3)
    live(house, HOUR)
    assert texts(house) == []
    live(house, DAY)
    assert texts(house) == ["Bonjour de p0 !"]


def test_a_text_queued_after_it_was_pasted_and_read_is_not_said_again(open_again: OpenStore) -> None:
    house = House(*posts(1), store=open_again())
    house.network.human_posts("Bonjour de p1 !")
    live(house, 6 * DAY)
    house.feed(*posts(3))
    live(house, 14 * DAY)
    assert texts(house) == ["Bonjour de p0 !", "Bonjour de p2 !"]


def test_a_post_out_of_its_file_while_a_restored_backup_caught_up_is_not_said_again() -> None:
    house = House(*posts(3))
    house.network.human_posts("Bonjour de p0 !")  # what the backup does not know
    for candidate in house.store.candidates("acme-x"):
        house.store.apply(SyncChange(missing=frozenset({("acme-x", candidate.post.id)})), house.clock.now())
    house.look()
    house.store.apply(SyncChange(found=frozenset({("acme-x", f"p{n}") for n in range(3)})), house.clock.now())
    live(house, 8 * DAY)
    assert texts(house)[0] == "Bonjour de p1 !"
