"""The networks there are. A new one is a file here and its name below; its client is imported when first used."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from veilleuse.adapters.networks import bluesky, facebook, feed, mastodon, outbox, wordpress, x
from veilleuse.adapters.networks.registry import Registry, Specs
from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.ports import Network

_OWN = (x, facebook, mastodon, bluesky, wordpress, feed, outbox)
_REGISTRY = Registry({network.SPEC.name: network for network in _OWN})

SPECS: Mapping[str, NetworkSpec] = Specs(_REGISTRY)


def connect(account: Account, secrets: Mapping[str, str]) -> AbstractContextManager[Network]:
    """A client for one look at one account. `secrets` by name, as the network's spec lists them."""
    return _REGISTRY[account.network].connect(account, secrets)
