"""A machine whose clock is a year off, beside a Postgres whose clock is right: nothing is said, somebody is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from socket import gethostname

import pytest

from tests.entrypoints.cli_house import CONFIG, SECRETS, now
from tests.entrypoints.test_newer_schema import Quiet
from tests.fakes import FakeClock, Phone
from veilleuse import bootstrap
from veilleuse.entrypoints.calls import Calls
from veilleuse.entrypoints.cli.run import _one_round
from veilleuse.entrypoints.daemon import Daemon
from veilleuse.entrypoints.timings import Timings
from veilleuse.services.house import House

YEAR = timedelta(days=365)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(now() + YEAR)


@pytest.fixture
def house(
    postgres: str, tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[House, Phone]]:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "veilleuse.toml"
    config.touch(0o600)
    config.write_text(f'database = "{postgres}"\n{CONFIG}')
    (tmp_path / "content").mkdir()
    (tmp_path / "content/acme-x.toml").write_text('approved_by = "claire"\n[[post]]\ntext = "Bonjour"\n')
    phone = Phone()
    with bootstrap.open_house(bootstrap.load(config), clock=clock, notifier=phone) as opened:
        yield opened, phone


def test_a_round_for_cron_says_so_and_fails(house: tuple[House, Phone], capsys: pytest.CaptureFixture[str]) -> None:
    assert _one_round(house[0], dry_run=False) == 1
    told = capsys.readouterr()
    assert "The daemon there stands aside: it looks at no account and publishes nothing." in told.err
    assert "timedatectl" in told.err
    assert told.out == ""
    assert house[0].store.candidates("acme-x") == []


def test_a_daemon_stands_aside_until_its_clock_is_mended(house: tuple[House, Phone], clock: FakeClock) -> None:
    opened, phone = house
    opened.store.register([], clock.now())  # nobody to look at: no network is called
    daemon = Daemon(opened, Quiet(), Quiet(), calls=Calls(), timings=Timings(), reread=str)  # type: ignore[arg-type]
    for bell in (daemon._beat, daemon._beat, daemon._poll, daemon._scan, daemon._care):
        bell()
    opened.tell()
    assert [title.partition(" says")[0] for title in phone.titles] == [f"veilleuse: The clock of {gethostname()}"]
    assert daemon.unwell() == ["this machine's clock is wrong: the daemon stands aside"]
    assert opened.store.candidates("acme-x") == []
    clock.advance(-YEAR)
    daemon._beat()
    daemon._scan()
    assert daemon.unwell() == []
    assert len(opened.store.candidates("acme-x")) == 1
    assert len(phone.titles) == 1
