"""The keys of a post, and what was probably meant by one that is none."""

from veilleuse.domain.case import Case
from veilleuse.domain.nearest import nearest
from veilleuse.language import sentence

PLAIN = frozenset({"id", "text", "approved_by"})  # most posts have no other
KEYS = PLAIN | {
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


def meant(key: str) -> str | None:
    return nearest(key, KEYS)


def refuse_unknown(case: Case) -> None:
    for key in sorted(case.fields.keys() - KEYS):
        case.refuse(key, sentence("`{key}` is no key of a post.", key=key[:80]), _remedy(key))


def _remedy(key: str) -> str:
    if key in ("account", "accounts"):
        return sentence("Write `{key}` once at the top of the file, above the first [[post]].", key=key)
    if guess := meant(key):
        return sentence("Did you mean `{guess}`?", guess=guess)
    return sentence("A post may have {keys}.", keys=", ".join(sorted(KEYS)))
