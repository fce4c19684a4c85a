"""Who waits for an answer, through a real Bluesky server: it passes the question on, to whatever stands behind it."""

import base64
import json
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.fakes import MemoryStore
from tests.loopback import http, loopback
from tests.real.bluesky_server import real_bluesky
from tests.real.bluesky_stage import POST, BlueskyStage
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.account import Account
from veilleuse.domain.errors import Unreachable
from veilleuse.domain.waiting import Awaited, Wait
from veilleuse.ports import Answering, Network
from veilleuse.services.answers import Answers

pytestmark = pytest.mark.timeout(900)  # at the first time npm brings the server

MARIE = "did:plc:marie"
SAID = f"at://{MARIE}/{POST}/3lbabcdefghij"
ASKED = "app.bsky.notification.listNotifications"


def told(stage: BlueskyStage) -> tuple[Wait, ...]:
    with stage.open() as network:
        assert isinstance(network, Answering)
        return network.unanswered(stage.number, SystemClock().now() - timedelta(days=14))


@pytest.fixture
def notification() -> dict[str, Any]:
    now = SystemClock().now().isoformat()
    return {
        "uri": SAID,
        "cid": "bafyreigvmarie",
        "author": {"did": MARIE, "handle": "marie.test"},
        "reason": "reply",
        "record": {"$type": POST, "text": "Ouvert demain ?", "createdAt": now},
        "isRead": False,
        "indexedAt": now,
    }


@pytest.fixture
def bare() -> Iterator[BlueskyStage]:
    with real_bluesky() as pds:
        yield BlueskyStage(pds)


class Here:
    """The one account there is, for the services."""

    def __init__(self, stage: BlueskyStage) -> None:
        self._stage = stage

    def open(self, account: Account) -> AbstractContextManager[Network]:
        return self._stage.open()


def test_a_server_with_nothing_behind_it_refuses_and_the_digest_is_silent(bare: BlueskyStage) -> None:
    with pytest.raises(Unreachable, match="Nothing was published"):
        told(bare)
    clock, store = SystemClock(), MemoryStore()
    store.register([bare.account], clock.now())
    store.bind(bare.account.name, bare.number)
    assert Answers(specs=SPECS, store=store, networks=Here(bare), clock=clock)([bare.account]) == {}
    with bare.open() as network:
        assert network.read(bare.number, None).complete


def test_an_app_password_is_told_who_waits_and_a_reply_of_ours_ends_it(notification: dict[str, Any]) -> None:
    body = json.dumps({"notifications": [notification]}).encode()
    with (
        loopback([http("200 OK", body, "Content-Type: application/json")]) as app_view,
        real_bluesky(app_view.url) as pds,
    ):
        stage = BlueskyStage(pds)
        link = "https://bsky.app/profile/marie.test/post/3lbabcdefghij"
        assert told(stage) == (Wait(awaited=Awaited.ANSWER, count=1, link=link),)
        line, *headers = app_view.heads[-1].decode().split("\r\n")
        address = urlsplit(line.split()[1])
        assert address.path == f"/xrpc/{ASKED}"
        assert parse_qs(address.query) == {"reasons": ["reply", "mention", "quote"], "limit": ["100"]}
        token = next(each for each in headers if each.lower().startswith("authorization: bearer ")).split()[-1]
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        assert (claims["iss"], claims["lxm"]) == (stage.number, ASKED)
        there = {"uri": SAID, "cid": "bafyreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}
        now = SystemClock().now().isoformat().replace("+00:00", "Z")
        reply = {"$type": POST, "text": "Oui !", "createdAt": now, "reply": {"root": there, "parent": there}}
        stage.person.do("com.atproto.repo.createRecord", repo=stage.number, collection=POST, record=reply)
        assert told(stage) == ()
