"""A receipt the database would not take is on disk, and comes back whole."""

import hashlib
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from veilleuse.adapters.spool import FileSpool
from veilleuse.domain.attempt import Proof, Receipt
from veilleuse.ports import StoreUnavailable

AT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


def receipt(number: int = 1) -> Receipt:
    return Receipt(
        account="acme-x",
        network="x",
        identity="42",
        remote_id=f"17{number}",
        post_id="bonne-annee",
        use=0,
        digest="d" * 64,
        text="Bonne année ! Votre vœu pour 2027 ? 🎉\n« Oui »",
        link="https://acme.example/vœux?a=1&b=2",
        image=None,
        approved_by="claire",
        url=None,
        at=AT + timedelta(minutes=number),
        proof=Proof.ANSWER,
        attempt_id="a" * 32,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "spool"


def replayed(spool: FileSpool) -> list[Receipt]:
    taken: list[Receipt] = []
    assert spool.replay(taken.append) == len(taken)
    return taken


def test_what_is_kept_comes_back_whole_and_once_oldest_first(folder: Path) -> None:
    spool = FileSpool(folder)
    for number in (2, 1, 3):
        spool.keep(receipt(number))
    assert replayed(FileSpool(folder)) == [receipt(1), receipt(2), receipt(3)]
    assert replayed(spool) == []
    assert list(folder.iterdir()) == []


def test_the_same_receipt_kept_twice_is_one(folder: Path) -> None:
    spool = FileSpool(folder)
    spool.keep(receipt())
    spool.keep(receipt())
    assert replayed(spool) == [receipt()]


def test_an_empty_spool_is_no_folder_at_all(folder: Path) -> None:
    assert replayed(FileSpool(folder)) == []
    assert not folder.exists()


def test_the_file_and_its_name_are_on_disk_before_keep_returns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def watch(file: int) -> None:
        synced.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else f"file of {os.fstat(file).st_size} bytes")
        fsync(file)

    monkeypatch.setattr(os, "fsync", watch)
    FileSpool(folder).keep(receipt())
    (path,) = folder.iterdir()
    assert synced == [f"file of {path.stat().st_size} bytes", "folder"]


def test_only_its_owner_may_read_it(folder: Path) -> None:
    FileSpool(folder).keep(receipt())
    (path,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content.replace(b"acme-x", b"acme-y"),
        lambda content: b"\xff\xfe",
    ],
    ids=["torn", "empty", "altered", "not text"],
)
def test_a_damaged_file_is_set_aside_and_reported_and_holds_up_no_other(folder: Path, damage: object) -> None:
    spool = FileSpool(folder)
    spool.keep(receipt(1))
    (path,) = folder.iterdir()
    assert callable(damage)
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)
    spool.keep(receipt(2))
    with capture_logs() as logs:
        assert replayed(spool) == [receipt(2)]
    (aside,) = folder.iterdir()
    assert aside.suffix == ".corrupt"
    assert aside.read_bytes() == damaged
    assert [(e["file"], e["log_level"]) for e in logs if e["event"] == "spool.corrupt"] == [(str(aside), "error")]


def test_a_file_of_another_version_is_set_aside_too(folder: Path) -> None:
    spool = FileSpool(folder)
    spool.keep(receipt())
    (path,) = folder.iterdir()
    content = path.read_bytes().replace(b'"use"', b'"uses"')
    path.unlink()
    (folder / f"20261120T093000-{hashlib.sha256(content).hexdigest()[:16]}.json").write_bytes(content)
    assert replayed(spool) == []
    assert [p.suffix for p in folder.iterdir()] == [".corrupt"]


def test_while_the_database_is_away_everything_stays(folder: Path) -> None:
    spool = FileSpool(folder)
    spool.keep(receipt(1))
    spool.keep(receipt(2))

    def away(_: Receipt) -> None:
        raise StoreUnavailable("The database cannot be reached.")

    assert spool.replay(away) == 0
    assert replayed(spool) == [receipt(1), receipt(2)]


def test_a_receipt_the_database_will_never_take_holds_up_no_other(folder: Path) -> None:
    spool = FileSpool(folder)
    spool.keep(receipt(1))
    spool.keep(receipt(2))

    def picky(kept: Receipt) -> None:
        if kept == receipt(1):
            raise RuntimeError("no such account")

    with capture_logs() as logs:
        assert spool.replay(picky) == 1
        assert spool.replay(picky) == 0
    assert [e["event"] for e in logs] == ["spool.refused", "spool.replayed"], "reported once, tried once a start"
    assert replayed(FileSpool(folder)) == [receipt(1)]


def test_a_replay_meanwhile_never_takes_a_file_half_written_for_a_damaged_one(folder: Path) -> None:
    spool, taken, done = FileSpool(folder), list[Receipt](), threading.Event()

    def bell() -> None:
        while not done.is_set():
            spool.replay(taken.append)

    ringing = threading.Thread(target=bell)
    ringing.start()
    for number in range(60):
        spool.keep(receipt(number))
    done.set()
    ringing.join()
    spool.replay(taken.append)
    assert taken == [receipt(number) for number in range(60)]
    assert list(folder.iterdir()) == []


def test_a_disk_that_refuses_is_not_hidden(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("not a folder")
    with pytest.raises(OSError, match="spool"):
        FileSpool(folder).keep(receipt())
