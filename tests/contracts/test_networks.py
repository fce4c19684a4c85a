"""One contract for every network: each adapter through its real client library against the sandbox, and the fake."""

import pytest

from tests.contracts.stage import IMAGE, PNG, PUBLISHING, RealStage, Stage
from veilleuse.adapters.networks import SPECS
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.domain.text import normalise


def test_every_network_that_publishes_has_joined() -> None:
    assert {*PUBLISHING, "outbox"} == {name for name, spec in SPECS.items() if spec.publishes}


TEXTS = {
    "french": "Nos horaires d'hiver\u00a0: 9\u202fh – 17\u202fh. Plutôt «\u00a0matin\u00a0»\u202f?",
    "emoji": "Bonne année 🎉❤\ufe0f à toutes et à tous 👩\u200d🔧👍🏽 🇫🇷",
    "apostrophes": "L'équipe n’attend qu'un « oui » : c'est l'été ! \"Vraiment\".",
    "markup": "R&D <b>fait</b> x > y && z &amp; &lt;",
    "links": "Tout est sur https://www.acme.fr/offres/été?a=1&b=2, ou acme.fr/vœux. (voir https://acme.fr/)",
    "lines": "Un\n\ndeux\ntrois",
    "exactly 280": "é" * 279 + "!",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_published_reads_back_equal(stage: Stage, text: str) -> None:
    with stage.open() as network:
        remote_id = stage.publish(network, text)
        (entry,) = network.read(stage.number, None).entries
    assert entry.remote_id == remote_id
    assert normalise(entry.text) == normalise(text)
    assert [normalise(each) for each in stage.texts()] == [normalise(text)]


def test_a_link_arrives_and_the_text_still_reads_back_equal(stage: Stage) -> None:
    with stage.open() as network:
        stage.publish(network, "Nos offres", link="https://www.acme.fr/offres")
        (entry,) = network.read(stage.number, None).entries
        composed = network.spec.compose("Nos offres", "https://www.acme.fr/offres")
    assert normalise(entry.text) == normalise(composed)


def test_what_is_prepared_of_a_bare_text_is_not_yet_visible(stage: Stage) -> None:
    with stage.open() as network:
        prepared = network.prepare(Payload(text="Bonjour"), None)
        reading = network.read(stage.number, None)
    assert bool(prepared) is stage.two_step
    assert (reading.entries, stage.texts()) == ((), [])


def test_an_image_prepared_is_not_yet_visible(stage: Stage) -> None:
    with stage.open() as network:
        prepared = network.prepare(Payload(text="Notre atelier", image=IMAGE), PNG)
        reading = network.read(stage.number, None)
    assert prepared
    assert reading.entries == ()


def test_an_image_arrives_with_its_alternative_text(real: RealStage) -> None:
    payload = Payload(text="Notre atelier", image=IMAGE, alt="L'atelier, vu de la rue")
    with real.open() as network:
        network.publish(real.number, payload, network.prepare(payload, PNG), "key")
        (entry,) = network.read(real.number, None).entries
    assert normalise(entry.text) == "Notre atelier"
    assert real.images() == [(PNG, "L'atelier, vu de la rue")]


def test_what_a_human_posts_is_seen_with_its_time(read: Stage) -> None:
    read.people_post("Venez nous voir samedi !")
    with read.open() as network:
        reading = network.read(read.number, None)
    (entry,) = reading.entries
    assert (entry.text, entry.kind, entry.created_at) == ("Venez nous voir samedi !", Kind.POST, read.clock.at)
    assert reading.complete
    assert read.is_now(reading.server_time)


def test_an_empty_timeline_reads_empty(read: Stage) -> None:
    with read.open() as network:
        reading = network.read(read.number, None)
    assert (reading.entries, reading.complete, reading.cursor) == ((), True, None)


def test_a_cursor_reads_only_what_is_new(read: Stage) -> None:
    read.people_post("un", "deux")
    with read.open() as network:
        first = network.read(read.number, None)
        again = network.read(read.number, first.cursor)
        read.people_post("trois", "quatre")
        then = network.read(read.number, first.cursor)
    assert [entry.text for entry in first.entries] == ["deux", "un"]
    assert (again.entries, again.complete, again.cursor) == ((), True, first.cursor)
    assert [entry.text for entry in then.entries] == ["quatre", "trois"]
    assert then.complete


def test_a_gap_of_many_posts_is_read_whole(stage: Stage) -> None:
    stage.people_post("avant")
    with stage.open() as network:
        cursor = network.read(stage.number, None).cursor
        stage.people_post(*(f"numéro {n}" for n in range(130)))
        reading = network.read(stage.number, cursor)
    assert [entry.text for entry in reading.entries] == [f"numéro {n}" for n in reversed(range(130))]
    assert reading.complete


def test_a_gap_beyond_two_hundred_posts_is_said_to_be_incomplete(stage: Stage) -> None:
    stage.people_post("avant")
    with stage.open() as network:
        cursor = network.read(stage.number, None).cursor
        stage.people_post(*(f"numéro {n}" for n in range(230)))
        reading = network.read(stage.number, cursor)
    assert not reading.complete
    assert len(reading.entries) == 200
    assert reading.entries[0].text == "numéro 229"


def test_a_cursor_survives_the_deletion_of_its_post(real: RealStage) -> None:
    real.people_post("un", "deux")
    with real.open() as network:
        first = network.read(real.number, None)
        real.delete(first.entries[0].remote_id)
        real.people_post("trois")
        then = network.read(real.number, first.cursor)
    assert [entry.text for entry in then.entries] == ["trois"]
    assert then.complete


def test_an_old_timeline_without_cursor_shows_its_newest(real: RealStage) -> None:
    real.people_post(*(f"numéro {n}" for n in range(60)))
    with real.open() as network:
        reading = network.read(real.number, None)
    assert reading.entries[0].text == "numéro 59"
    assert reading.complete


def test_the_credentials_own_identity_is_told(stage: Stage) -> None:
    with stage.open() as network:
        identity = network.identify()
    assert identity is not None
    assert identity.remote_id == stage.number


def test_the_credentials_of_another_account_are_refused_naming_both(real: RealStage) -> None:
    secrets, other = real.somebody_else()
    with real.open(secrets) as network, pytest.raises(CredentialsRefused) as refused:
        network.identify()
    assert real.account.identity in str(refused.value)
    assert other in str(refused.value)
