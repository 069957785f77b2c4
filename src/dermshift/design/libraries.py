"""Libraries of a design: single samples, or a patient's compartments put together with equal shares."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from dermshift.design.model import Design
    from dermshift.study import Study, Timepoints


def single_libraries(pairs: pd.DataFrame, timepoints: Timepoints) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One library per sample: the libraries (before, after of each pair) and the pairs with library names."""
    rows = [
        (sample, pair.patient, label, pair.compartment, (sample,))
        for pair in pairs.itertuples()
        for label, sample in ((timepoints.before, pair.before), (timepoints.after, pair.after))
    ]
    return _frame(rows), pairs.assign(sex="")


def merged_libraries(pairs: pd.DataFrame, timepoints: Timepoints) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One library per patient and timepoint, made of the patient's compartments."""
    rows = []
    merged = []
    for patient, group in pairs.groupby(PATIENT):
        names = [f"{patient}.{label}" for label in (timepoints.before, timepoints.after)]
        rows.append((names[0], patient, timepoints.before, "", tuple(group["before"])))
        rows.append((names[1], patient, timepoints.after, "", tuple(group["after"])))
        merged.append((patient, "", *names, ""))
    return _frame(rows), pd.DataFrame(merged, columns=[*pairs.columns, "sex"])


def _frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    columns = ["library", PATIENT, TIMEPOINT, COMPARTMENT, "members"]
    return pd.DataFrame(rows, columns=columns).set_index("library")


def library_values(study: Study, design: Design, *, seed: int = 0) -> pd.DataFrame:
    """Values of the libraries of a design, libraries x genes, in the order of the design matrix.

    Single samples pass through. Where a library is made of several compartments, log2 values are averaged; counts are
    summed after the two libraries of each patient x compartment were thinned (binomial) to the smaller of the two, so
    that every compartment has the same share before and after. Without that, a shift of library shares between
    compartments looks like a response of every compartment-specific gene.

    Parameters
    ----------
    seed
        Seed of the thinning. The stream of a library depends on the seed and on its counts alone, so neither the
        order of the samples nor the names of the patients matter.
    """
    values = study.values
    members = design.libraries["members"]
    if all(len(names) == 1 for names in members):
        return values.loc[[names[0] for names in members]].set_axis(design.matrix.index, axis=0)
    if study.scale == "log2":
        parts = [values.loc[list(names)].mean(axis=0).to_numpy() for names in members]
        return pd.DataFrame(np.vstack(parts), index=design.matrix.index, columns=values.columns)
    counts = {str(sample): row for sample, row in zip(values.index, values.to_numpy(), strict=True)}
    parts_of = {str(library): names for library, names in members.items()}
    sums = {library: np.zeros(values.shape[1]) for library in parts_of}
    for before, after in zip(design.pairs["before"], design.pairs["after"], strict=True):
        for sample, partner in zip(parts_of[before], parts_of[after], strict=True):
            first, second = equal_depth(counts[sample], counts[partner], seed=seed)
            sums[before] += first
            sums[after] += second
    stacked = np.vstack([sums[str(library)] for library in design.matrix.index])
    return pd.DataFrame(stacked, index=design.matrix.index, columns=values.columns)


def equal_depth(
    a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], *, seed: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Thin the deeper of two count vectors binomially to the expected depth of the other, which is untouched."""
    depth_a, depth_b = a.sum(), b.sum()
    if depth_a > depth_b:
        return _thin(a, depth_b / depth_a, seed), b
    if depth_b > depth_a:
        return a, _thin(b, depth_a / depth_b, seed)
    return a, b


def _thin(counts: npt.NDArray[np.float64], share: float, seed: int) -> npt.NDArray[np.float64]:
    digest = hashlib.sha256(np.ascontiguousarray(counts, dtype="<f8").tobytes()).digest()
    rng = np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])
    return rng.binomial(counts.astype(np.int64), share).astype(np.float64)
