"""How verdicts on content are shown."""

from collections.abc import Iterable

import click

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.domain.alert import Condition
from veilleuse.domain.content import Severity, Verdict
from veilleuse.services.sync import SyncReport

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def echo_verdicts(verdicts: Iterable[Verdict]) -> None:
    """The gravest first, otherwise file by file."""
    for verdict in sorted(verdicts, key=lambda verdict: list(Severity).index(verdict.severity)):
        click.echo(click.style(str(verdict), fg=COLOURS[verdict.severity]))


def verdict_as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "severity": verdict.severity,
        "file": verdict.source.file,
        "line": verdict.source.line,
        "account": verdict.account or None,
        "post": verdict.post_id or None,
        "message": verdict.message,
        "remedy": verdict.remedy,
    }


def folder_trouble(report: SyncReport, settings: Settings) -> str | None:
    """Why the folder as a whole gives nothing; None: it gives."""
    findings = report.findings(bootstrap.accounts_of(settings), settings.alerts_owner)
    missing = (f for f in findings if f.condition is Condition.CONTENT_MISSING)
    return next((f"{finding.text} {finding.remedy}" for finding in missing), None)
