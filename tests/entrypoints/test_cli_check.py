"""`veilleuse check`: everything that is wrong at once, the gravest first, and never a secret."""

import pytest

from tests.entrypoints.cli_house import CONFIG, POSTS, SECRETS, CliHouse
from tests.entrypoints.versions import make_newer, write_revision


def test_a_house_in_order_is_told_so_before_its_database_exists(cli_house: CliHouse) -> None:
    cli_house.write("content/acme-facebook.csv", "texte;approuvé par\nBonjour à tous !;claire\n")
    said = cli_house.says("check")
    for words in (
        "2 accounts, 2 people",
        "in Europe/Paris it is",
        "acme-x on X: api_key found, api_secret found, access_token found, access_secret found",
        "acme-facebook on Facebook: page_token found, app_id not set (optional)",
        "claire: 1 of 1 channel usable",
        "hugo: no channel",
        "2 posts for acme-x: 2 approved, 0 drafts",
        "not there yet; `veilleuse run` makes it",
        "All is well.",
    ):
        assert words in said
    assert not cli_house.database.exists()


def test_drafts_alone_are_a_warning(cli_house: CliHouse) -> None:
    said = cli_house.says("check")
    assert "1 post for acme-facebook: 0 approved, 1 draft" in said
    assert "acme-facebook has nothing approved to say. Approve some: write approved_by." in said
    assert said.endswith("All is well: 1 warning.")


def test_missing_secrets_are_named_with_every_place_looked_at(cli_house: CliHouse) -> None:
    cli_house.secrets = {}
    said = cli_house.says("check", code=2)
    for name in SECRETS:
        assert f"the variable {name}" in said
    assert "the systemd credential acme-x.api_key, the file /run/secrets/acme-x.api_key" in said
    assert "people.claire.notify, entry 1: no secret in the variable CLAIRE_NOTIFY_URL" in said
    assert said.index("errors") < said.index("Configuration")
    assert "Not ready: 3 errors, 1 warning." in said


def test_a_secret_file_that_cannot_be_read_is_not_called_missing(cli_house: CliHouse) -> None:
    cli_house.write(
        "veilleuse.toml", f'{CONFIG}\n[accounts.acme-facebook.credentials]\npage_token = {{ file = "content" }}'
    )
    assert "acme-facebook on Facebook, page_token: the secret file" in cli_house.says("check", code=2)


def test_an_address_apprise_does_not_understand_is_told_without_showing_it(cli_house: CliHouse) -> None:
    cli_house.secrets = {**SECRETS, "CLAIRE_NOTIFY_URL": "slak://s3cr3t-of-acme"}
    assert "Apprise does not understand this slak address" in cli_house.says("check", code=2)


def test_an_owner_nobody_can_call_is_a_warning(cli_house: CliHouse) -> None:
    cli_house.write("veilleuse.toml", CONFIG.replace('notify = [{ env = "CLAIRE_NOTIFY_URL" }]', ""))
    assert "claire is to be called, but nobody knows where" in cli_house.says("check")


def test_a_stop_file_is_a_warning(cli_house: CliHouse) -> None:
    cli_house.write("content/STOP", "crise en cours\n")
    assert "Every account is frozen by STOP STOP: crise en cours" in cli_house.says("check")


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ('timezone = "Europe', "veilleuse.toml:1: is not TOML"),
        (f"colour = 3\n{CONFIG}", "veilleuse.toml:1: colour: is no key of veilleuse"),
        (f"language = 3\n{CONFIG}", "veilleuse.toml:1: language: cannot be a number"),
        (CONFIG.replace('"claire"', '"clare"'), 'nobody in [people] is called "clare". Did you mean "claire"?'),
        (CONFIG.replace('"x"', '"twitter"'), 'veilleuse knows no network "twitter"'),
        (CONFIG.encode("utf-16"), "is not UTF-8 text"),
        ("", "accounts: there is none"),
    ],
)
def test_a_mistake_in_the_configuration_is_exit_code_2_everywhere(
    cli_house: CliHouse, config: str | bytes, complaint: str
) -> None:
    cli_house.write("veilleuse.toml", config)
    assert complaint in cli_house.says("check", code=2)
    assert complaint in cli_house.says("status", code=2)
    assert cli_house.json("check", code=2)["points"][0]["part"] == "configuration"


def test_a_configuration_that_is_not_there_is_said_with_the_way_to_make_one(cli_house: CliHouse) -> None:
    cli_house.config.unlink()
    for command in ("check", "status", "queue", "sync", "history", "alerts"):
        assert "there is no such file. Write one with `veilleuse init`." in cli_house.says(command, code=2)


LONG = "é" * 281


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        (
            "acme-x.toml",
            "approved_by = claire\n",
            "acme-x.toml:1: What stands behind the = is not between quotation marks.",
        ),
        ("acme-y.toml", POSTS, 'No account is called "acme-y". Did you mean "acme-x"?'),
        ("acme-x.csv", "id;texte\nhiver;Autre chose\n", '"hiver" stands in acme-x.toml'),
        ("acme-x.csv", f"id;texte\nlong;{LONG}\n", "1 character too long for X: 281 as X counts, 280 at most"),
        ("acme-x.csv", "texte;pas avant\nBonjour;2027-02-30\n", '"2027-02-30" does not exist'),
        ("acme-x/big.csv", f"texte\n{'x' * 10_000_000}\n", "acme-x/big.csv:2: "),
    ],
)
def test_a_mistake_in_the_content_is_exit_code_1_and_loses_nothing_that_was_good(
    cli_house: CliHouse, name: str, text: str, complaint: str
) -> None:
    cli_house.write(f"content/{name}", text)
    said = cli_house.says("check", code=1)
    assert complaint in said
    assert "Works, but not all of it" in said
    assert "1 post for acme-facebook" in said
    wrong = [point for point in cli_house.json("check", code=1)["points"] if point["severity"] == "error"]
    assert {(point["part"], point["code"]) for point in wrong} == {("content", 1)}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_other_encodings_of_a_spreadsheet_are_read(cli_house: CliHouse, encoding: str) -> None:
    cli_house.write("content/acme-x.csv", "texte;approuvé par\nL'été à la plage;claire\n".encode(encoding))
    said = cli_house.says("check")
    assert "3 posts for acme-x: 3 approved" in said
    assert ("Windows-1252" in said) == (encoding == "cp1252")


def test_an_empty_folder_and_a_missing_one_are_told_apart(cli_house: CliHouse) -> None:
    for file in (cli_house.folder / "content").iterdir():
        file.unlink()
    assert "The content folder is empty" in cli_house.says("check", code=1)
    (cli_house.folder / "content").rmdir()
    assert "The content folder is missing" in cli_house.says("check", code=1)


def test_a_configuration_mistake_outweighs_one_in_the_content(cli_house: CliHouse) -> None:
    cli_house.secrets = {}
    cli_house.write("content/acme-x.toml", "approved_by = ")
    cli_house.run("check", code=2)


def test_what_a_database_says_of_itself(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    assert "it answers, and its schema is this version's" in cli_house.says("check")
    write_revision(cli_house.database, "0000")
    assert "of an older version; `veilleuse run` upgrades it" in cli_house.says("check")
    make_newer(cli_house.database)
    assert "was written by a newer version" in cli_house.says("check", code=2)
    cli_house.database.write_bytes(b"no database at all" * 100)
    assert "the file is no SQLite database" in cli_house.says("check", code=1)


def test_json_holds_every_point_and_fact(cli_house: CliHouse) -> None:
    told = cli_house.json("check")
    assert told["verdict"] == "All is well: 1 warning."
    assert told["points"] == [
        {
            "part": "content",
            "severity": "warning",
            "text": "acme-facebook has nothing approved to say. Approve some: write approved_by.",
            "where": "",
            "code": 0,
        }
    ]
    assert list(told["facts"]) == ["configuration", "secrets", "people", "content", "database"]
