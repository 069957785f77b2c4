"""Speed and memory of the log-intensity engine beside pylimma and R limma: ``python benchmarks/limma.py``.

One simulated array study (22,268 probe sets x 38 libraries, 19 pairs): patients as columns, the same with a trended
robust prior, and patients as a random block with its shared correlation. Every library runs in a process of its own
with linear algebra on one thread; what is printed is the median over ``--repeat`` calls and the largest memory of the
process. pylimma needs 12 GB for the trend. ``--quick`` takes a tenth of the
genes and one call.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from engine_measure import Failed, Measured, measure, script

GENES, PAIRS = 22_268, 19
MODELS = {
    "fixed": "patients as columns",
    "trend": "patients as columns, trended robust prior",
    "random": "patients as a random block",
    "correlation": "the shared correlation alone",
}


def row(library: str, result: Measured | Failed, base: Measured | Failed) -> str:
    """Return one line of a table."""
    if isinstance(result, Failed):
        return f"| {library} | not measured: {result.reason} | | | |"
    middle, spread = median(result.seconds), f"{min(result.seconds):.2f}-{max(result.seconds):.2f}"
    ratio = f"{middle / median(base.seconds):.1f}" if isinstance(base, Measured) else ""
    return f"| {library} | {middle:.2f} ({spread}) | {ratio} | {result.peak_mb:,.0f} MB | {result.dispersions} |"


def compare(model: str, folder: str, asked: argparse.Namespace) -> list[str]:
    """Print the table of one model; return the versions behind it."""
    here = Path(__file__).parent
    one = [sys.executable, str(here / "limma_one.py")]
    size = [str(asked.genes), str(PAIRS)]
    commands = {
        "dermshift": [*one, "dermshift", model, folder, asked.repeat, *size],
        "pylimma": [*one, "pylimma", model, folder, asked.repeat, *size],
        "R limma": ["Rscript", str(here / "limma.R"), model, folder, asked.repeat, *size],
    }
    found = {library: measure(command) for library, command in commands.items() if library not in asked.skip}
    print(f"\n## {MODELS[model]}\n\n| library | seconds, median of {asked.repeat} (range) | times dermshift |", end="")
    print(" peak memory | answer |\n|---|---|---|---|---|")
    for library, result in found.items():
        print(row(library, result, found["dermshift"]), flush=True)
    return [result.versions for result in found.values() if isinstance(result, Measured)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeat", help="calls per library; 3, or 1 with --quick")
    parser.add_argument("--skip", action="append", default=[], help="a library not to measure; may be repeated")
    asked = parser.parse_args()
    asked.repeat, asked.genes = asked.repeat or ("1" if asked.quick else "3"), GENES // (10 if asked.quick else 1)
    print(f"{asked.genes:,} genes x {2 * PAIRS} libraries")
    with tempfile.TemporaryDirectory() as folder:
        script("limma_one.py", "simulate", "", folder, "0", str(asked.genes), str(PAIRS))
        versions = [text for model in MODELS for text in compare(model, folder, asked)]
    print("", *dict.fromkeys(f"- {text}" for text in versions), sep="\n")


if __name__ == "__main__":
    main()
