"""What the linear model refuses: missing values, no gene that varies, a block that tells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.base import need_scale
from dermshift.errors import DesignError, Problem, ScaleError

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineMeta
    from dermshift.study import Study

    Floats = npt.NDArray[np.float64]

SHOWN = 5
EXTRA_LIBRARIES = 2
"""A correlation needs more libraries than coefficients plus this (R ``duplicateCorrelation``)."""
FLAT = 1e-8
"""A block whose columns the matrix spans to this precision is encoded in it (R ``duplicateCorrelation``)."""


def need_log2(meta: EngineMeta, study: Study) -> None:
    """Refuse values on another scale, and genes with a missing or infinite value.

    Raises
    ------
    ScaleError
        Naming the genes: a fit would go on with the values left, and the tests of gene sets would not.
    """
    need_scale(meta, study.name, study.scale)
    whole = np.isfinite(study.values.to_numpy(float)).all(axis=0)
    if not whole.all():
        names = study.genes.index[~whole].astype(str)
        raise ScaleError(
            Problem(
                where=f"study '{study.name}', matrix",
                found=f"{len(names)} genes with a missing or infinite value: {listed(names)}",
                expected="a finite log2 value for every gene in every sample",
                action="Remove these genes from the matrix, or give the values before zeros became logarithms.",
            )
        )


def listed(names: pd.Index[str]) -> str:
    """Return the first few names as text."""
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")


def need_varying(n_genes: int) -> None:
    """Refuse a fit without genes.

    Raises
    ------
    DesignError
        No gene varies over the libraries of the question.
    """
    if n_genes == 0:
        raise DesignError(
            Problem(
                where="matrix",
                found="no gene that varies over the libraries of the question",
                expected="at least one gene to test",
                action="Check that the matrix holds one measured value per gene and sample.",
            )
        )


def need_informative_block(design: Design) -> None:
    """Refuse a random block that cannot be told from the matrix; R answers 0, as if nothing were shared.

    Raises
    ------
    DesignError
        No block, or every library in a block of its own; blocks the matrix encodes; too few libraries.
    """
    X = design.matrix.to_numpy(float)
    blocks = block_columns(design.block)
    n, k = len(X), blocks.shape[1]
    found = ""
    if not 1 < k < n - 1:
        found = f"{k} blocks among {n} libraries"
    elif n <= X.shape[1] + EXTRA_LIBRARIES:
        found = f"{n} libraries and {X.shape[1]} coefficients"
    elif np.abs(beyond(X).T @ blocks).max() < FLAT:
        found = "patients that the columns of the matrix already tell apart"
    if found:
        expected = "patients with several libraries each, in a matrix without patient columns"
        action = "Ask for the paired question, with patients as columns."
        raise DesignError(Problem(f"question '{design.question.id}', random block", found, expected, action))


def need_correlation(consensus: float) -> None:
    """Refuse a consensus that does not exist.

    Raises
    ------
    DesignError
        No gene varies both within and between blocks.
    """
    if not np.isfinite(consensus):
        found, expected = "no gene with a correlation within blocks", "genes that vary within and between patients"
        action = "Ask for the paired question, with patients as columns."
        raise DesignError(Problem("random block", found, expected, action))


def need_every_coefficient(rank: int, n_coefficients: int) -> None:
    """Refuse a fit in which the library dropped a coefficient: the others would change their meaning in silence.

    Raises
    ------
    DesignError
        The rank, with R's tolerance, is below the number of coefficients.
    """
    if rank < n_coefficients:
        found, expected = f"rank {rank}", f"{n_coefficients} coefficients that can be told apart"
        action = "Rescale the numeric columns of the sheet, or drop the one that follows from the others."
        raise DesignError(Problem("design matrix", found, expected, action))


def block_columns(block: tuple[str, ...]) -> Floats:
    """Return one 0/1 column per block, in the order of their first library."""
    names = list(dict.fromkeys(block))
    return np.array([[float(label == name) for name in names] for label in block])


def beyond(matrix: Floats) -> Floats:
    """Return an orthonormal basis of what a full-rank matrix does not span: libraries x residual df."""
    q, _ = np.linalg.qr(matrix, mode="complete")
    return np.asarray(q[:, matrix.shape[1] :], dtype=float)
