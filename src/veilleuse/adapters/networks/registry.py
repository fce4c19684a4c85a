"""Which networks there are: those of this house, and those that other packages bring.

A package offers one by the entry point `veilleuse.networks`: its name is the network's, and it loads an object (a
module will do) with `SPEC`, a `NetworkSpec`, and `connect`, as the modules here have them. Packages are looked through
only when somebody names a network that is not one of ours; nobody pays for them otherwise. docs/add-a-network.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.phrases import all_of
from veilleuse.language import each_language, sentence
from veilleuse.ports import Network

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "veilleuse.networks"


class Offer(Protocol):
    """What a network's module has."""

    SPEC: NetworkSpec

    def connect(self, account: Account, secrets: Mapping[str, str], /) -> AbstractContextManager[Network]: ...


class Registry(Mapping[str, Offer]):
    """Offers by the network's name. It shows those of this house, and finds a package's when asked for by name.

    Asked for one that a package offers but cannot bring, it raises ValueError "what; mend".
    """

    def __init__(self, own: Mapping[str, Offer]) -> None:
        self._offers = dict(own)
        self._own = frozenset(own)

    def __getitem__(self, name: str) -> Offer:
        if name not in self._offers:
            self._offers[name] = _load(name, _offered(name, self._own))
        return self._offers[name]

    def __contains__(self, name: object) -> bool:
        return name in self._offers or bool(_offered(str(name), self._own))

    def __iter__(self) -> Iterator[str]:
        return iter(self._offers)

    def __len__(self) -> int:
        return len(self._offers)


class Specs(Mapping[str, NetworkSpec]):
    """The facts of each network of a registry."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def __getitem__(self, name: str) -> NetworkSpec:
        return self._registry[name].SPEC

    def __contains__(self, name: object) -> bool:
        return name in self._registry

    def __iter__(self) -> Iterator[str]:
        return iter(self._registry)

    def __len__(self) -> int:
        return len(self._registry)


def _offered(name: str, own: frozenset[str]) -> list[EntryPoint]:
    """What packages offer under that name. None of them may take a name of ours."""
    from importlib.metadata import entry_points  # slow, and rarely needed

    for each in entry_points(group=GROUP):
        if each.name in own:
            raise ValueError(
                sentence(
                    'package {package} offers a network "{name}", but veilleuse has one of that name; remove the '
                    "package, or have its network renamed",
                    package=_package(each),
                    name=each.name,
                )
            )
    return list(entry_points(group=GROUP, name=name))


def _load(name: str, offered: list[EntryPoint]) -> Offer:
    if not offered:
        raise KeyError(name)
    if len(offered) > 1:
        packages = each_language(lambda: all_of(sorted(map(_package, offered))))
        raise ValueError(
            sentence(
                'packages {packages} both offer a network "{name}"; keep one of them', packages=packages, name=name
            )
        )
    package = _package(offered[0])
    try:
        offer: Offer = offered[0].load()
    except Exception as error:  # whatever somebody else's package does when it is imported
        raise ValueError(
            sentence(
                'package {package} offers the network "{name}" but cannot be loaded ({kind}: {error}); mend or '
                "remove it",
                package=package,
                name=name,
                kind=type(error).__name__,
                error=error,
            )
        ) from None
    spec = getattr(offer, "SPEC", None)
    if not isinstance(spec, NetworkSpec) or spec.name != name or not callable(getattr(offer, "connect", None)):
        raise ValueError(
            sentence(
                'package {package} offers the network "{name}" without a SPEC of that name or without `connect`; '
                "mend or remove it",
                package=package,
                name=name,
            )
        )
    return offer


def _package(offered: EntryPoint) -> str:
    return offered.dist.name if offered.dist is not None else offered.value
