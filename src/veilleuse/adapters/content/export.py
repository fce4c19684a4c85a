"""A new content folder: a TOML file an account, and the images beside it. Nothing that is there is touched."""

import os
from collections.abc import Callable
from pathlib import Path

from veilleuse.adapters.content.toml_writer import image_path, posts_as_toml
from veilleuse.domain.account import Account
from veilleuse.domain.post import Post


class NewFolder:
    """Raises FileExistsError before anything is written if a file to be written is there, OSError if it cannot be."""

    def __init__(self, root: Path, accounts: list[str], image: Callable[[str], bytes]) -> None:
        for name in ("images", *(f"{account}.toml" for account in accounts)):
            if os.path.lexists(root / name):
                raise FileExistsError(str(root / name))
        self._root = root
        self._image = image

    def write(self, account: Account, posts: tuple[Post, ...]) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        for image in {image_path(post.image): post.image for post in posts if post.image}.values():
            path = self._root / image_path(image)
            if not path.exists():  # another account has the same
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(self._image(image.sha256))
        with (self._root / f"{account.name}.toml").open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(posts_as_toml(account, iter(posts)))
