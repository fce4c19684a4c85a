"""What is exported is read back as the same queue: every field of every post, in the same order."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content_house import ACCOUNTS, JPEG, NOW, PNG, Folder, toml
from veilleuse.adapters.content.export import NewFolder
from veilleuse.domain.content import SyncChange
from veilleuse.domain.post import RESERVE_GAP, Image, Post, Source
from veilleuse.domain.text import text_id
from veilleuse.services.export import export

PICTURES = {hashlib.sha256(data).hexdigest(): data for data in (PNG, JPEG, PNG + b"2")}
IMAGES = [
    Image(sha256=digest, media_type=f"image/{'jpeg' if data == JPEG else 'png'}", size=len(data), name=name)
    for digest, data in PICTURES.items()
    for name in ("vitrine d'été.png", "a.png")
]
TEXTS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="Ãâ\ufffd"), max_size=60
    )
    | st.sampled_from(
        ['Dit-il : "oui" ?', 'trois """ guillemets', "deux\nlignes\n\n[[post]]", "C:\\notes\t'x'", "é" * 90]
    )
).map(lambda text: f"a{text}.".strip())
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)) | st.sampled_from(
    [
        datetime(2026, 12, 31, 23, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2027, 3, 28, 1, tzinfo=UTC),
    ]
)


@st.composite
def posts(draw: st.DrawFn) -> list[Post]:
    made: dict[str, Post] = {}
    for place in range(draw(st.integers(1, 4))):
        text, named = draw(TEXTS), draw(st.booleans())
        post_id = f"n{place}" if named else text_id(text)
        first, last = draw(st.none() | MOMENTS), draw(st.none() | MOMENTS)
        if first and last and last <= first:
            first, last = last, first + timedelta(hours=1)
        made[post_id] = Post(
            account="acme-x",
            id=post_id,
            text=text,
            named=named,
            source=Source(file="old.csv", line=place + 1),
            order=("old.csv", place),
            link=draw(st.none() | st.just("https://acme.fr/vœux?a=1&b=2")),
            image=draw(st.none() | st.sampled_from(IMAGES)),
            alt=draw(st.none() | TEXTS),
            content_warning=draw(st.none() | TEXTS),
            variants=draw(
                st.dictionaries(st.sampled_from(["x", "facebook"]), st.lists(TEXTS, min_size=1, max_size=2).map(tuple))
            ),
            not_before=first,
            not_after=last,
            priority=draw(st.integers(-5, 5)),
            reserve=draw(st.booleans()),
            reserve_gap=draw(
                st.just(RESERVE_GAP) | st.integers(1, 90_000).map(lambda minutes: timedelta(minutes=minutes))
            ),
            max_uses=draw(st.none() | st.integers(1, 9)),
            approved_by=draw(st.sampled_from([None, "claire"])),
        )
    return list(made.values())


def sayings(stored: list[Post]) -> list[tuple[str, str]]:
    return [(post.digest, post.row_digest.partition("@")[0]) for post in sorted(stored, key=lambda post: post.order)]


@settings(max_examples=40)
@given(queue=posts())
def test_what_is_exported_is_read_back_as_the_same_queue(queue: list[Post]) -> None:
    with TemporaryDirectory() as root:
        old, new = Folder(Path(root) / "old"), Folder(Path(root) / "new")
        old.store.apply(SyncChange(upserts=tuple(queue), images=PICTURES), NOW)
        export(old.store, ACCOUNTS.values(), NewFolder(new.root, list(ACCOUNTS), old.store.image).write)
        assert [path.name for path in new.root.glob("*.toml")] == ["acme-x.toml"]
        assert not new.sync().has_errors
        read = [candidate.post for candidate in new.store.candidates("acme-x")]
        assert sayings(read) == sayings(queue)
        assert {post.id for post in read} == {post.id for post in queue}
        assert all(new.store.image(post.image.sha256) == PICTURES[post.image.sha256] for post in read if post.image)


def test_days_and_hours_are_written_as_a_person_would(folder: Folder, tmp_path: Path) -> None:
    dates = "not_before = 2027-01-01\nnot_after = 2027-01-05", "not_before = 2027-01-02T09:30:00"
    folder.write("acme-x.toml", toml(*(f'text = "Bonjour {n}"\n{each}' for n, each in enumerate(dates))))
    folder.sync()
    out = tmp_path / "out"
    export(folder.store, ACCOUNTS.values(), NewFolder(out, list(ACCOUNTS), folder.store.image).write)
    written = (out / "acme-x.toml").read_text()
    assert "not_before = 2027-01-01\nnot_after = 2027-01-05\n" in written
    assert "not_before = 2027-01-02 09:30:00\n" in written


def test_what_was_published_is_left_out_but_a_reserve_is_not(folder: Folder, tmp_path: Path) -> None:
    folder.write("acme-x.toml", toml('id = "a"\ntext = "A"', 'id = "b"\ntext = "B"\nreserve = true'))
    folder.sync()
    folder.publish("acme-x", "a")
    folder.publish("acme-x", "b")
    told = export(folder.store, [ACCOUNTS["acme-x"]], NewFolder(tmp_path / "out", ["acme-x"], folder.store.image).write)
    assert [(each.posts, each.drafts, each.said) for each in told] == [(1, 0, 1)]
    assert 'id = "b"' in (tmp_path / "out" / "acme-x.toml").read_text()


@pytest.mark.parametrize("there", ["acme-x.toml", "images"])
def test_nothing_is_ever_replaced(folder: Folder, tmp_path: Path, there: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / there).write_text("mine")
    with pytest.raises(FileExistsError, match=there):
        NewFolder(out, list(ACCOUNTS), folder.store.image)
    assert [path.name for path in out.iterdir()] == [there]
