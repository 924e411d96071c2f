# PostgreSQL clusters of our own; no system service is touched. To be sourced (set -euo pipefail).
# A cluster is a folder: data/ (the data), log, and the socket in a folder that the caller names. It
# listens on that Unix socket only, and whoever may enter the socket's folder (mode 0700) is trusted.
# shellcheck shell=bash

readonly kOldestPostgres=15
readonly kPostgresPort=5432     # names the socket; no TCP port is opened
readonly kLongestSocketPath=107 # sockaddr_un, unix(7)

# Prints the folder of the newest PostgreSQL's programs.
postgres_programs() {
  local found version newest=0
  for found in /usr/lib/postgresql/*/bin/postgres; do
    [[ -x $found ]] || continue
    version=${found#/usr/lib/postgresql/}
    version=${version%%/*}
    if [[ $version =~ ^[0-9]+$ ]] && ((version > newest)); then newest=$version; fi
  done
  if ((newest < kOldestPostgres)); then
    echo "PostgreSQL $kOldestPostgres or newer is not in /usr/lib/postgresql:" \
      "apt-get install postgresql" >&2
    return 1
  fi
  echo "/usr/lib/postgresql/$newest/bin"
}

# Prints who runs the cluster: PostgreSQL refuses to run as root.
postgres_owner() {
  if ((EUID != 0)); then
    id -un
  elif id -u postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

# Runs a program as the owner of the cluster, in a folder that everybody may enter.
as_postgres_owner() (
  cd /
  if ((EUID == 0)); then
    local owner
    owner=$(postgres_owner)
    exec setpriv --reuid "$owner" --regid "$(id -g "$owner")" --init-groups -- "$@"
  fi
  exec "$@"
)

# Makes a folder that the owner of the cluster, and nobody else, may enter.
make_postgres_folder() {
  mkdir -p "$1"
  chmod 0700 "$1"
  if ((EUID == 0)); then chown "$(postgres_owner):" "$1"; fi
  if ! as_postgres_owner test -w "$1" -a -x "$1"; then
    echo "$(postgres_owner) may not enter $1: a folder above it is closed" >&2
    return 1
  fi
}

# make_cluster CLUSTER: makes the data unless they are there. What a crash left half-made goes away.
make_cluster() {
  local cluster=$1 programs
  programs=$(postgres_programs)
  make_postgres_folder "$cluster"
  [[ ! -f $cluster/data/PG_VERSION ]] || return 0
  rm -rf "$cluster/data.new"
  as_postgres_owner "$programs/initdb" --pgdata="$cluster/data.new" --username=postgres \
    --auth-local=trust --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    >"$cluster/initdb.log" 2>&1 || {
    cat "$cluster/initdb.log" >&2
    echo "initdb failed; see above" >&2
    return 1
  }
  echo "include = 'usher.conf'" |
    as_postgres_owner tee -a "$cluster/data.new/postgresql.conf" >/dev/null
  rm -rf "$cluster/data"
  mv "$cluster/data.new" "$cluster/data"
}

# start_cluster CLUSTER SOCKETS [SETTING...]: starts it unless it runs, and waits until it answers.
# SETTING is a line of postgresql.conf.
start_cluster() {
  local cluster=$1 sockets=$2 programs
  shift 2
  ! cluster_runs "$cluster" || return 0
  programs=$(cluster_programs "$cluster")
  local socket=$sockets/.s.PGSQL.$kPostgresPort
  if ((${#socket} > kLongestSocketPath)); then
    echo "the path of the socket is longer than $kLongestSocketPath bytes: $socket" >&2
    return 1
  fi
  make_postgres_folder "$sockets"
  printf '%s\n' "listen_addresses = ''" "port = $kPostgresPort" "unix_socket_permissions = 0700" \
    "unix_socket_directories = '${sockets//\'/\'\'}'" "$@" |
    as_postgres_owner tee "$cluster/data/usher.conf" >/dev/null
  if ! as_postgres_owner setsid "$programs/pg_ctl" start --pgdata="$cluster/data" \
    --log="$cluster/log" --wait --timeout=120 --silent </dev/null >/dev/null 2>&1; then
    tail -n 15 "$cluster/log" >&2 || true
    echo "PostgreSQL does not start; the log is $cluster/log" >&2
    return 1
  fi
}

# Prints the folder of the programs of the version that made the cluster: a newer one cannot read it.
cluster_programs() {
  local version
  version=$(<"$1/data/PG_VERSION")
  if [[ ! -x /usr/lib/postgresql/$version/bin/postgres ]]; then
    echo "the data in $1 are PostgreSQL $version's, which is not installed:" \
      "apt-get install postgresql-$version, or start with new data" >&2
    return 1
  fi
  echo "/usr/lib/postgresql/$version/bin"
}

# Whether the cluster's server runs.
cluster_runs() {
  local cluster=$1
  [[ -f $cluster/data/postmaster.pid ]] || return 1
  as_postgres_owner "$(cluster_programs "$cluster")/pg_ctl" status --pgdata="$cluster/data" >/dev/null 2>&1
}

# Stops the cluster's server if it runs, breaking its connections.
stop_cluster() {
  local cluster=$1
  cluster_runs "$cluster" || return 0
  if ! as_postgres_owner "$(cluster_programs "$cluster")/pg_ctl" stop --pgdata="$cluster/data" --mode=fast \
    --wait --timeout=60 --silent; then
    echo "PostgreSQL does not stop; the log is $cluster/log" >&2
    return 1
  fi
}

# cluster_url SOCKETS DATABASE: the libpq connection string of a database.
cluster_url() {
  local sockets=${1//\\/\\\\}
  echo "host='${sockets//\'/\\\'}' port=$kPostgresPort user=postgres dbname=$2"
}
