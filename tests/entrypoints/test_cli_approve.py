"""`veilleuse approve` and `veilleuse history --approvals`: a person signs what she has seen, and it is kept."""

import pytest

from tests.content_house import PNG
from tests.entrypoints.cli_house import POSTS, CliHouse
from veilleuse.ports import PostChanged

DRAFTS = """\
[[post]]
id = "hiver"
text = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"
link = "https://acme.example/hiver"
image = "vitrine.png"
alt = "La vitrine sous la neige"

[[post]]
id = "cafe"
text = "Un café ?"
variants = { x = ["Plutôt thé ?", "Plutôt café ?"] }
reserve = true
max_uses = 2
"""


@pytest.fixture
def signing(cli_house: CliHouse) -> CliHouse:
    """X wants signatures; two posts wait for them."""
    config = cli_house.config.read_text(encoding="utf-8")
    cli_house.write(
        "veilleuse.toml",
        config.replace('handle = "acme"\n', 'handle = "acme"\napproval = "signed"\nabout = "Our customers"\n'),
    )
    cli_house.write("content/acme-x.toml", DRAFTS)
    cli_house.write("content/vitrine.png", PNG)
    cli_house.run("db", "upgrade")
    cli_house.run("sync")
    return cli_house


def places(house: CliHouse) -> dict[str, str | None]:
    return {row["id"]: row["approved_by"] for row in house.json("queue", "acme-x")}


def test_exactly_what_the_network_will_get_is_shown_and_then_signed(signing: CliHouse) -> None:
    said = signing.run("approve", "acme-x/hiver", "acme-x/cafe", "--as", "claire", "--yes").output
    for words in (
        "acme-x/hiver on X, 82 of 280 characters\n",
        "    Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?\n    https://acme.example/hiver\n",
        "account      Our customers",
        "image        vitrine.png (PNG, 1 kB)",
        "alt          La vitrine sous la neige",
        "acme-x/cafe on X, in 2 wordings\n",
        "  1. 12 of 280 characters, next\n    Plutôt thé ?\n",
        "  2. 13 of 280 characters\n    Plutôt café ?\n",
        "reserve      said when nothing else is left, 2 times in all, with 90 days between two uses",
        "acme-x/hiver signed by claire (",
    ):
        assert words in said
    assert "Un café ?" not in said  # X never gets it
    assert places(signing) == {"hiver": "claire", "cafe": "claire"}


def test_an_account_means_all_its_drafts_and_then_nothing_is_left(signing: CliHouse) -> None:
    assert "acme-x/cafe signed" in signing.says("approve", "acme-x", "--as", "claire", "--yes")
    assert "nothing was signed" in signing.says("approve", "acme-x", "--as", "claire", "--yes")


def test_whoever_does_not_say_yes_signs_nothing(signing: CliHouse) -> None:
    said = signing.says("approve", "acme-x", "--as", "claire", code=1)  # no answer comes
    assert "Sign 2 posts as claire?" in said
    assert signing.json("history", "--approvals") == []
    assert places(signing) == {"hiver": None, "cafe": None}


def test_one_changed_character_makes_it_a_draft_again_and_the_signature_is_still_kept(signing: CliHouse) -> None:
    signing.run("approve", "acme-x/hiver", "--as", "claire", "--yes")
    signing.write("content/acme-x.toml", DRAFTS.replace("9 h-17 h", "9 h-18 h"))
    signing.run("sync")
    assert places(signing)["hiver"] is None
    signing.run("approve", "acme-x/hiver", "--as", "claire", "--yes")
    assert places(signing)["hiver"] == "claire"
    kept = signing.json("history", "--approvals")
    assert [(row["post"], row["approver"], row["mode"]) for row in kept] == [("acme-x/hiver", "claire", "signed")] * 2
    assert len({row["digest"] for row in kept}) == 2


def test_a_post_that_changes_while_it_is_read_is_not_signed(signing: CliHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_late(*_: object) -> None:
        raise PostChanged

    monkeypatch.setattr("veilleuse.adapters.db.approvals.SqlApprovals.sign", too_late)
    assert "acme-x/hiver changed meanwhile" in signing.says(
        "approve", "acme-x/hiver", "--as", "claire", "--yes", code=1
    )
    assert signing.json("history", "--approvals") == []


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (("acme-x/hiver", "--as", "hugo"), "hugo may not approve for acme-x; claire may. Nothing was signed."),
        (("acme-x/hiver", "--as", "clare"), 'No person is called "clare". Did you mean "claire"?'),
        (("acme-x/hivre", "--as", "claire"), 'No post is called "acme-x/hivre". Did you mean "acme-x/hiver"?'),
        (("acme-y", "--as", "claire"), 'No account is called "acme-y"'),
        (("acme-x",), "--as"),
    ],
)
def test_a_mistake_signs_nothing_and_says_what_was_meant(
    signing: CliHouse, args: tuple[str, ...], complaint: str
) -> None:
    assert complaint in signing.says("approve", *args, "--yes", code=2)
    assert signing.json("history", "--approvals") == []


def test_a_draft_can_be_signed_where_names_in_files_do_as_well(synced: CliHouse) -> None:
    assert "acme-facebook/bonjour signed by claire" in synced.says(
        "approve", "acme-facebook", "--as", "claire", "--yes"
    )
    assert synced.json("queue", "acme-facebook")[0]["why"] == "speaks next"
    told = synced.says("history", "--approvals")
    for words in ("acme-x/hiver claire named in the file", "acme-facebook/bonjour claire signed"):
        assert words in told
    assert len(synced.json("history", "acme-x", "--approvals")) == 2


def test_a_name_in_a_file_that_wants_signatures_is_told_the_command(signing: CliHouse) -> None:
    signing.write("content/acme-x.toml", POSTS)
    assert "Sign the posts with `veilleuse approve acme-x --as YOUR-NAME`." in signing.says("sync")
    assert places(signing) == {"hiver": None, "voeux": None}


def test_an_approval_not_yet_given_is_said(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    assert cli_house.says("history", "--approvals") == "Nothing was approved yet."
