"""Time and memory of the enrichment methods: ``python benchmarks/enrichment.py [--sets 5000] [--threads 2]``.

Simulated counts of 20,000 genes in seven pairs, and sets of 15 to 199 genes. Prints a Markdown table: every method on
all sets (a process each, so that the peak of memory is its own), and prerank on as many sets as Hallmark has. The data
and their voom weights are there, and machine code is compiled, before the clock starts.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from anndata import AnnData

from dermshift.cli.asking import asked_of, libraries_of
from dermshift.design import Ask, plan
from dermshift.enrich import METHODS, Asked, SetOptions
from dermshift.fdr import benjamini_hochberg
from dermshift.genes import GeneRegistry, GeneSet
from dermshift.names import DE_COLUMNS
from dermshift.paired.moderated import t_tests
from dermshift.study import Study, Timepoints
from dermshift.tables import require_de

HALLMARK = 50
DATA = "data alone"


def seven_pairs(n_genes: int) -> Study:
    """Return counts with a change of one log2 in a tenth of the genes."""
    rng = np.random.default_rng(3)
    level = rng.normal(8, 2, n_genes) + rng.normal(0, 0.4, (7, n_genes))
    shift = np.where(rng.random(n_genes) < 0.1, 1.0, 0.0) + rng.normal(0, 0.3, (7, n_genes))
    counts = rng.poisson(2 ** np.stack([level, level + shift], axis=1).reshape(14, n_genes)) + 1
    rows = [(f"P{i}_{time}", f"P{i}", time) for i in range(1, 8) for time in ("baseline", "week1")]
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint"]).set_index("sample")
    symbols = [f"S{i}" for i in range(n_genes)]
    genes = pd.DataFrame({"gene_symbol": symbols}, index=[f"G{i}" for i in range(n_genes)])
    genes["gene_id_original"] = genes.index
    return Study(
        "seven", AnnData(counts.astype(float), obs=sheet, var=genes), "counts", Timepoints("baseline", "week1")
    )


def question(n_genes: int, n_sets: int, threads: int) -> Asked:
    """Return the response of the seven pairs, ranked by the moderated t of their changes."""
    study, rng = seven_pairs(n_genes), np.random.default_rng(4)
    design = plan(study.sheet, study.timepoints, [Ask()])[0]
    table = pd.DataFrame({column.name: np.nan for column in DE_COLUMNS}, index=range(n_genes)).astype(object)
    names = study.values.columns.tolist()
    table = table.assign(gene_id=names, gene_symbol=[f"S{i}" for i in range(n_genes)], statistic=0.0, status="tested")
    table = table.assign(base_mean=1.0, n_pairs=7, flag=None, rank=pd.NA, log2_fold_change=0.0)
    sets = [
        GeneSet(f"set {i}", "simulated", "", tuple(f"S{j}" for j in rng.choice(n_genes, size, replace=False)))
        for i, size in enumerate(rng.integers(15, 200, n_sets))
    ]
    options = SetOptions(threads=threads)
    known = require_de(table, "benchmark")
    shared = libraries_of(study, design, known, sets, GeneRegistry(), options)
    asked = asked_of(study, design, known, shared)
    found = t_tests(asked.changes, moderated=True).set_index("item").loc[names]
    p = found["p_value"].to_numpy(float)
    numbers = {"statistic": found["statistic"], "log2_fold_change": found["estimate"]}
    numbers_of = {name: column.to_numpy(float) for name, column in numbers.items()}
    table = table.assign(**numbers_of, p_value=p, fdr=benjamini_hochberg(p))
    return replace(asked, table=require_de(table, "benchmark"))


def one(name: str, asked: Asked, n_sets: int) -> None:
    """Print seconds and peak memory (MB) of one method."""
    run = {method.meta.name: method.run for method in METHODS}.get(name, lambda _: None)
    run(replace(asked, sets=asked.sets[:10]))
    task = replace(asked, sets=asked.sets[:n_sets])
    start = time.perf_counter()
    run(task)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{time.perf_counter() - start:.1f} {peak:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=20_000)
    parser.add_argument("--sets", type=int, default=5_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "SETS"))
    given = parser.parse_args()
    if given.one:
        one(given.one[0], question(given.genes, given.sets, given.threads), int(given.one[1]))
        return
    tasks = [(DATA, given.sets), *((method.meta.name, given.sets) for method in METHODS), ("prerank", HALLMARK)]
    print(f"{given.genes:,} genes, seven pairs (64 patterns), 1,000 permutations, {given.threads} threads\n")
    print("| method | sets | seconds | peak memory, MB |\n|---|---|---|---|")
    for name, n_sets in tasks:
        command = [sys.executable, __file__, "--one", name, str(n_sets), "--threads", str(given.threads)]
        command += ["--genes", str(given.genes), "--sets", str(given.sets)]
        seconds, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        print(f"| {name} | {n_sets:,} | {seconds} | {peak} |", flush=True)


if __name__ == "__main__":
    main()
