"""Accounts whose owner writes by hand: one that is only watched, a blog by its feed; and one that is an outbox."""

from collections.abc import Iterator
from datetime import timedelta

from veilleuse.domain import phrases
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.view import View
from veilleuse.language import _

WAITS_FOR = timedelta(days=7)  # a message older than that is not worth a word any more


def unattended(view: View) -> Iterator[Finding]:
    """From its lead on, then past its limit: one condition after the other, never both. Unknown activity says none."""
    name, rule, last = view.account.name, view.account.rule, view.state.last_activity
    if view.state.read_at is None:
        return
    if last is None:
        yield view.finding(
            Condition.LIMIT_PASSED,
            _("{name} shows nothing that was ever published.").format(name=name),
            _("Write something there, or correct its address: veilleuse only watches it."),
        )
        return
    limit = last + rule.max_silence
    silent, longest = phrases.span(view.now - last), phrases.span(rule.max_silence)
    if limit <= view.now:
        yield view.finding(
            Condition.LIMIT_PASSED,
            _("{name} has been silent for {silent}; its limit is {limit}.").format(
                name=name, silent=silent, limit=longest
            ),
            _("Write something there: veilleuse only watches it."),
        )
    elif limit - rule.lead <= view.now:
        when = phrases.at(limit, rule.zone, view.now)
        yield view.finding(
            Condition.NEAR_LIMIT,
            _("{name} has been silent for {silent}; it passes its limit of {limit} {when}.").format(
                name=name, silent=silent, limit=longest, when=when
            ),
            _("Write something there before: veilleuse only watches it."),
        )


def waiting(view: View) -> Iterator[Finding]:
    """Of an outbox: its newest message is told once, the day it is written."""
    spoke_at, account = view.state.spoke_at, view.account
    if not account.by_hand or spoke_at is None or view.now - spoke_at > WAITS_FOR:
        return
    yield view.finding(
        Condition.MESSAGE_WAITS,
        _("{name}: a message waits in {place} since {when}.").format(
            name=account.name, place=account.identity, when=phrases.at(spoke_at, account.rule.zone, view.now)
        ),
        _("Carry it to the network, then `veilleuse alerts ack`."),
        subject=spoke_at.isoformat(),
    )
