"""Fit one array study with one library: ``python limma_one.py dermshift|pylimma MODEL FOLDER REPEAT GENES PAIRS``.

Prints one line of JSON: seconds of importing and of the calls, what was found, and versions. ``simulate`` instead of a
library writes the values to FOLDER/values.bin (doubles, a gene after the other), for `limma.R` too.
"""

from __future__ import annotations

import json
import platform
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    Floats = np.ndarray


def simulate(n_genes: int, n_pairs: int) -> Floats:
    """Return genes x libraries: before, after of each patient; patients differ, the variance falls with the mean."""
    rng = np.random.default_rng(14)
    level = rng.normal(7, 2, (n_genes, 1))
    variance = 0.08 * np.exp(-0.2 * (level - 7)) / rng.gamma(1.5, 1 / 1.5, (n_genes, 1))
    patient = np.repeat(rng.normal(0, 1, (n_genes, n_pairs)), 2, axis=1) * np.sqrt(0.3 * variance)
    effect = np.tile([0.0, 1.0], n_pairs) * (rng.random((n_genes, 1)) < 0.15) * rng.normal(0, 1, (n_genes, 1))
    return level + patient + effect + rng.normal(0, 1, (n_genes, 2 * n_pairs)) * np.sqrt(variance)


def dermshift(model: str, values: Floats) -> Callable[[], str]:
    """Return what runs the engine, from a study to its table."""
    from anndata import AnnData

    from dermshift.design import Ask, plan
    from dermshift.engines import EngineOptions, get
    from dermshift.engines.limma.duplicate_correlation import duplicate_correlation
    from dermshift.study import Study, Timepoints

    n = values.shape[1]
    rows = [(f"P{i // 2:02d}", ("before", "after")[i % 2]) for i in range(n)]
    sheet = pd.DataFrame(rows, columns=["patient", "timepoint"], index=[f"S{i:02d}" for i in range(n)])
    genes = pd.DataFrame({"gene_symbol": ""}, index=[f"G{i}" for i in range(len(values))])
    study = Study("array", AnnData(values.T.copy(), obs=sheet, var=genes), "log2", Timepoints("before", "after"))
    asked = Ask(block="random" if model in ("random", "correlation") else "fixed")
    [design] = plan(study.sheet, study.timepoints, [asked])
    options = EngineOptions(trend=model == "trend", robust=model == "trend")

    def run() -> str:
        if model == "correlation":
            found = duplicate_correlation(values, design.matrix.to_numpy(), design.block)
            return f"correlation {found.consensus:.10g}"
        record = get("limma").run(study, [design], options).record
        return described(record["df_prior"], record["consensus_correlation"])

    return run


def pylimma(model: str, values: Floats) -> Callable[[], str]:
    """Return what runs the steps of R's user's guide with pylimma as released."""
    import pylimma as library

    n = values.shape[1] // 2
    after = np.tile([0.0, 1.0], n)
    block = np.repeat(np.arange(n), 2)
    fixed = np.column_stack([np.repeat(np.eye(n), 2, axis=0), after])
    cells = np.column_stack([1 - after, after])

    def run() -> str:
        if model in ("fixed", "trend"):
            contrast = np.r_[np.zeros(n), 1.0][:, None]
            fit = library.contrasts_fit(library.lm_fit(values, design=fixed), contrasts=contrast)
            prior = library.e_bayes(fit, trend=model == "trend", robust=model == "trend")["df_prior"]
            return described(prior, None)
        shared = library.duplicate_correlation(values, design=cells, block=block)["consensus_correlation"]
        if model == "correlation":
            return f"correlation {shared:.10g}"
        fit = library.lm_fit(values, design=cells, block=block, correlation=shared)
        found = library.e_bayes(library.contrasts_fit(fit, contrasts=np.array([[-1.0], [1.0]])))
        return described(found["df_prior"], shared)

    return run


def described(prior: object, shared: object) -> str:
    """Return prior df (the median where genes differ) and correlation as text."""
    number = prior["median"] if isinstance(prior, dict) else np.median(prior)
    return f"prior df {number:.8g}" + ("" if shared is None else f", correlation {shared:.10g}")


LIBRARIES = {"dermshift": dermshift, "pylimma": pylimma}
USED = ["dermshift", "pylimma", "numpy", "scipy", "pandas"]


def main(library: str, model: str, folder: Path, repeat: int, n_genes: int, n_pairs: int) -> None:
    warnings.simplefilter("ignore")
    if library == "simulate":
        simulate(n_genes, n_pairs).tofile(folder / "values.bin")
        return
    values = np.fromfile(folder / "values.bin").reshape(n_genes, 2 * n_pairs)
    start = time.perf_counter()
    run = LIBRARIES[library](model, values)
    importing, seconds, answer = time.perf_counter() - start, [], ""
    for _ in range(repeat):
        start = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - start)
    versions = {"Python": platform.python_version()} | {name: version(name) for name in USED if name in sys.modules}
    measured = {"import": importing, "first": seconds[0], "seconds": seconds, "versions": versions}
    print("\n" + json.dumps(measured | {"dispersions": answer}))


if __name__ == "__main__":
    name, model, where, *numbers = sys.argv[1:]
    main(name, model, Path(where), *map(int, numbers))
