"""The folder named `platform`, and what a web process may load."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def python(source: str) -> str:
    """What a fresh interpreter, started at the root, prints."""
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_folder_platform_is_a_source_root_and_no_package() -> None:
    assert (ROOT / "platform").is_dir()
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not list((ROOT / "tests").rglob("platform"))


def test_a_process_at_the_root_finds_the_standard_platform() -> None:
    assert python("import platform, uuid; print(platform.python_version(), bool(uuid.uuid4()))").endswith(" True")
    assert python("import platform; print(platform.__file__)") == python("import os; print(os.__file__)").replace(
        "os.py", "platform.py"
    )


def test_the_packages_come_from_this_checkout() -> None:
    for package, folder in (
        ("antiphon", "platform/antiphon"),
        ("generation", "generation"),
        ("evolution", "evolution"),
    ):
        assert Path(python(f"import {package}; print({package}.__file__)")).parent == ROOT / folder


def test_a_node_loads_neither_django_nor_the_database_driver() -> None:
    loaded = python("import sys, antiphon.node; print([m for m in ('django', 'psycopg') if m in sys.modules])")
    assert loaded.splitlines()[-1] == "[]"
