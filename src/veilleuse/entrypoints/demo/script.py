"""What the demo's four accounts are, what they have said, and what stands in their content folder."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from veilleuse.language import N_, spoken

START = datetime(2026, 12, 7, 7, 30, tzinfo=UTC)  # a Monday, 08:30 in Paris
OWNER = "claire"
PASSWORD = "flamme"  # noqa: S105 - of a page that shows made-up accounts, to this machine alone
PAGE = "127.0.0.1:8788"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One account: what happens to it, and its last post, by hand, before the demo begins."""

    account: str
    network: str
    identity: str
    title: str
    tale: str
    last_post: str
    silent_for: timedelta
    secrets: tuple[str, ...] = ("api_key", "api_secret", "access_token", "access_secret")
    preview: bool = False  # whether Claire reads the day before what will be said


STORIES = (
    Story(
        account="boulangerie-x",
        network="x",
        identity="boulangerie_lune",
        title="Boulangerie Lune",
        tale=N_("nearly too silent: it is kept alive"),
        last_post="Merci à toutes et à tous pour la fête du pain !",
        silent_for=timedelta(days=6, hours=2),
    ),
    Story(
        account="boulangerie-facebook",
        network="facebook",
        identity="1001",
        title="Boulangerie Lune",
        tale=N_("its human just posted: it stays quiet"),
        last_post="Complet pour l'atelier galette, à l'an prochain 👑",
        silent_for=timedelta(hours=3),
        secrets=("page_token",),
        preview=True,
    ),
    Story(
        account="atelier-x",
        network="x",
        identity="atelier_pluie",
        title="Atelier Pluie",
        tale=N_("its queue is empty: Claire is called"),
        last_post="L'atelier est ouvert samedi.",
        silent_for=timedelta(days=5),
    ),
    Story(
        account="atelier-facebook",
        network="facebook",
        identity="1002",
        title="Atelier Pluie",
        tale=N_("its draft waits for approval: Claire is called"),
        last_post="De nouvelles couleurs arrivent.",
        silent_for=timedelta(days=5, hours=12),
        secrets=("page_token",),
    ),
)

# Nothing here draws a warning: no day that passes, no link where links cost money.
FILES = {
    "boulangerie-x.toml": """\
approved_by = "claire"

[[post]]
id = "horaires"
text = "Nos horaires d'hiver : 7 h-19 h, dimanche 7 h-13 h. Plutôt matin ou soir ?"

[[post]]
id = "galette"
text = "La galette est là. Frangipane ou pomme ? 👑"
not_before = 2027-01-02
not_after = 2027-01-17

[[post]]
id = "levain"
text = "Notre levain a douze ans. Quel âge a le vôtre ?"

[[post]]
id = "raclette"
text = "Pain de seigle ou pain de campagne pour la raclette ?"

[[post]]
id = "croissant"
text = "Un croissant, on le mange par quel bout ?"

[[post]]
id = "meunier"
text = "Le meunier passe souvent nous voir. Une question pour lui ?"
""",
    "boulangerie-facebook.toml": """\
approved_by = "claire"

[[post]]
id = "four"
text = "Le four est rallumé à 3 h chaque matin. Venez voir : que voulez-vous savoir ?"
link = "https://boulangerie-lune.example/fournil"

[[post]]
id = "idee"
text = "Une idée pour un pain du mois ? Dites-la en commentaire."

[[post]]
id = "fournee"
text = "Trente brioches ou trente baguettes : devinez la fournée la plus longue."

[[post]]
id = "enfance"
text = "Quel pain de votre enfance aimeriez-vous retrouver ?"

[[post]]
id = "enfants"
text = "On ouvre bientôt le fournil aux enfants. Qui vient ?"
""",
    "atelier-facebook.csv": """\
id;texte;lien;approuvé par
parapluie;Un parapluie se répare. Le vôtre a-t-il une histoire ?;;
""",
}


# What argon2 makes of PASSWORD.
HASH = "$argon2id$v=19$m=19456,t=2,p=1$XFG8fonUWyPx413L30jaOA$PLq4Ap3fQMuOJFDr/FpVb0Ps1w8Tma2I6XJCyoecTVY"


def write(folder: Path, base_url: str) -> Path:
    """Write configuration and content where there are none; the path. The networks' address is always renewed."""
    content = folder / "content"
    if not content.exists():
        content.mkdir(parents=True)
        (content / "atelier-x").mkdir()
        for name, text in FILES.items():
            (content / name).write_text(text, encoding="utf-8")
    path = folder / "veilleuse.toml"
    path.touch(mode=0o600)
    path.write_text(_configuration(base_url), encoding="utf-8")
    return path


def _configuration(base_url: str) -> str:
    parts = [
        'timezone = "Europe/Paris"\nlanguage = "fr"\n\n[rule]\nholidays = "FR"\n\n'
        f'[web]\nlisten = "{PAGE}"\n\n[people.{OWNER}]\nlanguage = "{spoken()}"\npassword = "{HASH}"\n'
    ]
    for story in STORIES:
        key = "handle" if story.network == "x" else "page_id"
        credentials = "".join(f'{name} = "sandbox-{name}-{story.identity}"\n' for name in story.secrets)
        parts.append(
            f'[accounts.{story.account}]\nnetwork = "{story.network}"\n{key} = "{story.identity}"\n'
            f'owner = "{OWNER}"\nbase_url = "{base_url}"\n{"preview = true" if story.preview else ""}\n'
            f"[accounts.{story.account}.credentials]\n{credentials}"
        )
    return "\n".join(parts)
