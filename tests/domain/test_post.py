"""What was approved has one digest for ever: signatures of years ago hang on it."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.posts import a_post
from veilleuse.domain.content import IndexedPost
from veilleuse.domain.post import Image, Post, Source

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
IMAGE = Image(sha256="ab" * 32, media_type="image/png", size=9, name="vitrine.png")


@given(
    text=TEXT,
    link=st.none() | TEXT,
    alt=st.none() | TEXT,
    image=st.none() | st.just(IMAGE),
    variants=st.dictionaries(TEXT, st.lists(TEXT).map(tuple), max_size=3),
)
def test_the_digest_is_of_the_content_as_canonical_json(
    text: str, link: str | None, alt: str | None, image: Image | None, variants: dict[str, tuple[str, ...]]
) -> None:
    post = a_post("p", text=text, link=link, alt=alt, image=image, variants=variants)
    content = {"text": text, "link": link, "alt": alt, "variants": variants, "image": image.sha256 if image else None}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert post.digest == hashlib.sha256(canonical.encode()).hexdigest()


@given(text=TEXT, warning=TEXT.filter(bool), alt=st.none() | TEXT)
def test_a_content_warning_is_part_of_what_was_approved(text: str, warning: str, alt: str | None) -> None:
    post = a_post("p", text=text, alt=alt, content_warning=warning)
    content: dict[str, object] = {"text": text, "link": None, "alt": alt, "variants": {}, "image": None}
    content["content_warning"] = warning
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert post.digest == hashlib.sha256(canonical.encode()).hexdigest()


@given(text=TEXT)
def test_that_it_may_be_said_again_is_part_of_what_was_approved(text: str) -> None:
    content: dict[str, object] = {"text": text, "link": None, "alt": None, "variants": {}, "image": None}
    content["reserve"] = True
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert a_post("p", text=text, reserve=True).digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_signature_of_the_first_version_still_counts() -> None:
    post = a_post("p", text="Bonne année !", variants={"x": ("Bonne année.", "Belle année.")})
    assert post.digest == "29ea1fc6b564490b28ed054e30130347db41741800c3019d3e17e70e22db4d92"


CHANGES: dict[str, Any] = {
    "text": "Un autre.",
    "named": True,
    "link": "https://acme.example/",
    "image": IMAGE,
    "alt": "La vitrine.",
    "content_warning": "Araignée",
    "variants": {"x": ("Autrement.",)},
    "not_before": datetime(2027, 3, 1, tzinfo=UTC),
    "not_after": datetime(2027, 3, 31, tzinfo=UTC),
    "priority": 1,
    "reserve": True,
    "reserve_gap": timedelta(days=30),
    "max_uses": 2,
    "approved_by": "claire",
}


def test_whatever_else_is_written_is_another_row_and_another_place_is_only_a_move() -> None:
    post = Post(account="acme-x", id="p", text="Bonjour.", source=Source(file="a.csv", line=2), order=("a.csv", 0))
    stored = IndexedPost(account=post.account, id=post.id, file="a.csv", digest=post.digest, row_digest=post.row_digest)
    elsewhere: dict[str, Any] = {"source": Source(file="b.csv", line=9), "order": ("b.csv", 7)}
    assert CHANGES.keys() | elsewhere.keys() | {"account", "id"} == {field.name for field in fields(Post)}
    assert not [name for name, value in CHANGES.items() if stored.is_only_moved(replace(post, **{name: value}))]
    for name, value in elsewhere.items():
        moved = replace(post, **{name: value})
        assert stored.is_only_moved(moved)
        assert moved.row_digest != stored.row_digest
