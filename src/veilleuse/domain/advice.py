"""What a post would better not do although it may: warnings that refuse nothing."""

from datetime import UTC, datetime, time, timedelta
from functools import cache

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity
from veilleuse.domain.dated_words import day_words, last_day, tells_a_day
from veilleuse.domain.post import Post
from veilleuse.domain.prices import USD, X_POST, X_POST_WITH_LINK
from veilleuse.domain.written import day_to_write
from veilleuse.language import _, each_language, ngettext, sentence


def advise(case: Case, post: Post, account: Account, now: datetime) -> None:
    """Say of a post that enters what its author may not have thought of. `now` is aware UTC."""
    texts = post.wordings(account.network)
    if account.network == "x":
        _price(case, post, texts)
        if post.reserve:
            _uses(case, post, texts)
    for text in texts:
        if tells_a_day(text) and _ages(case, post, text, account, now):
            return


def _price(case: Case, post: Post, texts: tuple[str, ...]) -> None:
    if post.link or any("http://" in text or "https://" in text for text in texts):
        case.say(
            Severity.WARNING,
            "link" if post.link else "text",
            _bill(),
            sentence("Leave the link out, unless it is worth that."),
        )


@cache  # it is said at every link
def _bill() -> str:
    return each_language(
        lambda: _("X bills a post with a link {price} USD instead of {plain}.").format(
            price=phrases.decimal(USD[X_POST_WITH_LINK], 2), plain=phrases.decimal(USD[X_POST], 3)
        )
    )


def _uses(case: Case, post: Post, texts: tuple[str, ...]) -> None:
    """X refuses identical texts: a reserve post can be said there once in each wording."""
    if post.max_uses is not None and post.max_uses <= len(texts):
        return
    case.say(
        Severity.WARNING if post.max_uses else Severity.NOTE,
        "max_uses" if post.max_uses else "reserve",
        each_language(
            lambda: _(
                "It is to be said {wished}, and X refuses identical texts: with {wordings} it is said as often, "
                "and no more."
            ).format(wished=_wished(post.max_uses), wordings=_wordings(len(texts)))
        ),
        sentence('Give X several wordings: variants = {{ x = ["...", "..."] }}.'),
    )


def _wished(uses: int | None) -> str:
    return ngettext("{count} time", "{count} times", uses).format(count=uses) if uses else _("again and again")


def _wordings(count: int) -> str:
    return ngettext("{count} wording", "{count} wordings", count).format(count=count)


def _ages(case: Case, post: Post, text: str, account: Account, now: datetime) -> bool:
    """Whether its words name a day and nothing keeps it from being said after that day; then it is said."""
    zone = account.rule.zone
    first = max(now, post.not_before or now).astimezone(zone).date()
    named = last_day(text, first)
    if named is not None:
        words, day = named
        too_late = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        if post.not_after is not None and post.not_after <= too_late:
            return False
        case.say(
            Severity.WARNING,
            "text",
            sentence('It speaks of "{words}" and may be said after that day.', words=words),
            sentence("Give it a last day: not after {day}.", day=day_to_write(day, account.language)),
        )
        return True
    word = day_words(text)
    if word is None or post.not_after is not None:
        return False
    case.say(
        Severity.WARNING,
        "text",
        sentence('"{word}" is true on one day only, and nobody knows on which day this is said.', word=word),
        sentence("Give it a last day (not after), or take the word out."),
    )
    return True
