"""The store's contract: the queue, as the files own it and as the look sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.samples import HOUR, NOW, a_receipt, an_attempt, feed, furnish, guard, publish
from tests.domain.posts import a_post
from veilleuse.domain.attempt import Fault, Outcome
from veilleuse.domain.content import FileRecord, IndexedPost, Severity, SyncChange, Verdict
from veilleuse.domain.post import Image, Post, Source
from veilleuse.domain.queue import Candidate
from veilleuse.language import sentence, speaking
from veilleuse.ports import Store

POST = a_post("p1")
NEXT = a_post("p2", place=1)
KEY = frozenset({("acme-x", "p1")})
IMAGE = Image(sha256="a" * 64, media_type="image/png", size=3, name="photo.png")
RICH = Post(
    account="acme-x",
    id="voeux",
    text="Bonne année ! 🎉",
    source=Source(file="acme-x/hiver.toml", line=12),
    named=True,
    link="https://acme.test/vœux",
    image=IMAGE,
    alt="Une photo de l'équipe",
    content_warning="Chiffres",
    variants={"mastodon": ("Bonne année à toutes !",), "x": ("Un", "Deux")},
    not_before=NOW,
    not_after=NOW + timedelta(days=5),
    priority=-3,
    reserve=True,
    reserve_gap=timedelta(days=30, microseconds=1),
    max_uses=4,
    approved_by=None,
    order=("acme-x/hiver.toml", 7),
)


def posts_of(store: Store) -> list[Post]:
    return [candidate.post for candidate in store.candidates("acme-x")]


def test_a_post_comes_back_as_it_was_written(store: Store) -> None:
    store.apply(SyncChange(upserts=(RICH, NEXT), images={IMAGE.sha256: b"png"}), NOW)
    assert posts_of(store) == [NEXT, RICH]
    assert store.image(IMAGE.sha256) == b"png"
    assert store.index() == {
        ("acme-x", post.id): IndexedPost(
            account="acme-x",
            id=post.id,
            file=post.source.file,
            digest=post.digest,
            row_digest=post.row_digest,
            reserve=post.reserve,
        )
        for post in (RICH, NEXT)
    }


def test_an_image_nobody_stored_is_no_image(store: Store) -> None:
    with pytest.raises(KeyError):
        store.image("b" * 64)


def test_an_image_already_stored_is_not_stored_again(store: Store) -> None:
    for _ in range(2):
        store.apply(SyncChange(images={IMAGE.sha256: b"png"}), NOW)
    assert store.image(IMAGE.sha256) == b"png"


def test_a_changed_post_replaces_the_old_one(store: Store) -> None:
    feed(store, POST)
    changed = replace(POST, text="Un autre texte.", approved_by=None)
    feed(store, changed)
    assert posts_of(store) == [changed]
    assert store.index()["acme-x", "p1"].is_only_moved(changed)
    assert not store.index()["acme-x", "p1"].is_only_moved(POST)


def test_posts_come_in_the_order_of_their_files(store: Store) -> None:
    feed(store, *(a_post(f"p{n}", place=n) for n in (10, 2, 0, 1)))
    feed(store, replace(POST, id="first", order=("B.toml", 0)), replace(POST, id="last", order=("été.toml", 0)))
    assert [post.id for post in posts_of(store)] == ["first", "p0", "p1", "p2", "p10", "last"]


def test_a_missing_post_is_unspeakable_at_once(store: Store) -> None:
    feed(store, POST, NEXT)
    store.apply(SyncChange(missing=KEY), NOW + HOUR)
    assert posts_of(store) == [NEXT]
    assert store.index()["acme-x", "p1"].missing_since == NOW + HOUR


def test_a_post_is_missing_since_it_was_first_missed(store: Store) -> None:
    feed(store, POST)
    for hours in (1, 2):
        store.apply(SyncChange(missing=KEY), NOW + hours * HOUR)
    assert store.index()["acme-x", "p1"].missing_since == NOW + HOUR


@pytest.mark.parametrize("change", [SyncChange(found=KEY), SyncChange(upserts=(POST,))], ids=["found", "written again"])
def test_a_post_that_stands_again_speaks_again(store: Store, change: SyncChange) -> None:
    feed(store, POST)
    store.apply(SyncChange(missing=KEY), NOW)
    store.apply(change, NOW)
    assert posts_of(store) == [POST]
    assert store.index()["acme-x", "p1"].missing_since is None


def test_a_withdrawn_post_is_gone_until_it_is_written_again(store: Store) -> None:
    feed(store, POST)
    store.apply(SyncChange(missing=KEY), NOW)
    store.apply(SyncChange(withdrawn=KEY), NOW)
    assert posts_of(store) == []
    assert store.index() == {}
    feed(store, POST)
    assert posts_of(store) == [POST]


def test_marks_on_posts_nobody_knows_change_nothing(store: Store) -> None:
    feed(store, NEXT)
    store.apply(SyncChange(found=KEY, missing=KEY, withdrawn=KEY), NOW)
    assert posts_of(store) == [NEXT]


def test_what_a_file_was_judged_to_be_is_kept(store: Store) -> None:
    verdict = Verdict(
        severity=Severity.ERROR,
        source=Source(file="acme-x.csv", line=3),
        message="Trop long d'un caractère.",
        remedy="Raccourcir.",
        account="acme-x",
        post_id="p3",
    )
    file = FileRecord(path="acme-x.csv", fingerprint="f1", verdicts=(verdict,), accounts=("acme-x",))
    other = FileRecord(path="b.toml", fingerprint="f2")
    store.apply(SyncChange(files=(file, other)), NOW)
    assert store.files() == {"acme-x.csv": file, "b.toml": other}
    mended = replace(file, fingerprint="f3", verdicts=())
    store.apply(SyncChange(files=(mended,), gone=frozenset({"b.toml"})), NOW)
    assert store.files() == {"acme-x.csv": mended}


def test_a_verdict_is_kept_in_every_language(store: Store) -> None:
    said = Verdict(
        severity=Severity.NOTE,
        source=Source(file="a.csv"),
        message=sentence("There is no text."),
        remedy=sentence("Shorten it by {over}.", over=3),
    )
    store.apply(SyncChange(files=(FileRecord(path="a.csv", fingerprint="f1", verdicts=(said,)),)), NOW)
    (kept,) = store.files()["a.csv"].verdicts
    assert kept == said
    with speaking("fr"):
        assert str(kept) == "a.csv: note: Il n’y a pas de texte. Raccourcissez de 3."


def test_one_sync_may_write_thousands_of_posts(store: Store) -> None:
    many = tuple(a_post(f"p{n}", place=n) for n in range(2500))
    feed(store, *many)
    assert len(store.index()) == 2500
    assert posts_of(store) == list(many)


def test_a_queue_tells_what_has_happened_to_each_post(store: Store) -> None:
    held, refused, released = (a_post(name, place=n) for n, name in enumerate(("h", "r", "a"), start=2))
    furnish(store, posts=(POST, NEXT, held, refused, released))
    publish(store, POST, "900", at=NOW - 50 * HOUR)
    for name, post, outcome, fault in (
        ("a1", held, Outcome.HELD, None),
        ("a2", refused, Outcome.REFUSED, Fault.CONTENT),
        ("a3", released, Outcome.REFUSED, Fault.ABSENT),
        ("a4", NEXT, Outcome.REFUSED, Fault.UNREACHABLE),
    ):
        store.open_attempt(an_attempt(name, post), guard())
        store.close_attempt(name, outcome, now=NOW + HOUR, fault=fault, detail="It says no.")
    assert store.candidates("acme-x") == [
        Candidate(post=POST, uses=(NOW - 50 * HOUR,), said=frozenset({POST.text})),
        Candidate(post=NEXT),
        Candidate(post=held, held=True),
        Candidate(post=refused, refused="It says no."),
        Candidate(post=released, released_at=NOW + HOUR, released_from="2"),
    ]


def test_a_refusal_is_of_exactly_that_content(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.open_attempt(an_attempt("a1", POST), guard())
    store.close_attempt("a1", Outcome.REFUSED, now=NOW, fault=Fault.CONTENT, detail="Too long.")
    feed(store, replace(POST, text="Plus court."))
    assert [c.refused for c in store.candidates("acme-x")] == [None]
    feed(store, POST)
    assert [c.refused for c in store.candidates("acme-x")] == ["Too long."]


def test_a_refusal_without_a_word_is_still_a_refusal(store: Store) -> None:
    furnish(store, posts=(POST,))
    store.open_attempt(an_attempt("a1", POST), guard())
    store.close_attempt("a1", Outcome.REFUSED, now=NOW, fault=Fault.CONTENT)
    [candidate] = store.candidates("acme-x")
    assert candidate == Candidate(post=POST, refused="no reason was given.")
    with speaking("fr"):
        assert f"{candidate.refused}" == "aucune raison n’a été donnée."


def test_each_use_of_a_reserve_post_counts_oldest_first(store: Store) -> None:
    reserve = a_post("r1", reserve=True, variants={"x": ("Un", "Deux")})
    furnish(store, posts=(reserve,))
    for use, at in ((1, NOW), (0, NOW - 900 * HOUR)):
        store.record_receipt(a_receipt(an_attempt(f"a{use}", reserve, use=use), f"90{use}", at=at))
    assert [c.uses for c in store.candidates("acme-x")] == [(NOW - 900 * HOUR, NOW)]


def test_a_queue_holds_only_its_own_accounts_posts(store: Store) -> None:
    feed(store, POST, replace(POST, account="acme-facebook"))
    assert posts_of(store) == [POST]
