"""One account on one network, and what a test may do to the world behind it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fake_network import FakeNetwork
from veilleuse.adapters.networks import SPECS, bluesky, facebook, feed, mastodon, outbox, wordpress, x
from veilleuse.domain.account import Account
from veilleuse.domain.activity import Kind
from veilleuse.domain.attempt import Payload
from veilleuse.domain.post import Image
from veilleuse.domain.rule import Rule
from veilleuse.ports import Network
from veilleuse.sandbox import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
# One black pixel: a real server looks inside.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)
IMAGE = Image(sha256="0" * 64, media_type="image/png", size=len(PNG), name="été.png")
CANARY = "cAnArY"  # in every secret
PATIENT = 10.0  # seconds: a deadline that no right answer meets, however slow the machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """What the contract must know of one network; its deviations stand beside the rules they deviate from."""

    connect: Callable[..., AbstractContextManager[Network]]
    identity: str  # a number is added for each fresh account; with "{base}" in it, it is the account's base_url
    kinds: tuple[Kind, ...] = (Kind.POST,)  # the kinds of activity its timeline shows
    with_server: bool = False  # an account's number means something only with its server
    two_step: bool = False  # even a bare text leaves something on the network before it is published
    knows_duplicates: bool = True  # it refuses a text said before
    knows_owner: bool = True  # credentials of another account are told by whose they are
    reads_openly: bool = False  # its timeline is read without credentials
    believes: bool = True  # where nobody can be asked whose credentials these are, the configuration is believed


STAGINGS: Mapping[str, Staging] = {
    "x": Staging(connect=x.connect, identity="acme", kinds=tuple(Kind)),
    "facebook": Staging(connect=facebook.connect, identity="1234567890"),
    "mastodon": Staging(connect=mastodon.connect, identity="acme", kinds=tuple(Kind), with_server=True),
    "bluesky": Staging(
        connect=bluesky.connect,
        identity="acme.test",
        kinds=tuple(Kind),
        two_step=True,
        knows_owner=False,
        reads_openly=True,
        believes=False,
    ),
    "wordpress": Staging(
        connect=wordpress.connect,
        identity="{base}/blog",
        two_step=True,
        knows_duplicates=False,
        knows_owner=False,
        believes=False,
    ),
    "feed": Staging(connect=feed.connect, identity="{base}/feed"),
}


PUBLISHING = tuple(sorted(name for name in STAGINGS if SPECS[name].publishes))
WATCHED = tuple(sorted(STAGINGS.keys() - {*PUBLISHING}))


class SteppedClock:
    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Stage(ABC):
    """What the contract needs of any network, the fake one included."""

    clock: SteppedClock
    number: str  # the account's id on the network
    two_step = False

    @abstractmethod
    @contextmanager
    def open(self) -> Iterator[Network]: ...

    @abstractmethod
    def people_post(self, *texts: str) -> None:
        """By hand, a minute apart."""

    @abstractmethod
    def texts(self) -> list[str]:
        """What stands on the network, oldest first."""

    def is_now(self, moment: datetime | None) -> bool:
        """Whether a server of this stage may call this the present."""
        return moment == self.clock.at

    def publish(self, network: Network, text: str, link: str | None = None) -> str:
        payload = Payload(text=network.spec.compose(text, link), link=link)
        return network.publish(self.number, payload, network.prepare(payload, None), "key").remote_id


class FakeStage(Stage):
    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.number = "42"
        self.fake = FakeNetwork(clock=self.clock)

    @contextmanager
    def open(self) -> Iterator[Network]:
        yield self.fake

    def people_post(self, *texts: str) -> None:
        for text in texts:
            self.clock.sleep(60)
            self.fake.human_posts(text)

    def texts(self) -> list[str]:
        return [entry.text for entry in self.fake.timeline]


class RealStage(Stage):
    """What the contract needs of an adapter that speaks to a server."""

    account: Account
    secrets: Mapping[str, str]

    @contextmanager
    def open(
        self, secrets: Mapping[str, str] | None = None, *, deadline: float = PATIENT, **options: str
    ) -> Iterator[Network]:
        account = replace(self.account, options={**self.account.options, **options})
        connect = STAGINGS[account.network].connect
        with connect(account, secrets or self.secrets, read_deadline=deadline, send_deadline=deadline) as network:
            yield network

    @abstractmethod
    def delete(self, remote_id: str) -> None:
        """Somebody deletes it by hand."""

    @abstractmethod
    def images(self) -> list[tuple[bytes, str | None]]:
        """The images of what stands on the network, each with its alternative text."""

    @abstractmethod
    def somebody_else(self) -> tuple[Mapping[str, str], str]:
        """The secrets of another account, and what a refusal must name of it."""


class SandboxStage(RealStage):
    """A fresh account of a running sandbox."""

    def __init__(self, network: str, clock: SteppedClock, sandbox: Sandbox) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.staging = STAGINGS[network]
        self.two_step = self.staging.two_step
        self.identity = self.staging.identity.format(base=sandbox.base_url) + str(len(sandbox.presences))
        names = [*(secret.name for secret in SPECS[network].secrets), "person_token"]
        self.secrets = {name: f"{CANARY}-{name}-{self.identity.rpartition('/')[2]}" for name in names}
        self.number = sandbox.add(network, self.identity, title="Acme", secrets=self.secrets).number
        if self.staging.with_server:
            self.number += "@" + sandbox.base_url.rpartition("/")[2]
        self.account = Account(
            name=f"acme-{network}",
            network=network,
            identity=self.identity,
            owner="claire",
            rule=Rule(),
            options={"base_url": self.identity if "{base}" in self.staging.identity else sandbox.base_url},
        )

    def people_post(self, *texts: str) -> None:
        for text in texts:
            self.clock.sleep(60)
            self.sandbox.post_as_human(self.identity, text)

    def texts(self) -> list[str]:
        return [shown.text for shown in self.sandbox.timeline(self.identity)]

    def delete(self, remote_id: str) -> None:
        assert self.sandbox.delete(self.identity, remote_id)

    def images(self) -> list[tuple[bytes, str | None]]:
        shown = [(shown.alt, self.sandbox.image(shown.image or "")) for shown in self.sandbox.timeline(self.identity)]
        return [(image.data, alt) for alt, image in shown if image is not None]

    def somebody_else(self) -> tuple[Mapping[str, str], str]:
        other = self.sandbox.add(self.account.network, self.identity + "9", title="Autre")
        return other.secrets, other.identity if self.staging.knows_owner else ""


class OutboxStage(Stage):
    """A file in a folder."""

    two_step = True

    def __init__(self, folder: Path) -> None:
        self.clock = SteppedClock()
        self.path = folder / "outbox.txt"
        self.number = str(self.path)

    @contextmanager
    def open(self) -> Iterator[Network]:
        account = Account(name="acme-linkedin", network="outbox", identity=self.number, owner="claire", rule=Rule())
        with outbox.connect(account, {}, clock=self.clock) as network:
            yield network

    def people_post(self, *texts: str) -> None:
        with self.open() as network:
            for text in texts:
                self.clock.sleep(60)
                self.publish(network, text)

    def texts(self) -> list[str]:
        blocks = re.findall(
            r"^----- \S+ \S+ UTC  (\w+) -----\n(?:[^\n]+\n)*\n(.*?)\n----- end of \1 -----$",
            self._written(),
            re.DOTALL | re.M,
        )
        return [text for _, text in blocks]

    def _written(self) -> str:
        return self.path.read_text("utf-8") if self.path.exists() else ""
