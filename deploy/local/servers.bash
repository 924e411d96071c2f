# Starts the five servers of a house and waits until they serve. To be sourced after house.bash.
# shellcheck shell=bash disable=SC2154

readonly kLongestStart=60 # seconds

# database_of SERVICE: the libpq connection string of its database.
database_of() {
  cluster_url "$sockets" "${1//-/_}"
}

# Prints the flags that every server gets, one a line.
flags_of() {
  local service=$1 peer
  printf '%s\n' \
    "--database=$(database_of "$service")" \
    "--listen=127.0.0.1:$(port_of public "$service")" \
    "--tls_listen=127.0.0.1:$(port_of tls "$service")" \
    "--json_listen=127.0.0.1:$(port_of json "$service")" \
    "--tls_certificate=$certificates/public.pem" \
    "--tls_key=$certificates/public.key" \
    "--internal_listen=127.0.0.1:$(port_of internal "$service")" \
    "--internal_ca=$certificates/ca.pem" \
    "--internal_certificate=$certificates/$service.pem" \
    "--internal_key=$certificates/$service.key" \
    "--trusted_proxies=127.0.0.1" \
    "--metrics_listen=127.0.0.1:$(port_of metrics "$service")" \
    "--reflection"
  for peer in "${kServices[@]}"; do
    echo "--${peer//-/_}_internal=127.0.0.1:$(port_of internal "$peer")"
  done
  own_flags_of "$service"
}

# Prints the flags that only this server has. USHER_LOCAL_AUTH_FLAGS: further ones of auth, a blank between.
own_flags_of() {
  case $1 in
    auth)
      printf '%s\n' "--signing_keys=$house/keys" "--pepper=$house/pepper"
      [[ -z ${USHER_LOCAL_AUTH_FLAGS:-} ]] || tr ' ' '\n' <<<"$USHER_LOCAL_AUTH_FLAGS"
      ;;
    room) echo "--join_link_base=https://localhost" ;;
  esac
}

# private_log SERVICE: makes its log, which names people and addresses, one that others may not read.
private_log() {
  touch "$logs/$1.log"
  chmod 0640 "$logs/$1.log"
}

# run_once SERVICE FLAG...: a run mode that ends by itself; prints the log's last lines if it fails.
run_once() {
  local service=$1 mode=$2 flags
  shift
  mapfile -t flags < <(
    echo "--database=$(database_of "$service")"
    own_flags_of "$service"
  )
  private_log "$service"
  if ! "$programs/usher-$service" "$@" "${flags[@]}" >>"$logs/$service.log" 2>&1; then
    tail -n 15 "$logs/$service.log" >&2
    fail "usher-$service $mode failed; see above. The log is $logs/$service.log"
  fi
}

# Fails when somebody else listens on a port that a server is about to take.
require_free_ports() {
  local service kind port
  for service in "$@"; do
    for kind in public internal metrics tls json; do
      port=$(port_of "$kind" "$service")
      if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
        fail "port $port ($kind port of $service) is in use$(listener_on "$port")" \
          "Stop that, or choose other ports: deploy/local/run --port_base N" \
          "(an usher of another data folder? deploy/local/stop --data DIR)"
      fi
    done
  done
}

# Prints who listens on a port, where that can be found out.
listener_on() {
  local found=
  if command -v ss >/dev/null; then
    found=$(ss -Hltnp "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1, pid \2/p' |
      head -n 1)
  fi
  if [[ -n $found ]]; then echo " by $found"; fi
}

# Starts a server in a process group of its own: Ctrl-C is for us, who stop things in order. Not in a
# session of its own: Linux shares the cores out among sessions first (sched(7), autogroup), and a
# storm of password hashes in one server would weigh as much as all the work of another.
start_server() {
  local service=$1 flags
  mapfile -t flags < <(flags_of "$service")
  set -m
  private_log "$service"
  "$programs/usher-$service" "${flags[@]}" >>"$logs/$service.log" 2>&1 </dev/null 9>&- &
  set +m
  local pid=$! i
  echo "$pid" >"$pids/$service.pid"
  disown
  # It is not the server until the shell's child has become it.
  for ((i = 0; i < 100; ++i)); do
    if [[ -n $(pid_of "$service") ]] || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.01
  done
}

# Whether a server's health is SERVING: one gRPC call by hand (an empty HealthCheckRequest, and a
# HealthCheckResponse whose field 1 is 1), so that no client needs to be installed.
is_serving() {
  local url
  url=http://127.0.0.1:$(port_of public "$1")/grpc.health.v1.Health/Check
  printf '\0\0\0\0\0' |
    curl --silent --noproxy '*' --max-time 2 --http2-prior-knowledge --data-binary @- \
      --header 'content-type: application/grpc' --header 'te: trailers' "$url" 2>/dev/null |
    od -An -tx1 | tr -d ' \n' | grep -qx 00000000020801
}

# Waits until a server serves; fails when it ends, or takes too long.
await_server() {
  local service=$1 until=$((SECONDS + kLongestStart))
  until is_serving "$service"; do
    if [[ -z $(pid_of "$service") ]]; then
      report_end "$service"
      return 1
    elif ((SECONDS > until)); then
      tail -n 15 "$logs/$service.log" >&2
      echo "usher: usher-$service does not serve after $kLongestStart seconds; see above" >&2
      return 1
    fi
    sleep 0.1
  done
}

# report_end SERVICE: says that a server ended, with its last words.
report_end() {
  tail -n 15 "$logs/$1.log" >&2
  echo "usher: usher-$1 has ended by itself; its last words are above, its log is $logs/$1.log" >&2
}
