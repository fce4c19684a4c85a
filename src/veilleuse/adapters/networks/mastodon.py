"""Mastodon, and servers that speak its API, through Mastodon.py. What is known of Mastodon: docs/networks.md."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, identifier
from veilleuse.adapters.networks.mastodon_answers import unanswered
from veilleuse.adapters.networks.mastodon_owner import examine, identify
from veilleuse.adapters.networks.mastodon_server import NOT_THERE, Server
from veilleuse.adapters.networks.mastodon_text import PUBLIC
from veilleuse.adapters.networks.mastodon_timeline import read
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.snowflake import mastodon_id
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.length import measure_mastodon
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.domain.waiting import Wait
from veilleuse.language import N_
from veilleuse.ports import Network

SPEC = NetworkSpec(
    name="mastodon",
    title="Mastodon",
    keys=(
        Key(name="handle", help=N_("the account's name, with its server or without: acme@mastodon.social")),
        Key(name="base_url", help=N_("the address of the server the account is on: https://mastodon.social")),
        Key(
            name="visibility",
            required=False,
            choices=("public", "unlisted"),
            help=N_("who finds our posts: everybody, or not in the server's public lists; default public"),
        ),
    ),
    identity_key="handle",
    secrets=(
        Secret(name="access_token", help=N_("Access token of the account, with read and write:statuses, write:media")),
    ),
    limit=500,
    measure=measure_mastodon,
    link_in_text=True,
    content_warnings=True,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    image_max_bytes=10_000_000,  # as the documentation shows it; `examine` asks the server
    alt_max=1500,
    hides=True,
    pins=True,
    answers=True,
    absence_after=timedelta(hours=1),
    # Reading is free, but most servers are kept by volunteers, and a rule counts in days.
    idle_read=timedelta(hours=3),
)

_PROCESSING = 0.5  # seconds between two questions whether an image is ready


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A client with this account's token. Deadlines in seconds, total for each call of the port."""
    import requests

    from veilleuse.adapters.networks.http import Transport

    base_url, token = account.options["base_url"], secrets["access_token"]
    transport = Transport(base_url, Meter(SPEC.title, base_url, user=token))
    with requests.Session() as session:
        server = Server(session, transport, token, read_deadline=read_deadline, send_deadline=send_deadline)
        yield Mastodon(account=account, server=server)


class Mastodon:
    """One Mastodon account.

    Implements `ports.Network`, `Examining`, `Exposing`, `Hiding`, `Pinning`, `Answering`, `Recalling`.
    """

    spec = SPEC

    def __init__(self, *, account: Account, server: Server) -> None:
        self._handle = account.identity
        self._address = account.options["base_url"]
        self._visibility = account.options.get("visibility", "public")
        self._language = account.language
        self._server = server

    def identify(self) -> Identity | None:
        return self._server.reading(lambda: identify(self._server, self._handle, self._address))

    def examine(self) -> Examination:
        return self._server.reading(lambda: examine(self._server, self._handle, self._address))

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._server.reading(lambda: read(self._server, remote_id.partition("@")[0], cursor))

    def cursor_at(self, moment: datetime) -> str:
        return mastodon_id(moment)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if payload.image is None or image is None:
            return {}
        media_type = payload.image.media_type
        return self._server.sending(lambda: self._upload(image, media_type, payload.alt))

    def _upload(self, image: bytes, media_type: str, alt: str | None) -> Mapping[str, str]:
        server, client = self._server, self._server.client
        media_id = identifier(server.asked(lambda: client.media_post(image, media_type, description=alt))["id"])
        while server.answer.status in (202, 206):  # taken, not yet ready; the deadline ends this
            sleep(_PROCESSING)
            server.asked(lambda: client.media(media_id))
        return {"media_id": media_id}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        def create() -> Published:
            status = self._server.asked(
                lambda: self._server.client.status_post(
                    payload.text,
                    media_ids=[prepared["media_id"]] if "media_id" in prepared else None,
                    spoiler_text=payload.content_warning,
                    visibility=self._visibility,  # else the account's default, which may be followers only
                    language=self._language,
                    idempotency_key=key,
                )
            )
            return Published(remote_id=identifier(status["id"]), url=status.get("url"))

        return self._server.sending(create, publishing=True)

    def visible(self, entry: Entry) -> bool | None:
        """As `ports.Exposing`; None from a server that shows nothing to strangers by its API."""
        return self._server.reading(lambda: self._visible(entry))

    def _visible(self, entry: Entry) -> bool | None:
        with self._server.stranger() as client:
            seen = self._server.found(lambda: client.status(entry.remote_id), NOT_THERE | {401, 403})
        if seen is not None:
            return seen["visibility"] in PUBLIC
        return False if self._server.answer.status in NOT_THERE else None

    def unanswered(self, remote_id: str, since: datetime) -> tuple[Wait, ...]:
        return self._server.reading(lambda: unanswered(self._server, remote_id.partition("@")[0], since))

    def hide(self) -> None:
        """As `ports.Hiding`: whoever wants to follow must ask, and nobody is led to the account; its posts stay."""
        self._set(locked=True, discoverable=False)

    def show(self) -> None:
        self._set(locked=False, discoverable=True)

    def _set(self, **profile: bool) -> None:
        self._server.sending(lambda: self._server.client.account_update_credentials(**profile))

    def hidden(self) -> bool:
        owner = self._server.client.account_verify_credentials
        return self._server.reading(lambda: bool(self._server.asked(owner)["locked"]))

    def pin(self, post_id: str) -> None:
        self._server.sending(lambda: self._server.client.status_pin(post_id))

    def pinned(self, post_id: str) -> bool:
        status = self._server.client.status
        return self._server.reading(lambda: bool(self._server.asked(lambda: status(post_id)).get("pinned")))
