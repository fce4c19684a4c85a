"""`veilleuse demo`: see it work before believing it."""

import tempfile
from pathlib import Path

import click

from veilleuse import log
from veilleuse.language import _

FOLDER = Path("veilleuse-demo")


@click.command("demo")
@click.option("--once", is_flag=True, help="Nine days in a few seconds, in a temporary folder; then exit.")
def command(once: bool) -> None:
    """Four accounts on pretend networks, on this machine only, three hours a second. Ctrl-C ends it."""
    from veilleuse.entrypoints.demo import play
    from veilleuse.entrypoints.demo.script import OWNER, PASSWORD, STORIES

    log.configure("eyes", "ERROR")
    click.echo(_("Four accounts, each with a limit of 7 days of silence. Nothing leaves this machine.\n"))
    for story in STORIES:
        click.echo(f"  {story.account:<22}{_(story.tale)}")
    click.echo()
    if once:
        with tempfile.TemporaryDirectory(prefix="veilleuse-demo-") as folder:
            play.once(Path(folder))
        click.echo(_("\nThat was nine days. `veilleuse demo` goes on until you stop it, and lets you take part."))
        return
    stage = play.Stage(FOLDER, port=play.PORT)
    content = FOLDER / "content"
    click.echo(
        _("The networks: {base_url} (post there as a human would, and watch it wait)").format(
            base_url=stage.sandbox.base_url
        )
    )
    click.echo(_("The posts:    {content}/").format(content=content))
    click.echo(
        _("  approve the draft: write claire in the last column of {content}/atelier-facebook.csv").format(
            content=content
        )
    )
    click.echo(_("  add a line to that spreadsheet, or a file for atelier-x"))
    click.echo(_("  stop this with Ctrl-C, or kill it, and start it again: nothing is posted twice\n"))
    if stage.resumed:
        click.echo(_("Going on where it stopped; delete {folder}/ to begin anew.\n").format(folder=FOLDER))

    def opened(page: str) -> None:
        click.echo(
            _("The page:     {page} (sign in as {owner}, password {password})").format(
                page=page, owner=OWNER, password=PASSWORD
            )
        )
        click.echo(_("  sign the draft, veto a post, drop others, freeze, thaw: it takes effect here at once\n"))

    try:
        play.on_and_on(stage, opened)
    except KeyboardInterrupt:
        click.echo(_("\nStopped. Start it again and it goes on here."))
