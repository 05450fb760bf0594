#!/bin/bash
# Installs what is missing of the given groups of scripts/packages.txt. Asks for root only when something is.
# Usage: scripts/deps.sh [--dry-run] GROUP…
set -eu
cd "$(dirname "$0")"

architecture=$(uname -m)-linux-gnu
include_directories="/usr/include /usr/include/$architecture /usr/local/include"
library_directories="/usr/lib /usr/lib/$architecture /usr/lib64 /usr/local/lib"

# is_present PROBE: whether one probe of packages.txt holds.
is_present() {
  local what=${1#*:} directory
  case $1 in
    command:*) command -v "$what" >/dev/null ;;
    file:*) [ -e "$what" ] ;;
    python:*) /usr/bin/python3 -c "import $what" >/dev/null 2>&1 ;;
    font:*) command -v fc-list >/dev/null && [ -n "$(fc-list ":lang=$what" file)" ] ;;
    header:*) for directory in $include_directories; do [ -e "$directory/$what" ] && return 0; done; return 1 ;;
    library:*)
      for directory in $library_directories; do
        [ -e "$directory/lib$what.so" ] || [ -e "$directory/lib$what.a" ] && return 0
      done
      return 1 ;;
    *) echo "scripts/packages.txt: unknown probe '$1'" >&2; exit 2 ;;
  esac
}

# missing_packages GROUP…: names of the packages of which a probe fails.
missing_packages() {
  local group package probes probe
  while read -r group package probes; do
    case $group in '' | '#'*) continue ;; esac
    case " $* " in *" $group "*) ;; *) continue ;; esac
    for probe in ${probes//,/ }; do
      is_present "$probe" || { echo "$package"; break; }
    done
  done <packages.txt
}

dry_run=no
if [ "${1:-}" = --dry-run ]; then dry_run=yes; shift; fi

missing=$(missing_packages "$@" | tr '\n' ' ')
if [ -z "$missing" ]; then exit 0; fi
echo "missing: $missing"
if [ "$dry_run" = yes ]; then exit 1; fi

if ! command -v apt-get >/dev/null; then
  echo "This project builds on Debian 12 and installs its packages by apt-get, which this system lacks." >&2
  echo "Install the above under the names that they have here, then run make again." >&2
  exit 2
fi
as_root=
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "Run this as root, then run make again:  apt-get update && apt-get install -y --no-install-recommends $missing" >&2
    exit 2
  fi
  as_root=sudo
fi
# A package list from an image's build time knows versions that the mirror no longer has: always refresh it.
$as_root apt-get update -q
# Tests start servers by themselves: the packages' own services must neither start now (policy-rc.d) nor at the next boot.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap '$as_root rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
  $as_root chmod +x $policy
fi
# shellcheck disable=SC2086  # a list of words on purpose
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
for service in postgresql clickhouse-server victoria-metrics influxdb; do
  case " $missing " in *" $service"*) $as_root systemctl --quiet disable "$service" 2>/dev/null || true ;; esac
done

still_missing=$(missing_packages "$@" | tr '\n' ' ')
if [ -n "$still_missing" ]; then
  echo "installed, and yet not found: $still_missing" >&2
  exit 2
fi
