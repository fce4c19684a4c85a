"""One account: its year, its silences, its queue as the network will show it, drafts to sign, what comes."""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

from veilleuse import bootstrap
from veilleuse.domain.freeze import freeze_on
from veilleuse.domain.plan_words import NAMES, lines
from veilleuse.domain.post import Post
from veilleuse.domain.queue import Block
from veilleuse.entrypoints.web.ask import Ask
from veilleuse.entrypoints.web.now import cards
from veilleuse.language import _
from veilleuse.ports import PostChanged
from veilleuse.services.approve import sign as sign_post
from veilleuse.services.forecast import forecasts
from veilleuse.services.glance import glances
from veilleuse.services.past import past
from veilleuse.services.queue import queue
from veilleuse.services.resolve import evidence
from veilleuse.services.veto import release as release_post
from veilleuse.services.veto import veto as veto_post

ROWS = 50  # of the queue, on one page
TURNS = 12  # of the forecast
SILENCES = 6
REASON = 300  # characters
IMAGE_TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


def show(ask: Ask) -> Response:
    account, store = ask.account(), ask.site.store
    spec = bootstrap.SPECS[account.network]
    rows = [row for row in queue(account, spec, store, ask.now) if row.block is not Block.PUBLISHED]
    drafts = [row for row in rows if row.block is Block.DRAFT]
    standing = [row for row in rows if row.block is not Block.DRAFT]
    only = {account.name: account}
    card = cards(ask, glances(only, store, ask.now))[0]
    return ask.page(
        "account.html",
        account=account,
        spec=spec,
        plans=NAMES,
        card=card,
        plan=card.status.plan,
        steps=lines(card.status.plan, account.rule.zone, ask.now) if card.status.plan else (),
        year=past(store, account, ask.now),
        silences=SILENCES,
        drafts=drafts[:ROWS],
        rows=standing[:ROWS],
        more=max(0, len(standing) - ROWS) + max(0, len(drafts) - ROWS),
        coming=forecasts(only, store, ask.now)[0],
        turns=TURNS,
        freeze=freeze_on(store.freezes(ask.now), account.name, account.network, ask.now),
        doubts=evidence(store, account, ask.now),
        vetoes={veto.post_id: veto for veto in store.vetoes(account.name)},
        zone=account.rule.zone,
        may_sign=ask.who.signs_for(account),
    )


def sign(ask: Ask) -> Response:
    """Sign exactly what was shown: the digest travels with the form."""
    account = ask.account()
    if not ask.who.signs_for(account):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    said = _("{post} is signed by {name}.")
    return _upon_what_was_shown(ask, said, lambda post: sign_post(ask.site.store, post, ask.who.name, ask.now))


def veto(ask: Ask) -> Response:
    """Hold back exactly what was shown."""
    reason = " ".join(ask.text("reason").split())[:REASON]
    said = _("{post} is vetoed by {name}: it is not said, and the next one moves up.")
    return _upon_what_was_shown(ask, said, lambda post: veto_post(ask.site.store, post, ask.who.name, ask.now, reason))


def release(ask: Ask) -> Response:
    """Take a veto back."""
    account, ref = ask.account(), ask.text("post")
    there = release_post(ask.site.store, account.name, ref, ask.who.name, ask.now)
    said = _("The veto on {post} is taken back.") if there else _("There is no veto on {post}.")
    return ask.back(f"/accounts/{account.name}", said.format(post=ref))


def _upon_what_was_shown(ask: Ask, said: str, do: Callable[[Post], object]) -> Response:
    """Do it if exactly what the form came from stands in the queue still."""
    account, ref, digest = ask.account(), ask.text("post"), ask.text("digest")
    post = next((c.post for c in ask.site.store.candidates(account.name) if c.post.id == ref), None)
    try:
        if post is None or post.digest != digest:
            raise PostChanged(ref)
        do(post)
    except PostChanged:
        said = _("{post} changed meanwhile: nothing was done. Look at it again.")
    return ask.back(f"/accounts/{account.name}", said.format(post=ref, name=ask.who.name))


def image(ask: Ask) -> Response:
    """An image of the queue, by its SHA-256: what is sent is what is shown."""
    sha256 = ask.request.path_params["sha256"]
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        data = ask.site.store.image(sha256)
    except KeyError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    kind = next((kind for start, kind in IMAGE_TYPES.items() if data.startswith(start)), None)
    if kind is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(data, media_type=kind, headers={"cache-control": "private, max-age=86400, immutable"})
