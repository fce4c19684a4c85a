"""Secrets: named in the configuration, held elsewhere, fetched only when somebody needs them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from veilleuse.config.secret_ref import Origin, SecretRef
from veilleuse.domain.network import NetworkSpec, Secret
from veilleuse.domain.phrases import all_of
from veilleuse.language import _, each_language, ngettext, sentence

FROM_FOLDER = "veilleuse_"  # systemd names what it loads from a folder ID_FILE; the unit loads veilleuse:FOLDER
RUN_SECRETS = Path("/run/secrets")  # where containers mount theirs


class SecretMissing(Exception):
    """A secret cannot be had. The message names every place looked at and the mend, never a value."""


def variable(account: str, secret: str) -> str:
    """The environment variable a secret is looked for in: VEILLEUSE_ACME_X_API_KEY."""
    return f"VEILLEUSE_{account}_{secret}".upper().replace("-", "_")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Where secrets are looked for: systemd's credentials, mounted secrets, environment variables; in that order."""

    environ: Mapping[str, str] = field(repr=False)
    credentials_dir: Path | None = None
    run_secrets_dir: Path = RUN_SECRETS

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "SecretSource":
        folder = environ.get("CREDENTIALS_DIRECTORY")
        return cls(environ=environ, credentials_dir=Path(folder) if folder else None)

    def resolve(self, ref: SecretRef) -> str:
        """The secret. Raises SecretMissing; an empty one is missing."""
        found = self._get(ref)
        if found is None:
            places = each_language(lambda: all_of(self._places(ref)))
            raise SecretMissing(
                sentence(
                    "no secret in {places}; put it there, or name another place in the configuration", places=places
                )
            )
        return found

    def account_secrets(self, account: str, spec: NetworkSpec, refs: Mapping[str, SecretRef]) -> dict[str, str]:
        """All secrets of one account; optional ones that cannot be had are left out. Raises SecretMissing for the rest.

        `refs` is what `[accounts.NAME.credentials]` says; what it does not say is looked for by convention.
        """
        found: dict[str, str] = {}
        missing: list[Secret] = []
        for secret in spec.secrets:
            value = next(filter(None, map(self._get, _refs(account, secret, refs))), None)
            if value is not None:
                found[secret.name] = value
            elif secret.required or secret.name in refs:
                missing.append(secret)
        if missing:
            raise SecretMissing(each_language(lambda: "\n".join(self._missed(account, spec, missing, refs))))
        return found

    def _missed(
        self, account: str, spec: NetworkSpec, missing: Sequence[Secret], refs: Mapping[str, SecretRef]
    ) -> Iterator[str]:
        yield ngettext(
            "account {account} on {title} misses {count} of its secrets. Looked for",
            "account {account} on {title} misses {count} of its secrets. Looked for",
            len(missing),
        ).format(account=account, title=spec.title, count=len(missing))
        for secret in missing:
            places = ", ".join(self.places(account, secret, refs))
            yield _("  {secret}: in {places}").format(secret=secret.name, places=places)
        yield _("Put each in one of these places, or say where it is in [accounts.{account}.credentials]").format(
            account=account
        )

    def has(self, account: str, secret: Secret, refs: Mapping[str, SecretRef]) -> bool:
        """Whether that secret can be had. Raises SecretMissing if its file cannot be read."""
        return any(self._get(ref) is not None for ref in _refs(account, secret, refs))

    def places(self, account: str, secret: Secret, refs: Mapping[str, SecretRef]) -> tuple[str, ...]:
        """Every place that secret is looked for in, in order, in words."""
        return tuple(place for ref in _refs(account, secret, refs) for place in self._places(ref))

    def files(self, account: str, secret: Secret, refs: Mapping[str, SecretRef]) -> Iterator[Path]:
        """Every file of this machine that secret is looked for in; mounted secrets are the container's own."""
        for ref in _refs(account, secret, refs):
            if ref.origin is Origin.FILE:
                yield Path(ref.held)
            elif ref.origin is Origin.CREDENTIAL and self.credentials_dir:
                yield from (path for path in self._files(ref.held) if path.parent == self.credentials_dir)

    def _places(self, ref: SecretRef) -> tuple[str, ...]:
        if ref.origin is not Origin.CREDENTIAL:
            return (str(ref),)
        return (
            _("the systemd credential {name}").format(name=ref.held),
            _("the file {name}").format(name=self.run_secrets_dir / ref.held),
        )

    def _get(self, ref: SecretRef) -> str | None:
        match ref.origin:
            case Origin.CLEAR:
                return ref.held
            case Origin.ENV:
                return _told(self.environ.get(ref.held, ""))
            case Origin.FILE:
                return _content(Path(ref.held))
            case Origin.CREDENTIAL:
                return next(filter(None, map(_content, self._files(ref.held))), None)

    def _files(self, credential: str) -> Iterator[Path]:
        if self.credentials_dir:
            yield self.credentials_dir / credential
            yield self.credentials_dir / f"{FROM_FOLDER}{credential}"
        yield self.run_secrets_dir / credential


def _refs(account: str, secret: Secret, refs: Mapping[str, SecretRef]) -> tuple[SecretRef, ...]:
    if secret.name in refs:
        return (refs[secret.name],)
    return (
        SecretRef(origin=Origin.CREDENTIAL, held=f"{account}.{secret.name}"),
        SecretRef(origin=Origin.ENV, held=variable(account, secret.name)),
    )


def _told(value: str) -> str | None:
    """Without the line break that editors and `echo` add; None if nothing is left."""
    return value.rstrip("\r\n") if value.strip() else None


def _content(path: Path) -> str | None:
    try:
        return _told(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as failed:
        reason = failed.strerror if isinstance(failed, OSError) else sentence("not UTF-8 text")
        raise SecretMissing(
            sentence(
                "the secret file {path} cannot be read: {why}; mend the file or its permissions", path=path, why=reason
            )
        ) from None
