"""The profile record of a Bluesky account: whom it is shown to, and which post stands first.

Bluesky knows no private accounts. The label `!no-unauthenticated` asks apps to show the account to whoever is logged in
only; its records stay public for programs.
"""

from collections.abc import Callable, Mapping
from typing import Any

from veilleuse.adapters.networks.bluesky_record import POST
from veilleuse.adapters.networks.bluesky_xrpc import Xrpc

PROFILE = "app.bsky.actor.profile"
_SELF_LABELS = "com.atproto.label.defs#selfLabels"
_LOGGED_IN_ONLY = "!no-unauthenticated"


def is_hidden(server: Xrpc) -> bool:
    found = server.standing(server.session().did, PROFILE, "self")
    return found is not None and _LOGGED_IN_ONLY in _labels(found[0])


def hide(server: Xrpc, hidden: bool) -> None:
    def label(profile: Mapping[str, Any]) -> Mapping[str, Any]:
        others = [name for name in _labels(profile) if name != _LOGGED_IN_ONLY]
        names = [*others, _LOGGED_IN_ONLY] if hidden else others
        bare = {key: value for key, value in profile.items() if key != "labels"}
        return bare | (
            {"labels": {"$type": _SELF_LABELS, "values": [{"val": name} for name in names]}} if names else {}
        )

    _change(server, label)


def pin(server: Xrpc, key: str) -> None:
    did = server.session().did
    post = server.standing(did, POST, key)
    if post is not None:
        first = {"uri": f"at://{did}/{POST}/{key}", "cid": post[1]}
        _change(server, lambda profile: {**profile, "pinnedPost": first})


def is_pinned(server: Xrpc, key: str) -> bool:
    found = server.standing(server.session().did, PROFILE, "self")
    pinned = found[0].get("pinnedPost") if found else None
    return isinstance(pinned, Mapping) and str(pinned.get("uri")).endswith(f"/{POST}/{key}")


def _labels(profile: Mapping[str, Any]) -> list[str]:
    labels = profile.get("labels") or {}
    return [str(value["val"]) for value in labels.get("values", ())]


def _change(server: Xrpc, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> None:
    """All else in the record stays as it is; if somebody changes it meanwhile, the server takes neither."""
    did = server.session().did
    found = server.standing(did, PROFILE, "self")
    record, cid = found if found is not None else ({"$type": PROFILE}, None)
    put = {"repo": did, "collection": PROFILE, "rkey": "self", "record": change(record), "swapRecord": cid}
    server.send("com.atproto.repo.putRecord", lambda body: body["uri"], json=put)
