"""X through tweepy: API v2, OAuth 1.0a user tokens, so nothing to refresh. What is known of X: docs/networks.md."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from veilleuse.adapters.networks.bill import Bill
from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, ask, identifier, quote
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.snowflake import id_order, x_id
from veilleuse.adapters.networks.x_errors import explain, missing
from veilleuse.adapters.networks.x_post import entry
from veilleuse.domain import prices
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import BudgetExhausted, CredentialsRefused, OutcomeUnknown, Unreachable
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.domain.text import weigh_x
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

if TYPE_CHECKING:
    import tweepy

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

SPEC = NetworkSpec(
    name="x",
    title="X",
    keys=(
        Key(name="handle", help=N_("the account's @name, without the @")),
        Key(name="user_id", required=False, help=N_("its number; asked of X if absent")),
    ),
    identity_key="handle",
    secrets=(
        Secret(name="api_key", help=N_("API Key of the app")),
        Secret(name="api_secret", help=N_("API Key Secret of the app")),
        Secret(name="access_token", help=N_("Access Token of this account, with read and write permission")),
        Secret(name="access_secret", help=N_("Access Token Secret of this account")),
    ),
    limit=280,
    measure=weigh_x,
    link_in_text=True,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    image_max_bytes=5_000_000,
    alt_max=1000,
    absence_after=timedelta(hours=2),
    idle_read=None,
    bills=True,
    log_in_every=timedelta(days=30),
)

_FIRST_READ = 5  # X bills each post read; this is the least it lets one ask for
_PAGE = 100
_MOST = 200
_FIELDS = ["created_at", "entities", "referenced_tweets", "note_tweet"]


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A client with this account's tokens. Deadlines in seconds, total for each call of the port."""
    import tweepy

    from veilleuse.adapters.networks.http import Transport

    client = tweepy.Client(
        consumer_key=secrets["api_key"],
        consumer_secret=secrets["api_secret"],
        access_token=secrets["access_token"],
        access_token_secret=secrets["access_secret"],
        return_type=dict,  # X renames its fields; tweepy's models know only the old names
        wait_on_rate_limit=False,
    )
    base_url = account.options.get("base_url")
    meter = Meter(SPEC.title, base_url or "", app=secrets["api_key"], user=secrets["access_token"])
    transport = Transport(base_url, meter)
    transport.carry(client.session)
    with client.session:
        yield X(
            account=account,
            client=client,
            transport=transport,
            meter=meter,
            secrets=tuple(secrets.values()),
            number=_token_number(secrets["access_token"]),
            read_deadline=read_deadline,
            send_deadline=send_deadline,
        )


class X:
    """One X account. Implements `ports.Network`."""

    spec = SPEC

    def __init__(
        self,
        *,
        account: Account,
        client: tweepy.Client,
        transport: Transport,
        meter: Meter,
        secrets: tuple[str, ...],
        number: str | None,
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        self._handle = account.identity.removeprefix("@")
        self._user_id = account.options.get("user_id")
        self._site = account.options.get("base_url", "https://x.com").rstrip("/")
        self._client = client
        self._transport = transport
        self._meter = meter
        self._bill = Bill(meter.app)
        self._secrets = secrets
        self._number = number
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline

    def identify(self) -> Identity | None:
        return self._reading(self._identify)

    def examine(self) -> Examination:
        identity = self.identify()
        answer = self._transport.answer
        access = answer.headers.get("x-access-level") if answer else None
        return Examination(
            identity=identity or Identity(remote_id=self._handle, handle=self._handle),
            may_post=None if access is None else "write" in access,
            server_time=answer.date if answer else None,
        )

    def billed(self) -> Mapping[str, int]:
        return self._bill.items

    def _identify(self) -> Identity | None:
        user = self._found(lambda: self._client.get_me(user_auth=True))
        if user is None:  # this server does not know /users/me: believe the configuration
            if self._user_id:
                return Identity(remote_id=self._user_id, handle=self._handle)
            user = self._found(lambda: self._client.get_user(username=self._handle, user_auth=True))
            if user is None:
                return None
        if user["username"].casefold() != self._handle.casefold():
            raise CredentialsRefused(
                sentence(
                    "The access token belongs to @{name} on X, but this account is configured as @{handle}. Nothing "
                    "was sent. Put the token of @{handle}, or correct `handle`.",
                    name=quote(user["username"], self._secrets),
                    handle=self._handle,
                )
            )
        return Identity(remote_id=identifier(user["id"]), handle=user["username"])

    def _found(self, call: Callable[[], Any], handle: str | None = None) -> Any:
        """The user in the answer, of our own account unless another is named; None if the path itself is unknown."""
        try:
            answer = call()
        except Exception:
            if self._transport.answer is not None and self._transport.answer.status == 404:
                return None
            raise
        if "data" not in answer and answer.get("errors"):
            raise missing(self._transport.answer, handle or self._handle)
        self._bill.read(prices.X_USER_READ, f"user {answer['data']['id']}", self._now())
        return answer["data"]

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._reading(lambda: self._read(remote_id, cursor))

    def cursor_at(self, moment: datetime) -> str:
        return x_id(moment)

    def survey(self, handle: str, since: datetime) -> Reading:
        return self._reading(lambda: self._survey(handle, since))

    def _survey(self, handle: str, since: datetime) -> Reading:
        user = self._found(lambda: self._client.get_user(username=handle, user_auth=True), handle)
        if user is None:
            raise Unreachable(sentence("This server has no way to look @{handle} up.", handle=handle))
        number, name = identifier(user["id"]), str(user["username"])
        reading = self._timeline(number, name, x_id(since))
        return reading if reading.entries else self._timeline(number, name, None)

    def _read(self, remote_id: str, cursor: str | None) -> Reading:
        self._check_owner(remote_id)
        return self._timeline(remote_id, self._handle, cursor)

    def _timeline(self, remote_id: str, handle: str, cursor: str | None) -> Reading:
        entries: list[Entry] = []
        more: str | None = None
        while True:
            page = self._client.get_users_tweets(
                remote_id,
                since_id=cursor,
                max_results=_FIRST_READ if cursor is None else _PAGE,
                pagination_token=more,
                tweet_fields=_FIELDS,
                user_auth=True,
            )
            if "data" not in page and page.get("errors"):
                raise missing(self._transport.answer, handle)
            for post in page.get("data", ()):
                self._bill.read(prices.X_POST_READ, f"post {post['id']}", self._now())
            entries += [entry(post, site=f"{self._site}/{handle}") for post in page.get("data", ())]
            more = page.get("meta", {}).get("next_token")
            if cursor is None or more is None or len(entries) >= _MOST:
                break
        assert self._transport.answer is not None
        return Reading(
            entries=tuple(sorted(entries, key=lambda e: id_order(e.remote_id), reverse=True)),
            complete=cursor is None or more is None,
            cursor=max((e.remote_id for e in entries), key=id_order, default=cursor),
            server_time=self._transport.answer.date,
        )

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if payload.image is None or image is None:
            return {}
        return self._sending(lambda: self._upload(image, payload.alt), publishing=False)

    def _upload(self, image: bytes, alt: str | None) -> Mapping[str, str]:
        # tweepy has no upload for v2, and the old one was switched off in 2025.
        body = {"media": base64.b64encode(image).decode(), "media_category": "tweet_image"}
        media_id = identifier(
            self._client.request("POST", "/2/media/upload", json=body, user_auth=True).json()["data"]["id"]
        )
        if alt:
            metadata = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
            self._client.request("POST", "/2/media/metadata", json=metadata, user_auth=True)
            self._bill.add(prices.X_MEDIA_METADATA)
        return {"media_id": media_id}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        self._check_owner(remote_id)
        media = [prepared["media_id"]] if "media_id" in prepared else None

        def create() -> Published:
            answer = self._client.create_tweet(text=payload.text, media_ids=media, user_auth=True)
            post_id = identifier(answer["data"]["id"])
            return Published(remote_id=post_id, url=f"{self._site}/{self._handle}/status/{post_id}")

        try:
            published = self._sending(create, publishing=True)
        except OutcomeUnknown:  # what is perhaps live is perhaps billed; a duplicate is a refusal
            if self._transport.answer is None or self._transport.answer.status != 403:
                self._bill.add(prices.x_post(payload.text))
            raise
        self._bill.add(prices.x_post(payload.text))
        return published

    def _check_owner(self, remote_id: str) -> None:
        """Asking X whose token this is costs money; the token itself tells, and must not speak for somebody else."""
        if self._number is not None and self._number != remote_id:
            raise CredentialsRefused(
                sentence(
                    "The access token belongs to the account number {number} on X, but @{handle} is {remote_id}. "
                    "Nothing was sent. Put the token of @{handle} in its place.",
                    number=self._number,
                    handle=self._handle,
                    remote_id=remote_id,
                )
            )

    def _now(self) -> datetime | None:
        """X's own time, of its last answer."""
        return self._transport.answer.date if self._transport.answer else None

    def _reading(self, call: Callable[[], T]) -> T:
        return self._asked(call, self._read_deadline, read=True)

    def _sending(self, call: Callable[[], T], *, publishing: bool) -> T:
        return self._asked(call, self._send_deadline, publishing=publishing)

    def _asked(self, call: Callable[[], T], seconds: float, *, read: bool = False, publishing: bool = False) -> T:
        self._transport.start(seconds)
        try:
            return ask(
                call,
                lambda error: explain(error, self._transport.answer, self._secrets, read=read, publishing=publishing),
            )
        except BudgetExhausted as refusal:
            broke = self._meter.broke(refusal)
        raise broke


def _token_number(token: str) -> str | None:
    """The account's number, which stands before the dash in every OAuth 1.0a access token of X."""
    number, dash, _ = token.partition("-")
    return number if dash and number.isascii() and number.isdigit() else None
