"""Words to systemd (sd_notify(3)): one datagram each, to the socket it names in the environment."""

import os
import socket
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import structlog

log = structlog.get_logger()


class ServiceManager:
    """Silent where there is none. A word that does not arrive is logged, never raised."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        runtime = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
        self._alive = Path(runtime) / "alive" if runtime else None
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        usec = environ.get("WATCHDOG_USEC", "")
        # Half of what systemd allows, as it advises; None: it does not watch this process.
        self.watchdog_interval = timedelta(microseconds=int(usec) / 2) if mine and usec.isdecimal() else None

    def ready(self) -> None:
        self._say("READY=1")

    def reloading(self) -> None:
        self._say(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def watchdog(self) -> None:
        """Still well. Say it only after having looked: a habit proves nothing."""
        self._say("WATCHDOG=1")
        if self._alive is not None:  # a container has no manager to tell; its health check looks at this file's age
            try:
                self._alive.touch()
            except OSError as why:
                log.warning("alive.not_touched", file=str(self._alive), reason=str(why))

    def stopping(self) -> None:
        self._say("STOPPING=1")

    def status(self, sentence: str) -> None:
        """One line for `systemctl status`."""
        self._say(f"STATUS={' '.join(sentence.split())}")

    def _say(self, word: str) -> None:
        if not self._address:
            return
        # "@" stands for the zero byte of the abstract namespace.
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.settimeout(1)
                to.sendto(word.encode(), address)
        except OSError as why:
            log.warning("systemd.not_told", word=word, reason=str(why))
