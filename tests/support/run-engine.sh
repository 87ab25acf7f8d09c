# Sourced by .ci/run: an engine of its own for the tests, which nothing else on this machine uses. `start_engine` gives 0 when it
# answers and has the test image, and exports DOCKER_HOST; `stop_engine` ends it by its pid and removes all that it kept.

engine_home=''
engine_pid=''
engine_wait_seconds=60

start_engine() {
  # Short, because the path of a socket can have no more than 107 characters.
  engine_home="$(mktemp -d -t pawl.XXXXXX)" || return 1
  local socket="unix://$engine_home/docker.sock"
  # In a group of its own, so that a Ctrl-C ends the tests first and the engine after them.
  setsid dockerd --data-root "$engine_home/data" --exec-root "$engine_home/exec" --pidfile "$engine_home/pid" -H "$socket" \
    --bridge=none --iptables=false >"$engine_home/log" 2>&1 &
  engine_pid=$!
  local waited=0
  until docker -H "$socket" version >/dev/null 2>&1; do
    if ! kill -0 "$engine_pid" 2>/dev/null || [ "$waited" -ge "$engine_wait_seconds" ]; then
      echo 'The container engine did not start. The end of its log:'
      tail -n 5 "$engine_home/log"
      return 1
    fi
    sleep 1
    waited=$((waited + 1))
  done
  export DOCKER_HOST="$socket"
  tests/support/make-test-image.sh
}

stop_engine() {
  [ -n "$engine_home" ] || return 0
  if [ -n "$engine_pid" ] && kill -TERM "$engine_pid" 2>/dev/null; then
    local waited=0
    while kill -0 "$engine_pid" 2>/dev/null && [ "$waited" -lt 30 ]; do
      sleep 1
      waited=$((waited + 1))
    done
    kill -KILL "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
  fi
  # What a killed engine left mounted, the deepest first.
  local mounts
  mounts="$(awk -v home="$engine_home/" 'index($2, home) == 1 { print $2 }' /proc/mounts | sort -r)"
  if [ -n "$mounts" ]; then echo "$mounts" | xargs -r -n 1 umount -l 2>/dev/null || true; fi
  rm -rf --one-file-system "$engine_home"
  engine_home=''
  engine_pid=''
}
