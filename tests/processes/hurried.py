"""`veilleuse` in a hurry: no pace between accounts and a bell each second, so that accidents find it at work."""

from datetime import timedelta

from veilleuse.entrypoints import daemon
from veilleuse.entrypoints.cli import main
from veilleuse.services import furnish
from veilleuse.services.pace import Pace


class Unpaced(Pace):
    def __init__(self) -> None:
        super().__init__(timedelta(0))


furnish.Pace = Unpaced  # type: ignore[attr-defined, assignment]
daemon.POLL = timedelta(seconds=1)

if __name__ == "__main__":
    main()
