"""The store's contract: freezes, by STOP files and by people's commands."""

from dataclasses import replace

import pytest

from tests.conftest import OpenStore
from tests.contracts.samples import HOUR, NOW, an_attempt, furnish, guard
from tests.domain.posts import a_post
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.ports import AttemptRefused, Store

POST = a_post("p1")
FILE = Freeze(account="acme-x", origin="STOP acme-x/STOP", by="a file", reason="crise", since=NOW)
FILE_FOR_ALL = Freeze(account="", origin="STOP STOP", by="a file", reason="", since=NOW)
ONE = Freeze(account="acme-x", origin=COMMAND, by="claire", reason="recall", since=NOW)
NETWORK = replace(ONE, account="", network="x")
ALL = replace(ONE, account="")


def test_stop_files_freeze_and_their_removal_thaws_only_that_freeze(store: Store) -> None:
    store.set_stops([FILE, FILE_FOR_ALL])
    assert sorted(store.freezes(NOW), key=lambda f: f.account) == [FILE_FOR_ALL, FILE]
    store.set_stops([FILE])
    assert store.freezes(NOW) == [FILE]
    store.set_stops([])
    assert store.freezes(NOW) == []


def test_a_freeze_seen_again_stands_since_it_began_and_a_new_reason_is_told(store: Store) -> None:
    store.set_stops([FILE])
    store.set_stops([replace(FILE, since=NOW + HOUR)])
    assert store.freezes(NOW + HOUR) == [FILE]
    told = replace(FILE, since=NOW + HOUR, reason="crise, deuxième jour")
    store.set_stops([told])
    assert store.freezes(NOW + HOUR) == [told]


def test_a_freeze_past_its_end_holds_nobody(store: Store) -> None:
    store.set_stops([replace(FILE, until=NOW + HOUR)])
    store.freeze(replace(ONE, until=NOW + HOUR))
    assert len(store.freezes(NOW)) == 2
    assert store.freezes(NOW + HOUR) == []


def test_a_freeze_by_command_survives_a_restart(open_again: OpenStore) -> None:
    open_again().freeze(replace(ONE, until=NOW + HOUR))
    assert open_again().freezes(NOW) == [replace(ONE, until=NOW + HOUR)]


def test_a_second_command_takes_the_place_of_the_first(store: Store) -> None:
    store.freeze(ONE)
    store.freeze(replace(ONE, by="paul", reason="still"))
    assert store.freezes(NOW) == [replace(ONE, by="paul", reason="still")]


def test_files_and_commands_leave_each_other_alone(store: Store) -> None:
    for freeze in (ONE, NETWORK, ALL):
        store.freeze(freeze)
    store.set_stops([FILE, FILE_FOR_ALL])
    store.set_stops([])
    assert {f.words for f in store.freezes(NOW)} == {"acme-x", "--network x", "--all"}
    store.set_stops([FILE])
    assert store.thaw(ONE)
    assert not store.thaw(ONE)
    assert {f.words for f in store.freezes(NOW) if f.file is None} == {"--network x", "--all"}
    assert FILE in store.freezes(NOW)


@pytest.mark.parametrize("freeze", [ONE, NETWORK, ALL], ids=lambda freeze: freeze.words)
def test_a_freeze_forbids_the_attempt_and_its_thaw_allows_it(store: Store, freeze: Freeze) -> None:
    furnish(store, posts=(POST,))
    store.freeze(freeze)
    with pytest.raises(AttemptRefused, match="frozen: recall"):
        store.open_attempt(an_attempt("a1", POST), guard())
    store.thaw(freeze)
    store.open_attempt(an_attempt("a1", POST), guard())


@pytest.mark.parametrize(
    "freeze", [replace(ONE, account="acme-y"), replace(NETWORK, network="facebook")], ids=lambda freeze: freeze.words
)
def test_a_freeze_of_somebody_else_forbids_nothing(store: Store, freeze: Freeze) -> None:
    furnish(store, posts=(POST,))
    store.freeze(freeze)
    store.open_attempt(an_attempt("a1", POST), guard())
