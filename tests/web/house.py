"""A house with a page, and browsers without eyes: three people, three accounts, a clock that stands still."""

import html
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from tests.domain.posts import utc
from tests.fakes import FakeClock, MemoryStore
from veilleuse import bootstrap
from veilleuse.adapters.content.folder import FolderSource
from veilleuse.config import Settings
from veilleuse.domain.activity import Entry, Kind
from veilleuse.entrypoints.web.app import application
from veilleuse.entrypoints.web.patience import Patience
from veilleuse.entrypoints.web.site import Site
from veilleuse.entrypoints.web.visit import Visits
from veilleuse.ports import Store
from veilleuse.services.drop import Drops
from veilleuse.services.sync import Sync

NOW = utc("2026-11-20 10:00")
PASSWORD = "une petite flamme"
# Made with the smallest parameters argon2 has: the tests check many.
HASH = "$argon2id$v=19$m=8,t=1,p=1$sPElK7o1xQadF07bdcaakw$cTfCLqizkenoLVoBFpGHWeqtwvEIzMlV5b4BaqHB06E"
LISTEN = 'listen = "127.0.0.1:8080"'

PEOPLE = f"""
[people.claire]
password = "{HASH}"

[people.anna]
language = "fr"
password = "{HASH}"

[people.rene]
role = "reader"
password = "{HASH}"

[people.paul]
"""
ACCOUNTS = """
[accounts.acme-x]
network = "x"
handle = "acme"
owner = "claire"

[accounts.acme-facebook]
network = "facebook"
page_id = "1234567890"
owner = "claire"
approvers = ["claire", "anna"]

[accounts.acme-uk]
network = "facebook"
page_id = "987"
owner = "anna"
"""
POSTS = """\
[[post]]
id = "hiver"
text = "Nos horaires d'hiver : 9 h-17 h. Plutôt matin ou soir ?"
approved_by = "claire"

[[post]]
id = "voeux"
text = "Un brouillon : vos vœux ?"
"""


@dataclass
class Hands:
    """A clock for patience that only the test moves."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class WebHouse:
    folder: Path
    web: str = LISTEN
    people: str = PEOPLE
    store: Store = field(default_factory=MemoryStore)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    hands: Hands = field(default_factory=Hands)
    unwell: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        config = self.folder / "veilleuse.toml"
        config.write_text(f'timezone = "Europe/Paris"\n[web]\n{self.web}\n{self.people}{ACCOUNTS}', encoding="utf-8")
        self.settings: Settings = bootstrap.load(config)
        self.content = self.settings.content
        self.content.mkdir(exist_ok=True)
        (self.content / "acme-x.toml").write_text(POSTS, encoding="utf-8")
        self.accounts = bootstrap.accounts_of(self.settings)
        self.store.register(self.accounts.values(), NOW)
        self.store.beat("me", NOW, timedelta(days=1))
        self.sync()
        self.site = self.made()

    def made(self) -> Site:
        self.place = place = bootstrap.drop_place(self.settings, self.clock, self.store)
        return Site(
            settings=self.settings,
            accounts=self.accounts,
            store=self.store,
            clock=self.clock,
            drops=Drops(place, self.store, self.clock, self.accounts),
            key=b"k" * 32,
            unwell=lambda: self.unwell,
            patience=Patience(self.hands),
        )

    def sync(self) -> None:
        source = FolderSource(self.content, self.accounts, bootstrap.SPECS, self.clock)
        Sync(source, self.store, self.clock, self.accounts).run()

    def seen(self, account: str, days_ago: float, text: str = "Bonjour", url: str | None = "https://x.test/1") -> None:
        """Its team has posted by hand."""
        at = NOW - timedelta(days=days_ago)
        entry = Entry(remote_id=f"{account}-{days_ago}", text=text, created_at=at, url=url)
        self.store.record_reading(account, [entry], [Kind.POST], NOW)
        self.store.ring([account], NOW)
        self.store.claim_due("me", NOW, 99)
        for state in self.store.states():
            self.store.finish_look("me", replace(state, read_at=NOW, next_look_at=NOW))

    def browser(self, *, peer: str = "127.0.0.1", base: str = "http://127.0.0.1:8080") -> "Browser":
        return Browser(TestClient(application(self.site), base_url=base, client=(peer, 50000), follow_redirects=False))

    def signed_in(self, name: str = "claire") -> "Browser":
        browser = self.browser()
        browser.sign_in(name)
        return browser

    def signed_out_token(self, browser: "Browser") -> str:
        """What a form would carry, where no page has one."""
        visits = Visits(self.site.key)
        visit = visits.read(browser.client.cookies["veilleuse"])
        assert visit is not None
        return visits.token(visit)


@dataclass
class Browser:
    client: TestClient

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(path, **options)

    def words(self, path: str) -> str:
        """What stands on that page, each run of white space as one blank."""
        return words(self.get(path))

    def token(self, path: str = "/sign-in") -> str:
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.get(path).text)
        assert found is not None, f"no form on {path}"
        return found[1]

    def post(self, path: str, **fields: str) -> Response:
        """With the token that any form of this visit carries."""
        token = fields.pop("token", None) or self.token("/freeze")
        return self.client.post(path, data={"token": token, **fields})

    def sign_in(self, name: str, password: str = PASSWORD) -> Response:
        token = self.token("/sign-in")
        return self.client.post("/sign-in", data={"token": token, "name": name, "password": password})


def words(response: Response) -> str:
    page = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
