"""`veilleuse account audit`: how alive accounts are, one's own and anybody's."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from veilleuse import bootstrap, log
from veilleuse.bootstrap.audit import open_auditor
from veilleuse.config import Settings
from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.address import Place, is_address, place
from veilleuse.domain.audit import Audit
from veilleuse.domain.errors import NetworkError
from veilleuse.entrypoints.cli.audit_table import lines
from veilleuse.entrypoints.cli.choice import chosen, complete_account
from veilleuse.entrypoints.cli.confirm import confirmed
from veilleuse.entrypoints.cli.output import json_option, print_json
from veilleuse.language import LANGUAGES, _, each_language, ngettext, sentence, speaking, spoken
from veilleuse.services.audit import COST, Auditor, unread

AT_ONCE = 8  # accounts read at the same time
UTC_ZONE = ZoneInfo("UTC")


@click.command("audit")
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT | URL]...", shell_complete=complete_account)
@click.option("--online", is_flag=True, help="Read your own accounts back over the year, whatever is known here.")
@click.option("--yes", is_flag=True, help="Spend what reading X costs without asking.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Of what is written.  [default: yours; of a page, the configuration's]",
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as one web page that needs nothing else: to be sent, printed, kept.",
)
@json_option
@click.pass_obj
def command(
    config: Path,
    accounts: tuple[str, ...],
    online: bool,
    yes: bool,
    language: str | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """How alive accounts are: the silence now, the longest of the year, posts a week, whose they were, and a grade.

    Without an argument, all of your own. A URL is anybody's account: a blog or its feed, a profile on Mastodon or
    Bluesky; on X or Facebook through an account of yours there. What the database knows of a year is not asked again;
    what it knows less of is read back, 200 posts at most. X bills that, so you are asked before.

    Exit codes: 0 fine; 1 an account could not be read; 2 the configuration, or no such account.
    """
    addresses = _places([argument for argument in accounts if is_address(argument)])
    names = [argument for argument in accounts if not is_address(argument)]
    settings = bootstrap.load(config) if names or not accounts or config.exists() else None
    own = _own(settings, names, everyone=not accounts)
    if settings is not None:
        log.configure("eyes", "ERROR", bootstrap.known_secrets(settings, bootstrap.secrets_here()))
    clock = bootstrap.SystemClock()
    with (
        speaking(language or spoken()),
        open_auditor(settings, clock, own=bool(own)) as auditor,
    ):
        read_back = [account for account in own if online or not auditor.knows_a_year(account)]
        spared = not _may_spend(auditor, read_back, addresses, yes=yes, quiet=as_json)
        zone = settings.timezone if settings else UTC_ZONE
        found = _audits(auditor, own, read_back, addresses, zone, spared=spared)
        if page is not None:
            from veilleuse.entrypoints.web.report import audit_page

            with speaking(language or (settings.language if settings else spoken())):
                _write(page, audit_page(found, clock.now(), zone))
        if as_json:
            print_json([as_dict(each) for each in found])
        else:
            for line in lines(found, clock.now(), zone):
                click.echo(line)
            if page is not None:
                click.echo(_("The page is {path}.").format(path=page))
    if any(each.grade is None for each in found):
        sys.exit(1)


def _write(page: Path, text: str) -> None:
    """In the place of what stood there. Raises a usage error."""
    try:
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        what = error.filename or page
        raise click.UsageError(
            _("{what} cannot be written: {strerror}.").format(what=what, strerror=error.strerror)
        ) from None


def as_dict(found: Audit) -> dict[str, object]:
    """The contract other programs build on."""
    subject, longest = found.subject, found.longest
    return {
        "account": subject.name,
        "own": subject.own,
        "network": subject.network,
        "handle": subject.handle,
        "url": subject.url,
        "grade": found.grade,
        "last_activity_at": found.last_at,
        "last_activity_by": found.last_by,
        "silent_for_s": found.silence,
        "max_silence_s": subject.max_silence,
        "longest_silence": longest and {"since": longest.since, "until": longest.until, "length_s": longest.length},
        "posts": found.posts,
        "posts_per_week": None if found.per_week is None else round(found.per_week, 2),
        "by_hand_share": None if found.by_hand is None else round(found.by_hand, 3),
        "known_since": found.known_from,
        "note": found.note or None,
    }


def _places(arguments: Sequence[str]) -> list[Place]:
    try:
        return [place(argument) for argument in arguments]
    except ValueError as wrong:
        what, _, mend = str(wrong).partition("; ")
        raise click.UsageError(f"{what}. {mend[:1].upper()}{mend[1:]}.") from None


def _own(settings: Settings | None, names: Sequence[str], *, everyone: bool) -> list[Account]:
    if settings is None:
        return []
    if everyone:
        return list(chosen(settings, None).values())
    return [account for name in dict.fromkeys(names) for account in chosen(settings, name).values()]


def _may_spend(auditor: Auditor, own: Sequence[Account], places: Sequence[Place], *, yes: bool, quiet: bool) -> bool:
    """Whether what is billed may be read. Asks only whom it can."""
    billed = sum(_bills(auditor, account.network) for account in own)
    billed += sum(_bills(auditor, each.network) and auditor.neighbour(each) is not None for each in places)
    if not billed or yes:
        return True
    if quiet or not sys.stdin.isatty():
        return False
    cost = phrases.decimal(billed * COST, 2)
    question = ngettext(
        "Reading {count} account on X costs up to {cost} USD. Read it?",
        "Reading {count} accounts on X costs up to {cost} USD. Read them?",
        billed,
    )
    return confirmed(question.format(count=billed, cost=cost), err=True)


def _bills(auditor: Auditor, network: str) -> bool:
    return network in auditor.specs and auditor.specs[network].bills


def _audits(
    auditor: Auditor,
    own: Sequence[Account],
    read_back: Sequence[Account],
    places: Sequence[Place],
    zone: ZoneInfo,
    *,
    spared: bool,
) -> list[Audit]:
    """In the order asked for: ours first."""
    most = each_language(partial(phrases.decimal, COST, 2))
    unasked = sentence("Not read: X bills up to {cost} USD for it. Allow it with `--yes`.", cost=most)

    def ours(account: Account) -> Audit:
        if account in read_back and spared and _bills(auditor, account.network):
            return auditor.own(account, online=False, note=unasked)
        return auditor.own(account, online=account in read_back)

    def others(each: Place) -> Audit:
        title = auditor.specs[each.network].title if each.network in auditor.specs else _("Web")
        told = partial(unread, each, title, zone, auditor.clock.now())
        if spared and _bills(auditor, each.network) and auditor.neighbour(each) is not None:
            return told(unasked)
        try:
            return auditor.others(each, zone)
        except NetworkError as error:
            return told(error.sentence)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [*threads.map(ours, own), *threads.map(others, places)]
