"""The rule of an account: what it says itself, over what [rule] says, over the defaults."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from veilleuse.config.section import Section
from veilleuse.config.values import count, country, days, duration, one_of, texts, week
from veilleuse.domain.account import AccountKind
from veilleuse.domain.activity import Kind
from veilleuse.domain.durations import spell_duration
from veilleuse.domain.grade import HOLIDAY
from veilleuse.domain.hours import DAILY_8_TO_20, Hours
from veilleuse.domain.rule import Approval, Rule, WhenBlind
from veilleuse.language import sentence

DAY = timedelta(days=1)


def _kinds(value: object) -> frozenset[Kind]:
    return frozenset(one_of(Kind, item) for item in texts(value))


KEYS: Mapping[str, Callable[[object], object]] = {
    "max_silence": duration,
    "lead": duration,
    "min_gap": duration,
    "max_per_day": count,
    "hours": week,
    "holidays": country,
    "quiet_days": days,
    "activity": _kinds,
    "approval": partial(one_of, Approval),
    "when_blind": partial(one_of, WhenBlind),
}
TIMES = ("max_silence", "lead", "min_gap", "max_per_day")  # these must fit together


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKeys:
    """The keys of the rule that one table holds, parsed, and the table each was written in."""

    values: Mapping[str, Any]
    sections: Mapping[str, Section]

    def over(self, below: "RuleKeys") -> "RuleKeys":
        return RuleKeys(values={**below.values, **self.values}, sections={**below.sections, **self.sections})


NO_KEYS = RuleKeys(values={}, sections={})
# What an account's kind puts in the place of the built-in defaults; whatever is written, in [rule] too, stands above.
# The articles find 20 days of silence fine, and a personal account "quite different" from a company's.
OF_KIND = {AccountKind.PERSONAL: RuleKeys(values={"max_silence": HOLIDAY}, sections={})}


def read_rule_keys(section: Section) -> RuleKeys:
    """What this table says of the rule."""
    values = {key: section.take(key, parse, None) for key, parse in KEYS.items()}
    return RuleKeys(
        values={key: value for key, value in values.items() if value is not None},
        sections={key: section for key in KEYS if key in section},
    )


def make_rule(keys: RuleKeys, zone: ZoneInfo, account: Section) -> Rule:
    """The complete rule. What does not fit together is noted where it was written."""
    values = dict(keys.values)
    hours = Hours(
        zone=zone,
        week=values.pop("hours", DAILY_8_TO_20),
        holidays=values.pop("holidays", None) or None,
        quiet_days=values.pop("quiet_days", ()),
    )
    if any(key in keys.sections and key in keys.sections[key].failed for key in TIMES):
        return Rule(hours=hours)  # said already; a default in its place would bring up mistakes nobody made
    misfit = _misfit(values)
    if misfit:
        key, message, remedy = misfit
        written = next((each for each in (key, "max_silence") if each in keys.sections), key)
        keys.sections.get(written, account).wrong(written, message, remedy)
        return Rule(hours=hours)
    return Rule(hours=hours, **values)


def _misfit(values: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Key, message and remedy of the first thing that cannot hold together."""
    default = Rule()
    silence, lead, gap, per_day = (values.get(key, getattr(default, key)) for key in TIMES)
    limit = f"max_silence ({spell_duration(silence)})"
    for key, span in (("lead", lead), ("min_gap", gap)):
        if span >= silence:
            message = sentence(
                "{key} ({span}) must be shorter than {limit}",
                key=key,
                span=spell_duration(span),
                limit=limit,
            )
            return key, message, sentence("Write a shorter {key} or a longer max_silence.", key=key)
    needed = math.ceil(DAY / (silence - lead))
    if per_day < needed:
        message = sentence(
            "{limit} needs up to {needed} posts a day, and max_per_day allows {per_day}",
            limit=limit,
            needed=needed,
            per_day=per_day,
        )
        return "max_per_day", message, sentence("Write max_per_day = {needed}, or a longer max_silence.", needed=needed)
    return None
