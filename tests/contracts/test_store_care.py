"""The store's contract: what accounts cost, how they were last examined, what people must do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.conftest import OpenStore
from tests.contracts.samples import HOUR, NOW, an_account
from veilleuse.domain.activity import Examination, Identity, Limits
from veilleuse.domain.examination import Examined
from veilleuse.domain.prices import X_POST, X_POST_READ
from veilleuse.domain.task import Task, TaskKind
from veilleuse.ports import Store

DAY = timedelta(days=1)
TODAY = date(2026, 11, 20)
FOUND = Examination(
    identity=Identity(remote_id="42", handle="acme"),
    may_post=True,
    expires_at=NOW + 6 * DAY,
    limits=Limits(length=5000),
    warnings=("Something ends soon.",),
)
EXAMINED = Examined(account="acme-x", due_at=NOW + DAY, at=NOW, found=FOUND, visible=False)


def test_charges_add_up_by_account_and_item_from_a_day_on(store: Store) -> None:
    store.charge("acme-x", TODAY - DAY, {X_POST: 7})
    store.charge("acme-x", TODAY, {X_POST: 1, X_POST_READ: 2})
    store.charge("acme-x", TODAY, {X_POST_READ: 3})
    store.charge("other", TODAY + DAY, {X_POST_READ: 1})
    store.charge("acme-x", TODAY, {})
    assert store.charges(TODAY) == {"acme-x": {X_POST: 1, X_POST_READ: 5}, "other": {X_POST_READ: 1}}
    assert store.charges(TODAY + 2 * DAY) == {}


@pytest.mark.parametrize(
    "examined",
    [
        EXAMINED,
        Examined(account="acme-x", due_at=NOW, failures=2, trouble="X does not answer.", refused=True),
        replace(EXAMINED, visible=None, found=Examination(identity=FOUND.identity)),
    ],
    ids=["whole", "never answered", "sparse"],
)
def test_an_examination_comes_back_as_it_was_kept(store: Store, examined: Examined) -> None:
    assert store.examined("acme-x") is None
    store.record_examination(replace(EXAMINED, trouble="replaced below"))
    store.record_examination(examined)
    assert store.examined("acme-x") == examined
    assert store.all_examined() == [examined]


def test_of_several_daemons_one_examines(open_again: OpenStore) -> None:
    one, other = open_again(), open_again()
    assert one.claim_examination("acme-x", NOW, NOW + HOUR)
    assert not other.claim_examination("acme-x", NOW, NOW + HOUR)
    assert not other.claim_examination("acme-x", NOW + HOUR - timedelta(seconds=1), NOW + 2 * HOUR)
    assert other.claim_examination("acme-x", NOW + HOUR, NOW + 2 * HOUR)  # whoever claimed it has died


def test_a_claim_keeps_what_was_found_before(store: Store) -> None:
    store.record_examination(EXAMINED)
    assert not store.claim_examination("acme-x", NOW, NOW + HOUR)
    assert store.claim_examination("acme-x", NOW + DAY, NOW + DAY + HOUR)
    assert store.examined("acme-x") == replace(EXAMINED, due_at=NOW + DAY + HOUR)


def test_an_examination_that_a_wrong_clock_put_off_is_due(store: Store) -> None:
    store.record_examination(replace(EXAMINED, due_at=NOW + 400 * DAY))
    assert store.claim_examination("acme-x", NOW, NOW + HOUR)


def test_an_account_is_barred_until_it_is_not_and_a_new_presence_never_was(store: Store) -> None:
    store.register([an_account()], NOW)
    store.bar("acme-x", "These credentials are somebody else's.")
    assert store.state("acme-x").barred == "These credentials are somebody else's."
    store.bar("acme-x", None)
    assert store.state("acme-x").barred is None
    store.bar("acme-x", "These credentials are somebody else's.")
    store.register([an_account(identity="new")], NOW)
    assert store.state("acme-x").barred is None


def test_a_task_stands_in_the_place_of_the_one_before(store: Store) -> None:
    task = Task(account="acme-x", kind=TaskKind.LOG_IN, due_at=NOW)
    store.save_tasks([task, replace(task, account="other")])
    done = replace(task, due_at=NOW + 30 * DAY, done_at=NOW, done_by="claire")
    store.save_tasks([done])
    assert store.tasks() == [done, replace(task, account="other")]
