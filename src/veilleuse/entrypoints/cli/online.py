"""What `veilleuse check --online` finds: each account as its network knows it, and the machine."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.errors import BudgetExhausted
from veilleuse.domain.examination import Examined, findings
from veilleuse.entrypoints.cli.output import print_table
from veilleuse.language import N_, _, ngettext
from veilleuse.ports import Clock
from veilleuse.services.examine import Examine
from veilleuse.services.timekeeper import CLOCK_TOLERANCE

AT_ONCE = 8  # accounts asked at the same time
LITTLE_SPACE = 200_000_000  # bytes: a backup of a large house


class Health(StrEnum):
    GOOD = "good"
    UNKNOWN = "unknown"  # it did not answer: ask again
    BAD = "bad"  # a human must act


MARKS = {Health.GOOD: ("✓", "green"), Health.UNKNOWN: ("?", "yellow"), Health.BAD: ("✗", "red")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing examined. `remedy` is "" exactly when it is good."""

    what: str
    health: Health
    text: str
    remedy: str = ""


def examine(settings: Settings, accounts: Sequence[Account], clock: Clock) -> list[Row]:
    """Ask everything there is to ask. Raises StoreUnavailable, StoreUnfit, SecretMissing."""
    with bootstrap.open_examiner(settings, clock) as examiner, ThreadPoolExecutor(AT_ONCE) as threads:
        examined = list(threads.map(lambda account: examiner(account.name), accounts))
        now = clock.now()
        rows = [
            row
            for account, each in zip(accounts, examined, strict=True)
            for row in _account(account, each, examiner, now)
        ]
    return [*rows, _clock(examined, settings.timezone), *_machine(settings)]


def show(rows: Sequence[Row]) -> None:
    """One table; under whatever is not good, what to do."""
    cells = []
    for row in rows:
        mark, colour = MARKS[row.health]
        text = f"{row.text}" if row.health is Health.GOOD else click.style(f"{row.text}", fg=colour)
        cells.append((click.style(mark, fg=colour), row.what, f"{text}\n→ {row.remedy}" if row.remedy else text))
    print_table(("", N_("examined"), N_("found")), cells)


def verdict(rows: Sequence[Row]) -> str:
    """All of it in one line."""
    bad = sum(row.health is Health.BAD for row in rows)
    silent = sum(row.health is Health.UNKNOWN for row in rows)
    if bad:
        said = ngettext(
            "{count} thing needs you. Nothing was published.", "{count} things need you. Nothing was published.", bad
        )
        return said.format(count=bad)
    if silent:
        said = ngettext(
            "{count} thing could not be told. Nothing was published.",
            "{count} things could not be told. Nothing was published.",
            silent,
        )
        return said.format(count=silent)
    return _("All is well. Nothing was published.")


def _account(account: Account, examined: Examined, examiner: Examine, now: datetime) -> Iterator[Row]:
    spec = bootstrap.SPECS[account.network]
    if examined.trouble is not None:
        renew = _("Then ask again: `veilleuse check --online {name}`. The daemon does so every 6 hours.").format(
            name=account.name
        )
        again = _("Run this again in a while. The daemon tries every hour, and tells if it lasts.")
        health, remedy = (Health.BAD, renew) if examined.refused else (Health.UNKNOWN, again)
        yield Row(what=account.name, health=health, text=examined.trouble, remedy=remedy)
        return
    wrong = findings(account, spec.title, examined, now)
    for finding in wrong:
        yield Row(what=account.name, health=Health.BAD, text=finding.text, remedy=finding.remedy)
    if spec.bills and (why := _spent(account, examiner, now)):
        raise_it = _("Raise `budget_usd`, or post by hand until the new month.")
        yield Row(
            what=account.name,
            health=Health.BAD,
            text=_("{name}: {what}").format(name=account.name, what=why),
            remedy=raise_it,
        )
    elif not wrong:
        yield Row(what=account.name, health=Health.GOOD, text="; ".join(_known(account, examined, examiner, now)))


def _spent(account: Account, examiner: Examine, now: datetime) -> str:
    """Why its budget does not bear even a read; "" if it does."""
    try:
        examiner.spending.check_read(account, (), now)
    except BudgetExhausted as error:
        return error.sentence
    return ""


def _known(account: Account, examined: Examined, examiner: Examine, now: datetime) -> Iterator[str]:
    """What is so, and what nobody can tell."""
    spec, found = bootstrap.SPECS[account.network], examined.found
    if found is None:
        yield _("{title} has nothing to examine").format(title=spec.title)
        return
    yield _("{title} knows it as {handle}").format(title=spec.title, handle=found.identity.handle)
    yield _("may post") if found.may_post else _("whether it may post is not told")
    if found.expires_at is not None:
        yield _("its credentials last {until}").format(until=phrases.until(found.expires_at, account.rule.zone, now))
    else:
        yield _("no end of its credentials is known")
    if examined.visible is not None:
        yield _("strangers see its newest post")
    yield from found.notes
    if spec.bills:
        spent, budget = phrases.decimal(examiner.spending.spent(account, now), 3), account.budget_usd
        yield (
            _("{spent} USD billed this month").format(spent=spent)
            if budget is None
            else _("{spent} of {budget} USD billed this month").format(spent=spent, budget=phrases.decimal(budget, 2))
        )


def _clock(examined: Sequence[Examined], zone: ZoneInfo) -> Row:
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


def _machine(settings: Settings) -> Iterator[Row]:
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
        text = _("{folder}: {free} free of {total}").format(folder=folder, free=_size(free), total=_size(total))
        if free >= LITTLE_SPACE:
            yield Row(what=what, health=Health.GOOD, text=text)
        else:
            mend = _("Make room: a database that cannot be written publishes nothing.")
            yield Row(what=what, health=Health.BAD, text=text, remedy=mend)


def _size(size: int) -> str:
    if size >= 1e9:
        return _("{size} GB").format(size=f"{size / 1e9:.1f}")
    return _("{size} MB").format(size=f"{size / 1e6:.0f}")


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
