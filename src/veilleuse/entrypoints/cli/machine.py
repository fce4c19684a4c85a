"""What `veilleuse check --online` finds of the machine: its clock, time zones, disks, open secrets, its heartbeat."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.examination import Examined
from veilleuse.entrypoints.cli.examined import Health, Row
from veilleuse.language import _
from veilleuse.services.timekeeper import CLOCK_TOLERANCE

LITTLE_SPACE = 200_000_000  # bytes: a backup of a large house


def clock_row(examined: Sequence[Examined], zone: ZoneInfo) -> Row:
    """Told by the networks that answered."""
    offs = [each.found.server_time - each.at for each in examined if each.at and each.found and each.found.server_time]
    if not offs:
        nobody = _("No network has told its time.")
        return Row(what=_("clock"), health=Health.UNKNOWN, text=nobody, remedy=_("Check again when a network answers."))
    off = max(offs, key=abs)
    if abs(off) <= CLOCK_TOLERANCE:
        right = _("right, by the networks' own ({zone} here)").format(zone=zone.key)
        return Row(what=_("clock"), health=Health.GOOD, text=right)
    text = (
        _("This machine's clock is {span} behind: nothing would be published.")
        if off > timedelta(0)
        else _("This machine's clock is {span} ahead: nothing would be published.")
    ).format(span=phrases.span(timedelta(minutes=round(abs(off) / timedelta(minutes=1)))))
    mend = _("Set it, and have it kept: timedatectl set-ntp true")
    return Row(what=_("clock"), health=Health.BAD, text=text, remedy=mend)


def machine_rows(settings: Settings) -> Iterator[Row]:
    zones = sorted({account.rule.zone.key for account in settings.accounts})
    known = _("{zones}, from {source}").format(zones=", ".join(zones), source=bootstrap.zone_data())
    yield Row(what=_("time zones"), health=Health.GOOD, text=known)
    yield from _disks(settings)
    shared = bootstrap.open_secrets(settings)
    if shared:
        names = ", ".join(map(str, shared))
        yield Row(
            what=_("secrets"),
            health=Health.BAD,
            text=_("Everybody on this machine may read {names}.").format(names=names),
            remedy=_("chmod o-r {files}; renew what others may have read").format(files=" ".join(map(str, shared))),
        )
    else:
        yield Row(what=_("secrets"), health=Health.GOOD, text=_("no file of them is open to everybody"))
    yield _heartbeat(settings)


def _disks(settings: Settings) -> Iterator[Row]:
    folders: dict[Path, list[str]] = {}
    for name, folder in bootstrap.places(settings).items():
        folders.setdefault(folder, []).append(name)
    for folder, names in folders.items():
        what = _("{names} folder").format(names=", ".join(_(name) for name in names))
        try:
            free, total = bootstrap.free_space(folder)
        except OSError as error:
            mend = _("Make it, and give it to whom veilleuse runs as.")
            yield Row(what=what, health=Health.BAD, text=f"{folder}: {error.strerror}", remedy=mend)
            continue
        text = _("{folder}: {free} free of {total}").format(
            folder=folder, free=phrases.size(free), total=phrases.size(total)
        )
        if free >= LITTLE_SPACE:
            yield Row(what=what, health=Health.GOOD, text=text)
        else:
            mend = _("Make room: a database that cannot be written publishes nothing.")
            yield Row(what=what, health=Health.BAD, text=text, remedy=mend)


def _heartbeat(settings: Settings) -> Row:
    url = bootstrap.heartbeat_address(settings)
    if url is None:
        advice = _("none; without one nobody is told when this machine dies (`heartbeat_url`)")
        return Row(what=_("heartbeat"), health=Health.GOOD, text=advice)
    why = bootstrap.unreachable(url)
    if why is None:
        return Row(what=_("heartbeat"), health=Health.GOOD, text=_("its watcher can be reached"))
    mend = _("Look at `heartbeat_url` and at the way out of this machine.")
    text = _("Its watcher cannot be reached: {why}.").format(why=why)
    return Row(what=_("heartbeat"), health=Health.BAD, text=text, remedy=mend)
