"""Did you mean ...?"""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that looks most like this one, or None. Upper and lower case are alike."""
    spelled = {each.lower(): each for each in sorted(known)}
    found = get_close_matches(word[:80].lower(), spelled, n=1, cutoff=likeness)
    return spelled[found[0]] if found else None
