"""What the weekly digest says in its title."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from veilleuse.domain.digest import AccountWeek, compose

NOW = datetime(2026, 12, 14, 8, tzinfo=UTC)
SILENT = timedelta(days=12)


@pytest.mark.parametrize(
    ("accounts", "title", "line"),
    [
        ([AccountWeek(account="acme-x")], "1 account, all is well", "Nothing needs you."),
        (
            [AccountWeek(account="acme-x", needs=("acme-x is stopped.",), silent_for=SILENT)],
            "1 account, 1 thing needs you",
            "  - acme-x is stopped.",
        ),
        (
            [AccountWeek(account="acme-x", silent_for=SILENT), AccountWeek(account="acme-fr")],
            "2 accounts, 1 account silent too long",
            "Nothing needs you that nobody has seen.",
        ),
    ],
)
def test_all_is_well_only_where_nothing_is_open_and_nobody_silent(
    accounts: list[AccountWeek], title: str, line: str
) -> None:
    said, body = compose(accounts, ZoneInfo("Europe/Paris"), NOW)
    assert said == f"veilleuse, Monday 14 December: {title}"
    assert line in body.splitlines()
