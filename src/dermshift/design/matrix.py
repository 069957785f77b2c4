"""Design matrices, written column by column: patients as indicators, no intercept, no formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.errors import DesignError, Problem
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt


def indicators(labels: pd.Series, prefix: str) -> pd.DataFrame:
    """One 0/1 column per distinct label, sorted, named ``prefix + label``."""
    levels = sorted(labels.unique())
    return pd.DataFrame({f"{prefix}{level}": (labels == level).astype(float) for level in levels}, index=labels.index)


def response_matrix(libraries: pd.DataFrame, after: str) -> pd.DataFrame:
    """Patient indicators and one column for the response: n pairs, n + 1 coefficients (statistics: question a)."""
    patients = indicators(libraries[PATIENT], "patient_")
    return patients.assign(**{after: (libraries[TIMEPOINT] == after).astype(float)})


def by_level_matrix(libraries: pd.DataFrame, after: str, column: str) -> pd.DataFrame:
    """Patient indicators and one response per level of a patient-level `column` (question b).

    Patient indicators already span everything that is constant within a patient, so the matrix has no main effect of
    `column` and needs no numbering of patients inside levels, whatever the imbalance.
    """
    is_after = (libraries[TIMEPOINT] == after).astype(float)
    responses = indicators(libraries[column], f"{after}_").mul(is_after, axis=0)
    return pd.concat([indicators(libraries[PATIENT], "patient_"), responses], axis=1)


def visits_matrix(libraries: pd.DataFrame, visits: Sequence[str]) -> pd.DataFrame:
    """Patient indicators and one column per visit after the first: n patients, n + V coefficients for V such visits."""
    columns = {visit: (libraries[TIMEPOINT] == visit).astype(float) for visit in visits}
    return indicators(libraries[PATIENT], "patient_").assign(**columns)


def between_compartments_matrix(libraries: pd.DataFrame, after: str, first: str) -> pd.DataFrame:
    """Response in compartment `first` minus response in the other one, patient as the unit (question c2).

    2n patient x compartment columns, n patient x after columns and the difference: n - 1 residual degrees of freedom,
    so a patient's two responses are never taken for two patients.
    """
    is_after = (libraries[TIMEPOINT] == after).astype(float)
    cell = libraries[PATIENT] + "_" + libraries[COMPARTMENT]
    blocks = [
        indicators(cell, "patient_"),
        indicators(libraries[PATIENT], f"{after}_patient_").mul(is_after, axis=0),
        pd.DataFrame({f"{after}_{first}": is_after * (libraries[COMPARTMENT] == first)}),
    ]
    return pd.concat(blocks, axis=1)


def contrast_vector(matrix: pd.DataFrame, weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Return the contrast with the given weights on named coefficients, 0 elsewhere."""
    vector = np.zeros(matrix.shape[1])
    for name, weight in weights.items():
        vector[matrix.columns.get_loc(name)] = weight
    return vector


def aliased_columns(matrix: pd.DataFrame) -> list[str]:
    """Columns that are linear combinations of the others (pivoted QR); empty when the matrix has full column rank."""
    values = matrix.to_numpy(float)
    if np.linalg.matrix_rank(values) == values.shape[1]:
        return []
    from scipy.linalg import qr  # a quarter of a second, for the rare matrix that is deficient

    _, r, order = qr(values, mode="economic", pivoting=True)
    diagonal = np.zeros(values.shape[1])
    diagonal[: min(r.shape)] = np.abs(np.diag(r))
    tolerance = max(values.shape) * np.finfo(float).eps * max(diagonal.max(initial=0.0), 1.0)
    return sorted(str(matrix.columns[order[i]]) for i in np.flatnonzero(diagonal <= tolerance))


def require_full_rank(matrix: pd.DataFrame, where: str) -> None:
    """Raise a `DesignError` naming the aliased columns of a rank-deficient matrix."""
    aliased = aliased_columns(matrix)
    if not aliased:
        return
    shape = f"{matrix.shape[0]} x {matrix.shape[1]}"
    raise DesignError(
        Problem(
            where=where,
            found=f"a {shape} design matrix in which {', '.join(aliased)} follow from the other columns",
            expected="columns that are linearly independent",
            action="Leave out what does not change within a patient, or ask for the difference between its levels.",
        )
    )
