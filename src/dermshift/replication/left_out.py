"""The pooled estimate without each replication study in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.replication.pooled import groups, pool
from dermshift.replication_names import LEFT_OUT_COLUMNS, POOLED

if TYPE_CHECKING:
    from collections.abc import Mapping

ALONE = "one study is left: its own estimate and interval"


def left_out_study(effects: pd.DataFrame, pools: Mapping[str, tuple[str, str]]) -> pd.DataFrame:
    """Return every summary without each study; columns `replication_names.LEFT_OUT_COLUMNS`."""
    rows = []
    for key, part in groups(effects, pools):
        if len(part) < 2:
            continue
        whole = pool(part["estimate"], part["standard_error"]).estimate
        for study in part["study"]:
            found = without(part[part["study"] != study])
            same = "yes" if (found["estimate"] > 0) == (whole > 0) else "no"
            rows.append(key | {"left_out": study, "same_sign": same} | found)
    return pd.DataFrame(rows, columns=[column.name for column in LEFT_OUT_COLUMNS])


def without(rest: pd.DataFrame) -> dict[str, Any]:
    """Return the summary of the studies that are left; of one alone, its own numbers."""
    names = [column.name for column in POOLED if column.name != "k"]
    if len(rest) == 1:
        row = rest.iloc[0]
        return {"k": 1, "note": ALONE} | {name: row[name] for name in names}
    found = pool(rest["estimate"], rest["standard_error"])
    return {"k": found.k, "note": "NA"} | {name: getattr(found, name) for name in names}
