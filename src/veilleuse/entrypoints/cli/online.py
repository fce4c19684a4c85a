"""What `veilleuse check --online` finds: each account as its network knows it, and the machine."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.errors import BudgetExhausted
from veilleuse.domain.examination import Examined, findings
from veilleuse.entrypoints.cli.examined import Health, Row
from veilleuse.entrypoints.cli.machine import clock_row, machine_rows
from veilleuse.language import _
from veilleuse.ports import Clock
from veilleuse.services.examine import Examine

AT_ONCE = 8  # accounts asked at the same time


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
    return [*rows, clock_row(examined, settings.timezone), *machine_rows(settings)]


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
