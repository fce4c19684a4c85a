"""The warnings of a dry queue, over some account-years; `python -m tests.simulation.supply 200` for more of them."""

from tests.simulation.supply import figures


def test_no_queue_runs_dry_unannounced_and_no_warning_is_told_twice() -> None:
    found = figures(3)
    assert found["dry queues"] >= 3
    assert found["never announced"] == found["announced less than 7 days before"] == 0
    assert found["repeated warnings a year"] == 0
    assert found["needless warnings a year"] <= 1
