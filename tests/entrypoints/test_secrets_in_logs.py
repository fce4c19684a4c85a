"""What is taken out of every log line, and what must stay readable in it."""

from pathlib import Path

import pytest

from veilleuse import bootstrap


@pytest.mark.parametrize(
    ("database", "secret"),
    [("house.db", False), ("/var/lib/veilleuse/house.db", False), ("postgresql://anna:geheim7@db.example/house", True)],
)
def test_an_address_is_a_secret_and_the_path_of_a_file_is_not(database: str, secret: bool, tmp_path: Path) -> None:
    config = tmp_path / "veilleuse.toml"
    config.touch(0o600)
    config.write_text(
        f'database = "{database}"\n[people.claire]\n[accounts.a]\nnetwork = "x"\nhandle = "a"\nowner = "claire"\n'
    )
    known = bootstrap.known_secrets(bootstrap.load(config), bootstrap.secrets_here())
    assert (database in known) is secret
