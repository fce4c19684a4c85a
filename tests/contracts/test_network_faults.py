"""The contract's dark side: each fault of each network is exactly one error, in time, and tells no secret."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from time import monotonic

import pytest

from tests.contracts.stage import CANARY, IMAGE, PATIENT, PNG, PUBLISHING, STAGINGS, SandboxStage
from veilleuse.domain.attempt import Payload
from veilleuse.domain.errors import (
    BudgetExhausted,
    ContentRefused,
    CredentialsRefused,
    NetworkError,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Unreachable,
)
from veilleuse.language import LANGUAGES, speaking
from veilleuse.ports import Network
from veilleuse.sandbox import Fault

DEADLINE = 0.3  # seconds, for answers that never come whole
ENDLESS = frozenset({Fault.SILENCE_AFTER, Fault.DRIP})

Call = Callable[[SandboxStage, Network], object]
CALLS: Mapping[str, Call] = {
    "identify": lambda stage, network: network.identify(),
    "read": lambda stage, network: network.read(stage.number, None),
    "prepare": lambda stage, network: network.prepare(Payload(text="Bonjour", image=IMAGE, alt="Une image"), PNG),
    "publish": lambda stage, network: stage.publish(network, "Bonjour"),
}

# What a fault means: on a publish, on a preparation, on a read. None: the call succeeds all the same.
Meaning = tuple[type[NetworkError] | None, type[NetworkError] | None, type[NetworkError] | None]
LOST: Meaning = (OutcomeUnknown, Unreachable, Unreachable)
MEANINGS: Mapping[Fault, Meaning] = {
    Fault.RATE: (RateLimited, RateLimited, RateLimited),
    Fault.UNAUTHORIZED: (CredentialsRefused, CredentialsRefused, CredentialsRefused),
    Fault.FORBIDDEN: (CredentialsRefused, CredentialsRefused, CredentialsRefused),
    Fault.MONEY: (BudgetExhausted, BudgetExhausted, BudgetExhausted),
    Fault.CONTENT: (ContentRefused, ContentRefused, Unreachable),
    Fault.JSON_LIST: LOST,
    Fault.BUSY: LOST,
    Fault.BUSY_AFTER: LOST,
    Fault.HTML: LOST,
    Fault.HTML_AFTER: LOST,
    Fault.REDIRECT: LOST,
    Fault.RESET: LOST,
    Fault.RESET_AFTER: LOST,
    Fault.SILENCE_AFTER: LOST,
    Fault.EMPTY_AFTER: LOST,
    Fault.DRIP: LOST,
    Fault.NO_CONTENT_TYPE: (None, None, None),
}
DEVIATIONS: Mapping[str, Mapping[Fault, Meaning]] = {
    # It has no price; its rate codes come with posts that are live; its library needs a Content-Type.
    "facebook": {
        Fault.RATE: (OutcomeUnknown, RateLimited, RateLimited),
        Fault.MONEY: (ContentRefused, ContentRefused, Unreachable),
        Fault.NO_CONTENT_TYPE: LOST,
    },
    "mastodon": {Fault.MONEY: (ContentRefused, ContentRefused, Unreachable)},  # it has no price
    # It has no price: the nearest is an account that was closed.
    "bluesky": {Fault.MONEY: (CredentialsRefused, CredentialsRefused, CredentialsRefused)},
    # It has no price: the nearest is a role taken away.
    "wordpress": {Fault.MONEY: (CredentialsRefused, CredentialsRefused, CredentialsRefused)},
}


def everything_said_by(error: BaseException | None) -> str:
    """Of an error and of all it is chained to."""
    if error is None:
        return ""
    chained = everything_said_by(error.__cause__) + everything_said_by(error.__context__)
    return f"{error} {error!r} {error.args!r} {chained}"


@pytest.mark.parametrize("sort", CALLS)
@pytest.mark.parametrize("fault", MEANINGS)
def test_each_fault_is_exactly_one_error_in_time_and_without_a_secret(
    real: SandboxStage, fault: Fault, sort: str, caplog: pytest.LogCaptureFixture
) -> None:
    publish, prepare, read = DEVIATIONS.get(real.account.network, {}).get(fault, MEANINGS[fault])
    meaning = {"publish": publish, "prepare": prepare}.get(sort, read)
    deadline = DEADLINE if fault in ENDLESS else PATIENT
    caplog.set_level(logging.DEBUG)
    real.sandbox.fault(real.identity, sort, fault)
    with real.open(deadline=deadline) as network:
        started = monotonic()
        if meaning is None:
            CALLS[sort](real, network)
        else:
            with pytest.raises(NetworkError) as raised:
                CALLS[sort](real, network)
            assert type(raised.value) is meaning
            assert raised.value.__context__ is None  # not even hidden: a log of frames would show it
            assert CANARY not in everything_said_by(raised.value)
        assert monotonic() - started < deadline + 3  # a busy machine; the fault lasts much longer
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault.UNAUTHORIZED, Refusal.CREDENTIALS),
        (Fault.SUSPENDED, Refusal.SUSPENDED),
        (Fault.VANISHED, Refusal.VANISHED),
    ],
)
def test_a_lost_account_is_told_apart_from_a_bad_token_and_points_to_the_archive(
    real: SandboxStage, fault: Fault, why: Refusal
) -> None:
    real.sandbox.fault(real.identity, "read", fault)
    with real.open() as network, pytest.raises(CredentialsRefused) as raised:
        network.read(real.number, None)
    assert raised.value.why is why
    assert raised.value.__context__ is None
    assert ("export --archive" in raised.value.sentence) == (why is not Refusal.CREDENTIALS)
    for language in LANGUAGES:
        with speaking(language):
            assert "Nothing was published" in str(raised.value.sentence) or "Rien n’a été publié" in str(
                raised.value.sentence
            )


@pytest.mark.parametrize(
    "fault", [Fault.BUSY_AFTER, Fault.RESET_AFTER, Fault.SILENCE_AFTER, Fault.EMPTY_AFTER, Fault.NO_ID_AFTER]
)
def test_a_doubt_is_settled_by_reading_what_took_effect(real: SandboxStage, fault: Fault) -> None:
    real.sandbox.fault(real.identity, "publish", fault)
    with real.open(deadline=DEADLINE if fault in ENDLESS else PATIENT) as network, pytest.raises(OutcomeUnknown):
        real.publish(network, "Bonjour")
    with real.open() as network:
        (entry,) = network.read(real.number, None).entries
    assert entry.text == "Bonjour"


@pytest.mark.parametrize("real", sorted(name for name in PUBLISHING if STAGINGS[name].knows_duplicates), indirect=True)
def test_a_duplicate_is_a_doubt_not_a_refusal(real: SandboxStage) -> None:
    real.sandbox.fault(real.identity, "publish", Fault.DUPLICATE)
    with real.open() as network, pytest.raises(OutcomeUnknown):
        real.publish(network, "Bonjour")


def test_a_text_too_long_is_refused_and_not_live(real: SandboxStage) -> None:
    with real.open() as network, pytest.raises(ContentRefused):
        real.publish(network, "a" * (network.spec.limit + 1))
    assert real.texts() == []


def test_a_rate_limit_says_until_when(real: SandboxStage) -> None:
    real.sandbox.fault(real.identity, "read", Fault.RATE)
    with real.open() as network, pytest.raises(RateLimited) as limited:
        network.read(real.number, None)
    assert limited.value.retry_at is not None
    assert timedelta(0) < limited.value.retry_at - real.clock.at <= timedelta(minutes=20)


def test_the_servers_clock_is_told_right_or_wrong(real: SandboxStage) -> None:
    real.sandbox.fault(real.identity, "read", Fault.WRONG_DATE)
    real.sandbox.fault(real.identity, "read", Fault.NO_DATE)
    with real.open() as network:
        assert network.read(real.number, None).server_time == real.clock.at - timedelta(days=1)
        assert network.read(real.number, None).server_time is None


@pytest.mark.parametrize("sort", CALLS)
def test_unknown_credentials_are_refused(real: SandboxStage, sort: str) -> None:
    wrong = {name: f"{value}-wrong" for name, value in real.secrets.items()}
    if sort == "read" and real.staging.reads_openly:
        with real.open(wrong) as network:
            assert network.read(real.number, None).complete
        return
    with real.open(wrong) as network, pytest.raises(CredentialsRefused) as raised:
        CALLS[sort](real, network)
    assert CANARY not in everything_said_by(raised.value)


@pytest.mark.parametrize("sort", CALLS)
@pytest.mark.parametrize("base_url", ["http://127.0.0.1:1", "http://sandbox.invalid", "https://127.0.0.1:1"])
def test_what_could_not_be_reached_was_not_sent(real: SandboxStage, sort: str, base_url: str) -> None:
    with real.open(base_url=base_url) as network, pytest.raises(Unreachable, match="Nothing was") as raised:
        CALLS[sort](real, network)
    assert CANARY not in everything_said_by(raised.value)


def test_a_server_that_speaks_no_tls_was_sent_nothing(real: SandboxStage) -> None:
    with (
        real.open(base_url=real.sandbox.base_url.replace("http:", "https:")) as network,
        pytest.raises(Unreachable, match="secure"),
    ):
        real.publish(network, "Bonjour")
    assert real.texts() == []


@pytest.mark.parametrize("real", sorted(name for name in PUBLISHING if STAGINGS[name].believes), indirect=True)
def test_a_server_that_does_not_know_who_asks_leaves_the_configuration_to_be_believed(real: SandboxStage) -> None:
    with real.open(base_url=real.sandbox.base_url + "/nowhere", user_id="42") as network:
        identity = network.identify()
    assert identity is None or identity.remote_id == "42"
