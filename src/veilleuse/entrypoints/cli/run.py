"""`veilleuse run`: the daemon, or one round of it for cron."""

import sys
from pathlib import Path
from typing import Literal

import click

from veilleuse import bootstrap, log
from veilleuse.config import SecretMissing, Settings
from veilleuse.domain import phrases
from veilleuse.domain.alert import MILD
from veilleuse.domain.content import Severity
from veilleuse.language import _, each_language, sentence
from veilleuse.services.house import House
from veilleuse.services.look import Action, LookReport

FAILED = frozenset({Action.NEEDS_HUMAN, Action.BLIND, Action.IN_DOUBT})


@click.command("run")
@click.option("--once", is_flag=True, help="Look at all that is due, send what must be sent, deliver alerts, exit.")
@click.option("--dry-run", is_flag=True, help="Everything but the send; nobody is called.")
@click.option(
    "--log", "mode", type=click.Choice(["auto", "json", "eyes"]), default="auto", show_default=True, help="Log format."
)
@click.pass_obj
def command(config: Path, once: bool, dry_run: bool, mode: str) -> None:
    """Keep the accounts alive until stopped by Ctrl-C or SIGTERM; SIGHUP has the configuration read anew.

    Exit codes: 0 fine; 1 something needs a human, or the database cannot be reached; 2 configuration, a second daemon.
    """
    shown: Literal["json", "eyes"] = "eyes" if mode == "eyes" or (mode == "auto" and sys.stderr.isatty()) else "json"
    hidden: set[str] = set()

    def read() -> Settings:
        settings = bootstrap.load(config)
        hidden.update(bootstrap.known_secrets(settings, bootstrap.secrets_here()))
        log.configure(shown, "WARNING" if once or dry_run else "INFO", hidden)
        _refuse_if_no_account_can_work(settings)
        return settings

    settings = read()
    if once or dry_run:
        with bootstrap.open_house(settings, dry_run=dry_run) as house:
            sys.exit(_one_round(house, dry_run))
    from veilleuse.entrypoints.service import serve

    serve(settings, read)


def _refuse_if_no_account_can_work(settings: Settings) -> None:
    """One account without its secrets is an alert; all of them are a configuration that is not finished."""
    missing = bootstrap.missing_secrets(settings, bootstrap.secrets_here())
    if missing and len(missing) == len(settings.accounts):
        said = sentence("no account has its secrets; nothing was started.")
        raise SecretMissing(each_language(lambda: "\n".join(map(str, (said, *missing)))))


def _one_round(house: House, dry_run: bool) -> int:
    """Sync, look at all that is due, deliver. The exit code."""
    if house.timekeeper.aside:
        for wrong_clock in house.clock_watch.findings():
            click.echo(f"! {wrong_clock.text} {wrong_clock.remedy}", err=True)
        house.tell()
        return 1
    synced = house.sync_content()
    wrong = [verdict for verdict in synced.verdicts if verdict.severity is Severity.ERROR]
    for verdict in wrong:
        click.echo(str(verdict), err=True)

    def say(report: LookReport) -> None:
        if report.action is not Action.PACED:
            click.echo(line(report, house))

    if not dry_run:
        house.care()
    reports = house.rounds.until_quiet(say)
    if not reports:
        click.echo(_("Nothing is due."))
    if dry_run:  # nothing was said: whatever looks next must find it as due as before
        house.store.ring([report.account for report in reports], house.clock.now())
        return 0
    delivered = house.tell()
    for failed in delivered.failed:
        click.echo(failed, err=True)
    open_alerts = [alert for alert in house.store.alerts() if alert.finding.condition not in MILD]
    for alert in open_alerts:
        click.echo(f"! {alert.finding.text} {alert.finding.remedy}", err=True)
    last = {report.account: report for report in reports}
    failures = wrong or delivered.failed or open_alerts or [r for r in last.values() if r.action in FAILED]
    return 1 if failures else 0


def line(report: LookReport, house: House) -> str:
    """One look, in a line or two."""
    now, zone = house.clock.now(), house.accounts[report.account].rule.zone
    said = f"\n    « {' '.join(report.text.split())} » {report.url or ''}".rstrip() if report.text else ""
    later = (
        ""
        if report.action in (Action.PUBLISHED, Action.WOULD_PUBLISH, Action.WAITS)
        else _("; next look {when}").format(when=phrases.at(report.look_at, zone, now))
    )
    told = phrases.named(report.account, report.reason)
    return f"{told.removesuffix('.') if later else told}{later}{said}"
