"""`veilleuse status`: how each account stands, and why."""

import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.alert import MILD, Alert
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.output import json_option, moment, print_json, print_table
from veilleuse.language import N_, _
from veilleuse.services.status import AccountStatus, Standing, status

COLOURS = {
    Standing.ALIVE: "green",
    Standing.NEAR: "yellow",
    Standing.PAST: "red",
    Standing.BLIND: "red",
    Standing.STOPPED: "red",
    Standing.FROZEN: "cyan",
    Standing.HIBERNATING: "blue",
    Standing.CLOSED: "white",
    Standing.RESERVED: "white",
}
STATES = (
    *(N_("alive"), N_("near"), N_("past"), N_("blind"), N_("stopped"), N_("frozen")),
    *(N_("hibernating"), N_("closed"), N_("reserved")),
)
NEEDS_HUMAN = frozenset({Standing.PAST, Standing.BLIND, Standing.STOPPED})
COLUMNS = (
    N_("account"),
    N_("network"),
    N_("state"),
    N_("silent"),
    N_("limit"),
    N_("speaks at"),
    N_("queued"),
    N_("lasts until"),
)


@click.command("status")
@click.argument("account", required=False, shell_complete=complete_account)
@json_option
@click.pass_obj
def command(config: Path, account: str | None, as_json: bool) -> None:
    """How each account stands, and why. Times are the account's own.

    Exit codes: 0 fine; 1 something needs a human; 2 the configuration, or no such account.
    """
    settings = bootstrap.load(config)
    accounts = chosen(settings, account)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store:
        rows = status(accounts, store, now)
        house = () if account else tuple(alert for alert in store.alerts(account="") if not alert.budding)
    if as_json:
        print_json([_as_json(row) for row in rows])
    else:
        print_table(COLUMNS, [_cells(row, accounts[row.account], settings.timezone) for row in rows])
        for row in rows:
            _explain(row)
    for alert in house:
        click.echo(said(alert), err=True)
    if any(_needs_human(row) for row in rows) or any(map(_urges, house)):
        sys.exit(1)


def said(alert: Alert) -> str:
    """An alert, in a line."""
    return f"! {alert.finding.text} {alert.finding.remedy}"


def _needs_human(row: AccountStatus) -> bool:
    return row.state in NEEDS_HUMAN or any(map(_urges, row.alerts))


def _urges(alert: Alert) -> bool:
    return alert.finding.condition not in MILD


def _cells(row: AccountStatus, account: Account, house: ZoneInfo) -> Sequence[str]:
    zone = account.rule.zone
    elsewhere = "" if zone.key == house.key else f" ({zone.key})"
    return (
        row.account,
        row.network,
        click.style(f"● {_(row.state.value)}", fg=COLOURS[row.state]),
        phrases.span(row.silent_for) if row.silent_for is not None else "-",
        phrases.span(row.max_silence),
        f"{moment(row.speaks_at, zone)}{elsewhere}" if row.speaks_at else "-",
        str(row.queued),
        row.runway_until.astimezone(zone).strftime(_("%d %b %Y")) if row.runway_until else "-",
    )


def _explain(row: AccountStatus) -> None:
    click.echo(phrases.named(click.style(row.account, bold=True), row.reason))
    if row.spent_usd is not None:
        spent, budget = phrases.decimal(row.spent_usd, 3), row.budget_usd
        most = _(" of {budget}").format(budget=phrases.decimal(budget, 2)) if budget is not None else ""
        click.echo(_("    billed this month: {spent}{most} USD").format(spent=spent, most=most))
    for alert in row.alerts:
        click.echo(f"    {click.style(said(alert), fg='red' if _urges(alert) else 'yellow')}")


def _as_json(row: AccountStatus) -> dict[str, object]:
    """The contract other programs build on."""
    return {
        "account": row.account,
        "network": row.network,
        "state": row.state,
        "last_activity_at": row.last_activity_at,
        "last_activity_by": row.last_activity_by,
        "silent_for_s": row.silent_for,
        "max_silence_s": row.max_silence,
        "speaks_at": row.speaks_at,
        "queued": row.queued,
        "runway_until": row.runway_until,
        "reason": row.reason,
        "alerts": [
            {
                "id": alert.id,
                "condition": alert.finding.condition,
                "subject": alert.finding.subject,
                "text": alert.finding.text,
                "remedy": alert.finding.remedy,
                "opened_at": alert.opened_at,
            }
            for alert in row.alerts
        ],
        "spent_usd": None if row.spent_usd is None else float(row.spent_usd),
    }
