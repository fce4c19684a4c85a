"""Drafts as a spreadsheet for whoever approves them, as Excel in their language opens it."""

import csv
from collections.abc import Sequence
from pathlib import Path

from veilleuse.domain.account import Account
from veilleuse.domain.foreign import Draft

_COLUMNS = {
    "en": ("account", "text", "link", "image", "alt", "not before", "not after", "approved by"),
    "fr": ("compte", "texte", "lien", "image", "texte alternatif", "pas avant", "pas après", "approuvé par"),
}
_DELIMITERS = {"en": ",", "fr": ";"}


def write_drafts(path: Path, account: Account, drafts: Sequence[Draft]) -> None:
    """A new file, if there is any draft. Raises FileExistsError, OSError."""
    if not drafts:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # Excel takes a file without the mark for Windows-1252 and breaks its accents.
    with path.open("x", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=_DELIMITERS[account.language])
        rows.writerow(_COLUMNS[account.language])
        rows.writerows(_cells(account, draft) for draft in drafts)


def _cells(account: Account, draft: Draft) -> tuple[str, ...]:
    local = draft.not_before.astimezone(account.rule.zone) if draft.not_before else None
    when = f"{local:%Y-%m-%d %H:%M}".removesuffix(" 00:00") if local else ""
    return (account.name, draft.text, draft.link, "", draft.alt, when, "", "")
