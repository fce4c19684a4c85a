"""The archive: everything that was said, read page by page, written and read back the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.samples import NOW, RULE, a_receipt, an_account, an_attempt, an_entry, furnish, guard
from tests.contracts.stage import IMAGE, PNG
from tests.domain.posts import a_post
from veilleuse.adapters import archive
from veilleuse.adapters.db.archive import PAGE
from veilleuse.adapters.db.store import SqlStore, open_store
from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.archive import Saying
from veilleuse.domain.attempt import Proof

MINUTE = timedelta(minutes=1)
POST = a_post("p1")


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    opened = open_store(database, create=True)
    yield opened
    opened.close()


def test_what_we_said_stands_beside_what_people_said_in_the_order_of_time(store: SqlStore) -> None:
    post = replace(POST, link="https://acme.fr", alt="Un chat", content_warning="Chat")
    furnish(store, posts=(post,))
    attempt = an_attempt("a1", post)
    store.open_attempt(attempt, guard())
    store.record_receipt(a_receipt(attempt, "900", at=NOW, proof=Proof.READ_BACK))
    said = [an_entry("800", NOW - MINUTE, "Avant"), an_entry("1000", NOW + MINUTE, "Après", kind=Kind.REPLY)]
    store.record_reading("acme-x", [*said, an_entry("900", NOW)], ["post"], NOW + MINUTE)
    before, ours, after = store.sayings("acme-x")
    assert [(each.text, each.by, each.kind) for each in (before, after)] == [
        ("Avant", Author.HUMAN, Kind.POST),
        ("Après", Author.HUMAN, Kind.REPLY),
    ]
    assert (before.post, before.approved_by, before.proof, before.network) == (None, None, None, "x")
    assert (ours.post, ours.approved_by, ours.proof) == ("acme-x/p1", "claire", Proof.READ_BACK)
    assert (ours.link, ours.alt, ours.content_warning) == ("https://acme.fr", "Un chat", "Chat")
    assert store.archived() == ["acme-x"]
    assert list(store.sayings("nobody")) == []


def test_a_receipt_without_its_attempt_or_account_is_archived_all_the_same(store: SqlStore) -> None:
    """As after a restored backup."""
    store.record_receipt(a_receipt(replace(an_attempt("lost", POST), account="old"), "900"))
    assert [each.remote_id for each in store.sayings("old")] == ["900"]
    assert store.archived() == ["old"]


def test_when_it_was_approved_is_the_first_time_by_who_did(store: SqlStore) -> None:
    store.register([an_account(rule=RULE)], NOW)
    furnish(store, posts=(POST,))
    attempt = an_attempt("a1", POST)
    store.open_attempt(attempt, guard())
    store.record_receipt(a_receipt(attempt, "900"))
    (saying,) = store.sayings("acme-x")
    approvals = [record.at for record in store.approvals("acme-x")]
    assert saying.approved_at == min(approvals, default=None)


def test_thousands_are_read_page_by_page_and_none_twice(store: SqlStore) -> None:
    store.register([an_account()], NOW)
    number = 2 * PAGE + 7
    # Many of one second: a page may end between them.
    entries = [an_entry(f"{n:06}", NOW - timedelta(seconds=n // 400), f"{n}") for n in range(number)]
    store.record_reading("acme-x", entries, ["post"], NOW)
    found = [each.remote_id for each in store.sayings("acme-x")]
    assert len(found) == len(set(found)) == number


MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1))
SAYINGS = st.builds(
    Saying,
    account=st.just("acme-x"),
    network=st.just("x"),
    at=MOMENTS,
    by=st.sampled_from(Author),
    kind=st.sampled_from(Kind),
    text=st.text(st.characters(exclude_categories=["Cs"])),
    remote_id=st.text(min_size=1),
    url=st.none() | st.text(),
    link=st.none() | st.text(),
    post=st.none() | st.text(),
    approved_by=st.none() | st.text(),
    approved_at=st.none() | MOMENTS,
    proof=st.none() | st.sampled_from(Proof),
)


@given(SAYINGS)
def test_any_saying_is_one_line_and_comes_back_the_same(saying: Saying) -> None:
    line = archive.as_line(saying)
    assert "\n" not in line
    assert archive.from_line(line) == saying


def no_image(_sha256: str) -> bytes:
    raise KeyError


@pytest.mark.parametrize(
    ("image", "where", "files"),
    [(lambda _sha256: PNG, f"images/{IMAGE.sha256[:16]}.png", 1), (no_image, None, 0)],
    ids=["kept", "lost"],
)
def test_images_stand_beside_the_lines_once(
    tmp_path: Path, image: Callable[[str], bytes], where: str | None, files: int
) -> None:
    saying = Saying(
        account="acme-x",
        network="x",
        at=NOW,
        by=Author.VEILLEUSE,
        kind=Kind.POST,
        text="Un chat",
        remote_id="1",
        image=IMAGE.sha256,
    )
    assert archive.write(tmp_path / "out", [saying, saying], image) == 2
    assert [each.image for each in archive.read(tmp_path / "out")] == [where, where]
    assert len(list((tmp_path / "out").glob("images/*"))) == files


def test_an_archive_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    archive.write(tmp_path, [], no_image)
    with pytest.raises(FileExistsError):
        archive.write(tmp_path, [], no_image)
