#!/usr/bin/env bash
# Locks every dependency with hashes, for every platform, one file per extra: `make lock`.
# All files are cut from one resolution, so that any of them can be installed beside any other.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() {
  .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
    --custom-compile-command "make lock" "$@"
}
all=$(mktemp)
trap 'rm -f "$all"' EXIT
compile --all-extras --group dev --no-header --output-file "$all" pyproject.toml
compile --constraints "$all" --output-file requirements/base.txt pyproject.toml
for extra in node cuda embedded; do
  compile --constraints "$all" --extra "$extra" --output-file "requirements/$extra.txt" pyproject.toml
done
compile --constraints "$all" --group dev --output-file requirements/dev.txt pyproject.toml
# What sets up the environment itself: the installer, and the build backend of the editable install.
compile --constraints "$all" --output-file requirements/build.txt requirements/build.in
