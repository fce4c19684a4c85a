"""How far one read saw: tables of what it showed against what was known."""

from collections.abc import Collection
from datetime import datetime, timedelta

import pytest

from tests.domain.posts import utc
from tests.domain.test_doubt import ATTEMPT
from veilleuse.domain.activity import Entry, Reading
from veilleuse.domain.attempt import Proof, Receipt, receipt_of
from veilleuse.domain.sight import Sight, not_shown

NOW = utc("2026-11-27 10:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sight(
    *ids: str, cursor: str | None = "5", complete: bool = True, known: Collection[str] = (), at: datetime = NOW
) -> Sight:
    entries = tuple(Entry(remote_id=remote_id, text="Bonjour", created_at=at) for remote_id in ids)
    return Sight(
        reading=Reading(entries=entries, complete=complete, cursor=cursor, server_time=NOW), cursor=cursor, known=known
    )


@pytest.mark.parametrize(
    ("seen", "gap"),
    [
        (sight("9", "8"), False),
        (sight("9", "8", complete=False, known=("5",)), True),
        (sight("9", "8", complete=False, known=("5", "8")), False),  # the doubt's old cursor, not today's
        (sight("9", "8", cursor=None), False),
        (sight(complete=False, known=("5",)), False),
    ],
)
def test_a_gap_is_what_stands_between_a_cut_read_and_all_that_is_known(seen: Sight, gap: bool) -> None:
    assert seen.gap is gap


@pytest.mark.parametrize(
    ("seen", "empty"),
    [
        (sight(), False),  # nothing new
        (sight(complete=False), True),
        (sight(cursor=None), False),
        (sight("9", complete=False), False),
    ],
)
def test_nothing_at_all_is_told_from_nothing_new(seen: Sight, empty: bool) -> None:
    assert seen.empty is empty


def receipt(remote_id: str = "7", *, ago: timedelta = DAY, proof: Proof = Proof.ANSWER) -> Receipt:
    return receipt_of(ATTEMPT, network="x", identity="42", remote_id=remote_id, url=None, at=NOW - ago, proof=proof)


@pytest.mark.parametrize(
    ("ours", "seen", "missing"),
    [
        (receipt(), sight("8", "7"), []),
        (receipt(), sight("8"), ["7"]),
        (receipt(), sight(), ["7"]),
        (receipt(ago=HOUR), sight(), ["7"]),
        (receipt(ago=HOUR / 2), sight(), None),  # it may still come
        (receipt(ago=8 * DAY), sight(), None),  # an earlier read has judged it
        (receipt(proof=Proof.READ_BACK), sight(), None),
        (receipt(), sight("8", complete=False), None),
        (receipt(), sight("8", complete=False, at=NOW - 2 * DAY), ["7"]),
        (receipt(), sight("8", cursor=None), None),  # five newer posts may stand before it
        (receipt(), sight("8", cursor=None, at=NOW - 2 * DAY), ["7"]),
        (receipt(), sight(cursor=None), ["7"]),
    ],
)
def test_a_post_of_ours_is_missed_only_by_a_read_that_reaches_back_past_it(
    ours: Receipt, seen: Sight, missing: list[str] | None
) -> None:
    found = not_shown([ours], seen, NOW - 7 * DAY, NOW)
    assert (found if found is None else [one.remote_id for one in found]) == missing


def test_without_a_read_before_nothing_can_be_missed() -> None:
    assert not_shown([receipt()], sight(), None, NOW) is None
