"""The whole contract once more, against a real WordPress; and what only a real one can show."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.contracts.stage import IMAGE, PNG, STAGINGS
from tests.contracts.test_networks import *  # noqa: F403 (the same tests, on this stage)
from tests.real.cutting_proxy import Cut, cutting_proxy
from tests.real.wordpress_server import USER, Blog, real_wordpress
from tests.real.wordpress_stage import WordPressStage
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.networks.wordpress import WordPress
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import CredentialsRefused, OutcomeUnknown
from veilleuse.domain.waiting import Awaited, Wait
from veilleuse.ports import Answering

PAYLOAD = Payload(text="Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?")
ADDRESSES = {"plain addresses": "", "pretty addresses": "/%postname%/"}


@pytest.fixture(scope="module")
def blog() -> Iterator[Blog]:
    with real_wordpress() as running:
        yield running


@pytest.fixture(scope="module")
def secrets(blog: Blog) -> dict[str, str]:
    return dict(blog.user(USER, "administrator"))


@pytest.fixture(params=ADDRESSES.values(), ids=[*ADDRESSES])
def real(request: pytest.FixtureRequest, blog: Blog, secrets: dict[str, str]) -> WordPressStage:
    blog.php("update_option('permalink_structure', $given); flush_rewrite_rules();", request.param)
    return WordPressStage(blog, secrets)


def drafts(stage: WordPressStage) -> int:
    counted: int = stage.blog.php("echo json_encode((int) wp_count_posts()->draft);")
    return counted


@pytest.mark.parametrize(("cut", "meaning"), [("answer", Published), ("request", NotLive)])
def test_a_doubt_is_settled_by_the_drafts_own_status(
    real: WordPressStage, cut: Cut, meaning: type[Published | NotLive]
) -> None:
    with cutting_proxy(real.blog.url) as proxy, real.open(base_url=proxy.url) as network:
        assert isinstance(network, WordPress)
        prepared = network.prepare(PAYLOAD, None)
        proxy.words, proxy.cut = b'"publish"}', cut
        with pytest.raises(OutcomeUnknown):
            network.publish(real.number, PAYLOAD, prepared, "key")
        told = network.trace(real.number, prepared)
    assert type(told) is meaning
    assert len(real.texts()) == (cut == "answer")


def test_a_draft_left_behind_by_a_crash_is_taken_up_again_with_its_image(real: WordPressStage) -> None:
    payload = Payload(text=PAYLOAD.text, image=IMAGE, alt="L'atelier")
    prepared = []
    for _ in range(3):
        with real.open() as network:
            prepared.append(network.prepare(payload, PNG))
    assert prepared[0] == prepared[1] == prepared[2]
    assert drafts(real) == 1
    assert real.blog.php("echo json_encode(count(get_posts(['post_type' => 'attachment'])));") == 1


def test_the_same_text_said_again_in_another_season_is_another_article(real: WordPressStage) -> None:
    with real.open() as network:
        ids = {network.publish(real.number, PAYLOAD, network.prepare(PAYLOAD, None), "key").remote_id for _ in range(2)}
    assert len(ids) == len(real.texts()) == 2


@pytest.mark.parametrize("act", ["wp_trash_post($given);", "wp_delete_post($given, true);"])
def test_a_draft_that_a_human_removed_is_left_to_a_human(real: WordPressStage, act: str) -> None:
    with real.open() as network:
        assert isinstance(network, WordPress)
        prepared = network.prepare(PAYLOAD, None)
        real.blog.php(act, int(prepared["post_id"]))
        assert network.trace(real.number, prepared) is None


def test_an_author_sees_the_articles_of_others(real: WordPressStage) -> None:
    real.people_post("un", "deux")
    with real.open(real.blog.user("jean", "author")) as network:
        network.publish(real.number, PAYLOAD, network.prepare(PAYLOAD, None), "key")
        texts = [entry.text for entry in network.read(real.number, None).entries]
    assert texts[1:] == ["deux", "un"]
    assert len(texts) == 3


def test_a_contributor_may_not_publish_and_that_is_said(real: WordPressStage) -> None:
    contributor = real.blog.user("paul", "contributor")
    with real.open(contributor) as network, pytest.raises(CredentialsRefused, match="Author or Editor"):
        network.identify()
    with real.open(contributor) as network:
        prepared = network.prepare(PAYLOAD, None)
        with pytest.raises(CredentialsRefused, match="Author or Editor"):
            network.publish(real.number, PAYLOAD, prepared, "key")
    assert real.texts() == []


COMMENT = """
    $id = wp_insert_comment(['comment_post_ID' => $given['post'], 'comment_content' => $given['text'],
        'comment_author' => $given['author'], 'comment_parent' => $given['to'], 'comment_approved' => $given['shown'],
        'user_id' => $given['author'] === '' ? 1 : 0]);
    echo json_encode($id);
"""


def test_who_waits_is_told_to_an_author_of_the_comments_he_may_see(real: WordPressStage) -> None:
    """Everybody's where they are shown; where nobody let them through yet, those on articles of his own."""
    real.blog.sql("DELETE FROM wp_comments")
    author = real.blog.user("jean", "author")
    real.people_post("un")
    now = SystemClock().now()

    def comment(post: str, text: str, author: str = "marie", *, to: int = 0, shown: int = 1) -> int:
        given = {"post": int(post), "text": text, "author": author, "to": to, "shown": shown}
        number: int = real.blog.php(COMMENT, given)
        return number

    def told() -> dict[Awaited, Wait]:
        with real.open(author) as network:
            assert isinstance(network, Answering)
            return {wait.awaited: wait for wait in network.unanswered(real.number, now - timedelta(days=1))}

    with real.open(author) as network:
        own = real.publish(network, PAYLOAD.text)
        others = next(entry for entry in network.read(real.number, None).entries if entry.text == "un").remote_id
    assert told() == {}
    question = comment(others, "Ouvert demain ?")
    comment(own, "Et lundi ?", "hugo")
    waits = told()
    assert waits.keys() == {Awaited.ANSWER}
    assert waits[Awaited.ANSWER].count == 2
    assert str(waits[Awaited.ANSWER].link).endswith(f"#comment-{question}")
    comment(others, "Oui !", "", to=question)
    comment(others, "Achetez !", shown=0)
    comment(own, "Merci", shown=0)
    waits = told()
    assert (waits[Awaited.ANSWER].count, waits[Awaited.MODERATION].count) == (1, 1)
    assert waits[Awaited.MODERATION].link == f"{real.blog.url}/wp-admin/edit-comments.php?comment_status=moderated"


def test_a_sticky_article_does_not_look_new(real: WordPressStage) -> None:
    real.people_post("un", "deux", "trois")
    real.blog.php("stick_post(get_posts(['order' => 'ASC', 'numberposts' => 1])[0]->ID);")
    with real.open() as network:
        assert [entry.text for entry in network.read(real.number, None).entries] == ["trois", "deux", "un"]


def test_a_stranger_sees_what_is_published_and_not_what_was_removed(real: WordPressStage) -> None:
    with real.open() as network:
        assert isinstance(network, WordPress)
        real.publish(network, PAYLOAD.text)
        (entry,) = network.read(real.number, None).entries
        assert network.visible(entry) is True
        real.blog.php("wp_trash_post($given);", int(entry.remote_id))
        assert network.visible(entry) is False


def test_the_answers_of_a_site_with_notices_are_understood(real: WordPressStage) -> None:
    plugin = real.blog.folder / "site" / "wp-content" / "mu-plugins" / "noisy.php"
    plugin.parent.mkdir(exist_ok=True)
    plugin.write_text(
        "<?php add_action('rest_api_init', fn() => print(\"<br />\\n<b>Notice</b>: old code<br />\\n\"));\n"
    )
    try:
        with real.open() as network:
            remote_id = real.publish(network, PAYLOAD.text)
            (entry,) = network.read(real.number, None).entries
    finally:
        plugin.unlink()
    assert entry.remote_id == remote_id


def test_this_stage_stands_for_the_network_of_that_name() -> None:
    assert STAGINGS["wordpress"].two_step is WordPressStage.two_step
