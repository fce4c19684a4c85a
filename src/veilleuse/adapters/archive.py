"""A written archive: a folder with a line of JSON for each thing that was said, and the images beside it."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from veilleuse.domain.activity import Author, Kind
from veilleuse.domain.archive import Saying
from veilleuse.domain.attempt import Proof

LINES = "archive.jsonl"
_ENDINGS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"RIFF": "webp"}


def write(folder: Path, sayings: Iterable[Saying], image: Callable[[str], bytes]) -> int:
    """Into a new folder, one by one; how many they were. Raises FileExistsError, OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    with (folder / LINES).open("x", encoding="utf-8", newline="\n") as file:
        for saying in sayings:
            if saying.image is not None:
                saying = replace(saying, image=_kept(folder, saying.image, image))
            file.write(f"{as_line(saying)}\n")
            written += 1
    return written


def read(folder: Path) -> Iterator[Saying]:
    """The same again, from what was written. Raises OSError, ValueError."""
    with (folder / LINES).open(encoding="utf-8") as file:
        for line in file:
            yield from_line(line)


def as_line(saying: Saying) -> str:
    """As JSON on one line: times as RFC 3339 in UTC with `Z`, what is unknown null."""
    fields = asdict(saying)
    times = {name: at.isoformat().replace("+00:00", "Z") for name, at in fields.items() if isinstance(at, datetime)}
    return json.dumps(fields | times, ensure_ascii=False)


def from_line(line: str) -> Saying:
    """Raises ValueError."""
    fields = json.loads(line)
    times = {name: datetime.fromisoformat(fields[name]) for name in ("at", "approved_at") if fields[name]}
    words = {"by": Author(fields["by"]), "kind": Kind(fields["kind"])}
    return Saying(**fields | times | words | {"proof": Proof(fields["proof"]) if fields["proof"] else None})


def _kept(folder: Path, sha256: str, image: Callable[[str], bytes]) -> str | None:
    """Where the image stands, relative to the folder; None if a restored backup has lost it."""
    try:
        data = image(sha256)
    except KeyError:
        return None
    ending = next((ending for start, ending in _ENDINGS.items() if data.startswith(start)), "bin")
    path = folder / "images" / f"{sha256[:16]}.{ending}"
    path.parent.mkdir(exist_ok=True)
    with suppress(FileExistsError), path.open("xb") as file:  # it was shown more than once
        file.write(data)
    return path.relative_to(folder).as_posix()
