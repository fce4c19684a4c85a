"""`veilleuse init`: five answers make a house that works, and nothing that was there is touched."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CliHouse

FLAGS = ("--language", "fr", "--timezone", "Europe/Paris", "--name", "Élodie", "--network", "x", "--handle", "@acme")
X_SECRETS = [f"VEILLEUSE_ACME_X_{name}" for name in ("API_KEY", "API_SECRET", "ACCESS_TOKEN", "ACCESS_SECRET")]


@pytest.fixture
def bare(tmp_path: Path) -> CliHouse:
    return CliHouse(tmp_path, secrets={})


def test_flags_alone_make_a_house_that_works(bare: CliHouse) -> None:
    said = bare.says("init", *FLAGS)
    for name in [*X_SECRETS, "ELODIE_NOTIFY_URL", "veilleuse check", 'approved_by = "elodie"']:
        assert name in said
    bare.secrets = dict.fromkeys(X_SECRETS, "x") | {"ELODIE_NOTIFY_URL": "json://127.0.0.1:9/"}
    assert "4 posts for acme-x: 0 approved, 4 drafts" in bare.says("check")
    assert bare.json("status", code=1)[0]["state"] == "blind"  # nobody has looked yet
    assert "4 added" in bare.says("sync")


def test_a_network_of_many_servers_is_asked_for_one(bare: CliHouse) -> None:
    answers = ("--network", "mastodon", "--handle", "@acme@mastodon.example", "--base-url", "mastodon.example")
    assert "VEILLEUSE_ACME_MASTODON_ACCESS_TOKEN" in bare.says("init", *FLAGS[:6], *answers)
    written = bare.config.read_text()
    assert 'handle = "acme@mastodon.example"\nbase_url = "https://mastodon.example"' in written


def test_a_handle_that_is_a_domain_makes_a_short_name_and_stays_whole(bare: CliHouse) -> None:
    answers = ("--network", "bluesky", "--handle", "https://bsky.app/profile/acme.bsky.social")
    assert "VEILLEUSE_ACME_BLUESKY_APP_PASSWORD" in bare.says("init", *FLAGS[:6], *answers)
    assert 'handle = "acme.bsky.social"' in bare.config.read_text()


def test_a_secret_in_the_file_makes_it_private(bare: CliHouse) -> None:
    said = bare.says("init", *FLAGS, "--notify", "json://127.0.0.1:9/")
    assert bare.config.stat().st_mode & 0o777 == 0o600
    assert "ELODIE_NOTIFY_URL" not in said


def test_another_folder_can_be_named(bare: CliHouse) -> None:
    there = bare.folder / "new" / "house"
    assert str(there) in bare.says("init", *FLAGS, "--directory", str(there)).replace("\n", "")
    assert sorted(each.name for each in there.iterdir()) == [
        "content",
        "veilleuse.db",
        "veilleuse.db.lock",
        "veilleuse.toml",
    ]


@pytest.mark.parametrize("name", ["veilleuse.toml", "content/acme-x.toml", "content/acme-x.csv"])
def test_what_is_there_is_never_overwritten(bare: CliHouse, name: str) -> None:
    there = bare.write(name, "mine")
    assert name in bare.says("init", *FLAGS, code=2)
    assert there.read_text() == "mine"
    assert [path for path in bare.folder.rglob("*") if path.is_file()] == [there]


def test_a_broken_link_in_its_place_is_not_followed(bare: CliHouse) -> None:
    bare.config.symlink_to(bare.folder / "elsewhere.toml")
    bare.run("init", *FLAGS, code=2)
    assert not (bare.folder / "elsewhere.toml").exists()


def test_a_database_that_cannot_be_made_leaves_no_half_of_a_house(bare: CliHouse) -> None:
    bare.database.mkdir()
    assert "is a folder" in bare.says("init", *FLAGS, code=2)
    assert not bare.config.exists()
    assert list((bare.folder / "content").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(bare: CliHouse) -> None:
    file = bare.write("file", "")
    said = bare.says("init", *FLAGS, "--directory", str(file / "below"), code=2)
    assert "cannot be written" in said


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        ((), "answer by --timezone, --name, --network, --handle or --page-id"),
        (FLAGS[2:8], "answer by --handle."),
        (FLAGS[4:], "answer by --timezone."),
        ((*FLAGS[:8], "--page-id", "12"), "X has no --page-id; it wants --handle."),
        (("--timezone", "Europe/Pari"), 'did you mean "Europe/Paris"?'),
        (("--timezone", "Mars"), '"Mars" is no time zone'),
        (("--name", " "), "'--name': is empty"),
        (("--network", "myspace"), "'myspace' is not one of"),
        (("--language", "de"), "'de' is not one of"),
        ((*FLAGS, "--notify", "claire@acme.example"), "no Apprise address"),
    ],
)
def test_without_a_terminal_every_gap_and_mistake_is_named(
    bare: CliHouse, flags: tuple[str, ...], complaint: str
) -> None:
    assert complaint.casefold() in bare.says("init", *flags, code=2).casefold()
    assert list(bare.folder.iterdir()) == []


def test_at_a_terminal_five_questions_are_asked_in_the_language_answered(tmp_path: Path) -> None:
    answers = ["fr", "Europe/Pari", "Europe/Paris", "Élodie", "facebook", "https://www.facebook.com/1234567890/"]
    said, code = _at_a_terminal(tmp_path, answers)
    assert code == 0, said
    for words in (
        "Le fuseau horaire",
        "vouliez-vous dire",
        "Votre prénom",
        "Quel réseau",
        "le numéro de la page",
        "Ensuite",
    ):
        assert words.casefold() in said.casefold()
    written = (tmp_path / "veilleuse.toml").read_text(encoding="utf-8")
    assert 'page_id = "1234567890"' in written
    assert 'owner = "elodie"' in written
    assert 'timezone = "Europe/Paris"' in written


def _at_a_terminal(folder: Path, answers: list[str]) -> tuple[str, int]:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "veilleuse", "init"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        said = b""
        try:
            while piece := os.read(ours, 4096):
                said += piece
        except OSError:  # how Linux says that the other end of a terminal is closed
            pass
    os.close(ours)
    return said.decode(), process.returncode
