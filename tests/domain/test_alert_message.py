"""What a person reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from veilleuse.domain.alert import Condition, Notification, Told
from veilleuse.domain.alert_message import LABELS, Message, compose

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
_ids = count(1)


def word(
    condition: Condition,
    text: str = "",
    *,
    account: str = "acme-x",
    what: Told = Told.OPENED,
    alert: int | None = None,
    at: datetime = NOW,
) -> Notification:
    number = next(_ids)
    return Notification(
        id=number,
        alert_id=number if alert is None else alert,
        person="claire",
        channel=0,
        what=what,
        condition=condition,
        account=account,
        text=text or f"{account}: {LABELS[condition]}.",
        remedy=f"Help {account}.",
        created_at=at,
        next_try_at=at,
    )


def test_one_thing_is_the_title() -> None:
    message = compose(
        [word(Condition.RUNWAY_LOW, "acme-x lasts until Friday 27 November: 3 approved posts left. 1 draft waits.")],
        NOW,
    )
    assert message == Message(
        title="veilleuse: acme-x lasts until Friday 27 November: 3 approved posts left",
        body="acme-x lasts until Friday 27 November: 3 approved posts left. 1 draft waits.\n"
        "  What to do: Help acme-x.\n"
        "\n"
        "All that is open: veilleuse alerts",
        urgent=False,
    )


def test_several_things_are_counted_and_the_urgent_come_first() -> None:
    message = compose(
        [
            word(Condition.RUNWAY_LOW, "acme-x lasts until Friday."),
            word(Condition.RUNWAY_LOW, "acme-blog lasts until Monday.", account="acme-blog", what=Told.CLEARED),
            word(Condition.LIMIT_PASSED, "acme-facebook has been silent for 8 days.", account="acme-facebook"),
        ],
        NOW,
    )
    assert message.title == "veilleuse: 2 things need you, 1 all clear"
    assert message.urgent
    order = [message.body.index(name) for name in ("acme-facebook", "acme-x", "acme-blog")]
    assert order == sorted(order)
    assert "All clear, no longer true: acme-blog lasts until Monday." in message.body


@pytest.mark.parametrize(
    ("account", "title"),
    [
        ("acme-x", "veilleuse: all clear: acme-x: silent past its limit"),
        ("", "veilleuse: all clear: silent past its limit"),
    ],
)
def test_an_all_clear_says_so_and_is_not_urgent(account: str, title: str) -> None:
    message = compose([word(Condition.LIMIT_PASSED, account=account, what=Told.CLEARED)], NOW)
    assert message.title == title
    assert not message.urgent


def test_one_cause_on_forty_two_accounts_is_one_thing() -> None:
    names = [f"acme-{number:02}" for number in range(42)]
    message = compose([word(Condition.CREDENTIALS_REFUSED, account=name) for name in names], NOW)
    assert message.title.startswith("veilleuse: 42 accounts: credentials refused: acme-00, acme-01, ")
    assert message.title.endswith("…")
    assert len(message.title) <= 140
    assert all(name in message.body for name in names)
    assert message.body.count("What to do") == 1
    clear = compose([word(Condition.CREDENTIALS_REFUSED, account=name, what=Told.CLEARED) for name in names], NOW)
    assert clear.title.startswith("veilleuse: all clear: 42 accounts: credentials refused: acme-00")
    assert clear.body.startswith("All clear for 42 accounts: credentials refused: acme-00, ")


def test_a_reminder_of_many_and_a_call_to_the_deputy_say_what_they_are_and_how_to_be_left_in_peace() -> None:
    words = [word(Condition.CREDENTIALS_REFUSED, account=f"acme-{n}", what=Told.REPEATED, alert=n) for n in range(5)]
    message = compose(words, NOW)
    assert message.title.startswith("veilleuse: still: 5 accounts: credentials refused: acme-0, ")
    assert "Nobody has said yet that this was seen: veilleuse alerts ack 0 1 2 3 4 --as claire" in message.body
    called = compose([replace(each, what=Told.ESCALATED, person="hugo") for each in words], NOW)
    assert "You are called as deputy" in called.body
    assert "veilleuse alerts ack 0 1 2 3 4 --as hugo" in called.body
    some = compose([*words, word(Condition.CREDENTIALS_REFUSED, account="acme-new", alert=9)], NOW)
    assert some.title.startswith("veilleuse: 6 accounts: ")
    assert "alerts ack 0 1 2 3 4 --as claire" in some.body


def test_many_troubles_of_one_account_are_all_spelled_out() -> None:
    message = compose([word(Condition.POST_REFUSED, f"The post acme-x/{n} was refused.") for n in range(5)], NOW)
    assert message.title == "veilleuse: 5 things need you"
    assert all(f"acme-x/{n}" in message.body for n in range(5))


def test_of_several_words_about_one_alert_the_last_is_said() -> None:
    message = compose(
        [
            word(Condition.LIMIT_PASSED, alert=900),
            word(Condition.LIMIT_PASSED, what=Told.CLEARED, alert=900),
        ],
        NOW,
    )
    assert message.title == "veilleuse: all clear: acme-x: silent past its limit"
    assert "What to do" not in message.body


def test_late_news_says_how_old_it_is() -> None:
    old = word(Condition.LIMIT_PASSED, "acme-x is silent.", at=NOW - timedelta(hours=6))
    assert "acme-x is silent. (noticed 6 hours ago)" in compose([old], NOW).body
    over = word(Condition.LIMIT_PASSED, "acme-x is silent.", what=Told.CLEARED, at=NOW - timedelta(hours=6))
    assert "All clear (noticed 6 hours ago), no longer true: acme-x is silent." in compose([over], NOW).body


def test_a_title_is_one_line() -> None:
    assert compose([word(Condition.FROZEN, "acme-x is frozen:\r\nBcc: all@example.org")], NOW).title.count("\n") == 0


def test_every_condition_has_its_words() -> None:
    assert set(LABELS) == set(Condition)
