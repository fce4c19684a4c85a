"""The command `veilleuse`."""


def main() -> None:
    """Run the command line."""
