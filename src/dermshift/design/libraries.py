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


def libraries_of(pairs: pd.DataFrame, timepoints: Timepoints) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One library per sample: the libraries (before, after of each pair) and the pairs with library names.

    Parameters
    ----------
    pairs
        ``patient``, ``compartment``, ``before``, ``after`` (samples), ``visit`` (label of the sample after).
    """
    rows = [
        (sample, pair.patient, label, pair.compartment, (sample,))
        for pair in pairs.itertuples()
        for label, sample in ((timepoints.before, pair.before), (pair.visit, pair.after))
    ]
    return _frame(rows), pairs.assign(sex="")


def merged_of(pairs: pd.DataFrame, timepoints: Timepoints) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One library per patient and visit, made of the patient's compartments; parameters as in `libraries_of`."""
    rows: list[tuple[object, ...]] = []
    merged = []
    for (patient, visit), group in pairs.groupby([PATIENT, "visit"], sort=False):
        names = [f"{patient}.{label}" for label in (timepoints.before, visit)]
        rows.append((names[0], patient, timepoints.before, "", tuple(group["before"])))
        rows.append((names[1], patient, visit, "", tuple(group["after"])))
        merged.append((patient, "", *names, visit, ""))
    return _frame(rows), pd.DataFrame(merged, columns=[*pairs.columns, "sex"])


def _frame(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return the libraries; that of the visit before serves every later one and stands once."""
    columns = ["library", PATIENT, TIMEPOINT, COMPARTMENT, "members"]
    return pd.DataFrame(list(dict.fromkeys(rows)), columns=columns).set_index("library")


def library_values(study: Study, design: Design, *, seed: int = 0) -> pd.DataFrame:
    """Values of the libraries of a design, libraries x genes, in the order of the design matrix.

    Single samples pass through. Where a library is made of several compartments, log2 values are averaged; counts are
    summed after the libraries of each patient x compartment were thinned (binomial) to the smallest of them, so that
    every compartment has the same share at every visit. Without that, a shift of library shares between compartments
    looks like a response of every compartment-specific gene.

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
    sums: dict[str, npt.NDArray[np.float64]] = {}
    for _, own in members.groupby(design.libraries[PATIENT]):
        # The members of a patient's libraries stand in the same order of compartments.
        thinned = [equal_depth([counts[name] for name in visits], seed=seed) for visits in zip(*own, strict=True)]
        sums |= {str(library): np.sum(parts, axis=0) for library, *parts in zip(own.index, *thinned, strict=True)}
    stacked = np.vstack([sums[str(library)] for library in design.matrix.index])
    return pd.DataFrame(stacked, index=design.matrix.index, columns=values.columns)


def equal_depth(counts: Sequence[npt.NDArray[np.float64]], *, seed: int) -> list[npt.NDArray[np.float64]]:
    """Thin count vectors binomially to the expected depth of the smallest, which is untouched."""
    depths = [float(one.sum()) for one in counts]
    least = min(depths)
    return [
        one if depth == least else _thin(one, least / depth, seed) for one, depth in zip(counts, depths, strict=True)
    ]


def _thin(counts: npt.NDArray[np.float64], share: float, seed: int) -> npt.NDArray[np.float64]:
    digest = hashlib.sha256(np.ascontiguousarray(counts, dtype="<f8").tobytes()).digest()
    rng = np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])
    return rng.binomial(counts.astype(np.int64), share).astype(np.float64)
