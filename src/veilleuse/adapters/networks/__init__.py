"""The networks there are. A new one is a file here and a line below; its client is imported when first used."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from veilleuse.adapters.networks import bluesky, facebook, mastodon, wordpress, x
from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.ports import Network

_CONNECT: Mapping[str, Callable[[Account, Mapping[str, str]], AbstractContextManager[Network]]] = {
    x.SPEC.name: x.connect,
    facebook.SPEC.name: facebook.connect,
    mastodon.SPEC.name: mastodon.connect,
    bluesky.SPEC.name: bluesky.connect,
    wordpress.SPEC.name: wordpress.connect,
}

SPECS: Mapping[str, NetworkSpec] = {
    spec.name: spec for spec in (x.SPEC, facebook.SPEC, mastodon.SPEC, bluesky.SPEC, wordpress.SPEC)
}


def connect(account: Account, secrets: Mapping[str, str]) -> AbstractContextManager[Network]:
    """A client for one look at one account. `secrets` by name, as the network's spec lists them."""
    return _CONNECT[account.network](account, secrets)
