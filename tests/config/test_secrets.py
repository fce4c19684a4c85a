"""Secrets: found by convention or where the configuration says, and never shown."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.config.house import FACEBOOK, MINIMAL, ODD, X, problems, settings
from veilleuse.config import Origin, SecretMissing, SecretRef, SecretSource, Settings

CANARY = "canary-7f3a"


@pytest.fixture
def source(tmp_path: Path) -> SecretSource:
    for name in ("credentials", "run-secrets"):
        (tmp_path / name).mkdir()
    return SecretSource(environ={}, credentials_dir=tmp_path / "credentials", run_secrets_dir=tmp_path / "run-secrets")


def test_a_credential_goes_before_a_mounted_secret_before_a_variable(source: SecretSource) -> None:
    source = replace(source, environ={"VEILLEUSE_ACME_FB_PAGE_TOKEN": "from the variable"})
    assert source.account_secrets("acme-fb", FACEBOOK, {}) == {"page_token": "from the variable"}
    (source.run_secrets_dir / "acme-fb.page_token").write_text("from the mount\n")
    assert source.account_secrets("acme-fb", FACEBOOK, {}) == {"page_token": "from the mount"}
    assert source.credentials_dir is not None
    (source.credentials_dir / "acme-fb.page_token").write_text("from systemd")
    assert source.account_secrets("acme-fb", FACEBOOK, {}) == {"page_token": "from systemd"}


def test_what_the_configuration_says_replaces_the_convention(source: SecretSource, tmp_path: Path) -> None:
    source = replace(source, environ={"TOKEN": "mine", "VEILLEUSE_A_PAGE_TOKEN": "by convention"})
    (tmp_path / "token").write_text("in a file\r\n")
    (source.run_secrets_dir / "shared").write_text("shared")
    refs = [
        (Origin.ENV, "TOKEN", "mine"),
        (Origin.FILE, str(tmp_path / "token"), "in a file"),
        (Origin.CREDENTIAL, "shared", "shared"),
        (Origin.CLEAR, "itself", "itself"),
    ]
    for origin, held, expected in refs:
        ref = SecretRef(origin=origin, held=held)
        assert source.account_secrets("a", FACEBOOK, {"page_token": ref})["page_token"] == expected
        assert source.resolve(ref) == expected


@pytest.mark.parametrize("empty", ["", "\n", "  \r\n"])
def test_an_empty_secret_is_missing(source: SecretSource, tmp_path: Path, empty: str) -> None:
    (tmp_path / "token").write_text(empty)
    for origin, held in ((Origin.ENV, "TOKEN"), (Origin.FILE, str(tmp_path / "token"))):
        with pytest.raises(SecretMissing):
            replace(source, environ={"TOKEN": empty}).resolve(SecretRef(origin=origin, held=held))


def test_an_optional_secret_may_be_absent_but_not_one_that_is_named(source: SecretSource) -> None:
    source = replace(source, environ={"VEILLEUSE_A_PAGE_TOKEN": "t"})
    assert source.account_secrets("a", FACEBOOK, {}) == {"page_token": "t"}
    with pytest.raises(SecretMissing, match=r"app_id: in the variable APP"):
        source.account_secrets("a", FACEBOOK, {"app_id": SecretRef(origin=Origin.ENV, held="APP")})


def test_missing_secrets_are_named_with_every_place_and_no_value(source: SecretSource) -> None:
    source = replace(source, environ={"VEILLEUSE_ACME_X_API_KEY": CANARY, "VEILLEUSE_ACME_X_API_SECRET": ""})
    with pytest.raises(SecretMissing) as missing:
        source.account_secrets("acme-x", X, {"access_token": SecretRef(origin=Origin.ENV, held="TOKEN")})
    said = str(missing.value)
    for name in (
        "acme-x.api_secret",
        "VEILLEUSE_ACME_X_API_SECRET",
        "the variable TOKEN",
        str(source.run_secrets_dir / "acme-x.access_secret"),
        "VEILLEUSE_ACME_X_ACCESS_SECRET",
        "[accounts.acme-x.credentials]",
    ):
        assert name in said
    assert "api_key" not in said
    assert "VEILLEUSE_ACME_X_ACCESS_TOKEN" not in said
    assert CANARY not in said


def test_the_places_of_a_secret_are_known_without_looking(source: SecretSource) -> None:
    assert SecretSource(environ={}).places("acme", ODD.secrets[0], {}) == (
        "the systemd credential acme.x_api_key",
        "the file /run/secrets/acme.x_api_key",
        "the variable VEILLEUSE_ACME_X_API_KEY",
    )


def test_a_secret_file_that_cannot_be_read_is_named(source: SecretSource, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(CANARY.encode() + b"\xe9")
    for path, reason in ((tmp_path, "Is a directory"), (tmp_path / "latin", "not UTF-8 text")):
        with pytest.raises(SecretMissing) as missing:
            source.resolve(SecretRef(origin=Origin.FILE, held=str(path)))
        assert str(path) in str(missing.value)
        assert reason in str(missing.value)
        assert CANARY not in str(missing.value)


def test_the_source_finds_systemd_s_folder_in_the_environment() -> None:
    assert SecretSource.from_environ({}).credentials_dir is None
    assert SecretSource.from_environ({"CREDENTIALS_DIRECTORY": "/run/c"}).credentials_dir == Path("/run/c")


SECRETIVE = f"""\
database = "postgresql://me:{CANARY}@db/posts"
heartbeat_url = "https://hc.example/{CANARY}"
[people.claire]
notify = ["mailtos://me:{CANARY}@mail.example"]
password = "$argon2id${CANARY}"
[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"
[accounts.acme-x.credentials]
api_key = "{CANARY}"
"""


def shown(settings: Settings) -> Iterable[str]:
    yield from (str(settings), repr(settings), f"{settings}")
    for person in settings.people:
        yield from (repr(person), *(f"{ref} {ref!r}" for ref in person.notify))
    for ref in (settings.database, settings.heartbeat_url, settings.credentials["acme-x"]["api_key"]):
        yield f"{ref} {ref!r}"


def test_no_secret_is_seen_in_the_settings(tmp_path: Path) -> None:
    house = settings(tmp_path, SECRETIVE, mode=0o600)
    assert not [text for text in shown(house) if CANARY in text]
    ref = house.credentials["acme-x"]["api_key"]
    assert SecretSource(environ={}).resolve(ref) == CANARY  # it is there, though


SPOILED = [
    ("", "", 0o644),
    ('database = "postgresql://me', 'database = "mysql://me', 0o600),
    ('database = "postgresql://me', 'database = "host=db password=', 0o600),
    ("@db/posts", "@[db/posts", 0o600),
    ('heartbeat_url = "https', 'heartbeat_url = "ftp', 0o600),
    ('password = "$argon2id$', 'password = "', 0o600),
    ('notify = ["mailtos://', 'notify = ["', 0o600),
    ('notify = ["', 'notify = [["', 0o600),
    ("api_key =", "api_kei =", 0o600),
    ('api_key = "', 'api_key = ["', 0o600),
    ("[accounts.acme-x.credentials]\n", "", 0o600),
    ('handle = "acme"', f'base_url = "https://me:{CANARY}@host"', 0o600),
]


@pytest.mark.parametrize(("old", "new", "mode"), SPOILED)
def test_no_secret_is_seen_in_a_problem(tmp_path: Path, old: str, new: str, mode: int) -> None:
    spoiled = SECRETIVE.replace(old, new, 1) if old else SECRETIVE
    found = problems(tmp_path, spoiled, mode=mode)
    assert found
    assert not [problem for problem in found if CANARY in f"{problem} {problem!r}"]


def test_loading_fetches_nothing(tmp_path: Path) -> None:
    text = MINIMAL.replace('{ env = "CLAIRE_NOTIFY_URL" }', '{ file = "nowhere" }, { credential = "absent" }')
    house = settings(tmp_path, text)
    assert [ref.origin for ref in house.people[0].notify] == [Origin.FILE, Origin.CREDENTIAL]


def test_a_folder_of_credentials_is_found_under_the_names_systemd_gives_it(tmp_path: Path) -> None:
    (tmp_path / "veilleuse_acme-x.api_key").write_text("from a folder\n")
    source = SecretSource(environ={}, credentials_dir=tmp_path, run_secrets_dir=tmp_path / "none")
    assert source.resolve(SecretRef(origin=Origin.CREDENTIAL, held="acme-x.api_key")) == "from a folder"
