"""The configurations and example posts that come with deploy/: what people copy must be right."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, DOCS
from tests.fakes import FakeClock
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.adapters.networks import SPECS
from veilleuse.config import Origin, load
from veilleuse.domain.content import Verdict
from veilleuse.domain.post import Post

CONFIGURATIONS = [DEPLOY / "veilleuse.toml", DEPLOY / "house" / "veilleuse.toml"]


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.name)
def test_the_configuration_is_right(path: Path) -> None:
    settings = load(path, SPECS)
    assert [account.name for account in settings.accounts] == ["acme-x", "acme-facebook"]


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.parent.name)
def test_no_secret_stands_in_the_configuration(path: Path) -> None:
    settings = load(path, SPECS)
    named = [ref for person in settings.people for ref in person.notify]
    assert {ref.origin for ref in named} == {Origin.CREDENTIAL}


def test_the_virtual_machine_keeps_its_database_where_the_unit_may_write() -> None:
    database = load(DEPLOY / "veilleuse.toml", SPECS).database
    assert database is not None
    assert database.held == "/var/lib/veilleuse/veilleuse.db"


def test_the_virtual_machine_keeps_its_posts_where_people_may_write_and_the_page_says_so() -> None:
    content = load(DEPLOY / "veilleuse.toml", SPECS).content
    assert content == Path("/srv/veilleuse/content")
    assert f"veilleuse-authors {content}" in (DOCS / "install-vm.md").read_text(encoding="utf-8")


def test_every_example_post_enters_without_a_word() -> None:
    accounts = {account.name: account for account in load(DEPLOY / "house" / "veilleuse.toml", SPECS).accounts}
    clock = FakeClock(datetime(2026, 11, 20, 9, tzinfo=UTC))
    scan = FolderSource(DEPLOY / "house" / "content", accounts, SPECS, clock).scan()
    judged = [each for file in scan.files for each in file.parse()]
    assert [str(each) for each in judged if isinstance(each, Verdict)] == []
    posts = [each for each in judged if isinstance(each, Post)]
    assert {post.account for post in posts} == set(accounts)
    assert len(posts) >= 7


@pytest.mark.parametrize("page", ["install-vm.md", "install-containers.md"])
def test_the_page_asks_for_every_secret_the_example_needs(page: str) -> None:
    asked = re.findall(r"^for name in (.*); do$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    settings = load(DEPLOY / "house" / "veilleuse.toml", SPECS)
    needed = {
        f"{account.name}.{secret.name}"
        for account in settings.accounts
        for secret in SPECS[account.network].secrets
        if secret.required
    }
    assert set(asked[0].split()) == needed | {ref.held for person in settings.people for ref in person.notify}
