"""Two accounts that cannot both be kept: one presence configured twice, or one variable meant for two."""

from collections.abc import Iterable

from veilleuse.config.accounts import ReadAccount
from veilleuse.config.secrets import variable
from veilleuse.language import sentence


def tell_twins(accounts: Iterable[ReadAccount]) -> None:
    """Note the later of two accounts that are one presence on one network, or whose secrets share a variable."""
    presences: dict[tuple[str, str, str], str] = {}
    variables: dict[str, str] = {}
    for read in accounts:
        if read.spec is None:
            continue
        name = read.account.name
        twin = presences.setdefault(_presence(read) or (name, "", ""), name)
        if twin != name:
            message = sentence("is the same presence on {title} as account {twin}", title=read.spec.title, twin=twin)
            read.section.wrong(
                read.spec.identity_key, message, sentence("Keep one of the two: together they would post twice.")
            )
        wanted = [variable(name, secret.name) for secret in read.spec.secrets]
        taken = next((each for each in wanted if variables.setdefault(each, name) != name), None)
        if taken:
            message = sentence(
                "one of its secrets and one of account {account} would both be read from {variable}",
                account=variables[taken],
                variable=taken,
            )
            read.section.wrong(None, message, sentence("Give one of the two accounts another name."))


def _presence(read: ReadAccount) -> tuple[str, str, str] | None:
    if read.spec is None or not read.account.identity:
        return None
    # Where an instance is part of the name (Mastodon), the same handle elsewhere is somebody else.
    named = any(key.name == "base_url" for key in read.spec.keys)
    instance = read.account.options.get("base_url", "") if named else ""
    return read.spec.name, read.account.identity.casefold(), instance.casefold()
