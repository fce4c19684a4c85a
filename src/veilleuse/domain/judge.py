"""Judging: whether what a person wrote may become a post of an account, and what to tell them if not.

The words are a community manager's. Every mistake of a post is told at once; a post with an error does not enter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any

from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.advice import advise
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import RESERVE_GAP, Image, Post, Source
from veilleuse.domain.rule import Approval
from veilleuse.domain.text import text_id
from veilleuse.domain.written import Wrong, identifier, moment, span, uses_at_most, web_address, whole, words, yes

SHORT = 280  # the rule is a short message: longer than this draws a warning on every network

_PLAIN = frozenset({"id", "text", "approved_by"})
KEYS = _PLAIN | {
    "link",
    "image",
    "alt",
    "content_warning",
    "variants",
    "priority",
    "reserve",
    "reserve_gap",
    "max_uses",
    "not_before",
    "not_after",
}
Approver = tuple[str, Source]  # the name at the top of a file, and where it stands


class Judge:
    """Judges the posts written for one account. `now` is aware UTC."""

    def __init__(self, account: Account, specs: Mapping[str, NetworkSpec], now: datetime) -> None:
        self._account = account
        self._spec = specs[account.network]
        self._specs = specs
        self._now = now
        self._approvers = {name.casefold(): name for name in account.may_approve}

    def judge(
        self,
        fields: Mapping[str, object],
        source: Source,
        position: int,
        *,
        image: Image | Wrong | None = None,
        approver: Approver | None = None,
        locate: Callable[[str], Source] | None = None,
    ) -> tuple[Post | None, Sequence[Verdict]]:
        """The post, or None if it has an error; and what there is to say.

        `image` is what was found behind the key `image`; `approver` speaks for the whole file; `locate` knows the
        place of each key.
        """
        case = Case(self._account.name, fields, source, locate)
        text = case.read("text", words) or ""
        if not text and not case.failed and not any(_meant(key) == "text" for key in fields.keys() - KEYS):
            case.refuse("text", "There is no text.", "Write one, or take the post out.")
        name = case.read("id", identifier)
        case.post_id = name or (text_id(text) if text else "")
        # Most posts are a text and an id: nothing else is looked for then.
        more = {} if fields.keys() <= _PLAIN else self._more(case, text, image)
        if self._spec.name not in more.get("variants", ()):
            self._fit(case, "text", text, more, self._spec)
        approved_by = self._approved_by(case, approver)
        if not self._account.speaks:
            how = "reserved and watched" if self._account.kind is AccountKind.RESERVED else "watched"
            told = f"{self._account.name} is only {how}: nothing is ever posted there."
            self._of_the_file(case, Severity.WARNING, told, "Move it to an account that may speak.")
        if case.failed:
            return None, case.verdicts
        post = Post(
            account=self._account.name,
            id=case.post_id,
            text=text,
            source=source,
            named=bool(name),
            approved_by=approved_by,
            order=(source.file, position),
            **more,
        )
        advise(case, post, self._account, self._now)
        return post, case.verdicts

    def _more(self, case: Case, text: str, image: Image | Wrong | None) -> dict[str, Any]:
        for key in sorted(case.fields.keys() - KEYS):
            _unknown(case, key)
        link = case.read("link", web_address)
        if link and self._spec.link_in_text and link in text:
            case.say(
                Severity.WARNING,
                "link",
                "The link stands in the text already and would be shown twice.",
                "Leave it out of one of them.",
            )
        alt = case.read("alt", words) or None
        self._look_at(case, image, alt)
        warning = case.read("content_warning", words) or None
        if warning and not self._spec.content_warnings:
            case.say(
                Severity.WARNING,
                "content_warning",
                f"{self._spec.title} knows no content warning: there the text is shown at once.",
                "Take the post out for this account if it must not be.",
            )
        variants = case.read("variants", self._variants) or {}
        for network, wordings in variants.items():
            for wording in wordings:
                around = {"link": link, "content_warning": warning}
                self._fit(case, "variants", wording, around, self._specs[network])
        reserve = case.read("reserve", yes) or False
        gap, uses = case.read("reserve_gap", span), case.read("max_uses", uses_at_most)
        if not reserve and (gap or uses):
            case.say(
                Severity.WARNING,
                "reserve_gap" if gap else "max_uses",
                "reserve gap and max uses mean something for a reserve post only; this one is said once.",
                "Add reserve = true, or take them out.",
            )
        not_before, not_after = self._dates(case)
        return {
            "link": link,
            "image": image if isinstance(image, Image) else None,
            "alt": alt,
            "content_warning": warning,
            "variants": variants,
            "priority": case.read("priority", whole) or 0,
            "reserve": reserve,
            "reserve_gap": gap or RESERVE_GAP,
            "max_uses": uses,
            "not_before": not_before,
            "not_after": not_after,
        }

    def _fit(self, case: Case, key: str, text: str, around: Mapping[str, Any], spec: NetworkSpec) -> None:
        """`around`: the link and the content warning, as fields of the post."""
        length = spec.length(spec.compose(text, around.get("link")), around.get("content_warning"))
        if length <= SHORT and length <= spec.limit:
            return
        what = "The text" if key == "text" else f"The wording for {spec.title}"
        if length > spec.limit:
            over = length - spec.limit
            case.refuse(
                key,
                f"{what} is {over} character{'s' if over > 1 else ''} too long for {spec.title}: "
                f"{length} as {spec.title} counts, {spec.limit} at most.",
                f"Shorten it by {over}.",
            )
        else:
            case.say(
                Severity.WARNING,
                key,
                f"{what} is long: {length} characters.",
                f"The rule is a short message: {SHORT} or less is read to its end.",
            )

    def _variants(self, value: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, Mapping):
            raise Wrong("It does not say for which network.", 'Write, say, variants = { mastodon = "..." }.')
        return {network: tuple(self._wordings(network, texts)) for network, texts in value.items()}

    def _wordings(self, network: str, texts: object) -> Iterator[str]:
        if network not in self._specs:
            guess = nearest(network, self._specs)
            raise Wrong(
                f'No network is called "{network}".',
                f'Did you mean "{guess}"?' if guess else f"There are {', '.join(sorted(self._specs))}.",
            )
        for text in texts if isinstance(texts, list) and texts else [texts]:
            wording = words(text)
            if not wording:
                raise Wrong(f"A wording for {self._specs[network].title} is empty.", "Write it, or take it out.")
            yield wording

    def _look_at(self, case: Case, image: Image | Wrong | None, alt: str | None) -> None:
        spec = self._spec
        if isinstance(image, Wrong):
            case.refuse("image", image.message, image.remedy)
        elif image is None:
            if alt:
                case.say(Severity.WARNING, "alt", "There is an alternative text, but no image.", "Name the image.")
        elif not spec.image_types:
            case.refuse("image", f"{spec.title} takes no image here.", "Take the image out for this account.")
        elif image.size > spec.image_max_bytes:
            case.refuse(
                "image",
                f"{image.name} is too large for {spec.title}: {_megabytes(image.size)}, "
                f"at most {_megabytes(spec.image_max_bytes)}.",
                "Save it smaller.",
            )
        elif image.media_type not in spec.image_types:
            kinds = ", ".join(sorted(each.removeprefix("image/").upper() for each in spec.image_types))
            what = image.media_type.removeprefix("image/").upper() or "no picture known here"
            case.refuse("image", f"{image.name} is {what}; {spec.title} takes {kinds}.", "Save it as one of these.")
        elif not alt:
            case.say(
                Severity.WARNING,
                "image",
                f"{image.name} has no alternative text: people who cannot see it learn nothing.",
                "Say in `alt` what it shows.",
            )
        if alt and len(alt) > spec.alt_max:
            case.refuse(
                "alt", f"The alternative text has {len(alt)} characters, at most {spec.alt_max}.", "Shorten it."
            )

    def _dates(self, case: Case) -> tuple[datetime | None, datetime | None]:
        def local(end: bool) -> Callable[[object], datetime]:
            zone, language = self._account.rule.zone, self._account.language
            return lambda value: moment(value, zone=zone, language=language, end=end)

        first, last = case.read("not_before", local(False)), case.read("not_after", local(True))
        if first and last and last <= first:
            case.refuse("not_after", "It ends before it begins.", "Exchange the two dates, or mend the year.")
        elif last and last <= self._now:
            case.say(Severity.WARNING, "not_after", "Its last day has passed: it is not said any more.", "Take it out.")
        return first, last

    def _approved_by(self, case: Case, approver: Approver | None) -> str | None:
        name = case.read("approved_by", words)
        if name is None and approver is not None:
            name = approver[0]
        if not name:
            return None
        if self._account.rule.approval is Approval.SIGNED:
            told = "A name in the file approves nothing here: this account wants signed approval."
            mend = f"Sign the posts with `veilleuse approve {self._account.name} --as YOUR-NAME`."
            self._of_the_file(case, Severity.NOTE, told, mend)
            return None
        approved_by = self._approvers.get(name.casefold())
        if approved_by is None:
            who = " and ".join(self._approvers.values())
            message = f"{name} may not approve for {self._account.name}; {who} may."
            remedy = "It stays a draft until one of them is named."
            if "approved_by" in case.fields:
                case.say(Severity.WARNING, "approved_by", message, remedy)
            elif approver is not None:
                self._of_the_file(case, Severity.WARNING, message, remedy, approver[1])
        return approved_by

    def _of_the_file(
        self, case: Case, severity: Severity, message: str, remedy: str = "", at: Source | None = None
    ) -> None:
        """Said of the file, not of each post in it: equal verdicts are told once."""
        case.verdicts.append(
            Verdict(
                severity=severity,
                source=at or Source(file=case.source.file),
                message=message,
                remedy=remedy,
                account=self._account.name,
            )
        )


def _meant(key: str) -> str | None:
    return nearest(key, KEYS)


def _unknown(case: Case, key: str) -> None:
    if key in ("account", "accounts"):
        remedy = f"Write `{key}` once at the top of the file, above the first [[post]]."
    else:
        guess = _meant(key)
        remedy = f"Did you mean `{guess}`?" if guess else f"A post may have {', '.join(sorted(KEYS))}."
    case.refuse(key, f"`{key[:80]}` is no key of a post.", remedy)


def _megabytes(size: int) -> str:
    """Rounded up: what is a byte too large must not look equal to the limit."""
    return f"{ceil(size / 100_000) / 10:.1f} MB"
