"""A daemon through all its configurations: SIGHUP has the file read anew, and a wrong one changes nothing."""

from collections.abc import Callable

from veilleuse import bootstrap
from veilleuse.config import ConfigInvalid, SecretMissing, Settings
from veilleuse.entrypoints.calls import Calls, heard
from veilleuse.entrypoints.daemon import Daemon
from veilleuse.entrypoints.page import page
from veilleuse.entrypoints.timings import Timings
from veilleuse.entrypoints.web.trouble import PortTaken
from veilleuse.language import sentence


class RestartNeeded(Exception):
    """The configuration is right, but this process cannot go on with it. A sentence for the operator."""


WRONG = (ConfigInvalid, SecretMissing, PortTaken, RestartNeeded)


def serve(settings: Settings, reread: Callable[[], Settings]) -> None:
    """Keep the accounts alive until told to stop.

    A new configuration is lived in by closing the house and opening it anew, in this process, which never lets go of
    the database: what was under way is finished first. Raises as `bootstrap.open_house`, PortTaken.
    """
    system, timings = bootstrap.service_manager(), Timings()

    def keep(settings: Settings, refused: str, calls: Calls) -> Settings | None:
        with bootstrap.open_house(settings, alone=True) as house:
            daemon = Daemon(
                house,
                system,
                bootstrap.heartbeat(settings),
                calls=calls,
                timings=timings,
                reread=lambda: _another(settings, reread),
            )
            with page(settings, house, daemon.unwell, timings):
                return daemon.run(refused)

    with heard() as calls, bootstrap.only_daemon(settings):
        right, following = settings, keep(settings, "", calls)
        while following is not None:
            try:
                right, following = following, keep(following, "", calls)
            except WRONG as wrong:  # told only when it is lived in: a port is taken, an address cannot be had
                following = keep(right, wrong.args[0], calls)


def _another(now: Settings, reread: Callable[[], Settings]) -> Settings | str:
    try:
        following = reread()
        if bootstrap.database_name(following) != (here := bootstrap.database_name(now)):
            raise RestartNeeded(
                sentence("The database is another than {name}: restart the daemon to change it.", name=here)
            )
    except WRONG as wrong:
        refused: str = wrong.args[0]  # in every language
        return refused
    return following
