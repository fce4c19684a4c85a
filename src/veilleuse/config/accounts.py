"""The accounts: each on one network, with an owner and a complete rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from veilleuse.config.model import Person, Role
from veilleuse.config.people import somebody
from veilleuse.config.problem import dotted
from veilleuse.config.rules import NO_KEYS, OF_KIND, RuleKeys, make_rule, read_rule_keys
from veilleuse.config.secret_ref import RefParser, SecretRef
from veilleuse.config.section import Section
from veilleuse.config.values import (
    NAME,
    NAME_REMEDY,
    duration,
    flag,
    language,
    money,
    one_of,
    shown,
    text,
    texts,
    web_address,
    word,
    zone,
)
from veilleuse.domain.account import Account, AccountKind
from veilleuse.domain.nearest import nearest
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.domain.phrases import any_of
from veilleuse.language import N_, each_language, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every account is read against."""

    specs: Mapping[str, NetworkSpec]
    people: Mapping[str, Person]
    rule: RuleKeys
    zone: ZoneInfo
    language: str
    ref: RefParser


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAccount:
    """An account as one table gives it; complete, unless something was noted as wrong."""

    account: Account
    credentials: Mapping[str, SecretRef]
    section: Section
    spec: NetworkSpec | None


def read_accounts(section: Section, house: House) -> list[ReadAccount]:
    """Every account, in the order of the file."""
    found = []
    for name, table in section.tables():
        if not NAME.fullmatch(name):
            section.wrong(name, sentence("is no name for an account"), sentence(NAME_REMEDY))
        found.append(_read(name, table, house))
    return found


def _read(name: str, section: Section, house: House) -> ReadAccount:
    networks = each_language(lambda: any_of(f'"{network}"' for network in house.specs))
    spec = section.require(
        "network", partial(_network, house.specs), None, sentence("Write network = {networks}.", networks=networks)
    )
    somebody_here = somebody(house.people)
    owner = section.require("owner", somebody_here, "", sentence('Write owner = "NAME", one of [people].'))
    options = _options(section, spec, house.ref.folder)
    kind = section.take("kind", partial(one_of, AccountKind), AccountKind.PROFESSIONAL)
    account = Account(
        name=name,
        network=spec.name if spec else "",
        identity=options.get(spec.identity_key, "") if spec else "",
        owner=owner,
        approvers=section.take("approvers", lambda value: tuple(map(somebody_here, texts(value))), (owner,)),
        about=section.take("about", text, ""),
        language=section.take("language", language, house.language),
        kind=kind,
        budget_usd=section.take("budget_usd", money, None),
        preview=section.take("preview", flag, False),
        log_in_reminder=section.take("log_in_reminder", flag, True),
        log_in_every=section.take("log_in_every", duration, None),
        rule=make_rule(
            read_rule_keys(section).over(house.rule).over(OF_KIND.get(kind, NO_KEYS)),
            section.take("timezone", zone, house.zone),
            section,
        ),
        watched=spec is not None and not spec.publishes,
        by_hand=spec is not None and spec.by_hand,
        options=options,
    )
    _check_approvers(account, section, house.people)
    credentials = _credentials(section.table("credentials"), spec, house.ref)
    _close(section, spec, house.specs)
    return ReadAccount(account=account, credentials=credentials, section=section, spec=spec)


def _network(specs: Mapping[str, NetworkSpec], value: object) -> NetworkSpec:
    name = text(value)
    if name not in specs:
        guess = nearest(name, specs)
        mend = (
            sentence('did you mean "{guess}"?', guess=guess)
            if guess
            else sentence("write one of {names}", names=", ".join(specs))
        )
        raise ValueError(sentence('veilleuse knows no network "{name}"; {mend}', name=shown(name), mend=mend))
    return specs[name]


def _options(section: Section, spec: NetworkSpec | None, folder: Path) -> dict[str, str]:
    """The network's own keys, those present."""
    options = {"base_url": section.take("base_url", web_address, None)}
    for key in spec.keys if spec else ():
        parse = _parser(key, folder, identity=spec is not None and key.name == spec.identity_key)
        if key.required:
            mend = sentence(
                'Write {name} = "...": {why}.',
                name=key.name,
                why=sentence(key.help or N_("this network cannot do without it")),
            )
            options[key.name] = section.require(key.name, parse, None, mend)
        else:
            options[key.name] = section.take(key.name, parse, None)
    address = options["base_url"]
    if spec and spec.secrets and address and not _private(address):
        section.wrong(
            "base_url",
            sentence("is plain http: the secrets would travel in clear"),
            sentence('Write it with "https://".'),
        )
    return {key: value for key, value in options.items() if value is not None}


def _private(address: str) -> bool:
    """Whether what is sent there is read by nobody on the way: by https, or on this machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1", "::1")


def _parser(key: Key, folder: Path, *, identity: bool) -> Callable[[object], str]:
    if key.choices:
        return partial(word, key.choices)
    if key.name in ("base_url", "url"):
        return web_address
    if key.name == "path":
        return lambda value: str(folder / text(value))
    return _handle if identity else text


def _handle(value: object) -> str:
    """What names a presence; people write a handle with its @ or without."""
    return text(text(value).lstrip("@"))


def _credentials(table: Section, spec: NetworkSpec | None, ref: RefParser) -> dict[str, SecretRef]:
    if spec is None:
        return {}
    found = {secret.name: table.take(secret.name, ref, None) for secret in spec.secrets}
    table.close()
    return {name: ref for name, ref in found.items() if ref is not None}


def _check_approvers(account: Account, section: Section, people: Mapping[str, Person]) -> None:
    for name in account.approvers:
        if name in people and people[name].role is Role.READER:
            mend = sentence('Write role = "approver" in [people.{name}], or name other approvers.', name=name)
            key = "approvers" if "approvers" in section else "owner"
            section.wrong(key, sentence("{name} is a reader, who cannot approve", name=name), mend)


def _close(section: Section, spec: NetworkSpec | None, specs: Mapping[str, NetworkSpec]) -> None:
    if spec is None:  # the keys of any network may be meant
        section.close(also={key.name for each in specs.values() for key in each.keys})
        return
    table = dotted((*section.path, "credentials"))
    place = sentence(
        "Write it in [{table}], or keep it out of this file: `veilleuse check` says where it is looked for.",
        table=table,
    )
    section.close(advice={secret.name: place for secret in spec.secrets})
