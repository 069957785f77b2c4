"""Fit again without each patient, with the engine that gave the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design.without import patients, without_patient
from dermshift.names import PATIENT
from dermshift.paired.changes import too_few, too_flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dermshift.design.model import Design
    from dermshift.tables import DETable

    Run = Callable[[Sequence[Design]], Mapping[str, DETable]]

EVERYONE = ""
COLUMNS = ["item", "left_out", "estimate", "standard_error", "df", "ci_lower", "ci_upper", "p_value", "note"]


def refits(
    run: Run, designs: Sequence[Design], tables: Mapping[str, DETable], items: Mapping[str, Sequence[str]]
) -> dict[str, pd.DataFrame]:
    """Return the rows of `items` with every patient, and with each patient of the question left out.

    Parameters
    ----------
    run
        Fits designs that share one matrix and returns the table of each question.
    designs
        The designs of one fit.
    tables
        Tables of the fit of all patients, by question id.
    items
        Gene ids wanted, by question id.

    Returns
    -------
    One frame per question id: ``item``, ``left_out`` ("" for nobody), ``estimate``, ``standard_error``, ``ci_lower``,
    ``ci_upper`` (log2), ``df``, ``p_value``, and ``note``: why there is no test. A patient without whom the question
    has no answer has no rows.
    """
    found = {question: [_rows(tables[question], genes, EVERYONE)] for question, genes in items.items()}
    if not any(items.values()):  # nothing is judged: no need to fit
        return {question: pd.concat(parts) for question, parts in found.items()}
    for patient, kept in _left_out(designs):
        reasons = {design.question.id: _too_few(design) for design in kept}
        asked = {design.question.id for design in designs if patient in own_patients(design)}
        for question, table in run(kept).items():
            if question in asked:
                found[question].append(_rows(table, items[question], patient, reasons[question]))
    return {question: pd.concat(parts, ignore_index=True) for question, parts in found.items()}


def own_patients(design: Design) -> list[str]:
    """Return the patients a question is about: those of its level, where the model holds other levels too."""
    question = design.question
    if not question.of_patients or not question.levels:
        return patients(design)
    level_of = design.libraries.drop_duplicates(PATIENT).set_index(PATIENT)[question.column].astype(str)
    return [patient for patient in patients(design) if level_of[patient] in question.levels]


def _left_out(designs: Sequence[Design]) -> Iterator[tuple[str, list[Design]]]:
    for patient in patients(designs[0]):
        reduced = [without_patient(design, patient) for design in designs]
        kept = [design for design in reduced if design is not None]
        # a level that vanished takes its column from the matrix of the others too: they still share one
        if kept:
            yield patient, kept


def _too_few(design: Design) -> str:
    """Say that a level of the question, or its slope, has too few patients left: it would be refused if asked so."""
    question = design.question
    if not question.of_patients:
        return too_few((design.n_pairs,))
    if question.kind == "slope":
        return too_flat(design.libraries.drop_duplicates(PATIENT)[question.column])
    level_of = design.libraries.drop_duplicates(PATIENT)[question.column].astype(str)
    return too_few([int((level_of == level).sum()) for level in question.levels], question.levels)


def _rows(table: DETable, genes: Sequence[str], patient: str, reason: str = "") -> pd.DataFrame:
    """Return the rows of the genes; with a reason, estimates alone: no test is offered for so few."""
    rows = table.set_index("gene_id").reindex(list(genes))
    if reason:
        rows = rows.assign(**dict.fromkeys(("standard_error", "df", "ci_lower", "ci_upper", "p_value"), float("nan")))
    return pd.DataFrame(
        {
            "item": list(genes),
            "left_out": patient,
            "estimate": rows["log2_fold_change"].to_numpy(float),
            "standard_error": rows["standard_error"].to_numpy(float),
            "df": rows["df"].to_numpy(float),
            "ci_lower": rows["ci_lower"].to_numpy(float),
            "ci_upper": rows["ci_upper"].to_numpy(float),
            "p_value": rows["p_value"].to_numpy(float),
            "note": reason,
        }
    )[COLUMNS]
