"""Prove: before the first word with these credentials, ask the network whose they are; and again when they change."""

from collections.abc import Callable
from dataclasses import dataclass, field

from veilleuse.domain.account import Account, AccountState
from veilleuse.domain.errors import CredentialsRefused
from veilleuse.language import sentence
from veilleuse.ports import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Prove:
    """Reading is public on many networks and succeeds with anybody's token: only this tells a swapped one in time.

    Not where the question is billed: such a network compares at each call by itself (see adapters).
    """

    mark: Callable[[str], str]  # of the credentials with which that account's client was made last
    _proven: dict[str, str] = field(default_factory=dict)  # by account, the mark of credentials that were its own

    def __call__(self, account: Account, state: AccountState, network: Network) -> None:
        """Raises CredentialsRefused if they are somebody else's, or why the network did not say."""
        mark = self.mark(account.name)
        if network.spec.bills or self._proven.get(account.name) == mark:
            return
        identity = network.identify()
        if identity is not None and identity.remote_id != state.binding:
            raise CredentialsRefused(
                sentence(
                    "its credentials are those of {handle} ({remote_id}) now, {name} has always been {known}. Nothing "
                    "was sent. Put its own credentials back; if it is another presence now, give it a new name in the "
                    "configuration.",
                    handle=identity.handle,
                    remote_id=identity.remote_id,
                    name=account.name,
                    known=state.binding,
                )
            )
        self._proven[account.name] = mark
