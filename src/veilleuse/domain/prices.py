"""What networks bill: the price of each item, in one place.

X, pay per use, as of 2026-04-20. Source: xdevplatform/docs, x-api/getting-started/pricing.mdx and changelog.mdx. An
answer without posts costs nothing; the same resource is billed once per UTC day; what X bills less to an app's own
account ("owned reads", 0.001) is counted at the full price, because nobody tells whose app it is.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from veilleuse.domain.text import holds_link

X_POST = "x_post"
X_POST_WITH_LINK = "x_post_with_link"
X_POST_READ = "x_post_read"
X_USER_READ = "x_user_read"
X_MEDIA_METADATA = "x_media_metadata"

USD: Mapping[str, Decimal] = {
    X_POST: Decimal("0.015"),
    X_POST_WITH_LINK: Decimal("0.200"),
    X_POST_READ: Decimal("0.005"),
    X_USER_READ: Decimal("0.010"),
    X_MEDIA_METADATA: Decimal("0.005"),
}


def usd(items: Mapping[str, int]) -> Decimal:
    """What so many of each item cost. An item without a price costs nothing."""
    return sum((USD.get(item, Decimal(0)) * count for item, count in items.items()), Decimal(0))


def x_post(text: str) -> str:
    """As which item X bills a post of this text; where a link is in doubt, the dearer one."""
    return X_POST_WITH_LINK if holds_link(text) else X_POST


def x_charges(texts: Iterable[str]) -> Decimal:
    """The most that publishing one of these texts costs, an image described included."""
    return max((USD[x_post(text)] for text in texts), default=Decimal(0)) + USD[X_MEDIA_METADATA]


def utc_day(at: datetime) -> date:
    """The day X bills it under."""
    return at.astimezone(UTC).date()


def month_start(at: datetime) -> date:
    return utc_day(at).replace(day=1)


def next_month(at: datetime) -> datetime:
    """When a monthly budget begins anew, aware UTC."""
    first = month_start(at)
    year, month = (first.year + 1, 1) if first.month == 12 else (first.year, first.month + 1)
    return datetime(year, month, 1, tzinfo=UTC)
