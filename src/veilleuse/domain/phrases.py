"""Durations and moments as people say them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def span(length: timedelta) -> str:
    """ "2 days", "5 hours", "1 minute": the largest whole unit; never negative."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return "less than a minute"


def ago(moment: datetime, now: datetime) -> str:
    """ "2 days ago"; both aware."""
    return f"{span(now - moment)} ago"


def day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today", "tomorrow", "Friday 27 November", with the year when it is another."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return "today"
    if local == today + timedelta(days=1):
        return "tomorrow"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"


def at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Friday 27 November at 10:12", in that zone."""
    return f"{day(moment, zone, now)} at {moment.astimezone(zone):%H:%M}"


def count(number: int, noun: str) -> str:
    """ "1 post", "3 posts"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
