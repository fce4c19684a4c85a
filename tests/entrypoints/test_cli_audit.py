"""`veilleuse account audit`, as a manager and a program read it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoints.cli_house import CliHouse, now
from veilleuse import bootstrap
from veilleuse.adapters.clock import SystemClock
from veilleuse.domain.activity import Entry
from veilleuse.sandbox import Sandbox

DAY = timedelta(days=1)
ACCOUNTS = {"acme-x": ("x", "acme"), "acme-facebook": ("facebook", "1234567890"), "acme-blog": ("feed", "{base}/blog")}


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SystemClock()) as running:
        yield running


@pytest.fixture
def house(tmp_path: Path, sandbox: Sandbox) -> CliHouse:
    """An empty database, and a sandbox that knows its three accounts and a rival."""
    house, tables = CliHouse(tmp_path), ['timezone = "Europe/Paris"', "[people.claire]"]
    secrets: dict[str, str] = {}
    for name, (network, identity) in ACCOUNTS.items():
        identity = identity.format(base=sandbox.base_url)
        key = {"x": "handle", "facebook": "page_id", "feed": "url"}[network]
        tables.append(
            f'[accounts.{name}]\nnetwork = "{network}"\nowner = "claire"\n{key} = "{identity}"\n'
            f'base_url = "{sandbox.base_url}"'
        )
        made_up = sandbox.add(network, identity).secrets
        secrets |= {f"VEILLEUSE_{name}_{key}".upper().replace("-", "_"): value for key, value in made_up.items()}
    sandbox.add("mastodon", "rival")
    house.write("veilleuse.toml", "\n".join(tables))
    house.secrets = secrets
    with house.store():
        pass
    return house


def say(sandbox: Sandbox, identity: str, *days: float) -> None:
    """Posts by hand so many days ago, the oldest first."""
    for each in days:
        sandbox.post_as_human(identity.format(base=sandbox.base_url), f"Il y a {each} jours", at=now() - each * DAY)


def known(house: CliHouse, account: str, *days: float) -> None:
    """What the database has seen."""
    with house.store() as store:
        for each in days:
            at: datetime = now() - each * DAY
            entry = Entry(remote_id=f"{account}-{each}", text="Bonjour", created_at=at)
            store.record_reading(account, [entry], ["post"], at)


def audits(house: CliHouse, *args: str, code: int = 0) -> dict[str, Any]:
    return {each["account"]: each for each in house.json("account", "audit", *args, code=code)}


def test_what_the_database_knows_of_a_year_is_not_asked_again(house: CliHouse) -> None:
    known(house, "acme-x", *range(400, 2, -5))
    house.secrets = {}  # so nothing could be asked
    found = audits(house, "acme-x")["acme-x"]
    assert found["grade"] == "alive"
    assert found["posts"] == 72
    assert found["posts_per_week"] == 1.38
    assert found["by_hand_share"] == 1.0
    assert found["longest_silence"]["length_s"] == 5 * 86_400
    assert found["note"] is None


def test_a_year_with_a_gap_is_read_back_too(house: CliHouse, sandbox: Sandbox) -> None:
    known(house, "acme-facebook", 400, 3)
    say(sandbox, "1234567890", 400, 200, 3)
    with house.store() as store:
        store.register(bootstrap.load(house.config).accounts, now())
        store.note_gap("acme-facebook", now())
    assert audits(house, "acme-facebook")["acme-facebook"]["longest_silence"]["length_s"] < 201 * 86_400


def test_an_account_known_for_less_is_read_back_over_the_year(house: CliHouse, sandbox: Sandbox) -> None:
    known(house, "acme-facebook", 3)
    say(sandbox, "1234567890", 400, 300, 60)
    found = audits(house, "acme-facebook")["acme-facebook"]
    assert found["posts"] == 3
    assert found["longest_silence"]["length_s"] == pytest.approx(240 * 86_400, abs=5)
    assert found["known_since"] is None


def test_x_is_read_back_only_once_somebody_allows_its_price_and_that_is_counted(
    house: CliHouse, sandbox: Sandbox
) -> None:
    say(sandbox, "acme", 310)
    found = audits(house, "acme-x", code=1)["acme-x"]
    assert found["grade"] is None
    assert "X bills up to 1.01 USD" in found["note"]
    assert "X facture jusqu’à 1,01 USD" in house.says("account", "audit", "acme-x", "--language", "fr", code=1)
    assert audits(house, "acme-x", "--yes")["acme-x"]["grade"] == "dead"
    with house.store() as store:
        assert store.charges(now().date().replace(day=1))["acme-x"] == {"x_post_read": 1, "x_user_read": 1}


def test_what_cannot_be_read_is_told_beside_what_is_known(house: CliHouse) -> None:
    known(house, "acme-x", 30, 25)
    house.secrets = {}
    found = audits(house, "acme-x", "--yes")["acme-x"]
    assert found["grade"] == "holiday"
    assert found["note"].startswith("Read from what is known here only:")
    assert found["known_since"] is not None


def test_a_rival_needs_no_configuration_at_all(tmp_path: Path, sandbox: Sandbox) -> None:
    sandbox.add("mastodon", "rival")
    say(sandbox, "rival", 420, 100, 50)
    address = f"{sandbox.base_url}/@rival"
    found = audits(CliHouse(tmp_path), address)[address]
    assert (found["grade"], found["own"], found["by_hand_share"]) == ("problem", False, None)


def test_other_accounts_on_x_are_read_through_ones_own(house: CliHouse, sandbox: Sandbox) -> None:
    sandbox.add("x", "concurrent")
    say(sandbox, "concurrent", 90, 45, 5)
    found = audits(house, "https://x.com/concurrent", "--yes")["https://x.com/concurrent"]
    assert (found["grade"], found["posts"]) == ("alive", 3)


def test_other_pages_that_facebook_does_not_show_are_told_so(house: CliHouse) -> None:
    (found,) = audits(house, "https://www.facebook.com/concurrent", code=1).values()
    assert "Page Public Content Access" in found["note"]


def test_without_an_account_on_x_nobody_else_is_shown_there(tmp_path: Path) -> None:
    (found,) = audits(CliHouse(tmp_path), "https://x.com/concurrent", code=1).values()
    assert "to accounts of its own only" in found["note"]


def test_a_blog_is_graded_in_words_of_its_own(house: CliHouse, sandbox: Sandbox) -> None:
    say(sandbox, "{base}/blog", 600, 500, 200)
    assert audits(house, "acme-blog")["acme-blog"]["grade"] == "asleep"


def test_a_name_that_is_only_kept_is_silent_on_purpose(house: CliHouse, sandbox: Sandbox) -> None:
    house.write("veilleuse.toml", house.config.read_text("utf-8") + '\nkind = "reserved"\n')
    say(sandbox, "{base}/blog", 600, 200)
    found = audits(house, "acme-blog")["acme-blog"]
    assert (found["grade"], found["max_silence_s"]) == ("asleep", None)
    assert found["note"] == "A name that is only kept: it says nothing on purpose."


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("acme-xx",), 'No account is called "acme-xx". Did you mean "acme-x"?'),
        (("ftp://acme.fr",), "is no web address. Write it whole"),
        (("acme-x", "--html", "/no/such/folder/audit.html"), "/no/such/folder/audit.html cannot be written"),
        (("https://me:hush@acme.fr",), "holds a user or a password. Write the address alone."),
    ],
)
def test_a_mistake_ends_in_a_sentence(house: CliHouse, args: tuple[str, ...], says: str) -> None:
    told = house.says("account", "audit", *args, code=2)
    assert says in told
    assert "hush" not in told


def test_the_table_fits_eighty_columns_in_both_languages(house: CliHouse, sandbox: Sandbox) -> None:
    known(house, "acme-facebook", *range(700, 45, -9))
    say(sandbox, "{base}/blog", 150, 5)
    say(sandbox, "rival", *range(400, 0, -11))
    for language, words in (("en", ("a problem", "known since")), ("fr", ("un problème", "connu depuis"))):
        out = house.run(
            *("account", "audit", "acme-facebook", "acme-blog", f"{sandbox.base_url}/@rival"),
            *("--language", language),
        ).output
        assert max(map(len, out.splitlines())) <= 80
        assert all(word in out for word in words)
        assert "●" in out
        assert "─" in out


class Page(HTMLParser):
    """What a page would load or run, and its years."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [str(value) for name, value in attrs if name in ("src", "srcset", "data") or name[:2] == "on"]
        if tag in ("script", "link", "iframe", "object", "base"):
            self.loads.append(tag)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_is_one_file_that_loads_and_runs_nothing(house: CliHouse, sandbox: Sandbox, language: str) -> None:
    known(house, "acme-facebook", *range(700, 45, -9))
    say(sandbox, "rival", *range(400, 0, -11))
    path = house.folder / "audit.html"
    house.run(
        "account", "audit", "acme-facebook", f"{sandbox.base_url}/@rival", "--html", str(path), "--language", language
    )
    html = path.read_text("utf-8")
    page = Page()
    page.feed(html)
    assert page.loads == []
    assert page.tags.count("svg") > 2
    assert f'<html lang="{language}">' in html
    assert "default-src &#39;none&#39;" in html
    assert "url(" not in html
    assert not re.search(r"<[^>]+ style=", html)
    assert ("un problème" if language == "fr" else "a problem") in html


def test_an_address_from_outside_is_escaped_in_the_page(tmp_path: Path) -> None:
    house = CliHouse(tmp_path)
    path = tmp_path / "audit.html"
    house.run("account", "audit", "http://127.0.0.1:1/<script>alert(1)</script>", "--html", str(path), code=1)
    assert "<script" not in path.read_text("utf-8")
