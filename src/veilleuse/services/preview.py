"""The day before: the owner reads what will be said, and may veto it or post instead. Silence means go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.letter import LetterKind
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.queue import Candidate, speakers, wording
from veilleuse.language import _
from veilleuse.services.letters import Letters

NOTICE = timedelta(hours=36)  # looks come every twelve hours: whoever is told has a whole day


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    letters: Letters

    def __call__(
        self,
        account: Account,
        spec: NetworkSpec,
        candidates: Sequence[Candidate],
        last: datetime | None,
        speaks_at: datetime | None,
        now: datetime,
    ) -> bool:
        """Write of the next post, once for each post and silence. Times are aware UTC. Raises StoreUnavailable."""
        if not account.preview or speaks_at is None or not now < speaks_at <= now + NOTICE:
            return False
        following = speakers(candidates, account.network, speaks_at, last)
        worded = wording(following[0], account.network) if following else None
        if worded is None:
            return False
        post = following[0].post
        text = spec.compose(worded[1], post.link)
        when = speaks_at.astimezone(account.rule.zone)

        def say() -> tuple[str, str]:
            at = phrases.at(when, account.rule.zone, now)
            title = _("veilleuse: {account} speaks {when}").format(account=account.name, when=at)
            facts = [
                _("Warning: {warning}").format(warning=post.content_warning)
                if post.content_warning and spec.content_warnings
                else "",
                _("Link: {link}").format(link=post.link) if post.link and not spec.link_in_text else "",
                _("Image: {image}").format(image=post.image.name) if post.image else "",
                _("Approved by: {name}").format(name=post.approved_by or ""),
            ]
            parts = (
                _("Unless you post yourself or veto it, this goes out on {network} {when}:").format(
                    network=spec.title, when=at
                ),
                "\n".join(f"    {line}" for line in text.splitlines()),
                "\n".join(filter(None, facts)),
                _("To veto it: {command}").format(command=f"veilleuse veto {post.ref} --as {account.owner}"),
                _("If you do nothing, it is published. The next post takes the place of a vetoed one."),
            )
            return title, "\n\n".join(parts)

        silence = "never" if last is None else last.isoformat(timespec="minutes")
        return self.letters.write(LetterKind.PREVIEW, f"{post.ref}/{worded[0]} after {silence}", account.owner, say)
