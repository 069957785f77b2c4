"""Every way to get the number of one gene, side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dermshift.evidence.specifications import COLUMNS, curve, specification


def rows(*estimates, p=0.01, items=None):
    names = items or ["G1"] * len(estimates)
    values = {"item": names, "estimate": estimates, "ci_lower": 0.0, "ci_upper": 1.0, "p_value": p}
    return pd.DataFrame(values)


def test_choices_that_are_not_named_are_those_of_the_headline():
    found = specification(rows(1.0), {"model": "engine"}, headline=True)
    assert list(found.columns) == COLUMNS
    assert found.iloc[0][["curve", "filter", "adjustment", "weights", "left_out", "headline"]].tolist() == [
        "t", "fixed", "none", "equal", "", "yes",
    ]  # fmt: skip
    other = specification(rows(1.0), {"model": "engine", "curve": "normal"}, left_out="P3")
    assert other.iloc[0][["curve", "left_out", "headline"]].tolist() == ["normal", "P3", "no"]


def test_curve_is_sorted_within_each_item_and_keeps_what_has_no_answer():
    parts = [
        specification(rows(2.0, 5.0, items=["B", "A"]), {"model": "one"}),
        specification(rows(1.0, np.nan, items=["B", "A"]), {"model": "two"}),
    ]
    found = curve(parts)
    assert found["item"].tolist() == ["B", "B", "A", "A"]
    assert found["estimate"].iloc[:3].tolist() == [1.0, 2.0, 5.0]
    assert np.isnan(found["estimate"].iloc[3])
