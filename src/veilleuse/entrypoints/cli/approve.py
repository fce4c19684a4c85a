"""`veilleuse approve`: a person signs posts, having seen exactly what each network will get."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Block
from veilleuse.entrypoints.cli.choice import chosen, complete_account, unknown
from veilleuse.entrypoints.cli.confirm import confirmed
from veilleuse.entrypoints.cli.preview import content_facts, dates, echo_facts, echo_wordings
from veilleuse.language import _
from veilleuse.ports import PostChanged, Store
from veilleuse.services.approve import sign
from veilleuse.services.queue import QueueRow, queue


@click.command("approve")
@click.argument("posts", metavar="POST...", nargs=-1, required=True, shell_complete=complete_account)
@click.option("--as", "person", metavar="NAME", required=True, help="Who signs: one of the account's approvers.")
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.pass_obj
def command(config: Path, posts: Sequence[str], person: str, yes: bool) -> None:
    """Sign posts: ACCOUNT/ID each, or ACCOUNT for all its drafts. They are shown in full before you are asked.

    Whatever changes afterwards (text, wording, link, image, alternative text, warning, reserve) voids the signature. It
    is kept for ever: `veilleuse history --approvals`.

    Exit codes: 0 signed, or nothing to sign; 1 you said no, or a post changed meanwhile; 2 usage or configuration.
    """
    settings = bootstrap.load(config)
    accounts = _accounts(settings, posts, person)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store:
        rows = _rows(store, accounts, posts, now)
        for row in rows:
            _show(row, accounts[row.post.account], now)
        if not rows:
            click.echo(_("No draft waits there: nothing was signed."))
            return
        if not yes and not confirmed(
            _("Sign {count} as {person}?").format(count=phrases.count(len(rows), "post"), person=person)
        ):
            click.echo(_("Nothing was signed."))
            sys.exit(1)
        _sign(store, rows, person, now)


def _accounts(settings: Settings, posts: Sequence[str], person: str) -> Mapping[str, Account]:
    """The accounts meant. Raises a usage error unless that person may approve for each of them."""
    people = [known.name for known in settings.people]
    if person not in people:
        raise unknown("person", person, people)
    accounts: dict[str, Account] = {}
    for post in posts:
        accounts |= chosen(settings, post.partition("/")[0])
    for account in accounts.values():
        if person not in account.may_approve:
            may = phrases.all_of(account.may_approve)
            raise click.UsageError(
                _("{person} may not approve for {name}; {may} may. Nothing was signed.").format(
                    person=person, name=account.name, may=may
                )
            )
    return accounts


def _rows(store: Store, accounts: Mapping[str, Account], posts: Sequence[str], now: datetime) -> list[QueueRow]:
    """What is meant, each once. Raises a usage error for a post that is not there or is said already."""
    queues = {name: queue(account, bootstrap.SPECS[account.network], store, now) for name, account in accounts.items()}
    found: dict[str, QueueRow] = {}
    for name, _slash, post_id in (post.partition("/") for post in posts):
        rows = {row.post.id: row for row in queues[name]}
        if not post_id:
            found |= {row.post.ref: row for row in rows.values() if row.block is Block.DRAFT}
        elif post_id not in rows:
            raise unknown("post", f"{name}/{post_id}", [row.post.ref for row in rows.values()])
        elif rows[post_id].block is Block.PUBLISHED:
            raise click.UsageError(
                _("{name}/{post_id} is already published. Nothing was signed.").format(name=name, post_id=post_id)
            )
        else:
            found[f"{name}/{post_id}"] = rows[post_id]
    return list(found.values())


def _show(row: QueueRow, account: Account, now: datetime) -> None:
    spec = bootstrap.SPECS[account.network]
    echo_wordings(row.post, spec, row.wordings)
    echo_facts(
        (
            ("account", account.about),
            *content_facts(row.post, spec),
            ("dates", ", ".join(dates(row.post, account, now))),
            ("reserve", _reserve(row.post) if row.post.reserve else ""),
            ("approved by", row.post.approved_by or ""),
        )
    )
    click.echo()


def _reserve(post: Post) -> str:
    often = (
        _("again and again")
        if post.max_uses is None
        else _("{count} in all").format(count=phrases.count(post.max_uses, "time"))
    )
    return _("said when nothing else is left, {often}, with {span} between two uses").format(
        often=often, span=phrases.span(post.reserve_gap)
    )


def _sign(store: Store, rows: Sequence[QueueRow], person: str, now: datetime) -> None:
    changed = False
    for row in rows:
        try:
            record = sign(store, row.post, person, now)
        except PostChanged:
            changed = True
            click.echo(
                click.style(
                    _("{ref} changed meanwhile and was not signed. Look again.").format(ref=row.post.ref), fg="yellow"
                )
            )
        else:
            click.echo(
                _("{ref} signed by {person} ({digest}).").format(
                    ref=row.post.ref, person=person, digest=record.digest[:12]
                )
            )
    if changed:
        sys.exit(1)
