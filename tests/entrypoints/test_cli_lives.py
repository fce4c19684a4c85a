"""`veilleuse account hibernate | wake | farewell | done | cancel`: shown before it is begun, hard to do by mistake."""

from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner

from tests.entrypoints.cli_house import CliHouse, now
from tests.entrypoints.looked_at import look
from veilleuse import bootstrap
from veilleuse.domain.farewell import PLACE, public_address, text_in
from veilleuse.domain.plan import Plan, StepState
from veilleuse.entrypoints.cli import main

AS = ("--as", "claire")
FAREWELL = ("account", "farewell", "acme-x", "--follow", "acme-facebook", *AS)


@pytest.fixture
def house(synced: CliHouse) -> CliHouse:
    look(synced, posted=timedelta(0))
    look(synced, "acme-facebook", posted=timedelta(0))
    return synced


def typed(house: CliHouse, name: str, *args: str, code: int = 0) -> str:
    """The farewell, with something typed at its question."""
    result = CliRunner().invoke(
        main, ["--config", str(house.config), *(args or FAREWELL)], input=f"{name}\n", prog_name="veilleuse"
    )
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def plan(house: CliHouse) -> Plan | None:
    with house.store() as store:
        return next(iter(store.plans()), None)


def test_a_rehearsal_shows_every_step_and_date_and_changes_nothing(house: CliHouse) -> None:
    said = house.says("account", "hibernate", "acme-x", "--until", "2099-03-01", *AS, "--dry-run")
    assert "1. hide the account: now" in said
    assert "X lets no program do it: claire is called." in said
    assert "https://x.com/settings/audience_and_tagging" in said
    assert "2. rest: Sunday 1 March 2099" in said
    assert "nothing was changed" in said
    said = house.says(*FAREWELL, "--after", "10", "--dry-run")
    assert text_in("en") in said
    assert "https://www.facebook.com/1234567890" in said
    assert [step in said for step in ("1. publish the post", "2. pin", "3. leave it", "4. close")] == [True] * 4
    assert plan(house) is None


def test_a_hibernation_stands_in_status_with_its_end_until_it_is_woken(house: CliHouse) -> None:
    house.run("account", "hibernate", "acme-x", "--until", "2099-03-01", *AS)
    row = house.json("status", "acme-x")[0]
    assert (row["state"], row["speaks_at"], row["runway_until"]) == ("hibernating", None, None)
    assert "hibernating until Sunday 1 March 2099, by claire" in row["reason"]
    house.run("account", "hibernate", "acme-x", "--until", "2099-04-01", *AS)
    assert "until Wednesday 1 April 2099" in house.json("status", "acme-x")[0]["reason"]
    assert "make the account visible again" in house.says("account", "wake", "acme-x", "--post", "hiver", *AS)
    assert "waking up" in house.json("status", "acme-x")[0]["reason"]


def test_what_was_done_by_hand_is_said_and_shown(house: CliHouse) -> None:
    house.run("account", "hibernate", "acme-x", *AS)
    said = house.says("account", "done", "acme-x", *AS)
    assert "1. hide the account: done today at" in said
    assert "by claire" in said
    assert "No step of acme-x waits" in house.says("account", "done", "acme-x", *AS, code=1)


def test_a_farewell_is_approved_by_whoever_types_the_name(house: CliHouse) -> None:
    said = typed(house, "acme-x")
    assert "2 approved posts of its queue are not said." in said
    kept = plan(house)
    assert kept is not None
    with house.store() as store:
        (record,) = [each for each in store.approvals("acme-x") if each.post_id.startswith(PLACE)]
        (post,) = [c.post for c in store.candidates("acme-x") if c.post.id == kept.says]
    assert (record.approver, record.post_id, record.digest) == ("claire", kept.says, post.digest)
    assert post.approved_by == "claire"
    assert kept.follow == "https://www.facebook.com/1234567890"
    house.run("sync")
    with house.store() as store:
        assert kept.says in {c.post.id for c in store.candidates("acme-x")}


@pytest.mark.parametrize("name", ["", "acme-facebook", "ACME-X", "yes"])
def test_another_name_closes_nothing(house: CliHouse, name: str) -> None:
    assert "nothing was changed" in typed(house, name, code=1)
    assert plan(house) is None


def test_nobody_there_to_type_closes_nothing(house: CliHouse) -> None:
    house.run(*FAREWELL, code=1)
    assert plan(house) is None


def test_ones_own_words_are_judged_like_any_post(house: CliHouse) -> None:
    words, novel = house.write("bye.txt", "Au revoir à tous !"), house.write("long.txt", "a" * 400)
    assert "Au revoir à tous !" in house.says(*FAREWELL, "--text", str(words), "--dry-run")
    said = house.says(*FAREWELL, "--text", str(novel), "--dry-run", code=2)
    assert "too long for X" in said
    assert "Nothing was changed" in said
    latin = house.write("latin.txt", "été".encode("latin-1"))
    assert "UTF-8" in house.says(*FAREWELL, "--text", str(latin), "--dry-run", code=2)
    assert "cannot be read" in house.says(*FAREWELL, "--text", str(house.folder / "none.txt"), "--dry-run", code=2)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("hibernate", "acme-y", *AS), 'Did you mean "acme-x"?'),
        (("hibernate", "acme-x", "--as", "clare"), 'Did you mean "claire"?'),
        (("hibernate", "acme-x", "--until", "2020-01-01", *AS), "2020-01-01 is past. Nothing was changed."),
        (("hibernate", "acme-x", "--until", "soon", *AS), '"soon" is no date'),
        (("wake", "acme-x", "--post", "hivre", *AS), 'Did you mean "acme-x/hiver"?'),
        (("wake", "acme-facebook", "--post", "bonjour", *AS), "cannot be said"),
        (("farewell", "acme-x", "--follow", "acme-x", *AS), "cannot follow itself"),
        (("farewell", "acme-x", "--follow", "acme-y", *AS), 'No account is called "acme-y"'),
        (("farewell", "acme-x", "--follow", "acme-facebook", "--as", "hugo"), "hugo may not approve for acme-x"),
        (("farewell", "acme-x", "--follow", "acme-facebook", "--after", "0", *AS), "0 is not in the range"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(house: CliHouse, args: tuple[str, ...], says: str) -> None:
    if args[0] == "wake":
        house.run("account", "hibernate", args[1], *AS)
    before = plan(house)
    if args[1:3] == ("acme-facebook", "--post"):
        with house.store() as store:
            bonjour = next(c.post.id for c in store.candidates("acme-facebook"))
        args = (*args[:3], bonjour, *AS)
    assert says in house.says("account", *args, code=2)
    assert plan(house) == before


@pytest.mark.parametrize("command", ["wake", "done", "cancel"])
def test_without_a_plan_there_is_nothing_to_go_on_with(house: CliHouse, command: str) -> None:
    house.run("account", command, "acme-x", *AS, code=1)
    assert plan(house) is None


def test_a_plan_called_off_leaves_the_account_as_it_was(house: CliHouse) -> None:
    typed(house, "acme-x")
    assert "called off" in house.says("account", "cancel", "acme-x", *AS)
    assert house.json("status", "acme-x")[0]["state"] == "alive"
    with house.store() as store:
        assert not [c for c in store.candidates("acme-x") if c.post.id.startswith(PLACE)]


def test_a_farewell_said_is_told_to_stay_said(house: CliHouse) -> None:
    typed(house, "acme-x")
    kept = plan(house)
    assert kept is not None
    said = replace(kept.steps[0], state=StepState.DONE, at=now())
    with house.store() as store:
        store.keep_plan(replace(kept, steps=(said, *kept.steps[1:]), version=2), kept)
    assert "cannot be unsaid" in house.says("account", "cancel", "acme-x", *AS)


def test_a_plan_is_told_to_wait_for_the_thaw(house: CliHouse) -> None:
    house.run("freeze", "acme-x", "--reason", "recall", *AS)
    assert "no step is taken until it is thawed" in house.says("account", "hibernate", "acme-x", *AS)
    assert house.json("status", "acme-x")[0]["state"] == "frozen"


def test_every_network_has_a_public_address_but_an_outbox(house: CliHouse) -> None:
    accounts = bootstrap.accounts_of(bootstrap.load(house.config))
    assert {name: public_address(account) for name, account in accounts.items()} == {
        "acme-x": "https://x.com/acme",
        "acme-facebook": "https://www.facebook.com/1234567890",
    }
