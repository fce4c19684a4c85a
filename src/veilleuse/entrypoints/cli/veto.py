"""`veilleuse veto`: a person does not want a post said; the next one moves up."""

import sys
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain.account import Account
from veilleuse.domain.post import Post
from veilleuse.entrypoints.cli.choice import chosen, complete_account, known_person, unknown
from veilleuse.language import _
from veilleuse.ports import PostChanged, Store
from veilleuse.services.veto import release, veto


@click.command("veto")
@click.argument("post", metavar="ACCOUNT/ID", shell_complete=complete_account)
@click.option("--as", "person", metavar="NAME", required=True, help="Who vetoes: one of [people].")
@click.option("--reason", default="", help="Why, in a sentence: it is kept, and shown with the post.")
@click.option("--withdraw", is_flag=True, help="Take the veto back: the post may be said again.")
@click.pass_obj
def command(config: Path, post: str, person: str, reason: str, withdraw: bool) -> None:
    """Say that a post must not go out as it is; the next one moves up. It holds before the next send.

    A veto holds for exactly this content: a changed text is judged, and approved, anew. It is kept for ever who vetoed
    what, and who took it back: `veilleuse history --audit`.

    Exit codes: 0 vetoed, or taken back; 1 the post changed meanwhile; 2 usage, or no such post.
    """
    settings = bootstrap.load(config)
    known_person(settings, person)
    name, _slash, post_id = post.partition("/")
    account = chosen(settings, name)[name]
    now = bootstrap.SystemClock().now()
    with bootstrap.open_reading(settings) as store:
        if withdraw:
            if not release(store, name, post_id, person, now):
                raise click.UsageError(_("Nobody has vetoed {ref}.").format(ref=post))
            click.echo(_("{ref}: the veto is taken back by {name}.").format(ref=post, name=person))
            return
        try:
            veto(store, _standing(store, account, post_id), person, now, reason)
        except PostChanged:
            click.echo(_("{ref} changed meanwhile and was not vetoed. Look again.").format(ref=post))
            sys.exit(1)
    click.echo(_("{ref}: vetoed by {name}. The next post takes its place.").format(ref=post, name=person))


def _standing(store: Store, account: Account, post_id: str) -> Post:
    """The post as it stands in the queue. Raises a usage error if there is none, or if it is said."""
    posts = {candidate.post.id: candidate for candidate in store.candidates(account.name)}
    ref = f"{account.name}/{post_id}"
    if post_id not in posts:
        raise unknown("post", ref, [candidate.post.ref for candidate in posts.values()])
    candidate = posts[post_id]
    if candidate.uses and not candidate.post.reserve:
        raise click.UsageError(_("{ref} is already published: there is nothing to veto.").format(ref=ref))
    return candidate.post
