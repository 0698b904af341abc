#!/usr/bin/env bash
# build_plain.sh CMAKE SOURCE BUILD: ronrond as people run it, for tests of what sanitizers rule out.
set -euo pipefail
"$1" -S "$2" -B "$3" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRONRON_TESTS=OFF >/dev/null
exec "$1" --build "$3" --target ronrond
