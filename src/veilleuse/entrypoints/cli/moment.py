"""A moment to come, as somebody writes it behind --until."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from veilleuse.language import _


def to_come(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A local date, meaning its first moment, or a local date and time; aware UTC. Raises a usage error."""
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.UsageError(
            _('"{text}" is no date: write "2027-03-01" or "2027-03-01 14:00". Nothing was changed.').format(text=text)
        ) from None
    moment = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(now.tzinfo)
    if moment <= now:
        raise click.UsageError(_("{text} is past. Nothing was changed.").format(text=text))
    return moment
