"""The demo: four accounts, pretend networks on this machine, a virtual clock. Everything else is the real thing."""
