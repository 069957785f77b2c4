"""What each study was measured with, and which of its rows stands for each configured gene."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.names import SET_ASIDE
from dermshift.replication.symbols import rows_of
from dermshift.replication_names import PLATFORM_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.replication.results import Results

NOT_MEASURED = "not measured: no row of this study bears the symbol"
ASIDE = "set aside: another row stands for the gene, or it stands for several"
LOWER = "not used: another row has the higher mean"
CHOSEN = "highest mean of the study's rows of this gene, chosen without any p-value"


def platforms(studies: Sequence[Results], symbols: Sequence[str]) -> pd.DataFrame:
    """Return every row of every configured gene in every study; columns `replication_names.PLATFORM_COLUMNS`."""
    rows = [row for study in studies for symbol in symbols for row in _rows(study, symbol)]
    return pd.DataFrame(rows, columns=[column.name for column in PLATFORM_COLUMNS])


def _rows(study: Results, symbol: str) -> list[dict[str, Any]]:
    known = {
        "study": study.label, "role": study.role, "platform": study.platform, "scale": study.study.scale,
        "n_rows": len(study.symbols), "n_symbols": len(study.standing), "gene_symbol": symbol,
    }  # fmt: skip
    ids = rows_of(study, symbol)
    if not ids:
        return [known | {"gene_id": "NA", "reading": "NA", "stands": "no", "note": NOT_MEASURED}]
    return [
        known
        | {
            "gene_id": gene,
            "reading": study.symbols.loc[gene, "reading"],
            "stands": "no" if place else "yes",
            "note": _note(study, gene, place, len(ids)),
        }
        for place, gene in enumerate(ids)
    ]


def _note(study: Results, gene: str, place: int, number: int) -> str:
    table = study.first_table
    if (table.loc[table["gene_id"] == gene, "status"] == SET_ASIDE).any():
        return ASIDE
    if number == 1:
        return "the only row of this gene"
    return LOWER if place else CHOSEN
