"""`veilleuse resolve`: the evidence on the screen, the verdict by hand, the exit codes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.samples import an_attempt, an_entry, guard
from tests.entrypoints.cli_house import CliHouse, now
from tests.entrypoints.looked_at import look
from veilleuse.domain.attempt import Outcome, Proof

HOUR = timedelta(hours=1)
ANSWER = "no answer within 30 s. Held: the account shows something newer that is not this post."


@pytest.fixture
def house(synced: CliHouse) -> CliHouse:
    """One post of acme-x is held; the account has shown two things since."""
    look(synced, remote_id="42")
    sent = now() - 4 * HOUR
    with synced.store() as store:
        store.bind("acme-x", "42")
        store.beat("daemon-2", now(), HOUR)
        store.ring(["acme-x"], now())
        store.claim_due("daemon-2", now(), 10)
        post = next(c.post for c in store.candidates("acme-x") if c.post.id == "hiver")
        attempt = an_attempt("a1", replace(post, content_warning="Horaires"), at=sent, digest=post.digest)
        store.open_attempt(attempt, guard(sent, daemon="daemon-2"))
        store.close_attempt("a1", Outcome.HELD, now=sent + HOUR, detail=ANSWER)
        shown = [an_entry("10", sent + HOUR, "Bonjour à tous", url="https://x.com/acme/status/10")]
        store.record_reading("acme-x", shown, {"post"}, now())
        store.retire("daemon-2")
    return synced


def test_the_evidence_is_laid_out_with_the_words_that_settle_it(house: CliHouse) -> None:
    said = house.says("resolve", code=1)
    assert "acme-x/hiver on X: perhaps published; only a human can tell" in said
    assert "Nos horaires d'hiver : 9 h-17 h." in said
    assert "warning Horaires" in said
    assert "approved by claire" in said
    assert f"answer {ANSWER}" in said
    assert "0 complete reads showed nothing new" in said
    assert "10 Bonjour à tous https://x.com/acme/status/10" in said
    assert "veilleuse resolve acme-x/hiver --published URL --as NAME" in said
    assert "veilleuse resolve acme-x/hiver --not-published --as NAME" in said


def test_the_evidence_as_json(house: CliHouse) -> None:
    (told,) = house.json("resolve", "acme-x", code=1)
    assert (told["post"], told["outcome"], told["answer"]) == ("acme-x/hiver", "held", ANSWER)
    assert [entry["id"] for entry in told["near"]] == ["10"]
    assert house.json("resolve", "acme-facebook") == []


@pytest.mark.parametrize("said", ["12", "https://x.com/acme/status/12", "https://www.x.com/acme/status/12/?s=20"])
def test_published_is_settled_by_address_or_id(house: CliHouse, said: str) -> None:
    assert "acme-x/hiver is published, says claire" in house.says(
        "resolve", "acme-x/hiver", "--published", said, "--as", "claire"
    )
    with house.store() as store:
        (receipt,) = store.receipts()
        assert (receipt.remote_id, receipt.proof, receipt.identity) == ("12", Proof.HUMAN, "42")
        assert store.unsettled("acme-x") == []
    assert house.says("resolve") == "Nothing is in doubt."
    assert "somebody's word" in house.says("history")


def test_not_published_is_settled_and_the_post_waits(house: CliHouse) -> None:
    said = house.says("resolve", "acme-x/hiver", "--not-published", "--as", "claire")
    assert said == "acme-x/hiver is not live, says claire. It may be said again in a day, behind the other posts."
    assert "waits a day after a doubt" in house.says("queue", "acme-x/hiver")
    assert "acme-x · hiver not published" in house.says("history", "--audit")
    house.locale = "fr_FR.UTF-8"
    assert "a tranché acme-x · hiver n’est pas publié" in house.says("history", "--audit")


def test_a_gap_is_shown_and_answered_for(house: CliHouse) -> None:
    with house.store() as store:
        store.note_gap("acme-facebook", now() - HOUR)
    said = house.says("resolve", "acme-facebook", code=1)
    assert "acme-facebook: part of its timeline was not read 1 hour ago" in said
    assert "veilleuse resolve acme-facebook --not-published --as NAME" in said
    assert "goes on" in house.says("resolve", "acme-facebook", "--not-published", "--as", "hugo")
    assert house.says("resolve", "acme-facebook") == "Nothing is in doubt."


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("acme-x/hiver", "--not-published"), 2, "--as NAME"),
        (("acme-x/hiver", "--not-published", "--as", "clair"), 2, 'Did you mean "claire"?'),
        (("--not-published", "--as", "claire"), 2, "Name the post"),
        (("acme-x", "--published", "12", "--as", "claire"), 2, "Name the post"),
        (("acme-x/hiver", "--published", "12", "--not-published", "--as", "claire"), 2, "either"),
        (("acme-y/hiver", "--not-published", "--as", "claire"), 2, 'No account is called "acme-y"'),
        (("acme-x/voeux", "--not-published", "--as", "claire"), 1, "acme-x/voeux is not in doubt"),
        (("acme-x", "--not-published", "--as", "claire"), 1, "nothing to answer for"),
        (("acme-x/hiver", "--published", "2", "--as", "claire"), 1, "it is another post"),
        (("acme-x/hiver", "--published", "https://x.com/", "--as", "claire"), 1, "names no post"),
    ],
)
def test_a_verdict_that_cannot_be_taken_changes_nothing(
    house: CliHouse, words: tuple[str, ...], code: int, complaint: str
) -> None:
    assert complaint in house.says("resolve", *words, code=code)
    assert house.json("resolve", code=1)[0]["outcome"] == "held"
