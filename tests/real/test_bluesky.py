"""The whole contract once more, against a real Bluesky server; and what only a real one can show."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.contracts.stage import IMAGE, PNG, STAGINGS
from tests.contracts.test_networks import *  # noqa: F403 (the same tests, on this stage)
from tests.real.bluesky_server import PASSWORD, Pds, real_bluesky
from tests.real.bluesky_stage import POST, BlueskyStage
from tests.real.cutting_proxy import Cut, cutting_proxy
from veilleuse.adapters.networks import rates
from veilleuse.adapters.networks.bluesky import SPEC, Bluesky
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import NotLive, Payload, Published
from veilleuse.domain.errors import ContentRefused, CredentialsRefused, OutcomeUnknown, RateLimited
from veilleuse.domain.text import normalise

pytestmark = pytest.mark.timeout(900)  # at the first time npm brings the server

PAYLOAD = Payload(text="Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?")
FAMILY = "👩\u200d🔧"  # one character of eleven bytes


@pytest.fixture(scope="module")
def pds() -> Iterator[Pds]:
    with real_bluesky() as running:
        yield running


@pytest.fixture
def real(pds: Pds) -> BlueskyStage:
    return BlueskyStage(pds)


@pytest.mark.parametrize(("cut", "meaning"), [("answer", Published), ("request", NotLive)])
def test_a_doubt_is_settled_by_the_posts_own_key(
    real: BlueskyStage, cut: Cut, meaning: type[Published | NotLive]
) -> None:
    with cutting_proxy(real.pds.url) as proxy, real.open(base_url=proxy.url) as network:
        assert isinstance(network, Bluesky)
        prepared = network.prepare(PAYLOAD, None)
        proxy.words, proxy.cut = b"com.atproto.repo.putRecord", cut
        with pytest.raises(OutcomeUnknown):
            network.publish(real.number, PAYLOAD, prepared, "key")
    with real.open() as network:
        assert isinstance(network, Bluesky)
        told = network.trace(real.number, prepared)
        shown = [entry.remote_id for entry in network.read(real.number, None).entries]
    assert type(told) is meaning
    assert shown == ([told.remote_id] if isinstance(told, Published) else [])


def test_a_call_repeated_as_it_was_is_the_same_post(real: BlueskyStage) -> None:
    with real.open() as network:
        prepared = network.prepare(PAYLOAD, None)
        first = network.publish(real.number, PAYLOAD, prepared, "key")
        assert network.publish(real.number, PAYLOAD, prepared, "key") == first
    assert real.texts() == [PAYLOAD.text]


def test_nothing_that_stands_under_the_key_is_replaced(real: BlueskyStage) -> None:
    with real.open() as network:
        prepared = network.prepare(PAYLOAD, None)
        network.publish(real.number, PAYLOAD, prepared, "key")
        with pytest.raises(OutcomeUnknown):
            network.publish(real.number, replace(PAYLOAD, text="Autre chose"), prepared, "key")
    assert real.texts() == [PAYLOAD.text]


def test_links_and_hashtags_are_live_and_the_link_has_its_card(real: BlueskyStage) -> None:
    text = SPEC.compose("Été 🎉 à l'atelier #Noël2026 sur acme.fr/vœux !", "https://www.acme.fr/offres/été?a=1")
    with real.open() as network:
        network.publish(real.number, Payload(text=text), network.prepare(Payload(text=text), None), "key")
        (entry,) = network.read(real.number, None).entries
    (record,) = real.records()
    letters = text.encode()
    spans = [letters[facet["index"]["byteStart"] : facet["index"]["byteEnd"]] for facet in record["value"]["facets"]]
    assert [span.decode() for span in spans] == ["#Noël2026", "acme.fr/vœux", "https://www.acme.fr/offres/été?a=1"]
    assert record["value"]["embed"]["external"] == {
        "uri": "https://www.acme.fr/offres/été?a=1",
        "title": "acme.fr/offres/été",
        "description": "",
    }
    assert record["value"]["langs"] == ["fr"]
    assert normalise(entry.text) == normalise(text)


def test_an_image_and_a_link_stand_in_one_post(real: BlueskyStage) -> None:
    payload = Payload(text="L'atelier 👩‍🔧\nhttps://acme.fr/atelier", image=IMAGE, alt="L'atelier, vu de la rue")
    with real.open() as network:
        network.publish(real.number, payload, network.prepare(payload, PNG), "key")
    (record,) = real.records()
    assert [facet["features"][0]["uri"] for facet in record["value"]["facets"]] == ["https://acme.fr/atelier"]
    assert real.images() == [(PNG, "L'atelier, vu de la rue")]


@pytest.mark.parametrize("text", ["é" * 300, FAMILY * 272 + "abcdefgh"], ids=["300 characters", "3000 bytes"])
def test_the_longest_text_is_accepted_and_one_longer_refused(real: BlueskyStage, text: str) -> None:
    assert SPEC.measure(text) == SPEC.limit
    assert SPEC.measure(text + "i") == SPEC.limit + 1
    with real.open() as network:
        real.publish(network, text)
        with pytest.raises(ContentRefused):
            real.publish(network, text + "i")
    assert real.texts() == [text]


@pytest.mark.parametrize(("size", "taken"), [(SPEC.image_max_bytes, True), (SPEC.image_max_bytes + 1, False)])
def test_the_largest_image_is_accepted_and_one_larger_refused(real: BlueskyStage, size: int, taken: bool) -> None:
    image, payload = PNG.ljust(size, b"\0"), Payload(text="L'atelier", image=IMAGE)
    with real.open() as network:
        prepared = network.prepare(payload, image)
        if taken:
            network.publish(real.number, payload, prepared, "key")
        else:
            with pytest.raises(ContentRefused):
                network.publish(real.number, payload, prepared, "key")
    assert len(real.texts()) == taken


def test_replies_and_reposts_are_told_from_posts(real: BlueskyStage) -> None:
    real.people_post("Bonjour")
    (post,) = real.records()
    subject, at = {"uri": post["uri"], "cid": post["cid"]}, real.clock.at.isoformat()
    other = {**subject, "uri": post["uri"].replace(real.number, real.pds.newcomer().did)}
    thread, answer = (
        {"$type": POST, "text": "Oui", "createdAt": at, "reply": {"root": subject, "parent": to}}
        for to in (subject, other)
    )
    repost = {"$type": "app.bsky.feed.repost", "subject": subject, "createdAt": at}
    for record in (thread, answer, repost):
        real.person.do("com.atproto.repo.createRecord", repo=real.number, collection=record["$type"], record=record)
    with real.open() as network:
        kinds = [entry.kind for entry in network.read(real.number, None).entries]
    assert kinds == [Kind.REPOST, Kind.REPLY, Kind.POST, Kind.POST]


def test_the_thirty_first_login_in_five_minutes_is_refused_and_says_until_when(real: BlueskyStage) -> None:
    for _ in range(30):
        with real.open() as network:
            network.identify()
    with real.open() as network, pytest.raises(RateLimited, match="used up"):  # as the 30th answer told us
        network.identify()
    rates.forget()
    with real.open() as network, pytest.raises(RateLimited, match="429") as limited:
        network.identify()
    assert limited.value.retry_at is not None
    assert timedelta(0) < limited.value.retry_at - datetime.now(UTC) <= timedelta(minutes=5)  # noqa: TID251
    with real.open() as network:
        assert network.read(real.number, None).complete


def test_the_accounts_own_password_works_and_is_warned_of(real: BlueskyStage) -> None:
    with real.open() as network:
        assert isinstance(network, Bluesky)
        good = network.examine()
    assert (good.identity.remote_id, good.identity.handle) == (real.number, real.person.handle)
    assert (good.may_post, good.expires_at, good.warnings) == (True, None, ())
    with real.open({"app_password": PASSWORD}) as network:
        assert isinstance(network, Bluesky)
        (warning,) = network.examine().warnings
    assert "app password" in warning


def test_an_app_password_taken_back_is_refused(real: BlueskyStage) -> None:
    real.person.do("com.atproto.server.revokeAppPassword", name="veilleuse")
    with real.open() as network, pytest.raises(CredentialsRefused, match=real.person.handle):
        network.prepare(PAYLOAD, None)


def test_a_deactivated_account_is_told_before_anything_is_sent(real: BlueskyStage) -> None:
    with real.open() as network:
        prepared = network.prepare(PAYLOAD, None)
        real.person.do("com.atproto.server.deactivateAccount")
        with pytest.raises(CredentialsRefused, match="AccountDeactivated"):
            network.publish(real.number, PAYLOAD, prepared, "key")
    with real.open() as network:
        assert isinstance(network, Bluesky)
        assert network.examine().may_post is False
        with pytest.raises(CredentialsRefused, match="deactivated"):
            network.prepare(PAYLOAD, None)


def test_a_stranger_sees_what_stands_and_not_what_was_deleted(real: BlueskyStage) -> None:
    real.people_post("Bonjour")
    with real.open() as network:
        assert isinstance(network, Bluesky)
        (entry,) = network.read(real.number, None).entries
        assert network.visible(entry) is True
        real.delete(entry.remote_id)
        assert network.visible(entry) is False


def test_a_profile_hidden_from_strangers_is_warned_of(real: BlueskyStage) -> None:
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "!no-unauthenticated"}]}
    profile = {"$type": "app.bsky.actor.profile", "displayName": "Acme", "labels": labels}
    real.person.do(
        "com.atproto.repo.putRecord", repo=real.number, collection=profile["$type"], rkey="self", record=profile
    )
    with real.open() as network:
        assert isinstance(network, Bluesky)
        (warning,) = network.examine().warnings
    assert "not logged in" in warning


def test_an_account_that_another_server_keeps_is_told(real: BlueskyStage) -> None:
    with real.open() as network, pytest.raises(CredentialsRefused, match="another server"):
        network.read("did:plc:abcdefghijklmnopqrstuvwx", None)


def test_this_stage_stands_for_the_network_of_that_name() -> None:
    assert STAGINGS["bluesky"].two_step is BlueskyStage.two_step
