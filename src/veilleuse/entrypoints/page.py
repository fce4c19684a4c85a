"""The status page beside a house at work. What it is made of is imported only where a page is wanted."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager

from veilleuse import bootstrap
from veilleuse.config import Settings
from veilleuse.entrypoints.timings import Timings
from veilleuse.services.house import House


@contextmanager
def page(
    settings: Settings, house: House, unwell: Callable[[], Sequence[str]], timings: Timings | None = None
) -> Iterator[str | None]:
    """Served where [web] listen says; its address, None without. Raises PortTaken."""
    if settings.web.listen is None:
        yield None
        return
    from veilleuse.entrypoints.web.server import serving
    from veilleuse.entrypoints.web.site import Site
    from veilleuse.services.drop import Drops

    place = bootstrap.drop_place(settings, house.clock, house.store)
    site = Site(
        settings=settings,
        accounts=house.accounts,
        store=house.store,
        clock=house.clock,
        drops=Drops(place, house.store, house.clock, house.accounts),
        key=bootstrap.page_key(settings),
        unwell=unwell,
        timings=timings or Timings(),
    )
    with closing(place), serving(site, settings.web.listen) as address:
        yield address
