"""The answers for one set side by side: fry decides, camera adds, what was not tested stays untested."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dermshift.names import SET_COLUMNS, column_names
from dermshift.set_tables import MORE, MOVED, NO_TEST, NOT_SHOWN, declared, side_by_side


def rows(**fdr: dict[str, float]) -> pd.DataFrame:
    """One row per set and method, with the false discovery rate given as ``set={method: fdr}``."""
    lines = []
    for name, methods in fdr.items():
        for method, value in methods.items():
            line = dict.fromkeys(column_names(SET_COLUMNS), np.nan)
            line |= {"set_name": name, "method": method, "direction": "both", "p_value": value / 2, "fdr": value}
            lines.append(line | {"family": "exploratory" if name == "other" else "declared", "collection": "c"})
    return pd.DataFrame(lines)


def test_verdicts() -> None:
    wide = side_by_side(
        rows(
            both={"fry": 0.01, "camera": 0.01},
            self_only={"fry": 0.01, "camera": 0.2},
            camera_only={"fry": 0.2, "camera": 0.01},
            neither={"fry": 0.2, "camera": 0.2},
            untested={"fry": np.nan, "camera": np.nan},
        ),
        alpha=0.05,
    )
    assert wide["verdict"].to_dict() == {
        "both": MORE, "self_only": MOVED, "camera_only": NOT_SHOWN, "neither": NOT_SHOWN, "untested": NO_TEST,
    }  # fmt: skip
    assert wide.loc["both", "fry_p"] == 0.005


def test_a_method_that_did_not_run_leaves_a_gap_and_only_declared_sets_are_declared() -> None:
    wide = side_by_side(rows(named={"fry": 0.01}, other={"fry": 0.5}), alpha=0.05)
    assert wide[["camera_p", "flips_p", "nes"]].isna().all(axis=None)
    assert wide.loc["named", "verdict"] == MOVED
    assert list(declared(wide).index) == ["named"]
    assert side_by_side(rows(named={"fry": 0.01}).head(0), alpha=0.05).empty
