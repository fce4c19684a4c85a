"""`veilleuse sync`: the folder into the queue, shown before and after, and nothing written by a dry run."""

import time

import pytest

from tests.entrypoints.cli_house import POSTS, CliHouse
from veilleuse.entrypoints.cli.sync import SLOW, Progress


@pytest.fixture
def made(cli_house: CliHouse) -> CliHouse:
    cli_house.run("db", "upgrade")
    return cli_house


def test_a_dry_run_says_what_would_be_and_writes_nothing(made: CliHouse) -> None:
    before = made.database.read_bytes()
    told = made.json("sync", "--dry-run")
    assert told["added"] == ["acme-facebook/bonjour", "acme-x/hiver", "acme-x/voeux"]
    assert "Would be: 3 added; nothing was written." in made.says("sync", "--dry-run")
    assert made.database.read_bytes() == before
    assert made.json("queue") == []


def test_added_changed_withdrawn_and_unchanged_are_told(made: CliHouse) -> None:
    assert made.json("sync")["added"] == ["acme-facebook/bonjour", "acme-x/hiver", "acme-x/voeux"]
    assert made.says("sync") == "0 unchanged, 2 files as before."
    made.write(
        "content/acme-x.toml", POSTS.replace("Plutôt matin", "Plutôt midi").partition('[[post]]\nid = "voeux"')[0]
    )
    told = made.json("sync")
    assert (told["changed"], told["missing"], told["files_as_before"]) == (["acme-x/hiver"], ["acme-x/voeux"], 1)
    made.write("content/acme-x.toml", POSTS)
    assert made.json("sync")["found"] == ["acme-x/voeux"]


def test_an_error_in_the_content_is_exit_code_1_and_the_rest_enters(made: CliHouse) -> None:
    made.write("content/acme-x.csv", f"id;texte\nlong;{'é' * 281}\nbon;Un bon message\n")
    said = made.says("sync", code=1)
    assert "acme-x.csv:2: error acme-x/long: The text is 1 character too long for X" in said
    assert "acme-x/bon added" in said
    verdict = made.json("sync", code=1)["verdicts"][0]
    assert (verdict["severity"], verdict["file"], verdict["line"], verdict["post"]) == (
        "error",
        "acme-x.csv",
        2,
        "long",
    )


def test_an_empty_folder_is_exit_code_1_and_says_so(made: CliHouse) -> None:
    made.run("sync")
    for file in (made.folder / "content").iterdir():
        file.unlink()
    said = made.says("sync", code=1)
    assert "The content folder is empty" in said
    assert "gone from its file" in said


def test_without_its_folder_the_queue_stays_and_nothing_is_called_unchanged(made: CliHouse) -> None:
    made.run("sync")
    (made.folder / "content").rename(made.folder / "away")
    said = made.says("sync", code=1)
    assert "The content folder is missing" in said
    assert "unchanged" not in said
    assert len(made.json("queue")) == 3


def test_it_works_beside_a_running_daemon(made: CliHouse) -> None:
    with made.store() as daemon:
        assert made.json("sync")["added"]
        assert len(daemon.candidates("acme-x")) == 2


def test_many_posts_are_counted_not_all_listed(made: CliHouse) -> None:
    made.write("content/acme-x.csv", "id;texte\n" + "".join(f"n{n};Message numéro {n}\n" for n in range(30)))
    assert "... and 13 more added" in made.says("sync")
    assert "30 more" not in made.says("queue")


def test_a_sync_that_lasts_says_where_it_is_on_a_terminal_only(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticking = iter([0.0, SLOW - 1, SLOW + 1, SLOW + 1.1])
    monkeypatch.setattr(time, "monotonic", lambda: next(ticking))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    progress = Progress()
    progress(0, 3, "a.csv")
    progress(1, 3, "b.csv")
    progress(2, 3, "c.csv")
    progress.wipe()
    assert capfd.readouterr().err == "\r1 of 3 files read; now b.csv\x1b[K\r\x1b[K"
