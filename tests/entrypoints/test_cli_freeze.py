"""`veilleuse freeze` and `veilleuse thaw`: who is silent, why, until when, and what it costs."""

from datetime import timedelta

import pytest

from tests.entrypoints.cli_house import CliHouse, now
from tests.entrypoints.looked_at import look

DAY = timedelta(days=1)
WHY = ("--reason", "recall of the blue tins", "--as", "claire")


@pytest.fixture
def house(synced: CliHouse) -> CliHouse:
    look(synced, posted=2 * DAY)
    look(synced, "acme-facebook", posted=DAY)
    return synced


def test_a_freeze_says_who_why_and_what_the_silence_costs_and_stands_in_status(house: CliHouse) -> None:
    said = house.says("freeze", "acme-x", *WHY)
    assert "acme-x: frozen by claire since today at" in said
    assert ": recall of the blue tins (Europe/Paris). It holds until somebody thaws it." in said
    assert "acme-x passes its limit " in said
    assert "To thaw: `veilleuse thaw acme-x`." in said
    x, facebook = house.json("status")
    assert (x["state"], facebook["state"]) == ("frozen", "alive")
    assert "frozen by claire" in x["reason"]
    assert "it passes its limit" in x["reason"]


def test_thawing_ends_it_and_a_second_time_nothing_is_frozen(house: CliHouse) -> None:
    house.run("freeze", "acme-x", *WHY)
    assert "Thawed. It was frozen by claire" in house.says("thaw", "acme-x")
    assert house.json("status")[0]["state"] == "alive"
    assert house.says("thaw", "acme-x") == "acme-x was not frozen."
    assert house.says("freeze") == "Nothing is frozen."


@pytest.mark.parametrize(("words", "frozen"), [(("--network", "x"), 1), (("--all",), 2)])
def test_a_network_or_everything_is_frozen_and_thawed_by_the_same_words(
    house: CliHouse, words: tuple[str, ...], frozen: int
) -> None:
    house.run("freeze", *words, *WHY)
    assert [row["state"] for row in house.json("status")].count("frozen") == frozen
    still = house.says("thaw", "acme-x", code=1)
    assert f"To thaw: `veilleuse thaw {' '.join(words)}`." in still
    house.run("thaw", *words)
    assert house.json("freeze") == []


def test_an_account_frozen_by_itself_stays_so_when_all_are_thawed(house: CliHouse) -> None:
    house.run("freeze", "acme-facebook", "--reason", "the Page is sold")
    house.run("freeze", "--all", *WHY)
    said = house.says("thaw", "--all", code=1)
    assert "Thawed." in said
    assert "acme-facebook stays frozen" in said
    assert [row["state"] for row in house.json("status")] == ["alive", "frozen"]


def test_what_a_stop_file_freezes_only_its_removal_thaws(house: CliHouse) -> None:
    stop = house.write("content/acme-x/STOP", "Recall.\n")
    house.run("sync")
    said = house.says("thaw", "acme-x", code=1)
    assert "acme-x stays frozen by a STOP file" in said
    assert f"remove the file {stop}" in said.replace(" ", "") or str(stop) in said.replace("\n", "")
    house.run("freeze", "acme-x", *WHY)
    stop.unlink()
    house.run("sync")
    assert [held["by"] for held in house.json("freeze")] == ["claire"]


def test_a_date_ends_it_as_that_day_begins_and_the_output_says_so(house: CliHouse) -> None:
    day = (now() + 3 * DAY).date()
    said = house.says("freeze", "acme-x", *WHY, "--until", str(day))
    assert "It holds through the evening before, and ends by itself." in said
    assert "passes its limit" not in said  # it is thawed before
    until = house.json("freeze")[0]["until"]
    assert until.startswith(str(day - DAY))  # midnight in Paris is the evening before in UTC
    house.run("freeze", "acme-x", *WHY, "--until", f"{day} 09:30")
    assert house.json("freeze")[0]["until"][:10] == str(day)


def test_a_new_freeze_takes_the_place_of_the_old_one_and_names_it(house: CliHouse) -> None:
    house.run("freeze", "acme-x", *WHY)
    said = house.says("freeze", "acme-x", "--reason", "second day", "--as", "hugo")
    assert "In the place of: frozen by claire" in said
    assert [(held["by"], held["reason"]) for held in house.json("freeze")] == [("hugo", "second day")]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("acme-x",), "Say why"),
        (("acme-x", "--reason", "  "), "Say why"),
        (("acme-z", *WHY), 'No account is called "acme-z". Did you mean "acme-x"?'),
        (("--network", "facebok", *WHY), 'No network is called "facebok". Did you mean "facebook"?'),
        (("acme-x", "--all", *WHY), "not several of them"),
        (WHY, "Name an account"),
        (("acme-x", "--reason", "why", "--as", "clair"), 'No person is called "clair". Did you mean "claire"?'),
        (("acme-x", *WHY, "--until", "soon"), '"soon" is no date'),
        (("acme-x", *WHY, "--until", "2020-01-01"), "is past. Nothing was changed."),
    ],
)
def test_a_freeze_that_cannot_be_meant_is_refused_and_freezes_nothing(
    house: CliHouse, words: tuple[str, ...], complaint: str
) -> None:
    assert complaint in house.says("freeze", *words, code=2)
    assert house.json("freeze") == []


def test_thaw_asks_whom_it_shall_thaw(house: CliHouse) -> None:
    assert "Name an account" in house.says("thaw", code=2)
