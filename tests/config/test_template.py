"""What `veilleuse init` writes: loads as it is, publishes nothing, says what it needs."""

import csv
import io
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.config.house import FACEBOOK, SPECS, X, write
from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.config import Answers, SecretSource, Settings, config_text, first_posts, load, secrets_needed
from veilleuse.domain.content import Verdict
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Post

LANGUAGES = ["en", "fr"]


def answers(
    network: NetworkSpec = X,
    identity: str = "@Acme",
    name: str = "Claire Évrard",
    notify: str = "",
    language: str = "fr",
) -> Answers:
    keys: Mapping[str, str] = {network.identity_key: identity}
    return Answers(timezone="Europe/Paris", language=language, name=name, network=network, keys=keys, notify=notify)


def loaded(folder: Path, answered: Answers) -> Settings:
    return load(write(folder, config_text(answered), mode=0o600 if answered.notify else 0o644), SPECS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_configuration_loads(tmp_path: Path, language: str) -> None:
    house = loaded(tmp_path, answers(language=language))
    [account] = house.accounts
    assert (house.timezone.key, house.language) == ("Europe/Paris", language)
    assert (account.name, account.identity, account.owner) == ("acme-x", "Acme", "claire-evrard")
    assert [ref.held for ref in house.people[0].notify] == ["CLAIRE_EVRARD_NOTIFY_URL"]


@pytest.mark.parametrize(
    ("network", "identity", "name"),
    [
        (X, "acme", "acme-x"),
        (X, "Été_2026", "ete-2026-x"),
        (FACEBOOK, "1234567890", "page-facebook"),
        (X, "日本", "page-x"),
        (X, "a" * 60, f"{'a' * 39}-x"),
    ],
)
def test_the_account_gets_a_name_people_can_type(
    tmp_path: Path, network: NetworkSpec, identity: str, name: str
) -> None:
    assert loaded(tmp_path, answers(network, identity)).accounts[0].name == name


def test_an_address_to_call_stands_in_the_file_only_if_it_was_given(tmp_path: Path) -> None:
    given_one = answers(notify="json://127.0.0.1:1")
    [ref] = loaded(tmp_path, given_one).people[0].notify
    assert SecretSource(environ={}).resolve(ref) == "json://127.0.0.1:1"
    assert "json://" not in repr(given_one)
    assert secrets_needed(given_one) == secrets_needed(answers())[:-1]


def test_the_secrets_it_needs_are_named_in_the_file() -> None:
    needed = secrets_needed(answers())
    assert needed == (
        "VEILLEUSE_ACME_X_API_KEY",
        "VEILLEUSE_ACME_X_API_SECRET",
        "VEILLEUSE_ACME_X_ACCESS_TOKEN",
        "VEILLEUSE_ACME_X_ACCESS_SECRET",
        "CLAIRE_EVRARD_NOTIFY_URL",
    )
    assert all(f"#   {name}\n" in config_text(answers()) for name in needed)


def test_once_they_are_set_nothing_is_missing(tmp_path: Path) -> None:
    answered = answers()
    house = loaded(tmp_path, answered)
    source = SecretSource(environ=dict.fromkeys(secrets_needed(answered), "s"), run_secrets_dir=tmp_path)
    assert len(source.account_secrets(house.accounts[0].name, X, {})) == 4
    assert source.resolve(house.people[0].notify[0]) == "s"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_posts_are_short_drafts(language: str) -> None:
    files = first_posts(answers(language=language))
    assert list(files) == ["acme-x.toml", "acme-x.csv"]
    written = tomllib.loads(files["acme-x.toml"])
    assert set(written) == {"post"}
    assert len(written["post"]) == 3
    header, *rows = csv.reader(
        io.StringIO(files["acme-x.csv"].removeprefix("\ufeff")), delimiter=";" if language == "fr" else ","
    )
    assert [len(row) for row in rows] == [len(header)]
    assert rows[0][-1] == ""
    for text in (*(post["text"] for post in written["post"]), rows[0][1]):
        assert 0 < len(text) <= 280


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_posts_are_read_without_a_complaint(tmp_path: Path, language: str) -> None:
    answered = answers(language=language)
    house = loaded(tmp_path, answered)
    house.content.mkdir()
    for name, text in first_posts(answered).items():
        (house.content / name).write_bytes(text.encode())
    accounts = {account.name: account for account in house.accounts}
    scan = FolderSource(house.content, accounts, SPECS, SystemClock()).scan()
    read = [each for file in scan.files for each in file.parse()]
    assert [each.approved_by for each in read if isinstance(each, Post)] == [None] * 4
    assert [str(each) for each in read if isinstance(each, Verdict)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_approving_takes_one_character_away(language: str) -> None:
    text = first_posts(answers(language=language))["acme-x.toml"]
    approved = tomllib.loads(text.replace("# approved_by", "approved_by"))
    assert approved["approved_by"] == "claire-evrard"


@settings(deadline=None)
@given(
    name=st.text(max_size=50),
    identity=st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=60).filter(
        lambda t: t.strip("@")
    ),
    network=st.sampled_from([X, FACEBOOK]),
)
def test_any_answers_make_a_configuration_that_loads(
    tmp_path_factory: pytest.TempPathFactory, name: str, identity: str, network: NetworkSpec
) -> None:
    folder = tmp_path_factory.getbasetemp()
    [account] = loaded(folder, answers(network, identity, name)).accounts
    assert account.identity == identity.lstrip("@")
