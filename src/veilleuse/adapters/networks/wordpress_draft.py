"""Publishing on WordPress takes two steps: an invisible draft, then one call that makes it public by its number.

So what became of a lost call is read from the draft itself, exactly.
"""

from typing import Any

from veilleuse.adapters.networks.call import identifier
from veilleuse.adapters.networks.wordpress_api import Api, Refused
from veilleuse.adapters.networks.wordpress_post import article, image_slug
from veilleuse.domain.attempt import NotLive, Payload, Published

_NO_SUCH_POST = "rest_post_invalid_id"


def draft(api: Api, payload: Payload, image: bytes | None) -> str:
    """The number of a draft of exactly this payload. One that a crash left behind is taken up again: none pile up."""
    wanted = article(payload)
    fields: dict[str, Any] = {
        "title": wanted.title,
        "content": wanted.content,
        "excerpt": wanted.excerpt,
        "slug": wanted.slug,
    }
    if payload.image is not None and image is not None:
        fields["featured_media"] = _picture(api, payload, image)
    drafts = api.rows("/posts", {"context": "edit", "status": "draft", "slug": wanted.slug, "_fields": "id"})
    left = f"/{drafts[0]['id']}" if drafts else ""
    # Without `status` what is there stays as it is: a call thought lost may be publishing it at this moment.
    made = api.call("POST", f"/posts{left}", json=fields if left else {**fields, "status": "draft"})
    return identifier(made["id"])


def _picture(api: Api, payload: Payload, image: bytes) -> int:
    assert payload.image is not None
    slug = image_slug(payload)
    there = api.rows("/media", {"slug": slug, "_fields": "id"})
    if there:
        return int(there[0]["id"])
    file = (f"{slug}.{payload.image.media_type.rpartition('/')[2]}", image, payload.image.media_type)
    uploaded = api.call("POST", "/media", files={"file": file}, data={"slug": slug, "alt_text": payload.alt or ""})
    return int(uploaded["id"])


def publish(api: Api, post_id: str) -> Published:
    post = api.call("POST", f"/posts/{post_id}", json={"status": "publish"})
    if post["status"] != "publish":
        raise ValueError("its status says otherwise")
    return Published(remote_id=identifier(post["id"]), url=post.get("link"))


def trace(api: Api, post_id: str) -> Published | NotLive | None:
    """By its status. In the bin, gone, private, put off: a human did that, perhaps after it was live."""
    try:
        post = api.call("GET", f"/posts/{post_id}", {"context": "edit", "_fields": "id,status,link"})
    except Refused:
        if api.answer.problem.get("code") == _NO_SUCH_POST:
            return None
        raise
    match post["status"]:
        case "publish":
            return Published(remote_id=identifier(post["id"]), url=post.get("link"))
        case "draft":
            return NotLive()
    return None
