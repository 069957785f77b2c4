"""A wheel of this code, and a fresh environment in which it is the only dermshift."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PARTS = ("pyproject.toml", "README.md", "LICENSE", "src", "workflows", "config", "data")


@dataclass(frozen=True)
class Fresh:
    """A virtual environment, and commands in it that know nothing of the repository."""

    folder: Path

    def __call__(self, *words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in `cwd`; a hanging one fails the test."""
        kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        kept["PATH"] = f"{self.folder / 'bin'}:{kept['PATH']}"
        words = (self.folder / "bin" / words[0], *words[1:])
        return subprocess.run(words, cwd=cwd, env=kept, capture_output=True, text=True, timeout=3600, check=False)


@pytest.fixture(scope="session")
def wheel(root, tmp_path_factory) -> Path:
    """Wheel of the tree as it stands, built without a network in a copy of what it is made of."""
    if int(version("setuptools").split(".")[0]) < 77:
        pytest.skip(f"setuptools {version('setuptools')} cannot build this project; pip install -e '.[dev]' brings one")
    source = tmp_path_factory.mktemp("source")
    for part in PARTS:
        if (root / part).is_dir():
            unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info", "geo")
            shutil.copytree(root / part, source / part, symlinks=True, ignore=unwanted)
        else:
            shutil.copy(root / part, source / part)
    flags = ("--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", "dist")
    call = [sys.executable, "-m", "pip", "wheel", *flags, "."]
    built = subprocess.run(call, cwd=source, capture_output=True, text=True, check=False, timeout=600)
    assert built.returncode == 0, built.stdout + built.stderr
    return next((source / "dist").glob("dermshift-*.whl"))


@pytest.fixture(scope="session")
def fresh(wheel, tmp_path_factory) -> Fresh:
    """Fresh environment with the wheel; a path file lends it the libraries these tests run with.

    The lent folder is searched last, and the path files inside it (an editable install is one) are not read.
    """
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=600)
    python = folder / "bin" / "python"
    call = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel]
    done = subprocess.run(call, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    packages = next(folder.glob("lib/python*/site-packages"))
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)) + "\n")
    return Fresh(folder)
