"""What `veilleuse check` looks at, one part after the other; nothing is sent, nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from veilleuse import bootstrap
from veilleuse.config import ConfigInvalid, Person, SecretMissing, Settings
from veilleuse.domain import phrases
from veilleuse.domain.content import Severity
from veilleuse.domain.rule import Approval
from veilleuse.entrypoints.cli.verdicts import folder_trouble
from veilleuse.language import N_, _, ngettext
from veilleuse.ports import Clock, DatabaseMissing, SchemaOlder, StoreUnavailable, StoreUnfit

CANNOT_START = 2
NEEDS_HUMAN = 1
FINE = 0


class Part(StrEnum):
    CONFIGURATION = N_("configuration")
    SECRETS = N_("secrets")
    PEOPLE = N_("people")
    CONTENT = N_("content")
    DATABASE = N_("database")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing to say. `code` is the exit code it asks for."""

    part: Part
    severity: Severity
    text: str
    where: str = ""  # file and line
    code: int = FINE


@dataclass(slots=True)
class Inspection:
    """What was found: points to act on, and by part what is simply so."""

    points: list[Point] = field(default_factory=list)
    facts: dict[Part, list[str]] = field(default_factory=dict)

    @property
    def code(self) -> int:
        return max((point.code for point in self.points), default=FINE)

    def wrong(self, part: Part, text: str, *, where: str = "", code: int = CANNOT_START) -> None:
        self.points.append(Point(part=part, severity=Severity.ERROR, text=text, where=where, code=code))

    def warn(self, part: Part, text: str) -> None:
        self.points.append(Point(part=part, severity=Severity.WARNING, text=text))

    def note(self, part: Part, fact: str) -> None:
        self.facts.setdefault(part, []).append(fact)


def inspect(config: Path, clock: Clock) -> Inspection:
    """All of it, as far as the configuration can be read."""
    found = Inspection()
    try:
        settings = bootstrap.load(config)
    except ConfigInvalid as invalid:
        for problem in invalid.problems:
            where = problem.file if problem.line is None else f"{problem.file}:{problem.line}"
            key = f"{problem.key}: " if problem.key else ""
            found.wrong(Part.CONFIGURATION, f"{key}{problem.message}. {problem.remedy}", where=where)
        return found
    _configuration(settings, clock.now(), found)
    _secrets(settings, found)
    _people(settings, found)
    _content(settings, clock, found)
    _database(settings, found)
    return found


def _configuration(settings: Settings, now: datetime, found: Inspection) -> None:
    accounts = phrases.count(len(settings.accounts), "account")
    people = ngettext("{count} person", "{count} people", len(settings.people)).format(count=len(settings.people))
    found.note(Part.CONFIGURATION, f"{settings.path}: {accounts}, {people}")
    zones = {account.rule.zone.key: account.rule.zone for account in settings.accounts}
    for name, zone in zones.items():
        local = now.astimezone(zone)
        found.note(
            Part.CONFIGURATION,
            _("in {zone} it is {when}").format(
                zone=name, when=f"{phrases.date_in_full(local.date(), local.date())} {local:%Y, %H:%M}"
            ),
        )


def _secrets(settings: Settings, found: Inspection) -> None:
    source = bootstrap.secrets_here()
    for account in settings.accounts:
        spec, refs = bootstrap.SPECS[account.network], settings.credentials.get(account.name, {})
        who = _("{name} on {title}").format(name=account.name, title=spec.title)
        missing: list[str] = []
        states = []
        for secret in spec.secrets:
            try:
                has = source.has(account.name, secret, refs)
            except SecretMissing as unreadable:
                found.wrong(Part.SECRETS, f"{who}, {secret.name}: {unreadable}.")
                states.append(_("{name} unreadable").format(name=secret.name))
                continue
            needed = secret.required or secret.name in refs
            said = _("{name} found") if has else _("{name} MISSING") if needed else _("{name} not set (optional)")
            states.append(said.format(name=secret.name))
            if needed and not has:
                missing.append(f"{secret.name}: {', '.join(source.places(account.name, secret, refs))}")
        if missing:
            mend = _(
                "{who} misses secrets. Put each in one of the places looked at, or say in "
                "[accounts.{name}.credentials] where it is:"
            )
            found.wrong(Part.SECRETS, "\n      ".join([mend.format(who=who, name=account.name), *missing]))
        told = ", ".join(states) or _("needs none")
        found.note(Part.SECRETS, phrases.named(who, told))


def _people(settings: Settings, found: Inspection) -> None:
    owners = {account.owner for account in settings.accounts} | {settings.alerts_owner}
    for person in settings.people:
        if not person.notify and person.name in owners:
            said = _(
                "{name} is to be called, but nobody knows where. "
                "Add `notify`; until then alerts stand only in `veilleuse alerts`."
            )
            found.warn(Part.PEOPLE, said.format(name=person.name))
        troubles = list(_channels(person))
        for channel, trouble in enumerate(troubles, start=1):
            if trouble:
                found.wrong(
                    Part.PEOPLE,
                    _("people.{name}.notify, entry {channel}: {trouble}").format(
                        name=person.name, channel=channel, trouble=trouble
                    ),
                )
        usable = _("{count} of {channels} usable") if troubles else _("no channel")
        told = usable.format(count=troubles.count(None), channels=phrases.count(len(troubles), "channel"))
        found.note(Part.PEOPLE, phrases.named(person.name, told))
    if any(person.notify for person in settings.people):
        found.note(Part.PEOPLE, _("whether messages arrive: `veilleuse alerts test`"))


def _channels(person: Person) -> Iterator[str | None]:
    """What is wrong with each of a person's channels; None: nothing that can be seen without sending."""
    source = bootstrap.secrets_here()
    for place in person.notify:
        try:
            yield bootstrap.check_address(source.resolve(place))
        except SecretMissing as missing:
            yield f"{missing}."


def _content(settings: Settings, clock: Clock, found: Inspection) -> None:
    rehearsal = bootstrap.rehearsal(settings, clock)
    accounts = bootstrap.accounts_of(settings)
    found.note(Part.CONTENT, str(settings.content))
    if trouble := folder_trouble(rehearsal.report, settings):
        found.wrong(Part.CONTENT, trouble, code=NEEDS_HUMAN)
    for verdict in rehearsal.report.verdicts:
        who = f"{verdict.account}/{verdict.post_id}: " if verdict.post_id else ""
        text = f"{who}{verdict.message} {verdict.remedy}".rstrip()
        code = NEEDS_HUMAN if verdict.severity is Severity.ERROR else FINE
        found.points.append(
            Point(part=Part.CONTENT, severity=verdict.severity, text=text, where=str(verdict.source), code=code)
        )
    for stop in rehearsal.stops:
        found.warn(
            Part.CONTENT,
            _("{who} is frozen by {origin}: {reason}").format(
                who=stop.account or _("Every account"), origin=stop.origin, reason=stop.reason
            ),
        )
    for supply in rehearsal.supplies:
        posts, drafts = phrases.count(supply.posts, "post"), phrases.count(supply.drafts, "draft")
        approved = ngettext("{count} approved", "{count} approved", supply.approved).format(count=supply.approved)
        found.note(
            Part.CONTENT,
            _("{posts} for {account}: {approved}, {drafts}").format(
                posts=posts, account=supply.account, approved=approved, drafts=drafts
            ),
        )
        speaks = accounts[supply.account].speaks
        signed = accounts[supply.account].rule.approval is Approval.SIGNED and supply.posts  # the database knows whom
        if speaks and not supply.approved and not trouble and not signed:
            mend = _("Approve some: write approved_by.") if supply.drafts else _("Write some, and approve them.")
            found.warn(
                Part.CONTENT,
                _("{account} has nothing approved to say. {mend}").format(account=supply.account, mend=mend),
            )


def _database(settings: Settings, found: Inspection) -> None:
    try:
        name = bootstrap.database_name(settings)
        with bootstrap.open_reading(settings):
            found.note(Part.DATABASE, _("{name}: it answers, and its schema is this version's").format(name=name))
    except DatabaseMissing:
        found.note(Part.DATABASE, _("{name}: not there yet; `veilleuse run` makes it").format(name=name))
    except SchemaOlder:
        found.note(Part.DATABASE, _("{name}: of an older version; `veilleuse run` upgrades it").format(name=name))
    except (StoreUnfit, SecretMissing, ConfigInvalid) as unfit:
        found.wrong(Part.DATABASE, str(unfit))
    except StoreUnavailable as away:
        found.wrong(Part.DATABASE, str(away), code=NEEDS_HUMAN)
