"""`db upgrade`, `completion`, `sandbox`, and what starting the command costs."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from tests.entrypoints.cli_house import CONFIG, POSTS, CliHouse
from veilleuse import bootstrap
from veilleuse.adapters.db.lock import DaemonLock
from veilleuse.adapters.db.tables import REVISION
from veilleuse.adapters.db.upgrade import UpgradeReport

HEAVY = ("sqlalchemy", "rich", "tweepy", "facebook", "apprise", "structlog", "apscheduler", "requests", "alembic")


def test_db_upgrade_makes_a_database_and_then_finds_it_up_to_date(cli_house: CliHouse) -> None:
    assert cli_house.says("db", "upgrade") == f"Made the database {cli_house.database} (schema {REVISION})."
    assert cli_house.says("db", "upgrade") == f"The database {cli_house.database} is up to date (schema {REVISION})."


def test_db_upgrade_names_the_copy_it_made(cli_house: CliHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    report = UpgradeReport(before="0000", after=REVISION, backup=cli_house.folder / "copy")
    monkeypatch.setattr(bootstrap, "upgrade", lambda settings, clock: report)
    said = cli_house.says("db", "upgrade")
    assert f"Upgraded the database {cli_house.database} from schema 0000 to {REVISION}." in said
    assert f"The copy made before: {cli_house.folder / 'copy'}" in said


def test_db_upgrade_waits_for_no_daemon(cli_house: CliHouse) -> None:
    cli_house.run("db", "upgrade")
    with DaemonLock(cli_house.database):
        assert f"Another daemon (process {os.getpid()})" in cli_house.says("db", "upgrade", code=2)
        cli_house.run("status", code=1)  # reading goes on beside it
        cli_house.run("sync")


def test_db_upgrade_on_postgres(cli_house: CliHouse, postgres: str) -> None:
    cli_house.write("veilleuse.toml", f'database = "{postgres}"\n{CONFIG}')
    assert "is up to date" in cli_house.says("db", "upgrade")
    assert "3 added" in cli_house.says("sync")
    assert len(cli_house.json("queue")) == 3
    assert cli_house.json("status", code=1)[0]["state"] == "blind"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(cli_house: CliHouse, shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    script = cli_house.run("completion", shell).stdout
    assert f"_VEILLEUSE_COMPLETE={shell}_complete" in script
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert cli_house.run("completion").stdout == script


def test_completion_for_a_shell_it_does_not_know(cli_house: CliHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert "Name your shell: bash, zsh, fish." in cli_house.says("completion", code=2)


def _completed(house: CliHouse, line: str) -> list[str]:
    words = line.split(" ")
    env = {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_VEILLEUSE_COMPLETE": "bash_complete"}
    command = [sys.executable, "-c", "from veilleuse.entrypoints.cli import main; main(prog_name='veilleuse')"]
    done = subprocess.run(
        command, env={**os.environ, **env}, cwd=house.folder, capture_output=True, text=True, check=True
    )
    return [name for line in done.stdout.splitlines() if (name := line.partition(",")[2])]


def test_the_shell_completes_commands_and_accounts(cli_house: CliHouse) -> None:
    assert _completed(cli_house, "veilleuse s") == ["status", "sync"]  # `sandbox` is hidden
    assert _completed(cli_house, "veilleuse queue acme-") == ["acme-x", "acme-facebook"]
    cli_house.write("veilleuse.toml", "broken = ")
    assert _completed(cli_house, "veilleuse queue acme-") == []


def test_help_and_tab_import_nothing_heavy(cli_house: CliHouse) -> None:
    program = f"""
import sys
from veilleuse.entrypoints.cli import main
try:
    main()
finally:
    print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    for args, env in ((["--help"], {}), ([], {"COMP_WORDS": "veilleuse s", "COMP_CWORD": "1"})):
        wish = {**env, "_VEILLEUSE_COMPLETE": "bash_complete"} if env else {}
        command = [sys.executable, "-c", program.replace("main()", "main(prog_name='veilleuse')"), *args]
        done = subprocess.run(command, env={**os.environ, **wish}, capture_output=True, text=True, check=True)
        assert done.stderr == "[]\n"


def test_help_lists_the_commands_by_section(cli_house: CliHouse) -> None:
    said = cli_house.run("--help").output
    places = [said.index(word) for word in ("Start:", "init", "Every day:", "status", "When it matters:", "Upkeep:")]
    assert places == sorted(places)
    assert "\n  sandbox" not in said
    for command in ("init", "check", "status", "queue", "sync", "history", "alerts", "db", "completion", "sandbox"):
        assert "Usage: veilleuse" in cli_house.run(command, "--help").output


def test_the_installed_command_is_the_same(cli_house: CliHouse) -> None:
    installed = shutil.which("veilleuse", path=os.path.dirname(sys.executable))
    assert installed is not None
    done = subprocess.run([installed, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("veilleuse ")


def test_a_terminal_without_emoji_is_no_reason_to_fail(cli_house: CliHouse) -> None:
    cli_house.write("content/acme-x.toml", POSTS.replace("Bonne année ! Votre vœu ?", "Soleil 🌞 !"))
    cli_house.run("db", "upgrade")
    cli_house.run("sync")
    cli_house.secrets = {**cli_house.secrets, "PYTHONIOENCODING": "iso-8859-1"}
    assert "Soleil ? !" in cli_house.shell("queue", "acme-x/voeux")[0]


def test_the_sandbox_serves_the_accounts_of_the_configuration_until_stopped(cli_house: CliHouse) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with cli_house.start("sandbox", "--port", str(port)) as process:
        assert process.stdout is not None
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert f'base_url = "http://127.0.0.1:{port}"' in process.stdout.readline()
        assert process.stdout.readline() == "export VEILLEUSE_ACME_X_API_KEY=sandbox-api_key-acme\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sandbox/timelines", timeout=5) as answer:
            assert answer.status == 200
        _, err = cli_house.shell("sandbox", "--port", str(port), code=2)
        assert f"Port {port} is in use. Stop what uses it, or name another with --port." in err
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def test_the_main_commands_work_as_real_commands(cli_house: CliHouse) -> None:
    cli_house.shell("status", code=2)
    cli_house.shell("db", "upgrade")
    assert "3 added" in cli_house.shell("sync")[0]
    out, err = cli_house.shell("status", "--json", code=1)
    assert out.startswith("[\n")
    assert err == ""
    assert "All is well" in cli_house.shell("check")[0]
