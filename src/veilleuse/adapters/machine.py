"""What must be in order on the machine itself: room on its disks, its time zones, the way out, who reads what."""

import shutil
import socket
import zoneinfo
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies

from veilleuse.language import _

CONNECT_WITHIN = 5.0  # seconds


def free_space(path: Path) -> tuple[int, int]:
    """Bytes free and in all where `path` is, or will be. Raises OSError."""
    while not path.exists() and path != path.parent:
        path = path.parent
    usage = shutil.disk_usage(path)
    return usage.free, usage.total


def others_may_read(path: Path) -> bool:
    """Whether everybody on this machine may read that file; one that is not there, nobody."""
    try:
        return bool(path.stat().st_mode & 0o004)
    except OSError:
        return False


def unreachable(url: str) -> str | None:
    """Why a connection there cannot be made, None if it can. Nothing is sent: a watcher must not take it for a beat."""
    parts = urlsplit(url)
    if proxies := get_environ_proxies(url):
        parts = urlsplit(proxies.get(parts.scheme, url))
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), CONNECT_WITHIN).close()
    except socket.gaierror:
        return _("its name could not be looked up")
    except OSError as error:
        return _("no connection ({why})").format(why=error.strerror or _("no answer in time"))
    return None


def zone_data() -> str:
    """Where time zones come from, and of which year where that can be told."""
    for folder in zoneinfo.TZPATH:
        if Path(folder, "Europe/Paris").exists():
            release = Path(folder, "+VERSION")
            which = release.read_text().strip() if release.exists() else folder
            return _("the system's ({which})").format(which=which)
    try:
        return _("the package tzdata {version}").format(version=version("tzdata"))
    except PackageNotFoundError:
        return _("nowhere")
