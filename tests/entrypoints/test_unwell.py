"""What the outside watcher is told of alerts that do not arrive."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.entrypoints.cli_house import CONFIG, SECRETS, now
from tests.entrypoints.test_newer_schema import Quiet
from tests.fakes import FakeClock
from tests.services.post_office import PostOffice
from veilleuse import bootstrap
from veilleuse.domain.alert import Condition, Finding
from veilleuse.entrypoints.calls import Calls
from veilleuse.entrypoints.daemon import Daemon
from veilleuse.entrypoints.timings import Timings


def test_one_alert_that_does_not_arrive_is_not_hidden_by_another_that_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "veilleuse.toml"
    config.touch(0o600)
    config.write_text(CONFIG)
    clock, office = FakeClock(now()), PostOffice(people={"claire": 1, "hugo": 1}, dead={("claire", 0)})
    with bootstrap.open_house(bootstrap.load(config), clock=clock, notifier=office) as house:
        daemon = Daemon(house, Quiet(), Quiet(), calls=Calls(), timings=Timings(), reread=str)  # type: ignore[arg-type]
        for account, person in (("acme-x", "claire"), ("acme-facebook", "hugo")):
            told = Finding(
                condition=Condition.POST_REFUSED, account=account, subject="", text="No.", remedy="Act.", person=person
            )
            house.alerts.reconcile(account, [told], {Condition.POST_REFUSED})
            clock.advance(timedelta(seconds=30))
            daemon._deliver()
            assert daemon.unwell() == ["the last alert did not arrive"]
        assert [letter.person for letter in office.letters] == ["hugo"]
        office.dead.clear()
        clock.advance(timedelta(minutes=5))
        daemon._deliver()
        assert daemon.unwell() == []
