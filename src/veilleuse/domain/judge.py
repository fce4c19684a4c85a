"""Judging: whether what a person wrote may become a post of an account, and what to tell them if not.

The words are a community manager's. Every mistake of a post is told at once; a post with an error does not enter.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.advice import advise
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity, Verdict
from veilleuse.domain.fitting import fit
from veilleuse.domain.keys import KEYS, PLAIN, meant, refuse_unknown
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.particulars import Found, Particulars
from veilleuse.domain.phrases import all_of
from veilleuse.domain.post import Image, Post, Source
from veilleuse.domain.rule import Approval
from veilleuse.domain.text import text_id
from veilleuse.domain.written import Wrong, bare, identifier, words
from veilleuse.language import each_language, sentence

Approver = tuple[str, Source]  # the name at the top of a file, and where it stands


class Judge:
    """Judges the posts written for one account. `now` is aware UTC."""

    def __init__(self, account: Account, specs: Mapping[str, NetworkSpec], now: datetime) -> None:
        self._account = account
        self._spec = specs[account.network]
        self._now = now
        self._particulars = Particulars(account, specs, now)
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
        if not text and not case.failed and not any(meant(key) == "text" for key in fields.keys() - KEYS):
            case.refuse("text", sentence("There is no text."), sentence("Write one, or take the post out."))
        name = case.read("id", identifier)
        case.post_id = name or (text_id(text) if text else "")
        # Most posts are a text and an id: nothing else is looked for then.
        more: Found = {}
        if not fields.keys() <= PLAIN:
            refuse_unknown(case)
            more = self._particulars.read(case, text, image)
        if self._spec.name not in more.get("variants", ()):
            fit(case, "text", text, self._spec, more.get("link"), more.get("content_warning"))
        approved_by = self._approved_by(case, approver)
        if not self._account.speaks:
            self._of_the_file(case, Severity.WARNING, *self._silence)
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

    def _approved_by(self, case: Case, approver: Approver | None) -> str | None:
        name = case.read("approved_by", words)
        if name is None and approver is not None:
            name = approver[0]
        if not name:
            return None
        if self._account.rule.approval is Approval.SIGNED:
            self._of_the_file(case, Severity.NOTE, *self._signing)
            return None
        approved_by = self._approvers.get(bare(name).casefold())
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
    def _silence(self) -> tuple[str, str]:
        told = (
            sentence(
                "{account} is only reserved and watched: nothing is ever posted there.", account=self._account.name
            )
            if self._account.kind is AccountKind.RESERVED
            else sentence("{account} is only watched: nothing is ever posted there.", account=self._account.name)
        )
        return told, sentence("Move it to an account that may speak.")

    @cached_property
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
