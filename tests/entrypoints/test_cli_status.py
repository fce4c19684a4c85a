"""`veilleuse status`: how each account stands, for eyes and for programs."""

import re
from datetime import timedelta

import pytest

from tests.entrypoints.cli_house import CONFIG, CliHouse, now
from tests.entrypoints.looked_at import look, need_human
from veilleuse.domain.alert import Condition
from veilleuse.domain.prices import X_POST, X_POST_READ

DAY = timedelta(days=1)
KEYS = [
    *("account", "network", "state", "last_activity_at", "last_activity_by", "silent_for_s", "max_silence_s"),
    *("speaks_at", "queued", "runway_until", "reason", "alerts", "spent_usd"),
]
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_json_is_the_contract_other_programs_build_on(synced: CliHouse) -> None:
    look(synced, posted=2 * DAY)
    look(synced, "acme-facebook", posted=DAY)
    need_human(synced, Condition.RUNWAY_LOW)
    told = synced.json("status")
    assert [row["account"] for row in told] == ["acme-x", "acme-facebook"]
    assert all(list(row) == KEYS for row in told)
    x = told[0]
    assert (x["network"], x["state"], x["last_activity_by"], x["queued"]) == ("x", "alive", "human", 2)
    assert x["max_silence_s"] == 604_800
    assert 2 * 86_400 <= x["silent_for_s"] < 2 * 86_400 + 60
    for key in ("last_activity_at", "speaks_at", "runway_until"):
        assert UTC_TIME.fullmatch(x[key])
    assert x["reason"].startswith("quiet: your team posted 2 days ago; veilleuse speaks")
    assert [list(alert) for alert in x["alerts"]] == [["id", "condition", "subject", "text", "remedy", "opened_at"]]
    assert x["alerts"][0]["condition"] == "runway_low"


def test_what_is_unknown_is_null(synced: CliHouse) -> None:
    told = synced.json("status", "acme-x", code=1)
    assert len(told) == 1
    nothing = ("last_activity_at", "last_activity_by", "silent_for_s", "speaks_at")
    assert [told[0][key] for key in nothing] == [None] * len(nothing)
    assert told[0]["reason"] == "not looked at yet: start `veilleuse run`"


@pytest.mark.parametrize(
    ("posted", "found", "state", "code"),
    [
        (2 * DAY, {}, "alive", 0),
        (6.5 * DAY, {}, "near", 0),
        (8 * DAY, {}, "past", 1),
        (None, {}, "past", 1),  # it never posted
        (2 * DAY, {"read_at": None}, "blind", 1),
        (2 * DAY, {"failures": 2, "reason": "X does not answer"}, "blind", 1),
        (2 * DAY, {"stopped": "X refuses the token"}, "stopped", 1),
    ],
)
def test_each_state_has_its_word_and_its_exit_code(
    synced: CliHouse, posted: timedelta | None, found: dict[str, object], state: str, code: int
) -> None:
    look(synced, posted=posted, **found)
    assert synced.json("status", "acme-x", code=code)[0]["state"] == state
    assert f"● {state}" in synced.says("status", "acme-x", code=code)


def test_a_frozen_and_a_reserved_account_need_nobody(synced: CliHouse) -> None:
    synced.write("content/acme-x/STOP", "crise\n")
    synced.write("veilleuse.toml", f'{CONFIG}kind = "reserved"\n')
    synced.run("sync")
    look(synced, posted=2 * DAY)
    assert [row["state"] for row in synced.json("status")] == ["frozen", "reserved"]
    said = synced.says("status")
    assert "acme-x: frozen by a STOP file" in said
    assert "crise" in said


def test_eyes_get_a_table_and_the_reason_below_it(synced: CliHouse) -> None:
    look(synced, posted=2 * DAY)
    said = synced.run("status", "acme-x").output
    head, rule, row, *reasons = [line for line in said.splitlines() if line.strip()]
    assert head.split("  ")[0].strip() == "account"
    assert set(rule.strip()) == {"─"}
    assert row.split()[:4] == ["acme-x", "x", "●", "alive"]
    assert "2 days" in row
    assert "7 days" in row
    assert reasons[0].startswith("acme-x: quiet: your team posted 2 days ago")


def test_another_zone_than_the_house_is_named(synced: CliHouse) -> None:
    synced.write("veilleuse.toml", f'{CONFIG}timezone = "America/Montreal"\n'.replace("1234567890", "1234567891"))
    look(synced, "acme-facebook", posted=2 * DAY)
    synced.write("content/acme-facebook.csv", "texte;approuvé par\nBonjour;claire\n")
    synced.run("sync")
    assert "(America/Montreal)" in synced.says("status", "acme-facebook")


def test_only_a_short_runway_leaves_the_exit_code_at_0(synced: CliHouse) -> None:
    look(synced, posted=2 * DAY)
    need_human(synced, Condition.RUNWAY_LOW)
    assert "! acme-x: runway_low. Act." in synced.says("status", "acme-x")
    need_human(synced, Condition.RUNWAY_LOW, Condition.POST_REFUSED)
    assert "! acme-x: post_refused. Act." in synced.says("status", "acme-x", code=1)


def test_what_concerns_the_house_is_said_beside_the_json(synced: CliHouse) -> None:
    look(synced, posted=2 * DAY)
    look(synced, "acme-facebook", posted=DAY)
    need_human(synced, Condition.CONTENT_MISSING, account="")
    result = synced.run("status", "--json", code=1)
    assert result.stderr == "! the house: content_missing. Act.\n"
    assert synced.run("status", "acme-x").stderr == ""


def test_a_passing_trouble_is_no_alert_before_its_third_look(synced: CliHouse) -> None:
    look(synced, posted=2 * DAY)
    for code, seen in ((0, []), (0, []), (1, ["network_unreadable"])):
        need_human(synced, Condition.NETWORK_UNREADABLE)
        told = synced.json("status", "acme-x", code=code)
        assert [alert["condition"] for alert in told[0]["alerts"]] == seen


def test_an_unknown_account_is_exit_code_2_with_what_was_meant(synced: CliHouse) -> None:
    said = synced.says("status", "acme-facebok", code=2)
    assert 'No account is called "acme-facebok". Did you mean "acme-facebook"?' in said
    assert "There are: acme-x, acme-facebook." in synced.says("status", "zzz", code=2)


def test_what_the_month_has_cost_stands_with_the_account(synced: CliHouse) -> None:
    look(synced, posted=DAY)
    today = now()
    with synced.store() as store:
        store.charge("acme-x", today.date(), {X_POST: 2, X_POST_READ: 3})
        store.charge("acme-x", today.replace(day=1).date() - DAY, {X_POST: 99})  # another month
    assert [row["spent_usd"] for row in synced.json("status", code=1)] == [0.045, None]
    assert "billed this month: 0.045 USD" in synced.says("status", "acme-x")
    synced.write("veilleuse.toml", CONFIG.replace('handle = "acme"', 'handle = "acme"\nbudget_usd = 5'))
    assert "billed this month: 0.045 of 5.00 USD" in synced.says("status", "acme-x")
    synced.locale = "fr_FR.UTF-8"
    assert "facturé ce mois : 0,045 sur 5,00 USD" in synced.says("status", "acme-x")
    assert synced.json("status", code=1)[0]["spent_usd"] == 0.045
