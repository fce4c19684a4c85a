"""The freeze: one big button, and what it costs."""

from datetime import datetime

from starlette.responses import Response

from veilleuse.domain.freeze import COMMAND, Freeze
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.language import _
from veilleuse.services import freezes

LONGEST = 300  # characters of a reason


def show(ask: Ask) -> Response:
    return _page(ask, chosen=ask.request.query_params.get("account", ""))


def freeze(ask: Ask) -> Response:
    reason = " ".join(ask.text("reason").split())[:LONGEST]
    scope = _scope(ask)
    try:
        until = _until(ask)
    except ValueError:
        return _page(ask, wrong=_("This end is no date to come. Nothing was frozen."), status=422)
    if scope is None:
        return _page(ask, wrong=_("Say who is to be silent. Nothing was frozen."), status=422)
    if not reason:
        return _page(ask, wrong=_("Say why: it is shown wherever the account is. Nothing was frozen."), status=422)
    wanted = Freeze(
        account=scope[0],
        network=scope[1],
        origin=COMMAND,
        by=ask.who.name,
        reason=reason,
        since=ask.now,
        until=until,
    )
    freezes.freeze(ask.site.store, ask.site.accounts, wanted)
    return ask.back("/freeze", _("Frozen. Nothing is said, beginning with the next send."))


def thaw(ask: Ask) -> Response:
    scope = _scope(ask)
    if scope is None:
        return ask.back("/freeze", _("This freeze is no longer there."))
    meant = Freeze(account=scope[0], network=scope[1], origin=COMMAND, by=ask.who.name, reason="", since=ask.now)
    done = freezes.thaw(ask.site.store, ask.site.accounts, meant, ask.now)
    if done.lifted is None:
        said = _("This freeze is no longer there.")
    elif done.still:
        said = _("Thawed; another freeze holds on.")
    else:
        said = _("Thawed. An account speaks once at most, and only near its limit.")
    return ask.back("/freeze", said)


def _page(ask: Ask, *, chosen: str = "", wrong: str = "", status: int = 200) -> Response:
    site = ask.site
    held = [(freeze, freezes.costs(site.store, site.accounts, freeze)) for freeze in site.store.freezes(ask.now)]
    return ask.page(
        "freeze.html",
        status,
        held=held,
        networks=sorted({account.network for account in site.accounts.values()}),
        chosen=f"account:{chosen}" if chosen in site.accounts else ask.text("scope"),
        reason=ask.text("reason"),
        until=ask.text("until"),
        wrong=wrong,
    )


def _scope(ask: Ask) -> tuple[str, str] | None:
    """Account and network as a freeze holds them, "" for all; None: nobody we know."""
    kind, _colon, name = ask.text("scope").partition(":")
    if kind == "all":
        return "", ""
    if kind == "account" and name in ask.site.accounts:
        return name, ""
    if kind == "network" and name in {account.network for account in ask.site.accounts.values()}:
        return "", name
    return None


def _until(ask: Ask) -> datetime | None:
    """A local moment as browsers write it. Raises ValueError unless it is to come."""
    written = ask.text("until")
    if not written:
        return None
    name = ask.text("scope").partition(":")[2]
    zone = ask.site.accounts[name].rule.zone if name in ask.site.accounts else ask.site.settings.timezone
    read = datetime.fromisoformat(written)
    try:
        moment = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(ask.now.tzinfo)
    except OverflowError:  # the last day of the year 9999, to the west of Greenwich
        raise ValueError(written) from None
    if moment <= ask.now:
        raise ValueError(written)
    return moment
