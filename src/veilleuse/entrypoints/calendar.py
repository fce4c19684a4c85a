"""A forecast as an iCalendar (RFC 5545): a calendar people subscribe to."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from veilleuse.domain.forecast import Turn
from veilleuse.language import _
from veilleuse.services.forecast import AccountForecast

REFRESH = timedelta(hours=6)  # how often a program that subscribes should ask again
TITLE_WIDTH = 60


def calendar(forecasts: Iterable[AccountForecast], now: datetime) -> bytes:
    """Times in UTC; an event keeps its UID for as long as it is the same use of the same post."""
    found = Calendar()
    found.add("prodid", "-//veilleuse//forecast//EN")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", "veilleuse")
    found.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for each in forecasts:
        calls = 0
        for turn in each.forecast.turns:
            found.add_component(_event(each.account.name, turn, calls, now))
            calls += turn.post is None
    return bytes(found.to_ical())


def _event(account: str, turn: Turn, calls: int, now: datetime) -> Event:
    event = Event()
    event.add("dtstamp", now)
    event.add("dtstart", turn.at.replace(microsecond=0))
    event.add("transp", "TRANSPARENT")  # it takes nobody's time
    if turn.post is None:
        event.add("uid", f"{account}/nothing-to-say/{calls}@veilleuse")
        event.add("summary", _("{account} has nothing to say").format(account=account))
        event.add("description", _("It must speak now, and nothing approved is left: add and approve posts before."))
        return event
    event.add("uid", f"{turn.post.ref}/{turn.use}@veilleuse")
    event.add("summary", f"{account}: {_title(turn.text)}")
    late = _("\n\nAfter its limit: its hours stay closed until then.") if turn.late else ""
    said = (
        _("{ref} (reserve), unless somebody posts before.")
        if turn.reserve
        else _("{ref}, unless somebody posts before.")
    )
    event.add("description", f"{turn.text}\n\n{said.format(ref=turn.post.ref)}{late}")
    return event


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TITLE_WIDTH else f"{line[: TITLE_WIDTH - 1].rstrip()}…"
