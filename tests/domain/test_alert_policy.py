"""When an alert is told, and when it is over: tables over time, one look a row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veilleuse.domain.alert import NEWS, REOPEN_SILENTLY, TRANSIENT, URGENT, Alert, Condition, Finding
from veilleuse.domain.alert_policy import Changes, reconcile, ripen

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = 24 * 60
ALL = frozenset(Condition)


def finding(condition: Condition, subject: str = "", account: str = "acme-x", text: str = "It happened.") -> Finding:
    return Finding(
        condition=condition, account=account, subject=subject, text=text, remedy="Do something.", person="claire"
    )


@dataclass
class Book:
    """One account's alerts, kept as a store keeps them."""

    rows: dict[int, Alert] = field(default_factory=dict)

    def look(self, minute: float, *findings: Finding, scope: Iterable[Condition] = ALL) -> list[str]:
        now = START + timedelta(minutes=minute)
        return self._keep(reconcile(self._known(now), findings, frozenset(scope), now))

    def wait(self, minute: float) -> list[str]:
        now = START + timedelta(minutes=minute)
        return self._keep(ripen([alert for alert in self.rows.values() if alert.open], now))

    @property
    def open(self) -> list[Alert]:
        return [alert for alert in self.rows.values() if alert.open]

    def _known(self, now: datetime) -> list[Alert]:
        since = now - REOPEN_SILENTLY
        return [alert for alert in self.rows.values() if alert.resolved_at is None or alert.resolved_at > since]

    def _keep(self, changes: Changes) -> list[str]:
        for alert in changes.opened:
            self.rows[len(self.rows) + 1] = replace(alert, id=len(self.rows) + 1)
        for alert in changes.updated:
            assert alert.id in self.rows
            self.rows[alert.id] = alert
        keys = [alert.finding.key for alert in self.open]
        assert len(keys) == len(set(keys)), "one open alert for each condition, account and subject"
        written = {alert.finding.key for alert in (*changes.opened, *changes.updated)}
        assert {told.key for told, _ in changes.told} <= written
        return [f"{what} {told.subject}".strip() for told, what in changes.told]


Row = tuple[float, bool, list[str]]  # minute, whether this look found it, what is told

TABLES: dict[str, tuple[Condition, Sequence[Row]]] = {
    "an ordinary condition is told at once, and its end is told at once": (
        Condition.RUNWAY_LOW,
        [(0, True, ["opened"]), (10, True, []), (20, False, ["cleared"]), (30, False, [])],
    ),
    "a transient condition is told at the third look in a row": (
        Condition.NETWORK_UNREADABLE,
        [(0, True, []), (5, True, []), (10, True, ["opened"]), (15, True, [])],
    ),
    "a transient condition that passes before the third look is never mentioned": (
        Condition.NETWORK_UNREADABLE,
        [
            (0, True, []),
            (5, True, []),
            (10, False, []),
            (15, True, []),
            (20, True, []),
            (25, False, []),
            (90, False, []),
        ],
    ),
    "looks in a row begin anew after a good one": (
        Condition.NETWORK_UNREADABLE,
        [(0, True, []), (5, True, []), (10, False, []), (15, True, []), (20, True, []), (25, True, ["opened"])],
    ),
    "a transient condition is over after 30 stable minutes": (
        Condition.NETWORK_UNREADABLE,
        [
            (0, True, []),
            (5, True, []),
            (10, True, ["opened"]),
            (15, False, []),
            (44, False, []),
            (45, False, ["cleared"]),
        ],
    ),
    "a relapse within the 30 minutes is the same alert, and the 30 minutes begin anew": (
        Condition.NETWORK_UNREADABLE,
        [
            (0, True, []),
            (5, True, []),
            (10, True, ["opened"]),
            (15, False, []),
            (35, True, []),
            (40, False, []),
            (69, False, []),
            (70, False, ["cleared"]),
        ],
    ),
    "what comes back within a day comes back silently, and ends silently": (
        Condition.RUNWAY_LOW,
        [(0, True, ["opened"]), (60, False, ["cleared"]), (120, True, []), (600, True, []), (660, False, [])],
    ),
    "what comes back and stays is told a day after the last word about it": (
        Condition.RUNWAY_LOW,
        [
            (0, True, ["opened"]),
            (60, False, ["cleared"]),
            (120, True, []),
            (DAY + 59, True, []),
            (DAY + 60, True, ["opened"]),
            (DAY + 90, False, ["cleared"]),
        ],
    ),
    "what flickers all day is told once a day": (
        Condition.RUNWAY_LOW,
        [
            (0, True, ["opened"]),
            (10, False, ["cleared"]),
            (500, True, []),
            (510, False, []),
            (1000, True, []),
            (1010, False, []),
            (DAY + 20, True, ["opened"]),
            (DAY + 30, False, ["cleared"]),
        ],
    ),
    "what comes back after a day is news": (
        Condition.RUNWAY_LOW,
        [(0, True, ["opened"]), (60, False, ["cleared"]), (60 + DAY, True, ["opened"])],
    ),
    "what stood for a week and was cleared comes back silently too": (
        Condition.RUNWAY_LOW,
        [(0, True, ["opened"]), (7 * DAY, False, ["cleared"]), (7 * DAY + 120, True, []), (8 * DAY, True, ["opened"])],
    ),
    "an urgent condition that comes back is told once it has stood half an hour": (
        Condition.CREDENTIALS_REFUSED,
        [
            (0, True, ["opened"]),
            (30, False, ["cleared"]),
            (60, True, []),
            (89, True, []),
            (90, True, ["opened"]),
            (95, True, []),
            (100, False, ["cleared"]),
        ],
    ),
    "an urgent condition that flickers is told once a day": (
        Condition.CREDENTIALS_REFUSED,
        [
            (0, True, ["opened"]),
            (10, False, ["cleared"]),
            *[(minute, minute % 20 == 0, []) for minute in range(20, DAY + 10, 10)],
            (DAY + 20, True, ["opened"]),
            (DAY + 30, False, ["cleared"]),
        ],
    ),
    "a transient condition that comes back still needs three looks in a row, a day later too": (
        Condition.NETWORK_UNREADABLE,
        [
            (0, True, []),
            (5, True, []),
            (10, True, ["opened"]),
            (15, False, []),
            (45, False, ["cleared"]),
            (DAY + 40, True, []),
            (DAY + 44, True, []),
            (DAY + 45, True, ["opened"]),
        ],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_told_over_time(name: str) -> None:
    condition, rows = TABLES[name]
    book = Book()
    for minute, present, told in rows:
        found = [finding(condition)] if present else []
        assert book.look(minute, *found) == told, f"{name}: at minute {minute}"


def test_a_condition_this_look_could_not_judge_stays_as_it_is() -> None:
    book = Book()
    book.look(0, finding(Condition.POST_REFUSED))
    before = list(book.rows.values())
    assert book.look(10, scope=ALL - {Condition.POST_REFUSED}) == []
    assert list(book.rows.values()) == before
    assert book.look(20) == ["cleared"]


def test_a_finding_outside_the_scope_counts_all_the_same() -> None:
    assert Book().look(0, finding(Condition.POST_REFUSED), scope=()) == ["opened"]


def test_a_look_that_changes_nothing_writes_nothing() -> None:
    assert not reconcile([], [], ALL, START)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (finding(Condition.RUNWAY_LOW, "14 days"), finding(Condition.RUNWAY_LOW, "7 days")),
        (finding(Condition.RUNWAY_LOW, "7 days"), finding(Condition.NOTHING_ELIGIBLE)),
        (finding(Condition.OUTCOME_UNKNOWN, "a1"), finding(Condition.OUTCOME_HELD, "a1")),
        (finding(Condition.HOURS_CLOSED), finding(Condition.LIMIT_PASSED)),
    ],
    ids=lambda f: f"{f.condition} {f.subject}",
)
def test_getting_worse_is_no_all_clear(first: Finding, then: Finding) -> None:
    book = Book()
    book.look(0, first)
    assert book.look(10, then) == [f"opened {then.subject}".strip()]
    assert [alert.finding for alert in book.open] == [then]
    assert book.look(20) == [f"cleared {then.subject}".strip()]


def test_an_all_clear_of_another_account_is_not_withheld() -> None:
    book = Book()
    theirs = finding(Condition.RUNWAY_LOW, account="acme-facebook", subject="7 days")
    book.look(0, finding(Condition.RUNWAY_LOW, "7 days"), theirs)
    assert book.look(10, theirs) == ["cleared 7 days"]


def test_a_withheld_all_clear_leaves_its_return_silent() -> None:
    fourteen, seven = finding(Condition.RUNWAY_LOW, "14 days"), finding(Condition.RUNWAY_LOW, "7 days")
    book = Book()
    assert book.look(0, fourteen) == ["opened 14 days"]
    assert book.look(7 * DAY, seven) == ["opened 7 days"]
    assert book.look(7 * DAY + 60, fourteen) == []
    assert book.look(8 * DAY, fourteen) == ["opened 14 days"]


def test_two_subjects_of_one_condition_are_two_alerts_with_one_all_clear_at_the_end() -> None:
    one, two = finding(Condition.POST_REFUSED, "p1"), finding(Condition.POST_REFUSED, "p2")
    book = Book()
    assert book.look(0, one) == ["opened p1"]
    assert book.look(10, one, two) == ["opened p2"]
    assert book.look(20, two) == []
    assert book.look(30) == ["cleared p2"]


def test_a_new_text_is_stored_without_being_told_again() -> None:
    book = Book()
    book.look(0, finding(Condition.LIMIT_PASSED, text="Silent for 7 days."))
    assert book.look(30, finding(Condition.LIMIT_PASSED, text="Silent for 8 days.")) == []
    assert [alert.finding.text for alert in book.open] == ["Silent for 8 days."]
    assert book.open[0].strikes == 2
    assert book.open[0].opened_at == START


@pytest.mark.parametrize("condition", sorted(NEWS))
def test_news_is_told_once_and_its_end_is_not(condition: Condition) -> None:
    book = Book()
    told = [book.look(minute, *([finding(condition)] if minute < 60 else [])) for minute in range(0, 120, 10)]
    assert told == [["opened"]] + [[]] * 11
    assert book.open == []


def test_an_alert_told_by_a_clock_ten_years_ahead_is_told_again_when_it_comes_back() -> None:
    book, decade = Book(), 3650 * DAY
    assert book.look(decade, finding(Condition.FROZEN)) == ["opened"]
    assert book.look(decade + 5) == ["cleared"]
    assert book.look(10, finding(Condition.FROZEN)) == []
    assert book.look(10 + DAY + 5, finding(Condition.FROZEN)) == ["opened"]


def test_a_recovery_noted_by_a_clock_ten_years_ahead_ends_by_the_right_one() -> None:
    book, decade = Book(), 3650 * DAY
    for minute in range(3):
        book.look(decade + minute, finding(Condition.CLOCK_OFF))
    book.look(decade + 3)
    assert book.wait(10) == []
    assert book.wait(41) == ["cleared"]


def test_time_alone_ends_a_recovery_that_has_lasted() -> None:
    book = Book()
    unreadable = finding(Condition.NETWORK_UNREADABLE)
    for minute in (0, 5, 10):
        book.look(minute, unreadable)
    book.look(15)
    assert book.wait(44) == []
    assert book.wait(45) == ["cleared"]
    assert book.wait(46) == []


def test_time_alone_tells_an_urgent_alert_nobody_looked_at_again() -> None:
    book = Book()
    refused = finding(Condition.CREDENTIALS_REFUSED)
    book.look(0, refused)
    book.look(10)
    book.look(20, refused)
    assert book.wait(49) == []
    assert book.wait(50) == ["opened"]
    assert book.wait(51) == []


def test_time_alone_never_tells_a_transient_condition_before_its_third_look() -> None:
    book = Book()
    book.look(0, finding(Condition.NETWORK_UNREADABLE))
    assert book.wait(3 * DAY) == []


def test_an_acknowledgement_ends_when_the_alert_is_told_again() -> None:
    book = Book()
    refused = finding(Condition.CREDENTIALS_REFUSED)
    book.look(0, refused)
    book.rows[1] = replace(book.rows[1], acked_at=START, acked_by="claire")
    book.look(5, refused)
    book.look(10)
    book.look(20, refused)
    assert book.rows[1].acked_by == "claire"
    book.look(50, refused)
    assert book.rows[1].acked_by is None


@pytest.mark.parametrize("step", [0, -300], ids=["stands still", "steps back"])
def test_a_return_on_a_clock_that_misbehaves_is_not_taken_for_announced(step: int) -> None:
    book = Book()
    refused = finding(Condition.CREDENTIALS_REFUSED)
    book.look(0, refused)
    book.look(600)
    assert book.look(600 + step, refused) == []
    assert not book.open[0].announced
    assert book.wait(600 + 31) == ["opened"]


looks = st.lists(st.booleans(), min_size=1, max_size=600)


@given(
    condition=st.sampled_from(sorted(ALL - NEWS - {Condition.TEST})),
    looks=looks,
    every=st.sampled_from([1, 5, 10, 30, 60]),
)
def test_nothing_that_stays_is_swallowed_and_nothing_that_flickers_floods(
    condition: Condition, looks: list[bool], every: int
) -> None:
    book = Book()
    words: list[tuple[int, str]] = []
    stands_since: int | None = None
    for number, present in enumerate(looks):
        minute = number * every
        told = book.look(minute, *([finding(condition)] if present else []))
        words += [(minute, word) for word in told if word in ("opened", "cleared")]
        stands_since = (minute if stands_since is None else stands_since) if present else None
        stood = -1 if stands_since is None else minute - stands_since
        if (
            stood >= DAY
            or (condition in URGENT and stood >= 30)
            or (stood >= 0 and not words and condition not in TRANSIENT)
        ):
            assert book.open[0].announced, "what stands is told"
    sequence = [word for _, word in words]
    assert sequence == ["opened", "cleared"] * (len(sequence) // 2) + ["opened"] * (len(sequence) % 2)
    assert sequence[-1:] != ["opened"] or book.open, "what was told is open, or was said to be over"
    openings = [minute for minute, word in words if word == "opened"]
    apart = 30 if condition in URGENT else DAY
    assert all(later - earlier >= apart for earlier, later in pairwise(openings))


HOURS = 60


def told_while_it_stands(condition: Condition, days: int, seen_at: int | None = None) -> list[tuple[float, str]]:
    """Hour after hour: what is said, and how many hours after the opening. `seen_at`: the hour somebody has seen it."""
    book = Book()
    words: list[tuple[float, str]] = []
    for hour in range(days * 24 + 1):
        told = book.look(hour * HOURS, finding(condition)) if hour == 0 else book.wait(hour * HOURS)
        words += [(hour, word) for word in told]
        if hour == seen_at:
            book.rows[1] = replace(book.rows[1], acked_at=START, acked_by="claire")
    return words


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (
            Condition.LIMIT_PASSED,
            [
                (0, "opened"),
                (1, "repeated"),
                (4, "escalated"),
                (5, "repeated"),
                (29, "repeated"),
                (29 + 72, "repeated"),
                (101 + 168, "repeated"),
                (269 + 168, "repeated"),
            ],
        ),
        (
            Condition.POST_REFUSED,
            [
                (0, "opened"),
                (24, "repeated"),
                (72, "escalated"),
                (96, "repeated"),
                (264, "repeated"),
                (432, "repeated"),
            ],
        ),
        (
            Condition.NOTHING_ELIGIBLE,
            [
                (0, "opened"),
                (24, "repeated"),
                (24, "escalated"),
                (96, "repeated"),
                (264, "repeated"),
                (432, "repeated"),
            ],
        ),
        (Condition.RUNWAY_LOW, [(0, "opened"), (72, "escalated"), (168, "repeated"), (336, "repeated")]),
        (Condition.FROZEN, [(0, "opened"), (168, "repeated"), (336, "repeated")]),
        (Condition.POST_EXPIRED, [(0, "opened")]),
    ],
)
def test_until_somebody_has_seen_it_it_is_told_again_at_growing_intervals(
    condition: Condition, expected: list[tuple[float, str]]
) -> None:
    assert told_while_it_stands(condition, 20) == expected


@pytest.mark.parametrize("condition", [Condition.LIMIT_PASSED, Condition.POST_REFUSED, Condition.RUNWAY_LOW])
def test_once_seen_it_is_silent_until_it_ends(condition: Condition) -> None:
    assert [word for hour, word in told_while_it_stands(condition, 20, seen_at=2) if hour > 2] == []


def test_what_got_worse_is_told_though_the_lesser_was_seen() -> None:
    book = Book()
    book.look(0, finding(Condition.RUNWAY_LOW, "14 days"))
    book.rows[1] = replace(book.rows[1], acked_at=START, acked_by="claire")
    assert book.look(7 * DAY, finding(Condition.RUNWAY_LOW, "7 days")) == ["opened 7 days"]


def test_a_share_that_comes_back_for_minutes_is_one_alert_and_no_alarm_each_hour() -> None:
    book, missing, said = Book(), finding(Condition.CONTENT_MISSING, account=""), list[str]()
    for minute in range(0, DAY, 5):
        said += book.look(minute, *([missing] if minute % 50 < 40 else []))
    assert said == ["opened", "repeated", "escalated", "repeated"]
    assert book.look(DAY) == []
    assert book.wait(DAY + 30) == ["cleared"]


def test_whoever_gets_the_account_is_told_what_stands_open_at_once_and_as_if_it_were_new() -> None:
    book = Book()
    refused = finding(Condition.CREDENTIALS_REFUSED)
    book.look(0, refused)
    book.rows[1] = replace(book.rows[1], acked_at=START, acked_by="claire", escalated_at=START)
    theirs = replace(refused, person="hugo")
    assert book.look(20 * DAY, theirs) == ["opened"]
    assert book.rows[1].acked_by is None
    assert book.look(20 * DAY + 59, theirs) == []
    assert book.look(20 * DAY + 60, theirs) == ["repeated"]
    assert book.look(20 * DAY + 4 * HOURS, theirs) == ["escalated"]
    assert book.look(20 * DAY + 4 * HOURS + 1) == ["cleared"]


def test_an_alert_told_again_in_a_new_life_insists_as_at_first() -> None:
    book = Book()
    refused = finding(Condition.CREDENTIALS_REFUSED)
    book.look(0, refused)
    assert book.wait(HOURS) == ["repeated"]
    book.look(2 * HOURS)
    book.look(3 * HOURS, refused)
    assert book.wait(3 * HOURS + 30) == ["opened"]
    assert book.rows[1].repeats == 0
    assert book.wait(4 * HOURS + 30) == ["repeated"]
