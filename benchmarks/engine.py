"""Speed and memory of the count engine beside PyDESeq2, inmoose and R DESeq2: ``python benchmarks/engine.py``.

One fit and one Wald test with independent filtering, of a simulated study (20,000 genes x 28 libraries x 9
coefficients) and, with ``--airway PATH``, of the airway counts. Every library runs in a process of its own, with
linear algebra on one thread; what is printed is the median over ``--repeat`` calls and the largest memory of the
process. ``--scaling`` instead varies genes, libraries and coefficients. ``--quick`` takes a tenth of the genes and one
call.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

from engine_measure import Failed, Measured, measure, script, simulate

SIMULATED = {"genes": 20_000, "samples": 28, "coefficients": 9}
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
SCALING = {
    "genes": [(genes, 28, 9) for genes in (5_000, 10_000, 20_000, 40_000, 60_000)],
    "libraries": [(20_000, samples, 4) for samples in (8, 16, 32, 64, 125, 250, 500)],
    "coefficients, 120 libraries": [(20_000, 120, coefficients) for coefficients in (3, 9, 20, 40, 60)],
    "compartment difference": [(20_000, 4 * n, 3 * n + 1) for n in (4, 7, 12, 19)],
}


def compare(name: str, folder: Path, asked: argparse.Namespace) -> None:
    """Print the table of one study."""
    here, python = Path(__file__).parent, sys.executable
    one = str(here / "engine_one.py")
    with tempfile.TemporaryDirectory() as cache:
        empty = measure([python, one, "dermshift", str(folder), "0"], cache)
        commands = {
            "dermshift, 1 thread": [python, one, "dermshift", str(folder), asked.repeat],
            f"dermshift, {CORES} threads": [python, one, "dermshift", str(folder), asked.repeat, str(CORES)],
            "PyDESeq2": [python, one, "pydeseq2", str(folder), asked.repeat],
            "inmoose": [asked.inmoose_python, one, "inmoose", str(folder), asked.repeat],
            "R DESeq2": ["Rscript", str(here / "engine.R"), str(folder), asked.repeat],
        }
        if CORES == 1:
            del commands[f"dermshift, {CORES} threads"]
        found = {library: measure(command, cache) for library, command in commands.items() if library not in asked.skip}
    print(
        f"\n## {name}\n\n| library | seconds, median of {asked.repeat} (range) | times one thread | peak memory |",
        end="",
    )
    print(" dispersion trend; prior variance |\n|---|---|---|---|---|")
    base = found["dermshift, 1 thread"]
    for library, result in found.items():
        print(row(library, result, base), flush=True)
    if isinstance(empty, Measured) and isinstance(base, Measured):
        print(
            f"\ndermshift's first call: {empty.first:.1f} s with an empty compile cache, {base.first:.1f} s with a",
            end="",
        )
        print(f" filled one; import {base.importing:.1f} s. {CORES} cores.")
    print(*dict.fromkeys(f"- {result.versions}" for result in found.values() if isinstance(result, Measured)), sep="\n")
    script("engine_agreement.py", str(folder))


def row(library: str, result: Measured | Failed, base: Measured | Failed) -> str:
    """Return one line of a table."""
    if isinstance(result, Failed):
        return f"| {library} | not measured: {result.reason} | | | |"
    middle, spread = median(result.seconds), f"{min(result.seconds):.2f}-{max(result.seconds):.2f}"
    ratio = f"{middle / median(base.seconds):.1f}" if isinstance(base, Measured) else ""
    return f"| {library} | {middle:.2f} ({spread}) | {ratio} | {result.peak_mb:,.0f} MB | {result.dispersions} |"


def scale(asked: argparse.Namespace) -> None:
    """Print how time and memory grow with each size of the study, dermshift alone."""
    one = str(Path(__file__).parent / "engine_one.py")
    for varied, sizes in SCALING.items():
        print(f"\n## {varied}\n\n| genes | libraries | coefficients | seconds | us per gene | peak memory |")
        print("|---|---|---|---|---|---|")
        for genes, samples, coefficients in sizes:
            n_genes = genes // asked.shrink
            with tempfile.TemporaryDirectory() as folder:
                simulate(folder, genes=n_genes, samples=samples, coefficients=coefficients)
                result = measure([sys.executable, one, "dermshift", folder, asked.repeat, str(CORES)])
            size = f"| {n_genes:,} | {samples} | {coefficients} |"
            if isinstance(result, Failed):
                print(f"{size} not measured: {result.reason} | | |", flush=True)
                continue
            seconds = median(result.seconds)
            print(f"{size} {seconds:.2f} | {seconds / n_genes * 1e6:.0f} | {result.peak_mb:,.0f} MB |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--repeat", help="calls per library; 3, or 1 with --quick")
    parser.add_argument("--scaling", action="store_true")
    parser.add_argument("--airway", type=Path, help="folder with counts.csv.gz and samples.csv")
    parser.add_argument("--inmoose-python", default=sys.executable, help="a Python that has inmoose")
    parser.add_argument("--skip", action="append", default=[], help="a library not to measure; may be repeated")
    asked = parser.parse_args()
    asked.repeat, asked.shrink = asked.repeat or ("1" if asked.quick else "3"), 10 if asked.quick else 1
    if asked.scaling:
        scale(asked)
        return
    size = SIMULATED | {"genes": SIMULATED["genes"] // asked.shrink}
    with tempfile.TemporaryDirectory() as folder:
        simulate(folder, text="counts.csv", **size)
        compare("simulated, " + " x ".join(f"{value:,} {name}" for name, value in size.items()), Path(folder), asked)
    if asked.airway:
        with tempfile.TemporaryDirectory() as folder:
            simulate(folder, text="counts.csv", airway=asked.airway)
            compare("airway", Path(folder), asked)


if __name__ == "__main__":
    main()
