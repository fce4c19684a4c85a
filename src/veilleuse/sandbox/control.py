"""The sandbox's own door: another process posts as a human, asks for faults, moves the clock, reads the ledger."""

from datetime import timedelta
from typing import Any

from veilleuse.domain.activity import Kind
from veilleuse.language import liked, speaking
from veilleuse.sandbox.faults import Fault
from veilleuse.sandbox.ledger import as_dict, heard_as_dict
from veilleuse.sandbox.page import page
from veilleuse.sandbox.wire import Request, Response, as_json
from veilleuse.sandbox.world import World

_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg", b"GIF8": "image/gif", b"RIFF": "image/webp"}


def control(request: Request, world: World) -> Response:
    """Bad input is told in one sentence, with status 400."""
    try:
        return _control(request, {**request.fields, **request.json}, world)
    except KeyError as missing:
        return as_json(400, {"error": f"missing or unknown: {missing.args[0]}"})
    except (ValueError, TypeError) as error:
        return as_json(400, {"error": str(error)})


def _control(request: Request, fields: dict[str, Any], world: World) -> Response:
    match request.method, request.path.strip("/").split("/"):
        case "GET", ["sandbox", "timelines"]:
            known = world.presences
            return as_json(200, {name: [as_dict(shown) for shown in world.timeline(name)] for name in known})
        case "GET", ["sandbox", "accounts"]:
            return as_json(200, {name: {"hidden": one.hidden} for name, one in world.presences.items()})
        case "GET", ["sandbox", "images", image_id]:
            image = world.image(image_id)
            kind = next((kind for start, kind in _SIGNATURES.items() if image and image.data.startswith(start)), None)
            if image is None or kind is None:
                return Response(status=404)
            return Response(status=200, body=image.data, headers={"Content-Type": kind})
        case "POST", ["sandbox", "post"]:
            shown = world.post_as_human(fields["account"], fields["text"], kind=Kind(fields.get("kind", "post")))
            if request.fields and not request.json and "form" in request.headers.get("content-type", ""):
                return Response(status=303, headers={"Location": f"/#{shown.id}"})
            return as_json(200, as_dict(shown))
        case "POST", ["sandbox", "reply"]:
            told = {name: fields[name] for name in ("author", "to", "held") if name in fields}
            return as_json(200, heard_as_dict(world.reply_as_stranger(fields["account"], fields["text"], **told)))
        case "POST", ["sandbox", "answer"]:
            world.answer_as_human(fields["account"], fields["to"], fields["text"])
            return as_json(200, {})
        case "POST", ["sandbox", "delete"]:
            return as_json(200, {"deleted": world.delete(fields["account"], fields["id"])})
        case "POST", ["sandbox", "fault"]:
            world.fault(fields["account"], fields["on"], Fault(fields["fault"]), times=int(fields.get("times", 1)))
            return as_json(200, {})
        case "POST", ["sandbox", "account"]:
            presence = world.add(
                fields["network"], fields["identity"], title=fields.get("title"), secrets=fields.get("secrets")
            )
            return as_json(
                200, {"identity": presence.identity, "number": presence.number, "secrets": dict(presence.secrets)}
            )
        case "POST", ["sandbox", "token"]:
            changes: dict[str, Any] = {
                name: fields[name]
                for name in ("may_post", "may_manage", "may_hear", "hidden", "public", "secrets")
                if name in fields
            }
            if "expires_in_s" in fields:
                changes["expires_at"] = world.now() + timedelta(seconds=float(fields["expires_in_s"]))
            world.alter(fields["account"], **changes)
            return as_json(200, {})
        case "POST", ["sandbox", "clock"]:
            world.step(timedelta(seconds=float(fields["step_s"])))
            return as_json(200, {"now": world.now().isoformat()})
        case "GET", path if path[0] != "sandbox" and "html" in request.headers.get("accept", ""):
            with speaking(liked(request.headers.get("accept-language", "")) or "en"):
                body = page(world.ledger, world.now()).encode()
            return Response(status=200, body=body, headers={"Content-Type": "text/html; charset=utf-8"})
        case "GET", [""]:
            return as_json(200, {"accounts": list(world.presences), "now": world.now().isoformat()})
    return as_json(404, {"error": f"no such path: {request.method} {request.path}"})
