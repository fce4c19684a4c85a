"""What is a feed's own: dates, order and ids as bloggers' tools give them, redirects, and nothing fetched twice."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.stage import NOW, SteppedClock
from tests.loopback import Loopback, http, loopback
from veilleuse.adapters.networks import feed
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Reading
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import ContentRefused, Gone, NetworkError, RateLimited, Unreachable
from veilleuse.domain.rule import Rule
from veilleuse.sandbox import Fault, Sandbox

RSS = "Content-Type: application/rss+xml"
DATE = "Date: Fri, 20 Nov 2026 09:00:00 GMT"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    feed._kept.clear()
    yield
    feed._kept.clear()


def open_at(url: str, deadline: float = 5) -> Any:
    account = Account(name="acme-blog", network="feed", identity=url, owner="claire", rule=Rule())
    return feed.connect(account, {}, read_deadline=deadline)


def ok(body: str, *headers: str) -> bytes:
    return http("200 OK", body.encode(), RSS, DATE, *headers)


def rss(*items: str) -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>{inside}</channel></rss>'


def item(number: int, date: str = "Thu, 19 Nov 2026 08:00:00 GMT") -> str:
    return f"<title>numéro {number}</title><guid>n{number}</guid><pubDate>{date}</pubDate>"


def read(*answers: bytes, cursor: str | None = None) -> Reading:
    with loopback(answers) as server, open_at(server.url + "/feed") as network:
        reading: Reading = network.read("", cursor)
    return reading


# --- what is read ---------------------------------------------------------------------------------------------------


def test_entries_in_any_order_are_read_newest_first() -> None:
    dates = ("Mon, 16 Nov 2026 08:00:00 GMT", "Wed, 18 Nov 2026 10:00:00 +0200", "Tue, 17 Nov 2026 08:00:00 GMT")
    reading = read(ok(rss(*(item(n, date) for n, date in enumerate(dates)))))
    assert [entry.text for entry in reading.entries] == ["numéro 1", "numéro 2", "numéro 0"]
    assert reading.entries[0].created_at == datetime(2026, 11, 18, 8, tzinfo=UTC)


def test_a_correction_does_not_make_an_article_new() -> None:
    entry = (
        "<entry><id>a</id><title>Juin</title><published>2026-06-01T08:00:00Z</published>"
        "<updated>2026-11-20T08:00:00Z</updated></entry>"
    )
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme</title>{entry}</feed>'
    (found,) = read(ok(body)).entries
    assert found.created_at == datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_a_feed_that_tells_only_changes_is_taken_at_its_word() -> None:
    entry = "<entry><id>a</id><title>Juin</title><updated>2026-06-01T08:00:00Z</updated></entry>"
    (found,) = read(ok(f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Acme</title>{entry}</feed>')).entries
    assert found.created_at == datetime(2026, 6, 1, 8, tzinfo=UTC)


def test_an_entry_without_a_date_is_no_activity_and_a_feed_of_them_is_told() -> None:
    undated = "<title>Un jour</title><guid>u</guid>"
    assert [entry.remote_id for entry in read(ok(rss(undated, item(1)))).entries] == ["n1"]
    with pytest.raises(Unreachable, match="bear no date"):
        read(ok(rss(undated)))


@pytest.mark.parametrize(
    ("told", "remote_id"),
    [
        ("<guid>tag:acme.fr,2026:1</guid><link>https://acme.fr/1</link>", "tag:acme.fr,2026:1"),
        ("<link>https://acme.fr/1</link>", "https://acme.fr/1"),
        ("<title>Bonjour</title>", "Bonjour"),
    ],
)
def test_an_entry_goes_by_its_id_else_its_link_else_its_title(told: str, remote_id: str) -> None:
    (entry,) = read(ok(rss(f"{told}<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>"))).entries
    assert entry.remote_id == remote_id


def test_an_odd_id_becomes_one_that_every_database_takes() -> None:
    (entry,) = read(ok(rss(item(1).replace("n1", "n° 1 " + "x" * 900)))).entries
    assert len(entry.remote_id) == 64
    assert entry.remote_id.isalnum()


def test_an_article_dated_in_the_future_hides_nothing_that_comes_before() -> None:
    future = item(9, "Thu, 01 Jan 2099 00:00:00 GMT")
    first = read(ok(rss(future, item(1))))
    then = read(ok(rss(future, item(2, "Fri, 20 Nov 2026 08:00:00 GMT"), item(1))), cursor=first.cursor)
    assert [entry.text for entry in then.entries] == ["numéro 9", "numéro 2"]


def test_a_title_with_markup_is_read_as_people_see_it() -> None:
    (entry,) = read(ok(rss(item(1).replace("numéro 1", "R&amp;amp;D : &lt;b&gt;l'été&lt;/b&gt;")))).entries
    assert entry.text == "R&D : l'été"


def test_a_feed_that_lost_all_its_articles_is_not_complete() -> None:
    first = read(ok(rss(item(1))))
    assert not read(ok(rss()), cursor=first.cursor).complete
    assert read(ok(rss())).complete


# --- how it is fetched ----------------------------------------------------------------------------------------------


def asked_again(*headers: str) -> tuple[Loopback, Reading]:
    with loopback([ok(rss(item(1)), *headers), http("304 Not Modified", b"", DATE)]) as server:
        for _ in range(2):
            with open_at(server.url + "/feed") as network:
                reading = network.read("", None)
    return server, reading


def test_what_has_not_changed_is_not_sent_again() -> None:
    server, reading = asked_again('ETag: "v1"', "Last-Modified: Thu, 19 Nov 2026 08:00:00 GMT")
    assert b'If-None-Match: "v1"' in server.heads[1]
    assert b"If-Modified-Since: Thu, 19 Nov 2026 08:00:00 GMT" in server.heads[1]
    assert [entry.text for entry in reading.entries] == ["numéro 1"]


def test_a_feed_that_has_moved_is_followed_and_one_that_runs_in_circles_is_told() -> None:
    with loopback([http("301 Moved Permanently", b"", "Location: /feed/"), ok(rss(item(1)))]) as server:
        with open_at(server.url + "/feed") as network:
            assert len(network.read("", None).entries) == 1
        assert server.heads[1].startswith(b"GET /feed/ ")
    with pytest.raises(Unreachable, match="from one address to the next"):
        read(http("302 Found", b"", "Location: /feed"))


def test_a_feed_leads_to_the_web_only() -> None:
    with pytest.raises(Unreachable, match="from one address to the next"):
        read(http("302 Found", b"", "Location: file:///etc/passwd"))


ERRORS: list[tuple[bytes, type[NetworkError], str]] = [
    (http("404 Not Found", b"<html></html>"), Unreachable, "HTTP 404"),
    (http("410 Gone", b"<html></html>"), Gone, "gone for good"),
    (http("500 Internal Server Error", b""), Unreachable, "HTTP 500"),
    (http("304 Not Modified", b""), Unreachable, "HTTP 304"),
    (http("429 Too Many Requests", b"", DATE, "Retry-After: 600"), RateLimited, "later"),
    (http("200 OK", b""), Unreachable, "not be understood"),
    (http("200 OK", b"not xml at all"), Unreachable, "no feed"),
    (
        ok("<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>"),
        Unreachable,
        "/rss",
    ),
    (ok(rss(item(1)))[:-40], Unreachable, "broke off|failed"),
]


@pytest.mark.parametrize(("answer", "error", "told"), ERRORS)
def test_each_odd_answer_is_one_error_naming_the_feed(answer: bytes, error: type[NetworkError], told: str) -> None:
    with pytest.raises(error, match=told) as raised:
        read(answer)
    assert "127.0.0.1" in str(raised.value)
    assert raised.value.__context__ is None


def test_an_answer_that_names_a_file_of_this_machine_has_it_opened_by_nobody(tmp_path: Path) -> None:
    (tmp_path / "here.xml").write_text(rss(item(1)), encoding="utf-8")
    with pytest.raises(Unreachable, match="no feed"):
        read(ok(str(tmp_path / "here.xml")))


def test_an_xml_bomb_and_foreign_entities_do_nothing() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM '
    head += '"file:///etc/passwd">]>'
    body = head + rss(item(1).replace("numéro 1", "&b;&b;&c;")).partition("?>")[2]
    try:
        text = read(ok(body)).entries[0].text
    except Unreachable:
        return
    assert "root:" not in text
    assert len(text) < 1000


def test_the_deadline_holds_for_all_redirects_together(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        url = f"{sandbox.base_url}/blog"
        sandbox.add("feed", url)
        sandbox.fault(url, "read", Fault.DRIP)
        with open_at(url, deadline=0.3) as network, pytest.raises(Unreachable, match="within"):
            network.read("", None)


@pytest.mark.parametrize("name", ["blog", "blog.atom"])
def test_both_dialects_tell_what_people_published(name: str) -> None:
    clock = SteppedClock()
    with Sandbox(clock) as sandbox:
        url = f"{sandbox.base_url}/{name}"
        sandbox.add("feed", url)
        sandbox.post_as_human(url, "Nos horaires d'été & d'hiver")
        with open_at(url) as network:
            (entry,) = network.read("", None).entries
    assert (entry.text, entry.created_at) == ("Nos horaires d'été & d'hiver", NOW)


def test_nothing_can_be_published_there() -> None:
    with open_at("http://127.0.0.1:1/") as network:
        with pytest.raises(ContentRefused, match="only watched"):
            network.prepare(Payload(text="a"), None)
        with pytest.raises(ContentRefused, match="only watched"):
            network.publish("", Payload(text="a"), {}, "key")
