# What deploy/local/run and deploy/local/stop both know: where things are, and which of them run.
# To be sourced after postgres.bash (set -euo pipefail); then call open_house.
# shellcheck shell=bash disable=SC2034,SC2154

# In the order in which they are started; the database of business-logic is business_logic.
readonly kServices=(auth user company room business-logic)
readonly kMark=this-is-an-usher-house # a file: without it we delete nothing

say() {
  printf '==> %s\n' "$*"
}

# fail LINE...: says why, and what to do.
fail() {
  printf 'usher: %s\n' "$1" >&2
  shift
  if (($# > 0)); then printf '       %s\n' "$@" >&2; fi
  exit 1
}

# open_house DATA: sets the paths.
open_house() {
  house=$1
  mkdir -p "$house" || fail "cannot make the folder $house"
  house=$(cd "$house" && pwd)
  pids=$house/run
  logs=$house/log
  cluster=$house/postgres
  certificates=$house/certificates
  operator=$house/operator.json
}

# port_of KIND SERVICE: KIND is public, internal, metrics, tls or json.
port_of() {
  local kind=$1 service=$2 i
  local -A offset=([public]=0 [internal]=10 [metrics]=20 [tls]=30 [json]=40)
  for i in "${!kServices[@]}"; do
    if [[ ${kServices[i]} == "$service" ]]; then
      echo $((port_base + offset[$kind] + i + 1))
      return
    fi
  done
}

# Prints the process ID of a server if it runs. The file may be older than the last reboot, so the
# process has to be the server.
pid_of() {
  local service=$1 pid program=
  [[ -f $pids/$service.pid ]] || return 0
  pid=$(<"$pids/$service.pid")
  [[ $pid =~ ^[0-9]+$ && -r /proc/$pid/cmdline ]] || return 0
  IFS= read -r -d '' program 2>/dev/null </proc/"$pid"/cmdline || true
  if [[ ${program##*/} == usher-$service ]]; then echo "$pid"; fi
}

# Prints the names of the servers that run.
running_servers() {
  local service
  for service in "${kServices[@]}"; do
    if [[ -n $(pid_of "$service") ]]; then echo "$service"; fi
  done
}

# stop_servers SERVICE...: stops those of them that run, all at once. Calls that run may end first
# (the servers' --longest_drain).
stop_servers() {
  local service pid until=$((SECONDS + 30))
  for service in "$@"; do
    pid=$(pid_of "$service")
    if [[ -n $pid ]]; then kill -TERM "$pid" 2>/dev/null || true; fi
  done
  for service in "$@"; do
    while pid=$(pid_of "$service") && [[ -n $pid ]]; do
      if ((SECONDS >= until)); then
        echo "usher: usher-$service does not stop within 30 seconds; killing it" >&2
        kill -KILL "$pid" 2>/dev/null || true
      fi
      sleep 0.1
    done
    rm -f "$pids/$service.pid"
  done
}

# edge_socket FOLDER: where the edge that is run from there (deploy/edge/run) takes commands: there, unless that path
# is too long for a socket.
edge_socket() {
  local folder=$1
  if ((${#folder} + 35 > kLongestSocketPath)); then # HAProxy makes it by another name, with its process ID
    folder=/tmp/usher-edge-$EUID-$(printf %s "$folder" | sha256sum | cut -c1-12)
    [[ -d $folder ]] || mkdir -m 0700 "$folder"
    [[ -O $folder && ! -L $folder ]] || fail "$folder, where the edge's socket should be, is not ours"
  fi
  echo "$folder/admin.sock"
}

# edge_runs FOLDER: whether it does.
edge_runs() {
  local socket
  socket=$(edge_socket "$1")
  [[ -S $socket ]] && echo "show info" | socat - "UNIX-CONNECT:$socket" >/dev/null 2>&1
}

# Stops everything that runs in the house.
stop_house() {
  "$root/deploy/edge/stop" --plain --data "$house"
  stop_servers "${kServices[@]}"
  if [[ -d $cluster/data ]]; then stop_cluster "$cluster"; fi
}

# The folder of the database's socket: in the house, unless its path is too long for a socket.
socket_folder() {
  local folder=$cluster/s
  if ((${#folder} + 20 > kLongestSocketPath)); then
    folder=/tmp/usher-$EUID-$(printf %s "$house" | sha256sum | cut -c1-12)
    if [[ -e $folder && ($(stat -c %U "$folder") != $(postgres_owner) || -L $folder) ]]; then
      fail "$folder, where the database's socket should be, is not ours" \
        "Name a data folder with a shorter path: --data DIR"
    fi
  fi
  echo "$folder"
}
