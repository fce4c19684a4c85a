"""The machine's clock and randomness."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from veilleuse.adapters.clock import SystemClock
from veilleuse.adapters.ids import RandomIds


def test_the_clock_is_aware_and_in_utc_and_right(tmp_path: Path) -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    (tmp_path / "now").touch()
    touched = datetime.fromtimestamp((tmp_path / "now").stat().st_mtime, UTC)
    assert abs(now - touched) < timedelta(seconds=5)


def test_sleeping_takes_time() -> None:
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.02)
    assert clock.now() > before


def test_ids_are_32_hex_digits_and_never_the_same() -> None:
    ids = [RandomIds().new() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)
