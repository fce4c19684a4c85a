"""Judging what a post says beside its id, its text and its approver."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from veilleuse.domain.account import Account
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity
from veilleuse.domain.fitting import fit
from veilleuse.domain.judged_image import judge_image
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import RESERVE_GAP, Image
from veilleuse.domain.wordings import variants
from veilleuse.domain.written import Wrong, moment, span, uses_at_most, web_address, whole, words, yes
from veilleuse.language import sentence


class Particulars:
    """Of the posts of one account. `now` is aware UTC."""

    def __init__(self, account: Account, specs: Mapping[str, NetworkSpec], now: datetime) -> None:
        self._spec = specs[account.network]
        self._specs = specs
        self._now = now
        local = partial(moment, zone=account.rule.zone, language=account.language)
        self._first, self._last = partial(local, end=False), partial(local, end=True)

    def read(self, case: Case, text: str, image: Image | Wrong | None) -> dict[str, Any]:
        """As fields of `Post`. What is wrong is said to the case."""
        link, warning = self._link(case, text), self._content_warning(case)
        alt = case.read("alt", words) or None
        judge_image(case, image, alt, self._spec)
        not_before, not_after = self._dates(case)
        return {
            "link": link,
            "image": image if isinstance(image, Image) else None,
            "alt": alt,
            "content_warning": warning,
            "variants": self._variants(case, link, warning),
            "priority": case.read("priority", whole) or 0,
            "not_before": not_before,
            "not_after": not_after,
            **_reserve(case),
        }

    def _link(self, case: Case, text: str) -> str | None:
        link = case.read("link", web_address)
        if link and self._spec.link_in_text and link in text:
            case.say(
                Severity.WARNING,
                "link",
                sentence("The link stands in the text already and would be shown twice."),
                sentence("Leave it out of one of them."),
            )
        return link

    def _content_warning(self, case: Case) -> str | None:
        warning = case.read("content_warning", words) or None
        if warning and not self._spec.content_warnings:
            case.say(
                Severity.WARNING,
                "content_warning",
                sentence("{title} knows no content warning: there the text is shown at once.", title=self._spec.title),
                sentence("Take the post out for this account if it must not be."),
            )
        return warning

    def _variants(self, case: Case, link: str | None, warning: str | None) -> dict[str, tuple[str, ...]]:
        found = case.read("variants", partial(variants, specs=self._specs)) or {}
        for network, wordings in found.items():
            for wording in wordings:
                fit(case, "variants", wording, self._specs[network], link, warning)
        return found

    def _dates(self, case: Case) -> tuple[datetime | None, datetime | None]:
        first, last = case.read("not_before", self._first), case.read("not_after", self._last)
        if first and last and last <= first:
            case.refuse(
                "not_after",
                sentence("It ends before it begins."),
                sentence("Exchange the two dates, or mend the year."),
            )
        elif last and last <= self._now:
            case.say(
                Severity.WARNING,
                "not_after",
                sentence("Its last day has passed: it is not said any more."),
                sentence("Take it out."),
            )
        return first, last


def _reserve(case: Case) -> dict[str, Any]:
    reserve = case.read("reserve", yes) or False
    gap, uses = case.read("reserve_gap", span), case.read("max_uses", uses_at_most)
    if not reserve and (gap or uses):
        case.say(
            Severity.WARNING,
            "reserve_gap" if gap else "max_uses",
            sentence("reserve gap and max uses mean something for a reserve post only; this one is said once."),
            sentence("Add reserve = true, or take them out."),
        )
    return {"reserve": reserve, "reserve_gap": gap or RESERVE_GAP, "max_uses": uses}
