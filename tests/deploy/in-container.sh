#!/bin/sh
# Runs in the image: no health without a daemon, health with one, a clean end on SIGTERM.
set -eu
health() { sh -c "$(cat /house/health)"; }
rm -f /run/veilleuse/alive
if health; then echo "healthy before it ran" && exit 1; fi
veilleuse check
veilleuse run &
daemon=$!
for _ in $(seq 40); do
  if health 2>/dev/null; then break; fi
  if ! kill -0 $daemon; then break; fi
  sleep 0.5
done
health
veilleuse status --json >/tmp/status || [ $? = 1 ] # something may need a human
grep acme-facebook /tmp/status
kill -TERM $daemon
wait $daemon
