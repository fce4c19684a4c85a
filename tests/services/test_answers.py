"""Replies waiting in the weekly digest: read once, where that is free; a network that fails never holds it up."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.conftest import OpenStore
from tests.fake_network import SPEC, FakeNetwork
from tests.services.house import START, House, posts
from tests.services.post_office import PostOffice
from veilleuse.domain.digest import WIDTH
from veilleuse.domain.errors import CredentialsRefused, RateLimited, Unreachable
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.person import Person
from veilleuse.domain.waiting import Awaited, Wait
from veilleuse.services.answers import BACK, PATIENCE, Answers, in_turn
from veilleuse.services.digest import Digest
from veilleuse.services.letters import Letters

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FREE = replace(SPEC, answers=True)
LINK = "https://social.example/@marie/115580000000000001"
ONE = Wait(awaited=Awaited.ANSWER, count=1, link=LINK)
TWO = replace(ONE, count=2)
HELD = Wait(awaited=Awaited.MODERATION, count=3, link="https://www.acme.fr/wp-admin/edit-comments.php")


@dataclass(slots=True)
class Heard(FakeNetwork):
    """A network that tells who waits."""

    waits: tuple[Wait, ...] = ()
    asked: list[tuple[str, datetime]] = field(default_factory=list)
    error: Exception | None = None
    meanwhile: Callable[[], object] = lambda: None

    def unanswered(self, remote_id: str, since: datetime) -> tuple[Wait, ...]:
        self.asked.append((remote_id, since))
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return self.waits


class Desk:
    """A house of which claire reads in English and hugo in French."""

    def __init__(self, *names: str, house: House | None = None, spec: NetworkSpec = FREE) -> None:
        self.house = house or House(*posts(20), names=names or ("acme-x",))
        self.networks = {name: Heard(clock=self.house.clock) for name in self.house.accounts}
        self.house.networks.by_account.update(self.networks)
        self.office = PostOffice(people={"claire": 1, "hugo": 1})
        people = {"claire": Person(name="claire"), "hugo": Person(name="hugo", language="fr")}
        self.letters = Letters(self.house.store, self.office, self.house.clock, people)
        self.digest = Digest(
            accounts=self.house.accounts,
            specs={"x": spec},
            people=people,
            store=self.house.store,
            letters=self.letters,
            answers=Answers(specs={"x": spec}, store=self.house.store, networks=self.house, clock=self.house.clock),
            clock=self.house.clock,
            zone=PARIS,
        )
        self.house.look()

    @property
    def network(self) -> Heard:
        return self.networks["acme-x"]

    def a_week(self) -> None:
        """Until the next digest has been written and sent."""
        for _ in range(7 * 24):
            self.digest.write()
            self.letters.send()
            self.house.clock.advance(HOUR)

    def body(self, person: str = "claire") -> str:
        return [letter.body for letter in self.office.letters if letter.person == person][-1]


@pytest.mark.parametrize(
    ("waits", "english", "french"),
    [
        (
            (ONE,),
            "1 person waits for an answer on acme-x: LINK",
            "1 personne attend une réponse sur acme-x\u00a0: LINK",
        ),
        (
            (TWO,),
            "2 people wait for an answer on acme-x: LINK",
            "2 personnes attendent une réponse sur acme-x\u00a0: LINK",
        ),
        (
            (replace(TWO, whole=False, link=None),),
            "at least 2 people wait for an answer on acme-x",
            "au moins 2 personnes attendent une réponse sur acme-x",
        ),
        (
            (HELD,),
            "3 comments wait for moderation on acme-x: HELD",
            "3 commentaires attendent d’être modérés sur acme-x\u00a0: HELD",
        ),
    ],
)
def test_who_waits_is_one_line_with_a_link_in_the_reader_s_language(
    waits: tuple[Wait, ...], english: str, french: str
) -> None:
    desk = Desk()
    desk.network.waits = waits
    desk.a_week()
    for person, line in (("claire", english), ("hugo", french)):
        lines = " ".join(desk.body(person).split())
        assert " ".join(line.replace("LINK", LINK).replace("HELD", str(HELD.link)).split()) in lines
    assert max(map(len, desk.body().splitlines())) <= WIDTH


def test_an_address_stays_whole_however_long() -> None:
    desk = Desk()
    long = "https://a-very-long-name.example/" + "and-so-on-" * 20
    desk.network.waits = (replace(ONE, link=long),)
    desk.a_week()
    assert long in [line.strip() for line in desk.body().splitlines()]


def test_where_nobody_waits_nothing_is_said() -> None:
    desk = Desk()
    desk.a_week()
    assert "Replies waiting" not in desk.body()
    assert len(desk.network.asked) == 1


def test_it_is_asked_once_a_week_for_all_readers_and_two_weeks_back() -> None:
    desk = Desk("acme-x", "other-x")
    for _ in range(3):
        desk.a_week()
    assert len(desk.office.letters) == 6
    for network in desk.networks.values():
        assert [remote_id for remote_id, _ in network.asked] == ["42"] * 3
        first, second, third = (since for _, since in network.asked)
        assert second - first == third - second == 7 * DAY
        assert START - BACK < first < START


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("The network is away."),
        CredentialsRefused("The token lacks a right."),
        RateLimited("Later."),
        RuntimeError("a mistake of ours"),
    ],
)
def test_what_cannot_be_read_is_logged_and_the_digest_goes_out_without_it(error: Exception) -> None:
    desk = Desk("acme-x", "other-x")
    before = desk.house.open_alerts()
    desk.network.error = error
    desk.networks["other-x"].waits = (TWO,)
    with capture_logs() as logs:
        desk.a_week()
    assert [line["account"] for line in logs if line["event"] == "answers.not_read"] == ["acme-x"]
    assert "on other-x" in desk.body()
    assert "on acme-x" not in desk.body()
    assert desk.house.store.state("acme-x").barred is None
    assert desk.house.open_alerts() == before


@pytest.mark.parametrize("spec", [SPEC, replace(FREE, bills=True)], ids=["it tells nobody", "each read is billed"])
def test_a_network_that_bills_or_cannot_tell_is_never_asked(spec: NetworkSpec) -> None:
    desk = Desk(spec=spec)
    opened = desk.house.networks.opened
    desk.a_week()
    assert len(desk.office.letters) == 2
    assert desk.house.networks.opened == opened


def test_an_account_that_may_not_be_called_is_not_asked() -> None:
    desk = Desk("acme-x", "barred-x", "stopped-x")
    store = desk.house.store
    store.bar("barred-x", "The token is somebody else's.")
    [claimed] = [store.state("stopped-x")]
    store.ring(["stopped-x"], desk.house.clock.now())
    assert "stopped-x" in store.claim_due("me", desk.house.clock.now(), 9)
    store.finish_look("me", replace(claimed, stopped="The token is dead."))
    desk.a_week()
    assert {name: len(network.asked) for name, network in desk.networks.items()} == {
        "acme-x": 1,
        "barred-x": 0,
        "stopped-x": 0,
    }


def test_an_account_whose_identity_is_not_proven_is_not_asked() -> None:
    house = House(*posts(3))
    answers = Answers(specs={"x": FREE}, store=house.store, networks=house, clock=house.clock)
    assert answers(house.accounts.values()) == {}
    assert house.networks.opened == 0


def test_slow_networks_hold_the_digest_up_for_a_minute_and_no_longer() -> None:
    desk = Desk(*(f"acme-{number}" for number in range(9)))
    for network in desk.networks.values():
        network.waits = (ONE,)
        network.meanwhile = lambda: desk.house.clock.advance(timedelta(seconds=20))
    began = desk.house.clock.now()
    with capture_logs() as logs:
        found = desk.digest.answers(desk.house.accounts.values())
    assert len(found) == 3
    assert [line["not_asked"] for line in logs if line["event"] == "answers.no_time_left"] == [6]
    assert desk.house.clock.now() - began == PATIENCE


def test_whom_no_time_was_left_for_is_asked_in_other_weeks() -> None:
    desk = Desk(*(f"acme-{number}" for number in range(9)))
    for network in desk.networks.values():
        network.meanwhile = lambda: desk.house.clock.advance(timedelta(seconds=20))
    for _ in range(6):
        desk.digest.answers(desk.house.accounts.values())
        desk.house.clock.advance(7 * DAY - PATIENCE)
    assert sum(len(network.asked) for network in desk.networks.values()) == 6 * 3
    assert all(network.asked for network in desk.networks.values())


@given(st.data(), st.integers(1, 150), st.dates(date(2026, 1, 1), date(2100, 1, 1)))
def test_where_there_is_time_for_a_part_only_nobody_waits_for_more_than_twice_the_weeks_that_all_take(
    data: st.DataObject, number: int, begins: date
) -> None:
    accounts, reached = range(number), data.draw(st.integers(1, number))
    weeks = -(-2 * number // reached)
    asked = {each for week in range(weeks) for each in in_turn(accounts, begins + week * 7 * DAY)[:reached]}
    assert asked == set(accounts)


@given(st.lists(st.integers()), st.dates())
def test_a_turn_leaves_nobody_out_and_lasts_a_week(accounts: list[int], day: date) -> None:
    turn = in_turn(accounts, day)
    assert sorted(turn) == sorted(accounts)
    assert in_turn(accounts, day - day.weekday() * DAY) == turn


def test_no_transaction_is_open_while_a_network_is_asked(open_again: OpenStore) -> None:
    desk = Desk(house=House(*posts(9), store=open_again()))
    beside = open_again()
    desk.network.meanwhile = lambda: beside.beat("another", desk.house.clock.now(), DAY)
    desk.a_week()
    assert len(desk.network.asked) == 1
    assert len(desk.office.letters) == 2
