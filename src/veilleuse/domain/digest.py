"""The weekly digest: one screen that goes out when all is well too, so that its absence is a sign."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from veilleuse.domain import phrases
from veilleuse.domain.waiting import Awaited, Wait
from veilleuse.language import _, ngettext

WIDTH = 72  # columns
MOST = 8  # lines a part; the rest is counted
HOUR = time(9)  # Mondays, in the house's zone
LATE = timedelta(days=3)  # after an outage it still comes; later the next one does
ELLIPSIS = " …"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountWeek:
    """What one reader of the digest must know of one account. Times are aware UTC."""

    account: str
    said: tuple[tuple[datetime, str], ...] = ()  # by veilleuse, in the week gone by: when, and the text
    by_hand: int = 0
    comes: tuple[datetime, str] | None = None  # what veilleuse says next, unless somebody posts before
    silent_for: timedelta | None = None  # only if it is past its limit
    limit: timedelta = timedelta(0)
    until: datetime | None = None  # how long its posts keep it alive; None: unknown, or it needs none
    posts: int = 0
    drafts: int = 0
    waits: tuple[Wait, ...] = ()  # who waits for something of us there, as far as that could be read
    urgent: bool = False  # whether what is open cannot wait
    needs: tuple[str, ...] = ()  # what is open, in sentences
    tasks: tuple[str, ...] = ()  # what somebody must do, in sentences


def week_of(now: datetime, zone: ZoneInfo) -> tuple[str, datetime]:
    """The newest week whose digest is due by now: its name ("2026-W48"), and the aware UTC moment it was due."""
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    due = _due(monday, zone)
    if due > now:
        due = _due(monday - timedelta(days=7), zone)
    year, week, _day = due.astimezone(zone).isocalendar()
    return f"{year}-W{week:02}", due


def compose(accounts: Sequence[AccountWeek], zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """Title and body, in the language of the moment. The worst first."""
    needs = sum(len(account.needs) for account in accounts)
    monday = phrases.date_in_full(now.astimezone(zone).date(), now.astimezone(zone).date())
    total = ngettext("{count} account", "{count} accounts", len(accounts)).format(count=len(accounts))
    silent = sum(account.silent_for is not None for account in accounts)
    state = _("all is well")
    if needs:
        state = ngettext("{count} thing needs you", "{count} things need you", needs).format(count=needs)
    elif silent:  # somebody has seen it, and still it is not well
        state = ngettext("{count} account silent too long", "{count} accounts silent too long", silent)
        state = state.format(count=silent)
    title = _("veilleuse, {day}: {accounts}, {state}").format(day=monday, accounts=total, state=state)
    width = min(24, max((len(account.account) for account in accounts), default=0))
    parts = [part for part in _parts(accounts, width, zone, now) if part]
    return title, "\n\n".join([*parts, _("More: veilleuse status, veilleuse forecast, veilleuse queue")]) + "\n"


def _parts(accounts: Sequence[AccountWeek], width: int, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    needs = [need for account in accounts for need in account.needs]
    quiet = any(account.silent_for is not None for account in accounts)
    nothing = _("Nothing needs you that nobody has seen.") if quiet else _("Nothing needs you.")
    yield _list(_("What needs you"), [_wrapped(need) for need in needs]) or nothing
    yield _list(_("To do"), [_wrapped(task) for account in accounts for task in account.tasks])
    yield _list(_("Replies waiting"), [_wrapped(waiting(a.account, wait)) for a in accounts for wait in a.waits])
    yield _table(
        _("Silent too long"),
        (
            (
                a.account,
                _("{span}, its limit is {limit}").format(span=phrases.span(a.silent_for), limit=phrases.span(a.limit)),
            )
            for a in accounts
            if a.silent_for is not None
        ),
        width,
    )
    yield _table(_("Said last week"), (line for a in accounts for line in _said(a, zone, now)), width)
    yield _table(
        _("Next, unless somebody posts before"),
        (
            (a.account, f"{phrases.at(a.comes[0], zone, now)}  {a.comes[1]}")
            for a in sorted(accounts, key=lambda a: a.comes[0] if a.comes else now)
            if a.comes is not None
        ),
        width,
    )
    yield _table(
        _("How long the posts last"),
        (
            (a.account, _lasts(a, zone, now))
            for a in sorted(accounts, key=lambda a: a.until or now)
            if a.until and a.until > now
        ),
        width,
    )
    yield _table(
        _("Waiting for approval"),
        (
            (a.account, ngettext("{count} draft", "{count} drafts", a.drafts).format(count=a.drafts))
            for a in accounts
            if a.drafts
        ),
        width,
    )


def waiting(account: str, wait: Wait) -> str:
    """One line, in the language of the moment."""
    if wait.awaited is Awaited.MODERATION:
        said = ngettext(
            "{count} comment waits for moderation on {account}",
            "{count} comments wait for moderation on {account}",
            wait.count,
        )
    else:
        said = ngettext(
            "{count} person waits for an answer on {account}",
            "{count} people wait for an answer on {account}",
            wait.count,
        )
    number = str(wait.count) if wait.whole else _("at least {count}").format(count=wait.count)
    told = said.format(count=number, account=account)
    return _("{what}: {link}").format(what=told, link=wait.link) if wait.link else told


def _said(account: AccountWeek, zone: ZoneInfo, now: datetime) -> Iterator[tuple[str, str]]:
    for at, text in account.said:
        yield account.account, f"{phrases.at(at, zone, now)}  {text}"
    if account.by_hand:
        said = ngettext("{count} post by hand", "{count} posts by hand", account.by_hand)
        yield account.account, said.format(count=account.by_hand)


def _lasts(account: AccountWeek, zone: ZoneInfo, now: datetime) -> str:
    assert account.until is not None
    posts = ngettext("{count} post", "{count} posts", account.posts).format(count=account.posts)
    return _("{until_day}: {posts}").format(until_day=phrases.until(account.until, zone, now), posts=posts)


def _table(heading: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    lines = []
    for name, text in rows:
        flat = " ".join(text.split(" ")).replace("\n", " ")
        line = f"  {textwrap.shorten(name, 24, placeholder='…'):<{width}}  {flat}"
        lines.append(line if len(line) <= WIDTH else line[: WIDTH - len(ELLIPSIS)].rstrip() + ELLIPSIS)
    return _list(heading, lines)


def _list(heading: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    shown = list(lines[:MOST])
    if len(lines) > MOST:
        rest = len(lines) - MOST
        shown.append("  " + ngettext("and {count} more", "and {count} more", rest).format(count=rest))
    return "\n".join([heading, *shown])


def _wrapped(sentence: str) -> str:
    """An address in it stays whole, however long it is."""
    return textwrap.fill(
        sentence,
        WIDTH,
        initial_indent="  - ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _due(monday: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(monday, HOUR, zone).astimezone(UTC)
