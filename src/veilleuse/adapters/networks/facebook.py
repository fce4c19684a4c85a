"""A Facebook Page through facebook-sdk, with the Page's own token. What is known of Facebook: docs/networks.md."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, identifier, quote, storable
from veilleuse.adapters.networks.facebook_graph import VERSION, Graph
from veilleuse.adapters.networks.facebook_timeline import read, survey
from veilleuse.adapters.networks.facebook_view import judge_token, shown_to_strangers
from veilleuse.adapters.networks.rates import Meter
from veilleuse.adapters.networks.since import cursor_at
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry, Examination, Identity, Reading
from veilleuse.domain.attempt import Payload, Published
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, Unreachable
from veilleuse.domain.network import Key, NetworkSpec, Secret
from veilleuse.language import N_, sentence
from veilleuse.ports import Network

SPEC = NetworkSpec(
    name="facebook",
    title="Facebook",
    keys=(Key(name="page_id", help=N_("the Page's number, from its About tab")),),
    identity_key="page_id",
    secrets=(
        Secret(name="page_token", help=N_("Page access token with pages_manage_posts and pages_read_engagement")),
        Secret(name="app_id", required=False, help=N_("number of the app, to watch when the token expires")),
        Secret(name="app_secret", required=False, help=N_("secret of the app, to watch when the token expires")),
    ),
    limit=63_206,
    measure=len,
    link_in_text=False,
    image_with_link=False,
    image_types=frozenset({"image/jpeg", "image/png", "image/gif"}),
    image_max_bytes=4_000_000,
    hides=True,
    absence_after=timedelta(hours=2),
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
    """A client with the Page's token. Deadlines in seconds, total for each call of the port."""
    import requests

    from veilleuse.adapters.networks.http import Transport

    base_url, token = account.options.get("base_url"), secrets["page_token"]
    transport = Transport(base_url, Meter(SPEC.title, base_url or "", app=secrets.get("app_id", ""), user=token))
    with requests.Session() as session:
        graph = Graph(
            session,
            transport,
            token,
            page=account.identity,
            secrets=tuple(secrets.values()),
            read_deadline=read_deadline,
            send_deadline=send_deadline,
        )
        yield Facebook(account=account, graph=graph, secrets=secrets)


class Facebook:
    """One Facebook Page. Implements `ports.Network`, `Examining`, `Exposing`, `Hiding`, `Recalling`, `Surveying`.

    Nothing pins by program. Who waits for an answer is not asked: docs/networks.md says why.
    """

    spec = SPEC

    def __init__(self, *, account: Account, graph: Graph, secrets: Mapping[str, str]) -> None:
        self._page = account.identity
        self._base_url = account.options.get("base_url")
        self._site = account.options.get("base_url", "https://www.facebook.com").rstrip("/")
        self._graph = graph
        self._token = secrets["page_token"]
        self._app = (secrets["app_id"], secrets["app_secret"]) if {"app_id", "app_secret"} <= secrets.keys() else None

    def identify(self) -> Identity | None:
        return self._graph.reading(self._identify)

    def examine(self) -> Examination:
        return self._graph.reading(self._examine)

    def _examine(self) -> Examination:
        identity = self._identify() or Identity(remote_id=self._page, handle=self._page)
        answer = self._graph.answer
        told = {} if self._app is None else self._graph.api.debug_access_token(self._token, *self._app)
        found = judge_token(told.get("data") or {}, identity, answer.headers if answer else {}, VERSION)
        return replace(found, server_time=answer.date if answer else None)

    def visible(self, entry: Entry) -> bool | None:
        """Asked of the public page, without a token: the Graph API shows nothing to strangers, public or not.

        Of an app in development mode nobody but its administrators sees a post.
        """
        if entry.url is None:
            return None
        return self._graph.reading(
            lambda: shown_to_strangers(str(entry.url), entry.text, self._base_url, self._graph.read_deadline)
        )

    def _identify(self) -> Identity | None:
        owner = self._graph.found("me") or self._graph.found(self._page)
        if owner is None:
            return None
        if identifier(owner["id"]) != self._page:
            name = quote(f"{owner.get('name', '')} ({owner['id']})", self._graph.secrets)
            raise CredentialsRefused(
                sentence(
                    "The token belongs to {name} on Facebook, not to the Page {page}: it looks like a person's "
                    "token, or another Page's. Nothing was sent. Put this Page's own token, or correct `page_id`.",
                    name=storable(name),
                    page=self._page,
                )
            )
        return Identity(remote_id=self._page, handle=storable(str(owner.get("name", self._page))))

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._graph.reading(lambda: read(self._graph, remote_id, cursor, self._site))

    def cursor_at(self, moment: datetime) -> str:
        return cursor_at(moment)

    def survey(self, handle: str, since: datetime) -> Reading:
        """Another Page, as far as Facebook shows it to this one's token: that takes Page Public Content Access."""
        hidden = sentence(
            "Facebook shows the Page {handle} to no token of yours, or knows none of that name: reading other Pages "
            "takes the right Page Public Content Access.",
            handle=handle,
        )
        try:
            found = self._graph.reading(lambda: survey(self._graph, handle, since, self._site))
        except CredentialsRefused:
            found = None
        if found is None:
            raise Unreachable(hidden)
        return found

    def prepare(self, payload: Payload, image: bytes | None) -> Mapping[str, str]:
        if payload.image is None or image is None:
            return {}
        if payload.link:
            raise ContentRefused(
                sentence("A post on Facebook shows an image or a link's preview, not both. It is not live.")
            )
        source = (payload.image.name, image, payload.image.media_type)
        alt = {"alt_text_custom": payload.alt} if payload.alt else {}

        def upload() -> Mapping[str, str]:
            photo = self._graph.api.put_photo(source, album_path=f"{self._page}/photos", published="false", **alt)
            return {"photo_id": identifier(photo["id"])}

        return self._graph.sending(upload)

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        fields = {"message": payload.text}
        if payload.link:
            fields["link"] = payload.link
        if "photo_id" in prepared:
            fields["attached_media[0]"] = json.dumps({"media_fbid": prepared["photo_id"]})

        def create() -> Published:
            post_id = identifier(self._graph.api.put_object(remote_id, "feed", **fields)["id"])
            return Published(remote_id=post_id, url=f"{self._site}/{post_id}")

        return self._graph.sending(create, publishing=True)

    def hide(self) -> None:
        """As `ports.Hiding`: unpublished, the Page is seen by its administrators only. Wants pages_manage_metadata."""
        self._set_published(False)

    def show(self) -> None:
        self._set_published(True)

    def _set_published(self, published: bool) -> None:
        post = {"is_published": json.dumps(published)}
        self._graph.sending(lambda: self._graph.api.request(f"{VERSION}/{self._page}", post_args=post))

    def hidden(self) -> bool:
        return self._graph.reading(
            lambda: self._graph.api.get_object(self._page, fields="is_published")["is_published"] is False
        )
