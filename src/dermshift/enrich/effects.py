"""The data of a question reduced to what a test of gene sets reads: the effect of the contrast, and residual effects.

A rotation of the libraries takes what the other coefficients (the patients) explain out of the data. What is left is
one effect and as many residual effects as there are residual degrees of freedom, for each gene. The first unit vector
is then the whole design, so that every gene-set test of limma gives, from the reduced data, the answer it gives from
the data themselves, without a decomposition per gene.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dermshift.errors import DesignError, Problem, ScaleError
from dermshift.paired.changes import NEARLY_CONSTANT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd

    from dermshift.enrich.asked import Asked

    Floats = npt.NDArray[np.float64]

BLOCK_BYTES = 5e6
"""Size of the rotations of the genes that are decomposed together; about three times as much is in use at once."""
SHOWN = 5


def effects(asked: Asked, *, aligned: bool = True) -> Floats:
    """Return the effects of the tested genes: genes x (1 + residual df); computed once, so not to be changed.

    The first column is the effect of the contrast, positive = up; the others are residual effects.

    Parameters
    ----------
    aligned
        With precision weights every gene has a rotation of its own, and residual effects of two genes can only be
        compared where these agree. R takes them as the decomposition of each gene leaves them, in which a reflection
        may change its sign from gene to gene: the correlation between genes then gets lost, to a degree that depends
        on the order of the libraries. True turns those of the genes of the sets as near as can be to those of equal
        weights (orthogonal Procrustes); of a gene in no set only their sum of squares is read, and it is left as it
        comes. False keeps R's. Without weights it changes nothing.

    Raises
    ------
    ScaleError
        A value is missing or infinite.
    DesignError
        Patients are a random block and the correlation within them is not given.

    References
    ----------
    R ``limma:::.lmEffects``, the first step of ``fry``, and the same steps in ``camera``, which takes no block.
    """
    if aligned not in asked.reduced:
        asked.reduced[aligned] = _effects(asked, aligned=aligned)
        asked.reduced[aligned].setflags(write=False)
    return asked.reduced[aligned]


def _effects(asked: Asked, *, aligned: bool) -> Floats:
    values = asked.values.to_numpy(float)
    _need_finite(values, asked.values.columns)
    matrix = contrast_last(asked.matrix, asked.contrast)
    with threadpool_limits(1):  # one thread, one order of sums; more only wait for each other on small matrices
        whitening = _whitening(asked)
        if asked.weights is None:
            found = (whitening @ values).T @ rotation(whitening @ matrix)
        else:
            found = _weighted(asked, np.sqrt(asked.weights.to_numpy(float)), matrix, whitening, aligned=aligned)
    for part in (found[:, :1], found[:, 1:]):  # what is left of a gene that does not vary is rounding
        part[(part**2).sum(axis=1) <= NEARLY_CONSTANT * (values**2).sum(axis=0)] = 0
    return np.asarray(found, dtype=float)


def contrast_last(matrix: Floats, contrast: Floats) -> Floats:
    """Return a matrix of the same span whose last coefficient is the contrast, up to a positive factor.

    References
    ----------
    R ``limma::contrastAsCoef``.
    """
    q, r = np.linalg.qr(contrast[:, None], mode="complete")
    turned = matrix @ q
    return np.column_stack([turned[:, 1:], (-1 if r[0, 0] < 0 else 1) * turned[:, 0]])


def whitening_matrix(block: Sequence[str], correlation: float) -> Floats:
    """Return the matrix (libraries x libraries) after which libraries that correlate within blocks do not."""
    labels = np.asarray(block)
    shared = np.where(labels[:, None] == labels, correlation, 0.0)
    np.fill_diagonal(shared, 1.0)
    return np.asarray(np.linalg.inv(np.linalg.cholesky(shared)), dtype=float)


def rotation(matrix: Floats) -> Floats:
    """Return the effects' directions (..., libraries, 1 + residual df) of a matrix (..., libraries, coefficients)."""
    q, r = np.linalg.qr(matrix, mode="complete")
    p = matrix.shape[-1]
    q[..., p - 1] *= np.sign(r[..., p - 1, p - 1])[..., None]
    return np.asarray(q[..., p - 1 :], dtype=float)


def turns(overlap: Floats) -> Floats:
    """Return the rotations (..., df, df) that take directions nearest to target ones, from ``directions.T @ target``.

    References
    ----------
    Schoenemann 1966, doi:10.1007/BF02289451.
    """
    u, _, v = np.linalg.svd(overlap)
    return np.asarray(u @ v, dtype=float)


def _weighted(asked: Asked, root: Floats, matrix: Floats, whitening: Floats, *, aligned: bool) -> Floats:
    """Return the effects of weighted data.

    Let B span what the other coefficients leave of data without weights, the contrast last. What they leave of the
    weighted data of a gene is spanned by E, B divided by the roots of its weights, and the products of E and the
    weighted data are those of B and the data. So the Cholesky factor of E'E gives the effects of the gene, and its
    whole matrix need not be decomposed.
    """
    values, directions = asked.values.to_numpy(float), np.roll(rotation(whitening @ matrix), -1, axis=1)
    in_sets = np.isin(np.arange(values.shape[1]), np.concatenate([*asked.places, np.empty(0, dtype=np.int64)]))
    effect = np.empty((values.shape[1], directions.shape[1]))
    for genes in _blocks(values):
        spanning = whitening.T @ directions / root[:, genes].T[:, :, None]
        if asked.block:
            spanning = np.linalg.inv(whitening).T @ spanning
        lower = np.linalg.cholesky(np.swapaxes(spanning, 1, 2) @ spanning)
        found = np.linalg.solve(lower, (values[:, genes].T @ whitening.T @ directions)[:, :, None])[:, :, 0]
        effect[genes] = np.roll(found, 1, axis=1)
        if aligned:
            at = np.flatnonzero(in_sets[genes])
            overlap = np.linalg.solve(lower[at, :-1, :-1], np.swapaxes(spanning[at], 1, 2)[:, :-1] @ directions[:, :-1])
            effect[at + genes.start, 1:] = (found[at, None, :-1] @ turns(overlap))[:, 0]
        else:
            effect[genes, 1:] = _as_r(values[:, genes].T, root[:, genes].T, matrix, whitening)
    return effect


def _as_r(values: Floats, root: Floats, matrix: Floats, whitening: Floats) -> Floats:
    """Return the residual effects of weighted genes as the decomposition of each leaves them."""
    y = (root * values) @ whitening.T
    return np.asarray((y[:, None, :] @ rotation(whitening @ (root[:, :, None] * matrix)))[:, 0, 1:], dtype=float)


def _blocks(values: Floats) -> Iterator[slice]:
    n, genes = values.shape
    step = max(1, int(BLOCK_BYTES / (8 * n * n)))
    return (slice(start, start + step) for start in range(0, genes, step))


def _whitening(asked: Asked) -> Floats:
    if not asked.block:
        return np.eye(len(asked.matrix))
    if asked.correlation is None:
        found, expected = "no correlation within patients", "the correlation the fit estimated"
        action = "Hand in the correlation of the fit together with the block."
        raise DesignError(Problem("gene sets, random block", found, expected, action))
    return whitening_matrix(asked.block, asked.correlation)


def _need_finite(values: Floats, genes: pd.Index) -> None:
    lost = np.flatnonzero(~np.isfinite(values).all(axis=0))
    if len(lost):
        names = ", ".join(str(genes[i]) for i in lost[:SHOWN])
        found, expected = f"{len(lost)} tested genes with a missing value, e.g. {names}", "a value in every library"
        raise ScaleError(Problem("gene sets", found, expected, "Remove these genes from the matrix."))
