"""The genes named in the config: their row in every question, whether tested or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.engines.base import flag
from dermshift.names import DE_COLUMNS, Column
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.tables import DETable

CONFIGURED_COLUMNS = (Column("question", "text", "", "id of the question the row answers"), *DE_COLUMNS)
"""Columns of the table of configured genes."""


def configured_rows(tables: Mapping[str, DETable], flags: Mapping[str, str]) -> pd.DataFrame:
    """Return one row per question and configured gene, in the order of `tables` and `flags`.

    A gene that was filtered keeps its row: its ``base_mean`` and ``status`` say why it has no p-value.

    Parameters
    ----------
    tables
        Question id to table.
    flags
        Gene id to role.
    """
    parts = []
    for question, table in tables.items():
        rows = flag(table, flags).set_index("gene_id", drop=False)
        present = [gene for gene in flags if gene in rows.index]
        parts.append(rows.loc[present].assign(question=question))
    columns = [column.name for column in CONFIGURED_COLUMNS]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return require(frame, CONFIGURED_COLUMNS, "table of configured genes")
