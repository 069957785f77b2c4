"""What a table must hold before it may be written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.names import DE_COLUMNS, column_names
from dermshift.tables import require_de


def table() -> pd.DataFrame:
    values: dict[str, object] = {column.name: [np.nan, np.nan] for column in DE_COLUMNS}
    values |= {"gene_id": ["a", "b"], "gene_symbol": ["A", "B"], "p_value": [0.0, np.nan], "n_pairs": [7, 7]}
    return pd.DataFrame(values | {"status": ["tested", "filtered_low_count"]})


def test_columns_come_back_in_registry_order_and_kind() -> None:
    shuffled = table()[column_names(DE_COLUMNS)[::-1]]
    out = require_de(shuffled, "t")
    assert list(out.columns) == column_names(DE_COLUMNS)
    assert out["n_pairs"].dtype == "Int64"
    assert out["fdr"].dtype == float


def test_p_of_zero_becomes_the_smallest_double_and_na_stays() -> None:
    out = require_de(table(), "t")
    assert out["p_value"].iloc[0] == np.finfo(float).tiny
    assert np.isnan(out["p_value"].iloc[1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"status": ["tested", "great"]}, "unknown status"),
        ({"gene_id": ["a", "a"]}, "repeated gene_id"),
        ({"p_value": [1.5, 0.1]}, "outside"),
        ({"extra": [1, 2]}, "unknown: \\['extra'\\]"),
    ],
)
def test_a_wrong_table_is_refused(change: dict[str, list[object]], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        require_de(table().assign(**change), "t")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FormatError, match="missing: \\['fdr'\\]"):
        require_de(table().drop(columns="fdr"), "t")
