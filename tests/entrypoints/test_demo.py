"""The demo's own posts: what a newcomer sees first is in order."""

from pathlib import Path

from tests.entrypoints.cli_house import CliHouse
from veilleuse.entrypoints.demo.script import write


def test_no_post_of_the_demo_draws_a_warning(tmp_path: Path) -> None:
    write(tmp_path, "http://127.0.0.1:9")
    house = CliHouse(tmp_path)
    house.run("db", "upgrade")
    said = house.says("sync")
    assert "12 added" in said
    assert "warning" not in said


def test_a_demo_begun_anew_keeps_what_its_visitor_wrote(tmp_path: Path) -> None:
    write(tmp_path, "http://127.0.0.1:9")
    post = tmp_path / "content" / "atelier-x" / "neige.txt"
    post.write_text("Il neige sur l'atelier. Et chez vous ?", encoding="utf-8")
    config = write(tmp_path, "http://127.0.0.1:10")
    assert post.exists()
    assert "http://127.0.0.1:10" in config.read_text(encoding="utf-8")
