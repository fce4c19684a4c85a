"""The wordings of a post for single networks, as they are written behind `variants`."""

from collections.abc import Iterator, Mapping

from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.written import Wrong, words
from veilleuse.language import sentence


def variants(value: object, specs: Mapping[str, NetworkSpec]) -> dict[str, tuple[str, ...]]:
    """By network, the wordings written for it. Raises Wrong."""
    if not isinstance(value, Mapping):
        raise Wrong(
            sentence("It does not say for which network."),
            sentence('Write, say, variants = {{ mastodon = "..." }}.'),
        )
    return {network: tuple(_wordings(network, texts, specs)) for network, texts in value.items()}


def _wordings(network: str, texts: object, specs: Mapping[str, NetworkSpec]) -> Iterator[str]:
    if network not in specs:
        guess = nearest(network, specs)
        raise Wrong(
            sentence('No network is called "{network}".', network=network),
            sentence('Did you mean "{guess}"?', guess=guess)
            if guess
            else sentence("There are {names}.", names=", ".join(sorted(specs))),
        )
    for text in texts if isinstance(texts, list) and texts else [texts]:
        wording = words(text)
        if not wording:
            raise Wrong(
                sentence("A wording for {title} is empty.", title=specs[network].title),
                sentence("Write it, or take it out."),
            )
        yield wording
