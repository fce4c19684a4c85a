"""Posts as a TOML file that is read back as the same posts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import tomli_w

from veilleuse.domain.account import Account
from veilleuse.domain.durations import spell_duration
from veilleuse.domain.post import RESERVE_GAP, Image, Post
from veilleuse.domain.rule import Approval
from veilleuse.domain.written import Wrong, moment


def posts_as_toml(account: Account, posts: Iterator[Post]) -> Iterator[str]:
    """A file of posts for that account, piece by piece. Names of approvers are written where they count."""
    yield tomli_w.dumps({"account": account.name})
    for post in posts:
        yield f"\n[[post]]\n{tomli_w.dumps(_fields(post, account), multiline_strings=True)}"
        if post.variants:
            variants = {network: list(texts) for network, texts in post.variants.items()}
            yield f"\n[post.variants]\n{tomli_w.dumps(variants)}"


def image_path(image: Image) -> str:
    """Where an image is written, relative to the file that names it: two of one name may differ."""
    return f"images/{image.sha256[:12]}/{image.name}"


def _fields(post: Post, account: Account) -> dict[str, object]:
    """What was written, in the order of docs/posts.md; what is as by default is left out."""
    zone = account.rule.zone
    fields = {
        "id": post.id if post.named else None,
        "text": post.text,
        "link": post.link,
        "image": image_path(post.image) if post.image else None,
        "alt": post.alt,
        "content_warning": post.content_warning,
        "priority": post.priority or None,
        "reserve": post.reserve or None,
        "reserve_gap": spell_duration(post.reserve_gap) if post.reserve_gap != RESERVE_GAP else None,
        "max_uses": post.max_uses,
        "not_before": _date(post.not_before, zone, end=False),
        "not_after": _date(post.not_after, zone, end=True),
        "approved_by": post.approved_by if account.rule.approval is Approval.FILE else None,
    }
    return {key: value for key, value in fields.items() if value is not None}


def _date(at: datetime | None, zone: ZoneInfo, *, end: bool) -> date | datetime | None:
    """As a person would write it, if that means the same moment: a day, a local time; else UTC."""
    if at is None:
        return None
    local = at.astimezone(zone)
    for written in (local.date() - timedelta(days=1 if end else 0), local.replace(tzinfo=None, fold=0)):
        try:
            if moment(written, zone=zone, language="en", end=end) == at:
                return written
        except Wrong:  # at the very ends of the calendar
            continue
    return at.astimezone(UTC)
