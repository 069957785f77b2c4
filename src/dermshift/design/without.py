"""A design without one of its patients."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dermshift.names import PATIENT

if TYPE_CHECKING:
    from dermshift.design.model import Design


def patients(design: Design) -> list[str]:
    """Return the patients of a design, in the order of its pairs."""
    return [str(patient) for patient in dict.fromkeys(design.pairs[PATIENT])]


def without_patient(design: Design, patient: str) -> Design | None:
    """Return the design after `patient` was left out, None where its question can no longer be asked.

    Columns of the matrix that were the patient's alone go; a contrast that needs one of them has no answer, and
    neither has a matrix without a residual degree of freedom.
    """
    libraries = design.libraries[design.libraries[PATIENT] != patient]
    matrix = design.matrix.loc[libraries.index]
    kept = np.asarray((matrix != 0).any(axis=0))
    matrix = matrix.loc[:, kept]
    X = matrix.to_numpy(float)
    if design.contrast[~kept].any() or np.linalg.matrix_rank(X) < X.shape[1] or X.shape[0] <= X.shape[1]:
        return None
    pairs = design.pairs[design.pairs[PATIENT] != patient]
    return replace(
        design,
        matrix=matrix,
        contrast=design.contrast[kept],
        libraries=libraries,
        block=tuple(libraries[PATIENT].astype(str)) if design.block else (),
        pairs=pairs,
        n_pairs=int(pairs[PATIENT].nunique()),
        residual_df=X.shape[0] - X.shape[1],
    )
