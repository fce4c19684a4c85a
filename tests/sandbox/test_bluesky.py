"""The made-up Bluesky is as strict as the real one (tests/real/test_bluesky.py asks the same of that)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.contracts.stage import NOW, PNG, SteppedClock
from veilleuse.domain.activity import Kind
from veilleuse.sandbox import Sandbox

POST = "app.bsky.feed.post"
KEY = "3n2q7w343m227"
RECORD = {"$type": POST, "text": "Été 🎉 acme.fr", "createdAt": "2026-11-20T09:00:00.000Z"}


class House:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.presence = sandbox.add("bluesky", "acme.test", title="Acme", secrets={"app_password": "secret"})

    def call(self, method: str, body: Any = None, token: str | None = None, **question: str) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} if isinstance(body, dict) else {"Content-Type": "image/png"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        url = f"{self.sandbox.base_url}/xrpc/{method}?{urlencode(question)}"
        try:
            with urlopen(Request(url, data=data, headers=headers)) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, {**json.load(error), "headers": dict(error.headers)}

    def log_in(self, password: str = "secret") -> tuple[int, Any]:
        login = {"identifier": "acme.test", "password": password}
        return self.call("com.atproto.server.createSession", login)

    def put(self, record: Any = RECORD, *, rkey: str = KEY, token: str | None = None, **more: Any) -> tuple[int, Any]:
        token = token or self.log_in()[1]["accessJwt"]
        order = {"repo": self.presence.number, "collection": POST, "rkey": rkey, "swapRecord": None, "record": record}
        return self.call("com.atproto.repo.putRecord", {**order, **more}, token)


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def house(clock: SteppedClock) -> Iterator[House]:
    with Sandbox(clock) as sandbox:
        yield House(sandbox)


def test_the_very_same_call_again_changes_nothing(house: House) -> None:
    first, again = house.put(), house.put()
    assert (first[0], again[0]) == (200, 200)
    assert first[1]["cid"] == again[1]["cid"]
    assert "commit" not in again[1]
    assert len(house.sandbox.timeline("acme.test")) == 1


def test_nothing_is_replaced_where_nothing_may_stand(house: House) -> None:
    house.put()
    status, answer = house.put({**RECORD, "text": "Autre chose"})
    assert (status, answer["error"]) == (400, "InvalidSwap")


def facet(start: int, end: int, **feature: str) -> dict[str, Any]:
    kind = {"$type": "app.bsky.richtext.facet#link", "uri": "https://acme.fr"}
    return {"facets": [{"index": {"byteStart": start, "byteEnd": end}, "features": [{**kind, **feature}]}]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "a" * 301},
        {"text": "👩\u200d🔧" * 280},  # 3080 bytes
        {"createdAt": "yesterday"},
        {"langs": ["fr", "en", "de", "it"]},
        {"$type": "app.bsky.feed.like"},
        facet(0, 1),  # half of an é
        facet(11, 99),
        facet(11, 18, uri="acme"),
        {"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://acme.fr"}}},
        {
            "embed": {
                "$type": "app.bsky.embed.images",
                "images": [
                    {
                        "alt": "",
                        "image": {"$type": "blob", "ref": {"$link": "none"}, "mimeType": "image/png", "size": 1},
                    }
                ],
            }
        },
    ],
)
def test_a_record_that_is_none_is_refused(house: House, wrong: dict[str, Any]) -> None:
    status, answer = house.put({**RECORD, **wrong})
    assert (status, answer["error"]) == (400, "InvalidRequest")
    assert house.sandbox.timeline("acme.test") == ()


def test_a_facet_of_whole_characters_is_taken(house: House) -> None:
    assert house.put({**RECORD, **facet(11, 18)})[0] == 200


@pytest.mark.parametrize("rkey", ["self", "3n2q7w343m22", "zzzzzzzzzzzzz", ""])
def test_a_key_must_be_a_tid(house: House, rkey: str) -> None:
    assert house.put(rkey=rkey)[0] == 400


def test_another_collection_or_another_method_is_not_offered(house: House) -> None:
    assert house.put(collection="app.bsky.feed.like")[0] == 400
    token = house.log_in()[1]["accessJwt"]
    assert house.call("com.atproto.repo.createRecord", {"record": RECORD}, token)[0] == 501


def test_without_the_right_password_nobody_writes(house: House, clock: SteppedClock) -> None:
    status, answer = house.log_in("wrong")
    assert (status, answer["error"]) == (401, "AuthenticationRequired")
    assert house.put(token="e30.e30.x")[1]["error"] == "InvalidToken"
    token = house.log_in()[1]["accessJwt"]
    assert house.put(token=token, repo="did:plc:somebodyelse")[0] == 401
    clock.at += timedelta(hours=2)
    assert house.put(token=token)[1]["error"] == "ExpiredToken"


def test_the_thirty_first_login_in_five_minutes_is_refused(house: House, clock: SteppedClock) -> None:
    assert [house.log_in()[0] for _ in range(30)] == [200] * 30
    status, answer = house.log_in()
    assert (status, answer["error"]) == (429, "RateLimitExceeded")
    assert int(answer["headers"]["ratelimit-reset"]) == int(NOW.timestamp()) + 300
    assert "Retry-After" not in answer["headers"]
    clock.at += timedelta(minutes=5)
    assert house.log_in()[0] == 200


def test_records_are_listed_newest_first_by_pages_without_anybodys_password(house: House) -> None:
    for n in range(5):
        house.sandbox.post_as_human("acme.test", f"numéro {n}", kind=Kind.REPLY if n == 3 else Kind.POST)
    house.sandbox.post_as_human("acme.test", "d'un autre", kind=Kind.REPOST)
    question = {"repo": "acme.test", "collection": POST, "limit": "2"}
    _, first = house.call("com.atproto.repo.listRecords", **question)
    _, then = house.call("com.atproto.repo.listRecords", **question, cursor=first["cursor"])
    told = [record["value"]["text"] for record in first["records"] + then["records"]]
    assert told == ["numéro 4", "numéro 3", "numéro 2", "numéro 1"]
    _, reposts = house.call("com.atproto.repo.listRecords", repo="acme.test", collection="app.bsky.feed.repost")
    assert [record["value"]["$type"] for record in reposts["records"]] == ["app.bsky.feed.repost"]


def test_a_stored_image_stands_in_the_post_that_names_it(house: House) -> None:
    token = house.log_in()[1]["accessJwt"]
    _, answer = house.call("com.atproto.repo.uploadBlob", PNG, token)
    embed = {"$type": "app.bsky.embed.images", "images": [{"alt": "Vu de la rue", "image": answer["blob"]}]}
    assert house.put({**RECORD, "embed": embed})[0] == 200
    (shown,) = house.sandbox.timeline("acme.test")
    image = house.sandbox.image(shown.image or "")
    assert image is not None
    assert (image.data, shown.alt) == (PNG, "Vu de la rue")


def test_what_is_kept_elsewhere_is_not_found(house: House) -> None:
    question = {"repo": "autre.test", "collection": POST}
    status, answer = house.call("com.atproto.repo.listRecords", **question)
    assert (status, answer["message"]) == (400, "Could not find repo: autre.test")
    question = {"repo": "acme.test", "collection": POST, "rkey": KEY}
    assert house.call("com.atproto.repo.getRecord", **question)[1]["error"] == "RecordNotFound"
