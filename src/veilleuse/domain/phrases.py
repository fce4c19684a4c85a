"""Durations and moments as people say them, in the language of the moment."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from veilleuse.language import N_, _, ngettext

_WEEKDAYS = (
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)


def span(length: timedelta) -> str:
    """ "2 days", "5 hours", "1 minute": the largest whole unit; never negative."""
    seconds = max(0, int(length.total_seconds()))
    if (days := seconds // 86_400) > 0:
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if (hours := seconds // 3_600) > 0:
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    if (minutes := seconds // 60) > 0:
        return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
    return _("less than a minute")


def ago(moment: datetime, now: datetime) -> str:
    """ "2 days ago"; both aware."""
    return _("{span} ago").format(span=span(now - moment))


def day(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today", "tomorrow", "Friday 27 November", with the year when it is another."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    return _near(local, today) or date_in_full(local, today)


def until(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "until today", "until Friday 27 November"."""
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if near := _near(local, today):
        return _("until {near_day}").format(near_day=near)
    return _("until {date}").format(date=date_in_full(local, today))


def at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "Friday 27 November at 10:12", in that zone."""
    return _("{day} at {time}").format(day=day(moment, zone, now), time=clock(moment, zone))


def until_at(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "until Friday 27 November at 10:12", in that zone."""
    return _("{until_day} at {time}").format(until_day=until(moment, zone, now), time=clock(moment, zone))


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """ "10:12", in that zone."""
    local = moment.astimezone(zone)
    # French: on the hour it is "9 h".
    pattern = _("{hour:02}:{minute:02}") if local.minute else _("{hour:02}:00")
    return pattern.format(hour=local.hour, minute=local.minute)


def date_in_full(day: date, today: date) -> str:
    """ "Friday 27 November", with the year when it is another than today's."""
    # French: the first of a month.
    pattern = _("{weekday} 1 {month}") if day.day == 1 else _("{weekday} {number} {month}")
    said = pattern.format(weekday=_(_WEEKDAYS[day.weekday()]), number=day.day, month=_(_MONTHS[day.month - 1]))
    return said if day.year == today.year else f"{said} {day.year}"


def count(number: int, noun: str) -> str:
    """ "1 post", "3 posts": English only, where nobody translates yet."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _near(local: date, today: date) -> str:
    if local == today:
        return _("today")
    return _("tomorrow") if local == today + timedelta(days=1) else ""
