"""One post as its network will show it: every wording in full, the link, the image, and how long it is there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import click

from veilleuse.domain import phrases
from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.post import Image, Post
from veilleuse.language import _
from veilleuse.services.queue import Wording


def echo_wordings(post: Post, spec: NetworkSpec, known: Sequence[Wording]) -> None:
    """What may be said, word for word; where there are several, which is next and which are said."""
    head = click.style(post.ref, bold=True)
    if len(known) == 1:
        click.echo(
            _("{head} on {title}, {count}").format(head=head, title=spec.title, count=_count(known[0], spec)) + "\n"
        )
        _echo_text(known[0].text)
        return
    click.echo(_("{head} on {title}, in {count} wordings\n").format(head=head, title=spec.title, count=len(known)))
    for number, each in enumerate(known, start=1):
        standing = _(", said") if each.said else ""
        standing += _(", next") if each.next else ""
        click.echo(f"  {number}. {_count(each, spec)}{click.style(standing, dim=True)}")
        _echo_text(each.text)


def echo_facts(facts: Iterable[tuple[str, str]]) -> None:
    for fact, value in facts:
        if value:
            click.echo(f"{_(fact):12} {value}")


def content_facts(post: Post, spec: NetworkSpec) -> Iterator[tuple[str, str]]:
    """What goes out beside the text."""
    yield "warning", post.content_warning or "" if spec.content_warnings else ""
    yield "link", "" if spec.link_in_text else post.link or ""
    yield "image", _image(post.image) if post.image else ""
    yield "alt", post.alt or (_("none: people who cannot see the image learn nothing") if post.image else "")


def dates(post: Post, account: Account, now: datetime) -> Iterator[str]:
    """Its first and its last day, in the account's zone."""
    zone = account.rule.zone
    if post.not_before is not None:
        yield _("from {day}").format(day=phrases.day(post.not_before, zone, now))
    if post.not_after is not None:
        yield _("until {day}").format(day=phrases.day(post.not_after - timedelta(microseconds=1), zone, now))


def _echo_text(text: str) -> None:
    click.echo("\n".join(f"    {line}".rstrip() for line in text.splitlines()))
    click.echo()


def _count(wording: Wording, spec: NetworkSpec) -> str:
    return _("{length} of {limit} characters").format(length=wording.length, limit=spec.limit)


def _image(image: Image) -> str:
    return f"{image.name} ({image.media_type.removeprefix('image/').upper()}, {phrases.size(image.size)})"
