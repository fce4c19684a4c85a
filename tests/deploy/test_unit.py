"""The systemd unit. What systemd itself says of it is in tests/deploy.sh."""

import re
from datetime import timedelta

import pytest

from tests.deploy.files import DEPLOY, DOCS, unit_settings
from veilleuse.adapters.sd_notify import ServiceManager

UNIT = unit_settings((DEPLOY / "veilleuse.service").read_text(encoding="utf-8"))
CALL_IN_FLIGHT = timedelta(seconds=35)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Type", "notify"),
        ("ExecReload", '/bin/sh -c "kill -HUP ${MAINPID}"'),
        ("DynamicUser", "yes"),
        ("StateDirectory", "veilleuse"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("Restart", "on-failure"),
        ("RestartPreventExitStatus", "2"),  # a mistake in the configuration is not mended by starting again
        ("LimitCORE", "0"),  # a core dump would hold the secrets
        ("WantedBy", "multi-user.target"),
    ],
)
def test_the_unit_says(key: str, value: str) -> None:
    assert UNIT[key] == [value]


def test_secrets_come_as_credentials_and_never_through_the_environment() -> None:
    assert UNIT["LoadCredential"] == ["veilleuse:/etc/veilleuse/credentials"]
    assert UNIT["Environment"] == ["PYTHONFAULTHANDLER=1"]
    assert not UNIT.keys() & {"EnvironmentFile", "PassEnvironment", "SetCredential"}


def test_a_call_in_flight_is_waited_for() -> None:
    assert timedelta(seconds=int(UNIT["TimeoutStopSec"][0])) > CALL_IN_FLIGHT


def test_the_watchdog_gives_more_time_than_two_words_take() -> None:
    usec = str(int(UNIT["WatchdogSec"][0]) * 1_000_000)
    interval = ServiceManager({"NOTIFY_SOCKET": "", "WATCHDOG_USEC": usec}).watchdog_interval
    assert interval == timedelta(seconds=30)


def test_the_network_is_reached_and_devices_are_not() -> None:
    assert set(UNIT["RestrictAddressFamilies"][0].split()) == {"AF_INET", "AF_INET6", "AF_UNIX"}
    assert UNIT["PrivateDevices"] == ["yes"]
    assert "PrivateNetwork" not in UNIT
    assert "IPAddressDeny" not in UNIT


def test_the_unit_and_its_page_name_the_same_places() -> None:
    page = (DOCS / "install-vm.md").read_text(encoding="utf-8")
    program, _, configuration, _ = UNIT["ExecStart"][0].split()
    folder = UNIT["LoadCredential"][0].partition(":")[2]
    for place in (program.removesuffix("/bin/veilleuse"), configuration, folder):
        assert re.search(rf"{re.escape(place)}\b", page), place
