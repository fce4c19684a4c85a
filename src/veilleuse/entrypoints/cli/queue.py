"""`veilleuse queue`: what speaks next, what waits, and why."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.queue import Block
from veilleuse.entrypoints.cli.choice import chosen, complete_account, unknown
from veilleuse.entrypoints.cli.output import json_option, print_json, print_table
from veilleuse.entrypoints.cli.preview import content_facts, dates, echo_facts, echo_wordings
from veilleuse.language import N_, _
from veilleuse.services.queue import QueueRow, queue

SHOWN = 200  # rows of one account a person may want to read
COLUMNS = ("#", N_("post"), N_("text"), N_("approved by"), N_("why"))
TEXT_WIDTH = 90


@click.command("queue")
@click.argument("account_or_post", metavar="[ACCOUNT | ACCOUNT/ID]", required=False, shell_complete=complete_account)
@json_option
@click.pass_obj
def command(config: Path, account_or_post: str | None, as_json: bool) -> None:
    """What speaks next, what waits, and why; with ACCOUNT/ID one post in full, as the network will hold it."""
    settings = bootstrap.load(config)
    name, _slash, post_id = (account_or_post or "").partition("/")
    accounts = chosen(settings, name or None)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store:
        queues = {
            name: queue(account, bootstrap.SPECS[account.network], store, now) for name, account in accounts.items()
        }
    if post_id:
        queues = {name: [_only(post_id, name, rows)] for name, rows in queues.items()}
    if as_json:
        print_json([_as_json(row) for rows in queues.values() for row in rows])
        return
    for name, rows in queues.items():
        account = accounts[name]
        if post_id:
            _show_post(rows[0], account, bootstrap.SPECS[account.network], now)
        else:
            _show_queue(rows, account, now)


def _only(post_id: str, account: str, rows: Sequence[QueueRow]) -> QueueRow:
    found = next((row for row in rows if row.post.id == post_id), None)
    if found is None:
        raise unknown("post", f"{account}/{post_id}", [row.post.ref for row in rows])
    return found


def _show_queue(rows: Sequence[QueueRow], account: Account, now: datetime) -> None:
    standing = [row for row in rows if row.block is not Block.PUBLISHED]
    published = len(rows) - len(standing)
    if standing:
        print_table(COLUMNS, [_cells(row, account, now) for row in standing[:SHOWN]], title=account.name)
    else:
        click.echo(
            _("{name}: no post waits. Add approved posts to the content folder, then `veilleuse sync`.").format(
                name=account.name
            )
        )
    if len(standing) > SHOWN:
        click.echo(
            _("... and {number} more of {name}; --json lists them all.").format(
                number=len(standing) - SHOWN, name=account.name
            )
        )
    if published:
        click.echo(
            _("Published already: {count} of {name} (`veilleuse history`).").format(
                count=phrases.count(published, "post"), name=account.name
            )
        )


def _cells(row: QueueRow, account: Account, now: datetime) -> Sequence[str]:
    text = " ".join(row.text.split())
    short = text if len(text) <= TEXT_WIDTH else f"{text[: TEXT_WIDTH - 1]}…"
    facts = ", ".join([str(row.post.source), f"{row.length}/{row.limit}", *dates(row.post, account, now)])
    approved_by = row.post.approved_by or _("nobody yet")
    return (str(row.place or "-"), row.post.id, f"{short}\n{click.style(facts, dim=True)}", approved_by, row.why)


def _show_post(row: QueueRow, account: Account, spec: NetworkSpec, now: datetime) -> None:
    post = row.post
    echo_wordings(post, spec, row.wordings)
    echo_facts(
        (
            ("standing", _("number {place}: {why}").format(place=row.place, why=row.why) if row.place else row.why),
            ("approved by", post.approved_by or _("nobody yet: it is a draft")),
            ("dates", ", ".join(dates(post, account, now))),
            ("priority", str(post.priority) if post.priority else ""),
            ("reserve", _reserve(row)),
            *content_facts(post, spec),
            ("source", str(post.source)),
        )
    )


def _reserve(row: QueueRow) -> str:
    if not row.post.reserve:
        return ""
    most = _(", {count} at most").format(count=phrases.count(row.post.max_uses, "use")) if row.post.max_uses else ""
    gap, said = phrases.span(row.post.reserve_gap), phrases.count(row.uses, "time")
    return _("rests {gap} between two uses{most}; said {said} so far").format(gap=gap, most=most, said=said)


def _as_json(row: QueueRow) -> dict[str, object]:
    post = row.post
    return {
        "post": post.ref,
        "account": post.account,
        "id": post.id,
        "place": row.place,
        "why": row.why,
        "text": row.text,
        "length": row.length,
        "limit": row.limit,
        "wordings": [{"text": w.text, "length": w.length, "said": w.said, "next": w.next} for w in row.wordings],
        "link": post.link,
        "image": post.image.name if post.image else None,
        "alt": post.alt,
        "content_warning": post.content_warning,
        "approved_by": post.approved_by,
        "not_before": post.not_before,
        "not_after": post.not_after,
        "priority": post.priority,
        "reserve": post.reserve,
        "file": post.source.file,
        "line": post.source.line,
    }
