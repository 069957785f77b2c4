"""Time and memory of whole runs: ``python benchmarks/workflow.py [--studies 1 3 10] [--samples 8 16] [--genes 2000]``.

Prints Markdown tables. Growth with the number of studies: small synthetic studies of one question run side by side,
cold (nothing there), warm (nothing to do) and after a change of the false discovery rate. *outside* is processor time
of everything but the steps themselves (checks, Snakemake, starting and sealing), per step. Growth with the number of
samples: each stage's own time and memory, as its log states it. Synthetic studies throughout.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dermshift.simulate import Settings, simulate, write_example

DATA = Path(__file__).resolve().parents[1] / "data"
TOOK = re.compile(r"^took: ([\d.]+) s, ([\d.]+) s of processor, (\d+) MB at most$", re.MULTILINE)
STEPS = re.compile(r"(\d+) steps in")
CONFIG = """
study:
  name: {name}
  matrix: {folder}/counts.tsv.gz
  samples: {folder}/samples.tsv
  synthetic: true
  columns: {{patient: patient, timepoint: timepoint, sex: sex}}
  timepoints: {{before: baseline, after: week1}}
questions: [response{more}]
genes: {{mediator: LCN2}}
gene_sets: [{data}/gene_sets/apoptosis.gmt]
declared: [apoptosis]
annotation: {{genes: {data}/genes.tsv, sex_genes: {data}/sex_genes.tsv}}
analysis: {{alpha: {alpha}}}
evidence: {{top: 5}}
{figures}
"""
FEW = "figures: {families: [sampling, volcano, slopes]}"
FEWEST_BY_SEX = 12
"""Samples below which a sex has fewer than three patients, and the program refuses to compare."""
STAGES = ("load", "test", "enrich", "enriched", "evidence", "dossier", "plot", "report", "workbook", "bundle")


def study(
    folder: Path, name: str, samples: int, genes: int, *, more: str = "", figures: str = "", seed: int = 1
) -> None:
    """Write one synthetic study of so many samples, half of them before, and its configuration."""
    females = samples // 4
    settings = Settings(
        seed=seed, genes=genes, females=females, males=samples // 2 - females, compartments=("dermis",), data=DATA
    )
    write_example(simulate(settings), folder / name)
    configure(folder, name, "0.05", more, figures)


def configure(folder: Path, name: str, alpha: str, more: str = "", figures: str = "") -> None:
    """Write the configuration of a study."""
    text = CONFIG.format(name=name, folder=name, data=DATA, alpha=alpha, more=more, figures=figures)
    (folder / f"{name}.yaml").write_text(text)


def run(folder: Path, target: str) -> tuple[float, float, int]:
    """Run a target; return wall seconds, processor seconds outside the steps, and the number of steps.

    Raises
    ------
    SystemExit
        The run failed.
    """
    start = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "dermshift", "run", target], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as child:
        said = child.stdout.read() if child.stdout else ""
        # Steps are copies nobody waits for: what is counted here is everything else.
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(said)
    steps = STEPS.search(said)
    return time.monotonic() - start, used.ru_utime + used.ru_stime, int(steps[1]) if steps else 0


def took(folder: Path) -> list[tuple[str, float, float, float]]:
    """Return stage, wall seconds, processor seconds and MB of every step that left a log below `folder`."""
    found = []
    for log in sorted(folder.glob("results/*/logs/*.log")):
        if match := TOOK.search(log.read_text(encoding="utf-8", errors="replace")):
            found.append((log.stem.split("_")[0], float(match[1]), float(match[2]), float(match[3])))
    return found


def of_studies(counts: list[int], genes: int) -> None:
    """Print how runs grow with the number of studies."""
    print(
        f"| studies (14 samples x {genes:,} genes, one question) | steps | cold | own work | outside, per step |",
        end="",
    )
    print(" peak of a step | nothing to do | another threshold |\n|---|---|---|---|---|---|---|---|")
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            names = [f"s{place}" for place in range(count)]
            for seed, one in enumerate(names):
                study(folder, one, 14, genes, figures=FEW, seed=seed)
            lines = [
                "config\trole",
                *(f"{one}.yaml\t{'replication' if i else 'discovery'}" for i, one in enumerate(names)),
            ]
            (folder / "studies.tsv").write_text("\n".join(lines) + "\n")
            target = "studies.tsv" if count > 1 else "s0.yaml"
            wall, outside, steps = run(folder, target)
            work = took(folder)
            again, _, _ = run(folder, target)
            configure(folder, "s0", "0.1", figures=FEW)
            changed, _, some = run(folder, target)
            own, peak = sum(cpu for _, _, cpu, _ in work), max(memory for *_, memory in work)
            cells = [f"{wall:.0f} s", f"{own:.0f} s", f"{outside / steps:.2f} s", f"{peak:.0f} MB", f"{again:.1f} s"]
            print(f"| {count} | {steps} | {' | '.join(cells)} | {changed:.0f} s, {some} steps |", flush=True)


def of_samples(sizes: list[int], genes: int) -> None:
    """Print time and memory of each stage by the number of samples."""
    print(f"\n| samples ({genes:,} genes; response and, from 12, by sex) | whole run | {' | '.join(STAGES)} |")
    print(f"|---|---|{'---|' * len(STAGES)}")
    for samples in sizes:
        with tempfile.TemporaryDirectory() as name:
            study(Path(name), "one", samples, genes, more=", {by: sex}" if samples >= FEWEST_BY_SEX else "")
            wall, _, _ = run(Path(name), "one.yaml")
            work = took(Path(name))
        cells = []
        for stage in STAGES:
            rows = [row for row in work if row[0] == stage]
            cells.append(f"{sum(row[2] for row in rows):.1f} s, {max(row[3] for row in rows):.0f} MB")
        print(f"| {samples} | {wall:.0f} s | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, nargs="*", default=[1, 3, 10, 30, 100])
    parser.add_argument("--samples", type=int, nargs="*", default=[8, 16, 40, 100, 200, 500])
    parser.add_argument("--genes", type=int, default=2000)
    asked = parser.parse_args()
    of_studies(asked.studies, 300)
    of_samples(asked.samples, asked.genes)
