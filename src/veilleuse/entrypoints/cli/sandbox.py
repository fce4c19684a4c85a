"""`veilleuse sandbox`: made-up X and Facebook on this machine, to rehearse against."""

import errno
import shlex
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.config.secrets import variable
from veilleuse.domain.account import Account
from veilleuse.language import _
from veilleuse.sandbox import Sandbox, serve

STOPS = (signal.SIGINT, signal.SIGTERM)


@click.command("sandbox")
@click.option("--port", type=click.IntRange(1, 65535), default=8750, show_default=True)
@click.pass_obj
def command(config: Path, port: int) -> None:
    """Serve made-up networks on 127.0.0.1, with the accounts of the configuration if there is one.

    It prints what to set so that veilleuse talks to it. Ctrl-C stops it.
    """
    accounts = bootstrap.load(config).accounts if config.exists() else ()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # before its threads begin, which would die of them
    try:
        known = [(account.network, account.identity, account.name) for account in accounts]
        sandbox = serve(port, known, bootstrap.SystemClock())
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise click.UsageError(
            _("Port {port} is in use. Stop what uses it, or name another with --port.").format(port=port)
        ) from None
    try:
        click.echo("\n".join(_invitation(sandbox, accounts)))
        signal.sigwait(STOPS)
    finally:
        sandbox.stop()


def _invitation(sandbox: Sandbox, accounts: Sequence[Account]) -> Iterator[str]:
    """What to set. These secrets are made up and open nothing."""
    yield _("The sandbox listens on {base_url}; open it in a browser to see what stands there.").format(
        base_url=sandbox.base_url
    )
    if accounts:
        yield _('In each of these accounts set base_url = "{base_url}"; then, for `veilleuse run`:').format(
            base_url=sandbox.base_url
        )
    for account in (each for each in accounts if each.identity in sandbox.presences):
        made_up = sandbox.presences[account.identity].secrets
        for secret in bootstrap.SPECS[account.network].secrets:
            if secret.name in made_up:
                yield f"export {variable(account.name, secret.name)}={shlex.quote(made_up[secret.name])}"
