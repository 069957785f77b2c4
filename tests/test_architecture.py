"""The house itself: light start, imports one way, nothing of a machine in the tree."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("scanpy", "anndata", "pydeseq2", "gseapy", "matplotlib", "seaborn", "scipy", "pandas", "numpy")


def test_starting_up_loads_nothing_heavy() -> None:
    code = f"import sys, dermshift, dermshift.cli; print([m for m in {HEAVY} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"


def test_imports_go_one_way(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def tracked(root: Path) -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout")
    return [root / name for name in listing.stdout.split("\0") if name and (root / name).is_file()]


def test_no_path_of_a_machine_in_the_tree(root: Path) -> None:
    home = re.compile(rb"(?<![\w.])/(home|root|work|Users|tmp/w)/\w")
    bad = [str(path.relative_to(root)) for path in tracked(root) if home.search(path.read_bytes())]
    assert [name for name in bad if name != "tests/test_architecture.py"] == []


def test_source_files_stay_small(root: Path) -> None:
    long = {str(p): n for p in (root / "src").rglob("*.py") if (n := len(p.read_text().splitlines())) > 250}
    assert long == {}
