"""What is told of every condition, as a French reader gets it: no English is left in it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contracts.samples import a_receipt, an_attempt
from tests.domain.posts import a_candidate, a_post
from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.alert import Condition, Finding, Notification, Told
from veilleuse.domain.alert_message import compose
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.concern import findings
from veilleuse.domain.content import FolderState
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.domain.queue import Candidate
from veilleuse.domain.rule import Due, Rule, due
from veilleuse.domain.runway import runway
from veilleuse.domain.view import View
from veilleuse.language import Sentence, sentence, speaking
from veilleuse.services.sync_report import SyncReport

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULE = Rule()
ACCOUNT = Account(name="acme-x", network="x", identity="acme", owner="claire", rule=RULE)
WHY = sentence("no reason given")

# Words no French sentence holds; names of commands and keys stand in `code`.
ENGLISH = re.compile(
    r"\b(the|is|are|was|it|its|of|and|or|not|nothing|until|by|in|to|for|post|posts|account|with|has|have|been|this|that|"
    r"day|days|hour|hours|today|tomorrow|limit|silent|approved|published|if|then|look|still|what|seen|all|at)\b"
)


def view(
    *posts: Candidate,
    last: datetime = NOW - DAY,
    of: Condition | None = None,
    **fields: Any,
) -> View:
    state = AccountState(name="acme-x", seen_at=last, read_at=NOW)
    known: dict[str, Any] = {
        "account": ACCOUNT,
        "title": "X",
        "state": state,
        "due": due(RULE, "acme-x", last, NOW),
        "runway": runway(RULE, "acme-x", "x", posts, last, NOW),
        "candidates": posts,
        "unsettled": (),
        "freeze": None,
        "now": NOW,
    }
    return View(**known | fields)


def trouble(condition: Condition) -> View:
    return view(a_candidate("p1"), trouble=(condition, WHY))


PLENTY = tuple(a_candidate(f"p{n}", place=n) for n in range(9))
VIEWS: Mapping[Condition, Callable[[], View]] = {
    Condition.CREDENTIALS_REFUSED: lambda: trouble(Condition.CREDENTIALS_REFUSED),
    Condition.BUDGET_EXHAUSTED: lambda: trouble(Condition.BUDGET_EXHAUSTED),
    Condition.NETWORK_UNREADABLE: lambda: trouble(Condition.NETWORK_UNREADABLE),
    Condition.FEED_GONE: lambda: trouble(Condition.FEED_GONE),
    Condition.CLOCK_OFF: lambda: trouble(Condition.CLOCK_OFF),
    Condition.TIMELINE_GAP: lambda: view(
        *PLENTY, state=AccountState(name="acme-x", seen_at=NOW, read_at=NOW, gap_at=NOW - HOUR)
    ),
    Condition.LIMIT_PASSED: lambda: view(*PLENTY, last=NOW - 9 * DAY),
    Condition.HOURS_CLOSED: lambda: view(
        *PLENTY, due=Due(at=NOW + 9 * DAY, limit=NOW + 5 * DAY, overdue=False, breach=True)
    ),
    Condition.NOTHING_ELIGIBLE: lambda: view(a_candidate("p1", approved_by=None), last=NOW - 6 * DAY),
    Condition.RUNWAY_LOW: lambda: view(a_candidate("p1"), a_candidate("p2", place=1, reserve=True)),
    Condition.LIVING_ON_RESERVES: lambda: view(a_candidate("p1", reserve=True)),
    Condition.POST_REFUSED: lambda: view(replace(a_candidate("p1"), refused=WHY), *PLENTY[1:]),
    Condition.POST_EXPIRED: lambda: view(a_candidate("p1", not_after=NOW - DAY), *PLENTY[1:]),
    Condition.POST_NOT_VISIBLE: lambda: view(
        *PLENTY, not_shown=(a_receipt(an_attempt("a1", a_post("p1")), "1", at=NOW - HOUR),)
    ),
    Condition.OUTCOME_UNKNOWN: lambda: view(*PLENTY, unsettled=(_attempt(Outcome.UNKNOWN),)),
    Condition.OUTCOME_HELD: lambda: view(*PLENTY, unsettled=(_attempt(Outcome.HELD),)),
    Condition.FROZEN: lambda: view(
        *PLENTY,
        freeze=Freeze(
            account="acme-x", origin=COMMAND, by="claire", reason="rappel", since=NOW - HOUR, until=NOW + 30 * DAY
        ),
    ),
}


def _attempt(outcome: Outcome) -> object:
    return replace(an_attempt("a1", a_post("p1")), outcome=outcome, detail=WHY)


def found(condition: Condition) -> Finding:
    return next(each for each in findings(VIEWS[condition]()) if each.condition is condition)


def is_french(text: str) -> None:
    plain = re.sub(r"`[^`]*`|acme-\w+(/\w+)?|veilleuse[\w -]*|\[[^\]]*\]|\S+\.toml\S*|«[^»]*»", "", text)
    assert not ENGLISH.findall(plain), text


@pytest.mark.parametrize("condition", VIEWS)
@pytest.mark.parametrize("what", list(Told))
def test_a_message_about_it_is_french_whole(condition: Condition, what: Told) -> None:
    finding = found(condition)
    told = Notification(
        id=1,
        alert_id=1,
        person="claire",
        channel=0,
        what=what,
        condition=condition,
        account="acme-x",
        text=finding.text,
        remedy=finding.remedy,
        created_at=NOW - 2 * HOUR,
    )
    with speaking("fr"):
        message = compose([told], NOW)
    is_french(message.title)
    is_french(message.body)


@pytest.mark.parametrize("condition", VIEWS)
def test_it_names_its_days_since_it_may_be_read_on_another(condition: Condition) -> None:
    for said in (found(condition).text, found(condition).remedy):
        assert isinstance(said, Sentence)
        assert not re.search(r"\b(today|tomorrow|aujourd|demain)\b", f"{said.in_('en')} {said.in_('fr')}")


@pytest.mark.parametrize("condition", sorted(Condition))
def test_a_cause_on_many_accounts_is_told_in_french(condition: Condition) -> None:
    told = [
        Notification(
            id=number,
            alert_id=number,
            person="claire",
            channel=0,
            what=Told.OPENED,
            condition=condition,
            account=f"acme-{number}",
            text="Voilà.",
            remedy="Agissez.",
            created_at=NOW,
        )
        for number in range(5)
    ]
    with speaking("fr"):
        message = compose(told, NOW)
    is_french(message.title)
    is_french(message.body)


@pytest.mark.parametrize("state", [FolderState.MISSING, FolderState.EMPTY, FolderState.UNREADABLE])
def test_a_folder_that_gives_nothing_is_told_in_french(state: FolderState) -> None:
    [finding] = SyncReport(state=state, detail="content").findings({}, "claire")
    for said in (finding.text, finding.remedy):
        assert isinstance(said, Sentence)
        is_french(said.in_("fr").replace("(content)", ""))
