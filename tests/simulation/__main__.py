"""`python -m tests.simulation --seed N` tells the story of one seed; `--years N` lets many worlds live.

Ctrl-C ends a long run and counts what was lived until then.
"""

import argparse
import sys
import time
from collections import Counter
from datetime import timedelta

import click
import pytest

from tests.simulation.mutations import MUTATIONS, WORLDS, notices
from tests.simulation.quiet import without_logs
from tests.simulation.world import MONTHS_2, World

YEAR = timedelta(days=365)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="the world whose story is told")
    parser.add_argument("--years", type=float, default=None, help="account-years to live through, world after world")
    parser.add_argument("--days", type=float, default=MONTHS_2 / timedelta(days=1), help="how long one world lasts")
    parser.add_argument("--mutations", action="store_true", help="the first world that notices each broken rule")
    parser.add_argument("--lives", action="store_true", help="accounts hibernate, wake and say farewell too")
    parser.add_argument("--quiet", action="store_true", help="no story")
    asked = parser.parse_args()
    span = timedelta(days=asked.days)
    with without_logs():
        if asked.mutations:
            return break_rules()
        if asked.years is None:
            return tell(asked.seed or 0, span, quiet=asked.quiet, lives=asked.lives)
        return run_long(asked.seed or 0, asked.years, span)


def tell(seed: int, span: timedelta, *, quiet: bool, lives: bool) -> int:
    world = World(seed, tell=None if quiet else click.echo, lives=lives)
    try:
        world.live(span)
    except Exception as broken:
        click.echo(f"\nseed {seed}: {type(broken).__name__}: {broken}")
        return 1
    click.echo(f"\nseed {seed}: every promise was kept ({dict(world.counts)})")
    return 0


def break_rules() -> int:
    unnoticed = 0
    for name, (mutation, _) in MUTATIONS.items():
        with pytest.MonkeyPatch.context() as patch:
            mutation(patch)
            seed = next((seed for seed in range(WORLDS) if notices(seed)), None)
        unnoticed += seed is None
        click.echo(f"{name}: {'NO WORLD NOTICES' if seed is None else seed}")
    return min(unnoticed, 1)


def run_long(first: int, years: float, span: timedelta) -> int:
    lived, counts, begun, seed = 0.0, Counter[str](), time.monotonic(), first
    while lived < years:
        world = World(seed)
        try:
            world.live(span)
        except KeyboardInterrupt:
            break
        except Exception as broken:
            click.echo(f"seed {seed}: {type(broken).__name__}: {broken}")
            click.echo(f"replay: python -m tests.simulation --seed {seed} --days {span / timedelta(days=1):g}")
            return 1
        lived += len(world.accounts) * (span / YEAR)
        counts.update(world.counts)
        seed += 1
        if seed % 20 == 0:
            click.echo(f"\r{lived:.1f} of {years:g} account-years", nl=False, err=True)
    seconds = time.monotonic() - begun
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    click.echo(f"\n{seed - first} worlds, {lived:.1f} account-years, {told}; every promise was kept; {seconds:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
