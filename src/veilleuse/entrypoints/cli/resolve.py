"""`veilleuse resolve`: what is perhaps published, the evidence, and a human's verdict."""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.attempt import Outcome
from veilleuse.entrypoints.cli.choice import chosen, complete_account, known_person
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.language import N_, _
from veilleuse.ports import Store
from veilleuse.services import resolve
from veilleuse.services.resolve import CannotResolve, Evidence

STANDINGS = {
    Outcome.OPEN: N_("no answer was recorded"),
    Outcome.UNKNOWN: N_("perhaps published; the account is read until that is known"),
    Outcome.HELD: N_("perhaps published; only a human can tell"),
}


@click.command("resolve")
@click.argument("account_or_post", metavar="[ACCOUNT | ACCOUNT/ID]", required=False, shell_complete=complete_account)
@click.option("--published", "said", metavar="URL-OR-ID", help="It stands on the network, at this address.")
@click.option("--not-published", "absent", is_flag=True, help="It does not: it may be said again, a day later.")
@click.option("--as", "person", metavar="NAME", help="Who has looked: one of [people].")
@json_option
@click.pass_obj
def command(
    config: Path, account_or_post: str | None, said: str | None, absent: bool, person: str | None, as_json: bool
) -> None:
    """List what is perhaps published, with the evidence; with a verdict, settle one post.

    An ACCOUNT with --not-published says that you have looked through what no read has shown of it.

    Exit codes: 0 settled, or nothing is in doubt; 1 something is, or this verdict cannot be taken; 2 usage.
    """
    settings = bootstrap.load(config)
    name, _slash, post_id = (account_or_post or "").partition("/")
    accounts = chosen(settings, name or None)
    now = bootstrap.SystemClock().now()
    if not said and not absent:
        with bootstrap.open_reading(settings) as store:
            _list(store, list(accounts.values()), post_id, now, as_json)
        return
    if said and absent:
        raise click.UsageError(_("It is either --published or --not-published."))
    if not name or (said and not post_id):
        raise click.UsageError(_("Name the post: ACCOUNT/ID. `veilleuse resolve` lists what is in doubt."))
    if person is None:
        raise click.UsageError(_("Say who has looked: --as NAME."))
    by, account = known_person(settings, person), accounts[name]
    with bootstrap.open_reading(settings) as store:
        try:
            click.echo(_settle(store, account, post_id, said, by, now))
        except CannotResolve as why:
            raise click.ClickException(str(why)) from None


def _settle(store: Store, account: Account, post_id: str, said: str | None, by: str, now: datetime) -> str:
    """What was done, in a sentence. Raises CannotResolve."""
    if not post_id:
        resolve.gap_answered(store, account, by, now)
        return _("{name} goes on; {by} has looked through what no read has shown.").format(name=account.name, by=by)
    doubt = resolve.doubt(store, account, post_id, now)
    ref = doubt.attempt.ref
    if said is None:
        resolve.not_published(store, account, doubt, by, now)
        return _("{ref} is not live, says {by}. It may be said again in a day, behind the other posts.").format(
            ref=ref, by=by
        )
    receipt = resolve.published(store, account, doubt, said, by, now)
    return _("{ref} is published, says {by}: {what}. It is not said again.").format(
        ref=ref, by=by, what=receipt.url or receipt.remote_id
    )


def _list(store: Store, accounts: list[Account], post_id: str, now: datetime, as_json: bool) -> None:
    gaps = [account for account in accounts if not post_id and store.state(account.name).gap_at is not None]
    doubts = [
        (account, each)
        for account in accounts
        for each in resolve.evidence(store, account, now)
        if post_id in ("", each.attempt.post_id)
    ]
    if as_json:
        print_json([_as_json(each) for _, each in doubts] + [_gap_as_json(store, account) for account in gaps])
    for account, each in () if as_json else doubts:
        click.echo("\n".join(_told(account, each, now)))
    for account in () if as_json else gaps:
        click.echo("\n".join(_gap_told(store, account, now)))
    if doubts or gaps:
        sys.exit(1)
    if not as_json:
        click.echo(_("Nothing is in doubt."))


def _told(account: Account, doubt: Evidence, now: datetime) -> Iterator[str]:
    attempt, zone = doubt.attempt, account.rule.zone
    payload, title = attempt.payload, bootstrap.SPECS[account.network].title
    yield _("{ref} on {title}: {standing}").format(
        ref=click.style(attempt.ref, bold=True), title=title, standing=_(STANDINGS[attempt.outcome])
    )
    yield from (f"    {line}" for line in payload.text.splitlines())
    beside = (
        ("warning", payload.content_warning),
        ("link", payload.link),
        ("image", payload.image and payload.image.name),
    )
    for fact, value in beside:
        if value:
            yield f"  {_(fact):8} {value}"
    yield _("  sent     {at}, approved by {approved_by}").format(
        at=phrases.at(attempt.created_at, zone, now), approved_by=attempt.approved_by
    )
    yield _("  answer   {what}").format(what=attempt.detail or _("none yet"))
    yield _("  since    {count} showed nothing new").format(count=phrases.count(attempt.empty_reads, "complete read"))
    for entry in doubt.near:
        text = " ".join(entry.text.split())
        shown = text if len(text) <= 60 else f"{text[:59]}…"
        at = f"{entry.created_at.astimezone(zone):%H:%M:%S}"
        yield _("  shows    {what}").format(what=f"{at} {entry.remote_id} {shown} {entry.url or ''}".rstrip())
    if doubt.under_way:
        yield _("  settle   It is being sent at this moment; ask again in two minutes.")
        return
    yield _(
        "  settle   Look at the account on {title}. There: veilleuse resolve {ref} --published URL --as NAME"
    ).format(title=title, ref=attempt.ref)
    yield _("           Not there: veilleuse resolve {ref} --not-published --as NAME").format(ref=attempt.ref)


def _gap_told(store: Store, account: Account, now: datetime) -> Iterator[str]:
    at, title = store.state(account.name).gap_at, bootstrap.SPECS[account.network].title
    assert at is not None
    yield _("{name}: part of its timeline was not read {ago}").format(
        name=click.style(account.name, bold=True), ago=phrases.ago(at, now)
    )
    yield _("  why      More happened there than one read shows; one of its queued posts may have been said.")
    yield _("  settle   Look through the account on {title}, take out of its files what was said there, then").format(
        title=title
    )
    yield f"           veilleuse resolve {account.name} --not-published --as NAME"


def _as_json(doubt: Evidence) -> dict[str, object]:
    attempt = doubt.attempt
    return {
        "post": attempt.ref,
        "account": attempt.account,
        "outcome": attempt.outcome,
        "under_way": doubt.under_way,
        "text": attempt.payload.text,
        "content_warning": attempt.payload.content_warning,
        "link": attempt.payload.link,
        "approved_by": attempt.approved_by,
        "sent_at": attempt.created_at,
        "answer": attempt.detail,
        "empty_reads": attempt.empty_reads,
        "near": [
            {"id": entry.remote_id, "text": entry.text, "created_at": entry.created_at, "url": entry.url}
            for entry in doubt.near
        ],
    }


def _gap_as_json(store: Store, account: Account) -> dict[str, object]:
    return {"post": None, "account": account.name, "gap_at": store.state(account.name).gap_at}
