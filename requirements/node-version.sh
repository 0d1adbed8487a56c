#!/usr/bin/env bash
# Says what to do when Node is missing or too old for the frontend's build.
set -euo pipefail
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Set-up stopped: Node 20.19 or newer (with npm) is needed to build the pages, and was not found." >&2
  exit 1
fi
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Set-up stopped: Node 20.19 or newer is needed to build the pages; this is ${process.version}.`);
    process.exit(1);
  }'
