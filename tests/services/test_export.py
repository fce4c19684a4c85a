"""What leaves the house: all that can still be said, and nothing that may be said already."""

from datetime import timedelta

import pytest

from tests.contracts.samples import HOUR, NOW, an_account, an_attempt, furnish, guard, publish
from tests.domain.posts import a_post
from tests.fakes import MemoryStore
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Fault, Outcome
from veilleuse.domain.post import Post
from veilleuse.services.export import Exported, export

POSTS = (a_post("said"), a_post("tried", place=1), a_post("next", place=2), a_post("idea", place=3, approved_by=None))


def exported(store: MemoryStore) -> tuple[list[str], Exported]:
    written: list[str] = []

    def write(account: Account, posts: tuple[Post, ...]) -> None:
        written.extend(post.id for post in posts)

    (report,) = export(store, [an_account()], write)
    return written, report


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    furnish(store, posts=POSTS)
    publish(store, POSTS[0], "900", at=NOW - timedelta(days=9))
    return store


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.UNKNOWN, Outcome.HELD])
def test_what_is_published_or_in_doubt_stays_here(store: MemoryStore, outcome: Outcome) -> None:
    store.open_attempt(an_attempt("doubt", POSTS[1]), guard())
    if outcome is not Outcome.OPEN:
        store.close_attempt("doubt", outcome, now=NOW)
    assert exported(store) == (
        ["next", "idea"],
        Exported(account="acme-x", posts=2, drafts=1, said=1, doubtful=1),
    )


@pytest.mark.parametrize("fault", [Fault.ABSENT, Fault.CONTENT, Fault.UNREACHABLE])
def test_what_is_certainly_not_live_goes_along(store: MemoryStore, fault: Fault) -> None:
    store.open_attempt(an_attempt("failed", POSTS[1]), guard())
    store.close_attempt("failed", Outcome.REFUSED, now=NOW + HOUR, fault=fault)
    assert exported(store)[0] == ["tried", "next", "idea"]


def test_the_reserve_goes_along_after_a_use_but_not_in_doubt() -> None:
    reserve = a_post("reserve", reserve=True)
    store = MemoryStore()
    furnish(store, posts=(reserve,))
    publish(store, reserve, "901", at=NOW - timedelta(days=9))
    assert exported(store)[0] == ["reserve"]
    store.open_attempt(an_attempt("doubt", reserve, use=1), guard())
    assert exported(store) == ([], Exported(account="acme-x", posts=0, drafts=0, said=0, doubtful=1))
