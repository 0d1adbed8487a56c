#!/usr/bin/env bash
# Makes .venv and installs the locked packages into it: `make setup`. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."

stop() {
  printf '\nSet-up stopped: %s\n' "$1" >&2
  exit 1
}

suitable() {
  "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
  for candidate in python3.13 python3.12 python3.11 python3 python; do
    if command -v "$candidate" >/dev/null && suitable "$candidate"; then
      command -v "$candidate"
      return
    fi
  done
  stop "Python 3.11, 3.12 or 3.13 is needed and was not found. Install one and run make again."
}

# The programs in a virtual environment know its folder by name: a checkout that was moved gets a new one.
if [ -f .venv/.installed ] && [ "$(cat .venv/.installed)" != "$(pwd -P)" ]; then
  rm -rf .venv
fi
if ! { [ -x .venv/bin/python ] && suitable .venv/bin/python; }; then
  python=$(find_python)
  echo "Creating .venv with $("$python" --version) ($python)."
  rm -rf .venv
  if ! "$python" -m venv .venv >.venv-error 2>&1; then
    rm -rf .venv
    if command -v uv >/dev/null; then
      uv venv --quiet --seed --python "$python" .venv
    else
      cat .venv-error >&2
      rm -f .venv-error
      stop "$python could not make a virtual environment. On Debian and Ubuntu: install the package python3-venv."
    fi
  fi
  rm -f .venv-error
fi

python=.venv/bin/python
if ! [ -x .venv/bin/uv ]; then
  echo "Fetching uv."
  "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
    -r requirements/build.txt || stop "uv could not be fetched. Is there a network? The lines above say more."
fi

echo "Installing the locked packages."
.venv/bin/uv pip install --quiet --python "$python" --require-hashes \
  -r requirements/build.txt -r requirements/base.txt -r requirements/node.txt \
  -r requirements/embedded.txt -r requirements/dev.txt ||
  stop "the locked packages could not be installed. The lines above say which and why."
.venv/bin/uv pip install --quiet --python "$python" --no-deps --no-build-isolation --editable . ||
  stop "the project itself could not be installed. The lines above say why."
pwd -P >.venv/.installed
