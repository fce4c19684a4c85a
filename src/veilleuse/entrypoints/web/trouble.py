"""What keeps the page from being served."""


class PortTaken(Exception):
    """The page cannot be served where the configuration says. A sentence for the operator; nothing was started."""
