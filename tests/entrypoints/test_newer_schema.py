"""A daemon whose database is changed by a newer program: it tells its keeper, stops, and is not started again."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.conftest import PostgresServer
from tests.entrypoints.cli_house import CONFIG, SECRETS
from tests.fakes import Phone
from veilleuse import bootstrap
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.tables import VERSION_TABLE
from veilleuse.entrypoints import daemon
from veilleuse.entrypoints.calls import Calls
from veilleuse.entrypoints.daemon import Daemon
from veilleuse.entrypoints.timings import Timings
from veilleuse.ports import SchemaNewer


class Quiet:
    """No service manager, no watcher."""

    watchdog_interval = None

    def __getattr__(self, name: str) -> object:
        return lambda *told: None


def raise_schema(address: str) -> None:
    db = Database(address)
    with db.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    db.close()


@pytest.fixture(params=["sqlite", "postgres"])
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One that nobody else uses: no other program of ours may open it again."""
    if request.param == "sqlite":
        return str(tmp_path / "house.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database()


def test_it_stops_claiming_tells_its_keeper_and_ends_for_good(
    tmp_path: Path, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(daemon, "BEAT", timedelta(seconds=0.2))
    config = tmp_path / "veilleuse.toml"
    config.touch(0o600)
    config.write_text(f'database = "{own_database}"\n{CONFIG}')
    (tmp_path / "content").mkdir()
    phone = Phone()
    with bootstrap.open_house(bootstrap.load(config), notifier=phone) as house:
        house.store.register([], house.clock.now())  # nobody to look at: no network is called
        upgrade = threading.Timer(0.5, raise_schema, [own_database])
        upgrade.start()
        house.accounts.clear()  # type: ignore[attr-defined]
        with pytest.raises(SchemaNewer, match="changed by a newer version"):
            Daemon(house, Quiet(), Quiet(), calls=Calls(), timings=Timings(), reread=str).run()  # type: ignore[arg-type]
        upgrade.join()
        assert house.rounds.poll(lambda job: None, lambda report: None) == 0
    assert phone.titles == ["veilleuse: its database cannot be used"]
