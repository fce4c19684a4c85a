"""`veilleuse export`: the queue into a new folder, from which another house reads the same queue."""

from pathlib import Path

from tests.entrypoints.cli_house import CONFIG, CliHouse


def queue(house: CliHouse) -> list[dict[str, object]]:
    places = ("file", "line")
    return [{key: value for key, value in row.items() if key not in places} for row in house.json("queue")]


def test_another_house_reads_the_same_queue_from_what_was_exported(synced: CliHouse, tmp_path: Path) -> None:
    other = CliHouse(tmp_path / "other")
    other.write("veilleuse.toml", CONFIG)
    said = synced.says("export", "--output", str(other.folder / "content"))
    assert f"{other.folder}/content/acme-x.toml: 2 posts. " in said
    assert f"{other.folder}/content/acme-facebook.toml: 1 post, 1 draft among them." in said
    other.run("db", "upgrade")
    other.run("sync")
    assert queue(other) == queue(synced)
    assert len(queue(other)) == 3


def test_one_account_alone_and_nothing_is_ever_replaced(synced: CliHouse) -> None:
    out = synced.folder / "out"
    assert synced.json("export", "acme-x", "--output", str(out)) == [
        {"account": "acme-x", "posts": 2, "drafts": 0, "said": 0, "doubtful": 0}
    ]
    assert [path.name for path in out.iterdir()] == ["acme-x.toml"]
    before = (out / "acme-x.toml").read_bytes()
    assert "acme-x.toml is there already, and stays as it is" in synced.says("export", "--output", str(out), code=2)
    assert (out / "acme-x.toml").read_bytes() == before
    assert [path.name for path in out.iterdir()] == ["acme-x.toml"]


def test_an_empty_queue_writes_no_file_and_says_so(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    assert "acme-x: no post waits, so no file was written." in cli_house.says("export", "--output", "nowhere")
    assert not Path("nowhere").exists()


def test_a_place_that_cannot_be_written_is_said(synced: CliHouse) -> None:
    taken = synced.write("taken", "")
    assert "cannot be written" in synced.says("export", "--output", str(taken / "out"), code=2)
