"""A farewell: the last sign of life of an account, which tells its readers where to go on reading."""

from collections.abc import Mapping
from dataclasses import replace

from veilleuse.domain.account import Account
from veilleuse.domain.post import Post, Source
from veilleuse.language import N_, _, speaking

PLACE = "~farewell"  # where such a post is written: in no file, and no file has this name

TEXT = N_("Thank you for following us here. This account says goodbye; we go on over there, and you are welcome:")

_PAGES = {
    "x": "https://x.com/{identity}",
    "facebook": "https://www.facebook.com/{identity}",
    "mastodon": "{base_url}/@{name}",
    "bluesky": "https://bsky.app/profile/{identity}",
    "wordpress": "{base_url}",
    "feed": "{url}",
}


def text_in(language: str) -> str:
    """The farewell as veilleuse words it, in that language ("en" or "fr")."""
    with speaking(language):
        return _(TEXT)


def public_address(account: Account) -> str | None:
    """Where a stranger finds it; None if that is not known (an outbox)."""
    page = _PAGES.get(account.network)
    if page is None:
        return None
    identity = account.identity.removeprefix("@")
    named: Mapping[str, str] = {"base_url": "", "url": "", **account.options}
    around = {key: value.rstrip("/") for key, value in named.items()}
    address = page.format(**around | {"identity": identity, "name": identity.partition("@")[0]})
    return address or None


def as_farewell(post: Post) -> Post:
    """The same post under an id of its own: no file can hold it, and another text is another post."""
    return replace(post, id=f"{PLACE}-{post.digest[:8]}", named=True, source=Source(file=PLACE), order=(PLACE, 0))
