"""Judging: whether what a person wrote may become a post of an account, and what to tell them if not.

The words are a community manager's. Every mistake of a post is told at once; a post with an error does not enter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from math import ceil
from typing import Any

from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.advice import advise
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.phrases import all_of
from veilleuse.domain.post import RESERVE_GAP, Image, Post, Source
from veilleuse.domain.rule import Approval
from veilleuse.domain.text import text_id
from veilleuse.domain.written import Wrong, identifier, moment, span, uses_at_most, web_address, whole, words, yes
from veilleuse.language import each_language, ngettext, sentence

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
            case.refuse("text", sentence("There is no text."), sentence("Write one, or take the post out."))
        name = case.read("id", identifier)
        case.post_id = name or (text_id(text) if text else "")
        # Most posts are a text and an id: nothing else is looked for then.
        more = {} if fields.keys() <= _PLAIN else self._more(case, text, image)
        if self._spec.name not in more.get("variants", ()):
            self._fit(case, "text", text, more, self._spec)
        approved_by = self._approved_by(case, approver)
        if not self._account.speaks:
            told = (
                sentence(
                    "{account} is only reserved and watched: nothing is ever posted there.", account=self._account.name
                )
                if self._account.kind is AccountKind.RESERVED
                else sentence("{account} is only watched: nothing is ever posted there.", account=self._account.name)
            )
            self._of_the_file(case, Severity.WARNING, told, sentence("Move it to an account that may speak."))
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
                sentence("The link stands in the text already and would be shown twice."),
                sentence("Leave it out of one of them."),
            )
        alt = case.read("alt", words) or None
        self._look_at(case, image, alt)
        warning = case.read("content_warning", words) or None
        if warning and not self._spec.content_warnings:
            case.say(
                Severity.WARNING,
                "content_warning",
                sentence("{title} knows no content warning: there the text is shown at once.", title=self._spec.title),
                sentence("Take the post out for this account if it must not be."),
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
                sentence("reserve gap and max uses mean something for a reserve post only; this one is said once."),
                sentence("Add reserve = true, or take them out."),
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
        if length > spec.limit:
            over = length - spec.limit
            case.refuse(
                key,
                each_language(
                    lambda: _too_long(key == "text", over).format(
                        count=over, title=spec.title, length=length, most=spec.limit
                    )
                ),
                sentence("Shorten it by {over}.", over=over),
            )
        else:
            case.say(
                Severity.WARNING,
                key,
                sentence("The text is long: {length} characters.", length=length)
                if key == "text"
                else sentence("The wording for {title} is long: {length} characters.", title=spec.title, length=length),
                sentence("The rule is a short message: {count} or less is read to its end.", count=SHORT),
            )

    def _variants(self, value: object) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, Mapping):
            raise Wrong(
                sentence("It does not say for which network."),
                sentence('Write, say, variants = {{ mastodon = "..." }}.'),
            )
        return {network: tuple(self._wordings(network, texts)) for network, texts in value.items()}

    def _wordings(self, network: str, texts: object) -> Iterator[str]:
        if network not in self._specs:
            guess = nearest(network, self._specs)
            raise Wrong(
                sentence('No network is called "{network}".', network=network),
                sentence('Did you mean "{guess}"?', guess=guess)
                if guess
                else sentence("There are {names}.", names=", ".join(sorted(self._specs))),
            )
        for text in texts if isinstance(texts, list) and texts else [texts]:
            wording = words(text)
            if not wording:
                raise Wrong(
                    sentence("A wording for {title} is empty.", title=self._specs[network].title),
                    sentence("Write it, or take it out."),
                )
            yield wording

    def _look_at(self, case: Case, image: Image | Wrong | None, alt: str | None) -> None:
        spec = self._spec
        if isinstance(image, Wrong):
            case.refuse("image", image.message, image.remedy)
        elif image is None:
            if alt:
                case.say(
                    Severity.WARNING,
                    "alt",
                    sentence("There is an alternative text, but no image."),
                    sentence("Name the image."),
                )
        elif not spec.image_types:
            case.refuse(
                "image",
                sentence("{title} takes no image here.", title=spec.title),
                sentence("Take the image out for this account."),
            )
        elif image.size > spec.image_max_bytes:
            case.refuse(
                "image",
                sentence(
                    "{name} is too large for {title}: {size}, at most {most}.",
                    name=image.name,
                    title=spec.title,
                    size=_megabytes(image.size),
                    most=_megabytes(spec.image_max_bytes),
                ),
                sentence("Save it smaller."),
            )
        elif image.media_type not in spec.image_types:
            kinds = ", ".join(sorted(each.removeprefix("image/").upper() for each in spec.image_types))
            what = image.media_type.removeprefix("image/").upper() or sentence("no picture known here")
            case.refuse(
                "image",
                sentence(
                    "{name} is {what}; {title} takes {kinds}.",
                    name=image.name,
                    what=what,
                    title=spec.title,
                    kinds=kinds,
                ),
                sentence("Save it as one of these."),
            )
        elif not alt:
            case.say(
                Severity.WARNING,
                "image",
                sentence("{name} has no alternative text: people who cannot see it learn nothing.", name=image.name),
                sentence("Say in `alt` what it shows."),
            )
        if alt and len(alt) > spec.alt_max:
            case.refuse(
                "alt",
                sentence(
                    "The alternative text has {count} characters, at most {most}.",
                    count=len(alt),
                    most=spec.alt_max,
                ),
                sentence("Shorten it."),
            )

    def _dates(self, case: Case) -> tuple[datetime | None, datetime | None]:
        def local(end: bool) -> Callable[[object], datetime]:
            zone, language = self._account.rule.zone, self._account.language
            return lambda value: moment(value, zone=zone, language=language, end=end)

        first, last = case.read("not_before", local(False)), case.read("not_after", local(True))
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

    def _approved_by(self, case: Case, approver: Approver | None) -> str | None:
        name = case.read("approved_by", words)
        if name is None and approver is not None:
            name = approver[0]
        if not name:
            return None
        if self._account.rule.approval is Approval.SIGNED:
            self._of_the_file(case, Severity.NOTE, *self._signing)
            return None
        approved_by = self._approvers.get(name.casefold())
        if approved_by is None:
            message = sentence(
                "{name} may not approve for {account}; {who} may.",
                name=name,
                account=self._account.name,
                who=each_language(lambda: all_of(self._approvers.values())),
            )
            remedy = sentence("It stays a draft until one of them is named.")
            if "approved_by" in case.fields:
                case.say(Severity.WARNING, "approved_by", message, remedy)
            elif approver is not None:
                self._of_the_file(case, Severity.WARNING, message, remedy, approver[1])
        return approved_by

    @cached_property  # it is said at every post
    def _signing(self) -> tuple[str, str]:
        return (
            sentence("A name in the file approves nothing here: this account wants signed approval."),
            sentence("Sign the posts with `veilleuse approve {account} --as YOUR-NAME`.", account=self._account.name),
        )

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
        remedy = sentence("Write `{key}` once at the top of the file, above the first [[post]].", key=key)
    else:
        guess = _meant(key)
        remedy = (
            sentence("Did you mean `{guess}`?", guess=guess)
            if guess
            else sentence("A post may have {keys}.", keys=", ".join(sorted(KEYS)))
        )
    case.refuse(key, sentence("`{key}` is no key of a post.", key=key[:80]), remedy)


def _too_long(text: bool, over: int) -> str:
    """To be filled in; the number is how many characters are too many."""
    if text:
        return ngettext(
            "The text is {count} character too long for {title}: {length} as {title} counts, {most} at most.",
            "The text is {count} characters too long for {title}: {length} as {title} counts, {most} at most.",
            over,
        )
    return ngettext(
        "The wording for {title} is {count} character too long: {length} as {title} counts, {most} at most.",
        "The wording for {title} is {count} characters too long: {length} as {title} counts, {most} at most.",
        over,
    )


def _megabytes(size: int) -> str:
    """Rounded up: what is a byte too large must not look equal to the limit."""
    return sentence("{size:.1f} MB", size=ceil(size / 100_000) / 10)
