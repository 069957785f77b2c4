"""Work that every step would do anew, done once in the process that steps are copies of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

GENES, PATIENTS = 60, 4


def commands() -> None:
    """Make the command line, with the libraries that check its words."""
    from dermshift.cli import app

    app.commands()


def fitting() -> None:
    """Fit some made-up counts: the machine code of the count engine is loaded, and what its libraries set up late."""
    from dermshift.engines.deseq2.dataset import RDeseqDataSet
    from dermshift.engines.deseq2.glm import RIDGE, contrast_errors
    from dermshift.engines.deseq2.inference import BatchedInference
    from dermshift.engines.deseq2.shrinkage import map_coefficients
    from dermshift.engines.quiet import quiet

    rng = np.random.default_rng(0)
    matrix = np.column_stack([np.tile([0.0, 1.0], PATIENTS), np.repeat(np.eye(PATIENTS), 2, axis=0)])
    names = [f"s{place}" for place in range(len(matrix))]
    mean = 10 ** rng.uniform(0, 4, GENES)
    counts = rng.poisson(mean * rng.gamma(5, 0.2, (len(matrix), GENES)))
    with quiet([]):
        dds = RDeseqDataSet(
            counts=pd.DataFrame(counts, index=names), metadata=pd.DataFrame(index=names, data={"patient": names}),
            design=pd.DataFrame(matrix, index=names, columns=list("tabcd")), inference=BatchedInference(1), quiet=True,
        )  # fmt: skip
        dds.deseq2()
    fitted = np.ascontiguousarray(counts.T, dtype=float)
    factors, dispersions, beta = np.ones(len(matrix)), np.full(GENES, 0.1), np.zeros((GENES, matrix.shape[1]))
    contrast_errors(beta, dispersions, factors, matrix, np.eye(5)[0], smallest=0.5, threads=1, ridge=RIDGE)
    map_coefficients(
        fitted, np.log(factors), matrix, dispersions, 0, wide=15.0, scale=1.0, threads=1, covariances=False
    )


def ranking() -> None:
    """Rank some made-up genes: the machine code of the running scores is loaded."""
    from scipy.sparse import csr_array

    from dermshift.enrich.walks import permuted, scores_by_t

    members = csr_array((np.arange(GENES)[:, None] % np.array([2, 3]) == 0).astype(float))
    t = np.sort(np.random.default_rng(0).normal(size=GENES))[::-1].copy()
    scores_by_t(t[None], members)
    next(permuted(t, members, seed=0, permutations=2))


def scripts() -> None:
    """Read and pack the scripts of the page."""
    from dermshift.report import assets

    assets.scripts()


def study(path: str) -> Callable[[], None]:
    """Return the reading of a study that was just made; steps that start from now on find it read."""

    def reading() -> None:
        from dermshift.io import hold_study

        hold_study(path)

    return reading


def table(path: str) -> Callable[[], None]:
    """Return the reading of the table of a question; steps that start from now on find it read."""

    def reading() -> None:
        from dermshift.io import hold_table
        from dermshift.names import DE_COLUMNS

        hold_table(path, DE_COLUMNS)

    return reading


def known_genes(path: str) -> Callable[[], None]:
    """Return the reading of a table of known genes; steps that read the same file find it read."""

    def reading() -> None:
        from dermshift.io import read_genes

        read_genes(path).approved("")

    return reading
