"""An image, as columns of the row that shows it; its bytes stand once, under their SHA-256."""

from typing import Any

from sqlalchemy import Row

from veilleuse.domain.post import Image


def image_columns(image: Image | None) -> dict[str, Any]:
    return {
        "image_sha256": image.sha256 if image else None,
        "image_type": image.media_type if image else None,
        "image_size": image.size if image else None,
        "image_name": image.name if image else None,
    }


def image_of(row: Row[Any]) -> Image | None:
    if row.image_sha256 is None:
        return None
    return Image(sha256=row.image_sha256, media_type=row.image_type, size=row.image_size, name=row.image_name)
