"""`veilleuse export --archive`: what stays when a network deletes an account."""

import json
from datetime import UTC, datetime

import pytest

from tests.contracts.samples import a_receipt, an_attempt, furnish, guard
from tests.domain.posts import a_post
from tests.entrypoints.cli_house import CliHouse
from veilleuse.adapters.archive import read
from veilleuse.domain.activity import Entry

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def said(cli_house: CliHouse) -> CliHouse:
    """One post of ours, one by hand, and one of an account that is configured no more."""
    with cli_house.store() as store:
        post = a_post("p1", text="<b>Bonjour</b> & merci", link="https://acme.fr/?a=1&b=2")
        furnish(store, posts=(post,))
        attempt = an_attempt("a1", post)
        store.open_attempt(attempt, guard())
        store.record_receipt(a_receipt(attempt, "900", at=AT))
        for account, url in (("acme-x", "javascript:alert(1)"), ("closed-x", "https://x.com/closed/status/7")):
            entry = Entry(remote_id="7", text=f"À la main, {account}", created_at=AT, url=url)
            store.record_reading(account, [entry], ["post"], AT)
    return cli_house


def test_everything_ever_said_is_written_as_lines_and_as_a_page(said: CliHouse) -> None:
    out = said.folder / "archive"
    assert f"3 posts: {out}/archive.jsonl, and {out}/archive.html." in said.says(
        "export", "--archive", "--output", str(out)
    )
    found = list(read(out))
    assert [(each.account, each.post, each.approved_by) for each in found] == [
        ("acme-x", "acme-x/p1", "claire"),
        ("acme-x", None, None),
        ("closed-x", None, None),
    ]
    page = (out / "archive.html").read_text("utf-8")
    assert "&lt;b&gt;Bonjour&lt;/b&gt; &amp; merci" in page
    assert "javascript:" not in page
    assert "<script" not in page
    assert "approved by claire" in page


def test_an_account_no_longer_configured_is_archived_by_its_name(said: CliHouse) -> None:
    out = said.folder / "closed"
    told = said.json("export", "closed-x", "--archive", "--output", str(out))
    assert told["sayings"] == 1
    (line,) = (out / "archive.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["url"] == "https://x.com/closed/status/7"


def test_a_mistake_ends_in_a_sentence_and_nothing_is_replaced(said: CliHouse) -> None:
    out = said.folder / "archive"
    assert "Nothing was ever said on nobody." in said.says(
        "export", "nobody", "--archive", "--output", str(out), code=2
    )
    said.run("export", "--archive", "--output", str(out))
    before = (out / "archive.jsonl").read_bytes()
    assert "is there already" in said.says("export", "--archive", "--output", str(out), code=2)
    assert (out / "archive.jsonl").read_bytes() == before
