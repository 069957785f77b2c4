"""What the refits without each patient say of a result, in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

TIED = 1e-9
"""Relative difference below which two patients' influences are equal."""

CANNOT = "cannot be answered"
NOT_SHOWN = "not shown with all patients"


@dataclass(frozen=True)
class _Refits:
    """Estimates and p-values as items x (all patients, without each), with the notes."""

    items: list[str]
    patients: list[str]
    estimate: Array
    p: Array
    note: npt.NDArray[np.object_]


def summary(long: pd.DataFrame, *, alpha: float = 0.05, patients: Sequence[str] = ()) -> pd.DataFrame:
    """Say of each item how its result fares without each patient.

    Parameters
    ----------
    long
        Columns of `leave_one_out`, from it or from refits of an engine; ``note`` may be absent.
    alpha
        Level a p-value has to stay below.
    patients
        Patients of the question: one without rows in `long` has no result. By default those `long` names.

    Returns
    -------
    One row per item: ``item``, ``estimate`` and ``p_value`` with all patients, ``estimate_min`` and ``estimate_max``
    over the refits, ``n_refits``, ``same_sign`` and ``significant`` (refits with the sign of `estimate`; with p below
    `alpha`), ``most_influential`` (the patient without whom the estimate moves most), ``badge``: "holds in 7 of 7"
    (same sign and p below `alpha` in every refit), "driven by P3" (without P3 the sign changes, or only without P3 p
    reaches `alpha`), "holds in 5 of 7", "not shown with all patients", or "cannot be answered: " and why.
    """
    refits = _arrays(long, patients)
    estimate, rest = refits.estimate[:, 0], refits.estimate[:, 1:]
    same = np.sign(rest) == np.sign(estimate)[:, None]
    low = refits.p[:, 1:] < alpha
    return pd.DataFrame(
        {
            "item": refits.items,
            "estimate": estimate,
            "p_value": refits.p[:, 0],
            "estimate_min": _extreme(rest, np.fmin),
            "estimate_max": _extreme(rest, np.fmax),
            "n_refits": len(refits.patients),
            "same_sign": same.sum(axis=1),
            "significant": low.sum(axis=1),
            "most_influential": _most_influential(refits),
            "badge": [_badge(refits, i, same[i], low[i], alpha) for i in range(len(refits.items))],
        }
    )


def _extreme(rest: Array, choose: np.ufunc) -> Array:
    """Smallest or largest known estimate of each row; NaN where none is known."""
    return np.asarray(choose.reduce(rest, axis=1, initial=np.nan))


def _most_influential(refits: _Refits) -> list[str]:
    """Name the patient without whom the estimate moves most, of equals the first; "" where unknown."""
    moves = np.abs(refits.estimate[:, 1:] - refits.estimate[:, :1])
    largest = _extreme(moves, np.fmax)
    near = moves >= (largest * (1 - TIED))[:, None]
    return [refits.patients[int(row.argmax())] if row.any() else "" for row in near]


def _arrays(long: pd.DataFrame, known: Sequence[str]) -> _Refits:
    items, item_names = pd.factorize(long["item"])
    left_out = long["left_out"].astype(str)
    patients = sorted({*left_out, *map(str, known)} - {""})
    column = left_out.map({"": 0, **{patient: i + 1 for i, patient in enumerate(patients)}}).to_numpy()
    shape = (len(item_names), len(patients) + 1)
    estimate, p, note = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, "no result", dtype=object)
    estimate[items, column] = long["estimate"]
    p[items, column] = long["p_value"]
    if "note" in long:
        note[items, column] = long["note"].replace("", "no result").fillna("no result")
    return _Refits(list(item_names), patients, estimate, p, note)


def _badge(refits: _Refits, i: int, same: npt.NDArray[np.bool_], low: npt.NDArray[np.bool_], alpha: float) -> str:
    if not np.isfinite(refits.p[i, 0]):
        return f"{CANNOT}: {refits.note[i, 0]}"
    if refits.p[i, 0] >= alpha:
        return NOT_SHOWN
    unknown = np.flatnonzero(~np.isfinite(refits.p[i, 1:]))
    if len(unknown) or not refits.patients:
        return f"{CANNOT}: {_why(refits, i, unknown)}"
    turns = [patient for patient, stays in zip(refits.patients, same, strict=True) if not stays]
    alone = [patient for patient, stays in zip(refits.patients, low, strict=True) if not stays]
    drivers = turns or (alone if len(alone) == 1 else [])
    if drivers:
        return f"driven by {', '.join(drivers)}"
    return f"holds in {(same & low).sum()} of {len(refits.patients)}"


def _why(refits: _Refits, i: int, unknown: npt.NDArray[np.int_]) -> str:
    """Say without whom there is no result, and why, for the reason met first."""
    if not len(unknown):
        return "no refit"
    reason = refits.note[i, unknown[0] + 1]
    names = [refits.patients[j] for j in unknown if refits.note[i, j + 1] == reason]
    who = "any one patient" if len(names) == len(refits.patients) > 1 else ", ".join(names)
    return f"without {who}: {reason}"
