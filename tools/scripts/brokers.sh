# Sourced by tools/scripts/prerequisites.sh: gets what tests need and Maven cannot fetch (servers, a browser, a small disk), or
# leaves it out on request.

source "$(dirname "${BASH_SOURCE[0]}")/chromium.sh"
source "$(dirname "${BASH_SOURCE[0]}")/databases.sh"

# What can be left out. Each name is also the JUnit tag of all tests that need it.
readonly KNOWN_PROGRAMS='rabbitmq chromium disk postgresql mariadb redis'

# ANYMQ_WITHOUT=one,other → WITHOUT=(one other)
WITHOUT=()

# Arguments for Maven, and tags of tests it does not run, that follow from what is here and what is left out.
BROKER_ARGS=()
EXCLUDED_TAGS=()

is_left_out() {
  local name
  for name in ${WITHOUT[@]+"${WITHOUT[@]}"}; do
    [[ $name == "$1" ]] && return 0
  done
  return 1
}

# Sets WITHOUT and BROKER_ARGS, and gets each program that is neither here nor left out.
require_brokers() {
  local name
  for name in $(tr ', ' '\n\n' <<<"${ANYMQ_WITHOUT:-}"); do
    [[ " $KNOWN_PROGRAMS " == *" $name "* ]] \
      || fail "ANYMQ_WITHOUT names '$name', which cannot be left out. Known: ${KNOWN_PROGRAMS// /, }."
    is_left_out "$name" || WITHOUT+=("$name")
  done
  EXCLUDED_TAGS=(${WITHOUT[@]+"${WITHOUT[@]}"})
  is_left_out rabbitmq || require_rabbitmq
  is_left_out chromium || require_chromium
  is_left_out disk || require_disk
  is_left_out postgresql || require_postgresql
  is_left_out mariadb || require_mariadb
  is_left_out redis || require_redis
  if ((${#EXCLUDED_TAGS[@]} > 0)); then
    local IFS=,
    BROKER_ARGS+=("-DexcludedGroups=${EXCLUDED_TAGS[*]}")
  fi
}

# The last word of a run: what it did not look at.
report_left_out() {
  ((${#WITHOUT[@]} == 0)) && return
  local IFS=,
  say "LEFT OUT because ANYMQ_WITHOUT asked for it: ${WITHOUT[*]}. No test of ${WITHOUT[*]} has run."
}

say() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

# Where local-brokers looks for it, too.
rabbitmq_folder() {
  local folder
  for folder in "${ANYMQ_BROKERS_RABBITMQ_HOME:-}" /usr/lib/rabbitmq /usr/local/lib/rabbitmq \
    /opt/rabbitmq /opt/homebrew/opt/rabbitmq /usr/local/opt/rabbitmq; do
    [[ -n $folder && (-x $folder/bin/rabbitmq-server || -x $folder/sbin/rabbitmq-server) ]] || continue
    printf '%s' "$folder"
    return 0
  done
  return 1
}

require_rabbitmq() {
  [[ -z ${ANYMQ_TEST_RABBITMQ_URL:-} ]] || {
    say "RabbitMQ: the server at ANYMQ_TEST_RABBITMQ_URL is used."
    return
  }
  if rabbitmq_folder >/dev/null; then
    return
  fi
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo -n)
  fi
  if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    if install_rabbitmq_package && rabbitmq_folder >/dev/null; then
      say "RabbitMQ: installed the package rabbitmq-server $(dpkg-query -W -f '${Version}' rabbitmq-server) with" \
        "apt-get; its service is off, the tests start nodes of their own. Remove it with: apt-get purge rabbitmq-server"
      return
    fi
    say "RabbitMQ: apt-get could not install rabbitmq-server; its messages are above."
  fi
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    say "RabbitMQ: no server on this machine; a Docker engine answers, so its tests run in containers," \
      "except those of starting a process."
    BROKER_ARGS+=(-Pcontainers)
    EXCLUDED_TAGS+=(rabbitmq-process)
    return
  fi
  fail "RabbitMQ is missing, and could neither be installed (apt-get as root or with sudo) nor run in Docker.
Do one of these, then try again:
  - install it: apt-get install --no-install-recommends rabbitmq-server (or brew install rabbitmq);
  - start a Docker engine;
  - name a server to test on: ANYMQ_TEST_RABBITMQ_URL=rabbitmq://user:password@host:5672/vhost;
  - leave its tests out, which the run will say: ANYMQ_WITHOUT=rabbitmq $0"
}

# A small disk for a broker, to be filled: a memory file system where nobody else sees it. MemoryDisk does the same.
require_disk() {
  local said
  said=$(unshare -U -r -m sh -c 'mount -t tmpfs -o size=1m tmpfs /tmp && nsenter --version' 2>&1) && return
  fail "Small disks for tests that fill a broker's cannot be had here: ${said:-no unshare}
Do one of these, then try again:
  - run on Linux with unshare and nsenter (package util-linux);
  - allow user namespaces: sysctl -w user.max_user_namespaces=10000, and in a container a seccomp profile that has
    unshare, setns and mount;
  - leave those tests out, which the run will say: ANYMQ_WITHOUT=disk $0"
}

# Without recommended packages, and without leaving a service behind: policy-rc.d keeps the package's scripts from
# starting one, and systemd is told not to start it at the next boot either.
install_rabbitmq_package() {
  say "RabbitMQ: not found on this machine; installing the package rabbitmq-server (about 20 s)…"
  install_quietly rabbitmq-server rabbitmq-server epmd.socket epmd.service
}

# install_quietly PACKAGE [UNIT…]: the units are its services, by default one of the package's name. Needs as_root.
install_quietly() {
  local package=$1 policy=/usr/sbin/policy-rc.d made_policy=false installed=true
  shift
  local units=("${@:-$package}")
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | ${as_root[@]+"${as_root[@]}"} tee "$policy" >/dev/null
    ${as_root[@]+"${as_root[@]}"} chmod +x "$policy"
    made_policy=true
  fi
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
  ${as_root[@]+"${as_root[@]}"} "${apt[@]}" install --no-install-recommends "$package" >&2 \
    || { ${as_root[@]+"${as_root[@]}"} "${apt[@]}" update >&2 \
      && ${as_root[@]+"${as_root[@]}"} "${apt[@]}" install --no-install-recommends "$package" >&2; } \
    || installed=false
  if $made_policy; then
    ${as_root[@]+"${as_root[@]}"} rm -f "$policy"
  fi
  if command -v systemctl >/dev/null; then
    ${as_root[@]+"${as_root[@]}"} systemctl disable "${units[@]}" >/dev/null 2>&1 || true
  fi
  if [[ -d /run/systemd/system ]]; then
    ${as_root[@]+"${as_root[@]}"} systemctl stop "${units[@]}" >/dev/null 2>&1 || true
  fi
  $installed
}
