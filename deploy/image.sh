#!/usr/bin/env bash
# Build the image and put it through its trials: shut in (read-only, no capability, 512 MB, 128 processes), the example
# patient, slow clients, a flood, and its end under load. Exit 3 when nothing on this machine can build an image.
#
#   BUSY=1          being late is said, but allowed
#   IMAGE_BUILDER   a script that builds CONTEXT TAG and runs SMOKE_HOOK beside it, for machines without a container daemon
set -euo pipefail
cd "$(dirname "$0")/.."

tag=b12cds:dev
trials="$PWD/.venv/bin/python -m tests.resilience.image"
builder=${IMAGE_BUILDER:-../shared/tools/build_image.sh}

in_time() { [ "$1" -lt 5 ] || [ "${BUSY:-}" = 1 ] || { echo "It must not take 5 s."; false; }; }

if docker info >/dev/null 2>&1; then
  docker build --tag "$tag" .
  name="b12cds-trials-$$"
  docker run --detach --name "$name" --read-only --tmpfs /tmp:rw,noexec,nosuid,size=16m --cap-drop all \
    --security-opt no-new-privileges --memory 512m --pids-limit 128 --publish 127.0.0.1::8000 "$tag" >/dev/null
  trap 'docker rm --force "$name" >/dev/null' EXIT
  until [ "$(docker inspect --format '{{.State.Health.Status}}' "$name")" = healthy ]; do sleep 1; done
  BASE_URL="http://$(docker port "$name" 8000)" $trials
  began=$(date +%s)
  docker stop --time 30 "$name" >/dev/null
  took=$(($(date +%s) - began))
  code=$(docker inspect --format '{{.State.ExitCode}}' "$name")
  echo "Stopped under load with exit $code after $took s."
  [ "$code" = 0 ] && in_time "$took"
elif [ -f "$builder" ] && [ "$(id -u)" = 0 ]; then
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if ! SMOKE_HOOK=$trials bash "$builder" . "$tag" 2> >(tee "$log" >&2); then
    sleep 1 # for tee to have written it all
    [ "${BUSY:-}" = 1 ] && grep -q '^no 200 from' "$log" || exit 1
    echo "LATE: the image was built, and not ready as soon as the builder wants it."
    exit 0
  fi
  sleep 1
  took=$(sed -n 's/^== SIGTERM -> exit 0 after \([0-9]*\) s.*/\1/p' "$log")
  echo "Stopped under load with exit 0 after ${took:?} s."
  in_time "$took"
else
  echo "No image was built: there is neither a container daemon nor a builder for machines without one."
  exit 3
fi
