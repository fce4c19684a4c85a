"""The made-up Mastodon server answers as docs.joinmastodon.org says: pages, limits, keys, images, strangers."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
import requests

from tests.contracts.stage import PNG, SteppedClock
from veilleuse.sandbox import Presence, Sandbox

TOKEN = "sandbox-access_token-acme"


class Client:
    def __init__(self, sandbox: Sandbox) -> None:
        self.presence: Presence = sandbox.add("mastodon", "acme")
        self._url = sandbox.base_url

    def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = TOKEN,
        key: str | None = None,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> requests.Response:
        named = {"Authorization": token and f"Bearer {token}", "Idempotency-Key": key}
        headers = {name: value for name, value in named.items() if value}
        return requests.request(
            method, self._url + path, headers=headers, params=params, data=data, files=files, timeout=5
        )

    def page(self, **asked: str) -> requests.Response:
        return self.ask("GET", f"/api/v1/accounts/{self.presence.number}/statuses", params=asked)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def sandbox(clock: SteppedClock) -> Iterator[Sandbox]:
    with Sandbox(clock) as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return Client(sandbox)


@pytest.fixture
def ids(sandbox: Sandbox, clock: SteppedClock, client: Client) -> list[str]:
    """Of five posts, the oldest first."""
    made = []
    for number in range(5):
        clock.sleep(60)
        made.append(sandbox.post_as_human("acme", f"numéro {number}").id)
    return made


def test_pages_go_back_from_the_newest_or_on_from_the_oldest(client: Client, ids: list[str]) -> None:
    def shown(**asked: str) -> list[str]:
        return [status["id"] for status in client.page(limit="2", **asked).json()]

    assert shown() == [ids[4], ids[3]]
    assert shown(max_id=ids[3]) == [ids[2], ids[1]]
    assert shown(since_id=ids[0]) == [ids[4], ids[3]]  # the newest, however large the gap
    assert shown(min_id=ids[0]) == [ids[2], ids[1]]  # the next ones


def test_a_full_page_links_to_the_next(client: Client, ids: list[str]) -> None:
    link = client.page(limit="2").links
    assert f"max_id={ids[3]}" in link["next"]["url"]
    assert f"min_id={ids[4]}" in link["prev"]["url"]
    assert "next" not in client.page(limit="40").links
    assert client.page(min_id=ids[4]).links == {}


def test_only_what_is_pinned_is_shown_if_asked(sandbox: Sandbox, client: Client) -> None:
    sandbox.post_as_human("acme", "Bienvenue", pinned=True)
    sandbox.post_as_human("acme", "du nouveau")
    assert [status["content"] for status in client.page(pinned="true").json()] == ["<p>Bienvenue</p>"]


def test_every_answer_tells_the_rate_limit(client: Client) -> None:
    headers = client.page().headers
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Reset"]) == ("300", "2026-11-20T09:05:00.000Z")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"status": ""}, "Text can't be blank"),
        ({"status": "a" * 501}, "Text character limit of 500 exceeded"),
        ({"status": "a" * 495, "spoiler_text": "b" * 6}, "Text character limit of 500 exceeded"),
        ({"status": "a", "media_ids[]": "7"}, "Media could not be found"),
    ],
)
def test_what_it_will_not_have_is_a_422(client: Client, fields: dict[str, str], told: str) -> None:
    answer = client.ask("POST", "/api/v1/statuses", data=fields)
    assert (answer.status_code, answer.json()) == (422, {"error": f"Validation failed: {told}"})


def test_a_key_brings_the_same_status_for_an_hour(client: Client, clock: SteppedClock) -> None:
    def post() -> str:
        answer = client.ask("POST", "/api/v1/statuses", data={"status": "a"}, key="k")
        return str(answer.json()["id"])

    first = post()
    clock.sleep(timedelta(minutes=59).total_seconds())
    assert post() == first
    clock.sleep(timedelta(minutes=1).total_seconds())
    assert post() != first


def test_a_large_image_is_ready_later_and_cannot_be_used_before(client: Client) -> None:
    taken = client.ask("POST", "/api/v2/media", files={"file": ("a.png", PNG + b"\x00" * 100_000, "image/png")})
    media_id = taken.json()["id"]
    post = {"status": "a", "media_ids[]": media_id}
    early = client.ask("POST", "/api/v1/statuses", data=post)
    asked = [client.ask("GET", f"/api/v1/media/{media_id}") for _ in range(2)]
    assert [taken.status_code, early.status_code, *(each.status_code for each in asked)] == [202, 422, 206, 200]
    assert [each.json()["url"] is None for each in (taken, *asked)] == [True, True, False]
    assert client.ask("POST", "/api/v1/statuses", data=post).status_code == 200


def test_a_file_that_is_no_image_is_refused(client: Client) -> None:
    assert client.ask("POST", "/api/v2/media", files={"file": ("a.txt", b"texte", "text/plain")}).status_code == 422


def test_strangers_see_what_is_public_and_may_not_ask_the_rest(sandbox: Sandbox, client: Client) -> None:
    seen = sandbox.post_as_human("acme", "pour tous", visibility="unlisted")
    kept = sandbox.post_as_human("acme", "entre nous", visibility="private")
    assert client.ask("GET", f"/api/v1/statuses/{seen.id}", token=None).json()["id"] == seen.id
    assert client.ask("GET", f"/api/v1/statuses/{kept.id}", token=None).status_code == 404
    assert (
        client.ask("GET", "/api/v2/instance", token=None).json()["configuration"]["statuses"]["max_characters"] == 500
    )
    for token in (None, "another"):
        assert client.ask("GET", "/api/v1/accounts/verify_credentials", token=token).status_code == 401


def test_what_it_does_not_know_is_a_404(client: Client) -> None:
    unknown = ("/api/v1/timelines/home", "/api/v1/accounts/7/statuses", "/api/v1/statuses/7/source", "/api/v1/media/7")
    assert [client.ask("GET", path).status_code for path in unknown] == [404] * 4
