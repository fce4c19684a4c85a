"""`veilleuse veto`: held back, taken back, and what cannot be."""

import pytest

from tests.entrypoints.cli_house import CliHouse


@pytest.fixture
def house(cli_house: CliHouse) -> CliHouse:
    cli_house.write("content/acme-x/more.toml", 'approved_by = "claire"\n[[post]]\ntext = "Encore un mot."\n')
    cli_house.run("db", "upgrade")
    cli_house.run("sync")
    return cli_house


def first(house: CliHouse) -> str:
    return next(f"{row['account']}/{row['id']}" for row in house.json("queue", "acme-x") if row["place"] == 1)


def test_a_vetoed_post_waits_and_the_next_moves_up(house: CliHouse) -> None:
    post = first(house)
    said = house.says("veto", post, "--as", "claire", "--reason", "not this week")
    assert said == f"{post}: vetoed by claire. The next post takes its place."
    assert first(house) != post
    [row] = [row for row in house.json("queue", "acme-x") if f"{row['account']}/{row['id']}" == post]
    assert row["why"] == "vetoed: somebody does not want it said (claire)"
    assert house.says("veto", post, "--as", "claire", "--withdraw") == f"{post}: the veto is taken back by claire."
    assert first(house) == post


def test_who_vetoed_what_is_kept_for_ever(house: CliHouse) -> None:
    post = first(house)
    house.run("veto", post, "--as", "claire", "--reason", "not this week")
    house.run("veto", post, "--as", "claire", "--withdraw")
    acts = [(deed["act"], deed["by"], deed["detail"]) for deed in house.json("history", "--audit")]
    assert acts == [("released", "claire", ""), ("vetoed", "claire", "not this week")]


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("acme-x/nothing", "--as", "claire"), 'No post is called "acme-x/nothing".'),
        (("acme-x/nothing", "--as", "claire", "--withdraw"), "Nobody has vetoed acme-x/nothing."),
        (("nobody/p1", "--as", "claire"), 'No account is called "nobody".'),
        (("acme-x/p1", "--as", "nobody"), 'No person is called "nobody".'),
    ],
)
def test_a_slip_is_told_and_changes_nothing(house: CliHouse, words: tuple[str, ...], mend: str) -> None:
    assert mend in house.run("veto", *words, code=2).output
