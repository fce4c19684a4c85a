"""When somebody is told that the database is away, and when that it is back."""

from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.fakes import Phone
from tests.services.post_office import PostOffice
from veilleuse import bootstrap
from veilleuse.adapters.db.store import open_store
from veilleuse.adapters.marker import FileMarker
from veilleuse.entrypoints.troubles import TOLD_AFTER, Troubles
from veilleuse.ports import Notifier, StoreUnavailable
from veilleuse.services.outage import Outage


class House:
    """Two jobs each 15 seconds for two minutes; `full`: what writes fails, what reads does not."""

    def __init__(self, folder: Path, notifier: Notifier | None = None) -> None:
        self.phone, self.time = Phone(), 0.0
        outage = Outage(notifier=notifier or self.phone, marker=FileMarker(folder / "told"), person="claire")
        self.troubles = Troubles(outage, lambda: self.time)

    def two_minutes(self, *, full: bool) -> None:
        for _ in range(8):
            self.time += TOLD_AFTER / 4
            with self.troubles.watch("beat"):
                if full:
                    raise StoreUnavailable("The disk is full.")
            with self.troubles.watch("poll"):
                pass


def test_a_job_that_works_does_not_hide_one_that_cannot_write(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.two_minutes(full=True)
    assert house.phone.titles == ["veilleuse: its database cannot be used"]
    assert not house.troubles.ended_before(TOLD_AFTER)
    house.two_minutes(full=False)
    assert house.phone.titles[1:] == ["veilleuse: its database is back"]
    assert house.troubles.ended_before(TOLD_AFTER)


def test_what_no_channel_took_is_told_when_one_does(tmp_path: Path) -> None:
    office = PostOffice(people={"claire": 2}, dead={("claire", 0), ("claire", 1)})
    house = House(tmp_path, office)
    house.two_minutes(full=True)
    assert 2 <= len(office.tried) <= 4, "on both channels, once a minute"
    office.dead = {("claire", 0)}
    house.two_minutes(full=True)
    assert [letter.title for letter in office.letters] == ["veilleuse: its database cannot be used"]
    house.two_minutes(full=True)
    assert len(office.letters) == 1


def test_an_outage_that_nobody_could_be_told_of_has_no_all_clear(tmp_path: Path) -> None:
    office = PostOffice(people={"claire": 1}, dead={("claire", 0)})
    house = House(tmp_path, office)
    house.two_minutes(full=True)
    office.dead.clear()
    house.two_minutes(full=False)
    assert office.letters == []


def test_short_troubles_that_come_again_call_nobody(tmp_path: Path) -> None:
    house = House(tmp_path)
    for _ in range(10):
        house.time += TOLD_AFTER
        for fails in (True, False):
            with house.troubles.watch("poll"):
                if fails:
                    raise StoreUnavailable("It does not answer.")
    assert house.phone.titles == []


def test_a_database_that_takes_no_writes_at_the_start_is_told(tmp_path: Path, postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    open_store(address, create=True).close()
    name = address.partition("@/")[2].partition("?")[0]
    postgres_server.run("postgres", f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    (tmp_path / "content").mkdir()
    config = tmp_path / "veilleuse.toml"
    config.write_text(
        f'database = "{address}"\n[people.claire]\n[accounts.a]\nnetwork = "x"\nhandle = "a"\nowner = "claire"\n'
    )
    phone = Phone()
    with (
        pytest.raises(StoreUnavailable, match="read-only"),
        bootstrap.open_house(bootstrap.load(config), notifier=phone),
    ):
        pass
    assert phone.titles == ["veilleuse: its database cannot be used"]
