# Sourced by tools/scripts/brokers.sh: gets the databases' servers for the tests of their stores.

# Maven brings PostgreSQL's programs. Its server refuses to run as root, which therefore starts it in a user namespace.
require_postgresql() {
  ((EUID != 0)) && return
  local said
  said=$(unshare -U true 2>&1) && return
  fail "PostgreSQL does not run as root, and no user namespace can be had to start it in: ${said:-no unshare}
Do one of these, then try again:
  - run as another user;
  - allow user namespaces: sysctl -w user.max_user_namespaces=10000, and in a container a seccomp profile that has
    unshare;
  - leave its tests out, which the run will say: ANYMQ_WITHOUT=postgresql $0"
}

# Where the tests look for it, too.
mariadb_program() {
  local bin
  for bin in "${ANYMQ_BROKERS_MARIADB_HOME:-/usr}"/{sbin,bin}/mariadbd; do
    [[ -x $bin ]] && printf '%s' "$bin" && return
  done
  return 1
}

require_mariadb() {
  if mariadb_program >/dev/null; then
    return
  fi
  if install_server_package MariaDB mariadb-server-core && mariadb_program >/dev/null; then
    return
  fi
  fail "MariaDB is missing, and could not be installed (apt-get as root or with sudo).
Do one of these, then try again:
  - install it: apt-get install --no-install-recommends mariadb-server-core (or brew install mariadb);
  - name the folder above the bin or sbin that has mariadbd: ANYMQ_BROKERS_MARIADB_HOME=/opt/mariadb;
  - leave its tests out, which the run will say: ANYMQ_WITHOUT=mariadb $0"
}

redis_program() {
  local bin
  for bin in "${ANYMQ_BROKERS_REDIS_HOME:-/usr}"/{bin,sbin}/redis-server; do
    [[ -x $bin ]] && printf '%s' "$bin" && return
  done
  return 1
}

require_redis() {
  if redis_program >/dev/null; then
    return
  fi
  if install_server_package Redis redis-server && redis_program >/dev/null; then
    return
  fi
  fail "Redis is missing, and could not be installed (apt-get as root or with sudo).
Do one of these, then try again:
  - install it: apt-get install --no-install-recommends redis-server (or brew install redis);
  - name the folder above the bin that has redis-server: ANYMQ_BROKERS_REDIS_HOME=/opt/redis;
  - leave its tests out, which the run will say: ANYMQ_WITHOUT=redis $0"
}

# install_server_package NAME PACKAGE: without recommended packages, and without leaving a service behind.
install_server_package() {
  local name=$1 package=$2 as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; } || return 1
  say "$name: not found on this machine; installing the package $package (about 10 s)…"
  install_quietly "$package" || { say "$name: apt-get could not install $package; its messages are above." && return 1; }
  say "$name: installed the package $package $(dpkg-query -W -f '${Version}' "$package") with apt-get; no service of it" \
    "runs, the tests start servers of their own. Remove it with: apt-get purge $package"
}
