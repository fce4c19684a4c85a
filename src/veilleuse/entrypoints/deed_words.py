"""A deed in words: what it was done to, and what is told beside it. The same on a terminal and on a page."""

from veilleuse.domain.deed import Act, Deed
from veilleuse.domain.plan_words import NAMES, STEPS
from veilleuse.language import _

PLAN_NAMES = {kind.value: name for kind, name in NAMES.items()}
STEP_NAMES = {kind.value: name for kind, name in STEPS.items()}
OF_A_PLAN = frozenset({Act.DID, Act.CANCELLED})


def done_to(deed: Deed) -> str:
    """An account, a post, an alert's number, a plan; everything, if nothing is named."""
    subject = _(PLAN_NAMES.get(deed.subject, deed.subject)) if deed.act in OF_A_PLAN else deed.subject
    return " · ".join(part for part in (deed.account, subject) if part) or _("everything")


def detail(deed: Deed) -> str:
    """A reason in somebody's own words stays as it is; a plan's steps have names."""
    if deed.act is not Act.DID:
        return str(deed.detail)
    return ", ".join(_(STEP_NAMES.get(step, step)) for step in deed.detail.split(", "))
