"""The configuration: one TOML file in, `Settings` or every mistake in it out."""

from veilleuse.config.database import database_location
from veilleuse.config.load import load
from veilleuse.config.model import Person, Role, Settings, Web
from veilleuse.config.problem import ConfigInvalid, Problem
from veilleuse.config.secret_ref import Origin, SecretRef
from veilleuse.config.secrets import SecretMissing, SecretSource
from veilleuse.config.template import Answers, config_text, first_posts, secrets_needed

__all__ = [
    "Answers",
    "ConfigInvalid",
    "Origin",
    "Person",
    "Problem",
    "Role",
    "SecretMissing",
    "SecretRef",
    "SecretSource",
    "Settings",
    "Web",
    "config_text",
    "database_location",
    "first_posts",
    "load",
    "secrets_needed",
]
