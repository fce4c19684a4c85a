"""`veilleuse history`: what was published, when, who approved it, and how we know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain.approval import ApprovalRecord
from veilleuse.domain.attempt import Attempt, Outcome, Proof, Receipt
from veilleuse.domain.deed import Deed
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.output import json_option, print_json, print_table
from veilleuse.entrypoints.deed_words import detail, done_to
from veilleuse.entrypoints.words import ACTS, MODES, PROVEN
from veilleuse.language import N_, _

DOUBTS = {
    Outcome.OPEN: N_("not yet: it is under way"),
    Outcome.UNKNOWN: N_("not yet: perhaps published, read until that is known"),
    Outcome.HELD: N_("not at all: perhaps published; see `veilleuse resolve`"),
}
COLUMNS = (N_("when"), N_("account"), N_("text"), N_("approved by"), N_("proven by"))
DEEDS = (N_("when"), N_("who"), N_("did"), N_("to"), N_("detail"))
APPROVALS = (N_("when"), N_("post"), N_("approved by"), N_("how"), N_("content"))
TEXT_WIDTH = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One publication, or one that perhaps was; also its JSON. `at` is aware UTC."""

    at: datetime
    account: str
    post: str
    text: str
    link: str | None
    url: str | None
    approved_by: str
    outcome: Outcome
    proof: Proof | None


@click.command("history")
@click.argument("account", required=False, shell_complete=complete_account)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="How many.")
@click.option("--approvals", is_flag=True, help="Who approved what, when, and how; kept for ever.")
@click.option("--audit", is_flag=True, help="Who did what, on the page or by a command; kept for ever.")
@json_option
@click.pass_obj
def command(config: Path, account: str | None, limit: int, approvals: bool, audit: bool, as_json: bool) -> None:
    """What was published, newest first; what is perhaps published stands on top. Times are the account's own."""
    settings = bootstrap.load(config)
    accounts = chosen(settings, account)
    if approvals and audit:
        raise click.UsageError(_("Either --approvals or --audit."))
    if audit:
        with bootstrap.open_reading(settings) as store:
            deeds = store.deeds(account, limit)
        _show_deeds(deeds, settings, as_json)
        return
    if approvals:
        with bootstrap.open_reading(settings) as store:
            records = store.approvals(account, limit)
        _show_approvals(records, settings, as_json)
        return
    with bootstrap.open_reading(settings) as store:
        doubts = [_doubt(attempt) for name in accounts for attempt in store.unsettled(name)]
        receipts = [_published(receipt) for receipt in store.receipts(account, limit)]
    rows = [*sorted(doubts, key=lambda said: said.at, reverse=True), *receipts]
    if as_json:
        print_json(rows)
    elif rows:
        zones = {name: known.rule.zone for name, known in accounts.items()}
        print_table(COLUMNS, [_cells(row, zones.get(row.account, settings.timezone)) for row in rows])
    else:
        click.echo(_("Nothing was published yet."))


def _show_approvals(records: Sequence[ApprovalRecord], settings: Settings, as_json: bool) -> None:
    zones = {account.name: account.rule.zone for account in settings.accounts}
    if as_json:
        print_json([_approval_as_json(record) for record in records])
    elif records:
        print_table(
            APPROVALS,
            [
                (
                    f"{record.at.astimezone(zones.get(record.account, settings.timezone)):%Y-%m-%d %H:%M}",
                    record.ref,
                    record.approver,
                    _(MODES[record.mode]),
                    record.digest[:12],
                )
                for record in records
            ],
        )
    else:
        click.echo(_("Nothing was approved yet."))


def _show_deeds(deeds: Sequence[Deed], settings: Settings, as_json: bool) -> None:
    zones = {account.name: account.rule.zone for account in settings.accounts}
    if as_json:
        print_json(deeds)
    elif deeds:
        print_table(
            DEEDS,
            [
                (
                    f"{deed.at.astimezone(zones.get(deed.account, settings.timezone)):%Y-%m-%d %H:%M}",
                    deed.by,
                    _(ACTS[deed.act]),
                    done_to(deed),
                    detail(deed)[:TEXT_WIDTH],
                )
                for deed in deeds
            ],
        )
    else:
        click.echo(_("Nobody has done anything yet."))


def _approval_as_json(record: ApprovalRecord) -> dict[str, object]:
    return {
        "at": record.at,
        "account": record.account,
        "post": record.ref,
        "approver": record.approver,
        "mode": record.mode,
        "digest": record.digest,
    }


def _doubt(attempt: Attempt) -> Said:
    return Said(
        at=attempt.created_at,
        account=attempt.account,
        post=attempt.ref,
        text=attempt.payload.text,
        link=attempt.payload.link,
        url=None,
        approved_by=attempt.approved_by,
        outcome=attempt.outcome,
        proof=None,
    )


def _published(receipt: Receipt) -> Said:
    return Said(
        at=receipt.at,
        account=receipt.account,
        post=f"{receipt.account}/{receipt.post_id}",
        text=receipt.text,
        link=receipt.link,
        url=receipt.url,
        approved_by=receipt.approved_by,
        outcome=Outcome.PUBLISHED,
        proof=receipt.proof,
    )


def _cells(said: Said, zone: ZoneInfo) -> tuple[str, ...]:
    text = " ".join(said.text.split())
    short = text if len(text) <= TEXT_WIDTH else f"{text[: TEXT_WIDTH - 1]}…"
    return (
        f"{said.at.astimezone(zone):%Y-%m-%d %H:%M}",
        said.account,
        f"{short}\n{click.style(said.url or said.post, dim=True)}",
        said.approved_by,
        _(PROVEN[said.proof]) if said.proof else click.style(_(DOUBTS[said.outcome]), fg="yellow"),
    )
