"""One daemon on one SQLite file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.ports import AnotherDaemon, StoreUnavailable

HOLD = (
    "import sys, pathlib; from veilleuse.adapters.db.lock import DaemonLock\n"
    "with DaemonLock(pathlib.Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
)


def test_a_second_daemon_is_refused_by_name_of_file_and_process(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    with DaemonLock(path), pytest.raises(AnotherDaemon) as refusal, DaemonLock(path):
        pass
    assert f"{path}.lock" in str(refusal.value)
    assert str(os.getpid()) in str(refusal.value)


def test_a_daemon_that_stopped_leaves_the_lock_free(tmp_path: Path) -> None:
    for _ in range(2):
        with DaemonLock(tmp_path / "house.db"):
            pass


def test_a_killed_daemon_leaves_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == "held\n"
        with pytest.raises(AnotherDaemon, match=str(daemon.pid)), DaemonLock(path):
            pass
        daemon.kill()
        daemon.wait()
        with DaemonLock(path):
            pass


def test_two_names_of_one_file_are_one_file(tmp_path: Path) -> None:
    path = tmp_path / "house.db"
    (tmp_path / "alias.db").symlink_to(path)
    with DaemonLock(path), pytest.raises(AnotherDaemon), DaemonLock(tmp_path / "alias.db"):
        pass


def test_a_lock_file_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="folder exists"), DaemonLock(tmp_path / "nowhere/house.db"):
        pass


def test_a_full_disk_does_not_keep_the_lock_from_being_held(tmp_path: Path) -> None:
    (tmp_path / "house.db.lock").symlink_to("/dev/full")
    with DaemonLock(tmp_path / "house.db"), pytest.raises(AnotherDaemon), DaemonLock(tmp_path / "house.db"):
        pass
