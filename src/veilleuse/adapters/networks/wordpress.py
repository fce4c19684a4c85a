"""A WordPress blog through its own REST API, with an application password. What is known of it: docs/networks.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, ask, identifier, storable
from veilleuse.adapters.networks.fetch import get
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.since import cursor_at
from veilleuse.adapters.networks.wordpress_api import Api
from veilleuse.adapters.networks.wordpress_comments import unanswered
from veilleuse.adapters.networks.wordpress_draft import draft, publish, trace
from veilleuse.adapters.networks.wordpress_errors import explain
from veilleuse.adapters.networks.wordpress_timeline import read
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import ContentRefused, CredentialsRefused
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.domain.waiting import Wait
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

if TYPE_CHECKING:
    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

SPEC = NetworkSpec(
    name="wordpress",
    title="WordPress",
    keys=(Key(name="base_url", help=N_("the blog's address")),),
    identity_key="base_url",
    secrets=(
        Secret(name="user", help=N_("login name of a user with the role Author or Editor")),
        Secret(name="app_password", help=N_("application password, made in that user's profile")),
    ),
    limit=20_000,  # WordPress has none; beyond this nobody reads
    measure=len,
    link_in_text=True,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
    image_max_bytes=8_000_000,  # a host may allow less: then it says so
    absence_after=None,  # the draft's own status tells; where it is gone too, only a human knows
    idle_read=timedelta(hours=6),
    blog=True,
    answers=True,
)


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A client with this user's password. Deadlines in seconds, total for each call of the port."""
    import requests

    from veilleuse.adapters.networks.http import Transport

    site = account.options["base_url"].rstrip("/")
    transport = Transport(site, Meter(SPEC.title, site, user=secrets["user"]))
    with requests.Session() as session:
        transport.carry(session)
        api = Api(session, transport, site, secrets["user"], secrets["app_password"])
        yield WordPress(
            site=site, api=api, transport=transport, read_deadline=read_deadline, send_deadline=send_deadline
        )


class WordPress:
    """One blog. Implements `ports.Network`, `Tracing`, `Examining`, `Exposing`, `Answering`, `Recalling`."""

    spec = SPEC

    def __init__(
        self, *, site: str, api: Api, transport: Transport, read_deadline: float, send_deadline: float
    ) -> None:
        self._site = site
        self._api = api
        self._transport = transport
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline

    def identify(self) -> Identity:
        return self.examine().identity

    def examine(self) -> Examination:
        return self._reading(self._examine)

    def _examine(self) -> Examination:
        me = self._api.call("GET", "/users/me", {"context": "edit", "_fields": "id,name,capabilities"})
        may = me.get("capabilities") or {}
        if not may.get("publish_posts"):
            raise CredentialsRefused(
                sentence(
                    "The user on WordPress at {site} may not publish. Nothing was published. Give it the role Author "
                    "or Editor.",
                    site=self._site,
                )
            )
        images = sentence(
            "This user may not upload images: posts with one would be refused. Give it the role Author or Editor."
        )
        return Examination(
            identity=Identity(
                remote_id=identifier(self._api.home.partition("://")[2]), handle=storable(str(me.get("name", "")))
            ),
            may_post=True,
            warnings=() if may.get("upload_files") else (images,),
        )

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._reading(lambda: read(self._api, cursor))

    def cursor_at(self, moment: datetime) -> str:
        return cursor_at(moment)

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if SPEC.measure(payload.text) > SPEC.limit:
            raise ContentRefused(
                sentence("The text is longer than {limit} characters. It is not live.", limit=SPEC.limit)
            )
        return self._sending(lambda: {"post_id": draft(self._api, payload, image)}, publishing=False)

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        self._sending(self._api.find, publishing=False)
        return self._sending(lambda: publish(self._api, prepared["post_id"]), publishing=True)

    def trace(self, remote_id: str, prepared: Mapping[str, str]) -> Published | NotLive | None:
        if "post_id" not in prepared:
            return None
        return self._reading(lambda: trace(self._api, prepared["post_id"]))

    def visible(self, entry: Entry) -> bool | None:
        """Its page, asked for without credentials. A redirect tells nothing: to a login, or to a nicer address."""
        if entry.url is None:
            return None
        answer = self._reading(lambda: get(str(entry.url), {}, self._read_deadline))
        return {200: True, 401: False, 403: False, 404: False, 410: False}.get(answer.status)

    def unanswered(self, remote_id: str, since: datetime) -> tuple[Wait, ...]:
        return self._reading(lambda: unanswered(self._api, since))

    def _reading(self, call: Callable[[], T]) -> T:
        self._transport.start(self._read_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._site, self._api.secrets, read=True))

    def _sending(self, call: Callable[[], T], *, publishing: bool) -> T:
        self._transport.start(self._send_deadline)
        return ask(
            call,
            lambda error: explain(error, self._transport.answer, self._site, self._api.secrets, publishing=publishing),
        )
