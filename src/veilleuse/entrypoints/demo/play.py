"""Plays the demo: real services, SQLite and client libraries against the sandbox, on a clock that we move."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from veilleuse import bootstrap
from veilleuse.entrypoints.demo.script import OWNER, START, STORIES, write
from veilleuse.entrypoints.demo.teller import Teller
from veilleuse.entrypoints.page import page
from veilleuse.entrypoints.web.trouble import PortTaken
from veilleuse.sandbox import Sandbox
from veilleuse.sandbox.clock import VirtualClock
from veilleuse.services.acknowledge import acknowledge
from veilleuse.services.house import House

PORT = 8787  # so that the page's address stays the same after a restart; another if it is taken
TICK = 0.25  # real seconds
PACE = timedelta(minutes=45)  # virtual time a tick: three hours a second
EPISODE = timedelta(days=9)  # `--once`: by then each story has had its turn


class Stage:
    """A folder with everything of one demo in it; opening it again goes on where it stopped."""

    def __init__(self, folder: Path, *, port: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._hands = folder / "clock"
        resumed = self._hands.exists()
        now = datetime.fromisoformat(self._hands.read_text()) if resumed else START
        self.clock = VirtualClock(now)
        self.resumed = resumed
        self.sandbox = _sandbox(self.clock, port, folder / "sandbox.json")
        for story in STORIES:
            self.sandbox.add(story.network, story.identity, title=story.title)
            if not self.sandbox.timeline(story.identity):
                self.sandbox.post_as_human(story.identity, story.last_post, at=START - story.silent_for)
        self.config = write(folder, self.sandbox.base_url)
        self.teller = Teller(self.clock)

    @contextmanager
    def open(self) -> Iterator[House]:
        settings = bootstrap.load(self.config)
        with self.sandbox, bootstrap.open_house(settings, clock=self.clock, notifier=self.teller) as house:
            yield house

    @contextmanager
    def page(self, house: House) -> Iterator[str]:
        """The status page beside that house; its address. On another port if its own is taken."""
        settings = bootstrap.load(self.config)
        with ExitStack() as stack:
            try:
                address = stack.enter_context(page(settings, house, list))
            except PortTaken:
                elsewhere = replace(settings, web=replace(settings.web, listen=("127.0.0.1", 0)))
                address = stack.enter_context(page(elsewhere, house, list))
            assert address is not None
            yield address

    def turn(self, house: House) -> None:
        """All that the daemon does at one moment; the clock stands still meanwhile."""
        self.teller.synced(house.sync_content())
        house.rounds.until_quiet(self.teller.looked)
        house.tell()

    def read(self, house: House) -> None:
        """Claire says that she has seen what she was told, so that nobody reminds her."""
        unread = [alert.id for alert in house.store.alerts() if alert.told_at and alert.acked_at is None]
        for id in unread:
            acknowledge(house.store, id, OWNER, self.clock.now())
        if unread:
            self.teller.seen(OWNER)

    def move(self, to: datetime) -> None:
        """Move the hands, on disk too: a demo that is killed goes on where it was."""
        self.clock.move_to(to)
        self._hands.write_text(self.clock.now().isoformat())


def once(folder: Path) -> None:
    """The stories without waiting: from one due time to the next, for nine virtual days. Claire reads what she gets."""
    stage = Stage(folder, port=0)
    with stage.open() as house:
        end = stage.clock.now() + EPISODE
        while stage.clock.now() < end:
            stage.turn(house)
            stage.read(house)
            due = house.store.next_look_at()
            stage.move(max(stage.clock.now() + timedelta(minutes=1), min(due or end, end)))


def on_and_on(stage: Stage, opened: Callable[[str], None]) -> None:
    """Until Ctrl-C, three hours a second. `opened` is told the page's address."""
    with stage.open() as house, stage.page(house) as address:
        opened(address)
        while True:
            stage.turn(house)
            time.sleep(TICK)
            stage.move(stage.clock.now() + PACE)


def _sandbox(clock: VirtualClock, port: int, state_file: Path) -> Sandbox:
    try:
        return Sandbox(clock, port=port, state_file=state_file)
    except OSError:
        return Sandbox(clock, port=0, state_file=state_file)
