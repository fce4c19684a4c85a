"""`veilleuse forecast`: what will be said, day by day, if nobody posts by hand."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from veilleuse import bootstrap
from veilleuse.domain import phrases
from veilleuse.domain.account import AccountKind
from veilleuse.domain.forecast import Turn
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.forecast_picture import picture
from veilleuse.entrypoints.cli.output import json_option, print_json, print_table
from veilleuse.language import N_, _, ngettext
from veilleuse.services.forecast import AccountForecast, forecasts

YEAR = 365
FARTHEST = 3 * YEAR
SHOWN = 8  # turns of one account
COLUMNS = (N_("when"), N_("post"), N_("text"))
LONGEST, SHORTEST = 80, 24  # characters of a text
AROUND = 25  # columns of a row beside its post's name and text
SAME_YEAR = timedelta(days=300)  # a day named without its year is nearer than that
DAY = N_("%a %d %b")


@click.command("forecast")
@click.argument("account", required=False, shell_complete=complete_account)
@click.option("--days", type=click.IntRange(1, FARTHEST), help="How far to look; a year if it is not said.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Look to the end of that day: what is missing by then?"
)
@json_option
@click.option("--ics", "as_ics", is_flag=True, help="An iCalendar to subscribe to.")
@click.pass_obj
def command(
    config: Path, account: str | None, days: int | None, until: datetime | None, as_json: bool, as_ics: bool
) -> None:
    """What will be said over the coming year, if nobody posts by hand; and how much is missing.

    Times are the account's own. A post by hand moves all that follows.
    """
    if as_json and as_ics:
        raise click.UsageError(_("--json or --ics, not both."))
    if days is not None and until is not None:
        raise click.UsageError(_("--days or --until, not both."))
    settings = bootstrap.load(config)
    accounts = chosen(settings, account)
    now = bootstrap.SystemClock().now()
    last_day = until.date() if until else None
    if last_day is not None:
        _refuse_far(last_day, now.astimezone(settings.timezone).date())
    with bootstrap.open_reading(settings) as store:
        found = forecasts(accounts, store, now, days=days or YEAR, until=last_day)
    if as_json:
        print_json([_as_json(each) for each in found])
    elif as_ics:
        from veilleuse.entrypoints.calendar import calendar

        click.echo(calendar(found, now), nl=False)  # bytes: its lines end as RFC 5545 says
    else:
        show(found, now)


def show(found: Sequence[AccountForecast], now: datetime) -> None:
    """The picture, then account by account the next turns and what they come to."""
    if not found:
        return
    zone = found[0].account.rule.zone
    width = shutil.get_terminal_size((100, 24)).columns
    for line in picture(found, now, zone, width=width):
        click.echo(line)
    for each in found:
        turns = each.forecast.turns
        click.echo(
            _("\n{name} (times of {key})").format(
                name=click.style(each.account.name, bold=True), key=each.account.rule.zone.key
            )
        )
        if turns:
            print_table(COLUMNS, _rows(turns[:SHOWN], each, width))
        if len(turns) > SHOWN:
            click.echo(
                _("... and {count} more; --json has them all.").format(count=phrases.count(len(turns) - SHOWN, "turn"))
            )
        for sentence in sentences(each):
            click.echo(sentence)


def sentences(found: AccountForecast) -> Iterator[str]:
    """What the turns come to, for a community manager."""
    told, zone = found.forecast, found.account.rule.zone

    def day(at: datetime) -> str:
        return phrases.day(at, zone, told.now)

    if found.account.kind is AccountKind.RESERVED:
        yield _("A reserved name: watched, never posted to.")
        return
    if found.account.watched:
        yield _("Only watched: its people are called when it nears its limit.")
        return
    if found.held_up_by is not None:
        yield _("Nothing is said until a human acts: {held_up_by}.").format(held_up_by=found.held_up_by)
    if found.caveat is not None:
        yield _("It may come otherwise: {caveat}.").format(caveat=found.caveat)
    if told.queue_dry_at is not None and told.queue_dry_at != told.dry_at:
        yield _("The queue holds nothing more {day}; the reserve speaks then.").format(day=day(told.queue_dry_at))
    if told.dry_at is not None:
        yield _("It has nothing left to say {day}.").format(day=day(told.dry_at))
    late = [turn for turn in told.turns if turn.late and turn.post is not None]
    if late:
        yield _("{count} after the limit, the first {at}.").format(
            count=phrases.count(len(late), "post"), at=phrases.at(late[0].at, zone, told.now)
        )
    if told.missing:
        said = ngettext(
            "Until {day} {count} post is missing{drafts}.",
            "Until {day} {count} posts are missing{drafts}.",
            told.missing,
        )
        drafts = _("; {drafts} may be approved").format(drafts=phrases.count(told.drafts, "draft"))
        yield said.format(day=day(told.end), count=told.missing, drafts=drafts if told.drafts else "")
    for post in told.expiring:
        assert post.not_after is not None
        yield _("{ref} expires unsaid: its time ends {at}.").format(
            ref=post.ref, at=phrases.at(post.not_after, zone, told.now)
        )
    if found.supply is not None:
        yield found.supply.sentence


def _refuse_far(until: date, today: date) -> None:
    if not 0 <= (until - today).days <= FARTHEST:
        raise click.UsageError(
            _("--until {until} must lie between today and three years from now.").format(until=until)
        )


def _rows(turns: Sequence[Turn], found: AccountForecast, width: int) -> list[tuple[str, str, str]]:
    """Of so many columns in all: what is too long is cut, so that a turn is a line."""
    longest = max(len(turn.post.id) if turn.post else 1 for turn in turns)
    return [_cells(turn, found, max(SHORTEST, min(LONGEST, width - longest - AROUND))) for turn in turns]


def _cells(turn: Turn, found: AccountForecast, width: int) -> tuple[str, str, str]:
    zone = found.account.rule.zone
    local = turn.at.astimezone(zone)
    year = f" {local.year}" if turn.at - found.forecast.now > SAME_YEAR else ""
    notes = [
        _("reserve") if turn.reserve else "",
        _("after the limit") if turn.late else "",
        _("moved by {what}").format(what=turn.moved_by) if turn.moved_by else "",
    ]
    text = " ".join(turn.text.split())
    cut = text if len(text) <= width else f"{text[: width - 1]}…"
    said = cut if turn.post else click.style(_("nothing approved to say: a human is called"), fg="red")
    note = ", ".join(filter(None, notes))
    return (
        f"{local.strftime(_(DAY))}{year} {local:%H:%M}",
        turn.post.id if turn.post else "-",
        f"{said}\n{click.style(note, dim=True)}" if note else said,
    )


def _as_json(found: AccountForecast) -> dict[str, object]:
    """The contract other programs build on."""
    told, need = found.forecast, found.supply
    return {
        "account": found.account.name,
        "network": found.account.network,
        "timezone": found.account.rule.zone.key,
        "until": told.end,
        "turns": [
            {
                "at": turn.at,
                "limit": turn.limit,
                "post": turn.post.ref if turn.post else None,
                "text": turn.text if turn.post else None,
                "use": turn.use if turn.post else None,
                "reserve": turn.reserve,
                "late": turn.late,
                "moved_by": turn.moved_by,
            }
            for turn in told.turns
        ],
        "queue_dry_at": told.queue_dry_at,
        "dry_at": told.dry_at,
        "missing": told.missing,
        "queued": told.queued,
        "drafts": told.drafts,
        "expiring": [{"post": post.ref, "not_after": post.not_after} for post in told.expiring],
        "held_up_by": found.held_up_by,
        "caveat": found.caveat,
        "supply": need
        and {
            "needed": need.needed,
            "spent": need.spent,
            "waiting": need.waiting,
            "by_hand": need.by_hand,
            "known_for_s": need.known_for,
            "verdict": need.care,
            "sentence": need.sentence,
        },
    }
