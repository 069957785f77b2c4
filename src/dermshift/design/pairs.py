"""Who has a sample before and one after, and who has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design.model import LeftOut
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.study import Timepoints

PAIR_COLUMNS = [PATIENT, COMPARTMENT, "before", "after"]


def pair_table(sheet: pd.DataFrame, timepoints: Timepoints) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    """Match each patient's sample before with the one after, in every compartment.

    Parameters
    ----------
    sheet
        Index sample; columns ``patient``, ``timepoint`` and, where the study has it, ``compartment``.

    Returns
    -------
    pairs
        One row per complete pair, sorted: ``patient``, ``compartment`` ("" where absent), ``before``, ``after``
        (sample names).
    lone
        Samples without a partner, with the reason.
    """
    place = sheet[COMPARTMENT] if COMPARTMENT in sheet else pd.Series("", index=sheet.index)
    rows: list[tuple[str, str, str, str]] = []
    lone: list[LeftOut] = []
    for (patient, compartment), group in sheet.groupby([sheet[PATIENT], place], observed=True):
        before = group.index[group[TIMEPOINT] == timepoints.before]
        after = group.index[group[TIMEPOINT] == timepoints.after]
        if len(before) == 1 and len(after) == 1:
            rows.append((str(patient), str(compartment), str(before[0]), str(after[0])))
        else:
            names = tuple(str(sample) for sample in group.index)
            lone.append(LeftOut(str(patient), names, _reason(str(compartment), len(before), len(after), timepoints)))
    return pd.DataFrame(sorted(rows), columns=PAIR_COLUMNS), tuple(lone)


def _reason(compartment: str, n_before: int, n_after: int, timepoints: Timepoints) -> str:
    where = f" in {compartment}" if compartment else ""
    return f"{n_before} x {timepoints.before} and {n_after} x {timepoints.after}{where}, expected one of each"


def complete_in(pairs: pd.DataFrame, compartments: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Keep the pairs of the patients that have one in every one of `compartments`.

    Returns the pairs in those compartments and the patients left out for lack of one.
    """
    inside = pairs[pairs[COMPARTMENT].isin(compartments)]
    count = inside.groupby(PATIENT)[COMPARTMENT].nunique()
    whole = set(count.index[count == len(compartments)])
    short = sorted(set(pairs[PATIENT]) - whole)
    return inside[inside[PATIENT].isin(whole)].reset_index(drop=True), short
