"""Accounts that hibernate, wake and say farewell: what people ask for, what a network does, what must never be seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tests.simulation.client import SOON, Client
from tests.simulation.ledger import Standing, Timeline
from tests.simulation.ports import Ports
from tests.simulation.weather import DAY, Fault
from veilleuse.domain.account import Account
from veilleuse.domain.errors import Unreachable
from veilleuse.domain.farewell import as_farewell
from veilleuse.domain.plan import Plan, PlanKind
from veilleuse.domain.post import Post, Source
from veilleuse.services import plans
from veilleuse.services.plans import CannotPlan

if TYPE_CHECKING:
    from tests.simulation.world import World

STAYS = 2 * DAY
SETTLES = 4 * DAY  # until a plan must have come as far as it can, in the calm at the end


@dataclass(slots=True)
class Wish:
    """What people last asked of one account, as they know it: not as any database does."""

    kind: PlanKind | None  # None: it lives by its rule
    since: datetime
    says: str | None = None  # the text that may be said all the same


@dataclass(slots=True)
class Lives:
    world: "World"
    wishes: dict[str, Wish] = field(default_factory=dict)
    woken_at: dict[str, datetime] = field(default_factory=dict)
    farewells: dict[str, str] = field(default_factory=dict)  # account -> the text, once somebody typed its name
    hidden: set[str] = field(default_factory=set)
    pinned: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("asleep", "awake", "farewells", "closed"), 0))

    # --- people ---

    def act(self, account: str) -> None:
        """Somebody begins a plan, ends one, or calls one off."""
        configured, now, random = self.world.accounts[account], self.world.baton.now, self.world.random
        with suppress(CannotPlan):
            current = plans.plan_now(self.world.store, configured)
            match current and current.kind:
                case None if random.random() < 0.75:
                    self._begin(plans.hibernate(configured, None, "claire", now, now + 9 * DAY), None)
                    self.counts["asleep"] += 1
                case None:
                    self._farewell(configured, now)
                case PlanKind.HIBERNATE:
                    self._wake(configured, current, now)
                case _ if random.random() < 0.3:
                    self._cancel(configured, now)

    def _wake(self, account: Account, current: Plan | None, now: datetime) -> None:
        comebacks = [post for post in self.world.sayable(account.name, now) if not post.reserve]
        stored = {candidate.post.id for candidate in self.world.store.candidates(account.name)}
        comeback = next((post for post in comebacks if post.id in stored), None)
        self._begin(plans.wake(account, current, "claire", now, comeback), current, comeback)
        self.counts["awake"] += 1

    def _farewell(self, account: Account, now: datetime) -> None:
        text = f"Au revoir de {account.name}, et merci ({self.world.random.random():.6f})"
        post = as_farewell(Post(account=account.name, id="f", text=text, source=Source(file="f")))
        plan = plans.farewell(account, None, "claire", now, post, "https://acme.example", STAYS)
        self._begin(plan, None, post)
        plans.store_farewell(self.world.store, post, "claire", now)
        self.farewells[account.name] = text
        self.counts["farewells"] += 1

    def _cancel(self, account: Account, now: datetime) -> None:
        after = plans.cancel(self.world.store, account, "claire", now).plan
        kind = None if after.cancelled else after.kind
        self.wishes[account.name] = Wish(kind, now)
        if kind is None:
            self.woken_at[account.name] = now
        self.world.excuse(account.name, 8 * SOON, "a plan is called off")
        self.world.say("people", f"{account.name}: its plan is called off")
        self.world.wake_all()

    def _begin(self, plan: Plan, before: Plan | None, post: Post | None = None) -> None:
        now = self.world.baton.now
        plans.begin(self.world.store, plan, before, now)
        says = None if post is None else self.world.specs[self.network(plan.account)].compose(post.text, post.link)
        self.wishes[plan.account] = Wish(plan.kind, now, says)
        self.world.say("people", f"{plan.account}: {plan.kind}")
        self.world.wake_all()

    def network(self, account: str) -> str:
        return self.world.accounts[account].network

    # --- what the oracle asks ---

    def hushed(self, account: str) -> bool:
        """Whether nobody is to miss its posts; what is over is noticed here."""
        wish = self.wishes.get(account)
        if wish is not None and wish.kind is PlanKind.WAKE:
            plan = plans.plan_now(self.world.store, self.world.accounts[account])
            if plan is None:
                wish.kind = None
                self.woken_at[account] = self.world.baton.now
        return wish is not None and wish.kind is not None

    def forbids(self, account: str, new: Standing, opened_at: datetime) -> str | None:
        """What is wrong with that post; an attempt written before the wish may still arrive."""
        wish = self.wishes.get(account)
        if wish is None or opened_at < wish.since or new.text == wish.says:
            return None
        if wish.kind is PlanKind.WAKE:  # it may be over: nothing is hidden any more
            return f"{account} speaks while it is hidden" if account in self.hidden else None
        return f"{account} says {new.text!r} in its {wish.kind}" if wish.kind is not None else None

    def meant(self, account: str, text: str) -> bool:
        """Whether that post is said because a plan names it, whatever the rule needs."""
        wish = self.wishes.get(account)
        return text == self.farewells.get(account) or (wish is not None and text == wish.says)

    def at_the_end(self) -> Iterator[str]:
        """After days of calm every plan has come as far as it can."""
        for account, wish in self.wishes.items():
            if self.world.baton.now - wish.since < SETTLES or self.world.store.unsettled(account):
                continue
            texts = [standing.text for standing in self.world.timelines[account].ours()]
            plan = plans.plan_now(self.world.store, self.world.accounts[account])
            if wish.kind is PlanKind.HIBERNATE and account not in self.hidden:
                yield f"{account} hibernates and is not hidden"
            if wish.kind is None and account in self.hidden:
                yield f"{account} is awake and hidden"
            if wish.kind is PlanKind.FAREWELL and self.world.baton.now - wish.since > STAYS + SETTLES:
                said = texts.count(self.farewells[account])
                if said != 1 or plan is None or not plan.closed or account not in self.hidden:
                    yield f"{account} said farewell {said} times; its plan: {plan}"
                self.counts["closed"] += 1


@dataclass(slots=True)
class LivingNetworks:
    """Fulfils ports.Networks where programs can hide accounts and pin posts."""

    ports: Ports

    @contextmanager
    def open(self, account: Account) -> Iterator["LivingClient"]:
        yield LivingClient(self.ports, self.ports.world.timelines[account.name])


class LivingClient(Client):
    """Fulfils ports.Hiding and ports.Pinning too."""

    def __init__(self, ports: Ports, timeline: Timeline) -> None:
        super().__init__(ports, timeline)
        assert ports.world.lives is not None
        self.lives = ports.world.lives

    def hide(self) -> None:
        self._change("hides", lambda: self.lives.hidden.add(self.timeline.account))

    def show(self) -> None:
        self._change("shows", lambda: self.lives.hidden.discard(self.timeline.account))

    def hidden(self) -> bool:
        self._round_trip()
        self._maybe_refused(Fault.UNREADABLE)
        return self.timeline.account in self.lives.hidden

    def pin(self, post_id: str) -> None:
        self._change("pins", lambda: self.lives.pinned.update({self.timeline.account: post_id}))

    def pinned(self, post_id: str) -> bool:
        self._round_trip()
        self._maybe_refused(Fault.UNREADABLE)
        return self.lives.pinned.get(self.timeline.account) == post_id

    def _change(self, name: str, change: Callable[[], None]) -> None:
        """The process may die before it or after it, and the answer may be lost."""
        world, weather = self.ports.world, self.ports.weather
        self._maybe_refused(Fault.REFUSALS)
        self._round_trip()
        if weather.strikes(Fault.CRASHES_AT_COMMITS, 0.3):
            world.crash(self.ports.task, f"before {self.timeline.account} {name}")
            self.ports.take(0)
        change()
        world.say("LEDGER", f"{self.timeline.account} {name}")
        if weather.strikes(Fault.CRASHES_AT_COMMITS, 0.3):
            world.crash(self.ports.task, f"after {self.timeline.account} {name}")
        self._round_trip()
        if weather.strikes(Fault.SERVER_ERRORS, 0.5):
            raise Unreachable("no answer within the deadline (simulated).")
