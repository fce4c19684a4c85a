"""What anybody may read: profiles on Mastodon and Bluesky, feeds, and pages that name their feed. Loopback only."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.stage import SteppedClock
from tests.loopback import http, loopback
from veilleuse.adapters.networks.public import PublicWeb
from veilleuse.domain.activity import Kind
from veilleuse.domain.address import place
from veilleuse.domain.errors import NetworkError, Unreachable
from veilleuse.sandbox import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR_AGO = NOW - 365 * DAY
HEAD = "<html><head><link rel='alternate' type='application/rss+xml' href='/\x1b]0;here'></head></html>"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>
<item><title>Neuf</title><guid>2</guid><pubDate>Fri, 13 Nov 2026 09:00:00 GMT</pubDate></item>
<item><title>Ancien</title><guid>1</guid><pubDate>Tue, 13 Jan 2026 09:00:00 GMT</pubDate></item></channel></rss>"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SteppedClock()) as running:
        yield running


@pytest.mark.parametrize(
    ("network", "identity", "path"),
    [
        ("mastodon", "marie", "/@marie"),
        ("mastodon", "zoe", "/users/zoe"),
        ("bluesky", "marie.test", "/profile/marie.test"),
        ("feed", "{base}/fil.xml", "/fil.xml"),
    ],
)
def test_a_public_account_is_read_back_over_the_year_without_credentials(
    sandbox: Sandbox, network: str, identity: str, path: str
) -> None:
    identity = identity.format(base=sandbox.base_url)
    sandbox.add(network, identity)
    for days in range(420, 0, -7):
        sandbox.post_as_human(identity, f"Il y a {days} jours", at=NOW - days * DAY)
    found = PublicWeb().survey(place(sandbox.base_url + path), YEAR_AGO)
    texts = [entry.text for entry in found.entries if entry.created_at >= YEAR_AGO]
    assert texts == [f"Il y a {days} jours" for days in range(7, 366, 7)]
    assert found.known_from == YEAR_AGO
    assert not found.subject.own
    assert found.subject.blog == (network == "feed")


@pytest.mark.parametrize(("network", "path"), [("mastodon", "/@lea"), ("bluesky", "/profile/lea.test")])
def test_of_an_account_silent_for_longer_its_newest_post_is_found(sandbox: Sandbox, network: str, path: str) -> None:
    identity = path.rpartition("/")[2].lstrip("@")
    sandbox.add(network, identity)
    sandbox.post_as_human(identity, "Adieu", at=NOW - 500 * DAY)
    found = PublicWeb().survey(place(sandbox.base_url + path), YEAR_AGO)
    assert [entry.text for entry in found.entries] == ["Adieu"]
    assert found.known_from == YEAR_AGO


def test_answers_and_reposts_are_no_posts(sandbox: Sandbox) -> None:
    sandbox.add("mastodon", "bavard")
    for number, kind in enumerate(Kind):
        sandbox.post_as_human("bavard", kind.value, kind=kind, at=NOW - (9 - number) * DAY)
    found = PublicWeb().survey(place(f"{sandbox.base_url}/@bavard"), YEAR_AGO)
    assert [entry.text for entry in found.entries] == ["post"]


def test_more_than_two_hundred_posts_are_known_as_far_as_they_were_read(sandbox: Sandbox) -> None:
    sandbox.add("mastodon", "presse")
    for hours in range(250, 0, -1):
        sandbox.post_as_human("presse", f"{hours}", at=NOW - hours * timedelta(hours=1))
    found = PublicWeb().survey(place(f"{sandbox.base_url}/@presse"), YEAR_AGO)
    assert len(found.entries) == 200
    assert found.known_from is None


@pytest.mark.parametrize("path", ["/@personne", "/profile/personne.test"])
def test_an_account_nobody_knows_is_told_in_a_sentence(sandbox: Sandbox, path: str) -> None:
    with pytest.raises(NetworkError, match="personne"):
        PublicWeb().survey(place(sandbox.base_url + path), YEAR_AGO)


def test_a_page_that_names_its_feed_is_followed_to_it_and_not_to_its_comments() -> None:
    page = b"""<html><head><title>Acme</title>
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
    <link rel="alternate" type="application/rss+xml" title="Acme" href="/feed/"></head><body>Acme</body></html>"""
    with loopback([http("200 OK", page, "Content-Type: text/html"), http("200 OK", RSS)]) as server:
        found = PublicWeb().survey(place(f"{server.url}/blog/"), YEAR_AGO)
        assert server.heads[1].startswith(b"GET /feed/ ")
    assert [entry.text for entry in found.entries] == ["Neuf", "Ancien"]
    assert found.subject.url == f"{server.url}/feed/"
    assert found.known_from is None  # a feed shows its newest entries only


def test_a_profile_like_address_of_another_site_is_read_as_a_page() -> None:
    answers = [http("404 Not Found", b"<html>no</html>"), http("200 OK", RSS)]
    with loopback(answers) as server:
        found = PublicWeb().survey(place(f"{server.url}/@acme"), YEAR_AGO)
        assert server.heads[1].startswith(b"GET /@acme ")
    assert len(found.entries) == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (http("200 OK", b"<html><body>Acme</body></html>", "Content-Type: text/html"), "names no feed"),
        (http("200 OK", b""), "names no feed"),
        (http("200 OK", HEAD.encode(), "Content-Type: text/html"), "names no feed"),
        (http("302 Found", b"", "Location: /\x1b]0;here"), "from one address to the next"),
        (http("404 Not Found", b"<html></html>"), "404"),
        (http("500 Oops", b"\xff\xfe"), "500"),
        (http("302 Found", b"", "Location: /again"), "from one address to the next"),
        (http("302 Found", b"", "Location: file:///etc/passwd"), "from one address to the next"),
    ],
)
def test_what_no_feed_can_be_found_in_is_told_in_a_sentence(answer: bytes, why: str) -> None:
    with loopback([answer]) as server, pytest.raises(Unreachable, match=why) as told:
        PublicWeb().survey(place(f"{server.url}/blog"), YEAR_AGO)
    assert str(told.value).isprintable()  # a terminal does what a stranger's page writes


def test_a_page_that_names_a_file_of_this_machine_has_it_opened_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "here.xml").write_bytes(RSS)
    answer = http("200 OK", str(tmp_path / "here.xml").encode())
    with loopback([answer]) as server, pytest.raises(Unreachable, match="names no feed"):
        PublicWeb().survey(place(f"{server.url}/blog"), YEAR_AGO)


@given(st.binary(max_size=300))
@settings(max_examples=30)
def test_whatever_stands_there_is_a_feed_or_a_sentence(body: bytes) -> None:
    with loopback([http("200 OK", body)]) as server:
        try:
            PublicWeb().survey(place(f"{server.url}/blog"), YEAR_AGO)
        except NetworkError as error:
            assert str(error).endswith((".", "!"))  # noqa: PT017


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"id": []}', b'{"id": "1"}', b"null", b"12"])
def test_a_server_that_only_looks_like_mastodon_is_no_mastodon(body: bytes) -> None:
    with loopback([http("200 OK", body)]) as server, pytest.raises(NetworkError):
        PublicWeb().survey(place(f"{server.url}/@acme"), YEAR_AGO)


def test_a_closed_server_says_why() -> None:
    refusal = http("401 Unauthorized", b'{"error": "This API requires an authenticated user"}')
    with loopback([refusal]) as server, pytest.raises(Unreachable, match="does not show @acme: This API requires"):
        PublicWeb().survey(place(f"{server.url}/@acme"), YEAR_AGO)
