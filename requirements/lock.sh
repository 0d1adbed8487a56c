#!/usr/bin/env bash
# Locks every dependency with hashes, for every platform, one file per extra: `make lock`.
# All files are cut from one resolution, so that any of them can be installed beside any other.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
    --custom-compile-command "make lock" pyproject.toml "$@"
}
all=$(mktemp)
trap 'rm -f "$all"' EXIT
compile --all-extras --group dev --no-header --output-file "$all"
compile --constraints "$all" --output-file requirements/base.txt
for extra in node cuda embedded; do
  compile --constraints "$all" --extra "$extra" --output-file "requirements/$extra.txt"
done
compile --constraints "$all" --group dev --output-file requirements/dev.txt
