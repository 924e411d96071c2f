# For the scripts beside it: the compose that is here, in this folder. To be sourced (set -euo pipefail).
# shellcheck shell=bash disable=SC2034

readonly kServices=(auth user company room business-logic)

# fail LINE...: says why.
fail() {
  printf 'usher: %s\n' "$@" >&2
  exit 1
}

# compose ARGUMENT...: docker compose, or the older docker-compose.
compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  else
    docker-compose "$@"
  fi
}

# await_healthy CONTAINER...: until Docker says that they are.
await_healthy() {
  local container until=$((SECONDS + 120))
  for container in "$@"; do
    until [[ $(docker inspect --format '{{.State.Health.Status}}' "$container") == healthy ]]; do
      ((SECONDS < until)) || fail "container $container is not healthy after two minutes: docker logs $container"
      sleep 0.5
    done
  done
}
