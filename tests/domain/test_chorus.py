"""How the posts of one sync sound together."""

from dataclasses import replace
from typing import Any

import pytest

from tests.contracts.samples import an_account
from tests.domain.posts import a_post
from veilleuse.domain.chorus import ASKLESS, Chorus
from veilleuse.domain.post import Post, Source

BOTH = {
    "acme-x": an_account("acme-x"),
    "acme-fb": an_account("acme-fb", network="facebook"),
    "acme-fb2": an_account("acme-fb2", network="facebook"),
}


def told(*posts: Post) -> list[str]:
    chorus = Chorus(BOTH)
    for post in posts:
        chorus.hear(post)
    return [str(verdict) for verdicts in chorus.verdicts().values() for verdict in verdicts]


def on(account: str, post: Post) -> Post:
    return replace(post, account=account, source=Source(file=f"{account}.toml", line=3))


def statements(count: int, **fields: Any) -> list[Post]:
    return [a_post(f"p{n}", place=n, text=f"Nous sommes ouverts ({n}).", **fields) for n in range(count)]


def test_eight_posts_in_a_row_that_ask_nothing_draw_one_warning() -> None:
    (warning,) = told(*statements(3 * ASKLESS))
    assert warning == (
        "acme-x.toml:8: warning acme-x: 8 posts of acme-x in a row ask the reader nothing. "
        "Talk with people: end one of them with a question."
    )


@pytest.mark.parametrize(
    "posts",
    [
        statements(ASKLESS - 1),
        [*statements(ASKLESS - 1), a_post("q", text="Et vous ?"), *statements(ASKLESS - 1)],
        [*statements(ASKLESS - 1), a_post("q", text="a", variants={"x": ("Et vous ?",)}), *statements(ASKLESS - 1)],
        statements(ASKLESS, reserve=True),
        [on(f"acme-{n % 2}", post) for n, post in enumerate(statements(ASKLESS))],
    ],
    ids=["seven", "a question among them", "a question on this network", "the reserve", "accounts nobody configured"],
)
def test_fewer_than_eight_draw_none(posts: list[Post]) -> None:
    assert told(*posts) == []


def test_the_same_text_on_two_networks_is_told_once_a_file_with_how_many() -> None:
    posts = [a_post(str(n), text=f"Et vous, {n} ?") for n in range(3)]
    (warning,) = told(*posts, *(on("acme-fb", replace(post, text=post.text.replace(" ", "  "))) for post in posts))
    assert warning == (
        "acme-fb.toml:3: warning acme-fb: 3 posts say the same on acme-x and acme-fb: who follows both reads "
        'everything twice. Give each network its own words: variants = { facebook = "..." }.'
    )


def test_the_same_text_twice_for_one_account_on_x_is_told_since_x_refuses_the_second() -> None:
    post = a_post("a", text="Et vous ?", named=True)
    (warning,) = told(post, replace(post, id="b", text="Et  vous ?"), replace(post, id="c", text="Et toi ?"))
    assert warning == (
        "acme-x.toml:1: warning acme-x: A post of acme-x says what another of its posts says, and X refuses identical "
        "texts. Give it other words, or take it out."
    )
    assert told(replace(post, link="https://acme.fr/un"), replace(post, id="b", link="https://acme.fr/deux")) == []
    nameless = replace(post, id="d", named=False)
    assert len(told(post, nameless)) == len(told(nameless, post)) == 1
    assert told(nameless, nameless) == []  # one post, and told elsewhere
    assert told(on("acme-fb", post), on("acme-fb", replace(post, id="b"))) == []


def test_the_words_of_one_post_may_be_the_same_as_its_text() -> None:
    assert told(a_post("a", text="Et vous ?", named=True, variants={"x": ("Et vous ?", "Et vous ?")})) == []


def test_each_network_s_own_words_and_two_accounts_of_one_network_are_fine() -> None:
    post = a_post("a", text="Et vous ?", variants={"facebook": ("Et vous, sur Facebook ?",)})
    assert told(post, on("acme-fb", post), on("acme-fb2", post)) == []
