"""config.example.toml: it loads, and so does everything it keeps as a comment; no key is left out."""

import re
import tomllib
from functools import reduce
from pathlib import Path

import pytest

from tests.config.house import problems, settings
from veilleuse.adapters.networks import SPECS
from veilleuse.config import load

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
MINIMAL, _, COMMENTED = EXAMPLE.read_text(encoding="utf-8").partition("# ---- Every key")
EVERY_KEY = re.sub(r"(?m)^#(?=[a-z\[])", "", f"#{COMMENTED}")


def test_the_example_loads_as_it_is(tmp_path: Path) -> None:
    assert [account.name for account in load(EXAMPLE, SPECS).accounts] == ["acme-x", "acme-facebook"]
    assert settings(tmp_path, MINIMAL).alerts_owner == "claire"


def test_every_key_it_shows_as_a_comment_loads_too(tmp_path: Path) -> None:
    path = tmp_path / "veilleuse.toml"
    path.write_text(EVERY_KEY, encoding="utf-8")
    house = load(path, SPECS)
    assert len(house.accounts[0].approvers) == 2


@pytest.mark.parametrize("network", [*SPECS])
def test_every_key_and_secret_of_a_network_is_shown(tmp_path: Path, network: str) -> None:
    path = tmp_path / "veilleuse.toml"
    path.write_text(EVERY_KEY, encoding="utf-8")
    house, spec = load(path, SPECS), SPECS[network]
    account = next(account for account in house.accounts if account.network == network)
    assert set(account.options) >= {key.name for key in spec.keys}
    assert set(house.credentials.get(account.name, ())) == {secret.name for secret in spec.secrets}


@pytest.mark.parametrize("table", ["", "rule", "alerts", "web", "people.claire", "accounts.acme-x"])
def test_no_key_is_left_out(tmp_path: Path, table: str) -> None:
    head, header, tail = EVERY_KEY.partition(f"[{table}]\n") if table else ("", "", EVERY_KEY)
    [found] = problems(tmp_path, f"{head}{header}unknown = 1\n{tail}", specs=SPECS)
    known = set(found.remedy.removeprefix("The keys here are: ").rstrip(".").split(", "))
    document = tomllib.loads(EVERY_KEY)
    shown = reduce(lambda inner, part: inner[part], table.split(".") if table else (), document)
    elsewhere = set(document["rule"]) if table == "accounts.acme-x" else set()
    assert known - elsewhere == set(shown) - elsewhere
