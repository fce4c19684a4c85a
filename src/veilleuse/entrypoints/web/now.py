"""Now: a card an account, the worst first."""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from veilleuse.domain.account import Account
from veilleuse.domain.activity import Entry
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.services.glance import WORST_FIRST, Glance, glances
from veilleuse.services.past import newest
from veilleuse.services.status import AccountStatus, Standing, status

A_PAGE = 24  # cards
QUIET_FROM = 0.5  # of the limit: the flame is seen to sink
NEED_HUMANS = frozenset({Standing.STOPPED, Standing.PAST, Standing.BLIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One account. `flame` is the picture's name; `strain` the share of the limit that silence has used up."""

    account: Account
    status: AccountStatus
    flame: str
    strain: float
    newest: Entry | None


def show(ask: Ask) -> Response:
    every = glances(ask.site.accounts, ask.site.store, ask.now)
    sought = ask.request.query_params.get("q", "").strip()[:80]
    wanted = ask.request.query_params.get("state", "")
    found = [each for each in every if _matches(each, sought.casefold(), wanted)] if sought or wanted else every
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, _number(ask.request.query_params.get("page", ""))), pages)
    shown = found[(page - 1) * A_PAGE : page * A_PAGE]
    states = Counter(each.state.value for each in every)
    return ask.page(
        "now.html",
        cards=cards(ask, shown),
        total=len(every),
        needing=sum(1 for each in every if each.urges or each.state in NEED_HUMANS),
        counts=[(state, count) for state in WORST_FIRST if (count := states[state])],
        house=[alert for alert in ask.site.store.alerts(account="") if not alert.budding],
        q=sought,
        state=wanted,
        found=len(found),
        page=page,
        pages=pages,
    )


def cards(ask: Ask, shown: list[Glance]) -> list[Card]:
    accounts = {each.account.name: each.account for each in shown}
    known = status(accounts, ask.site.store, ask.now, [each.known for each in shown])
    return [
        Card(
            account=each.account,
            status=row,
            flame=flame(each),
            strain=min(1.0, each.strain),
            newest=newest(ask.site.store, each.account.name, row.last_activity_at),
        )
        for each, row in zip(shown, known, strict=True)
    ]


def flame(glance: Glance) -> str:
    """Which flame is drawn: an account at ease is seen to sink before it is near its limit."""
    if glance.state is Standing.ALIVE and glance.strain >= QUIET_FROM:
        return "quiet"
    return glance.state.value


def _matches(glance: Glance, sought: str, state: str) -> bool:
    account = glance.account
    text = f"{account.name} {account.network} {account.identity} {account.owner} {account.about}".casefold()
    return sought in text and state in ("", glance.state)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1
