#!/usr/bin/env bash
# Runs in the booted root, as its superuser: install by the page's own commands, then watch the service through a day's accidents.
# What it says goes to /trial/said, what it does to /trial/log; "all is well" is its last line, or it was not.
set -euo pipefail
cd /trial/wheels
export HOME=/root PIP_NO_INDEX=1 PIP_FIND_LINKS=/trial/wheels PIP_DISABLE_PIP_VERSION_CHECK=1
python=/opt/veilleuse/bin/python3

say() { echo "         $*"; }
die() { echo "         NOT WELL: $*" && journalctl --unit veilleuse --no-pager --output cat >&2 && exit 1; }
# The commands under one heading of the install page, run as one script.
page() { awk -v heading="## $1" '/^## /{on = $0 == heading} on && /^```$/{code = 0} on && code; on && /^```sh$/{code = 1}' /trial/install-vm.md >/trial/step && test -s /trial/step && bash -euxo pipefail /trial/step >&2; }
ask() { systemctl show --property "$1" --value veilleuse; }
control() { # PATH [JSON]: the pretend networks' own door
  "$python" -c 'import sys, urllib.request as u; print(u.urlopen(u.Request("http://127.0.0.1:8800/sandbox/" + sys.argv[1], *map(str.encode, sys.argv[2:]), headers={"Content-Type": "application/json"})).read().decode())' "$@"
}
posts() { control timelines | "$python" -c 'import json, sys; print(*(len(shown) for _, shown in sorted(json.load(sys.stdin).items())))'; }
wait_for() { # SECONDS WHAT COMMAND...
  local until=$((SECONDS + $1))
  until "${@:3}" >/dev/null 2>&1; do [ $SECONDS -lt $until ] || die "waited $1 s for: $2" && sleep 0.5; done
}
is_active() { [ "$(ask ActiveState)" = active ]; }
restarted() { [ "$(ask NRestarts)" -ge "$1" ] && is_active; }
posted() { [ "$(posts)" = "$1" ]; }
settled() { [ "$(veilleuse history --json | grep -c '"outcome": "published"')" -ge 2 ]; }
seconds() { "$python" -c 'import sys; print(f"{float(sys.argv[2]) - float(sys.argv[1]):.1f} s")' "$1" "$(cat /proc/uptime | cut -d" " -f1)"; }
uptime_s() { cut -d" " -f1 /proc/uptime; }

# --- ten minutes, by the page ---------------------------------------------------------------------------------------
begun=$(uptime_s)
page "1. The program"
page "2. Its places"
sed -i -E 's|^(handle\|page_id) = .*|&\nbase_url = "http://127.0.0.1:8800"|' /etc/veilleuse/veilleuse.toml
printf '\n[rule]\nhours = ["always"]\nlead = "1 day"\n' >>/etc/veilleuse/veilleuse.toml
veilleuse --config /etc/veilleuse/veilleuse.toml sandbox --port 8800 >/trial/sandbox &
wait_for 20 "the pretend networks" control timelines
# Only in this subshell: the service must find its secrets as credentials, not in somebody's environment.
(
  eval "$(grep ^export /trial/sandbox)"
  for name in ACME_X_{API_KEY,API_SECRET,ACCESS_TOKEN,ACCESS_SECRET} ACME_FACEBOOK_PAGE_TOKEN; do
    variable=VEILLEUSE_$name
    echo "${!variable}"
  done
  echo json://127.0.0.1:8801/
) >/trial/typed
page "3. The secrets" </trial/typed
[ "$(stat --format '%a %U' /etc/veilleuse/credentials/acme-x.api_key)" = "600 root" ] || die "a secret lies open"
printf 'texte;approuvé par\nNotre atelier ouvre à 9 h cet hiver. Ça vous va ?;claire\nUn conseil : affûtez vos ciseaux en automne.;claire\n' |
  tee /srv/veilleuse/content/acme-x.csv >/srv/veilleuse/content/acme-facebook.csv

# The first publication on X takes effect, and its answer never comes: a call in flight.
control fault '{"account": "acme", "on": "publish", "fault": "silence_after"}' >&2
page "4. Check, then start" || [ $? = 1 ] # `status` may say that something needs a human
systemd-analyze verify veilleuse.service || die "systemd-analyze verify"
say "installed and started: $(seconds "$begun"); exposure: $(systemd-analyze security veilleuse | tail -n 1 | grep -o '[0-9]\.[0-9]')"
wait_for 30 "both posts" posted "1 1"

# --- accidents ------------------------------------------------------------------------------------------------------
begun=$(uptime_s)
systemctl stop veilleuse
[ "$(ask Result)" = success ] || die "the stop was not clean: $(ask Result)"
say "stopped with a call in flight: $(seconds "$begun")"

begun=$(uptime_s)
systemctl start veilleuse
say "started again: $(seconds "$begun")"
kill -KILL "$(ask MainPID)"
wait_for 20 "a restart after kill -9" restarted 1
say "back after kill -9"

mkdir /run/systemd/system/veilleuse.service.d
printf '[Service]\nWatchdogSec=12\n' >/run/systemd/system/veilleuse.service.d/impatient.conf
systemctl daemon-reload && systemctl restart veilleuse
sleep 15
is_active || die "the watchdog ended a service that was well"
kill -STOP "$(ask MainPID)"
wait_for 40 "the watchdog" restarted 1
journalctl --unit veilleuse --output cat | grep -q "Watchdog timeout" || die "it was not the watchdog"
rm -r /run/systemd/system/veilleuse.service.d && systemctl daemon-reload
say "back after hanging"

measured() { "$python" -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:8802/metrics").read().decode())' | grep -q 'veilleuse_silence_seconds{account="acme-x"'; }
refused() { [[ "$(ask StatusText)" == *colour* ]]; }
mended() { [ -z "$(ask StatusText)" ]; }
pid=$(ask MainPID)
cp /etc/veilleuse/veilleuse.toml /trial/right.toml
printf '\n[web]\nlisten = "127.0.0.1:8802"\n' >>/etc/veilleuse/veilleuse.toml
begun=$(uptime_s)
systemctl reload veilleuse
wait_for 40 "the page that the new configuration asks for" measured
took=$(seconds "$begun")
cp /etc/veilleuse/veilleuse.toml /trial/paged.toml
echo 'colour = "blue"' | cat - /trial/paged.toml >/etc/veilleuse/veilleuse.toml
systemctl reload veilleuse
wait_for 20 "word that the configuration is refused" refused
measured || die "a refused configuration stopped the one before"
cp /trial/right.toml /etc/veilleuse/veilleuse.toml
systemctl reload veilleuse
wait_for 40 "the first configuration again" mended
[ "$(ask MainPID) $(ask ActiveState)" = "$pid active" ] || die "another process after the reload"
say "reloaded in the same process: the new page after $took; a wrong configuration refused"

echo 'colour = "blue"' | cat - /trial/right.toml >/etc/veilleuse/veilleuse.toml
systemctl restart veilleuse || true
sleep 12
[ "$(ask ActiveState) $(ask ExecMainStatus) $(ask NRestarts)" = "failed 2 0" ] || die "a wrong configuration is started again"
cp /trial/right.toml /etc/veilleuse/veilleuse.toml
systemctl reset-failed veilleuse && systemctl start veilleuse
say "a wrong configuration ends it with code 2, once"

# --- upgrade and roll back, by the page -----------------------------------------------------------------------------
before=$(readlink -f /opt/veilleuse)
page "Upgrade"
is_active || die "not running after the upgrade"
[ "$(readlink -f /opt/veilleuse)" != "$before" ] || die "the upgrade changed nothing"
page "Roll back"
is_active || die "not running after the way back"
[ "$(readlink -f /opt/veilleuse)" = "$before" ] || die "the way back leads elsewhere"
(cd /etc/veilleuse && veilleuse db backup >&2)
page "Go back to a copy"
systemctl start veilleuse
is_active || die "not running on the copy"
say "upgraded, rolled back, and restored from a copy"

# --- what it all came to --------------------------------------------------------------------------------------------
cd /etc/veilleuse
wait_for 60 "the lost answer settled by reading" settled
[ "$(posts)" = "1 1" ] || die "posts on the two networks: $(posts)"
secrets_told=$(journalctl --unit veilleuse --output cat | grep --count --fixed-strings --file <(head -n 5 /trial/typed) || true)
[ "$secrets_told" = 0 ] || die "the log tells secrets"
say "one post on each network, no secret in the log; memory $(($(awk '/^VmRSS/ {print $2}' "/proc/$(ask MainPID)/status") / 1024)) MB"
begun=$(uptime_s)
systemctl stop veilleuse
say "stopped when idle: $(seconds "$begun"); $(systemd-analyze | head -n 1)"
systemctl clean --what=state veilleuse # as the page ends a rehearsal
[ ! -e /var/lib/private/veilleuse ] || die "its database is still there"
echo "all is well"
