"""What is WordPress's own: an article made of a short text and read back from it, and what each site answers."""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contracts.stage import IMAGE, PNG, SandboxStage, SteppedClock
from tests.loopback import http, loopback
from veilleuse.adapters.networks import wordpress
from veilleuse.adapters.networks.hypertext import plain
from veilleuse.adapters.networks.wordpress import WordPress
from veilleuse.adapters.networks.wordpress_post import article, entry
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import (
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.rule import Rule
from veilleuse.domain.text import normalise
from veilleuse.sandbox import Sandbox

PASSWORD = "abcd EFGH ijkl MNOP qrst UVWX"
ACCOUNT = Account(name="acme-blog", network="wordpress", identity="", owner="claire", rule=Rule())
JSON = "Content-Type: application/json; charset=UTF-8"
DATE = "Date: Fri, 20 Nov 2026 09:00:00 GMT"


def ok(body: object, *headers: str) -> bytes:
    return http("200 OK", json.dumps(body).encode(), JSON, DATE, *headers)


INDEX = ok({"home": "https://www.acme.fr/blog", "namespaces": ["wp/v2"]})
PAYLOAD = Payload(text="Bonjour")


def open_at(url: str) -> Any:
    account = replace(ACCOUNT, identity=url, options={"base_url": url})
    return wordpress.connect(account, {"user": "marie", "app_password": PASSWORD}, read_deadline=5, send_deadline=5)


# --- the article ----------------------------------------------------------------------------------------------------

TITLES = {
    "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?": (
        "Nos horaires d'hiver : 9 h-17 h.",
        "Plutôt matin ou soir ?",
    ),
    "Portes ouvertes\nSamedi, de 9 h à 17 h.": ("Portes ouvertes", "Samedi, de 9 h à 17 h."),
    "Bonne année à toutes et à tous !": ("Bonne année à toutes et à tous !", ""),
    "M. Durand vous attend. Venez !": ("M. Durand vous attend.", "Venez !"),
    "Bientôt…\nDemain !": ("Bientôt…", "Bientôt… Demain !"),
}


@pytest.mark.parametrize(("text", "title", "below"), [(text, *parts) for text, parts in TITLES.items()])
def test_the_first_line_or_sentence_is_the_title_and_is_not_said_twice(text: str, title: str, below: str) -> None:
    made = article(Payload(text=text))
    assert (made.title, normalise(plain(made.content))) == (title, below)


def test_a_long_sentence_is_cut_at_a_word_for_the_title_and_stands_whole_below() -> None:
    text = (
        "Notre atelier de réparation accueille désormais les vélos électriques de toutes les marques, sans rendez-vous"
    )
    made = article(Payload(text=text))
    assert made.title == "Notre atelier de réparation accueille désormais les vélos électriques de toutes…"
    assert plain(made.content) == text


def test_a_link_becomes_an_anchor_and_nothing_else_becomes_html() -> None:
    made = article(
        Payload(text='Lisez <b>ceci</b> & "cela"\nhttps://acme.fr/?a=1&b=2', link="https://acme.fr/?a=1&b=2")
    )
    assert made.title == 'Lisez &lt;b&gt;ceci&lt;/b&gt; &amp; "cela"'
    assert made.content == '<p><a href="https://acme.fr/?a=1&amp;b=2">https://acme.fr/?a=1&amp;b=2</a></p>'
    assert made.excerpt == ""
    assert article(Payload(text="Portes ouvertes samedi. Venez !\nhttps://acme.fr")).excerpt == "Venez !"


LINES = st.text(
    alphabet=st.sampled_from("aé .…!?<>&\"'/:h\n") | st.characters(exclude_categories=["Cs", "Cc"]), max_size=300
)


@given(text=LINES, link=st.none() | st.just("https://acme.fr/été?a=1&b=2"))
def test_every_text_is_read_back_from_its_article(text: str, link: str | None) -> None:
    composed = wordpress.SPEC.compose(text.strip() or "a", link)
    made = article(Payload(text=composed, link=link))
    raw = {"title": {"raw": made.title}, "content": {"raw": made.content}}
    read = entry({"id": 1, "date_gmt": "2026-11-20T09:00:00", **raw})
    assert normalise(read.text) == normalise(composed)


@given(page=st.text(alphabet=st.sampled_from("<>/!-&#;abp scriptyle\"'\n")))
def test_any_text_can_be_taken_for_html(page: str) -> None:
    assert "\n\n" not in plain(page)


def test_equal_posts_have_one_name_and_others_another() -> None:
    made = article(Payload(text="L'été est là !\nVenez.", image=IMAGE, alt="un"))
    assert made.slug == article(Payload(text="L'été est là !\nVenez.", image=IMAGE, alt="un")).slug
    assert made.slug.startswith("l-ete-est-la-")
    others = [Payload(text="L'été est là !\nVenez"), Payload(text="L'été est là !\nVenez.", image=IMAGE, alt="deux")]
    assert made.slug not in {article(other).slug for other in others}


# --- two steps ------------------------------------------------------------------------------------------------------


def test_a_draft_left_behind_is_taken_up_again_with_what_is_approved_now() -> None:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        stage = SandboxStage("wordpress", clock, sandbox)
        prepared = []
        for _ in range(3):
            with stage.open() as network:
                prepared.append(network.prepare(Payload(text="Bonjour", image=IMAGE, alt="un"), PNG))
        assert prepared[0] == prepared[1] == prepared[2]


def test_publishing_changes_the_status_and_nothing_else() -> None:
    answers = [INDEX, ok({"id": 7, "status": "publish", "link": "https://acme.fr/bonjour"})]
    with loopback(answers) as server, open_at(server.url) as network:
        published = network.publish("", PAYLOAD, {"post_id": "7"}, "key")
    assert published == Published(remote_id="7", url="https://acme.fr/bonjour")
    assert server.heads[1].startswith(b"POST /wp-json/wp/v2/posts/7 HTTP")
    assert json.loads(server.bodies[1]) == {"status": "publish"}


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future"])
def test_an_answer_without_publication_leaves_a_doubt(status: str) -> None:
    with (
        loopback([INDEX, ok({"id": 7, "status": status})]) as server,
        open_at(server.url) as network,
        pytest.raises(OutcomeUnknown),
    ):
        network.publish("", PAYLOAD, {"post_id": "7"}, "key")


GONE = http("404 Not Found", b'{"code": "rest_post_invalid_id"}', JSON)
TRACES = {
    "publish": (ok({"id": 7, "status": "publish", "link": "l"}), Published(remote_id="7", url="l")),
    "draft": (ok({"id": 7, "status": "draft"}), NotLive()),
    "trash": (ok({"id": 7, "status": "trash"}), None),
    "future": (ok({"id": 7, "status": "future"}), None),
    "private": (ok({"id": 7, "status": "private"}), None),
    "gone": (GONE, None),
}


@pytest.mark.parametrize(("answer", "meaning"), TRACES.values(), ids=[*TRACES])
def test_what_became_of_a_call_is_told_by_the_drafts_status(answer: bytes, meaning: object) -> None:
    with loopback([INDEX, answer]) as server, open_at(server.url) as network:
        assert isinstance(network, WordPress)
        assert network.trace("", {"post_id": "7"}) == meaning
        assert network.trace("", {}) is None


# --- where the API stands, and who asks -----------------------------------------------------------------------------

PAGE = http("404 Not Found", b"<!DOCTYPE html>", "Content-Type: text/html")
ME = ok({"id": 1, "name": "Marie", "capabilities": {"publish_posts": True}})


def test_without_pretty_addresses_the_api_is_found_in_the_query() -> None:
    with loopback([PAGE, INDEX, ME]) as server, open_at(server.url) as network:
        examined = network.examine()
    assert server.heads[2].startswith(b"GET /?rest_route=%2Fwp%2Fv2%2Fusers%2Fme&context=edit")
    assert (examined.identity.remote_id, examined.identity.handle) == ("www.acme.fr/blog", "Marie")
    assert (examined.may_post, examined.expires_at) == (True, None)
    assert "may not upload images" in examined.warnings[0]


def test_the_password_goes_in_the_header_only() -> None:
    with loopback([INDEX, ME]) as server, open_at(server.url) as network:
        network.identify()
    basic = base64.b64encode(f"marie:{PASSWORD}".encode())
    assert all(b"Authorization: Basic " + basic in head for head in server.heads)
    assert all(b"abcd" not in head.replace(basic, b"") for head in server.heads)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([PAGE], "no REST API stands at this address. Correct `base_url`"),
        ([ok({"hello": 1})], "no REST API"),
        ([http("301 Moved", b"", "Location: https://www.acme.fr/wp-json/")], "to https://www.acme.fr: write that"),
    ],
)
def test_a_site_without_an_api_is_told_with_the_remedy(answers: list[bytes], told: str) -> None:
    with (
        loopback(answers) as server,
        open_at(server.url) as network,
        pytest.raises(CredentialsRefused, match=told) as refused,
    ):
        network.publish("", PAYLOAD, {"post_id": "7"}, "key")
    assert server.url in str(refused.value)


def test_a_user_who_may_not_publish_is_refused() -> None:
    nobody = ok({"id": 1, "name": "Paul", "capabilities": {"edit_posts": True}})
    with (
        loopback([INDEX, nobody]) as server,
        open_at(server.url) as network,
        pytest.raises(CredentialsRefused, match="Author or Editor"),
    ):
        network.identify()


# --- what is read ---------------------------------------------------------------------------------------------------


def post(number: int, at: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "date_gmt": at, "link": f"l{number}", "content": {"raw": f"<p>numéro {number}</p>"}, **more}


def test_articles_of_others_that_may_not_be_edited_are_read_as_visitors_see_them() -> None:
    mine, other = (
        post(2, "2026-11-20T08:00:00"),
        post(1, "2026-11-19T08:00:00", content={"rendered": "<p>&#8217;été</p>"}),
    )
    total = "X-WP-Total: 2"
    answers = [INDEX, ok([mine], total), ok([{**mine, "content": {"rendered": "x"}}, other], total)]
    with loopback(answers) as server, open_at(server.url) as network:
        reading = network.read("", None)
    assert [entry.text for entry in reading.entries] == ["numéro 2", "’été"]


def test_an_article_dated_in_the_future_hides_nothing_that_comes_before() -> None:
    future = post(9, "2099-01-01T00:00:00")
    with loopback([INDEX, ok([future, post(1, "2026-11-20T08:00:00")])]) as server, open_at(server.url) as network:
        first = network.read("", None)
    answer = ok([future, post(2, "2026-11-20T08:30:00"), post(1, "2026-11-20T08:00:00")])
    with loopback([INDEX, answer]) as server, open_at(server.url) as network:
        then = network.read("", first.cursor)
    assert [entry.remote_id for entry in then.entries] == ["9", "2"]
    assert b"after=2026-11-20T07%3A59%3A59%2B00%3A00" in server.heads[1]


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "403 Forbidden", "301 Moved", "503 Service Unavailable"])
def test_a_stranger_is_asked_for_without_credentials(status: str) -> None:
    page = http(status, b"<html></html>", "Location: https://acme.fr/")
    with loopback([page]) as server, open_at(server.url) as network:
        seen = entry({**post(1, "2026-11-20T08:00:00"), "link": f"{server.url}/?p=1"})
        visible = network.visible(seen)
    assert visible == {"200": True, "404": False, "403": False}.get(status[:3])
    assert b"GET /?p=1 " in server.heads[0]
    assert b"Authorization" not in server.heads[0]


# --- errors ---------------------------------------------------------------------------------------------------------


def failure(status: str, code: str, message: str = f"<strong>Error</strong>: no {PASSWORD}.") -> bytes:
    return http(
        status, json.dumps({"code": code, "message": message, "data": {}}).encode(), JSON, DATE, "Retry-After: 60"
    )


Meaning = tuple[type[NetworkError], type[NetworkError]]
LOST: Meaning = (OutcomeUnknown, Unreachable)
STOP: Meaning = (CredentialsRefused, CredentialsRefused)
ANSWERS: list[tuple[bytes, Meaning]] = [
    *(
        (failure("401 Unauthorized", code), STOP)
        for code in ("incorrect_password", "invalid_username", "rest_not_logged_in", "application_passwords_disabled")
    ),
    *((failure("403 Forbidden", code), STOP) for code in ("rest_cannot_publish", "rest_cannot_edit", "rest_forbidden")),
    (failure("404 Not Found", "rest_no_route"), STOP),
    (failure("404 Not Found", "rest_post_invalid_id"), (Unreachable, Unreachable)),
    (failure("410 Gone", "rest_already_trashed"), (Unreachable, Unreachable)),
    (failure("400 Bad Request", "rest_invalid_param"), (ContentRefused, Unreachable)),
    (failure("409 Conflict", "other"), LOST),
    (failure("429 Too Many Requests", "slow"), (RateLimited, RateLimited)),
    (failure("500 Internal Server Error", "internal_server_error"), LOST),
    (http("429 Too Many Requests", b"<html></html>"), (RateLimited, RateLimited)),
    (http("403 Forbidden", b"<html>Wordfence</html>", "Content-Type: text/html"), LOST),
    (http("401 Unauthorized", b"<html>Hotel</html>", "Content-Type: text/html"), LOST),
    (http("503 Service Unavailable", b"<html>Briefly unavailable for scheduled maintenance.</html>"), LOST),
    (http("200 OK", b"<html>Error establishing a database connection</html>"), LOST),
    (http("200 OK", b"", JSON), LOST),
    (http("200 OK", b"{}", JSON), LOST),
    (http("200 OK", b"null", JSON), LOST),
]


CALLS: tuple[Callable[[Any], object], ...] = (
    lambda network: network.publish("", PAYLOAD, {"post_id": "7"}, "key"),
    lambda network: network.read("", None),
)


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS)
def test_each_answer_is_exactly_one_error_that_names_the_site_and_no_password(
    answer: bytes, meaning: Meaning, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    raised = []
    for call in CALLS:
        with loopback([INDEX, answer]) as server, open_at(server.url) as network:
            with pytest.raises(NetworkError) as error:
                call(network)
            assert server.url in str(error.value)
            assert error.value.__context__ is None
            raised.append(error.value)
    assert (type(raised[0]), type(raised[1])) == meaning
    assert "abcd" not in f"{raised!r} {caplog.text}"


@pytest.mark.parametrize(
    "answer",
    [
        failure("413 Content Too Large", ""),
        failure("500 Internal Server Error", "rest_upload_sideload_error", "Sorry, this file type is not allowed."),
    ],
)
def test_an_image_that_the_site_will_not_have_is_set_aside(answer: bytes) -> None:
    with (
        loopback([INDEX, ok([]), answer]) as server,
        open_at(server.url) as network,
        pytest.raises(ContentRefused, match="image"),
    ):
        network.prepare(Payload(text="Bonjour", image=IMAGE), PNG)


def test_notices_before_the_json_are_passed_over() -> None:
    noisy = http("200 OK", b'<br />\n<b>Warning</b>: foo() in /x.php<br />\n{"id": 7, "status": "publish"}')
    with loopback([INDEX, noisy]) as server, open_at(server.url) as network:
        assert network.publish("", PAYLOAD, {"post_id": "7"}, "key").remote_id == "7"
