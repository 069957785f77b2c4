"""Fit and test one study with one library: ``python engine_one.py dermshift|pydeseq2|inmoose FOLDER REPEAT [THREADS]``.

Prints one line of JSON: seconds of importing, of the first call and of the `REPEAT` calls after it (of all calls where
nothing is compiled), the trend and prior of the dispersions, and versions; writes the p-values to FOLDER/LIBRARY.csv.
FOLDER comes from `engine_simulate.py`. Runs in any Python that has the library, so nothing of dermshift is imported
unless it is measured.
"""

from __future__ import annotations

import json
import platform
import sys
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[pd.DataFrame, str]
    Fit = Callable[[pd.DataFrame, pd.DataFrame], Answer]


def dermshift(threads: int) -> Fit:
    """Return what fits, tests the last coefficient, and gives p-values and a description of the dispersions."""
    from dermshift.engines import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet
    from dermshift.engines.deseq2.filtering import independent_filter
    from dermshift.engines.deseq2.inference import BatchedInference
    from dermshift.engines.deseq2.wald import wald

    def run(counts: pd.DataFrame, design: pd.DataFrame) -> Answer:
        kernels = BatchedInference(threads=threads)
        metadata = pd.DataFrame({"library": design.index}, index=design.index)
        dds = RDeseqDataSet(counts=counts, metadata=metadata, design=design, inference=kernels, quiet=True)
        dds.deseq2()
        asked = SimpleNamespace(contrast=last_of(design), matrix=design)
        tested = wald(dds, asked, EngineOptions(reference="normal"))
        p = tested["p"].mask(tested["outlier"])
        fdr = independent_filter(dds.var["_normed_means"], p, 0.1).fdr
        return pd.DataFrame({"pvalue": p, "padj": fdr}), described(*dds.uns["trend_coeffs"], dds.uns["prior_disp_var"])

    return run


def pydeseq2(threads: int) -> Fit:
    """Return PyDESeq2 as released."""
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.default_inference import DefaultInference
    from pydeseq2.ds import DeseqStats

    def run(counts: pd.DataFrame, design: pd.DataFrame) -> Answer:
        kernels = DefaultInference(n_cpus=threads)
        metadata = pd.DataFrame({"library": design.index}, index=design.index)
        dds = DeseqDataSet(counts=counts, metadata=metadata, design=design, inference=kernels, quiet=True)
        dds.deseq2()
        stats = DeseqStats(dds, contrast=last_of(design), alpha=0.1, inference=kernels, quiet=True)
        stats.summary()
        return stats.results_df, described(*dds.uns["trend_coeffs"], dds.uns["prior_disp_var"])

    return run


def inmoose(_threads: int) -> Fit:
    """Return inmoose, the port of R DESeq2 to Python and C++; it has one thread."""
    from inmoose.deseq2 import DESeq, DESeqDataSet

    def run(counts: pd.DataFrame, design: pd.DataFrame) -> Answer:
        formula = " + ".join(["~ 0", *design.columns])  # a matrix without a formula is refused
        dds = DESeq(DESeqDataSet(counts, clinicalData=design, design=formula), quiet=True)
        table = dds.results(contrast=last_of(design).astype(int)).rename(columns={"adj_pvalue": "padj"})
        curve = dds.dispersionFunction
        return pd.DataFrame(table), described(*curve.coefficients, curve.dispPriorVar)

    return run


def described(asymptote: float, noise: float, prior: float) -> str:
    """Return trend and prior variance of the dispersions as text."""
    return f"{asymptote:.6g} + {noise:.6g}/mean; {float(prior):.4g}"


def last_of(design: pd.DataFrame) -> np.ndarray:
    """Return the contrast that tests the last coefficient."""
    return np.eye(design.shape[1])[-1]


LIBRARIES = {"dermshift": dermshift, "pydeseq2": pydeseq2, "inmoose": inmoose}
USED = ["dermshift", "pydeseq2", "inmoose", "numpy", "scipy", "pandas", "numba"]


def versions() -> dict[str, str]:
    """Return the version of Python and of each package that is loaded."""
    return {"Python": platform.python_version()} | {name: version(name) for name in USED if name in sys.modules}


def main(library: str, folder: Path, repeat: int, threads: int = 1) -> None:
    warnings.simplefilter("ignore")
    design = pd.read_csv(folder / "design.csv", index_col=0)
    values = np.load(folder / "counts.npy")
    counts = pd.DataFrame(values, index=design.index, columns=[f"gene{i}" for i in range(values.shape[1])])
    start = time.perf_counter()
    run = LIBRARIES[library](threads)
    importing, seconds = time.perf_counter() - start, []
    for _ in range(repeat + (library == "dermshift")):  # the others compile nothing
        start = time.perf_counter()
        table, dispersions = run(counts, design)
        seconds.append(time.perf_counter() - start)
    table[["pvalue", "padj"]].to_csv(folder / f"{library}.csv", index=False)
    measured = {"import": importing, "first": seconds[0], "seconds": seconds[-repeat:] if repeat else []}
    print("\n" + json.dumps(measured | {"dispersions": dispersions, "versions": versions()}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), *map(int, sys.argv[4:]))
