"""Images on their way to a status: taken, processed, ready. docs.joinmastodon.org, methods/media."""

from datetime import datetime

from veilleuse.sandbox.ledger import Image, Ledger
from veilleuse.sandbox.mastodon_errors import answer, error
from veilleuse.sandbox.wire import Request, Response

MAX_ALT, MAX_IMAGE = 1500, 16_777_216
_LARGE = 100_000  # bytes; small images are processed at once (200), large files later (202)
_IMAGES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF")


class Media:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._processing: dict[str, int] = {}  # questions still answered with "not yet", by media id

    def take(self, request: Request, now: datetime) -> Response:
        upload, alt = request.files.get("file"), request.fields.get("description")
        if upload is None or len(upload.data) > MAX_IMAGE or not upload.data.startswith(_IMAGES):
            return error(422, "Validation failed: File content type is invalid, File is invalid", now)
        if alt and len(alt) > MAX_ALT:
            return error(422, f"Validation failed: Description is too long (maximum is {MAX_ALT} characters)", now)
        image = Image(id=str(self._ledger.new_id(now)), data=upload.data, alt=alt)
        self._ledger.keep_image(image)
        self._processing[image.id] = 2 if len(upload.data) >= _LARGE else 0
        return self.show(image.id, now, unready=202)

    def show(self, media_id: str, now: datetime, *, unready: int = 206) -> Response:
        """202 when taken, 206 while it is processed, 200 with a `url` when it is ready."""
        image = self._ledger.image(media_id)
        if image is None:
            return error(404, "Record not found", now)
        left = self._processing.get(media_id, 0)
        self._processing[media_id] = max(0, left - 1)
        url = None if left else f"https://files.example/{media_id}.png"
        body = {"id": media_id, "type": "image", "url": url, "description": image.alt}
        return answer(unready if left else 200, body, now)

    def ready(self, media_id: str) -> bool:
        return not self._processing.get(media_id)
