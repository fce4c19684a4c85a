"""What bootstrap offers, and what a command pays for it."""

import subprocess
import sys

from veilleuse import bootstrap

# Migrations, messages, pages, the web: each is somebody's, and nobody's while nothing is due.
NEVER_FOR_A_QUIET_ROUND = ("alembic", "apprise", "jinja2", "prometheus_client", "requests", "starlette", "uvicorn")


def test_all_that_is_offered_is_there() -> None:
    offered = {name: getattr(bootstrap, name) for name in bootstrap.__all__}
    assert None not in offered.values()
    assert set(offered) == {name for names in bootstrap.ROOMS.values() for name in names}


def test_a_house_is_opened_without_what_only_other_commands_need() -> None:
    enter = "import sys; from veilleuse import bootstrap; bootstrap.load; bootstrap.open_house"
    asked = f"{enter}; print([name for name in {NEVER_FOR_A_QUIET_ROUND} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], check=True, stdout=subprocess.PIPE, text=True).stdout
    assert told == "[]\n"
