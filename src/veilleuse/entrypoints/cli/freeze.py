"""`veilleuse freeze`: nobody speaks for an account until it is thawed; alone, what is frozen now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.entrypoints.cli.choice import who_acts
from veilleuse.entrypoints.cli.moment import to_come
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.entrypoints.cli.scope import scope, scope_options
from veilleuse.language import _
from veilleuse.services.freezes import Cost, costs, freeze

SHOWN = 5  # accounts whose limit is spelled out


@click.command("freeze")
@scope_options
@click.option("--reason", help="Why, in a sentence: it is shown wherever the account is.")
@click.option(
    "--until", metavar="DATE", help='When it ends by itself: "2026-12-01" (as that day begins), or with a time.'
)
@click.option("--as", "person", metavar="NAME", help="Who freezes: one of [people]. [default: your login]")
@json_option
@click.pass_obj
def command(
    config: Path,
    account: str | None,
    network: str | None,
    everyone: bool,
    reason: str | None,
    until: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Publish nothing for an account, a network or all, beginning with the next send; alone, list what is frozen.

    Works beside a running daemon and survives restarts. DATE is local: the account's time, or the house's.

    Exit codes: 0 fine; 1 the database cannot be reached; 2 usage, the configuration, or no database yet.
    """
    settings = bootstrap.load(config)
    accounts = bootstrap.accounts_of(settings)
    now = bootstrap.SystemClock().now()
    meant = scope(settings, account, network, everyone)
    if meant is None and (reason or until or person):
        raise click.UsageError(_("Name an account, or --network NAME, or --all."))
    if meant is None:
        _list(settings, now, as_json)
        return
    if not (reason and reason.strip()):
        raise click.UsageError(_('Say why: --reason "recall of the blue tins". Nothing was frozen.'))
    zone = accounts[account].rule.zone if account else settings.timezone
    wanted = Freeze(
        account=meant[0],
        network=meant[1],
        origin=COMMAND,
        by=who_acts(settings, person),
        reason=" ".join(reason.split()),
        since=now,
        until=to_come(until, zone, now) if until else None,
    )
    with bootstrap.open_reading(settings) as store:
        before = freeze(store, accounts, wanted)
        price = costs(store, accounts, wanted)
    if as_json:
        print_json([_as_json(wanted, price)])
        return
    if before is not None:
        click.echo(_("In the place of: {told}.").format(told=before.told(zone, now)))
    _show(wanted, price, accounts, zone, now, _ends(until))


def _list(settings: Settings, now: datetime, as_json: bool) -> None:
    accounts = bootstrap.accounts_of(settings)
    with bootstrap.open_reading(settings) as store:
        frozen = [(held, costs(store, accounts, held)) for held in store.freezes(now)]
    if as_json:
        print_json([_as_json(held, price) for held, price in frozen])
        return
    for held, price in frozen:
        zone = accounts[held.account].rule.zone if held.account in accounts else settings.timezone
        _show(held, price, accounts, zone, now)
    if not frozen:
        click.echo(_("Nothing is frozen."))


def _ends(until: str | None) -> str:
    """What a date without a time means, said aloud."""
    if until is None:
        return _("It holds until somebody thaws it.")
    whole_days = datetime.fromisoformat(until.strip()).time() == time()
    return _("It holds through the evening before, and ends by itself.") if whole_days else _("It ends by itself.")


def _show(
    held: Freeze, price: Sequence[Cost], accounts: Mapping[str, Account], zone: ZoneInfo, now: datetime, ends: str = ""
) -> None:
    said = f"{held.told(zone, now)} ({zone.key}). {ends}".rstrip()
    click.echo(phrases.named(click.style(held.whom, bold=True), said))
    told = [held.cost(one.account, one.limit, accounts[one.account].rule.zone, now) for one in price]
    dear = [cost for cost in told if cost]
    for cost in dear[:SHOWN]:
        click.echo(f"  {cost}.")
    if len(dear) > SHOWN:
        click.echo(_("  ... and {count} later.").format(count=phrases.count(len(dear) - SHOWN, "account")))
    click.echo(_("  To thaw: {remedy}.").format(remedy=held.remedy))


def _as_json(held: Freeze, price: Sequence[Cost]) -> dict[str, object]:
    return {
        "account": held.account or None,
        "network": held.network or None,
        "file": held.file,
        "by": held.by,
        "reason": held.reason,
        "since": held.since,
        "until": held.until,
        "costs": [{"account": one.account, "limit_at": one.limit} for one in price],
    }
