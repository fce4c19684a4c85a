"""Whether a text is another one once more, with a correction."""

from difflib import SequenceMatcher

from veilleuse.domain.text import normalise

ALIKE = 0.9  # of 1: a typing mistake mended, a word exchanged


def is_said_again(text: str, link: str | None, said: str) -> bool:
    """Whether `text` is nearly what was `said`, with or without the link in it."""
    before = normalise(said)
    return any(_alike(normalise(form), before) for form in {text, f"{text}\n{link}" if link else text})


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    # The quick answers are upper bounds: only a likely pair is compared in full.
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
