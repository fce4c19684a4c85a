"""One contract for every network that tells, free of charge, who waits for an answer."""

import logging
from datetime import timedelta
from time import monotonic

import pytest

from tests.contracts.stage import CANARY, PATIENT, PUBLISHING, WATCHED, OutboxStage, SandboxStage, SteppedClock
from tests.contracts.test_network_faults import DEADLINE, DEVIATIONS, ENDLESS, MEANINGS, everything_said_by
from veilleuse.domain.activity import Kind
from veilleuse.domain.errors import CredentialsRefused, NetworkError, Unreachable
from veilleuse.domain.waiting import Awaited, Wait
from veilleuse.ports import Answering, Examining
from veilleuse.sandbox import Fault, Sandbox

ANSWERING = ("bluesky", "mastodon", "wordpress")
WEEK = timedelta(days=7)


@pytest.fixture(params=ANSWERING)
def stage(request: pytest.FixtureRequest, running: tuple[SteppedClock, Sandbox]) -> SandboxStage:
    stage = SandboxStage(request.param, *running)
    stage.clock.sleep(60)
    return stage


def told(stage: SandboxStage, *, deadline: float = PATIENT) -> tuple[Wait, ...]:
    with stage.open(deadline=deadline) as network:
        assert isinstance(network, Answering)
        return network.unanswered(stage.number, stage.clock.at - WEEK)


def people(stage: SandboxStage) -> list[tuple[int, bool]]:
    return [(wait.count, wait.whole) for wait in told(stage) if wait.awaited is Awaited.ANSWER]


@pytest.mark.parametrize("name", [*PUBLISHING, *WATCHED])
def test_what_a_network_cannot_tell_it_does_not_claim(name: str, running: tuple[SteppedClock, Sandbox]) -> None:
    with SandboxStage(name, *running).open() as network:
        assert isinstance(network, Answering) == network.spec.answers == (name in ANSWERING)
        assert not (network.spec.answers and network.spec.bills)


def test_an_outbox_hears_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    with OutboxStage(tmp_path_factory.mktemp("outbox")).open() as network:
        assert isinstance(network, Answering) == network.spec.answers == False  # noqa: E712 (three alike)


def test_where_nobody_has_spoken_nobody_waits(stage: SandboxStage) -> None:
    stage.people_post("Bonjour")
    assert told(stage) == ()


def test_a_stranger_who_replied_waits_with_a_link(stage: SandboxStage) -> None:
    stage.people_post("Bonjour")
    (post,) = stage.sandbox.timeline(stage.identity)
    heard = stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?", to=post.id)
    (wait,) = told(stage)
    assert (wait.awaited, wait.count, wait.whole) == (Awaited.ANSWER, 1, True)
    assert wait.link is not None
    assert heard.id in wait.link


def test_one_who_was_answered_waits_no_longer(stage: SandboxStage) -> None:
    first = stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
    second = stage.sandbox.reply_as_stranger(stage.identity, "Et lundi ?", author="hugo")
    stage.clock.sleep(60)
    stage.sandbox.answer_as_human(stage.identity, first.id, "Oui !")
    assert people(stage) == [(1, True)]
    stage.sandbox.answer_as_human(stage.identity, second.id, "Aussi.")
    assert told(stage) == ()


def test_what_we_say_otherwise_answers_nobody(stage: SandboxStage) -> None:
    stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
    stage.people_post("Ouvert demain !")
    if stage.account.network != "wordpress":
        stage.sandbox.post_as_human(stage.identity, "Bravo", kind=Kind.REPLY)
    assert people(stage) == [(1, True)]


def test_people_are_counted_not_words_and_the_longest_wait_is_linked(stage: SandboxStage) -> None:
    first = stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
    for author, text in (("marie", "Bonjour ?"), ("hugo", "Et lundi ?"), ("marie", "Personne ?")):
        stage.clock.sleep(60)
        stage.sandbox.reply_as_stranger(stage.identity, text, author=author)
    (wait,) = told(stage)
    assert wait.count == 2
    assert first.id in str(wait.link)


def test_what_was_said_before_that_moment_is_not_told(stage: SandboxStage) -> None:
    stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?", at=stage.clock.at - WEEK - timedelta(hours=1))
    assert told(stage) == ()


def test_a_crowd_is_counted_as_far_as_it_was_read(stage: SandboxStage) -> None:
    for number in range(600, 0, -1):
        at = stage.clock.at - timedelta(minutes=number)
        stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?", author=f"client{number}", at=at)
    ((count, whole),) = people(stage)
    assert 100 <= count < 600
    assert not whole


@pytest.mark.parametrize(
    ("stage", "error"), [("mastodon", CredentialsRefused), ("bluesky", Unreachable)], indirect=["stage"]
)
def test_a_right_that_is_missing_is_one_error_of_ours_and_the_account_reads_on(
    stage: SandboxStage, error: type[NetworkError]
) -> None:
    """On Bluesky it is the server that may know nobody to ask."""
    stage.sandbox.alter(stage.identity, may_hear=False)
    with pytest.raises(error) as raised:
        told(stage)
    assert CANARY not in everything_said_by(raised.value)
    with stage.open() as network:
        assert network.read(stage.number, None).complete


@pytest.mark.parametrize(("may_hear", "notes"), [(True, 0), (False, 1)])
def test_mastodon_s_examination_notes_the_missing_right_and_warns_of_nothing(
    running: tuple[SteppedClock, Sandbox], may_hear: bool, notes: int
) -> None:
    stage = SandboxStage("mastodon", *running)
    stage.sandbox.alter(stage.identity, may_hear=may_hear)
    with stage.open() as network:
        assert isinstance(network, Examining)
        found = network.examine()
    assert (len(found.notes), found.warnings, found.may_post) == (notes, (), True)
    assert all("read:notifications" in note for note in found.notes)


@pytest.mark.parametrize(("may_hear", "held"), [(True, [2]), (False, [])])
def test_comments_not_let_through_are_told_to_who_may_see_them(
    running: tuple[SteppedClock, Sandbox], may_hear: bool, held: list[int]
) -> None:
    stage = SandboxStage("wordpress", *running)
    stage.sandbox.alter(stage.identity, may_hear=may_hear)
    for text in ("Merci", "Achetez !"):
        stage.sandbox.reply_as_stranger(stage.identity, text, held=True)
    stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
    waits = {wait.awaited: wait for wait in told(stage)}
    assert waits[Awaited.ANSWER].count == 1
    assert [wait.count for wait in waits.values() if wait.awaited is Awaited.MODERATION] == held
    if held:
        assert str(waits[Awaited.MODERATION].link).startswith(stage.identity + "/wp-admin/")


@pytest.mark.parametrize("fault", MEANINGS)
def test_each_fault_is_exactly_one_error_in_time_and_without_a_secret(
    stage: SandboxStage, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    meaning = DEVIATIONS.get(stage.account.network, {}).get(fault, MEANINGS[fault])[2]
    deadline = DEADLINE if fault in ENDLESS else PATIENT
    caplog.set_level(logging.DEBUG)
    stage.sandbox.reply_as_stranger(stage.identity, "Ouvert demain ?")
    stage.sandbox.fault(stage.identity, "hear", fault)
    started = monotonic()
    if meaning is None:
        assert people(stage) == [(1, True)]
    else:
        with pytest.raises(NetworkError) as raised:
            told(stage, deadline=deadline)
        assert type(raised.value) is meaning
        assert raised.value.__context__ is None
        assert CANARY not in everything_said_by(raised.value)
    assert monotonic() - started < deadline + 3
    assert CANARY not in caplog.text
