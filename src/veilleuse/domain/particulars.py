"""Judging what a post says beside its id, its text and its approver."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from veilleuse.domain.account import Account
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity
from veilleuse.domain.fitting import fit
from veilleuse.domain.judged_image import judge_image
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Image
from veilleuse.domain.wordings import variants
from veilleuse.domain.written import Wrong, moment, span, uses_at_most, web_address, whole, words, yes
from veilleuse.language import sentence

Found = Mapping[str, Any]  # fields of `Post`


class Particulars:
    """Of the posts of one account. `now` is aware UTC."""

    def __init__(self, account: Account, specs: Mapping[str, NetworkSpec], now: datetime) -> None:
        self._spec = specs[account.network]
        self._specs = specs
        self._now = now
        local = partial(moment, zone=account.rule.zone, language=account.language)
        self._meanings: Mapping[str, Callable[[object], object]] = {
            "link": web_address,
            "alt": words,
            "content_warning": words,
            "variants": partial(variants, specs=specs),
            "priority": whole,
            "reserve": yes,
            "reserve_gap": span,
            "max_uses": uses_at_most,
            "not_before": partial(local, end=False),
            "not_after": partial(local, end=True),
        }

    def read(self, case: Case, text: str, image: Image | Wrong | None) -> Found:
        """What is written, without what is empty. What is wrong or in doubt is said to the case."""
        found: dict[str, Any] = {}
        for key, meaning in self._meanings.items():
            if key in case.fields and (value := case.read(key, meaning)):
                found[key] = value
        self._judge_link(case, text, found)
        judge_image(case, image, found.get("alt"), self._spec)
        self._judge_content_warning(case, found)
        self._judge_variants(case, found)
        _judge_reserve(case, found)
        self._judge_dates(case, found)
        return found | {"image": image} if isinstance(image, Image) else found

    def _judge_link(self, case: Case, text: str, found: Found) -> None:
        if self._spec.link_in_text and "link" in found and found["link"] in text:
            case.say(
                Severity.WARNING,
                "link",
                sentence("The link stands in the text already and would be shown twice."),
                sentence("Leave it out of one of them."),
            )

    def _judge_content_warning(self, case: Case, found: Found) -> None:
        if "content_warning" in found and not self._spec.content_warnings:
            case.say(
                Severity.WARNING,
                "content_warning",
                sentence("{title} knows no content warning: there the text is shown at once.", title=self._spec.title),
                sentence("Take the post out for this account if it must not be."),
            )

    def _judge_variants(self, case: Case, found: Found) -> None:
        for network, wordings in found.get("variants", {}).items():
            for wording in wordings:
                fit(case, "variants", wording, self._specs[network], found.get("link"), found.get("content_warning"))

    def _judge_dates(self, case: Case, found: Found) -> None:
        first, last = found.get("not_before"), found.get("not_after")
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


def _judge_reserve(case: Case, found: Found) -> None:
    if "reserve" not in found and ("reserve_gap" in found or "max_uses" in found):
        case.say(
            Severity.WARNING,
            "reserve_gap" if "reserve_gap" in found else "max_uses",
            sentence("reserve gap and max uses mean something for a reserve post only; this one is said once."),
            sentence("Add reserve = true, or take them out."),
        )
