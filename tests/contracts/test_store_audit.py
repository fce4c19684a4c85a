"""The store's contract: what people did, kept for ever."""

from dataclasses import replace

from tests.contracts.samples import HOUR, NOW
from veilleuse.domain.deed import Act, Deed
from veilleuse.ports import Store

FROZE = Deed(at=NOW, by="claire", act=Act.FROZE, account="acme-x", detail="recall of the blue tins")
THAWED = Deed(at=NOW + HOUR, by="anna", act=Act.THAWED)


def test_deeds_are_told_newest_first(store: Store) -> None:
    later = replace(FROZE, at=NOW + 2 * HOUR, subject="p1")
    for deed in (FROZE, later, THAWED):
        store.note(deed)
    assert store.deeds() == [later, THAWED, FROZE]
    assert store.deeds(limit=1) == [later]
    assert store.deeds("acme-x") == [later, FROZE]
    assert store.deeds(before=later.at) == [THAWED, FROZE]


def test_the_same_deed_twice_is_told_twice(store: Store) -> None:
    store.note(FROZE)
    store.note(FROZE)
    assert store.deeds() == [FROZE, FROZE]
