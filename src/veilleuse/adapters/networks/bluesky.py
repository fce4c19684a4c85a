"""Bluesky by plain XRPC on requests, with an app password. What is known of Bluesky: docs/networks.md.

Reading needs no credentials; logging in is rationed (30 in 5 minutes, 300 a day), so only publishing does it.
"""

import json
import secrets as randomness
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from veilleuse.adapters.networks import bluesky_profile as profile_of
from veilleuse.adapters.networks.bluesky_answers import unanswered
from veilleuse.adapters.networks.bluesky_record import POST, REPOST, blob, record, url
from veilleuse.adapters.networks.bluesky_session import closed, warnings
from veilleuse.adapters.networks.bluesky_tid import tid
from veilleuse.adapters.networks.bluesky_timeline import read
from veilleuse.adapters.networks.bluesky_xrpc import HOME, Xrpc
from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE
from veilleuse.adapters.networks.rates import Meter
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Kind, Reading
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import CredentialsRefused, Refusal, Unreachable
from veilleuse.domain.length import BLUESKY_GRAPHEMES, measure_bluesky
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.domain.waiting import Wait
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

SPEC = NetworkSpec(
    name="bluesky",
    title="Bluesky",
    keys=(Key(name="handle", help=N_("the account's whole handle, without the @")),),
    identity_key="handle",
    secrets=(Secret(name="app_password", help=N_("an app password: Settings, Privacy and security, App passwords")),),
    limit=BLUESKY_GRAPHEMES,
    measure=measure_bluesky,
    link_in_text=True,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    image_max_bytes=1_000_000,  # bsky.social takes twice as much since 2026; other servers do not yet
    alt_max=2000,
    hides=True,
    pins=True,
    answers=True,
    absence_after=timedelta(0),
    idle_read=timedelta(hours=6),
)


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A client with this account's app password. Deadlines in seconds, total for each call of the port."""
    import requests

    from veilleuse.adapters.networks.http import Transport

    handle, base_url = account.identity.removeprefix("@"), account.options.get("base_url", HOME)
    transport = Transport(base_url, Meter(SPEC.title, base_url, user=handle))
    with requests.Session() as session:
        transport.carry(session)
        server = Xrpc(http=session, transport=transport, handle=handle, password=secrets["app_password"])
        yield Bluesky(
            account=account, handle=handle, server=server, read_deadline=read_deadline, send_deadline=send_deadline
        )


class Bluesky:
    """One Bluesky account.

    Implements `ports.Network`, `Tracing`, `Examining`, `Exposing`, `Hiding`, `Pinning`, `Answering`, `Recalling`.
    """

    spec = SPEC

    def __init__(
        self, *, account: Account, handle: str, server: Xrpc, read_deadline: float, send_deadline: float
    ) -> None:
        self._handle = handle
        self._language = account.language
        self._collections = (POST, REPOST) if Kind.REPOST in account.rule.activity else (POST,)
        self._server = server
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline
        self._newest: str | None = None  # key of the newest record seen: ours will sort after it

    def identify(self) -> Identity:
        self._server.start(self._read_deadline)
        session = self._server.session()
        return Identity(remote_id=session.did, handle=session.handle)

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        self._server.start(self._read_deadline)
        reading = read(self._server, remote_id, self._collections, self._handle, cursor)
        self._newest = reading.cursor
        return reading

    def cursor_at(self, moment: datetime) -> str:
        return tid(moment, 0)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        self._server.start(self._send_deadline)
        session = self._server.session()
        if session.status is not None:
            why = Refusal.VANISHED if session.status == "deactivated" else Refusal.SUSPENDED
            raise CredentialsRefused(closed(session), why=why)
        if session.at is None:  # the key and the date of the post come from the network's own clock
            raise Unreachable(
                sentence("Bluesky's answer bears no date, so no post can be dated. Nothing was published.")
            )
        self._newest = tid(session.at, randomness.randbelow(1024), after=self._newest)
        prepared = {"rkey": self._newest, "created_at": f"{session.at:%Y-%m-%dT%H:%M:%S}.000Z"}
        if payload.image is not None and image is not None:
            stored = self._server.send(
                "com.atproto.repo.uploadBlob",
                lambda body: blob(body["blob"]),
                data=image,
                headers={"Content-Type": payload.image.media_type},
            )
            prepared["blob"] = json.dumps(stored)
        return prepared

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        self._server.start(self._send_deadline)
        self._check_owner(remote_id)
        put = {
            "repo": remote_id,
            "collection": POST,
            "rkey": prepared["rkey"],
            "record": record(payload, prepared, self._language),
            "validate": True,
            "swapRecord": None,  # nothing may stand there yet
        }

        def published(body: Any) -> Published:
            if body["uri"] != f"at://{remote_id}/{POST}/{prepared['rkey']}":
                raise ValueError
            return Published(remote_id=prepared["rkey"], url=url(self._handle, prepared["rkey"]))

        return self._server.send("com.atproto.repo.putRecord", published, publishing=True, json=put)

    def trace(self, remote_id: str, prepared: Mapping[str, str]) -> Published | NotLive | None:
        if "rkey" not in prepared:
            return None
        self._server.start(self._read_deadline)
        key = prepared["rkey"]
        if self._server.record(remote_id, POST, key) is None:
            return NotLive()
        return Published(remote_id=key, url=url(self._handle, key))

    def visible(self, entry: Entry) -> bool | None:
        """As the account's own server shows it; what Bluesky's apps hide for moderation is not known there."""
        if entry.kind is Kind.REPOST:
            return None
        self._server.start(self._read_deadline)
        return self._server.record(self._handle, POST, entry.remote_id) is not None

    def unanswered(self, remote_id: str, since: datetime) -> tuple[Wait, ...]:
        self._server.start(self._read_deadline)
        self._check_owner(remote_id)
        return unanswered(self._server, remote_id, since)

    def _check_owner(self, remote_id: str) -> None:
        if self._server.session().did != remote_id:
            raise CredentialsRefused(
                sentence(
                    "On Bluesky {handle} is now another account than the one known so far. Nothing was published. "
                    "Correct `handle`.",
                    handle=self._handle,
                )
            )

    def examine(self) -> Examination:
        self._server.start(self._read_deadline)
        session = self._server.session()
        hidden = session.status is not None  # then its records are not shown to anybody
        profile = {} if hidden else self._server.record(session.did, "app.bsky.actor.profile", "self") or {}
        return Examination(
            identity=Identity(remote_id=session.did, handle=session.handle),
            may_post=session.status is None,
            server_time=session.at,
            warnings=tuple(warnings(session, profile)),
        )

    def hide(self) -> None:
        self._server.start(self._send_deadline)
        profile_of.hide(self._server, True)

    def show(self) -> None:
        self._server.start(self._send_deadline)
        profile_of.hide(self._server, False)

    def hidden(self) -> bool:
        self._server.start(self._read_deadline)
        return profile_of.is_hidden(self._server)

    def pin(self, post_id: str) -> None:
        self._server.start(self._send_deadline)
        profile_of.pin(self._server, post_id)

    def pinned(self, post_id: str) -> bool:
        self._server.start(self._read_deadline)
        return profile_of.is_pinned(self._server, post_id)
