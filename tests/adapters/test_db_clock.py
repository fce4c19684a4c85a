"""The clock of the database's server: read with each beat, and what it makes of a daemon whose own is wrong."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.fakes import FakeClock
from tests.services.house import NoPhone, an_account
from veilleuse.adapters.db.store import open_store
from veilleuse.services.alert import Alerts
from veilleuse.services.look import Action, LookReport
from veilleuse.services.rounds import Rounds
from veilleuse.services.timekeeper import Timekeeper

LIFE, MINUTE, YEAR = timedelta(seconds=45), timedelta(minutes=1), timedelta(days=365)


def server_s_clock(address: str) -> datetime:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT now()").fetchone()
    assert row is not None
    shown: datetime = row[0]
    return shown


def test_a_beat_brings_the_server_s_time_whatever_ours_says(postgres: str) -> None:
    before = server_s_clock(postgres)
    store = open_store(postgres)
    try:
        told = store.beat("ada", before + YEAR, LIFE)
        again = store.beat("ada", before + YEAR, LIFE)
    finally:
        store.close()
    assert told is not None
    assert again is not None
    assert before <= told <= again <= server_s_clock(postgres)


def test_a_file_has_no_clock_of_its_own(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "house.db"), create=True)
    try:
        assert store.beat("ada", FakeClock(datetime.fromisoformat("2026-11-20T10:00Z")).now(), LIFE) is None
    finally:
        store.close()


@pytest.mark.parametrize("wrong_by", [-YEAR, -MINUTE, MINUTE, YEAR], ids=str)
def test_by_the_server_s_clock_a_daemon_knows_whether_it_may_claim(postgres: str, wrong_by: timedelta) -> None:
    clock = FakeClock(server_s_clock(postgres) + wrong_by)
    account, store = an_account(), open_store(postgres)
    try:
        store.register([account], clock.now() - MINUTE)
        rounds = Rounds(
            store=store,
            clock=clock,
            alerts=Alerts(store, NoPhone(), clock),
            look=lambda name: LookReport(account=name, action=Action.WAITS, reason="", look_at=clock.now()),
            accounts={account.name: account},
            daemon="ada",
            timekeeper=Timekeeper(clock),
        )
        rounds.beat()
        claimed = rounds.poll(lambda job: job(), lambda report: None)
    finally:
        store.close()
    assert claimed == (1 if abs(wrong_by) == MINUTE else 0)
