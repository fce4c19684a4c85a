"""What about one account needs a human now: what happened, whether anything went live, what to do next."""

from collections.abc import Iterator
from datetime import timedelta

from veilleuse.domain import phrases
from veilleuse.domain.account import AccountKind
from veilleuse.domain.alert import Condition, Finding, in_every_language
from veilleuse.domain.attempt import Outcome
from veilleuse.domain.examination import EXAMINED
from veilleuse.domain.shortage import nothing_to_say, on_reserve, running_dry
from veilleuse.domain.unattended import unattended, waiting
from veilleuse.domain.view import View
from veilleuse.language import _

EXPIRY_IS_NEWS = timedelta(days=7)  # a date of last year, imported today, calls nobody

# What a look can judge; content and house conditions are judged by the sync.
JUDGED = (
    frozenset(Condition)
    - EXAMINED
    - {Condition.HUMAN_TASK, Condition.CONTENT_INVALID, Condition.CONTENT_MISSING, Condition.TEST}
)


def findings(view: View) -> list[Finding]:
    """Every condition true of this account now, said in every language."""
    if view.plan is not None and view.plan.closed:
        return []
    if view.plan is not None:  # what silence and empty queues mean to others is meant here
        return in_every_language(lambda: (f for judge in (_trouble, _gap, _doubts, _freeze) for f in judge(view)))
    if view.account.kind is AccountKind.RESERVED:
        return in_every_language(lambda: _trouble(view))
    if view.account.watched:
        return in_every_language(lambda: (finding for judge in (_trouble, unattended) for finding in judge(view)))
    judges = (_trouble, _gap, _silence, running_dry, on_reserve, _posts, _expired, _hidden, waiting, _doubts, _freeze)
    return in_every_language(lambda: (finding for judge in judges for finding in judge(view)))


def _trouble(view: View) -> Iterator[Finding]:
    if view.trouble is None:
        return
    condition, what = view.trouble
    name = view.account.name
    remedies = {
        Condition.CREDENTIALS_REFUSED: _(
            "Renew the credentials of {name}, or settle with {title} what it says of the account itself; then run "
            "`veilleuse check --online {name}`. "
            "Nothing was published; veilleuse tries again every 6 hours and at each start."
        ),
        Condition.BUDGET_EXHAUSTED: _(
            "Add credit for the {title} app, or raise the account's `budget_usd` if that is what is spent. "
            "Nothing was published."
        ),
        Condition.NETWORK_UNREADABLE: _(
            "Nothing to do if it passes. veilleuse keeps trying and stays silent meanwhile; "
            "if it lasts, post by hand before {name} reaches its limit."
        ),
        Condition.FEED_GONE: _(
            "Look for the blog: if it has moved, write its feed's new address in `url`; if it has ended, take {name} "
            "out of the configuration. Nobody watches it meanwhile; veilleuse asks again every 6 hours."
        ),
        Condition.CLOCK_OFF: _("Set this machine's clock (timedatectl). Nothing is published until it agrees."),
    }
    remedy = remedies[condition].format(name=name, title=view.title)
    yield view.finding(condition, _("{name}: {what}").format(name=name, what=what), remedy)


def _silence(view: View) -> Iterator[Finding]:
    name, limit, zone = view.account.name, view.due.limit, view.account.rule.zone
    if limit is not None and limit <= view.now and view.state.last_activity is not None:
        yield view.finding(
            Condition.LIMIT_PASSED,
            _("{name} has been silent for {silent}; its limit is {limit}.").format(
                name=name,
                silent=phrases.span(view.now - view.state.last_activity),
                limit=phrases.span(view.account.rule.max_silence),
            ),
            _("Post by hand on {title}, or see what holds veilleuse back: `veilleuse status {name}`.").format(
                title=view.title, name=name
            ),
        )
    elif view.due.breach and limit is not None and not nothing_to_say(view):  # else the empty queue is what to tell
        opens = (
            _("its hours open next {when}.").format(when=phrases.at(view.due.at, zone, view.now))
            if view.due.at
            else _("its hours never open.")
        )
        passes = _("{name} will pass its limit {when}:").format(name=name, when=phrases.at(limit, zone, view.now))
        yield view.finding(
            Condition.HOURS_CLOSED,
            f"{passes} {opens}",
            _("Post by hand before, or widen its hours in the configuration."),
        )


def _posts(view: View) -> Iterator[Finding]:
    for candidate in view.candidates:
        if candidate.refused and (candidate.post.reserve or not candidate.uses):
            yield view.finding(
                Condition.POST_REFUSED,
                _("{title} refused the post {ref}: {why} It is not live.").format(
                    title=view.title, ref=candidate.post.ref, why=candidate.refused
                ),
                _("Change or remove it in {place}; the other posts go on.").format(place=candidate.post.source),
                subject=candidate.post.id,
            )


def _expired(view: View) -> Iterator[Finding]:
    """Posts whose last day went by before their turn came, when that is news."""
    for candidate in view.candidates:
        post = candidate.post
        over = post.not_after
        if over is None or post.reserve or candidate.uses or post.approved_by is None:
            continue
        if over <= view.now < over + EXPIRY_IS_NEWS:
            last_day = phrases.day(over - timedelta(microseconds=1), view.account.rule.zone, view.now)
            yield view.finding(
                Condition.POST_EXPIRED,
                _("{ref} has expired and is not said any more: its last day was {last_day}.").format(
                    ref=post.ref, last_day=last_day
                ),
                _("Give it a later last day in {place}, or take it out.").format(place=post.source),
                subject=post.id,
            )


def _hidden(view: View) -> Iterator[Finding]:
    for receipt in view.not_shown:
        yield view.finding(
            Condition.POST_NOT_VISIBLE,
            _("{title} does not show {ref}, published {when}{link}.").format(
                title=view.title,
                ref=f"{receipt.account}/{receipt.post_id}",
                when=phrases.at(receipt.at, view.account.rule.zone, view.now),
                link=f" ({receipt.url})" if receipt.url else "",
            ),
            _(
                "If somebody deleted it there is nothing to do: nothing is said in its place before its time. "
                "Else look at the account: {title} may hide it, or show it to its administrators only."
            ).format(title=view.title),
            subject=receipt.remote_id,
        )


def _gap(view: View) -> Iterator[Finding]:
    if view.state.gap_at is None:
        return
    name, title = view.account.name, view.title
    yield view.finding(
        Condition.TIMELINE_GAP,
        _(
            "{name}: more happened on {title} than one read shows ({ago}). "
            "One of its queued posts may have been said there; nothing is published until you have looked."
        ).format(name=name, title=title, ago=phrases.ago(view.state.gap_at, view.now)),
        _(
            "Look through the account on {title}, take out of its files what was said there, then "
            "`veilleuse resolve {name} --not-published --as YOUR-NAME`."
        ).format(name=name, title=title),
    )


def _doubts(view: View) -> Iterator[Finding]:
    for attempt in view.unsettled:
        held = attempt.outcome is Outcome.HELD
        if attempt.outcome is Outcome.OPEN:
            continue
        look = _("Look at the account on {title}, then say what you saw: `veilleuse resolve {ref}`.").format(
            title=view.title, ref=attempt.ref
        )
        meanwhile = (
            _("It is not sent again meanwhile; other posts are.")
            if held
            else _("It is not sent again meanwhile; the account is read until it is known.")
        )
        yield view.finding(
            Condition.OUTCOME_HELD if held else Condition.OUTCOME_UNKNOWN,
            _("{ref} is perhaps published on {title}: {why}").format(
                ref=attempt.ref, title=view.title, why=attempt.detail
            ),
            f"{look} {meanwhile}",
            subject=attempt.id,
        )


def _freeze(view: View) -> Iterator[Finding]:
    if view.freeze is None:
        return
    name, zone, now = view.account.name, view.account.rule.zone, view.now
    cost = view.freeze.cost(name, view.due.limit, zone, now)
    frozen = _("{name} is {frozen}.").format(name=name, frozen=view.freeze.told(zone, now))
    yield view.finding(
        Condition.FROZEN,
        f"{frozen} {cost}." if cost else frozen,
        _("Nothing is published. To thaw it: {remedy}.").format(remedy=view.freeze.remedy),
    )
