"""Ids nobody else will make: from the system's randomness, so that a forked or cloned machine repeats none."""

import secrets


class RandomIds:
    def new(self) -> str:
        return secrets.token_hex(16)
