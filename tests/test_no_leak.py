"""A canary in every secret, and everything that leaves the program searched for it, while all goes wrong that can."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import MetaData, select

from tests.contracts.stage import PNG
from tests.logs import logs_as_before
from tests.loopback import Loopback, http, loopback
from veilleuse import bootstrap
from veilleuse import log as logs
from veilleuse.adapters.db.engine import Database
from veilleuse.adapters.db.upgrade import back_up
from veilleuse.adapters.networks import rates
from veilleuse.entrypoints.cli import main
from veilleuse.ports import Clock, StoreUnavailable
from veilleuse.sandbox import Fault, Sandbox
from veilleuse.sandbox.clock import VirtualClock
from veilleuse.services.house import House

CANARY = "cAnArY"
# As the secrets hold it, with what URLs, headers and JSON make of it.
FORMS = (CANARY.lower(), quote(CANARY).lower(), base64.b64encode(CANARY.encode()).decode().lower())
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
SLOW = {Fault.SILENCE_AFTER, Fault.DRIP}  # these take a deadline each, and say nothing that the others do not
SORTS = ("identify", "read", "prepare", "publish")
X_SECRETS = ("api_key", "api_secret", "access_token", "access_secret")


def secret(name: str) -> str:
    """Long enough to be cut out of any text, and with characters that URLs and JSON write otherwise."""
    return f'{CANARY}-{name}-é"&/+%'


@dataclass
class Company:
    folder: Path
    sandbox: Sandbox
    clock: VirtualClock
    environ: dict[str, str]
    outside: Loopback  # where alerts and heartbeats go, and are refused
    said: list[str] = field(default_factory=list)  # all that left the program, but for its files

    @property
    def config(self) -> Path:
        return self.folder / "veilleuse.toml"

    def run(self, *args: str) -> None:
        """A command as a person gives it; what stands on the screen is kept."""
        result = CliRunner().invoke(
            main, ["--config", str(self.config), *args], env=self.environ, prog_name="veilleuse"
        )
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        self.said += [result.stdout, result.stderr]


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    with logs_as_before():
        yield


@pytest.fixture
def company(
    tmp_path: Path, database: str, monkeypatch: pytest.MonkeyPatch, server_shows: Callable[[Clock], None]
) -> Iterator[Company]:
    """Two accounts in a sandbox, two people who cannot be reached, a watcher who is away."""
    clock = VirtualClock(START)
    server_shows(clock)
    with Sandbox(clock) as sandbox, loopback([http("500 No", f"no such key {CANARY}".encode())]) as broken:
        secrets = {f"VEILLEUSE_ACME_X_{name.upper()}": secret(name) for name in X_SECRETS}
        secrets["VEILLEUSE_ACME_FACEBOOK_PAGE_TOKEN"] = secret("page_token")
        secrets["VEILLEUSE_ACME_FACEBOOK_APP_SECRET"] = secret("app_secret")
        sandbox.add("x", "acme", secrets={name: secret(name) for name in X_SECRETS})
        page = {"page_token": secret("page_token"), "person_token": secret("person_token")}
        sandbox.add("facebook", "1234567890", secrets=page)
        secrets["CLAIRE"] = f"json://127.0.0.1:{broken.port}/{CANARY}-hook"
        secrets["HUGO"] = f"mailto://hugo:{CANARY}-mail@127.0.0.1:9?from=a@b.test&to=c@d.test"
        secrets["HEARTBEAT"] = f"http://127.0.0.1:{broken.port}/{CANARY}-ping"
        secrets["DATABASE"] = database.replace("postgres:@", f"postgres:{CANARY}-password@")
        for name, value in secrets.items():
            monkeypatch.setenv(name, value)
        company = Company(tmp_path / "house", sandbox, clock, secrets, broken)
        (company.folder / "content").mkdir(parents=True)
        company.config.write_text(_settings(sandbox.base_url))
        (company.folder / "content" / "cafe.png").write_bytes(PNG)
        for account in ("acme-x", "acme-facebook"):
            posts = "".join(f'[[post]]\ntext = "{account}, numéro {n}"\n{_image(n)}' for n in range(60))
            (company.folder / "content" / f"{account}.toml").write_text(f'approved_by = "claire"\n{posts}')
        yield company


def _settings(base_url: str) -> str:
    accounts = {
        "acme-x": 'network = "x"\nhandle = "acme"',
        "acme-facebook": 'network = "facebook"\npage_id = "1234567890"',
    }
    text = 'database = { env = "DATABASE" }\nheartbeat_url = { env = "HEARTBEAT" }\n[rule]\nhours = "always"\n'
    text += '[people.claire]\nnotify = [{ env = "CLAIRE" }]\n[people.hugo]\nnotify = [{ env = "HUGO" }]\n'
    for (name, keys), owner in zip(accounts.items(), ("claire", "hugo"), strict=True):
        text += f'[accounts.{name}]\n{keys}\nowner = "{owner}"\napprovers = ["claire"]\nbase_url = "{base_url}"\n'
    return text


def _image(number: int) -> str:
    return 'image = "cafe.png"\n' if number % 3 == 0 else ""


def everything_goes_wrong(company: Company, house: House) -> None:
    """Each fault at each sort of call, on both networks, one after the other; time passes in between."""
    house.sync_content()
    for sort in SORTS:
        for fault in sorted(set(Fault) - SLOW):
            for identity in ("acme", "1234567890"):
                company.sandbox.fault(identity, sort, fault)
            company.clock.sleep(timedelta(days=7).total_seconds())
            rates.forget()  # what a network said of its limits is over, by a clock that this one does not move
            house.store.ring(house.accounts, house.clock.now())
            for report in house.rounds.until_quiet(lambda report: None):
                company.said.append(repr(report))
        house.alerts.ripen()
        company.said += house.deliver.run().failed
    company.said += [repr(row) for row in (*house.store.alerts(), *house.store.all_notifications())]
    company.said += [repr(row) for row in (*house.store.attempts(limit=999), *house.store.receipts(limit=999))]


def all_that_was_written(company: Company, database: str) -> Mapping[str, bytes]:
    """Every file but the configuration, its folders' names, and every row of a Postgres database."""
    files = {str(path): path.read_bytes() for path in company.folder.parent.rglob("*") if path.is_file()}
    if "://" in database:
        db, tables = Database(database), MetaData()
        with db.read() as connection:
            tables.reflect(connection)
            for table in tables.sorted_tables:
                files[table.name] = repr(connection.execute(select(table)).all()).encode()
        db.close()
    return files


def leaks(text: str | bytes) -> list[str]:
    shown = (text if isinstance(text, str) else text.decode("latin-1")).lower()
    return [shown[max(0, at - 200) : at + 60] for form in FORMS if (at := shown.find(form)) >= 0]


def test_no_secret_is_found_anywhere(company: Company, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = bootstrap.load(company.config)
    mode: Literal["json", "eyes"] = "eyes" if "://" in database else "json"
    logs.configure(mode, "DEBUG", bootstrap.known_secrets(settings, bootstrap.secrets_here()))
    with bootstrap.open_house(settings, clock=company.clock) as house:
        everything_goes_wrong(company, house)
        bootstrap.heartbeat(settings).beat()
        assert company.sandbox.timeline("acme")
        assert company.sandbox.timeline("1234567890")
        assert len({alert.finding.condition for alert in house.store.alerts()}) >= 3
    log = capsys.readouterr()
    assert "notification.failed" in log.err
    assert "heartbeat.refused" in log.err
    assert all(CANARY.encode() in head for head in company.outside.heads)  # whoever must know them was told
    for words in (("check",), ("alerts", "test"), ("status",), ("queue",), ("history",), ("alerts",), ("resolve",)):
        company.run(*words)
        company.run(*words, "--json")
    if "://" not in database:
        db = Database(database)
        back_up(db, company.folder / "backup.db")
        db.close()
    assert [leak for text in (log.out, log.err, *company.said) for leak in leaks(text)] == []
    assert {name: leaks(data) for name, data in all_that_was_written(company, database).items() if leaks(data)} == {}


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql://claire:{CANARY}@127.0.0.1:9/house",
        f"postgresql://claire:{CANARY}%2F%40@127.0.0.1:9/house?sslpassword={CANARY}",
        f"postgresql://claire:{CANARY}@[broken/house",
        f"mysql://claire:{CANARY}@127.0.0.1/house",
    ],
)
def test_a_database_that_cannot_be_had_is_named_without_its_password(
    company: Company, address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.environ["DATABASE"] = address
    for words in (("run", "--once"), ("status",), ("check",), ("db", "upgrade")):
        company.run(*words)
    assert [leak for text in company.said for leak in leaks(text)] == []
    assert any(company.said)


def test_what_nobody_caught_is_logged_without_it(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    settings = bootstrap.load(company.config)
    logs.configure("json", "DEBUG", bootstrap.known_secrets(settings, bootstrap.secrets_here()))
    try:
        raise StoreUnavailable(f"token {secret('page_token')} and {secret('api_key')!r}")
    except StoreUnavailable:
        structlog.get_logger().exception("program.crashed", url=company.environ["CLAIRE"], key=secret("api_key"))
    said = capsys.readouterr().err
    assert "program.crashed" in said
    assert leaks(said) == []
