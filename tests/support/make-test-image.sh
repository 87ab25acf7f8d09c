#!/usr/bin/env bash
# Makes the image that tests execute programs in: Debian with python3 3.14 and the `node` of this repository, imported into the
# engine that DOCKER_HOST names as pawl-test:latest. No registry of images is needed, only Debian's packages; needs root.
#
# The tree is kept between runs, in $XDG_CACHE_HOME/pawl or /var/cache/pawl, for a month and as long as this script and node stay
# the same; what is older is removed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

image='pawl-test:latest'
suite='forky'
packages='python3-minimal,libpython3-stdlib,libstdc++6'
node='node_modules/node/bin/node'
[ -x "$node" ] || { echo "There is no $node: install the packages first." >&2; exit 1; }

# Where this machine has its own packages from, in either form of apt's configuration.
mirror="$(
  { sed -n 's/^URIs:[[:space:]]*//p' /etc/apt/sources.list.d/*.sources 2>/dev/null || true
    sed -nE 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' /etc/apt/sources.list 2>/dev/null || true
  } | tr ' ' '\n' | grep -E '/debian/?$' | head -n 1
)"
mirror="${mirror:-http://deb.debian.org/debian}"

key="$( { cat tests/support/make-test-image.sh; sha256sum "$node"; date +%Y-%m; } | sha256sum | cut -c1-32)"
cache="${XDG_CACHE_HOME:-/var/cache}/pawl"
mkdir -p "$cache"
archive="$cache/test-image-$key.tar"

if [ ! -f "$archive" ]; then
  work="$(mktemp -d "$cache/making.XXXXXX")"
  trap 'rm -rf "$work"' EXIT
  # Older releases of debootstrap have no script of that name; that of sid does the same.
  debootstrap --variant=minbase --include="$packages" "$suite" "$work/tree" "$mirror" sid >"$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; exit 1; }
  # What no test reads is left out of the image.
  rm -rf "$work/tree/var/cache/apt" "$work/tree/var/lib/apt/lists" "$work/tree/usr/share/doc" "$work/tree/usr/share/man" \
    "$work/tree/usr/share/locale"
  install -D -m 0755 "$node" "$work/tree/usr/local/bin/node"
  tar -C "$work/tree" --numeric-owner --one-file-system -cf "$work/image.tar" .
  # Whole or not at all, also when two of these run at once.
  mv "$work/image.tar" "$archive"
  rm -rf "$work"
  trap - EXIT
  find "$cache" -maxdepth 1 -name 'test-image-*.tar' ! -name "test-image-$key.tar" -delete
fi
docker import "$archive" "$image" >/dev/null
docker image inspect --format "$image {{.Id}}" "$image"
