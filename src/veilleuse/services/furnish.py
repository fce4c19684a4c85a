"""Furnish: every service of a house on its ports, wired once, for a real daemon and for a simulated one."""

from collections.abc import Callable, Mapping

from veilleuse.domain.account import Account
from veilleuse.domain.network import NetworkSpec
from veilleuse.domain.person import People
from veilleuse.ports import Clock, ContentSource, Ids, Networks, Notifier, Spool, Store
from veilleuse.services.alert import Alerts
from veilleuse.services.astray import Astray
from veilleuse.services.clock_watch import ClockWatch
from veilleuse.services.deliver import Deliver
from veilleuse.services.examine import Examine
from veilleuse.services.house import House
from veilleuse.services.look import Look
from veilleuse.services.observe import Observe
from veilleuse.services.outage import Outage
from veilleuse.services.pace import Pace
from veilleuse.services.preview import Preview
from veilleuse.services.prove import Prove
from veilleuse.services.publish import Publish
from veilleuse.services.rounds import Rounds
from veilleuse.services.settle import Settle
from veilleuse.services.spending import Spending
from veilleuse.services.stops import StopFiles, Stops
from veilleuse.services.sync import Sync
from veilleuse.services.tasks import Tasks
from veilleuse.services.timekeeper import Timekeeper


def furnish(
    *,
    daemon: str,
    host: str,
    keeper: str,
    people: People,
    accounts: dict[str, Account],
    specs: Mapping[str, NetworkSpec],
    store: Store,
    networks: Networks,
    mark: Callable[[str], str],
    content: ContentSource,
    stops: StopFiles,
    notifier: Notifier,
    clock: Clock,
    ids: Ids,
    spool: Spool,
    outage: Outage,
    preview: Preview | None = None,
    dry_run: bool = False,
) -> House:
    """A house without letters. `mark`: see `Prove`; `keeper`: see `House`."""
    timekeeper = Timekeeper(clock)
    alerts = Alerts(store, notifier, timekeeper, people, keeper)
    spending = Spending(store=store)
    look = Look(
        accounts=accounts,
        specs=specs,
        store=store,
        networks=networks,
        clock=clock,
        observe=Observe(store=store, clock=clock, settle=Settle(store=store), timekeeper=timekeeper),
        publish=Publish(
            store=store,
            clock=clock,
            ids=ids,
            spool=spool,
            daemon=daemon,
            stopped=Stops(store=store, source=stops, clock=clock),
            prove=Prove(mark=mark),
        ),
        alerts=alerts,
        pace=Pace(),
        spending=spending,
        daemon=daemon,
        dry_run=dry_run,
        preview=preview,
    )
    return House(
        daemon=daemon,
        keeper=keeper,
        accounts=accounts,
        store=store,
        clock=clock,
        timekeeper=timekeeper,
        clock_watch=ClockWatch(
            host=host,
            keeper=keeper,
            accounts=accounts,
            specs=specs,
            store=store,
            networks=networks,
            clock=clock,
            timekeeper=timekeeper,
            spending=spending,
            alerts=alerts,
        ),
        sync=Sync(content, store, clock, accounts),
        alerts=alerts,
        deliver=Deliver(store, notifier, timekeeper, people),
        examine=Examine(
            accounts=accounts,
            specs=specs,
            store=store,
            networks=networks,
            clock=clock,
            alerts=alerts,
            spending=spending,
        ),
        tasks=Tasks(accounts=accounts, specs=specs, store=store, clock=clock, alerts=alerts),
        astray=Astray(host=host, keeper=keeper, accounts=accounts, store=store, alerts=alerts, clock=clock),
        rounds=Rounds(
            store=store,
            clock=clock,
            alerts=alerts,
            look=look,
            accounts=accounts,
            daemon=daemon,
            timekeeper=timekeeper,
        ),
        spool=spool,
        outage=outage,
    )
