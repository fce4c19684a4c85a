"""May this account speak now, and if not, why not: in sentences a community manager understands."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.domain.posts import a_candidate, utc
from tests.domain.test_doubt import ATTEMPT
from veilleuse.domain.account import Account, AccountKind, AccountState
from veilleuse.domain.activity import Author
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.decision import Decision, Verdict, decide
from veilleuse.domain.freeze import Freeze
from veilleuse.domain.hours import ALWAYS, Hours
from veilleuse.domain.rule import Rule

NOW = utc("2026-11-20 10:00")
DAY = timedelta(days=1)
RULE = Rule(hours=Hours(zone=ZoneInfo("Europe/Paris"), week=ALWAYS))
ACCOUNT = Account(name="acme-x", network="x", identity="acme", owner="claire", rule=RULE)
KNOWN = AccountState(name="acme-x", remote_id="7", read_at=NOW, seen_at=NOW - 2 * DAY, seen_by=Author.HUMAN)
SILENT = replace(KNOWN, seen_at=NOW - timedelta(days=6, hours=20))
POSTS = (a_candidate("a"), a_candidate("b", place=1))


def judge(state: AccountState = KNOWN, account: Account = ACCOUNT, **given: Any) -> Decision:
    facts = {"candidates": POSTS, "unsettled": (), "freeze": None, "now": NOW} | given
    return decide(account, state, **facts)


def test_a_human_who_posted_two_days_ago_keeps_it_quiet() -> None:
    decision = judge()
    assert decision.verdict is Verdict.WAIT
    assert decision.reason.startswith("quiet: your team posted 2 days ago; veilleuse speaks Tuesday 24 November at ")
    assert decision.reason.endswith("unless someone does before")
    assert decision.speaks_at is not None
    assert decision.look_at == NOW + timedelta(hours=12)


def test_near_its_limit_it_speaks_and_says_why() -> None:
    decision = judge(SILENT)
    assert decision.verdict is Verdict.SPEAK
    assert [c.post.id for c in decision.speakers] == ["a", "b"]
    assert decision.reason == "quiet: your team posted 6 days ago; its limit of 7 days is near"


def test_an_account_that_never_posted_speaks_at_once() -> None:
    assert judge(replace(KNOWN, seen_at=None, seen_by=None)).verdict is Verdict.SPEAK


def test_nothing_approved_is_said_with_the_drafts_that_wait() -> None:
    decision = judge(SILENT, candidates=(a_candidate("d", approved_by=None),))
    assert decision.verdict is Verdict.EMPTY
    assert decision.reason.endswith("it must speak now, and has nothing approved to say (1 draft for you to approve)")


def test_its_own_recent_post_holds_it_to_the_minimum_gap_whatever_the_network_shows() -> None:
    state = replace(SILENT, spoke_at=NOW - timedelta(hours=19))
    decision = judge(replace(state, seen_at=NOW - 30 * DAY))
    assert decision.verdict is Verdict.WAIT


@pytest.mark.parametrize("outcome", [Outcome.OPEN, Outcome.UNKNOWN])
def test_a_doubt_blocks_the_account(outcome: Outcome) -> None:
    decision = judge(SILENT, unsettled=(replace(ATTEMPT, outcome=outcome),))
    assert decision.verdict is Verdict.DOUBT
    assert "perhaps published" in decision.reason


def test_one_held_post_does_not_silence_the_account_but_two_in_a_row_do() -> None:
    held = replace(ATTEMPT, outcome=Outcome.HELD)
    assert judge(SILENT, unsettled=(held,)).verdict is Verdict.SPEAK
    assert judge(SILENT, unsettled=(held, replace(held, id="a2"))).verdict is Verdict.STOPPED


def test_a_freeze_silences_it_and_says_who_why_and_what_it_costs() -> None:
    freeze = Freeze(account="", origin="command", by="claire", reason="recall of the blue tins.", since=NOW)
    decision = judge(SILENT, freeze=freeze)
    assert decision.verdict is Verdict.FROZEN
    assert decision.reason == (
        "frozen by claire since today at 11:00: recall of the blue tins; it passes its limit today at 15:00"
    )


def test_a_freeze_that_ends_before_the_limit_costs_nothing_and_is_looked_at_as_it_ends() -> None:
    freeze = Freeze(
        account="", origin="STOP STOP", by="a STOP file", reason="", since=NOW, until=NOW + timedelta(hours=3)
    )
    decision = judge(SILENT, freeze=freeze)
    assert decision.reason == ("frozen by a STOP file since today at 11:00, until today at 14:00: no reason was given")
    assert decision.look_at == freeze.until


def test_a_reserved_name_never_speaks() -> None:
    reserved = replace(ACCOUNT, kind=AccountKind.RESERVED)
    assert judge(SILENT, reserved).verdict is Verdict.WAIT
