"""Whose token it is on a Mastodon server, and what the server tells of that account when it is examined."""

from typing import Any
from urllib.parse import urlsplit

from veilleuse.adapters.networks.call import quote, storable
from veilleuse.adapters.networks.mastodon_server import NOT_THERE, Server
from veilleuse.adapters.networks.mastodon_view import limits, may_post, notes, warnings
from veilleuse.domain.activity import Examination, Identity
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.language import sentence


def identify(server: Server, handle: str, address: str) -> Identity | None:
    """`handle` and `address` as configured; None if no server that speaks this API stands there.

    `remote_id` is the account's number and its server: the first account of every server may be number 1.
    """
    return _identity(server, server.found(server.client.account_verify_credentials), handle, address)


def examine(server: Server, handle: str, address: str) -> Examination:
    """A token does not expire; what it may is told by Mastodon 4.3 and later."""
    owner = server.found(server.client.account_verify_credentials)
    identity = _identity(server, owner, handle, address)
    if identity is None:
        raise CredentialsRefused(
            sentence("{server} does not speak Mastodon's API. Correct `base_url`.", server=address)
        )
    app = server.found(server.client.app_verify_credentials, NOT_THERE | {403}) or {}
    instance = server.found(server.client.instance_v2, NOT_THERE | {403}) or {}
    return Examination(
        identity=identity,
        may_post=may_post(app),
        limits=limits(instance),
        server_time=server.answer.date,
        warnings=warnings(owner, app, instance),
        notes=notes(app),
    )


def _identity(server: Server, owner: Any, handle: str, address: str) -> Identity | None:
    if owner is None:
        return None
    host, name = urlsplit(address).netloc, str(owner["username"])
    wanted, _, domain = handle.removeprefix("@").partition("@")
    if name.casefold() == wanted.casefold() and _is_own(server, host, domain):
        return Identity(remote_id=f"{owner['id']}@{host}", handle=storable(f"{name}@{host}"))
    raise CredentialsRefused(
        sentence(
            "The access token belongs to @{name} on {host}, but this account is configured as @{wanted}. Nothing "
            "was sent. Put the token of @{wanted}, or correct `handle` or `base_url`.",
            name=quote(name, ()),
            host=host,
            wanted=f"{wanted}@{domain}" if domain else wanted,
        )
    )


def _is_own(server: Server, host: str, domain: str) -> bool:
    """Whether handles of this server end in that domain, which is not always the host that serves it."""
    if domain.casefold() in ("", host.casefold()):
        return True
    instance = server.found(server.client.instance_v2) or {}
    return str(instance.get("domain")).casefold() == domain.casefold()
