"""Mastodon, and servers that speak its API, through Mastodon.py. What is known of Mastodon: docs/networks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, Answer, ask, identifier, quote, storable
from veilleuse.adapters.networks.mastodon_errors import explain
from veilleuse.adapters.networks.mastodon_text import PUBLIC, entry, kind, readable
from veilleuse.adapters.networks.mastodon_view import limits, may_post, warnings
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.snowflake import id_order, mastodon_id
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Kind, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.domain.length import measure_mastodon
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

if TYPE_CHECKING:
    import requests
    from mastodon import Mastodon as Client

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

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
    absence_after=timedelta(hours=1),
    # Reading is free, but most servers are kept by volunteers, and a rule counts in days.
    idle_read=timedelta(hours=3),
)

_FIRST_READ = 20
_PAGE = 40  # the most it gives
_MOST = 200
_PAGES = 20  # what is not public fills pages without being an entry
_PROCESSING = 0.5  # seconds between two questions whether an image is ready
_NOT_THERE = frozenset({404, 410})


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

    base_url = account.options["base_url"]
    transport = Transport(base_url, Meter(SPEC.title, base_url, user=secrets["access_token"]))
    with requests.Session() as session:
        client = _client(session, transport)
        client.access_token = secrets["access_token"]  # given at construction, it might be taken for a file's name
        yield Mastodon(
            account=account,
            client=client,
            transport=transport,
            secrets=tuple(secrets.values()),
            read_deadline=read_deadline,
            send_deadline=send_deadline,
        )


def _client(session: requests.Session, transport: Transport) -> Client:
    from mastodon import Mastodon as Client

    transport.carry(session)
    return Client(
        api_base_url="https://mastodon.invalid",  # the transport puts the server's own address
        session=session,
        ratelimit_method="throw",  # its default sleeps
        mastodon_version="4.0.0",  # said, so that it does not ask; 4.0 brought /api/v2/instance
        version_check_mode="created",
        user_agent="veilleuse",
        lang="en",  # of the server's error messages
    )


class Mastodon:
    """One Mastodon account. Implements `ports.Network`, `Examining`, `Exposing`, `Hiding`, `Pinning`.

    `remote_id` is the account's number and its server: the first account of every server may be number 1.
    """

    spec = SPEC

    def __init__(
        self,
        *,
        account: Account,
        client: Client,
        transport: Transport,
        secrets: tuple[str, ...],
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        self._handle, _, self._domain = account.identity.removeprefix("@").partition("@")
        self._server = account.options["base_url"]
        self._visibility = account.options.get("visibility", "public")
        self._language = account.language
        self._client = client
        self._transport = transport
        self._secrets = secrets
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline

    def identify(self) -> Identity | None:
        return self._reading(lambda: self._identity(self._found(self._client.account_verify_credentials, _NOT_THERE)))

    def _identity(self, owner: Any) -> Identity | None:
        if owner is None:  # not a server that speaks this API
            return None
        host = urlsplit(self._server).netloc
        name, wanted = str(owner["username"]), self._handle
        if name.casefold() == wanted.casefold() and self._is_own(host, self._domain):
            return Identity(remote_id=f"{owner['id']}@{host}", handle=storable(f"{name}@{host}"))
        raise CredentialsRefused(
            sentence(
                "The access token belongs to @{name} on {host}, but this account is configured as @{wanted}. Nothing "
                "was sent. Put the token of @{wanted}, or correct `handle` or `base_url`.",
                name=quote(name, ()),
                host=host,
                wanted=f"{wanted}@{self._domain}" if self._domain else wanted,
            )
        )

    def _is_own(self, host: str, domain: str) -> bool:
        """Whether handles of this server end in that domain, which is not always the host that serves it."""
        if domain.casefold() in ("", host.casefold()):
            return True
        server = self._found(self._client.instance_v2, _NOT_THERE) or {}
        return str(server.get("domain")).casefold() == domain.casefold()

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._reading(lambda: self._read(remote_id.partition("@")[0], cursor))

    def _read(self, number: str, cursor: str | None) -> Reading:
        entries: list[Entry] = []
        newest, oldest, reached = cursor, None, False
        for _ in range(_PAGES):
            page = self._asked(partial(self._page, number, cursor, oldest))
            ids = sorted((identifier(status["id"]) for status in page), key=id_order)
            if not ids:
                reached = True
                break
            oldest, newest = ids[0], max(filter(None, (newest, ids[-1])), key=id_order)
            entries += [entry(status, self._text(status)) for status in page if status["visibility"] in PUBLIC]
            if len(entries) >= _MOST or (cursor is None and entries):
                break
        return Reading(
            entries=tuple(sorted(entries, key=lambda e: id_order(e.remote_id), reverse=True)),
            complete=cursor is None or reached,
            cursor=newest,
            server_time=self._answer.date,
        )

    def cursor_at(self, moment: datetime) -> str:
        return mastodon_id(moment)

    def _page(self, number: str, since: str | None, before: str | None) -> Any:
        """`since_id` with `max_id` walks back from the newest; `min_id` would begin with the oldest."""
        limit = _FIRST_READ if since is None else _PAGE
        return self._client.account_statuses(number, since_id=since, max_id=before, limit=limit)

    def _text(self, status: Mapping[str, Any]) -> str:
        """As written, where the HTML would not tell: a neighbour's mention shows no server, written or not."""
        if status.get("mentions") and kind(status) is Kind.POST:
            source = self._found(lambda: self._client.status_source(status["id"]), _NOT_THERE | {403})
            if source is not None:
                return str(source["text"])
        return readable(status)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if payload.image is None or image is None:
            return {}
        media_type = payload.image.media_type
        return self._sending(lambda: self._upload(image, media_type, payload.alt), publishing=False)

    def _upload(self, image: bytes, media_type: str, alt: str | None) -> Mapping[str, str]:
        media_id = identifier(self._asked(lambda: self._client.media_post(image, media_type, description=alt))["id"])
        while self._answer.status in (202, 206):  # taken, not yet ready; the deadline ends this
            sleep(_PROCESSING)
            self._asked(lambda: self._client.media(media_id))
        return {"media_id": media_id}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        def create() -> Published:
            status = self._asked(
                lambda: self._client.status_post(
                    payload.text,
                    media_ids=[prepared["media_id"]] if "media_id" in prepared else None,
                    spoiler_text=payload.content_warning,
                    visibility=self._visibility,  # else the account's default, which may be followers only
                    language=self._language,
                    idempotency_key=key,
                )
            )
            return Published(remote_id=identifier(status["id"]), url=status.get("url"))

        return self._sending(create, publishing=True)

    def examine(self) -> Examination:
        """As `ports.Examining`. A token does not expire; what it may is told by Mastodon 4.3 and later."""
        return self._reading(self._examine)

    def _examine(self) -> Examination:
        owner = self._found(self._client.account_verify_credentials, _NOT_THERE)
        identity = self._identity(owner)
        if identity is None:
            raise CredentialsRefused(
                sentence("{server} does not speak Mastodon's API. Correct `base_url`.", server=self._server)
            )
        app = self._found(self._client.app_verify_credentials, _NOT_THERE | {403}) or {}
        server = self._found(self._client.instance_v2, _NOT_THERE | {403}) or {}
        return Examination(
            identity=identity,
            may_post=may_post(app),
            limits=limits(server),
            server_time=self._answer.date,
            warnings=warnings(owner, app, server),
        )

    def visible(self, entry: Entry) -> bool | None:
        """As `ports.Exposing`; None from a server that shows nothing to strangers by its API."""
        return self._reading(lambda: self._visible(entry))

    def _visible(self, entry: Entry) -> bool | None:
        import requests

        with requests.Session() as session:  # without the account's cookies
            stranger = _client(session, self._transport)
            seen = self._found(lambda: stranger.status(entry.remote_id), _NOT_THERE | {401, 403})
        if seen is not None:
            return seen["visibility"] in PUBLIC
        return False if self._answer.status in _NOT_THERE else None

    def hide(self) -> None:
        """As `ports.Hiding`: whoever wants to follow must ask, and nobody is led to the account; its posts stay."""
        self._sending(
            lambda: self._client.account_update_credentials(locked=True, discoverable=False), publishing=False
        )

    def show(self) -> None:
        self._sending(
            lambda: self._client.account_update_credentials(locked=False, discoverable=True), publishing=False
        )

    def hidden(self) -> bool:
        return self._reading(lambda: bool(self._asked(self._client.account_verify_credentials)["locked"]))

    def pin(self, post_id: str) -> None:
        self._sending(lambda: self._client.status_pin(post_id), publishing=False)

    def pinned(self, post_id: str) -> bool:
        return self._reading(lambda: bool(self._asked(lambda: self._client.status(post_id)).get("pinned")))

    @property
    def _answer(self) -> Answer:
        assert self._transport.answer is not None
        return self._transport.answer

    def _asked(self, call: Callable[[], Any]) -> Any:
        """The answer's own JSON: Mastodon.py's reading of it guesses at types."""
        call()
        return self._answer.json

    def _found(self, call: Callable[[], Any], absent: frozenset[int]) -> Any:
        """The same; None if the server answers with one of these statuses."""
        try:
            return self._asked(call)
        except Exception:
            if self._transport.answer is not None and self._transport.answer.status in absent and self._answer.problem:
                return None
            raise

    def _reading(self, call: Callable[[], T]) -> T:
        self._transport.start(self._read_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._secrets, read=True))

    def _sending(self, call: Callable[[], T], *, publishing: bool) -> T:
        self._transport.start(self._send_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._secrets, publishing=publishing))
