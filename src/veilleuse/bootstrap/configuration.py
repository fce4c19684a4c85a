"""The configuration, read against the networks there are."""

from pathlib import Path

from veilleuse.adapters.networks import SPECS
from veilleuse.config import Settings
from veilleuse.config import load as load_file
from veilleuse.domain.account import Account


def load(path: Path) -> Settings:
    """Read the configuration. Raises ConfigInvalid."""
    return load_file(path, SPECS)


def schemas() -> dict[str, str]:
    """The JSON Schemas of configuration and posts, by file name."""
    from veilleuse.config.schema import schemas as made

    return made(SPECS)


def accounts_of(settings: Settings) -> dict[str, Account]:
    return {account.name: account for account in settings.accounts}
