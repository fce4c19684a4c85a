"""What `run --once` says of one look, in a line."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contracts.samples import an_account
from tests.fakes import FakeClock
from veilleuse.entrypoints.cli.run import line
from veilleuse.services.look_report import Action, LookReport

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize("reason", ["its team posted yesterday", "Nothing was sent."])
def test_the_next_look_follows_the_reason_without_a_full_stop_before_the_semicolon(reason: str) -> None:
    house: Any = SimpleNamespace(clock=FakeClock(NOW), accounts={"acme-x": an_account()})
    told = line(LookReport(account="acme-x", action=Action.BLIND, reason=reason, look_at=NOW), house)
    assert told.startswith(f"acme-x: {reason.removesuffix('.')}; next look today at ")
