"""An order of libraries and coefficients that the values alone decide.

Sums over libraries round differently in another order. In this one, names and order of samples and patients cannot
change a digit of a result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


def canonical_order(X: npt.NDArray[np.generic], matrix: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Return the positions of the libraries and of the coefficients, in canonical order.

    Parameters
    ----------
    X
        Libraries x genes.
    matrix
        Libraries x coefficients, in the same order of libraries.
    """
    values = np.ascontiguousarray(X)
    rows = sorted(range(len(values)), key=lambda i: values[i].tobytes())
    D = matrix.to_numpy("float64")[rows]
    return rows, sorted(range(D.shape[1]), key=lambda j: D[:, j].tobytes())
