"""The design: which libraries, which matrix, which contrast, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from dermshift.design.question import Question

Stratum = Literal["within patients", "between patients"]


@dataclass(frozen=True)
class LeftOut:
    """Samples that do not enter a question, and why."""

    patient: str
    samples: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Design:
    """One question as a full-rank paired model.

    Parameters
    ----------
    fit_id
        Designs with the same `fit_id` share libraries and matrix: one fit serves all their contrasts.
    matrix
        Libraries x coefficients, float, full column rank, named coefficients, no intercept.
    contrast
        One weight per coefficient; `contrast @ beta` is the estimand.
    libraries
        One row per row of `matrix`, same index: ``patient``, ``timepoint``, the sheet's ``sex``/``compartment`` where
        they apply, and ``members``, the tuple of samples the library is made of (several where compartments are
        summed).
    pairs
        One row per before/after pair: ``patient``, ``compartment`` ("" where summed or absent), ``sex`` ("" where
        absent), ``before``, ``after`` (library names).
    n_pairs
        Patients with a complete set of pairs in this question (the unit is the patient, whatever the number of
        libraries).
    n_by_level
        Patients per level of the breakdown, empty for ``response``.
    residual_df
        Rows minus rank.
    block
        One label per row of `matrix` where patients are a random block: the matrix then has a column per cell instead
        of one per patient. Empty where patients are fixed columns.
    notes
        What else differs between the patients that are compared, in words.
    """

    question: Question
    fit_id: str
    matrix: pd.DataFrame
    contrast: npt.NDArray[np.float64]
    libraries: pd.DataFrame
    pairs: pd.DataFrame
    n_pairs: int
    n_by_level: dict[str, int]
    residual_df: int
    stratum: Stratum
    left_out: tuple[LeftOut, ...] = ()
    block: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def coefficient(self) -> str:
        """Name of the coefficient the contrast equals, or "" where it combines several."""
        nonzero = self.contrast.nonzero()[0]
        single = len(nonzero) == 1 and self.contrast[nonzero[0]] == 1
        return str(self.matrix.columns[nonzero[0]]) if single else ""
