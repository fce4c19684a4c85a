"""One contract for every network: each adapter, through its real client library, against the sandbox on loopback."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from veilleuse.adapters.networks import SPECS, facebook, x
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Unreachable,
)
from veilleuse.domain.post import Image
from veilleuse.domain.rule import Rule
from veilleuse.domain.text import normalise
from veilleuse.ports import Network
from veilleuse.sandbox import Fault, Presence, Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
DEADLINE = 0.5  # seconds
CONNECT = {"x": x.connect, "facebook": facebook.connect}
IDENTITY = {"x": "acme", "facebook": "1234567890"}
CANARY = "cAnArY"


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Bench:
    """One account on one network, and the sandbox behind it."""

    clock: Clock
    sandbox: Sandbox
    account: Account
    presence: Presence

    @contextmanager
    def open(self, secrets: Mapping[str, str] | None = None, **options: str) -> Iterator[Network]:
        account = replace(self.account, options={**self.account.options, **options})
        connect = CONNECT[account.network]
        with connect(
            account, secrets or self.presence.secrets, read_deadline=DEADLINE, send_deadline=DEADLINE
        ) as network:
            yield network

    def publish(self, network: Network, text: str, **more: str) -> str:
        payload = Payload(text=network.spec.compose(text, more.get("link")), link=more.get("link"))
        return network.publish(self.presence.number, payload, {}, "key").remote_id

    def people_post(self, *texts: str) -> None:
        for text in texts:
            self.clock.sleep(60)
            self.sandbox.post_as_human(self.presence.identity, text)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Clock, Sandbox]]:
    clock = Clock()
    with Sandbox(clock) as sandbox:
        yield clock, sandbox


@pytest.fixture(params=sorted(SPECS))
def bench(request: pytest.FixtureRequest, running: tuple[Clock, Sandbox]) -> Bench:
    clock, sandbox = running
    network = request.param
    identity = IDENTITY[network] + str(len(sandbox.presences))  # a fresh account for each test
    names = [secret.name for secret in SPECS[network].secrets]
    secrets = {name: f"{CANARY}-{name}-{identity}" for name in [*names, "person_token"]}
    presence = sandbox.add(network, identity, title="Acme", secrets=secrets)
    account = Account(
        name=f"acme-{network}",
        network=network,
        identity=identity,
        owner="claire",
        rule=Rule(),
        options={"base_url": sandbox.base_url},
    )
    return Bench(clock=clock, sandbox=sandbox, account=account, presence=presence)


# --- reading and publishing -----------------------------------------------------------------------------------------

TEXTS = {
    "french": "Nos horaires d'hiver\u00a0: 9\u202fh – 17\u202fh. Plutôt «\u00a0matin\u00a0» ou «\u00a0soir\u00a0»\u202f?",
    "emoji": "Bonne année 🎉❤️ à toutes et à tous 👩‍🔧👍🏽 🇫🇷",
    "apostrophes": "L'équipe n’attend qu'un « oui » : c'est l'été ! \"Vraiment\".",
    "markup": "R&D <b>fait</b> x > y && z &amp; &lt;",
    "links": "Tout est sur https://www.acme.fr/offres/été?a=1&b=2, ou acme.fr/vœux. (voir https://acme.fr/)",
    "lines": "Un\n\ndeux\ntrois",
    "exactly 280": "é" * 279 + "!",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_published_reads_back_equal(bench: Bench, text: str) -> None:
    with bench.open() as network:
        remote_id = bench.publish(network, text)
        (entry,) = network.read(bench.presence.number, None).entries
    assert entry.remote_id == remote_id
    assert normalise(entry.text) == normalise(text)
    (shown,) = bench.sandbox.timeline(bench.presence.identity)
    assert (shown.id, shown.text, shown.by) == (remote_id, text, "api")


def test_a_link_arrives_and_the_text_still_reads_back_equal(bench: Bench) -> None:
    with bench.open() as network:
        bench.publish(network, "Nos offres", link="https://www.acme.fr/offres")
        (entry,) = network.read(bench.presence.number, None).entries
        wanted = network.spec.compose("Nos offres", "https://www.acme.fr/offres")
    assert normalise(entry.text) == normalise(wanted)
    (shown,) = bench.sandbox.timeline(bench.presence.identity)
    assert "https://www.acme.fr/offres" in (shown.link or shown.text)


def test_an_image_arrives_with_its_alternative_text(bench: Bench) -> None:
    image = Image(sha256="0" * 64, media_type="image/png", size=len(PNG), name="été.png")
    payload = Payload(text="Notre atelier", image=image, alt="L'atelier, vu de la rue")
    with bench.open() as network:
        prepared = network.prepare(payload, PNG)
        assert bench.sandbox.timeline(bench.presence.identity) == ()
        network.publish(bench.presence.number, payload, prepared, "key")
        (entry,) = network.read(bench.presence.number, None).entries
    assert normalise(entry.text) == "Notre atelier"
    (shown,) = bench.sandbox.timeline(bench.presence.identity)
    assert shown.alt == "L'atelier, vu de la rue"
    stored = bench.sandbox.image(shown.image or "")
    assert stored is not None
    assert stored.data == PNG


def test_a_post_without_image_prepares_nothing(bench: Bench) -> None:
    with bench.open() as network:
        assert network.prepare(Payload(text="Bonjour"), None) == {}


def test_what_a_human_posts_is_seen_with_its_time(bench: Bench) -> None:
    bench.people_post("Venez nous voir samedi !")
    with bench.open() as network:
        reading = network.read(bench.presence.number, None)
    (entry,) = reading.entries
    assert (entry.text, entry.kind, entry.created_at) == ("Venez nous voir samedi !", Kind.POST, bench.clock.at)
    assert reading.complete
    assert reading.server_time == bench.clock.at


def test_an_empty_timeline_reads_empty(bench: Bench) -> None:
    with bench.open() as network:
        reading = network.read(bench.presence.number, None)
    assert (reading.entries, reading.complete, reading.cursor) == ((), True, None)


def test_a_cursor_reads_only_what_is_new(bench: Bench) -> None:
    bench.people_post("un", "deux")
    with bench.open() as network:
        first = network.read(bench.presence.number, None)
        again = network.read(bench.presence.number, first.cursor)
        bench.people_post("trois", "quatre")
        then = network.read(bench.presence.number, first.cursor)
    assert [entry.text for entry in first.entries] == ["deux", "un"]
    assert (again.entries, again.complete, again.cursor) == ((), True, first.cursor)
    assert [entry.text for entry in then.entries] == ["quatre", "trois"]
    assert then.complete


def test_a_cursor_survives_the_deletion_of_its_post(bench: Bench) -> None:
    bench.people_post("un", "deux")
    with bench.open() as network:
        first = network.read(bench.presence.number, None)
        bench.sandbox.delete(bench.presence.identity, first.entries[0].remote_id)
        bench.people_post("trois")
        then = network.read(bench.presence.number, first.cursor)
    assert [entry.text for entry in then.entries] == ["trois"]
    assert then.complete


def test_a_gap_of_many_posts_is_read_over_several_pages(bench: Bench) -> None:
    bench.people_post("avant")
    with bench.open() as network:
        cursor = network.read(bench.presence.number, None).cursor
        bench.people_post(*(f"numéro {n}" for n in range(130)))
        reading = network.read(bench.presence.number, cursor)
    assert [entry.text for entry in reading.entries] == [f"numéro {n}" for n in reversed(range(130))]
    assert reading.complete


def test_a_gap_beyond_two_hundred_posts_is_said_to_be_incomplete(bench: Bench) -> None:
    bench.people_post("avant")
    with bench.open() as network:
        cursor = network.read(bench.presence.number, None).cursor
        bench.people_post(*(f"numéro {n}" for n in range(230)))
        reading = network.read(bench.presence.number, cursor)
    assert not reading.complete
    assert len(reading.entries) == 200
    assert reading.entries[0].text == "numéro 229"


# --- identity -------------------------------------------------------------------------------------------------------


def test_the_credentials_own_identity_is_told(bench: Bench) -> None:
    with bench.open() as network:
        identity = network.identify()
    assert identity is not None
    assert identity.remote_id == bench.presence.number


def test_the_credentials_of_another_account_are_refused_naming_both(bench: Bench) -> None:
    other = bench.sandbox.add(bench.account.network, bench.presence.identity + "9", title="Autre")
    with bench.open(other.secrets) as network, pytest.raises(CredentialsRefused) as refused:
        network.identify()
    assert bench.presence.identity in str(refused.value)
    assert other.identity in str(refused.value)


def test_unknown_credentials_are_refused(bench: Bench) -> None:
    wrong = {name: f"{value}-wrong" for name, value in bench.presence.secrets.items()}
    for call in CALLS.values():
        with bench.open(wrong) as network, pytest.raises(CredentialsRefused):
            call(bench, network)


# --- faults ---------------------------------------------------------------------------------------------------------


def _publish(bench: Bench, network: Network) -> object:
    return bench.publish(network, "Bonjour")


def _prepare(bench: Bench, network: Network) -> object:
    image = Image(sha256="0" * 64, media_type="image/png", size=len(PNG), name="a.png")
    return network.prepare(Payload(text="Bonjour", image=image, alt="Une image"), PNG)


CALLS: Mapping[str, Callable[[Bench, Network], object]] = {
    "identify": lambda bench, network: network.identify(),
    "read": lambda bench, network: network.read(bench.presence.number, None),
    "prepare": _prepare,
    "publish": _publish,
}

# What a fault means. On a publish, then on a preparation, then on a read; None: the call succeeds all the same.
MEANING: Mapping[Fault, tuple[type[NetworkError] | None, type[NetworkError] | None, type[NetworkError] | None]] = {
    Fault.RATE: (RateLimited, RateLimited, RateLimited),
    Fault.UNAUTHORIZED: (CredentialsRefused, CredentialsRefused, CredentialsRefused),
    Fault.FORBIDDEN: (CredentialsRefused, CredentialsRefused, CredentialsRefused),
    Fault.MONEY: (BudgetExhausted, BudgetExhausted, BudgetExhausted),
    Fault.CONTENT: (ContentRefused, ContentRefused, Unreachable),
    Fault.JSON_LIST: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.BUSY: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.BUSY_AFTER: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.HTML: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.HTML_AFTER: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.REDIRECT: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.RESET: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.RESET_AFTER: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.SILENCE_AFTER: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.EMPTY_AFTER: (OutcomeUnknown, Unreachable, Unreachable),
    Fault.DRIP: (OutcomeUnknown, Unreachable, Unreachable),
}
# Facebook has no price; its rate codes come with posts that are live; facebook-sdk cannot read an answer without a type.
FACEBOOK = {
    Fault.RATE: (OutcomeUnknown, RateLimited, RateLimited),
    Fault.MONEY: (ContentRefused, ContentRefused, Unreachable),
    Fault.NO_CONTENT_TYPE: (OutcomeUnknown, Unreachable, Unreachable),
}
X = {Fault.NO_CONTENT_TYPE: (None, None, None)}


def meaning(network: str, fault: Fault, sort: str) -> type[NetworkError] | None:
    own = X if network == "x" else FACEBOOK
    publish, prepare, read = own.get(fault) or MEANING[fault]
    return {"publish": publish, "prepare": prepare}.get(sort, read)


@pytest.mark.parametrize("sort", CALLS)
@pytest.mark.parametrize("fault", [*MEANING, Fault.NO_CONTENT_TYPE])
def test_each_fault_is_exactly_one_error_in_time_and_without_a_secret(
    bench: Bench, fault: Fault, sort: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bench.sandbox.fault(bench.presence.identity, sort, fault)
    wanted = meaning(bench.account.network, fault, sort)
    with ExitStack() as stack:
        network = stack.enter_context(bench.open())
        started = monotonic()
        if wanted is None:
            CALLS[sort](bench, network)
        else:
            with pytest.raises(NetworkError) as raised:
                CALLS[sort](bench, network)
            assert type(raised.value) is wanted
            assert CANARY not in everything_said_by(raised.value)
        assert monotonic() - started < DEADLINE + 0.4
    assert CANARY not in caplog.text


def everything_said_by(error: BaseException | None) -> str:
    """Of an error and of all it is chained to."""
    if error is None:
        return ""
    return f"{error} {error!r} {error.args!r} {everything_said_by(error.__cause__)} {everything_said_by(error.__context__)}"


@pytest.mark.parametrize(
    "fault", [Fault.BUSY_AFTER, Fault.RESET_AFTER, Fault.SILENCE_AFTER, Fault.EMPTY_AFTER, Fault.DRIP]
)
def test_a_doubt_is_settled_by_reading_what_took_effect(bench: Bench, fault: Fault) -> None:
    bench.sandbox.fault(bench.presence.identity, "publish", fault)
    with bench.open() as network:
        with pytest.raises(OutcomeUnknown):
            bench.publish(network, "Bonjour")
        (entry,) = network.read(bench.presence.number, None).entries
    assert entry.text == "Bonjour"


def test_a_duplicate_is_a_doubt_not_a_refusal(bench: Bench) -> None:
    bench.sandbox.fault(bench.presence.identity, "publish", Fault.DUPLICATE)
    with bench.open() as network, pytest.raises(OutcomeUnknown):
        bench.publish(network, "Bonjour")


def test_an_answer_without_an_id_is_a_doubt(bench: Bench) -> None:
    bench.sandbox.fault(bench.presence.identity, "publish", Fault.NO_ID_AFTER)
    with bench.open() as network, pytest.raises(OutcomeUnknown):
        bench.publish(network, "Bonjour")


def test_a_text_too_long_is_refused_and_not_live(bench: Bench) -> None:
    with bench.open() as network, pytest.raises(ContentRefused):
        bench.publish(network, "a" * (network.spec.limit + 1))
    assert bench.sandbox.timeline(bench.presence.identity) == ()


def test_a_rate_limit_says_until_when(bench: Bench) -> None:
    bench.sandbox.fault(bench.presence.identity, "read", Fault.RATE)
    with bench.open() as network, pytest.raises(RateLimited) as limited:
        network.read(bench.presence.number, None)
    assert limited.value.retry_at is not None
    assert timedelta(0) < limited.value.retry_at - bench.clock.at <= timedelta(minutes=20)


def test_the_servers_clock_is_told_right_or_wrong(bench: Bench) -> None:
    bench.sandbox.fault(bench.presence.identity, "read", Fault.WRONG_DATE)
    bench.sandbox.fault(bench.presence.identity, "read", Fault.NO_DATE)
    with bench.open() as network:
        wrong = network.read(bench.presence.number, None).server_time
        none = network.read(bench.presence.number, None).server_time
    assert wrong == bench.clock.at - timedelta(days=1)
    assert none is None


@pytest.mark.parametrize("sort", CALLS)
def test_nobody_listening_is_unreachable_and_nothing_was_sent(bench: Bench, sort: str) -> None:
    with bench.open(base_url="http://127.0.0.1:1") as network, pytest.raises(Unreachable) as raised:
        CALLS[sort](bench, network)
    assert CANARY not in everything_said_by(raised.value)


def test_a_name_that_does_not_exist_is_unreachable(bench: Bench) -> None:
    with (
        bench.open(base_url="http://sandbox.invalid") as network,
        pytest.raises(Unreachable, match="looked up|in|within"),
    ):
        bench.publish(network, "Bonjour")


def test_a_server_without_the_identity_path_leaves_the_configuration_to_be_believed(bench: Bench) -> None:
    with bench.open(base_url=bench.sandbox.base_url + "/nowhere", user_id="42") as network:
        identity = network.identify()
    assert identity is None or identity.remote_id == "42"
