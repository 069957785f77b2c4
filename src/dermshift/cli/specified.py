"""The specification curve of a question: every run and test of its configured genes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.evidence.specifications import curve, specification
from dermshift.evidence_names import CONFIGURED, ENGINE, PAIRED

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.cli.judging import Inputs
    from dermshift.tables import DETable

PLAIN = {"model": "paired t"}
NUMBERS = ("estimate", "ci_lower", "ci_upper", "p_value")


def specified(inputs: Inputs, refits: pd.DataFrame, adjusted: pd.DataFrame, weighted: pd.DataFrame) -> pd.DataFrame:
    """Return the specification curve of the configured genes."""
    names_of = {item.name for item in inputs.items if item.kind == CONFIGURED}

    def chosen(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["item"].isin(names_of)]

    engine, own = (chosen(refits[refits["method"] == method]) for method in (ENGINE, PAIRED))
    parts = [
        specification(rows, inputs.choices, headline=everyone, left_out=left)
        for everyone, rows, left in _by_left_out(engine)
    ]
    parts += [specification(rows, PLAIN, left_out=left) for _, rows, left in _by_left_out(own)]
    for choices, tables in inputs.others:
        parts.append(specification(chosen(as_rows(tables[inputs.design.question.id])), choices))
    if len(adjusted):
        values = chosen(adjusted)[["item", *(f"{name}_adjusted" for name in NUMBERS)]]
        values.columns = ["item", *NUMBERS]
        parts.append(specification(values, PLAIN | {"adjustment": inputs.adjust_for}))
    parts.append(specification(chosen(weighted), {"model": "linear model", "weights": "quality"}))
    # Without a configured gene every part is empty, and one of them is the empty curve.
    return curve([part for part in parts if len(part)] or parts[-1:])


def _by_left_out(rows: pd.DataFrame) -> list[tuple[bool, pd.DataFrame, str]]:
    return [(left == "", part, str(left)) for left, part in rows.groupby("left_out", sort=False)]


def as_rows(table: DETable) -> pd.DataFrame:
    """Return a table of genes under the names of the evidence tables."""
    return table.rename(columns={"gene_id": "item", "log2_fold_change": "estimate"})
