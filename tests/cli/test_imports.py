"""What a verb leaves unloaded: libraries that cost seconds and that it does not need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FITTING = ("gseapy", "matplotlib", "numba", "pydeseq2", "pylimma", "scanpy", "scipy.stats", "seaborn", "snakemake")
CODE = """
import sys
sys.argv = ["dermshift", *{words!r}]
from dermshift.cli import main
try:
    main()
except SystemExit as done:
    assert not done.code, done.code
print("LOADED", *sorted(set({heavy!r}) & set(sys.modules)))
"""


def loaded(words: list[str], heavy: tuple[str, ...]) -> list[str]:
    """Return which of the modules `heavy` a command has loaded, in a process of its own."""
    code = CODE.format(words=words, heavy=heavy)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()[-1].split()[1:]


def test_help_loads_no_library_of_numbers() -> None:
    assert loaded(["--help"], (*FITTING, "numpy", "pandas", "pydantic", "anndata")) == []


def test_a_check_loads_nothing_that_fits_or_draws() -> None:
    assert loaded(["check", "config/config.yaml"], (*FITTING, "anndata", "jinja2", "plotly", "xlsxwriter")) == []
