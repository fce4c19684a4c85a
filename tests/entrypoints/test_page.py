"""The page beside a real daemon, and who did what by a command."""

import json
import socket
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from tests.entrypoints.cli_house import CONFIG, CliHouse, furnished

NOWHERE = 'owner = "claire"\nbase_url = "http://127.0.0.1:9"'


@pytest.fixture
def house(tmp_path: Path) -> CliHouse:
    return furnished(tmp_path)


def listening(house: CliHouse, port: int) -> None:
    text = CONFIG.replace('owner = "claire"', NOWHERE)
    house.write("veilleuse.toml", f'{text}\n[web]\nlisten = "127.0.0.1:{port}"\n')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_daemon_serves_the_page_and_ends_with_it(house: CliHouse) -> None:
    port = free_port()
    listening(house, port)
    process = house.start("run")
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                answer = urlopen(f"http://127.0.0.1:{port}/healthz")
                break
            except URLError as refused:
                if isinstance(refused, HTTPError):
                    raise
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline
                time.sleep(0.1)
        with answer:
            assert json.load(answer) == {"status": "ok"}
        with urlopen(f"http://127.0.0.1:{port}/accounts/acme-x") as page:
            assert "Nos horaires d&#39;hiver" in page.read().decode()
        key = house.folder / "veilleuse.db.page-key"
        assert key.stat().st_mode & 0o777 == 0o600
    finally:
        process.terminate()
        _, err = process.communicate(timeout=40)
    assert process.returncode == 0, err
    assert "Traceback" not in err


def test_a_port_in_use_is_said_and_nothing_starts(house: CliHouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        listening(house, port)
        said = house.says("run", code=2)
    assert f"the page cannot be served on 127.0.0.1:{port}" in said
    assert "Change [web] listen" in said


def test_who_did_what_by_a_command_is_kept(house: CliHouse) -> None:
    house.run("db", "upgrade")
    house.run("sync")
    house.run("freeze", "acme-x", "--reason", "a recall", "--as", "claire")
    house.run("thaw", "acme-x", "--as", "hugo")
    house.run("approve", "acme-facebook/bonjour", "--as", "claire", "--yes")
    told = [(deed["by"], deed["act"], deed["account"], deed["subject"]) for deed in house.json("history", "--audit")]
    assert told == [
        ("claire", "approved", "acme-facebook", "bonjour"),
        ("hugo", "thawed", "acme-x", ""),
        ("claire", "froze", "acme-x", ""),
    ]
    assert "a recall" in house.says("history", "--audit", "acme-x")
    house.run("history", "--audit", "--approvals", code=2)
