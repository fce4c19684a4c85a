"""Going back to a backup: what was in doubt stays in doubt, what was vetoed stays vetoed."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.domain.posts import a_post
from tests.fake_network import Fault
from tests.services.house import START, House, posts
from veilleuse.adapters.db.restore import restore
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.db.upgrade import copy_database
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.content import SyncChange
from veilleuse.domain.errors import ContentRefused, OutcomeUnknown
from veilleuse.domain.post import Image
from veilleuse.domain.veto import Veto
from veilleuse.ports import Store
from veilleuse.services import resolve

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class Company:
    """A house whose database is a file, and the copies made of it."""

    def __init__(self, folder: Path, closing: ExitStack) -> None:
        self.file = folder / "house.db"
        self._closing = closing
        self.house = House(*posts(2), store=self._opened())

    def _opened(self) -> Store:
        store = open_store(self.file, create=True)
        self._closing.callback(store.close)
        return store

    def copy(self) -> Path:
        return copy_database(self.file, self.file.with_name(f"copy-{self.house.clock.now():%H%M%S}.db"))

    def go_back(self, copy: Path, names: tuple[str, ...] = ("acme-x",)) -> dict[str, int]:
        """To that copy, and to work again."""
        self._closing.close()
        carried = restore(self.file, copy, self.house.clock.now()).carried
        self.house = House(store=self._opened(), beside=self.house, names=names)
        return carried or {}

    def lose(self) -> None:
        self._closing.close()
        self.file.write_bytes(b"lightning struck here")

    def doubt(self, *, shown: bool) -> None:
        """The next post takes effect and its answer is lost; the network shows other words, or nothing yet."""
        network = self.house.network
        network.publish_faults.append(Fault(OutcomeUnknown("no answer."), effect=True))
        self.house.look()
        if shown:
            network.timeline[-1] = replace(network.timeline[-1], text="as the network rewrote it")
        else:
            network.hidden.add(network.timeline[-1].remote_id)
        self.house.look(20 * SECOND)

    def times_said(self, post: str) -> int:
        return [payload.text for payload in self.house.network.sent].count(f"Bonjour de {post} !")


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with ExitStack() as closing:
        yield Company(tmp_path, closing)


def test_a_held_post_whose_words_nobody_recognises_is_still_held(company: Company) -> None:
    copy = company.copy()
    company.doubt(shown=True)
    company.house.live_until(START + 5 * HOUR)
    assert company.go_back(copy)["doubts"] == 1
    assert [doubt.outcome for doubt in company.house.store.unsettled()] == [Outcome.HELD]
    company.house.live_until(START + 20 * DAY)
    assert (company.times_said("p0"), company.times_said("p1")) == (1, 1)


def test_a_post_that_appears_only_after_the_restore_is_not_said_a_second_time(company: Company) -> None:
    copy = company.copy()
    company.doubt(shown=False)
    company.go_back(copy)
    company.house.look(20 * SECOND)
    company.house.network.hidden.clear()
    company.house.live_until(START + 20 * DAY)
    assert company.times_said("p0") == 1


def test_a_doubt_of_the_copy_that_was_settled_since_ends_as_it_did(company: Company) -> None:
    company.doubt(shown=False)
    copy = company.copy()
    company.house.clock.advance(HOUR)
    store, account = company.house.store, company.house.accounts["acme-x"]
    doubt = resolve.doubt(store, account, "p0", company.house.clock.now())
    resolve.not_published(store, account, doubt, "claire", company.house.clock.now())
    company.doubt(shown=True)
    company.house.live_until(START + 6 * HOUR)
    company.go_back(copy)
    store = company.house.store
    assert {attempt.post_id: attempt.outcome for attempt in store.attempts()} == {
        "p0": Outcome.REFUSED,
        "p1": Outcome.HELD,
    }
    (released,) = [candidate for candidate in store.candidates("acme-x") if candidate.released_at]
    assert (released.post.id, released.released_at) == ("p0", START + HOUR + 20 * SECOND)


def test_what_a_network_refused_since_is_not_offered_to_it_again(company: Company) -> None:
    copy = company.copy()
    company.house.network.publish_faults.append(Fault(ContentRefused("too long.")))
    company.house.look()
    company.go_back(copy)
    assert company.house.store.candidates("acme-x")[0].refused == "too long."


def test_a_doubt_of_an_account_and_an_image_that_the_copy_does_not_know_is_carried_with_them(
    company: Company,
) -> None:
    copy = company.copy()
    picture = Image(sha256="ab" * 32, media_type="image/png", size=3, name="a.png")
    both = ("acme-x", "acme-y")
    company.house = House(store=company.house.store, beside=company.house, names=both)
    company.house.networks.by_account["acme-y"] = company.house.network
    post = replace(a_post("p9", image=picture, alt="a"), account="acme-y")
    company.house.store.apply(SyncChange(upserts=(post,), images={picture.sha256: b"png"}), START)
    company.house.network.publish_faults.extend(Fault(OutcomeUnknown("no answer.")) for _ in both)
    company.house.look()
    assert company.go_back(copy, both)["doubts"] == 2
    store = company.house.store
    assert {doubt.account: doubt.payload.image for doubt in store.unsettled()} == {"acme-x": None, "acme-y": picture}
    assert store.image(picture.sha256) == b"png"


def test_a_doubt_of_another_past_blocks_its_own_post_beside_the_one_that_the_copy_has(company: Company) -> None:
    before = company.copy()
    company.house.clock.advance(HOUR)
    company.doubt(shown=False)
    copy = company.copy()
    company.lose()
    company.go_back(before)
    company.house.feed(a_post("p5", priority=9))
    company.doubt(shown=False)
    assert company.go_back(copy)["doubts"] == 1
    doubts = {doubt.post_id: doubt.outcome for doubt in company.house.store.unsettled()}
    assert doubts == {"p0": Outcome.UNKNOWN, "p5": Outcome.HELD}


def test_a_veto_on_words_newer_than_the_copy_holds_when_their_file_brings_them(company: Company) -> None:
    copy, house = company.copy(), company.house
    newer = a_post("p0", text="Les nouveaux mots")
    house.feed(newer)
    house.store.veto(Veto(account="acme-x", post_id="p0", digest=newer.digest, by="claire", at=START))
    assert company.go_back(copy)["vetoes"] == 1
    company.house.feed(newer)
    assert company.house.store.candidates("acme-x")[0].vetoed_by == "claire"
