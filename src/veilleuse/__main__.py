"""`python -m veilleuse` is the command `veilleuse`."""

from veilleuse.entrypoints.cli import main

main(prog_name="veilleuse")
