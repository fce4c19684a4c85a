"""A Facebook Page through facebook-sdk, with the Page's own token. What is known of Facebook: docs/networks.md."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from veilleuse.adapters.networks.call import READ_DEADLINE, SEND_DEADLINE, ask, identifier, quote, storable
from veilleuse.adapters.networks.facebook_errors import UNKNOWN_PATH, error_codes, explain
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

if TYPE_CHECKING:
    import facebook

    from veilleuse.adapters.networks.http import Transport

T = TypeVar("T")

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

# facebook-sdk 3.1.0 takes no version newer than 3.1 as an argument, and its default, 2.8, is long dead.
VERSION = "v26.0"
_PAGE = 25
_MOST = 200
_FIELDS = "id,created_time,message,permalink_url,status_type,from,is_published"

log = structlog.get_logger()


@contextmanager
def connect(
    account: Account,
    secrets: Mapping[str, str],
    *,
    read_deadline: float = READ_DEADLINE,
    send_deadline: float = SEND_DEADLINE,
) -> Iterator[Network]:
    """A client with the Page's token. Deadlines in seconds, total for each call of the port."""
    import facebook
    import requests

    from veilleuse.adapters.networks.http import Transport

    base_url = account.options.get("base_url")
    meter = Meter(SPEC.title, base_url or "", app=secrets.get("app_id", ""), user=secrets["page_token"])
    transport = Transport(base_url, meter)
    with requests.Session() as session:
        transport.carry(session)
        graph = facebook.GraphAPI(secrets["page_token"], session=session)
        graph.version = VERSION
        yield Facebook(
            account=account,
            graph=graph,
            transport=transport,
            secrets=secrets,
            read_deadline=read_deadline,
            send_deadline=send_deadline,
        )


class Facebook:
    """One Facebook Page. Implements `ports.Network`, `Examining`, `Exposing`, `Hiding`; nothing pins by program."""

    spec = SPEC

    def __init__(
        self,
        *,
        account: Account,
        graph: facebook.GraphAPI,
        transport: Transport,
        secrets: Mapping[str, str],
        read_deadline: float,
        send_deadline: float,
    ) -> None:
        self._page = account.identity
        self._site = account.options.get("base_url", "https://www.facebook.com").rstrip("/")
        self._base_url = account.options.get("base_url")
        self._graph = graph
        self._transport = transport
        self._secrets = tuple(secrets.values())
        self._token = secrets["page_token"]
        self._app = (secrets["app_id"], secrets["app_secret"]) if {"app_id", "app_secret"} <= secrets.keys() else None
        self._read_deadline = read_deadline
        self._send_deadline = send_deadline
        self._served_by = VERSION

    def identify(self) -> Identity | None:
        return self._reading(self._identify)

    def examine(self) -> Examination:
        return self._reading(self._examine)

    def _examine(self) -> Examination:
        identity = self._identify() or Identity(remote_id=self._page, handle=self._page)
        answer = self._transport.answer
        told = {} if self._app is None else self._graph.debug_access_token(self._token, *self._app)
        found = judge_token(told.get("data") or {}, identity, answer.headers if answer else {}, VERSION)
        return replace(found, server_time=answer.date if answer else None)

    def visible(self, entry: Entry) -> bool | None:
        """Asked of the public page, without a token: the Graph API shows nothing to strangers, public or not.

        Of an app in development mode nobody but its administrators sees a post.
        """
        if entry.url is None:
            return None
        return self._reading(
            lambda: shown_to_strangers(str(entry.url), entry.text, self._base_url, self._read_deadline)
        )

    def _identify(self) -> Identity | None:
        owner = self._found("me") or self._found(self._page)
        if owner is None:
            return None
        if identifier(owner["id"]) != self._page:
            name = quote(f"{owner.get('name', '')} ({owner['id']})", self._secrets)
            raise CredentialsRefused(
                sentence(
                    "The token belongs to {name} on Facebook, not to the Page {page}: it looks like a person's "
                    "token, or another Page's. Nothing was sent. Put this Page's own token, or correct `page_id`.",
                    name=storable(name),
                    page=self._page,
                )
            )
        return Identity(remote_id=self._page, handle=storable(str(owner.get("name", self._page))))

    def _found(self, path: str) -> Any:
        """The object there; None if this server does not know the path."""
        try:
            return self._graph.get_object(path, fields="id,name")
        except Exception:
            answer = self._transport.answer
            if answer is not None and (answer.status == 404 or error_codes(answer)[0] in UNKNOWN_PATH):
                return None
            raise

    def read(self, remote_id: str, cursor: str | None) -> Reading:
        return self._reading(lambda: self._read(remote_id, cursor))

    def _read(self, page_id: str, cursor: str | None) -> Reading:
        since, seen = _cursor(cursor)
        entries: list[Entry] = []
        after: str | None = None
        while True:
            page = self._graph.get_connections(page_id, "published_posts", fields=_FIELDS, limit=_PAGE, after=after)
            posts = [_entry(post, self._site) for post in page["data"] if _own(post, page_id)]
            # Times are whole seconds: another post of the same second may be new.
            entries += [post for post in posts if post.created_at >= since and post.remote_id != seen]
            reached = any(post.created_at < since or post.remote_id == seen for post in posts)
            paging = page.get("paging") or {}
            after = (paging.get("cursors") or {}).get("after") if "next" in paging else None
            if cursor is None or reached or after is None or len(entries) >= _MOST:
                break
        assert self._transport.answer is not None
        now = self._transport.answer.date
        # A post dated in the future must not hide those that come before that date.
        past = [entry for entry in entries if now is None or entry.created_at <= now]
        newest = max(past, key=lambda entry: entry.created_at, default=None)
        return Reading(
            entries=tuple(sorted(entries, key=lambda entry: entry.created_at, reverse=True)),
            # Nothing at all, where there was something: Facebook says so too when a right was lost.
            complete=cursor is None or reached or (after is None and bool(entries)),
            cursor=f"{newest.created_at.isoformat()} {newest.remote_id}" if newest else cursor,
            server_time=now,
        )

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
            found = self._reading(lambda: self._survey(handle, since))
        except CredentialsRefused:
            found = None
        if found is None:
            raise Unreachable(hidden)
        return found

    def _survey(self, handle: str, since: datetime) -> Reading | None:
        page = self._found(handle)
        if page is None:
            return None
        page_id = identifier(page["id"])
        reading = self._read(page_id, cursor_at(since))
        return reading if reading.entries else self._read(page_id, None)

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
            photo = self._graph.put_photo(source, album_path=f"{self._page}/photos", published="false", **alt)
            return {"photo_id": identifier(photo["id"])}

        return self._sending(upload, publishing=False)

    def publish(self, remote_id: str, payload: Payload, prepared: Mapping[str, str], key: str) -> Published:
        fields = {"message": payload.text}
        if payload.link:
            fields["link"] = payload.link
        if "photo_id" in prepared:
            fields["attached_media[0]"] = json.dumps({"media_fbid": prepared["photo_id"]})

        def create() -> Published:
            post_id = identifier(self._graph.put_object(remote_id, "feed", **fields)["id"])
            return Published(remote_id=post_id, url=f"{self._site}/{post_id}")

        return self._sending(create, publishing=True)

    def hide(self) -> None:
        """As `ports.Hiding`: unpublished, the Page is seen by its administrators only. Wants pages_manage_metadata."""
        self._set_published(False)

    def show(self) -> None:
        self._set_published(True)

    def _set_published(self, published: bool) -> None:
        post = {"is_published": json.dumps(published)}
        self._sending(lambda: self._graph.request(f"{VERSION}/{self._page}", post_args=post), publishing=False)

    def hidden(self) -> bool:
        return self._reading(lambda: self._graph.get_object(self._page, fields="is_published")["is_published"] is False)

    def _reading(self, call: Callable[[], T]) -> T:
        self._transport.start(self._read_deadline)
        answer = ask(call, lambda error: explain(error, self._transport.answer, self._secrets, read=True))
        self._check_version()
        return answer

    def _sending(self, call: Callable[[], T], *, publishing: bool) -> T:
        self._transport.start(self._send_deadline)
        return ask(call, lambda error: explain(error, self._transport.answer, self._secrets, publishing=publishing))

    def _check_version(self) -> None:
        """Facebook answers an expired version in the next one, and then fields may be missing: say so once."""
        answer = self._transport.answer
        served_by = answer.headers.get("facebook-api-version", VERSION) if answer else VERSION
        if served_by != self._served_by:
            self._served_by = served_by
            log.warning("facebook.other_version", page=self._page, asked=VERSION, served_by=served_by)


def _cursor(cursor: str | None) -> tuple[datetime, str]:
    """Time and id of the newest post seen. The time leads: the post itself may have been deleted since."""
    if cursor is None:
        return datetime.min.replace(tzinfo=UTC), ""
    at, _, post_id = cursor.partition(" ")
    return datetime.fromisoformat(at), post_id


def _own(post: Mapping[str, Any], page_id: str) -> bool:
    """Published by the Page itself, not by a visitor on it."""
    author = post.get("from")
    return post.get("is_published", True) and (author is None or str(author.get("id")) == page_id)


def _entry(post: Mapping[str, Any], site: str) -> Entry:
    return Entry(
        remote_id=identifier(post["id"]),
        text=storable(post.get("message") or ""),
        created_at=datetime.fromisoformat(post["created_time"]).astimezone(UTC),
        url=post.get("permalink_url") or f"{site}/{post['id']}",
    )
