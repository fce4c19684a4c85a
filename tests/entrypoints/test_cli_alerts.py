"""`veilleuse alerts`: what needs a human, who has seen it, and whether messages arrive."""

import json
from datetime import timedelta

import pytest

from tests.entrypoints.cli_house import CONFIG, SECRETS, CliHouse, now
from tests.entrypoints.looked_at import need_human
from tests.loopback import loopback
from tests.services.house import NoPhone
from veilleuse import bootstrap
from veilleuse.domain.alert import Condition
from veilleuse.domain.task import Task, TaskKind, findings
from veilleuse.services.alert import Alerts

ACCEPTED = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


@pytest.fixture
def made(cli_house: CliHouse) -> CliHouse:
    cli_house.run("db", "upgrade")
    return cli_house


def test_nothing_open_is_said_and_is_exit_code_0(made: CliHouse) -> None:
    assert made.says("alerts") == "Nothing needs a human."
    assert made.json("alerts") == []


def test_what_is_open_is_listed_with_its_remedy_and_whom_it_calls(made: CliHouse) -> None:
    need_human(made, Condition.POST_REFUSED, Condition.RUNWAY_LOW)
    need_human(made, Condition.CONTENT_MISSING, account="")
    said = made.says("alerts", code=1)
    assert "1 acme-x: post_refused. Act. since less than a minute ago; calls claire" in said
    told = made.json("alerts", code=1)
    assert [(alert["id"], alert["account"], alert["condition"]) for alert in told] == [
        (1, "acme-x", "post_refused"),
        (2, "acme-x", "runway_low"),
        (3, "", "content_missing"),
    ]
    assert told[0]["acked_by"] is None


def test_an_account_taken_out_of_the_configuration_calls_nobody_any_more(made: CliHouse) -> None:
    need_human(made, Condition.POST_REFUSED, account="acme-gone")
    need_human(made, Condition.POST_REFUSED)
    with bootstrap.open_house(bootstrap.load(made.config), notifier=NoPhone()):
        pass
    assert [alert["account"] for alert in made.json("alerts", code=1)] == ["acme-x"]


def test_an_alert_that_somebody_has_seen_stays_open_and_names_them(made: CliHouse) -> None:
    need_human(made, Condition.POST_REFUSED)
    assert made.says("alerts", "ack", "1", "--as", "hugo") == "Alert 1: seen by hugo."
    assert "seen by hugo" in made.says("alerts", code=1)
    assert made.json("alerts", code=1)[0]["acked_by"] == "hugo"


def test_one_cause_on_many_accounts_is_seen_in_one_command(made: CliHouse) -> None:
    need_human(made, Condition.POST_REFUSED, Condition.RUNWAY_LOW, Condition.LIMIT_PASSED)
    assert "No open alert has the number 7" in made.says("alerts", "ack", "1", "7", "--as", "hugo", code=2)
    assert [alert["acked_by"] for alert in made.json("alerts", code=1)] == [None, None, None]
    assert made.says("alerts", "ack", "1", "3", "--as", "hugo") == "Alert 1: seen by hugo. Alert 3: seen by hugo."
    assert [alert["acked_by"] for alert in made.json("alerts", code=1)] == ["hugo", None, "hugo"]


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("ack", "7", "--as", "claire"), "No open alert has the number 7; `veilleuse alerts` lists them."),
        (("ack", "1", "--as", "clare"), 'No person is called "clare". Did you mean "claire"?'),
        (("ack", "1"), "Missing option '--as'"),
        (("ack", "x", "--as", "claire"), "'x' is not a valid integer"),
        (("test", "clare"), 'No person is called "clare". Did you mean "claire"?'),
        (("nonsense",), "No such command 'nonsense'"),
    ],
)
def test_mistakes_are_exit_code_2(made: CliHouse, args: tuple[str, ...], complaint: str) -> None:
    assert complaint in made.says("alerts", *args, code=2)


def test_a_test_message_arrives_with_all_that_waits_for_the_same_person(made: CliHouse) -> None:
    with loopback([ACCEPTED]) as server:
        made.secrets = {**SECRETS, "CLAIRE_NOTIFY_URL": f"{server.url}/".replace("http", "json")}
        out, err = made.shell("alerts", "test")
    assert (out, err) == ("claire: went out by the variable CLAIRE_NOTIFY_URL.\n", "")
    assert "alerts for claire arrive here" in json.loads(server.bodies[0])["message"]
    assert made.json("alerts") == []  # a test leaves nothing open
    with made.store() as store:
        assert [message.next_try_at for message in store.all_notifications()] == [None]


def test_a_channel_that_does_not_answer_is_exit_code_1(made: CliHouse) -> None:
    out, err = made.shell("alerts", "test", "claire", code=1)
    assert out == "claire's channel 1 (json) did not take the message: connection refused.\n"
    assert err == ""


def test_who_has_no_channel_cannot_be_reached(made: CliHouse) -> None:
    out, _ = made.shell("alerts", "test", "hugo", code=1)  # and nobody else's secret is needed for that
    assert out == "hugo has no channel: add `notify` to [people.hugo].\n"
    made.write("veilleuse.toml", CONFIG.replace('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', ""))
    assert "Nobody in the configuration has a channel" in made.says("alerts", "test", code=2)


def test_a_missing_address_names_its_variable(made: CliHouse) -> None:
    made.secrets = {}
    _, err = made.shell("alerts", "test", code=2)
    assert "people.claire.notify: no secret in the variable CLAIRE_NOTIFY_URL" in err


def test_messages_for_somebody_else_are_left_alone(made: CliHouse) -> None:
    made.write("veilleuse.toml", CONFIG.replace("[people.hugo]", '[people.hugo]\nnotify = [{ env = "HUGO" }]'))
    made.secrets = {**SECRETS, "HUGO": "json://127.0.0.1:9/"}
    made.shell("alerts", "test", "hugo", code=1)
    made.shell("alerts", "test", "claire", code=1)
    with made.store() as store:
        assert {message.person: message.tries for message in store.all_notifications()} == {"hugo": 1, "claire": 1}


def test_who_acknowledges_a_task_has_done_it_and_hears_when_it_falls_due_again(made: CliHouse) -> None:
    task = Task(account="acme-x", kind=TaskKind.LOG_IN, due_at=now() + timedelta(days=2))
    (account,) = (each for each in bootstrap.load(made.config).accounts if each.name == "acme-x")
    with made.store() as store:
        store.save_tasks([task])
        Alerts(store, NoPhone(), bootstrap.SystemClock()).reconcile(
            "acme-x", findings(account, "X", [task], now()), {Condition.HUMAN_TASK}
        )
    assert made.says("alerts", "ack", "1", "--as", "hugo").startswith("Done by hugo. It falls due again ")
    with made.store() as store:
        (following,) = store.tasks()
    assert following.done_by == "hugo"
    assert following.due_at - now() > timedelta(days=29)
