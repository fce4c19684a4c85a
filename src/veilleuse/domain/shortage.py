"""Whether the posts last: what runs dry, by when, and how many more would keep the account alive."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.alert import Condition, Finding
from veilleuse.domain.queue import Block, blocked, eligible_ever, speakers, wakes, wording
from veilleuse.domain.rule import Approval
from veilleuse.domain.runway import refill
from veilleuse.domain.view import View
from veilleuse.language import _, ngettext

RUNWAY_WARNINGS = (timedelta(days=7), timedelta(days=14), timedelta(days=28))  # each told on crossing


def running_dry(view: View) -> Iterator[Finding]:
    zone = view.account.rule.zone
    drafts = sum(1 for c in view.candidates if blocked(c, view.now) is Block.DRAFT)
    until, now = view.runway.until, view.now
    if nothing_to_say(view):
        parts = [_nothing(view), _waiting(drafts)]
        if until is not None and until > now:
            parts.append(_("It passes its limit {when}.").format(when=phrases.at(until, zone, now)))
        remedy = _refill(view.account, drafts)
        yield view.finding(Condition.NOTHING_ELIGIBLE, " ".join(filter(None, parts)), remedy)
        return
    if until is None or view.state.read_at is None:  # unknown activity says nothing about the runway
        return
    for days in RUNWAY_WARNINGS:
        if until - now <= days or _stands(view, days):
            parts = [_lasts(view), _more(view), _waiting(drafts)]
            remedy = _refill(view.account, drafts)
            subject = f"{days.days} days"
            yield view.finding(Condition.RUNWAY_LOW, " ".join(filter(None, parts)), remedy, subject=subject)
            return


def nothing_to_say(view: View) -> bool:
    """Whether nobody may speak at the next turn, nor later before the silence is too long."""
    now, due, dry = view.now, view.due, view.runway.dry_at
    if due.at is None:  # its hours never open: no turn says more than the queue itself
        return not view.runway.queued
    at = max(now, due.at)
    if dry is None or dry > at:
        return False
    opens, network, last = view.account.rule.hours.next_open, view.account.network, view.state.last_activity
    later = (opens(wake) for wake in _wake(view, at))
    return not any(
        moment and due.limit and moment < due.limit and speakers(view.candidates, network, moment, last)
        for moment in later
    )


def _wake(view: View, at: datetime) -> Iterator[datetime]:
    """When those may be said that may not yet at that moment."""
    for candidate in view.candidates:
        wake = wakes(candidate)
        if wake is not None and wake > at and eligible_ever(candidate, at) and wording(candidate, view.account.network):
            yield wake


def _nothing(view: View) -> str:
    name, zone = view.account.name, view.account.rule.zone
    first = min(_wake(view, max(view.now, view.due.at or view.now)), default=None)
    if first is None:
        return _("{name} has nothing approved to say.").format(name=name)
    return _("{name} has nothing approved to say before {day}.").format(
        name=name, day=phrases.day(first, zone, view.now)
    )


def _stands(view: View, days: timedelta) -> bool:
    """Whether a warning told stands: a post by hand moves the end by days only, and would move it back and forth."""
    until, last = view.runway.until, view.state.counts_from
    if until is None or last is None or f"{days.days} days" not in view.warned_of:
        return False
    return until - last <= days + view.account.rule.max_silence


def _lasts(view: View) -> str:
    runway, zone = view.runway, view.account.rule.zone
    assert runway.until is not None
    posts = ngettext("{count} post", "{count} posts", runway.posts).format(count=runway.posts)
    reserves = ngettext("{count} of the reserve", "{count} of the reserve", runway.reserves)
    held = (
        _("{posts} and {reserves}")
        if runway.posts and runway.reserves
        else "{reserves}"
        if runway.reserves
        else "{posts}"
    )
    return _("{name} lasts {until_day}: {posts}.").format(
        name=view.account.name,
        until_day=phrases.until(runway.until, zone, view.now),
        posts=held.format(posts=posts, reserves=reserves.format(count=runway.reserves)),
    )


def _more(view: View) -> str:
    """How many posts, and by when, would be enough for the longest of the warnings to be over."""
    account, last = view.account, view.state.counts_from
    if last is None:
        return ""
    rule = account.rule
    lacking = refill(
        rule, account.name, account.network, view.candidates, last, view.now, RUNWAY_WARNINGS[-1] + rule.max_silence
    )
    if lacking is None:
        return ""
    if lacking.holidays:
        said = ngettext(
            "{count} more by {day} keeps it alive through the holidays, {until_day}.",
            "{count} more by {day} keep it alive through the holidays, {until_day}.",
            lacking.posts,
        )
    else:
        said = ngettext(
            "{count} more by {day} keeps it alive {until_day}.",
            "{count} more by {day} keep it alive {until_day}.",
            lacking.posts,
        )
    return said.format(
        count=lacking.posts,
        day=phrases.day(lacking.by, rule.zone, view.now),
        until_day=phrases.until(lacking.until, rule.zone, view.now),
    )


def _waiting(drafts: int) -> str:
    if not drafts:
        return ""
    said = ngettext("{count} draft waits for approval.", "{count} drafts wait for approval.", drafts)
    return said.format(count=drafts)


def _refill(account: Account, drafts: int) -> str:
    if not drafts:
        return _("Add approved posts to the content folder for {name}.").format(name=account.name)
    if account.rule.approval is Approval.SIGNED:
        said = ngettext(
            "Approve it: `veilleuse approve {name} --as YOUR-NAME`.",
            "Approve them: `veilleuse approve {name} --as YOUR-NAME`.",
            drafts,
        )
        return said.format(name=account.name)
    return ngettext(
        "Approve it: write your name in its file (approved_by; in a spreadsheet the column “approved by”).",
        "Approve them: write your name in their file (approved_by; in a spreadsheet the column “approved by”).",
        drafts,
    )


def on_reserve(view: View) -> Iterator[Finding]:
    """Whom the next turn falls to is a reserve post: the queue has nothing for it."""
    last, now = view.state.last_activity, view.now
    if view.state.read_at is None:
        return
    at = max(now, view.due.at or now)
    following = speakers(view.candidates, view.account.network, at, last)
    if not following or not following[0].post.reserve:
        return
    name, zone = view.account.name, view.account.rule.zone
    lasts = (
        _("{name} lives on its reserve, which lasts {until_day}:").format(
            name=name, until_day=phrases.until(view.runway.until, zone, now)
        )
        if view.runway.until
        else _("{name} lives on its reserve:").format(name=name)
    )
    drafts = sum(1 for c in view.candidates if blocked(c, now) is Block.DRAFT)
    following_up = _("its queue has nothing to say {when}, so {ref} is next.").format(
        when=phrases.at(at, zone, now), ref=following[0].post.ref
    )
    remedy = _refill(view.account, drafts)
    yield view.finding(Condition.LIVING_ON_RESERVES, f"{lasts} {following_up}", remedy)
