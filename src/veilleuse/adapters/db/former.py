"""Who an account is, once its network has proven it: under a new name the old one, under an old name perhaps not."""

from sqlalchemy import Table, Text, Update, and_, bindparam, case, delete, exists, func, not_, select, update

from veilleuse.adapters.db.tables import accounts, activities, attempts, freezes, plans, vetoes
from veilleuse.domain.attempt import UNSETTLED, Fault, Outcome

NAME, PROVEN = bindparam("account", type_=Text), bindparam("proven", type_=Text)

_known = accounts.alias()
_network = select(_known.c.network).where(_known.c.name == NAME).scalar_subquery()
_former = (accounts.c.network == _network, accounts.c.remote_id == PROVEN, not_(accounts.c.enabled))
FORMER = select(accounts.c.name).where(accounts.c.name != NAME, *_former)

# What says something about a post. A doubt blocks its post alone: the account may have one of its own.
DOUBTS = [*UNSETTLED, Outcome.HELD]
_telling = attempts.c.outcome.in_(DOUBTS) | attempts.c.fault.in_([Fault.CONTENT, Fault.ABSENT])
_outcome = case((attempts.c.outcome.in_(UNSETTLED), Outcome.HELD), else_=attempts.c.outcome)
_own = attempts.alias()
_in_doubt = exists().where(
    _own.c.account == NAME,
    _own.c.post_id == attempts.c.post_id,
    _own.c.use == attempts.c.use,
    _own.c.outcome.in_(DOUBTS),
)


def _moved(table: Table, *others: str) -> Update:
    """Its rows of the old names; what the new one has of the same key (the account and `others`) stays."""
    own = table.alias()
    taken = exists().where(own.c.account == NAME, *(own.c[other] == table.c[other] for other in others))
    return update(table).where(table.c.account.in_(FORMER), not_(taken)).values(account=NAME)


# Another presence than before under the same name: that one's activity is not this one's.
_another = and_(accounts.c.name == NAME, accounts.c.former_id != PROVEN)
ABOUT_THE_PRESENCE = ("seen_at", "seen_by", "read_at", "cursor", "gap_at", "awake_at")
FORGET = (
    delete(activities).where(activities.c.account == NAME, exists().where(_another)),
    update(accounts).where(_another).values(dict.fromkeys(ABOUT_THE_PRESENCE)),
)
BIND = update(accounts).where(accounts.c.name == NAME).values(remote_id=PROVEN, former_id=None)
INHERIT = (
    update(attempts)
    .where(attempts.c.account.in_(FORMER), _telling, not_(_in_doubt))
    .values(account=NAME, outcome=_outcome),
    _moved(activities, "remote_id"),
    _moved(vetoes, "post_id", "digest"),
    _moved(freezes, "network", "origin"),
    _moved(plans).where(plans.c.over_at.is_(None)),
    update(accounts)
    .where(accounts.c.name == NAME, accounts.c.gap_at.is_(None))
    .values(gap_at=select(func.max(_known.c.gap_at)).where(_known.c.name.in_(FORMER)).scalar_subquery()),
)
