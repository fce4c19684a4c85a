"""`check --online`: each account as its network knows it, and the machine; a remedy under each thing that is wrong."""

import errno
import shutil
from collections import namedtuple
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli_house import CONFIG, CliHouse, now
from veilleuse import bootstrap
from veilleuse.adapters import machine
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.networks import rates
from veilleuse.sandbox import Fault, Sandbox

PAGE = "1234567890"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    rates.forget()
    with Sandbox(SystemClock()) as sandbox:
        sandbox.add("x", "acme", title="Acme")
        sandbox.add("facebook", PAGE, title="Acme")
        yield sandbox


@pytest.fixture
def house(cli_house: CliHouse, sandbox: Sandbox) -> CliHouse:
    """Its accounts live in the sandbox, their credentials are right, its database is there."""
    address = f'\nbase_url = "{sandbox.base_url}"\n\n[accounts'
    whole = CONFIG.replace("\n\n[accounts", address) + f'base_url = "{sandbox.base_url}"\n'
    cli_house.write("veilleuse.toml", whole.replace("[people.hugo]" + address, "[people.hugo]\n\n[accounts"))
    secrets = dict(cli_house.secrets)
    for account, identity in (("ACME_X", "acme"), ("ACME_FACEBOOK", PAGE)):
        for name, value in sandbox.presences[identity].secrets.items():
            if name != "person_token":
                secrets[f"VEILLEUSE_{account}_{name.upper()}"] = value
    cli_house.secrets = secrets
    with cli_house.store():
        pass
    return cli_house


def rows(house: CliHouse, *args: str, code: int = 0) -> dict[str, Any]:
    return {row["what"]: row for row in house.json("check", "--online", *args, code=code)["online"]}


def test_all_is_well_and_whose_each_account_is_stands_there(house: CliHouse) -> None:
    found = rows(house)
    assert found["acme-x"]["text"].startswith("X knows it as acme; may post; no end of its credentials is known; 0.010")
    assert found["acme-facebook"]["text"] == "Facebook knows it as Acme; may post; no end of its credentials is known"
    assert {row["health"] for row in found.values()} == {"good"}
    assert not any(row["remedy"] for row in found.values())
    assert house.says("check", "--online").endswith("All is well. Nothing was published.")


@pytest.mark.parametrize("may_hear", [True, False])
def test_a_right_without_which_the_digest_says_less_is_a_remark_and_nobody_s_business(
    house: CliHouse, sandbox: Sandbox, may_hear: bool
) -> None:
    token = sandbox.add("mastodon", "acme@social.example").secrets["access_token"]
    sandbox.alter("acme@social.example", may_hear=may_hear)
    account = (
        f'network = "mastodon"\nhandle = "acme@social.example"\nbase_url = "{sandbox.base_url}"\nowner = "claire"\n'
    )
    house.write("veilleuse.toml", f"{house.config.read_text()}\n[accounts.acme-social]\n{account}")
    house.secrets = {**house.secrets, "VEILLEUSE_ACME_SOCIAL_ACCESS_TOKEN": token}
    found = rows(house)["acme-social"]
    assert found["health"] == "good"
    assert ("the token lacks the right `read:notifications`" in found["text"]) is not may_hear


def dead(sandbox: Sandbox) -> None:
    sandbox.alter(PAGE, expires_at=now() - timedelta(days=1))


def dying(sandbox: Sandbox) -> None:
    sandbox.alter(PAGE, expires_at=now() + timedelta(days=6))


def without_the_right(sandbox: Sandbox) -> None:
    sandbox.alter(PAGE, may_post=False)


def another_page(sandbox: Sandbox) -> None:
    secrets = {name: f"new-{name}" for name in ("page_token", "person_token", "app_id", "app_secret")}
    taken = sandbox.presences[PAGE].secrets
    sandbox.alter(PAGE, secrets=secrets)
    sandbox.add("facebook", "555", title="Rival", secrets=taken)


def a_persons(sandbox: Sandbox) -> None:
    secrets = dict(sandbox.presences[PAGE].secrets)
    secrets["person_token"], secrets["page_token"] = secrets["page_token"], "elsewhere"
    sandbox.alter(PAGE, secrets=secrets)


def silent(sandbox: Sandbox) -> None:
    sandbox.fault(PAGE, "identify", Fault.BUSY)


@pytest.mark.parametrize(
    ("happened", "health", "told"),
    [
        (dead, "bad", "Facebook refused the Page's token"),
        (dying, "bad", "The credentials of acme-facebook on Facebook die"),
        (without_the_right, "bad", "acme-facebook may not post"),
        (another_page, "bad", "The token belongs to Rival (555) on Facebook, not to the Page 1234567890"),
        (a_persons, "bad", "The token belongs to Acme's administrator (100001)"),
        (silent, "unknown", "cannot be understood"),
    ],
)
def test_what_is_wrong_with_credentials_is_told_with_a_remedy(
    house: CliHouse, sandbox: Sandbox, happened: Any, health: str, told: str
) -> None:
    happened(sandbox)
    row = rows(house, "acme-facebook", code=1)["acme-facebook"]
    assert (row["health"], bool(row["remedy"])) == (health, True)
    assert told in row["text"]


@pytest.mark.parametrize(
    ("public", "health", "told"),
    [(True, "good", "strangers see its newest post"), (False, "bad", "A stranger does not see the newest post")],
    ids=["public", "development mode"],
)
def test_a_post_that_only_administrators_see_is_told(
    house: CliHouse, sandbox: Sandbox, public: bool, health: str, told: str
) -> None:
    house.write("content/acme-facebook.csv", "id;texte;approuvé par\nbonjour;Bonjour à tous !;claire\n")
    config = house.config.read_text()
    house.write("veilleuse.toml", f'{config}\n[rule]\nhours = "always"\n')
    house.run("run", "--once", code=1)  # nobody can be reached at claire's address
    assert [shown.by for shown in sandbox.timeline(PAGE)] == ["api"]
    sandbox.alter(PAGE, public=public)
    row = rows(house, "acme-facebook", code=0 if public else 1)["acme-facebook"]
    assert row["health"] == health
    assert told in row["text"]


def test_a_clock_that_is_wrong_by_ten_minutes_is_told(house: CliHouse, sandbox: Sandbox) -> None:
    sandbox.step(timedelta(minutes=10))
    row = rows(house, code=1)["clock"]
    assert row["text"] == "This machine's clock is 10 minutes behind: nothing would be published."
    assert "timedatectl" in row["remedy"]


def test_a_full_disk_is_told(house: CliHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**10, 10**10 - 5_000_000, 5_000_000))
    found = rows(house, code=1)
    (disk,) = (row for what, row in found.items() if what.endswith("folder") and "content" in what)
    assert "5.0 MB free of 10.0 GB" in disk["text"]


def test_a_folder_that_cannot_be_asked_is_told(house: CliHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(path: Path) -> object:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(shutil, "disk_usage", gone)
    found = rows(house, code=1)
    assert any("Input/output error" in row["text"] for row in found.values())


def test_a_secret_that_everybody_may_read_is_told(house: CliHouse) -> None:
    key = house.write("api_key", "sandbox-api_key-acme")
    config = house.config.read_text().replace(
        'handle = "acme"', 'handle = "acme"\ncredentials.api_key = { file = "api_key" }'
    )
    house.write("veilleuse.toml", config)
    key.chmod(0o644)
    assert str(key) in rows(house, code=1)["secrets"]["text"]
    key.chmod(0o640)
    assert rows(house)["secrets"]["health"] == "good"


def test_a_heartbeat_that_nobody_hears_is_told_and_none_is_sent(house: CliHouse, sandbox: Sandbox) -> None:
    config = house.config.read_text()
    house.write("veilleuse.toml", f'heartbeat_url = {{ env = "BEAT" }}\n\n{config}')
    house.secrets = {**house.secrets, "BEAT": "http://127.0.0.1:1/secret-path"}
    row = rows(house, code=1)["heartbeat"]
    assert "no connection" in row["text"]
    assert "secret-path" not in row["text"]
    house.secrets = {**house.secrets, "BEAT": sandbox.base_url}
    assert rows(house)["heartbeat"]["text"] == "its watcher can be reached"


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:1"])
def test_behind_a_proxy_the_proxy_is_what_must_be_reached(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    assert "no connection" in (machine.unreachable("https://hc.example/ping") or "")


def test_what_it_found_is_kept_for_the_daemon(house: CliHouse, sandbox: Sandbox) -> None:
    dead(sandbox)
    with house.store() as store:
        store.register(bootstrap.load(house.config).accounts, now())
    house.run("check", "--online", code=1)
    with house.store() as store:
        assert store.state("acme-facebook").barred is not None
        assert store.state("acme-x").barred is None


def test_before_there_is_a_database_it_keeps_nothing(house: CliHouse) -> None:
    house.database.unlink()
    assert rows(house)["acme-facebook"]["health"] == "good"
    assert not house.database.exists()


def test_it_fits_eighty_columns_with_the_remedy_below(
    house: CliHouse, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying(sandbox)
    said = house.run("check", "--online", code=1).output
    assert "→ Renew them, put them where the old ones are" in " ".join(said.split())
    assert said.rstrip().endswith("1 thing needs you. Nothing was published.")


def test_only_what_can_be_asked_of_a_whole_configuration_is_asked(house: CliHouse) -> None:
    house.secrets = {}
    assert house.json("check", "--online", code=2)["online"] == []


def test_an_account_is_named_only_online(house: CliHouse) -> None:
    assert "only with --online" in house.run("check", "acme-x", code=2).output
    assert "No account is called" in house.run("check", "--online", "acme-y", code=2).output


def test_a_spent_budget_is_told(house: CliHouse) -> None:
    house.write(
        "veilleuse.toml", house.config.read_text().replace('handle = "acme"', 'handle = "acme"\nbudget_usd = 0.03')
    )
    row = rows(house, "acme-x", code=1)["acme-x"]
    assert "its budget of 0.03 USD a month does not bear the next call: 0.010 USD are spent" in row["text"]
    assert "budget_usd" in row["remedy"]


def test_what_was_billed_is_written_as_the_reader_s_language_writes_amounts(house: CliHouse) -> None:
    house.write(
        "veilleuse.toml", house.config.read_text().replace('handle = "acme"', 'handle = "acme"\nbudget_usd = 2.5')
    )
    assert rows(house, "acme-x")["acme-x"]["text"].endswith("; 0.010 of 2.50 USD billed this month")
    house.locale = "fr_FR.UTF-8"
    assert rows(house, "acme-x")["acme-x"]["text"].endswith("; 0,010\u00a0USD facturés ce mois-ci sur 2,50")


def test_a_round_for_cron_examines_what_is_due_and_bills_nothing_for_it(house: CliHouse) -> None:
    house.write("content/acme-x.toml", "")
    house.write("content/acme-facebook.csv", "id;texte\nbonjour;Bonjour à tous !\n")
    house.run("run", "--once", code=1)
    with house.store() as store:
        examined = {each.account: each for each in store.all_examined()}
        assert examined["acme-facebook"].found is not None
        assert examined["acme-x"].found is None
        assert set(store.charges(now().date())["acme-x"]) == {"x_user_read"}  # whose it is, at the first look
