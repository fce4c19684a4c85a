"""Loopback servers that speak the networks' wire formats: the demo, the rehearsal and the tests use the same ones.

What is imitated, and from which document, stands beside each rule; the documents are listed in docs/networks.md.
"""

from veilleuse.sandbox.faults import Fault
from veilleuse.sandbox.ledger import Presence, Shown
from veilleuse.sandbox.server import Sandbox, serve

__all__ = ["Fault", "Presence", "Sandbox", "Shown", "serve"]
