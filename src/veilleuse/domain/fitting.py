"""Whether a text is short enough: for its network, which refuses it else, and for its readers."""

from veilleuse.domain.case import Case
from veilleuse.domain.content import Severity
from veilleuse.domain.network import NetworkSpec
from veilleuse.language import each_language, ngettext, sentence

SHORT = 280  # the rule is a short message: longer than this draws a warning on every network


def fit(
    case: Case, key: str, text: str, spec: NetworkSpec, link: str | None = None, warning: str | None = None
) -> None:
    """Judge a text, or a wording (`key` is "variants"), with the link and the content warning that go with it."""
    length = spec.length(spec.compose(text, link), warning)
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
