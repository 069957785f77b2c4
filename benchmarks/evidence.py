"""Time of the evidence on one question of seven pairs: ``python benchmarks/evidence.py [--genes 20000]``.

Simulated counts of 20,000 genes in 14 libraries. Prints a Markdown table: leaving each patient out with the engine,
leaving each out in closed form, all 64 sign patterns with the false discovery rate in each, and the power card; with
the peak memory of the process. Machine code is compiled before the clock starts.
"""

from __future__ import annotations

import argparse
import resource
import time
from dataclasses import replace

import numpy as np
import pandas as pd
from anndata import AnnData

from dermshift.design import Ask, library_values, plan
from dermshift.engines import EngineOptions, get
from dermshift.evidence.flips import flip_null
from dermshift.evidence.leave_one_out import leave_one_out
from dermshift.evidence.power_card import power_card
from dermshift.evidence.refits import refits
from dermshift.paired.changes import changes
from dermshift.quality import log2_cpm
from dermshift.study import Study, Timepoints


def seven_pairs(n_genes: int) -> Study:
    """Return counts with a change of one log2 in a tenth of the genes."""
    rng = np.random.default_rng(3)
    level = rng.normal(8, 2, n_genes) + rng.normal(0, 0.4, (7, n_genes))
    shift = np.where(rng.random(n_genes) < 0.1, 1.0, 0.0) + rng.normal(0, 0.3, (7, n_genes))
    log2 = np.stack([level, level + shift], axis=1).reshape(14, n_genes)
    dispersion = 0.05 + 2 / 2 ** log2.mean(axis=0)
    counts = rng.negative_binomial(1 / dispersion, 1 / (1 + dispersion * 2**log2))
    rows = [(f"P{i}_{time}", f"P{i}", time) for i in range(1, 8) for time in ("baseline", "week1")]
    sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint"]).set_index("sample")
    genes = pd.DataFrame({"gene_symbol": [f"S{i}" for i in range(n_genes)]}, index=[f"G{i}" for i in range(n_genes)])
    genes["gene_id_original"] = genes.index
    return Study(
        "seven", AnnData(counts.astype(float), obs=sheet, var=genes), "counts", Timepoints("baseline", "week1")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    study, engine = seven_pairs(asked.genes), get("deseq2")
    designs = plan(study.sheet, study.timepoints, [Ask()])
    options = EngineOptions(shrink=False, threads=asked.threads)
    tables = engine.run(study, designs, options).tables  # compiles
    tested = tables["response"].loc[tables["response"]["status"] == "tested", "gene_id"].tolist()
    expression = log2_cpm(library_values(study, designs[0]))
    taken = changes(designs[0], expression)
    usual = replace(taken, values=taken.values[tested])
    steps = {
        "leave each of 7 patients out, engine": lambda: refits(
            lambda kept: engine.run(study, kept, options).tables, designs, tables, {"response": tested[:50]}
        ),
        "leave each out, closed form, every gene": lambda: leave_one_out(usual, moderated=True),
        "64 sign patterns, moderated t, false discovery rate in each": lambda: flip_null(usual),
        "power card of 50 genes": lambda: power_card(usual, tested[:50]),
    }
    print(f"{len(tested):,} tested genes x 14 libraries\n\n| step | seconds |\n|---|---|")
    for name, step in steps.items():
        start = time.perf_counter()
        step()
        print(f"| {name} | {time.perf_counter() - start:.2f} |", flush=True)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


if __name__ == "__main__":
    main()
