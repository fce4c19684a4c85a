"""`veilleuse account wake`: visible again, seen to be, then the comeback post, then the clock starts."""

from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain.account import Account
from veilleuse.domain.post import Post
from veilleuse.domain.queue import PASSING, blocked
from veilleuse.entrypoints.cli.choice import complete_account, unknown
from veilleuse.entrypoints.cli.plan import begin, dry_run_option, kept, one_account, person_option
from veilleuse.language import _
from veilleuse.ports import Store
from veilleuse.services import plans


@click.command("wake")
@click.argument("account", shell_complete=complete_account)
@click.option("--post", "post_id", metavar="ID", help="The comeback: an approved post of its queue, said first.")
@person_option
@dry_run_option
@click.pass_obj
def command(config: Path, account: str, post_id: str | None, person: str, dry_run: bool) -> None:
    """Bring an account back: visible again, seen to be, then the comeback post, then its clock starts.

    Its silence counts from then on, so nothing is said in a hurry and no alarm tells of the months gone by.

    Exit codes: 0 fine; 1 it cannot be done as things are; 2 usage or configuration.
    """
    settings, meant = one_account(config, account, person)
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store, kept():
        comeback = _post(store, meant, post_id) if post_id else None
        before = plans.plan_now(store, meant)
        plan = plans.wake(meant, before, person, now, comeback)
        begin(store, plan, before, meant, now, dry_run=dry_run)


def _post(store: Store, account: Account, post_id: str) -> Post:
    """Raises a usage error unless it is approved and can be said once."""
    candidates = {candidate.post.id: candidate for candidate in store.candidates(account.name)}
    wanted = post_id.removeprefix(f"{account.name}/")
    if wanted not in candidates:
        raise unknown("post", f"{account.name}/{wanted}", [c.post.ref for c in candidates.values()])
    why = blocked(candidates[wanted], bootstrap.SystemClock().now())
    if candidates[wanted].post.reserve:
        raise click.UsageError(
            _("{post} is of the reserve. Name a post of the queue.").format(post=candidates[wanted].post.ref)
        )
    if why is not None and why not in PASSING:
        raise click.UsageError(
            _("{post} cannot be said: {why}. Nothing was changed.").format(post=candidates[wanted].post.ref, why=_(why))
        )
    return candidates[wanted].post
