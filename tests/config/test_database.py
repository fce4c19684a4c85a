"""Where the database is, from what the configuration says."""

from pathlib import Path

import pytest

from tests.config.house import MINIMAL, settings
from veilleuse.config import ConfigInvalid, SecretMissing, SecretSource, database_location

PLACES = [
    ("", {}, "{here}/veilleuse.db"),
    ("", {"STATE_DIRECTORY": "/var/lib/veilleuse"}, "/var/lib/veilleuse/veilleuse.db"),
    ("", {"STATE_DIRECTORY": "/var/lib/one:/var/lib/two"}, "/var/lib/one/veilleuse.db"),
    ('database = "data/posts.db"', {"STATE_DIRECTORY": "/var/lib/veilleuse"}, "{here}/data/posts.db"),
    ('database = "/srv/posts.db"', {}, "/srv/posts.db"),
    ('database = "postgresql://db/posts"', {}, "postgresql://db/posts"),
    ('database = "postgres://db/posts"', {}, "postgresql://db/posts"),
    ('database = { env = "DB" }', {"DB": "postgresql://me:word@db/posts"}, "postgresql://me:word@db/posts"),
    ('database = { env = "DB" }', {"DB": "posts.db"}, "{here}/posts.db"),
]


@pytest.mark.parametrize(("line", "environ", "expected"), PLACES)
def test_the_database_is_where_it_was_said(tmp_path: Path, line: str, environ: dict[str, str], expected: str) -> None:
    found = database_location(settings(tmp_path, f"{line}\n{MINIMAL}"), SecretSource(environ=environ))
    assert str(found) == expected.format(here=tmp_path)
    assert isinstance(found, str) == expected.startswith("postgresql")


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    house = settings(tmp_path, f'database = {{ env = "DB" }}\n{MINIMAL}')
    with pytest.raises(SecretMissing, match="the variable DB"):
        database_location(house, SecretSource(environ={}))


def test_a_variable_that_holds_no_database_is_told_without_its_value(tmp_path: Path) -> None:
    house = settings(tmp_path, f'database = {{ env = "DB" }}\n{MINIMAL}')
    with pytest.raises(ConfigInvalid, match="database: is of a kind veilleuse does not know") as invalid:
        database_location(house, SecretSource(environ={"DB": "mysql://me:canary@db/posts"}))
    assert "canary" not in str(invalid.value)


@pytest.mark.parametrize(
    "address", ["postgresql://db:0/posts", "postgresql://db:65536/posts", "postgresql://db:x/posts"]
)
def test_a_port_that_is_none_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigInvalid, match="database: is no whole address"):
        settings(tmp_path, f'database = "{address}"\n{MINIMAL}')


@pytest.mark.parametrize(
    "address",
    ["postgresql://me:a@canary@db/posts", "postgresql://me:12/canary@db/posts", "postgresql://me:12?canary@db/posts"],
)
@pytest.mark.parametrize("where", ["file", "environment"])
def test_a_password_that_ends_too_early_is_not_taken_for_a_host(tmp_path: Path, address: str, where: str) -> None:
    """Its rest would stand in every message about the database."""
    written = f'"{address}"' if where == "file" else '{ env = "DB" }'

    def located() -> object:
        house = settings(tmp_path, f"database = {written}\n{MINIMAL}")
        return database_location(house, SecretSource(environ={"DB": address}))

    with pytest.raises(ConfigInvalid, match="%40") as raised:
        located()
    assert "canary" not in str(raised.value)
