"""What needs a human, and who has seen it."""

from starlette.responses import Response

from veilleuse.bootstrap import SPECS
from veilleuse.domain import phrases
from veilleuse.domain.alert import URGENT, Alert
from veilleuse.domain.task import TaskKind, log_in_interval
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.language import _
from veilleuse.services.acknowledge import acknowledge as seen
from veilleuse.services.tasks import tick_off

SHOWN = 200


def show(ask: Ask) -> Response:
    told = [alert for alert in ask.site.store.alerts() if not alert.budding]
    shown = sorted(told, key=_first)[:SHOWN]
    return ask.page("alerts.html", alerts=shown, tasks=set(TaskKind), total=len(told), urgent=URGENT)


def acknowledge(ask: Ask) -> Response:
    """Somebody has seen it; of a task, somebody has done it, as with `veilleuse alerts ack`."""
    store, number = ask.site.store, ask.text("alert")
    known = number.isdecimal() and number.isascii() and len(number) < 12
    alert = next((alert for alert in store.alerts() if known and alert.id == int(number)), None)
    if alert is None or not seen(store, alert.id, ask.who.name, ask.now):
        return ask.back("/alerts", _("This alert is no longer open."))
    account = ask.site.accounts.get(alert.finding.account)
    every = log_in_interval(account, SPECS[account.network].log_in_every) if account else None
    task = tick_off(store, every, alert, ask.who.name, ask.now)
    if task is None:
        return ask.back("/alerts", _("Noted: you have seen it. It stays here until its cause is gone."))
    again = phrases.day(task.due_at, ask.site.settings.timezone, ask.now)
    return ask.back("/alerts", _("Done by {person}. It falls due again {day}.").format(person=ask.who.name, day=again))


def _first(alert: Alert) -> tuple[bool, bool, float]:
    """What nobody has seen yet first, then what is urgent, then the oldest."""
    return alert.acked_at is not None, alert.finding.condition not in URGENT, alert.opened_at.timestamp()
