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
from veilleuse.ports import Clock
from veilleuse.services.examine import Examine
from veilleuse.services.observe import CLOCK_TOLERANCE

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
        text = row.text if row.health is Health.GOOD else click.style(row.text, fg=colour)
        cells.append((click.style(mark, fg=colour), row.what, f"{text}\n→ {row.remedy}" if row.remedy else text))
    print_table(("", "examined", "found"), cells)


def verdict(rows: Sequence[Row]) -> str:
    """All of it in one line."""
    bad = sum(row.health is Health.BAD for row in rows)
    silent = sum(row.health is Health.UNKNOWN for row in rows)
    if bad:
        return f"{phrases.count(bad, 'thing')} {'needs' if bad == 1 else 'need'} you. Nothing was published."
    if silent:
        return f"{phrases.count(silent, 'thing')} could not be told. Nothing was published."
    return "All is well. Nothing was published."


def _account(account: Account, examined: Examined, examiner: Examine, now: datetime) -> Iterator[Row]:
    spec = bootstrap.SPECS[account.network]
    if examined.trouble is not None:
        renew = f"Then ask again: `veilleuse check --online {account.name}`. The daemon does so every 6 hours."
        again = "Run this again in a while. The daemon tries every hour, and tells if it lasts."
        health, remedy = (Health.BAD, renew) if examined.refused else (Health.UNKNOWN, again)
        yield Row(what=account.name, health=health, text=examined.trouble, remedy=remedy)
        return
    wrong = findings(account, spec.title, examined, now)
    for finding in wrong:
        yield Row(what=account.name, health=Health.BAD, text=finding.text, remedy=finding.remedy)
    if spec.bills and (why := _spent(account, examiner, now)):
        raise_it = "Raise `budget_usd`, or post by hand until the new month."
        yield Row(what=account.name, health=Health.BAD, text=f"{account.name}: {why}", remedy=raise_it)
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
        yield f"{spec.title} has nothing to examine"
        return
    yield f"{spec.title} knows it as {found.identity.handle}"
    yield "may post" if found.may_post else "whether it may post is not told"
    if found.expires_at is not None:
        yield f"its credentials last until {phrases.day(found.expires_at, account.rule.zone, now)}"
    else:
        yield "no end of its credentials is known"
    if examined.visible is not None:
        yield "strangers see its newest post"
    if spec.bills:
        budget = f" of {account.budget_usd:.2f}" if account.budget_usd is not None else ""
        yield f"{examiner.spending.spent(account, now):.3f}{budget} USD billed this month"


def _clock(examined: Sequence[Examined], zone: ZoneInfo) -> Row:
    offs = [each.found.server_time - each.at for each in examined if each.at and each.found and each.found.server_time]
    if not offs:
        nobody = "No network has told its time."
        return Row(what="clock", health=Health.UNKNOWN, text=nobody, remedy="Check again when a network answers.")
    off = max(offs, key=abs)
    if abs(off) <= CLOCK_TOLERANCE:
        return Row(what="clock", health=Health.GOOD, text=f"right, by the networks' own ({zone.key} here)")
    way = "behind" if off > timedelta(0) else "ahead"
    minutes = timedelta(minutes=round(abs(off) / timedelta(minutes=1)))
    text = f"This machine's clock is {phrases.span(minutes)} {way}: nothing would be published."
    return Row(what="clock", health=Health.BAD, text=text, remedy="Set it, and have it kept: timedatectl set-ntp true")


def _machine(settings: Settings) -> Iterator[Row]:
    zones = sorted({account.rule.zone.key for account in settings.accounts})
    yield Row(what="time zones", health=Health.GOOD, text=f"{', '.join(zones)}, from {bootstrap.zone_data()}")
    yield from _disks(settings)
    shared = bootstrap.open_secrets(settings)
    if shared:
        names = ", ".join(map(str, shared))
        yield Row(
            what="secrets",
            health=Health.BAD,
            text=f"Everybody on this machine may read {names}.",
            remedy=f"chmod o-r {' '.join(map(str, shared))}; renew what others may have read",
        )
    else:
        yield Row(what="secrets", health=Health.GOOD, text="no file of them is open to everybody")
    yield _heartbeat(settings)


def _disks(settings: Settings) -> Iterator[Row]:
    folders: dict[Path, list[str]] = {}
    for name, folder in bootstrap.places(settings).items():
        folders.setdefault(folder, []).append(name)
    for folder, names in folders.items():
        what = f"{', '.join(names)} folder"
        try:
            free, total = bootstrap.free_space(folder)
        except OSError as error:
            text = f"{folder}: {error.strerror}"
            yield Row(what=what, health=Health.BAD, text=text, remedy="Make it, and give it to whom veilleuse runs as.")
            continue
        text = f"{folder}: {_size(free)} free of {_size(total)}"
        if free >= LITTLE_SPACE:
            yield Row(what=what, health=Health.GOOD, text=text)
        else:
            mend = "Make room: a database that cannot be written publishes nothing."
            yield Row(what=what, health=Health.BAD, text=text, remedy=mend)


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _heartbeat(settings: Settings) -> Row:
    url = bootstrap.heartbeat_address(settings)
    if url is None:
        advice = "none; without one nobody is told when this machine dies (`heartbeat_url`)"
        return Row(what="heartbeat", health=Health.GOOD, text=advice)
    why = bootstrap.unreachable(url)
    if why is None:
        return Row(what="heartbeat", health=Health.GOOD, text="its watcher can be reached")
    mend = "Look at `heartbeat_url` and at the way out of this machine."
    return Row(what="heartbeat", health=Health.BAD, text=f"Its watcher cannot be reached: {why}.", remedy=mend)
