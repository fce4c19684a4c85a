"""`veilleuse account farewell`: the last sign of life, which sends readers elsewhere; then the account is closed."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.content import Severity
from veilleuse.domain.farewell import as_farewell, public_address, text_in
from veilleuse.domain.judge import Judge
from veilleuse.domain.post import Post, Source
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.plan import begun, dry_run_option, kept, one_account, person_option, show
from veilleuse.entrypoints.cli.preview import content_facts, echo_facts, echo_wordings
from veilleuse.language import _, ngettext
from veilleuse.services import plans
from veilleuse.services.queue import Wording

LONGEST = 16_384  # bytes of a text file


@click.command("farewell")
@click.argument("account", shell_complete=complete_account)
@click.option("--follow", "other", metavar="OTHER", required=True, help="The account its readers are sent to.")
@click.option(
    "--after", "days", type=click.IntRange(1, 365), default=30, show_default=True, help="Days until it closes."
)
@click.option("--text", "text_file", type=click.Path(path_type=Path), help="Your own words, in a text file.")
@person_option
@dry_run_option
@click.pass_obj
def command(
    config: Path, account: str, other: str, days: int, text_file: Path | None, person: str, dry_run: bool
) -> None:
    """Close an account with one last post that tells its readers where to follow you. It never speaks again.

    The post is shown, and published only once you have typed the account's name; then it is pinned, stays the set days,
    and the account is closed. Where the network lets no program do a step, its owner is called.

    Exit codes: 0 fine; 1 it cannot be done as things are, or you did not type the name; 2 usage or configuration.
    """
    settings, meant = one_account(config, account, person)
    if person not in meant.may_approve:
        may = phrases.all_of(meant.may_approve)
        said = _("{person} may not approve for {account}; {may} may. Nothing was changed.")
        raise click.UsageError(said.format(person=person, account=account, may=may))
    address = _address(settings, meant, other)
    now = bootstrap.SystemClock().now()
    post = _judged(meant, text_file, address, person, now)
    with bootstrap.open_reading(settings) as store, kept():
        before = plans.plan_now(store, meant)
        plan = plans.farewell(meant, before, person, now, post, address, timedelta(days=days))
        spec = bootstrap.SPECS[meant.network]
        text = spec.compose(post.text, post.link)
        echo_wordings(post, spec, [Wording(text=text, length=spec.length(text), said=False, next=True)])
        echo_facts((("account", meant.about), *content_facts(post, spec), ("approved by", person)))
        click.echo()
        show(plan, meant, now, dry_run=dry_run)
        if dry_run:
            return
        click.echo(_("{name} never speaks again after this.").format(name=account), nl=False)
        unsaid = _waiting(store, meant)
        left = ngettext(
            "{count} approved post of its queue is not said.",
            "{count} approved posts of its queue are not said.",
            unsaid,
        )
        click.echo(" " + left.format(count=unsaid) if unsaid else "")
        question = _("To publish this as the last word of {name}, type its name").format(name=account)
        typed = click.prompt(question, default="", show_default=False)
        if typed.strip() != account:
            refused = _('You typed "{typed}", not "{name}": nothing was changed.')
            click.echo(refused.format(typed=typed.strip(), name=account), err=True)
            sys.exit(1)
        plans.begin(store, plan, before, now)
        plans.store_farewell(store, post, person, now)
        begun(store, meant, now)


def _waiting(store: plans.LivesStore, account: Account) -> int:
    return sum(1 for candidate in store.candidates(account.name) if candidate.post.approved_by and not candidate.uses)


def _address(settings: Settings, account: Account, other: str) -> str:
    """Raises a usage error for an account nobody knows, or that readers could not find."""
    if other == account.name:
        said = _("{name} cannot follow itself: name the account its readers are sent to.")
        raise click.UsageError(said.format(name=other))
    address = public_address(chosen(settings, other)[other])
    if address is None:
        said = _("{name} has no public address that readers could follow. Name another account.")
        raise click.UsageError(said.format(name=other))
    return address


def _judged(account: Account, text_file: Path | None, address: str, person: str, now: datetime) -> Post:
    """Judged like any post of a file. Raises a usage error for what the network would not take."""
    where = str(text_file or _("the farewell"))
    text = text_in(account.language) if text_file is None else _read(text_file)
    fields = {"text": text} | ({} if address in text else {"link": address})
    judge = Judge(account, bootstrap.SPECS, now)
    post, verdicts = judge.judge(fields, Source(file=where), 0)
    for verdict in verdicts:
        click.echo(str(verdict), err=True)
    if post is None or any(verdict.severity is Severity.ERROR for verdict in verdicts):
        raise click.UsageError(_("The farewell cannot be published like this. Nothing was changed."))
    return as_farewell(post)


def _read(text_file: Path) -> str:
    try:
        with text_file.open("rb") as file:
            return file.read(LONGEST).decode("utf-8-sig").strip()
    except OSError as error:
        said = _("{file} cannot be read: {why}. Nothing was changed.")
        raise click.UsageError(said.format(file=text_file, why=error.strerror)) from None
    except UnicodeDecodeError:
        said = _("{file} is not text in UTF-8: save it so. Nothing was changed.")
        raise click.UsageError(said.format(file=text_file)) from None
