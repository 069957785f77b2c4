"""The design in plain values, for files, figures and the report."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.design.model import Design


def visits_of(design: Design) -> tuple[str, str]:
    """Return the labels a question compares, the earlier first; for a difference of visits those two."""
    question, pair = design.question, design.pairs.iloc[0]
    if question.column == TIMEPOINT and question.kind == "difference":
        return question.levels[1], question.levels[0]
    labels = design.libraries[TIMEPOINT]
    return str(labels[pair["before"]]), str(labels[pair["after"]])


def design_card(design: Design) -> dict[str, object]:
    """Return what a reader needs to judge a question: who entered, the model, the contrast, who was left out."""
    question = design.question
    known = dict.fromkeys((PATIENT, TIMEPOINT, SEX, COMPARTMENT, question.column))
    columns = [name for name in known if name in design.libraries]
    libraries = design.libraries.reset_index(names="library")
    visits = visits_of(design)
    return {
        "id": question.id,
        "kind": question.kind,
        "title": question.title,
        "column": question.column,
        "levels": list(question.levels),
        "within": list(question.within),
        "fit_id": design.fit_id,
        "coefficients": list(design.matrix.columns),
        "contrast": design.contrast.tolist(),
        "stratum": design.stratum,
        "unit": "patient",
        "block": question.block,
        "before": visits[0],
        "after": visits[1],
        "notes": list(design.notes),
        "residual_df": design.residual_df,
        "n_pairs": design.n_pairs,
        "n_by_level": design.n_by_level,
        "libraries": [
            {**row, "members": list(members)}
            for row, members in zip(
                libraries[["library", *columns]].to_dict("records"), design.libraries["members"], strict=True
            )
        ],
        "pairs": design.pairs.to_dict("records"),
        "left_out": [{**asdict(item), "samples": list(item.samples)} for item in design.left_out],
    }
