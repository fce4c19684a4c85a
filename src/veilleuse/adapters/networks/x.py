"""X through tweepy: API v2, OAuth 1.0a user tokens, so nothing to refresh. What is known of X: docs/networks.md."""

import base64
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, identifier, quote
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.snowflake import x_id
from veilleuse.adapters.networks.x_api import Api
from veilleuse.adapters.networks.x_timeline import read, survey
from veilleuse.domain import prices
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Examination, Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import CredentialsRefused, OutcomeUnknown
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.domain.text import weigh_x
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

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
        api = Api(
            client=client,
            transport=transport,
            meter=meter,
            secrets=tuple(secrets.values()),
            read_deadline=read_deadline,
            send_deadline=send_deadline,
        )
        yield X(account=account, api=api, number=_token_number(secrets["access_token"]))


class X:
    """One X account. Implements `ports.Network`, `Examining`, `Billing`, `Recalling`, `Surveying`.

    Who waits for an answer is not asked: each mention read would be billed.
    """

    spec = SPEC

    def __init__(self, *, account: Account, api: Api, number: str | None) -> None:
        """`number`: the account's, as its token tells it."""
        self._handle = account.identity.removeprefix("@")
        self._user_id = account.options.get("user_id")
        self._site = account.options.get("base_url", "https://x.com").rstrip("/")
        self._api = api
        self._number = number

    def identify(self) -> Identity | None:
        return self._api.reading(self._identify)

    def examine(self) -> Examination:
        identity = self.identify()
        answer = self._api.answer
        access = answer.headers.get("x-access-level") if answer else None
        return Examination(
            identity=identity or Identity(remote_id=self._handle, handle=self._handle),
            may_post=None if access is None else "write" in access,
            server_time=self._api.now,
        )

    def billed(self) -> Mapping[str, int]:
        return self._api.bill.items

    def _identify(self) -> Identity | None:
        api = self._api
        user = api.user(lambda: api.client.get_me(user_auth=True), self._handle)
        if user is None:  # this server does not know /users/me: believe the configuration
            if self._user_id:
                return Identity(remote_id=self._user_id, handle=self._handle)
            user = api.user(lambda: api.client.get_user(username=self._handle, user_auth=True), self._handle)
            if user is None:
                return None
        if user["username"].casefold() != self._handle.casefold():
            raise CredentialsRefused(
                sentence(
                    "The access token belongs to @{name} on X, but this account is configured as @{handle}. Nothing "
                    "was sent. Put the token of @{handle}, or correct `handle`.",
                    name=quote(user["username"], api.secrets),
                    handle=self._handle,
                )
            )
        return Identity(remote_id=identifier(user["id"]), handle=user["username"])

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        self._check_owner(remote_id)
        return self._api.reading(lambda: read(self._api, remote_id, cursor, site=self._site, handle=self._handle))

    def cursor_at(self, moment: datetime) -> str:
        return x_id(moment)

    def survey(self, handle: str, since: datetime) -> Reading:
        return self._api.reading(lambda: survey(self._api, handle, since, site=self._site))

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if payload.image is None or image is None:
            return {}
        return self._api.sending(lambda: self._upload(image, payload.alt), publishing=False)

    def _upload(self, image: bytes, alt: str | None) -> Mapping[str, str]:
        # tweepy has no upload for v2, and the old one was switched off in 2025.
        client, body = self._api.client, {"media": base64.b64encode(image).decode(), "media_category": "tweet_image"}
        uploaded = client.request("POST", "/2/media/upload", json=body, user_auth=True).json()
        media_id = identifier(uploaded["data"]["id"])
        if alt:
            metadata = {"id": media_id, "metadata": {"alt_text": {"text": alt}}}
            client.request("POST", "/2/media/metadata", json=metadata, user_auth=True)
            self._api.bill.add(prices.X_MEDIA_METADATA)
        return {"media_id": media_id}

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        self._check_owner(remote_id)
        media = [prepared["media_id"]] if "media_id" in prepared else None

        def create() -> Published:
            answer = self._api.client.create_tweet(text=payload.text, media_ids=media, user_auth=True)
            post_id = identifier(answer["data"]["id"])
            return Published(remote_id=post_id, url=f"{self._site}/{self._handle}/status/{post_id}")

        try:
            published = self._api.sending(create, publishing=True)
        except OutcomeUnknown:  # what is perhaps live is perhaps billed; a duplicate is a refusal
            if self._api.answer is None or self._api.answer.status != 403:
                self._api.bill.add(prices.x_post(payload.text))
            raise
        self._api.bill.add(prices.x_post(payload.text))
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


def _token_number(token: str) -> str | None:
    """The account's number, which stands before the dash in every OAuth 1.0a access token of X."""
    number, dash, _ = token.partition("-")
    return number if dash and number.isascii() and number.isdigit() else None
