"""Networks and files to read configurations against."""

from collections.abc import Mapping
from pathlib import Path

from veilleuse.config import ConfigInvalid, Problem, Settings, load
from veilleuse.domain.network import Key, NetworkSpec, Secret

MINIMAL = """\
timezone = "Europe/Paris"

[people.claire]
notify = [{ env = "CLAIRE_NOTIFY_URL" }]

[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"

[accounts.acme-facebook]
network = "facebook"
page_id = "1234567890"
owner = "claire"
"""


def spec(name: str, title: str, keys: tuple[Key, ...], *secrets: Secret) -> NetworkSpec:
    return NetworkSpec(
        name=name,
        title=title,
        keys=keys,
        identity_key=keys[0].name,
        secrets=secrets,
        limit=280,
        measure=len,
        link_in_text=True,
    )


X = spec(
    "x",
    "X",
    (Key(name="handle", help="the name after the @"), Key(name="user_id", required=False)),
    *(Secret(name=name) for name in ("api_key", "api_secret", "access_token", "access_secret")),
)
FACEBOOK = spec(
    "facebook", "Facebook", (Key(name="page_id"),), Secret(name="page_token"), Secret(name="app_id", required=False)
)
MASTODON = spec("mastodon", "Mastodon", (Key(name="handle"), Key(name="base_url")), Secret(name="access_token"))
ODD = spec("odd", "Odd", (Key(name="url"),), Secret(name="x_api_key"))  # acme's variable is acme-x's api_key
SPECS: Mapping[str, NetworkSpec] = {each.name: each for each in (X, FACEBOOK, MASTODON, ODD)}


def write(folder: Path, text: str | bytes, *, mode: int = 0o644) -> Path:
    path = folder / "veilleuse.toml"
    path.touch()
    path.chmod(0o600)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def settings(folder: Path, text: str, *, mode: int = 0o644) -> Settings:
    return load(write(folder, text, mode=mode), SPECS)


def problems(
    folder: Path, text: str | bytes, *, mode: int = 0o644, specs: Mapping[str, NetworkSpec] = SPECS
) -> tuple[Problem, ...]:
    """What is wrong with it; nothing is an empty answer."""
    try:
        load(write(folder, text, mode=mode), specs)
    except ConfigInvalid as invalid:
        return invalid.problems
    return ()
