"""JSON Schemas for editors: of the configuration and of files of posts, made from what judges them.

They help while writing; the judging itself (`veilleuse check`) knows more and says it better. Draft 7, as editors of
TOML understand it.
"""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from veilleuse.config.model import Role
from veilleuse.config.rules import KEYS as RULE_KEYS
from veilleuse.config.secret_ref import Origin
from veilleuse.config.template import SCHEMA_OF_CONFIG, SCHEMA_OF_POSTS
from veilleuse.config.values import LANGUAGES, NAME
from veilleuse.domain.account import AccountKind
from veilleuse.domain.activity import Kind
from veilleuse.domain.durations import DURATION
from veilleuse.domain.hours import DAYS
from veilleuse.domain.keys import KEYS as POST_KEYS
from veilleuse.domain.network import Key, NetworkSpec
from veilleuse.domain.rule import Approval, WhenBlind
from veilleuse.domain.written import DATE_PATTERNS, ID

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string", "minLength": 1}
_FLAG: Schema = {"type": "boolean"}
_NAME: Schema = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_DURATION: Schema = {"type": "string", "pattern": f"^\\s*{DURATION.pattern}\\s*$"}
_ADDRESS: Schema = {"type": "string", "pattern": "^https?://"}
_DATE: Schema = {"anyOf": [{"type": "string", "pattern": f"^{pattern}$"} for pattern in DATE_PATTERNS]}
_DAY = f"({'|'.join(DAYS)})"
_WINDOW = r"\d{2}:\d{2}-\d{2}:\d{2}"
_HOURS: Schema = {
    "type": "string",
    "pattern": f"^(always|(daily|{_DAY}([-, ]+{_DAY})*) +{_WINDOW}(, *{_WINDOW})*)$",
}
_PLACES = [origin.value for origin in Origin if origin is not Origin.CLEAR]
_SECRET: Schema = {
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "properties": dict.fromkeys(_PLACES, _TEXT),
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    ]
}


def schemas(specs: Mapping[str, NetworkSpec]) -> dict[str, str]:
    """Every schema as it is to stand in its file, by the file's name."""
    made = {SCHEMA_OF_CONFIG.name: config_schema(specs), SCHEMA_OF_POSTS.name: posts_schema(specs)}
    return {name: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for name, schema in made.items()}


def config_schema(specs: Mapping[str, NetworkSpec]) -> Schema:
    """Of veilleuse.toml."""
    rule = {key: _RULE[key] for key in RULE_KEYS}
    return _document(
        "The configuration of veilleuse",
        {
            "timezone": _told(_TEXT, "IANA time zone of hours, holidays and dates; default UTC."),
            "language": _one_of(LANGUAGES),
            "database": _told(_SECRET, "A SQLite file, or a PostgreSQL address."),
            "content": _told(_TEXT, "The folder of the posts, relative to this file."),
            "heartbeat_url": _SECRET,
            "rule": _table(rule),
            "alerts": _table({"owner": _NAME}),
            "web": _table(
                {
                    "listen": _told(_TEXT, "HOST:PORT of the status page."),
                    "address": _told(_ADDRESS, "As people reach it, through a proxy."),
                    "trusted_proxies": _told(_some(_TEXT), "Addresses whose user_header is believed."),
                    "user_header": _told(_TEXT, "The header in which such a proxy names the person."),
                    "metrics_from": _told(_some(_TEXT), "Addresses that may read /metrics; default this machine."),
                }
            ),
            "people": _tables(_table(_PERSON)),
            "accounts": _tables(_account(specs, rule)),
        },
        required=("accounts",),
    )


def posts_schema(specs: Mapping[str, NetworkSpec]) -> Schema:
    """Of a file of posts."""
    post = {
        "id": {"anyOf": [{"type": "string", "pattern": f"^{ID.pattern}$"}, {"type": "integer"}]},
        "text": _TEXT,
        "link": _ADDRESS,
        "image": _told(_TEXT, "A file in the content folder, relative to this one."),
        "alt": _told(_TEXT, "What the image shows, for people who cannot see it."),
        "content_warning": _told(_TEXT, "Stands before the text, which is hidden behind it; on Mastodon."),
        "variants": _table(dict.fromkeys(specs, _some(_TEXT))),
        "priority": _told({"type": "integer"}, "Higher speaks earlier."),
        "reserve": _told(_FLAG, "Said only when nothing else is eligible, and again later."),
        "reserve_gap": _DURATION,
        "max_uses": {"type": "integer", "minimum": 1},
        "not_before": _told(_DATE, "Its first day."),
        "not_after": _told(_DATE, "Its last day, included."),
        "approved_by": _told(_TEXT, "Who approved it; without, it is a draft."),
    }
    assert post.keys() == POST_KEYS, "every key the judge knows, and no other"
    return _document(
        "A file of posts for veilleuse",
        {
            "account": _NAME,
            "accounts": _some(_NAME),
            "approved_by": _told(_TEXT, "Who approved all of this file."),
            "post": {"type": "array", "items": _table(post, required=("text",))},
        },
    )


def _some(item: Schema) -> Schema:
    """One, or a list of them."""
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _one_of(choices: Iterable[str]) -> Schema:
    return {"enum": [choice.value if isinstance(choice, StrEnum) else choice for choice in choices]}


def _told(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description} if description else schema


def _table(keys: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    schema: Schema = {"type": "object", "properties": dict(keys), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def _tables(of: Schema) -> Schema:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": of, "minProperties": 1}


def _document(title: str, keys: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": title, **_table(keys, required)}


def _account(specs: Mapping[str, NetworkSpec], rule: Mapping[str, Schema]) -> Schema:
    """Any account; what depends on its network stands in a rule of its own."""
    own = {key.name: _told(_kind(key), key.help) for spec in specs.values() for key in spec.keys}
    secrets = {secret.name: _SECRET for spec in specs.values() for secret in spec.secrets}
    keys = {
        "network": _one_of(specs),
        "owner": _told(_NAME, "Who is called about this account, one of [people]."),
        "approvers": _some(_NAME),
        "about": _TEXT,
        "timezone": _TEXT,
        "language": _one_of(LANGUAGES),
        "kind": _told(_one_of(AccountKind), "personal: 20 days; reserved: a name kept, never posted to."),
        "budget_usd": {"type": "number", "minimum": 0},
        "preview": _FLAG,
        "log_in_every": _told(_DURATION, "How often somebody must log in, or the network may take the name away."),
        "log_in_reminder": _told(_FLAG, "Call somebody to log in where a network counts log-ins (X); default true."),
        **own,
        "base_url": _ADDRESS,
        "credentials": _table(secrets),
        **rule,
    }
    return {**_table(keys, ("network", "owner")), "allOf": [_of_network(spec, own, secrets) for spec in specs.values()]}


def _kind(key: Key) -> Schema:
    return _one_of(key.choices) if key.choices else _TEXT


def _of_network(spec: NetworkSpec, own: Mapping[str, Schema], secrets: Mapping[str, Schema]) -> Schema:
    foreign = own.keys() - {key.name for key in spec.keys} - {"base_url"}
    foreign_secrets = sorted(secrets.keys() - {secret.name for secret in spec.secrets})
    return {
        "if": {"properties": {"network": {"const": spec.name}}, "required": ["network"]},
        "then": {
            "required": [key.name for key in spec.keys if key.required],
            "properties": {
                **dict.fromkeys(sorted(foreign), False),
                "credentials": {"properties": dict.fromkeys(foreign_secrets, False)},
            },
        },
    }


_RULE: Mapping[str, Schema] = {
    "max_silence": _told(_DURATION, "The longest allowed silence, whoever spoke last."),
    "lead": _told(_DURATION, "How long before that limit it may speak."),
    "min_gap": _told(_DURATION, "Never two of our posts closer than this."),
    "max_per_day": {"type": "integer", "minimum": 1, "maximum": 1440},
    "hours": _told(_some(_HOURS), "When it may speak."),
    "holidays": _told({"type": "string", "pattern": "^([A-Z]{2,3}(-\\w+)?)?$"}, "Closed on them: FR, DE-BY."),
    "quiet_days": _some({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}( */ *\\d{4}-\\d{2}-\\d{2})?$"}),
    "activity": _some(_one_of(Kind)),
    "approval": _one_of(Approval),
    "when_blind": _one_of(WhenBlind),
}
_PERSON: Mapping[str, Schema] = {
    "notify": _told(_some(_SECRET), "Where to call: Apprise addresses, which are secrets."),
    "deputy": _NAME,
    "language": _one_of(LANGUAGES),
    "quiet_hours": _some(_HOURS),
    "password": {"type": "string", "pattern": "^\\$argon2"},
    "role": _one_of(Role),
}
