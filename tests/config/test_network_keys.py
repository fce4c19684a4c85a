"""Keys that are more than text: addresses, paths, and what may not travel in clear."""

from pathlib import Path

import pytest

from tests.config.house import problems
from veilleuse.adapters.networks import SPECS
from veilleuse.config import load
from veilleuse.domain.account import Account

HOUSE = """
[people.claire]
[accounts.acme]
owner = "claire"
"""


def account(folder: Path, keys: str) -> Account:
    path = folder / "veilleuse.toml"
    path.write_text(HOUSE + keys, "utf-8")
    return load(path, SPECS).accounts[0]


@pytest.mark.parametrize("network", [name for name, spec in SPECS.items() if spec.secrets])
@pytest.mark.parametrize("address", ["http://www.acme.fr/blog", "http://192.168.1.20", "http://127.0.0.1.acme.fr"])
def test_secrets_never_travel_in_clear_to_another_machine(tmp_path: Path, network: str, address: str) -> None:
    found = problems(tmp_path, f'{HOUSE}network = "{network}"\nbase_url = "{address}"\n', specs=SPECS)
    (problem,) = [each for each in found if each.key == "accounts.acme.base_url"]
    assert problem.message == "is plain http: the secrets would travel in clear"
    assert "https://" in problem.remedy


@pytest.mark.parametrize(
    "address", ["https://www.acme.fr/blog", "http://127.0.0.1:8750/blog", "http://localhost:8750", "http://[::1]:8750"]
)
def test_https_and_this_machine_are_private(tmp_path: Path, address: str) -> None:
    account(tmp_path, f'network = "wordpress"\nbase_url = "{address}"\n')


def test_a_feed_may_be_read_in_clear_since_it_needs_no_secret(tmp_path: Path) -> None:
    made = account(tmp_path, 'network = "feed"\nurl = "http://www.acme.fr/feed"\n')
    assert (made.identity, made.watched, made.speaks) == ("http://www.acme.fr/feed", True, False)


def test_an_outbox_stands_beside_the_configuration(tmp_path: Path) -> None:
    made = account(tmp_path, 'network = "outbox"\npath = "outbox/linkedin.txt"\n')
    assert (made.identity, made.by_hand) == (str(tmp_path / "outbox" / "linkedin.txt"), True)


@pytest.mark.parametrize("address", ["www.acme.fr/feed", "file:///etc/passwd", "https://marie:secret@acme.fr/feed"])
def test_the_address_of_a_feed_is_a_web_address(tmp_path: Path, address: str) -> None:
    (problem,) = problems(tmp_path, f'{HOUSE}network = "feed"\nurl = "{address}"\n', specs=SPECS)
    assert problem.key == "accounts.acme.url"
    assert "secret" not in problem.message


def test_one_blog_twice_is_refused(tmp_path: Path) -> None:
    blog = 'network = "wordpress"\nbase_url = "https://acme.fr"\nowner = "claire"\n'
    (problem,) = problems(tmp_path, f"[people.claire]\n[accounts.one]\n{blog}[accounts.two]\n{blog}", specs=SPECS)
    assert "is the same presence on WordPress as account one" in problem.message
