"""What needs a human, and who has seen it."""

from starlette.responses import Response

from veilleuse.domain.alert import URGENT, Alert
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.language import _
from veilleuse.services.acknowledge import acknowledge as seen

SHOWN = 200


def show(ask: Ask) -> Response:
    told = [alert for alert in ask.site.store.alerts() if not alert.budding]
    return ask.page("alerts.html", alerts=sorted(told, key=_first)[:SHOWN], total=len(told), urgent=URGENT)


def acknowledge(ask: Ask) -> Response:
    number = ask.text("alert")
    known = number.isdecimal() and number.isascii() and len(number) < 12
    if known and seen(ask.site.store, int(number), ask.who.name, ask.now):
        said = _("Noted: you have seen it. It stays here until its cause is gone.")
    else:
        said = _("This alert is no longer open.")
    return ask.back("/alerts", said)


def _first(alert: Alert) -> tuple[bool, bool, float]:
    """What nobody has seen yet first, then what is urgent, then the oldest."""
    return alert.acked_at is not None, alert.finding.condition not in URGENT, alert.opened_at.timestamp()
