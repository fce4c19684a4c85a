"""The image's recipe and the compose file. They are really built and judged in tests/deploy.sh."""

import json
import re
import socket
import subprocess
import threading
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.files import DEPLOY, DOCS, TOP, copied, final_stage, shell_blocks

DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
DAEMON, SECOND, DATABASE = (COMPOSE["services"][name] for name in ("veilleuse", "veilleuse-2", "postgres"))
PAGE = (DOCS / "install-containers.md").read_text(encoding="utf-8")


def _one(word: str) -> str:
    [instruction] = [each for each in final_stage(DOCKERFILE) if each.word == word]
    return instruction.rest


# --- the image ----------------------------------------------------------------------------------------------------


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    uid, gid = map(int, _one("USER").split(":"))
    assert uid > 0 < gid


def test_what_builds_the_image_stays_behind() -> None:
    final = final_stage(DOCKERFILE)
    assert [each.rest for each in final if each.word == "COPY"] == ["--from=build /opt/veilleuse /opt/veilleuse"]
    assert not [each for each in final if each.word == "RUN" and "install -d" not in each.rest]


def test_everything_copied_into_the_build_exists_and_is_let_in() -> None:
    let_in = [line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in copied(DOCKERFILE):
        assert (TOP / source).exists(), source
        assert source == "." or any(Path(source).match(pattern) for pattern in let_in), source
    for pattern in let_in:
        assert list(TOP.glob(pattern)), pattern


def test_health_is_asked_of_the_file_the_daemon_touches() -> None:
    environment = dict(re.findall(r"(\w+)=(\S+)", _one("ENV")))
    command = json.loads(_one("HEALTHCHECK").partition("CMD ")[2])
    assert f"{environment['RUNTIME_DIRECTORY']}/alive" in command[-1]


def test_the_image_keeps_its_state_in_its_volume_and_reads_the_mounted_configuration() -> None:
    environment = dict(re.findall(r"(\w+)=(\S+)", _one("ENV")))
    assert environment["STATE_DIRECTORY"] == _one("VOLUME")
    mounted = {target for _, target in _binds(DAEMON)}
    assert environment["VEILLEUSE_CONFIG"] in mounted


# --- what is in it ------------------------------------------------------------------------------------------------


def _pins(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package."""
    text = (DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [(re.match(r"(\S+)==(\S+)", line), line.count("--hash=sha256:")) for line in lines]
    return {canonicalize_name(match[1]): (match[2], hashes) for match, hashes in found if match}


def _wanted() -> list[Requirement]:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(each) for each in (*project["dependencies"], *project["optional-dependencies"]["postgres"])]


@pytest.mark.parametrize("wanted", _wanted(), ids=lambda wanted: wanted.name)
def test_every_dependency_is_pinned_to_a_version_the_project_accepts(wanted: Requirement) -> None:
    version, _ = _pins("requirements.txt")[canonicalize_name(wanted.name)]
    assert version in wanted.specifier


@pytest.mark.parametrize("name", ["requirements.txt", "build-requirements.txt"])
def test_every_pin_names_the_hashes_of_its_files(name: str) -> None:
    pins = _pins(name)
    assert pins
    assert [package for package, (_, hashes) in pins.items() if not hashes] == []


# --- compose ------------------------------------------------------------------------------------------------------


def _binds(service: dict[str, Any]) -> list[tuple[str, str]]:
    """What of the host is mounted, and where."""
    parts = [volume.split(":") for volume in service["volumes"]]
    return [(part[0], part[1]) for part in parts if part[0].startswith(".")]


def test_every_mounted_file_comes_with_the_compose_file() -> None:
    for source, _ in _binds(DAEMON):
        assert (DEPLOY / source).exists(), source


def test_what_people_write_is_mounted_read_only() -> None:
    assert all(volume.endswith(":ro") for volume in DAEMON["volumes"] if volume.startswith("."))


def test_every_volume_and_secret_that_is_named_is_declared() -> None:
    for service in (DAEMON, SECOND, DATABASE):
        named = {volume.split(":")[0] for volume in service["volumes"] if not volume.startswith(".")}
        assert named <= COMPOSE["volumes"].keys()
        assert set(service.get("secrets", ())) <= COMPOSE["secrets"].keys()


def test_the_daemon_has_no_rights_it_does_not_need() -> None:
    assert DAEMON["read_only"] is True
    assert DAEMON["cap_drop"] == ["ALL"]
    assert DAEMON["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in DAEMON["ports"])
    assert "ports" not in SECOND | DATABASE


def test_the_two_daemons_differ_in_nothing_but_the_port_and_their_own_state() -> None:
    own = {"ports", "volumes"}
    assert {k: v for k, v in DAEMON.items() if k not in own} == {k: v for k, v in SECOND.items() if k not in own}
    assert _binds(DAEMON) == _binds(SECOND)
    assert set(DAEMON["volumes"]) & set(SECOND["volumes"]) == {":".join((*bind, "ro")) for bind in _binds(DAEMON)}


@pytest.mark.parametrize(
    ("alive", "page", "healthy"),
    [(True, None, True), (False, None, False), (True, 200, True), (True, 503, False), (False, 200, False)],
)
def test_health_is_the_file_and_where_the_page_listens_its_word(
    tmp_path: Path, alive: bool, page: int | None, healthy: bool
) -> None:
    file = tmp_path / "alive"
    if alive:
        file.touch()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if page is None:
            listener.close()
        else:
            threading.Thread(target=_answer, args=(listener, page), daemon=True).start()
        command = [word.replace("$$", "$") for word in DAEMON["healthcheck"]["test"][1:]]
        command[-1] = command[-1].replace("/run/veilleuse/alive", str(file)).replace("/8080", f"/{port}")
        assert (subprocess.run(command, capture_output=True, timeout=20).returncode == 0) is healthy


def _answer(listener: socket.socket, status: int) -> None:
    with suppress(OSError):  # closed, unasked
        asked, _ = listener.accept()
        with asked:
            told = b""
            while not told.endswith(b"\r\n\r\n"):  # the shell sends line by line
                told += asked.recv(1000)
            assert told == b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
            asked.sendall(f"HTTP/1.0 {status} Said\r\n\r\n".encode())


def test_a_call_in_flight_is_waited_for() -> None:
    assert int(DAEMON["stop_grace_period"].removesuffix("s")) > 35


def test_the_daemon_waits_for_a_database_that_answers() -> None:
    assert DAEMON["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert DATABASE["healthcheck"]["test"][1] == "pg_isready"


def test_passwords_are_files_and_git_never_sees_them() -> None:
    assert not any("PASSWORD" in name and not name.endswith("_FILE") for name in DATABASE["environment"])
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./house/secrets/")
    assert (DEPLOY / "house" / "secrets" / ".gitignore").read_text().splitlines()[0] == "*"


def test_the_page_writes_the_secrets_that_compose_and_the_configuration_name() -> None:
    commands = "\n".join(shell_blocks(PAGE))
    assert "> postgres-password\n" in commands
    user, database = DATABASE["environment"]["POSTGRES_USER"], DATABASE["environment"]["POSTGRES_DB"]
    assert f'"postgresql://{user}:$password@postgres/{database}" > database\n' in commands
    assert f"chown -R {_one('USER').split(':')[0]} ." in commands
