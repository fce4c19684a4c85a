"""The images that posts name: paths relative to the file that names them, never outside the content folder."""

import hashlib
import os
import stat
import unicodedata
from pathlib import Path, PurePosixPath

from veilleuse.domain.nearest import nearest
from veilleuse.domain.post import Image
from veilleuse.domain.written import Wrong
from veilleuse.language import sentence
from veilleuse.ports import ImageChanged

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".heic", ".bmp", ".tif", ".tiff", ".svg"})

_Stamp = tuple[int, int, int]


class Images:
    """Knows each image by the SHA-256 of its bytes; an unchanged file is read once only."""

    def __init__(self, root: Path, largest: int) -> None:
        """`largest`: bytes; what exceeds it is never read, since no network takes it."""
        self._root = root
        self._largest = largest
        self._known: dict[Path, tuple[_Stamp, Image]] = {}
        self._paths: dict[str, Path] = {}

    def find(self, file: str, written: str) -> Image | Wrong:
        """The image that a content file names; Wrong if it cannot be had. No network's limits are judged here."""
        parts = PurePosixPath(written.replace("\\", "/"))
        inside = os.path.normpath(PurePosixPath(file).parent / parts)
        if parts.is_absolute() or ":" in written or inside.split("/")[0] == ".." or not written.isprintable():
            return Wrong(
                sentence('"{name}" is outside the content folder.', name=written[:200]),
                sentence("Put the image beside the file and write its name alone."),
            )
        path = self._root / inside
        try:
            try:
                found = path.stat()
            except FileNotFoundError:
                path = _composed_otherwise(path)
                found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                return Wrong(sentence('"{name}" is not a file.', name=written), sentence("Name the image itself."))
            return self._image(path, found)
        except FileNotFoundError:
            guess = nearest(path.name, _names_beside(path))
            return Wrong(
                sentence('There is no image "{name}" beside the file.', name=written[:200]),
                sentence('Did you mean "{guess}"?', guess=guess)
                if guess
                else sentence("Put it into the content folder, as {path}.", path=inside),
            )
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or sentence("its name is no file name")
            return Wrong(
                sentence('"{name}" cannot be read: {why}.', name=written[:200], why=why),
                sentence("Make it readable for the service."),
            )

    def read(self, sha256: str) -> bytes:
        """The bytes of an image found before. Raises ImageChanged."""
        try:
            data = self._paths[sha256].read_bytes()
        except (OSError, KeyError):
            data = b""
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ImageChanged(sha256)
        return data

    def _image(self, path: Path, found: os.stat_result) -> Image:
        stamp = (found.st_mtime_ns, found.st_ctime_ns, found.st_size)
        known = self._known.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        data = path.read_bytes() if found.st_size <= self._largest else b""
        image = Image(
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=_media_type(data),
            size=max(found.st_size, len(data)),
            name=path.name,
        )
        self._known[path] = (stamp, image)
        self._paths[image.sha256] = path
        return image


def _media_type(data: bytes) -> str:
    """By the first bytes, never by the name: people rename."""
    for start, kind in ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif")):
        if data.startswith(start):
            return f"image/{kind}"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def _composed_otherwise(path: Path) -> Path:
    """The same name with its accents written as the file has them: a Mac writes them apart from their letters."""
    wanted = unicodedata.normalize("NFC", path.name)
    same = (name for name in _names_beside(path) if unicodedata.normalize("NFC", name) == wanted)
    return path.with_name(next(same, path.name))


def _names_beside(path: Path) -> list[str]:
    try:
        return [each.name for each in path.parent.iterdir()]
    except OSError:
        return []
